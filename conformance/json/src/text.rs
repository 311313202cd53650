//! Checks that bytes are text, and that the text is not empty.
//!
//! This module does not depend on the file system or on JSON.

use crate::problem::Problem;

/// Returns `bytes` as text.
pub(super) fn text_of(shown: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        Problem::not_utf8(shown, error.as_bytes(), valid)
    })?;
    if text.trim().is_empty() { Err(Problem::empty(shown)) } else { Ok(text) }
}
