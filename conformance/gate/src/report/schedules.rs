//! The results of the schedules in scenario files.

use serde::Serialize;
use truecount_sim::fault::FaultSet;

use super::FailureReport;
use crate::saved::SavedSimulation;
use truecount_contract::clause::ClauseSet;
use truecount_scenario::Saved;

/// The report on a schedule in a scenario file.
#[derive(Serialize, Debug, Default)]
pub struct ScheduleReport {
    /// The name of the schedule in its scenario.
    pub name: String,
    pub decisions: u64,
    /// The number of choices that were applied.
    pub steps: u64,
    /// Whether the simulation violated a clause or did not end as the scenario expects.
    pub failed: bool,
    /// Whether the simulation failed as a known failure states.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub expected: bool,
    /// The decisions whose moment never came, and those that did not apply at their moment.
    pub idle: Vec<String>,
    /// The clauses that the simulation exercised.
    #[serde(skip)]
    pub(super) exercised: ClauseSet,
    /// The kinds of fault that the simulation injected.
    #[serde(skip)]
    pub(super) injected: FaultSet,
    #[serde(skip)]
    pub(super) failure: Option<FailureReport>,
}

impl ScheduleReport {
    /// Returns the report on a simulation; `lines` are the decisions in words.
    pub fn new(saved: &Saved, simulated: &SavedSimulation, lines: &[String], failure: Option<FailureReport>) -> Self {
        Self {
            name: saved.name.clone(),
            decisions: saved.schedule.decisions.len() as u64,
            steps: simulated.simulation.steps,
            failed: simulated.simulation.finding.is_some(),
            expected: false,
            idle: simulated.idle.iter().filter_map(|place| lines.get(*place).cloned()).collect(),
            exercised: simulated.simulation.exercised,
            injected: simulated.simulation.injected,
            failure,
        }
    }

    /// Returns whether some decisions of the schedule no longer apply.
    pub(crate) fn is_stale(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Returns, in words, the number of decisions of the schedule that did not apply.
    pub(crate) fn idle_text(&self) -> String {
        no_longer(self.idle.len(), self.decisions)
    }
}

/// Returns, in words, the number of decisions that did not apply.
pub fn no_longer(idle: usize, decisions: u64) -> String {
    let (noun, verb) =
        (if decisions == 1 { "decision" } else { "decisions" }, if idle == 1 { "applies" } else { "apply" });
    format!("{idle} of {decisions} {noun} no longer {verb}")
}
