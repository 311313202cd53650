//! A document that has been read, with its text and the name under which it is shown.
//!
//! This file turns byte spans into problems with lines, columns and excerpts. It does not depend on how a file is read
//! or on what a document means.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::parse::parse_all;
use super::salvage::from_node_all;
use super::text::text_of;
use super::{Fault, Limits, Node, Span, from_node};
use crate::problem::{Lines, Problem};

/// A document that contains valid JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    shown: String,
    text: String,
    lines: Lines,
    root: Node,
}

impl Document {
    /// Parses a document. `shown` is its name in messages.
    ///
    /// # Errors
    ///
    /// Returns at least one problem: an exceeded limit, bytes that are not UTF-8, an empty text, or a text that is not
    /// JSON.
    pub fn parse(shown: impl Into<String>, bytes: impl Into<Vec<u8>>, limits: &Limits) -> Result<Self, Vec<Problem>> {
        let (shown, bytes) = (shown.into(), bytes.into());
        if !limits.admit(bytes.len()) {
            return Err(vec![Problem::too_large(shown, limits.bytes)]);
        }
        let text = text_of(&shown, bytes).map_err(|problem| vec![problem])?;
        match parse_all(&text, *limits) {
            Ok(root) => Ok(Self { lines: Lines::of(&text), shown, text, root }),
            Err(faults) => {
                let lines = Lines::of(&text);
                Err(faults.into_iter().map(|fault| locate(fault, &shown, &text, &lines)).collect())
            }
        }
    }

    /// Returns the name under which the document is shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the text of the document.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the root of the document.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Returns the value of the document.
    ///
    /// # Errors
    ///
    /// Returns the problem of the innermost node that does not fit the type.
    pub fn deserialize<'de, T: Deserialize<'de>>(&'de self) -> Result<T, Problem> {
        from_node(&self.root).map_err(|fault| self.problem(fault))
    }

    /// Returns the value of the document. The type of the value must not borrow from the document.
    ///
    /// # Errors
    ///
    /// Returns at least one problem, for the innermost nodes that do not fit the type.
    pub fn deserialize_all<T: DeserializeOwned>(&self) -> Result<T, Vec<Problem>> {
        from_node_all(&self.root).map_err(|faults| faults.into_iter().map(|fault| self.problem(fault)).collect())
    }

    /// Returns the problem for a fault in this document.
    pub fn problem(&self, fault: Fault) -> Problem {
        locate(fault, &self.shown, &self.text, &self.lines)
    }

    /// Returns a problem that is located at `span`.
    pub fn problem_at(&self, span: Span, rule: &'static str, message: impl Into<String>) -> Problem {
        Problem::in_lines(rule, &*self.shown, message, &self.text, &self.lines, span.range())
    }
}

/// Returns the problem for a fault in `text`.
fn locate(fault: Fault, shown: &str, text: &str, lines: &Lines) -> Problem {
    let range = fault.span.range();
    let mut problem = Problem::in_lines(fault.rule, shown, fault.message, text, lines, range);
    problem.expected = fault.expected;
    problem.help = fault.help;
    problem
}

#[cfg(test)]
mod meaning_tests;
#[cfg(test)]
mod syntax_tests;
