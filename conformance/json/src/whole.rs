//! Reads integers from number literals.
//!
//! The project uses no floats. An integer must be written in plain decimal digits. This file does not depend on the
//! tree of a document.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::plain::{NEGATIVE, is_plain};
use super::words::{between, quoted};
use super::{Misfit, Span};

/// Reads `literal` as an integer. `range` is the full range of `T`.
pub(super) fn integer<T>(literal: &str, span: Span, range: &RangeInclusive<T>) -> Result<T, Misfit>
where
    T: FromStr + Display + Default + PartialOrd,
{
    let (low, high) = (range.start(), range.end());
    let expected = || between(low, high);
    if !is_plain(literal) {
        let message = format!("expected a plain decimal integer, found {}", quoted(literal));
        let help = match literal.split_once('.') {
            Some((whole, zeros)) if is_plain(whole) && zeros.bytes().all(|byte| byte == b'0') => {
                format!("write {}", quoted(whole))
            }
            _ => "write out all digits, without a fraction, an exponent or `-0`".to_owned(),
        };
        return Err(Misfit::at(span, "wrong-value", message).expected(expected()).help(help));
    }
    literal.parse().map_err(|_| {
        if literal.starts_with('-') && *low >= T::default() {
            let message = format!("negative number {} is not allowed here", quoted(literal));
            Misfit::at(span, "wrong-value", message).expected(expected()).help(NEGATIVE)
        } else {
            let message = format!("number {} is out of range", quoted(literal));
            Misfit::at(span, "wrong-value", message).expected(format!("an integer from {low} to {high}"))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::ops::RangeInclusive;
    use std::str::FromStr;

    use super::super::Span;
    use super::integer;

    /// Checks how `literal` is read, or the message of its misfit.
    fn check<T>(literal: &str, range: RangeInclusive<T>, expected: Result<T, &str>)
    where
        T: FromStr + Display + Debug + Default + PartialOrd,
    {
        let read = integer(literal, Span::new(0, 0), &range);
        let read = read.map_err(|misfit| misfit.to_string());
        assert_eq!(read, expected.map_err(str::to_owned), "{literal}");
    }

    #[test]
    fn integers_are_plain_and_in_range() {
        let [bytes, longs] = [0..=u8::MAX, 0..=u8::MAX];
        check("0", bytes, Ok(0));
        check("255", longs, Ok(255));
        check("256", 0..=u8::MAX, Err("number `256` is out of range"));
        check("-1", 0..=u8::MAX, Err("negative number `-1` is not allowed here"));
        check("-128", i8::MIN..=i8::MAX, Ok(-128));
        check("-129", i8::MIN..=i8::MAX, Err("number `-129` is out of range"));
        check("18446744073709551615", 0..=u64::MAX, Ok(u64::MAX));
        for literal in ["-0", "3.0", "1e3", "1E3", "01", "", "-", "+1", "x"] {
            let message = format!("expected a plain decimal integer, found `{literal}`");
            check(literal, i64::MIN..=i64::MAX, Err(&message));
        }
    }
}
