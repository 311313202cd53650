//! The description and the byte span of a mistake in a document.
//!
//! A fault does not depend on the file: [`Document`](super::Document) turns it into a
//! [`Problem`](crate::problem::Problem).

use std::error::Error;
use std::fmt;

use super::Span;

/// The rule for a text that is not JSON.
pub(super) const SYNTAX: &str = "json-syntax";
/// The rule for a text that is nested too deeply.
pub(super) const DEPTH: &str = "json-depth";
/// The rule for an object that contains a key twice.
pub(super) const DUPLICATE_KEY: &str = "duplicate-key";

/// A mistake at a known location in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The short code of the violated rule, such as `json-syntax` or `unknown-key`.
    pub rule: &'static str,
    /// The innermost part of the document that is at fault.
    pub span: Span,
    /// The mistake, as a sentence fragment in the style of `rustc`.
    pub message: String,
    /// The correct form, if the message does not state it.
    pub expected: Option<String>,
    /// A hint on how to correct the mistake.
    pub help: Option<String>,
}

impl Fault {
    /// Returns a fault with only a message.
    pub(super) fn new(rule: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { rule, span, message: message.into(), expected: None, help: None }
    }

    /// Returns the fault for a text that is not JSON.
    pub(super) fn syntax(span: Span, message: impl Into<String>) -> Self {
        Self::new(SYNTAX, span, message)
    }

    /// Adds the correct form.
    pub(super) fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    /// Adds a hint on how to correct the mistake.
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
    fn a_fault_is_displayed_on_one_line() {
        let fault = Fault::syntax(Span::new(3, 5), "odd").help("use an even number");
        assert_eq!(fault.to_string(), "odd (bytes 3 to 5)");
    }
}
