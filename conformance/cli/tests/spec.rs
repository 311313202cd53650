//! The contract, the vectors and the engine, compared with each other: no clause of kind V without cases, no id twice,
//! no case failed, and what cannot be judged yet is known by name.
//!
//! Independent of single cases: each has its purpose in its title.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use truecount_contract::clause::{Clause, ClauseSet, Kind, REQUIREMENTS};
use truecount_contract::contract::document::document;
use truecount_contract::contract::prose::{on_one_line, prose};
use truecount_contract::vectors::{Case, CaseResult, judge};

/// Fewer cases than this cannot test the middle and both edges of a clause.
const CASES_MIN: usize = 3;

fn cases() -> Vec<Case> {
    judge().unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn each_clause_of_kind_v_is_named_by_cases_that_were_judged() {
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
    assert_eq!(wanting, [], "write cases for these under conformance/vectors/");
}

#[test]
fn each_case_has_its_own_id_and_its_own_title() {
    let cases = cases();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "a repeated id");
    let titles: BTreeSet<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    assert_eq!(titles.len(), cases.len(), "a repeated title describes at most one of its cases");
}

#[test]
fn no_case_fails() {
    let failed: Vec<Case> =
        cases().into_iter().filter(|case| matches!(case.result, CaseResult::Failed { .. })).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// A case that cannot be judged must not pass for one that was. Our engine runs every family, so none is left open.
#[test]
fn our_engine_leaves_no_case_open() {
    for case in cases() {
        assert!(!matches!(case.result, CaseResult::NotEvaluable(_)), "{}: {:?}", case.id, case.result);
    }
}

/// The contract for people is written from the one for programs: it is not edited, and it never lags behind.
#[test]
fn the_contract_for_people_is_what_the_command_writes() {
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
    assert!(fresh == CONTRACT, "the ends of lines differ");
}

const CONTRACT: &str = include_str!("../../spec/contract.md");

/// A text that a generator drops is missing from both: everything that is recorded must be printed.
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

/// The rule names its order in words; a report follows the one in code.
#[test]
fn reports_name_the_primary_clause_by_the_rule() {
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
    assert!(rest.kinds().contains(&Kind::S), "S before L: {rest}");
}

#[test]
fn each_follow_up_is_left_out_for_a_reason() {
    for left in &prose().excluded {
        assert!(left.reason.split(' ').count() >= 5, "{}: {}", left.title, left.reason);
    }
}
