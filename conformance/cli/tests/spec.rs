//! Compares the contract, the vectors and the engine with each other. Each clause of kind V has cases, and ids are
//! unique. Every case can be judged, and no case fails.
//!
//! The title of each case states its purpose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use truecount_contract::clause::{Clause, ClauseSet, Kind, REQUIREMENTS};
use truecount_contract::contract::document::document;
use truecount_contract::contract::prose::{on_one_line, prose};
use truecount_contract::vectors::{Case, CaseResult, judge};

/// The minimum number of cases for a clause. Three cases can test its middle and both edges.
const CASES_MIN: usize = 3;

fn cases() -> Vec<Case> {
    judge().unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn each_clause_of_kind_v_has_judged_cases() {
    let mut judged: BTreeMap<Clause, usize> = BTreeMap::new();
    for case in cases().iter().filter(|case| !matches!(case.result, CaseResult::NotEvaluable(_))) {
        for clause in &case.clauses {
            *judged.entry(*clause).or_default() += 1;
        }
    }
    let wanting: Vec<(Clause, usize)> = Clause::ALL
        .iter()
        .filter(|clause| clause.kinds().contains(&Kind::V))
        .map(|clause| (*clause, judged.get(clause).copied().unwrap_or(0)))
        .filter(|(_, cases)| *cases < CASES_MIN)
        .collect();
    assert_eq!(wanting, [], "write cases for these clauses under conformance/vectors/");
}

#[test]
fn the_ids_and_titles_of_cases_are_unique() {
    let cases = cases();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "an id is repeated");
    let titles: BTreeSet<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    assert_eq!(titles.len(), cases.len(), "a title is repeated; give each case a title of its own");
}

#[test]
fn no_case_fails() {
    let failed: Vec<Case> =
        cases().into_iter().filter(|case| matches!(case.result, CaseResult::Failed { .. })).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// The engine runs every family, so it must be possible to judge every case. Cases that cannot be judged do not count
/// towards the minimum for a clause.
#[test]
fn every_case_can_be_judged() {
    for case in cases() {
        assert!(!matches!(case.result, CaseResult::NotEvaluable(_)), "{}: {:?}", case.id, case.result);
    }
}

/// `contract.md` is generated from `requirements.json`. The committed document must equal the generated one.
#[test]
fn the_contract_document_is_up_to_date() {
    let fresh = document();
    let differs = fresh.lines().zip(CONTRACT.lines()).position(|(fresh, committed)| fresh != committed);
    if let Some(place) = differs {
        let line = |text: &str| text.lines().nth(place).unwrap_or_default().to_owned();
        let (fresh, committed) = (line(&fresh), line(CONTRACT));
        panic!(
            "line {} of conformance/spec/contract.md is\n  {committed}\nbut `truecount spec --contract` writes\n  {fresh}",
            place + 1
        );
    }
    assert_eq!(fresh.lines().count(), CONTRACT.lines().count());
    assert!(fresh == CONTRACT, "the line endings differ");
}

const CONTRACT: &str = include_str!("../../spec/contract.md");

/// A text that the generator drops would be missing from both sides of the comparison above.
#[test]
fn every_text_of_the_contract_is_in_the_document() {
    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if text.contains(' ') => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
            Value::Object(fields) => {
                fields.iter().filter(|(key, _)| *key != "reason").for_each(|(_, value)| texts(value, found));
            }
            _ => {}
        }
    }
    let spec: Value = serde_json::from_str(REQUIREMENTS).expect("the spec is JSON");
    let mut found = Vec::new();
    texts(&spec, &mut found);
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let printed = words(CONTRACT);
    let missing: Vec<&String> = found.iter().filter(|text| !printed.contains(&words(text))).collect();
    assert!(found.len() > Clause::ALL.len() && missing.is_empty(), "{missing:#?}");
}

/// The rule states the order of clauses in words. A report uses the order in `ClauseSet::primary`, which must be the
/// same.
#[test]
fn the_order_of_primary_clauses_follows_the_rule() {
    let rule = prose().rules.iter().find(|rule| rule.title == "One primary clause").expect("the rule");
    let text = on_one_line(&rule.text);
    let list = text.split("COUNT-").nth(1).expect("the list").split(", then").next().expect("the list");
    let mut left: ClauseSet = Clause::ALL.iter().copied().collect();
    for number in list.split(", ") {
        let id = format!("COUNT-{number}");
        assert_eq!(left.primary().map(Clause::id), Some(id.as_str()));
        left = left.iter().filter(|clause| clause.id() != id).collect();
    }
    let rest = left.primary().expect("more clauses");
    assert!(rest.kinds().contains(&Kind::S), "the first of the other clauses is not of kind S: {rest}");
}

#[test]
fn each_excluded_follow_up_has_a_reason() {
    for left in &prose().excluded {
        assert!(left.reason.split(' ').count() >= 5, "{}: {}", left.title, left.reason);
    }
}
