//! The standing of each clause after a check.

use serde::Serialize;

use crate::sums::ScenarioResult;
use truecount_contract::clause::{Clause, ClauseSet, Kind};
use truecount_contract::vectors::{Case, CaseResult};

/// The standing of a clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The clause was put to the test and held.
    Held,
    /// The clause was violated.
    Violated,
    /// The clause was violated only as a known failure states.
    KnownFailure,
    /// The clause has a checker, but nothing put it to the test.
    NotExercised,
    /// The clause has no checker yet.
    NotEvaluable,
    /// A test of the workspace checks the clause in the sources of this repository.
    Architecture,
}

/// The standing of a clause, and the numbers of scenarios and vectors on which it is based.
#[derive(Clone, Debug, Serialize)]
pub struct ClauseReport {
    /// The id of the clause.
    pub id: &'static str,
    /// The result of the check.
    pub standing: Standing,
    /// The number of scenarios that put the clause to the test.
    pub scenarios: u64,
    /// The number of vector cases that name the clause and passed.
    pub vectors: u64,
}

/// Returns the standing of each clause.
pub fn standings(results: &[ScenarioResult], vectors: &[Case]) -> Vec<ClauseReport> {
    let mut violated = ClauseSet::default();
    for result in results {
        violated.extend(result.first_violated.keys().copied().collect());
    }
    Clause::ALL
        .iter()
        .map(|&clause| {
            let scenarios = results.iter().filter(|result| result.exercised.contains(clause)).count() as u64;
            let naming = || vectors.iter().filter(|case| case.clauses.contains(&clause));
            let passed = naming().filter(|case| case.result == CaseResult::Passed).count() as u64;
            let failed = naming().any(|case| matches!(case.result, CaseResult::Failed { .. }));
            let of_kind = |kind: &Kind| match kind {
                Kind::A => Standing::Architecture,
                Kind::V if passed > 0 => Standing::Held,
                Kind::V => Standing::NotExercised,
                Kind::S | Kind::L if scenarios > 0 => Standing::Held,
                Kind::S | Kind::L => Standing::NotExercised,
            };
            // A clause of two kinds has the worse of the two standings.
            let worst = clause.kinds().iter().map(of_kind).min_by_key(|standing| match standing {
                Standing::Violated => 0,
                Standing::KnownFailure => 1,
                Standing::NotExercised => 2,
                Standing::NotEvaluable => 3,
                Standing::Architecture => 4,
                Standing::Held => 5,
            });
            let standing = if failed || violated.contains(clause) { Some(Standing::Violated) } else { worst };
            let standing = standing.unwrap_or(Standing::NotEvaluable);
            ClauseReport { id: clause.id(), standing, scenarios, vectors: passed }
        })
        .collect()
}

/// Marks clauses as violated, by id.
pub(super) fn violate<'a>(clauses: &mut [ClauseReport], ids: impl Iterator<Item = &'a &'static str>) {
    for id in ids {
        if let Some(report) = clauses.iter_mut().find(|report| report.id == *id) {
            report.standing = Standing::Violated;
        }
    }
}

/// Marks clauses that only known failures violate. A clause with a new violation stays marked as violated.
pub(super) fn know(clauses: &mut [ClauseReport], known: ClauseSet) {
    for clause in known.iter() {
        let report = clauses.iter_mut().find(|report| report.id == clause.id());
        if let Some(report) = report.filter(|report| report.standing != Standing::Violated) {
            report.standing = Standing::KnownFailure;
        }
    }
}
