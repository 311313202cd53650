//! What the checks found: each finding with its bytes, turned into problems in the order of the file.
//!
//! This file knows places and sentences, not rules.

use crate::json::{Document, Node, Span, Value, choice, nearest, quoted};
use crate::problem::Problem;

use super::rule;

/// The most problems that are shown; the rest is counted.
const SHOWN: usize = 256;
/// The most names that are searched for the one that an unknown name was meant to be.
const SEARCHED: usize = 2_000;
/// The most names that are listed as what would have been right.
const LISTED: usize = 16;

/// A place in a document: a value, and the name it stands under.
#[derive(Clone, Copy)]
pub(super) struct At<'d> {
    node: Option<&'d Node>,
    span: Span,
    name: Span,
}

impl<'d> At<'d> {
    /// Returns the place of a whole document.
    pub(super) fn root(document: &'d Document) -> Self {
        let node = document.root();
        Self { node: Some(node), span: node.span, name: node.opening() }
    }

    /// Returns the place of the value under a key. What is not written is placed at the opening of what should hold it.
    pub(super) fn key(self, key: &str) -> Self {
        match self.node.and_then(|node| node.member(key)) {
            Some(member) => Self { node: Some(&member.value), span: member.value.span, name: member.key_span },
            None => self.nowhere(),
        }
    }

    /// Returns the place of the member with that number, from 0, in the order of the file.
    pub(super) fn nth(self, number: usize) -> Self {
        match self.node.map(|node| &node.value) {
            Some(Value::Object(members)) => members.get(number).map_or_else(
                || self.nowhere(),
                |member| Self { node: Some(&member.value), span: member.value.span, name: member.key_span },
            ),
            _ => self.nowhere(),
        }
    }

    /// Returns the place of an element, from 0.
    pub(super) fn item(self, number: usize) -> Self {
        match self.node.map(|node| &node.value) {
            Some(Value::Array(elements)) => elements.get(number).map_or_else(
                || self.nowhere(),
                |element| Self { node: Some(element), span: element.span, name: element.span },
            ),
            _ => self.nowhere(),
        }
    }

    /// Returns where the value is written.
    pub(super) fn span(self) -> Span {
        self.span
    }

    /// Returns where the name is written that the value stands under.
    pub(super) fn name(self) -> Span {
        self.name
    }

    /// Returns where the value begins: its bracket, if it has one.
    pub(super) fn opening(self) -> Span {
        self.node.map_or(self.span, Node::opening)
    }

    fn nowhere(self) -> Self {
        let span = self.opening();
        Self { node: None, span, name: span }
    }
}

/// One thing that is wrong.
pub(super) struct Finding {
    span: Span,
    rule: &'static str,
    message: String,
    expected: Option<String>,
    help: Option<String>,
}

impl Finding {
    /// Adds what would have been right.
    pub(super) fn expected(&mut self, expected: impl Into<String>) -> &mut Self {
        self.expected = Some(expected.into());
        self
    }

    /// Adds what the author could do about it.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }
}

/// Everything that is wrong.
#[derive(Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    /// Adds a finding.
    pub(super) fn add(&mut self, span: Span, rule: &'static str, message: impl Into<String>) -> &mut Finding {
        self.0.push(Finding { span, rule, message: message.into(), expected: None, help: None });
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    /// Adds that `word`, which should name a `noun`, is none of the `known`.
    pub(super) fn unknown<'k, K>(&mut self, span: Span, rule: &'static str, noun: &str, word: &str, known: K)
    where
        K: IntoIterator<Item = &'k str>,
    {
        // A broken file may be wrong in ten thousand places; nobody reads a suggestion for each.
        let known: Vec<&str> =
            if self.0.len() < SHOWN { known.into_iter().take(SEARCHED).collect() } else { Vec::new() };
        let finding = self.add(span, rule, format!("unknown {noun} {}", quoted(word)));
        if !known.is_empty() && known.len() <= LISTED {
            finding.expected(choice(&known));
        }
        if let Some(meant) = nearest(word, &known) {
            finding.help(format!("did you mean {}?", quoted(meant)));
        }
    }

    /// Returns the problems, in the order of the file.
    pub(super) fn into_problems(mut self, document: &Document) -> Vec<Problem> {
        // The sort is stable: of two findings at one place, the first found is shown first.
        self.0.sort_by_key(|finding| (finding.span.start, finding.span.end));
        let more = self.0.len().saturating_sub(SHOWN);
        self.0.truncate(SHOWN);
        let mut problems: Vec<Problem> = self.0.into_iter().map(|finding| located(document, finding)).collect();
        if more > 0 {
            let message = format!("{more} more problems are not shown");
            problems.push(Problem::in_file(rule::TOO_MANY_PROBLEMS, document.shown(), message));
        }
        problems
    }

    /// Returns whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn located(document: &Document, finding: Finding) -> Problem {
    let mut problem = document.problem_at(finding.span, finding.rule, finding.message);
    problem.expected = finding.expected;
    problem.help = finding.help;
    problem
}
