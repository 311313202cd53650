//! Makes sure that bytes are a text, and that there is something in it.
//!
//! Independent of files and of JSON.

use crate::problem::Problem;

/// Returns the text that `bytes` are.
pub(super) fn text_of(shown: &str, bytes: Vec<u8>) -> Result<String, Problem> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        Problem::not_utf8(shown, error.as_bytes(), valid)
    })?;
    if text.trim().is_empty() { Err(Problem::empty(shown)) } else { Ok(text) }
}
