//! The two matrices: the checks for each clause, and the scenario or case that killed each known bug.
//!
//! This module does not depend on how the matrices are written.

use serde::Serialize;

use super::evidence::Evidence;
use crate::report::Standing;
use crate::search::Detection;
use truecount_contract::clause::Clause;
use truecount_contract::vectors::{Case, CaseResult, Faulty};
use truecount_mutants::Mutant;

/// How well a clause is tested.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The clause was put to the test and held, and a bug was killed under it, so the test can fail.
    Tested,
    /// The clause was put to the test and held, but no bug was killed under it.
    Weak,
    /// The clause has a checker or vectors, but nothing put it to the test.
    Untested,
    /// A test of the workspace checks the clause in the sources of this repository.
    Architecture,
    /// This version has no checker for the clause.
    NotEvaluable,
    /// The clause was violated.
    Violated,
}

impl Proof {
    /// Every standing, with its meaning.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Tested, "put to the test, held, and at least one known bug is killed under it"),
        (Self::Weak, "put to the test and held, but no known bug is killed under it"),
        (Self::Untested, "has a checker, but nothing put the clause to the test"),
        (Self::Architecture, "checked in the sources of this repository by a test of the workspace"),
        (Self::NotEvaluable, "this version has no checker for the clause, so the clause is never counted as held"),
        (Self::Violated, "put to the test, and violated"),
    ];

    /// Returns the name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Weak => "weak",
            Self::Untested => "untested",
            Self::Architecture => "architecture",
            Self::NotEvaluable => "not_evaluable",
            Self::Violated => "violated",
        }
    }

    pub(super) fn of(standing: Standing, killed: bool) -> Self {
        match standing {
            Standing::Held if killed => Self::Tested,
            Standing::Held => Self::Weak,
            Standing::NotExercised => Self::Untested,
            Standing::Architecture => Self::Architecture,
            Standing::NotEvaluable => Self::NotEvaluable,
            Standing::Violated | Standing::KnownFailure => Self::Violated,
        }
    }
}

/// A row of the traceability matrix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Trace {
    /// The id of the clause.
    pub clause: &'static str,
    /// The number of vector cases that name the clause.
    pub vectors: u64,
    /// The number of these cases that passed.
    pub passed: u64,
    /// The number of scenarios that name the clause.
    pub scenarios: u64,
    /// The number of scenarios in which the run put the clause to the test, whether they name it or not.
    pub exercised: u64,
    /// The number of bugs that violate the clause.
    pub mutants: u64,
    /// The number of these bugs that were killed under the clause.
    pub killed: u64,
    /// How well the clause is tested.
    pub proof: Proof,
}

/// A row of the kill matrix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Kill {
    /// The id of the bug.
    pub mutant: &'static str,
    /// The name of the bug.
    pub name: &'static str,
    /// The description of the bug.
    pub does: &'static str,
    /// The clause under which it must be killed.
    pub clause: &'static str,
    /// `killed`, `other clause` or `survived`.
    pub verdict: &'static str,
    /// The number of seeds up to and including the one that showed the bug; `None` for a function, which needs no seed.
    pub seeds: Option<u64>,
    /// The number of simulations up to and including the one that showed the bug, or the number of failed cases.
    pub simulations: Option<u64>,
    /// The scenario or the case that showed the bug.
    pub by: Option<String>,
    /// Other clauses that were violated by the same event or are named by the failed cases.
    pub also: Vec<&'static str>,
}

/// Returns a row for each known bug. The bugs planted in the engine, found by scenarios, come first. The faulty
/// functions, found by vectors, follow.
pub(super) fn kills(evidence: &Evidence<'_>) -> Vec<Kill> {
    let campaigned = evidence.campaigned.iter().map(|(mutant, killed)| campaigned(mutant, killed));
    campaigned.chain(evidence.failed.iter().map(|(faulty, failed)| judged(faulty, failed))).collect()
}

fn campaigned(mutant: &Mutant, killed: &Detection) -> Kill {
    let Mutant { id, name, does, clause, .. } = *mutant;
    let at = killed.under_its_clause.as_ref().or(killed.first_violation.as_ref());
    let also = at.into_iter().flat_map(|at| at.clauses.iter()).filter(|other| *other != clause);
    Kill {
        mutant: id,
        name,
        does,
        clause: clause.id(),
        verdict: killed.verdict(),
        seeds: at.map(|at| at.seed + 1),
        simulations: at.map(|at| at.simulations),
        by: at.map(|at| at.scenario.clone()),
        also: also.map(Clause::id).collect(),
    }
}

fn judged(faulty: &Faulty, failed: &[Case]) -> Kill {
    let Faulty { id, name, does, clause, case, .. } = *faulty;
    // If the case written for the bug is among the failed cases, it shows the bug better than the first failed case.
    let own = |case: &&Case| case.clauses.contains(&clause);
    let by = failed.iter().filter(own).find(|failed| failed.id == case).or_else(|| failed.iter().find(own));
    let verdict = match (by, failed) {
        (Some(_), _) => "killed",
        (None, [_, ..]) => "other clause",
        (None, []) => "survived",
    };
    let named = |other: &Clause| failed.iter().any(|case| case.clauses.contains(other));
    Kill {
        mutant: id,
        name,
        does,
        clause: clause.id(),
        verdict,
        seeds: None,
        simulations: (!failed.is_empty()).then_some(failed.len() as u64),
        by: by.or(failed.first()).map(|case| case.id.clone()),
        also: Clause::ALL.iter().filter(|other| **other != clause && named(other)).map(|other| other.id()).collect(),
    }
}

/// Returns a row for each clause.
pub(super) fn traces(evidence: &Evidence<'_>, kills: &[Kill]) -> Vec<Trace> {
    let row = |(clause, report): (&Clause, &crate::report::ClauseReport)| {
        let naming = || evidence.cases.iter().filter(|case| case.clauses.contains(clause));
        let bugs = || kills.iter().filter(|kill| kill.clause == clause.id());
        let killed = bugs().filter(|kill| kill.verdict == "killed").count() as u64;
        let names = |scenario: &&&truecount_scenario::Scenario| scenario.clauses.iter().any(|id| id == clause.id());
        Trace {
            clause: clause.id(),
            vectors: naming().count() as u64,
            passed: naming().filter(|case| case.result == CaseResult::Passed).count() as u64,
            scenarios: evidence.scenarios.iter().filter(names).count() as u64,
            exercised: report.scenarios,
            mutants: bugs().count() as u64,
            killed,
            proof: Proof::of(report.standing, killed > 0),
        }
    };
    Clause::ALL.iter().zip(&evidence.standings).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clause_that_held_can_be_tested_or_weak() {
        for (standing, with, without) in [
            (Standing::Held, Proof::Tested, Proof::Weak),
            (Standing::NotExercised, Proof::Untested, Proof::Untested),
            (Standing::Architecture, Proof::Architecture, Proof::Architecture),
            (Standing::NotEvaluable, Proof::NotEvaluable, Proof::NotEvaluable),
            (Standing::Violated, Proof::Violated, Proof::Violated),
            (Standing::KnownFailure, Proof::Violated, Proof::Violated),
        ] {
            assert_eq!((Proof::of(standing, true), Proof::of(standing, false)), (with, without));
        }
    }
}
