//! The only accepted form of an integer: plain decimal digits.
//!
//! This file checks the form of a literal. It does not depend on ranges or on the messages for other forms.

/// The hint for a negative number.
pub(super) const NEGATIVE: &str = "remove the `-`";

/// Returns whether `literal` is an integer in plain form.
pub(super) fn is_plain(literal: &str) -> bool {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && (!digits.starts_with('0') || literal == "0")
}
