//! Calendar dates, compared and written without a clock or a time zone.

use std::fmt;
use std::str::FromStr;

/// A date of the Gregorian calendar, from the year 1 to the year 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Returns the date this many days after 1 January 1970, or the last possible date if it is earlier.
    pub fn from_days(days: u64) -> Self {
        const LAST: Date = Date { year: 9_999, month: 12, day: 31 };
        let mut left = days;
        for year in 1_970..=LAST.year {
            for month in 1..=12 {
                let length = u64::from(days_in(year, month));
                if left < length {
                    let day = u8::try_from(left + 1).unwrap_or(LAST.day);
                    return Self { year, month, day };
                }
                left -= length;
            }
        }
        LAST
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = String;

    /// Parses a date such as `2026-12-31`.
    fn from_str(text: &str) -> Result<Self, String> {
        let error = || "expected a date such as 2026-12-31".to_owned();
        let number = |range: std::ops::Range<usize>| {
            let digits = text.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|digits| digits.parse::<u16>().ok()).ok_or_else(error)
        };
        let is_separated = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        if !is_separated {
            return Err(error());
        }
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let [month, day] = [month, day].map(|part| u8::try_from(part).unwrap_or(u8::MAX));
        if year == 0 || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
            return Err(format!("the calendar has no date {text}"));
        }
        Ok(Self { year, month, day })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        let cases = [(0, "1970-01-01"), (58, "1970-02-28"), (59, "1970-03-01"), (11_016, "2000-02-29")];
        let later = [(20_454, "2026-01-01"), (20_818, "2026-12-31"), (47_540, "2100-02-28"), (47_541, "2100-03-01")];
        for (days, date) in cases.into_iter().chain(later).chain([(u64::MAX, "9999-12-31")]) {
            assert_eq!(Date::from_days(days).to_string(), date, "{days} days");
        }
    }

    #[test]
    fn only_dates_of_the_calendar_are_read() {
        for text in ["2026-12-31", "2024-02-29", "0001-01-01"] {
            assert_eq!(text.parse::<Date>().map(|date| date.to_string()), Ok(text.to_owned()));
        }
        for text in ["2026-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "0000-01-01"] {
            assert_eq!(text.parse::<Date>(), Err(format!("the calendar has no date {text}")));
        }
        for text in
            ["", "2026-1-1", "26-01-01", "2026/01/01", "2026-01-01 ", "+026-01-01", "2026-01-0\u{661}", "2026-é1-1"]
        {
            assert!(text.parse::<Date>().is_err_and(|error| error.starts_with("expected")), "{text}");
        }
        let [earlier, later] = ["2026-09-30", "2026-10-01"].map(|text| text.parse::<Date>().expect("a date"));
        assert!(earlier < later);
    }
}
