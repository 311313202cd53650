//! Files of known failures: what a check is expected to fail at, each with a reason and a date of expiry.
//!
//! This module reads the file. It does not depend on the results of a check.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use super::advice::advised;
use super::date::Date;
use super::finding::{At, Findings};
use super::naming::check_text;
use super::rule;
use super::shape::split;
use super::version::check_format;
use truecount_contract::clause::Clause;
use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, quoted, read_document};

/// The rule against a known failure of a scenario that does not exist.
const UNKNOWN_SCENARIO: &str = "unknown-scenario";
/// The rule against a known failure without a reason.
const EMPTY_REASON: &str = "empty-reason";
/// The rule against a known failure that expires on a date that does not exist.
const BAD_DATE: &str = "bad-date";

/// A failure that is expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownFailure {
    /// The clause that the report of the failure names.
    pub clause: Clause,
    /// The id of a scenario, or a pattern in which `*` stands for any number of characters.
    pub scenario: String,
    /// The reason why the failure is expected.
    pub reason: String,
    /// The last day on which the failure is expected.
    pub expires: Date,
    /// The line of the file at which the entry begins, counted from 1.
    pub line: u32,
}

impl KnownFailure {
    /// Returns whether the entry applies to a scenario. The shape of a plan is not part of a pattern.
    pub fn applies_to(&self, id: &str) -> bool {
        let whole = split(id).map_or(id, |(whole, _)| whole);
        matches(&self.scenario, whole)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "checked before the rest is read")]
    format: u64,
    known_failures: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    clause: String,
    scenario: String,
    reason: String,
    expires: String,
}

/// Reads the known failures at `path`. Problems show the path as `shown`. `ids` are the ids of all scenarios; an entry
/// that applies to none of them is a problem.
///
/// # Errors
///
/// Returns at least one problem.
pub fn read_known_failures(path: &Path, shown: &str, ids: &[&str]) -> Result<Vec<KnownFailure>, Vec<Problem>> {
    read_document(path, shown, &Limits::SCENARIO)
        .and_then(|document| understand(&document, ids))
        .map_err(|problems| advised(problems.into_iter().map(with_help).collect()))
}

/// Adds advice to a problem with the structure of the file. The general advice is about scenarios.
fn with_help(problem: Problem) -> Problem {
    match problem.rule {
        "missing-key" | "wrong-type" | "wrong-value" if problem.help.is_none() => {
            problem.help("scenarios/README.md describes the keys of known failures")
        }
        _ => problem,
    }
}

fn understand(document: &Document, ids: &[&str]) -> Result<Vec<KnownFailure>, Vec<Problem>> {
    check_format(document).map_err(|problem| vec![problem])?;
    let file: File = document.deserialize_all()?;
    let (mut findings, mut known, mut seen) = (Findings::default(), Vec::new(), BTreeSet::new());
    for (number, entry) in file.known_failures.into_iter().enumerate() {
        let at = At::root(document).key("known_failures").item(number);
        let line = document.problem_at(at.opening(), rule::DUPLICATE_NAME, "").line().unwrap_or(1);
        if !seen.insert((entry.clause.clone(), entry.scenario.clone())) {
            findings
                .add(at.opening(), rule::DUPLICATE_NAME, "an earlier entry has the same clause and scenario")
                .help("keep one of the two entries");
        }
        known.extend(understood(entry, line, at, ids, &mut findings));
    }
    if findings.has_errors() { Err(findings.into_problems(document)) } else { Ok(known) }
}

fn understood(entry: Entry, line: u32, at: At<'_>, ids: &[&str], findings: &mut Findings) -> Option<KnownFailure> {
    let Entry { clause: id, scenario, reason, expires: date } = entry;
    let clause = Clause::from_id(&id);
    if clause.is_none() {
        let known = Clause::ALL.iter().map(|clause| clause.id());
        findings.unknown(at.key("clause").span(), rule::UNKNOWN_CLAUSE, "clause", &id, known);
    }
    if !ids.iter().any(|id| matches(&scenario, id)) {
        let span = at.key("scenario").span();
        if scenario.contains('*') {
            let message = format!("the pattern {} applies to no scenario", quoted(&scenario));
            findings.add(span, UNKNOWN_SCENARIO, message)
        } else {
            findings.unknown(span, UNKNOWN_SCENARIO, "scenario", &scenario, ids.iter().copied())
        }
        .expected("an id listed by `truecount list scenarios`, or a pattern such as `restore/*`");
    }
    if reason.trim().is_empty() {
        findings
            .add(at.key("reason").span(), EMPTY_REASON, "the reason is empty")
            .expected("why the failure is expected")
            .help("state what is wrong and where it is being fixed");
    }
    check_text(&reason, at.key("reason"), "reason", findings);
    let expires = date.parse::<Date>();
    if let Err(message) = &expires {
        findings
            .add(at.key("expires").span(), BAD_DATE, message.clone())
            .expected("the last day on which the failure is expected, such as `2026-12-31`")
            .help("write the year with four digits, and the month and the day with two");
    }
    Some(KnownFailure { clause: clause?, scenario, reason, expires: expires.ok()?, line })
}

