//! The contract, the vectors and the engine, held against each other: no clause of kind V without cases, no id twice,
//! no case failed, and what cannot be judged yet is known by name.
//!
//! Knows no single case: what each is after stands in its title.

use std::collections::{BTreeMap, BTreeSet};

use truecount::clause::{Clause, Kind};
use truecount::vectors::{Case, Verdict, judge};
use truecount_engine::family::{FamilyId, family};

/// Fewer cases than this cannot hold the middle and both edges of a clause.
const CASES_MIN: usize = 3;

fn cases() -> Vec<Case> {
    judge().unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn each_clause_of_kind_v_is_named_by_cases_that_were_judged() {
    let mut judged: BTreeMap<Clause, usize> = BTreeMap::new();
    for case in cases().iter().filter(|case| !matches!(case.verdict, Verdict::NotEvaluable(_))) {
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
    assert_eq!(ids.len(), cases.len(), "an id that stands twice");
    let titles: BTreeSet<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    assert_eq!(titles.len(), cases.len(), "a title that stands twice says nothing of at least one of its cases");
}

#[test]
fn no_case_fails() {
    let failed: Vec<Case> = cases().into_iter().filter(|case| matches!(case.verdict, Verdict::Failed { .. })).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// A case that cannot be judged must not pass for one that was; the only reason for it is a family that is not run.
#[test]
fn what_is_not_evaluable_is_the_planning_of_families_that_are_not_run() {
    let reasons: BTreeSet<String> = cases()
        .into_iter()
        .filter_map(|case| match case.verdict {
            Verdict::NotEvaluable(reason) => Some(reason),
            Verdict::Passed | Verdict::Failed { .. } => None,
        })
        .collect();
    let idle: Vec<FamilyId> = FamilyId::ALL.into_iter().filter(|id| family(*id).is_none()).collect();
    for reason in reasons {
        assert!(idle.iter().any(|id| reason.starts_with(id.name())), "{reason}");
    }
}

/// The contract with its sections and tables is for people; what the program reads is `requirements.json`. A clause that
/// is written in one and not, word for word, in the other is a clause that nobody can rely on.
#[test]
fn the_contract_for_people_and_the_one_for_programs_say_the_same() {
    let contract = include_str!("../spec/contract.md");
    let rows: Vec<[&str; 4]> = contract.lines().filter_map(clause_row).collect();
    assert_eq!(rows.len(), Clause::ALL.len());
    for (clause, [id, kinds, text, from]) in Clause::ALL.iter().zip(rows) {
        assert_eq!((clause.id(), clause.text()), (id, text));
        let letters: Vec<String> = clause.kinds().iter().map(|kind| format!("{kind:?}")).collect();
        assert_eq!((letters.concat().as_str(), clause.origin().join(" ").as_str()), (kinds, from), "{id}");
    }
}

/// Returns id, kinds, text and origin of a line that is a row of a table of clauses.
fn clause_row(line: &str) -> Option<[&str; 4]> {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [id, kinds, text, from] = cells.try_into().ok()?;
    let (group, number) = id.split_once('-')?;
    let is_id = group.bytes().all(|byte| byte.is_ascii_uppercase()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then_some([id, kinds, text, from])
}
