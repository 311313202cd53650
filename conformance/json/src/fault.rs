//! What is wrong with a document, and at which bytes.
//!
//! Independent of the file: [`Document`](super::Document) makes a [`Problem`](crate::problem::Problem) of a fault.

use std::error::Error;
use std::fmt;

use super::Span;

/// The text is not JSON.
pub(super) const SYNTAX: &str = "json-syntax";
/// The text nests deeper than allowed.
pub(super) const DEPTH: &str = "json-depth";
/// An object holds a key twice.
pub(super) const DUPLICATE_KEY: &str = "duplicate-key";

/// Something wrong at a known place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The short code of the violated rule, such as `json-syntax` or `unknown-key`.
    pub rule: &'static str,
    /// The innermost place at fault.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What would have been correct, if the message does not state it.
    pub expected: Option<String>,
    /// What the author could do about it.
    pub help: Option<String>,
}

impl Fault {
    /// Returns a fault that has a message only.
    pub(super) fn new(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { rule, span, message: message.into(), expected: None, help: None }
    }

    /// Returns the fault of a text that is not JSON.
    pub(super) fn syntax(span: Span, message: impl Into<String>) -> Self {
        Self::new(SYNTAX, span, message)
    }

    /// Adds what would have been right.
    pub(super) fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    /// Adds what the author could do about it.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Span { start, end } = self.span;
        write!(f, "{} (bytes {start} to {end})", self.message)
    }
}

impl Error for Fault {}

#[cfg(test)]
mod tests {
    use super::{Fault, Span};

    #[test]
    fn displays_as_one_line() {
        let fault = Fault::syntax(Span::new(3, 5), "odd").help("even it out");
        assert_eq!(fault.to_string(), "odd (bytes 3 to 5)");
    }
}
