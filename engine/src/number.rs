//! The exact value of a JSON number's text, if it is a whole number (KEYS-02).
//!
//! This module does not use floating point: the double nearest to `9007199254740991.4` is a whole number, but the
//! number itself is not. The module parses numbers and no other JSON.

/// Returns the value of `text` if it is a JSON number that is whole, not negative, and fits into a `u64`.
///
/// The running time is linear in the length of the text, whatever the exponent is, and nothing is allocated.
pub(crate) fn whole(text: &str) -> Option<u64> {
    let literal = Literal::parse(text)?;
    let mut significand = 0_u64;
    let mut zeros_pending = 0_i128;
    for byte in literal.integer.bytes().chain(literal.fraction.bytes()) {
        let digit = u64::from(byte - b'0');
        if digit == 0 {
            // Whether a zero is significant depends on whether a non-zero digit follows.
            zeros_pending += 1;
            continue;
        }
        // If there are more significant digits than a `u64` can hold, the number is too large or has a fraction. Either
        // way, the result is `None`.
        significand = shifted(significand, zeros_pending + 1)?.checked_add(digit)?;
        zeros_pending = 0;
    }
    // Zero is zero with any sign and any exponent, so both are ignored.
    if significand == 0 {
        return Some(0);
    }
    if literal.negative {
        return None;
    }
    // The last digit of the significand is not 0, so a negative power always leaves a fraction.
    let fraction_digits = i128::try_from(literal.fraction.len()).ok()?;
    shifted(significand, literal.exponent + zeros_pending - fraction_digits)
}

/// Returns `value × 10^power`, or `None` if the result is not a `u64`.
fn shifted(value: u64, power: i128) -> Option<u64> {
    if value == 0 {
        return Some(0);
    }
    let factor = 10_u64.checked_pow(u32::try_from(power).ok()?)?;
    value.checked_mul(factor)
}

/// The parts of a JSON number as written.
struct Literal<'a> {
    negative: bool,
    integer: &'a str,
    fraction: &'a str,
    exponent: i128,
}

impl<'a> Literal<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (integer, fraction) = match mantissa.split_once('.') {
            Some((integer, fraction)) => (integer, digits(fraction)?),
            None => (mantissa, ""),
        };
        let integer = digits(integer)?;
        // JSON forbids leading zeros, since `03` could be read as an octal number.
        if integer.len() > 1 && integer.starts_with('0') {
            return None;
        }
        Some(Self { negative, integer, fraction, exponent })
    }
}

/// Returns the exponent, saturated far beyond the length of any text that fits into memory.
///
/// A saturated exponent still outweighs all digits of its mantissa, and adding to it cannot overflow.
fn parse_exponent(text: &str) -> Option<i128> {
    const LIMIT: i128 = 1 << 100;
    let (sign, text) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let magnitude = digits(text)?.bytes().fold(0, |value, byte| (value * 10 + i128::from(byte - b'0')).min(LIMIT));
    Some(sign * magnitude)
}

/// Returns `text` if it consists of one or more ASCII digits.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::whole;

    #[rstest]
    #[case::plain("37", Some(37))]
    #[case::zero("0", Some(0))]
    #[case::fraction_of_zeros("3.000", Some(3))]
    #[case::negative_zero("-0.0", Some(0))]
    #[case::negative("-1", None)]
    #[case::negative_and_tiny("-1e-400", None)]
    #[case::fraction("2.5", None)]
    #[case::exponent("12E+2", Some(1_200))]
    #[case::exponent_removes_zeros("30e-1", Some(3))]
    #[case::exponent_leaves_a_fraction("35e-1", None)]
    #[case::exponent_removes_the_point("0.25e2", Some(25))]
    #[case::zeros_between("100000000000000001", Some(100_000_000_000_000_001))]
    #[case::nearest_double_is_whole("9007199254740991.00000000000000001", None)]
    #[case::nearest_double_is_zero("1e-400", None)]
    #[case::largest("18446744073709551615", Some(u64::MAX))]
    #[case::would_wrap("18446744073709551616", None)]
    #[case::infinite_as_a_double("1e400", None)]
    #[case::zero_at_any_power("0e999999999999999999999", Some(0))]
    #[case::huge_power("1e999999999999999999999999999999999999999999", None)]
    #[case::tiny_power("1e-999999999999999999999999999999999999999999", None)]
    fn a_number_is_judged_by_its_exact_decimal_value(#[case] text: &str, #[case] expected: Option<u64>) {
        assert_eq!(whole(text), expected);
    }

    #[rstest]
    fn text_that_is_not_a_json_number_is_rejected(
        #[values(
            "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1e1.0", "1e1e1", "1.0.0", " 1", "1 ", "--1", "1_000",
            "1,000", "0x10", "NaN", "Infinity", "٣", "1e٣", "é", "1é"
        )]
        text: &str,
    ) {
        assert_eq!(whole(text), None);
    }

    /// Returns `digits × 10^power` without an exponent, by moving the decimal point in the text.
    fn written_out(digits: &str, power: i32) -> String {
        let places = usize::try_from(power.unsigned_abs()).unwrap();
        if power >= 0 {
            return format!("{digits}{}", "0".repeat(places));
        }
        let padded = format!("{}{digits}", "0".repeat(places));
        let (integer, fraction) = padded.split_at(padded.len() - places);
        format!("{integer}.{fraction}")
    }

    /// Parses a decimal without an exponent in the simplest way.
    fn read_written_out(text: &str) -> Option<u64> {
        let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.bytes().any(|digit| digit != b'0') {
            return None;
        }
        format!("0{integer}").parse().ok()
    }

    proptest! {
        #[test]
        fn an_exponent_moves_the_decimal_point(digits in "[1-9][0-9]{0,24}", power in -30..30) {
            let expected = read_written_out(&written_out(&digits, power));
            prop_assert_eq!(whole(&format!("{digits}e{power}")), expected);
        }

        #[test]
        fn every_spelling_of_a_value_has_that_value(value: u64, zeros in 0_usize..40) {
            let padding = "0".repeat(zeros);
            let point_zeros = format!("{value}.0{padding}");
            let scaled_up = format!("{value}{padding}E-{zeros}");
            prop_assert_eq!(whole(&point_zeros), Some(value));
            prop_assert_eq!(whole(&scaled_up), Some(value));
        }

        #[test]
        fn parsing_never_panics(text: String, number_like in "[-+0-9.eE]{0,40}") {
            let _ = (whole(&text), whole(&number_like));
        }
    }
}
