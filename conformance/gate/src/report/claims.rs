//! Whether each scenario exercises the clauses that it names.
//!
//! A scenario that names a clause claims to test it. The claim is judged for each scenario by itself, whichever other
//! scenarios the check simulates.

use serde::Serialize;

use super::ScenarioReport;
use crate::sums::ScenarioResult;
use crate::sweep::Settings;
use truecount_contract::clause::ClauseSet;
use truecount_scenario::Scenario;

/// Whether a scenario exercises a clause that it names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimStanding {
    /// A seed or a schedule exercised the clause.
    Exercised,
    /// Nothing exercised the clause under at least the default number of seeds. This fails the check.
    NeverExercised,
    /// Nothing exercised the clause, but fewer seeds than the default were simulated or a simulation failed.
    NotJudged,
}

/// A clause that a scenario names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ClaimReport {
    /// The id of the clause.
    pub clause: String,
    /// Whether the scenario exercises the clause.
    pub standing: ClaimStanding,
}

/// Returns the clauses that a scenario names, in the order of its file.
pub(super) fn claims(scenario: &Scenario, result: &ScenarioResult, report: &ScenarioReport) -> Vec<ClaimReport> {
    let mut exercised: ClauseSet = result.exercised;
    for schedule in &report.schedules {
        exercised.extend(schedule.exercised);
    }
    // A failure ends a simulation early, before a clause may be exercised, and fails the check anyway.
    let judged = result.seeds >= Settings::default_seeds_of(scenario) && !report.fails() && report.expected == 0;
    let claim = |id: &String| ClaimReport {
        standing: match exercised.iter().any(|clause| clause.id() == id) {
            true => ClaimStanding::Exercised,
            false if judged => ClaimStanding::NeverExercised,
            false => ClaimStanding::NotJudged,
        },
        clause: id.clone(),
    };
    scenario.clauses.iter().map(claim).collect()
}
