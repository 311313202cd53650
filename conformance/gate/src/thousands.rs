//! Large numbers with separators, such as `1,594,800`.

use std::fmt;

/// A number that is displayed in groups of three digits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Thousands(pub(crate) u64);

impl fmt::Display for Thousands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut shown = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                shown.push(',');
            }
            shown.push(digit);
        }
        f.pad_integral(true, "", &shown)
    }
}

#[cfg(test)]
mod tests {
    use super::Thousands;

    #[test]
    fn digits_are_grouped_from_the_right() {
        let shown = [0, 7, 999, 1_000, 12_345, 1_594_800].map(|number| Thousands(number).to_string());
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "1,594,800"]);
        assert_eq!(format!("{:>7}|{:<7}|", Thousands(1_000), Thousands(1_000)), "  1,000|1,000  |");
    }
}