/// Returns whether a pattern matches a text. Each `*` stands for any number of characters, including none.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(head) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(place) = left.find(part) else { return false };
        left = &left[place + part.len()..];
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [&str; 3] = ["add/one", "restore/late-worker", "restore/two-at-once"];

    fn read(text: &str) -> Result<Vec<KnownFailure>, String> {
        let document = Document::parse("known.json", text, &Limits::SCENARIO).expect("JSON");
        understand(&document, &IDS).map_err(|problems| {
            let shown = |problem: &Problem| {
                let place = [problem.line(), problem.column()].map(|number| number.unwrap_or(0).to_string());
                format!("{}:{}", place.join(":"), problem.rule)
            };
            problems.iter().map(shown).collect::<Vec<_>>().join(" ")
        })
    }

    fn entry(clause: &str, scenario: &str, reason: &str, expires: &str) -> String {
        format!(
            "{{\n\"format\": 1,\n\"known_failures\": [\n\
             {{\"clause\":\"{clause}\",\"scenario\":\"{scenario}\",\"reason\":\"{reason}\",\"expires\":\"{expires}\"}}\n]}}"
        )
    }

    #[test]
    fn an_entry_is_read_with_its_line() {
        let known = read(&entry("COUNT-06", "restore/*", "being fixed", "2026-12-31")).expect("a valid file");
        assert_eq!((known.len(), known[0].line, &*known[0].reason), (1, 4, "being fixed"));
        assert!(known[0].applies_to("restore/late-worker") && !known[0].applies_to("add/one"));
        assert!(known[0].applies_to("restore/shaped#duplicates"), "a shape belongs to its scenario");
        assert_eq!(read("{\"format\": 1, \"known_failures\": []}"), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_are_reported_at_their_position() {
        let bad = |clause, scenario, reason, expires| read(&entry(clause, scenario, reason, expires)).err();
        let day = "2026-12-31";
        assert_eq!(bad("COUNT-99", "add/one", "r", day).as_deref(), Some("4:11:unknown-clause"));
        assert_eq!(bad("COUNT-06", "add/two", "r", day).as_deref(), Some("4:33:unknown-scenario"));
        assert_eq!(bad("COUNT-06", "pack/*", "r", day).as_deref(), Some("4:33:unknown-scenario"));
        assert_eq!(bad("COUNT-06", "add/one", " ", day).as_deref(), Some("4:52:empty-reason"));
        assert_eq!(bad("COUNT-06", "add/one", "r\\nFAIL", day).as_deref(), Some("4:52:active-character"));
        assert_eq!(bad("COUNT-06", "add/one", "r", "2026-02-30").as_deref(), Some("4:66:bad-date"));
        let twice = entry("COUNT-06", "add/one", "r", day).replace(
            "\n]}",
            ",\n{\"clause\":\"COUNT-06\",\"scenario\":\"add/one\",\"reason\":\"s\",\"expires\":\"2027-01-01\"}]}",
        );
        assert_eq!(read(&twice).err().as_deref(), Some("5:1:duplicate-name"));
        assert_eq!(read("{\"format\": 2}").err().as_deref(), Some("1:12:unknown-format"));
        let unknown = "{\"format\": 1, \"known_failures\": [], \"until\": 3}";
        assert_eq!(read(unknown).err().as_deref(), Some("1:37:unknown-key"));
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, yes, no) in [
            ("*", "a/b", None),
            ("a/*", "a/b", Some("b/a")),
            ("*/late-*", "restore/late-worker", Some("restore/early")),
            ("a*b*c", "a-b-b-c", Some("a-c-b")),
            ("ab*ba", "abba", Some("aba")),
            ("a**", "a", Some("b")),
            ("add/one", "add/one", Some("add/one-more")),
        ] {
            assert!(matches(pattern, yes), "{pattern} does not match {yes}");
            assert!(no.is_none_or(|no| !matches(pattern, no)), "{pattern} matches {no:?}");
        }
    }
}
