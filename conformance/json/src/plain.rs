//! The one form in which an integer is written: digit by digit.
//!
//! This file knows the form of literals. Independent of their ranges, and of what is reported about others.

/// What to do about a number below zero.
pub(super) const NEGATIVE: &str = "a number here is never negative: remove the `-`";

/// Returns whether `literal` is an integer in its one plain form.
pub(super) fn is_plain(literal: &str) -> bool {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits && (!digits.starts_with('0') || literal == "0")
}
