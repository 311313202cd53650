//! What the checks found: each finding with its bytes, turned into problems in the order of the file.
//!
//! Independent of rules.

use std::ops::Range;

use truecount_json::problem::Problem;
use truecount_json::{Document, Node, Span, Value, choice, nearest, quoted};

use super::rule;

/// The most problems that are shown; the rest are counted.
const SHOWN: usize = 256;
/// The most names that are compared with an unknown name, and for all unknown names of a file.
const SEARCHED: usize = 2_000;
const SEARCHED_IN_ALL: usize = 20_000;
/// The most names that are listed as valid.
const LISTED: usize = 16;

/// A place in a document: a value, and the name of its member.
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

    /// Returns the place of a value that is not written.
    pub(super) fn nothing() -> Self {
        let span = Span { start: 0, end: 0 };
        Self { node: None, span, name: span }
    }

    /// Returns the place of the value under a key. A value that is not written is placed at the opening of what should
    /// hold it.
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

    /// Returns where a part of a string is written, given in bytes of its value.
    pub(super) fn part(self, part: &Range<usize>) -> Span {
        self.node.map_or(self.span, |node| node.part(part))
    }

    /// Returns where the name of the value's member is written.
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

    /// Adds that an unknown name could be listed under a key of the file.
    pub(super) fn unlisted(&mut self, key: &str) -> &mut Self {
        let help = match &self.help {
            Some(meant) => format!("{meant} Otherwise list it in `{key}`"),
            None => format!("list it in `{key}`"),
        };
        if self.expected.is_none() {
            self.expected(format!("one that `{key}` lists"));
        }
        self.help(help)
    }
}

/// Everything that is wrong.
#[derive(Default)]
pub(super) struct Findings {
    /// The first in the order of the file, and some that were added after the others were last sorted.
    list: Vec<Finding>,
    /// How many were found besides.
    more: usize,
    /// How many names were searched.
    searched: usize,
}

impl Findings {
    /// Adds a finding.
    pub(super) fn add(&mut self, span: Span, rule: &'static str, message: impl Into<String>) -> &mut Finding {
        // A bad file may be wrong in a hundred thousand places, of which only the first are ever shown.
        if self.list.len() >= 4 * SHOWN {
            self.put_in_order();
        }
        self.list.push(Finding { span, rule, message: message.into(), expected: None, help: None });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Adds that `word`, which should name a `noun`, is not one of the `known`.
    pub(super) fn unknown<'k, K>(
        &mut self,
        span: Span,
        rule: &'static str,
        noun: &str,
        word: &str,
        known: K,
    ) -> &mut Finding
    where
        K: IntoIterator<Item = &'k str>,
    {
        // Suggestions for ten thousand places are of no use.
        let searched = if self.count() < SHOWN { SEARCHED.min(SEARCHED_IN_ALL - self.searched) } else { 0 };
        let known: Vec<&str> = known.into_iter().take(searched).collect();
        self.searched += known.len();
        let finding = self.add(span, rule, format!("unknown {noun} {}", quoted(word)));
        if !known.is_empty() && known.len() <= LISTED {
            finding.expected(choice(&known));
        }
        if let Some(meant) = nearest(word, &known) {
            finding.help(format!("did you mean {}?", quoted(meant)));
        }
        finding
    }

    /// Returns the problems, in the order of the file.
    pub(super) fn into_problems(mut self, document: &Document) -> Vec<Problem> {
        self.put_in_order();
        let mut problems: Vec<Problem> = self.list.into_iter().map(|finding| located(document, finding)).collect();
        if self.more > 0 {
            let message = format!("{} more problems are not shown", self.more);
            problems.push(Problem::in_file(rule::TOO_MANY_PROBLEMS, document.shown(), message));
        }
        problems
    }

    /// Returns whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Keeps those that are shown, in the order of the file.
    fn put_in_order(&mut self) {
        // The sort is stable: of two findings at one place, the first found is shown first.
        self.list.sort_by_key(|finding| (finding.span.start, finding.span.end));
        self.more += self.list.len().saturating_sub(SHOWN);
        self.list.truncate(SHOWN);
    }
}

fn located(document: &Document, finding: Finding) -> Problem {
    let mut problem = document.problem_at(finding.span, finding.rule, finding.message);
    problem.expected = finding.expected;
    problem.help = finding.help;
    problem
}
