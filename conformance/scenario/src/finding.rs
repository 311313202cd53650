//! Findings of the checks, each with its byte range in the file. They become problems in the order of the file.

use std::ops::Range;

use truecount_json::problem::{Problem, Severity};
use truecount_json::{Document, Node, Span, Value, choice, nearest, quoted};

use super::rule;

/// The maximum number of problems that are shown. The others are only counted.
const SHOWN: usize = 256;
/// The maximum number of names that one unknown name is compared with.
const SEARCHED: usize = 2_000;
/// The maximum number of comparisons of unknown names for a whole file.
const SEARCHED_IN_ALL: usize = 20_000;
/// The maximum number of names that are listed as valid.
const LISTED: usize = 16;

/// A location in a document: a value, and the name of its member.
#[derive(Clone, Copy)]
pub(super) struct At<'d> {
    node: Option<&'d Node>,
    span: Span,
    name: Span,
}

impl<'d> At<'d> {
    /// Returns the location of the whole document.
    pub(super) fn root(document: &'d Document) -> Self {
        let node = document.root();
        Self { node: Some(node), span: node.span, name: node.opening() }
    }

    /// Returns the location for a file that a program built, which has no document.
    pub(super) fn nothing() -> Self {
        let span = Span { start: 0, end: 0 };
        Self { node: None, span, name: span }
    }

    /// Returns the location of the value under a key. For a missing value, this is the opening bracket of the object
    /// that should contain it.
    pub(super) fn key(self, key: &str) -> Self {
        match self.node.and_then(|node| node.member(key)) {
            Some(member) => Self { node: Some(&member.value), span: member.value.span, name: member.key_span },
            None => self.missing(),
        }
    }

    /// Returns the location of the member with this index, in the order of the file.
    pub(super) fn nth(self, number: usize) -> Self {
        match self.node.map(|node| &node.value) {
            Some(Value::Object(members)) => members.get(number).map_or_else(
                || self.missing(),
                |member| Self { node: Some(&member.value), span: member.value.span, name: member.key_span },
            ),
            _ => self.missing(),
        }
    }

    /// Returns the location of the element with this index.
    pub(super) fn item(self, number: usize) -> Self {
        match self.node.map(|node| &node.value) {
            Some(Value::Array(elements)) => elements.get(number).map_or_else(
                || self.missing(),
                |element| Self { node: Some(element), span: element.span, name: element.span },
            ),
            _ => self.missing(),
        }
    }

    /// Returns the span of the value.
    pub(super) fn span(self) -> Span {
        self.span
    }

    /// Returns the span of a part of a string. `part` is a range of bytes in the value of the string.
    pub(super) fn part(self, part: &Range<usize>) -> Span {
        self.node.map_or(self.span, |node| node.part(part))
    }

    /// Returns the span of the member's name.
    pub(super) fn name(self) -> Span {
        self.name
    }

    /// Returns the span of the opening bracket, or of the whole value if it has no brackets.
    pub(super) fn opening(self) -> Span {
        self.node.map_or(self.span, Node::opening)
    }

    fn missing(self) -> Self {
        let span = self.opening();
        Self { node: None, span, name: span }
    }
}

/// A violated rule, with the span that violates it.
pub(super) struct Finding {
    severity: Severity,
    span: Span,
    rule: &'static str,
    message: String,
    expected: Option<String>,
    help: Option<String>,
}

impl Finding {
    /// Adds the expected content.
    pub(super) fn expected(&mut self, expected: impl Into<String>) -> &mut Self {
        self.expected = Some(expected.into());
        self
    }

    /// Adds a suggestion for the author.
    pub(super) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests listing an unknown name under a key of the file.
    pub(super) fn unlisted(&mut self, key: &str) -> &mut Self {
        let help = match &self.help {
            Some(meant) => format!("{meant} Otherwise, list it in `{key}`"),
            None => format!("list it in `{key}`"),
        };
        if self.expected.is_none() {
            self.expected(format!("a name listed in `{key}`"));
        }
        self.help(help)
    }
}

/// The findings for a file.
#[derive(Default)]
pub(super) struct Findings {
    /// The findings that are shown, followed by those added since the last sort.
    list: Vec<Finding>,
    /// Whether a finding is an error.
    any_error: bool,
    /// The number of findings that were dropped.
    more: usize,
    /// The number of names compared so far.
    searched: usize,
}

impl Findings {
    /// Adds an error.
    pub(super) fn add(&mut self, span: Span, rule: &'static str, message: impl Into<String>) -> &mut Finding {
        self.any_error = true;
        self.push(Severity::Error, span, rule, message.into())
    }

    /// Adds a warning.
    pub(super) fn warn(&mut self, span: Span, rule: &'static str, message: impl Into<String>) -> &mut Finding {
        self.push(Severity::Warning, span, rule, message.into())
    }

    fn push(&mut self, severity: Severity, span: Span, rule: &'static str, message: String) -> &mut Finding {
        // A file may have a hundred thousand findings, but only the first ones are ever shown.
        if self.list.len() >= 4 * SHOWN {
            self.keep_the_first();
        }
        self.list.push(Finding { severity, span, rule, message, expected: None, help: None });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Adds a finding for `word`, which should name a `noun` but is not in `known`.
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
        // Once there are more findings than are shown, suggestions are not worth their cost.
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
        self.keep_the_first();
        // The sort is stable: findings with the same span stay in the order in which they were added.
        self.list.sort_by_key(|finding| (finding.span.start, finding.span.end));
        let severity = if self.any_error { Severity::Error } else { Severity::Warning };
        let mut problems: Vec<Problem> = self.list.into_iter().map(|finding| located(document, finding)).collect();
        if self.more > 0 {
            let message = match self.more {
                1 => "1 more problem is not shown".to_owned(),
                more => format!("{more} more problems are not shown"),
            };
            let mut last = Problem::in_file(rule::TOO_MANY_PROBLEMS, document.shown(), message);
            last.severity = severity;
            problems.push(last);
        }
        problems
    }

    /// Returns whether a finding is an error, so that the file is not valid.
    pub(super) const fn has_errors(&self) -> bool {
        self.any_error
    }

    fn count(&self) -> usize {
        self.list.len() + self.more
    }

    /// Drops the findings that are not shown. An error takes precedence over a warning, and otherwise the finding that is
    /// earlier in the file.
    fn keep_the_first(&mut self) {
        // The sort is stable: findings with the same span stay in the order in which they were added.
        self.list.sort_by_key(|finding| (finding.severity, finding.span.start, finding.span.end));
        self.more += self.list.len().saturating_sub(SHOWN);
        self.list.truncate(SHOWN);
    }
}

fn located(document: &Document, finding: Finding) -> Problem {
    let mut problem = document.problem_at(finding.span, finding.rule, finding.message);
    problem.severity = finding.severity;
    problem.expected = finding.expected;
    problem.help = finding.help;
    problem
}
