//! The results of the schedules that scenarios carry.
//!
//! Independent of how a schedule is simulated.

use serde::Serialize;

use super::FailureReport;
use crate::saved::SavedSimulation;
use truecount_scenario::Saved;

/// The simulation of a schedule that a scenario carries.
#[derive(Serialize, Debug)]
pub struct ScheduleReport {
    /// The name under which the scenario carries it.
    pub name: String,
    /// How many decisions it has.
    pub decisions: u64,
    /// Choices that were applied.
    pub steps: u64,
    /// Whether its simulation violated a clause, or did not end as the scenario expects.
    pub failed: bool,
    /// The decisions whose moment never came or that did not apply then.
    pub idle: Vec<String>,
    #[serde(skip)]
    pub(super) failure: Option<FailureReport>,
}

impl ScheduleReport {
    /// Reports a simulation; `lines` are the decisions in words.
    pub fn new(saved: &Saved, simulated: &SavedSimulation, lines: &[String], failure: Option<FailureReport>) -> Self {
        Self {
            name: saved.name.clone(),
            decisions: saved.schedule.decisions.len() as u64,
            steps: simulated.simulation.steps,
            failed: simulated.simulation.finding.is_some(),
            idle: simulated.idle.iter().filter_map(|place| lines.get(*place).cloned()).collect(),
            failure,
        }
    }

    /// Returns whether it no longer shows what it was saved for.
    pub fn is_stale(&self) -> bool {
        !self.idle.is_empty()
    }

    /// Returns how many of its decisions did not apply, in words.
    pub fn idle_text(&self) -> String {
        no_longer(self.idle.len(), self.decisions)
    }
}

/// Returns in words how many of so many decisions did not apply.
pub fn no_longer(idle: usize, decisions: u64) -> String {
    let (noun, verb) =
        (if decisions == 1 { "decision" } else { "decisions" }, if idle == 1 { "applies" } else { "apply" });
    format!("{idle} of {decisions} {noun} no longer {verb}")
}
