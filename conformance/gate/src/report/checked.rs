//! Everything that a check found, before it is a report.

use super::{CoverageReport, ExploredReport, Interrupted, ScheduleReport};
use crate::audit::NotSame;
use crate::sums::ScenarioResult;
use crate::sweep::Settings;
use truecount_contract::reference::Reference;
use truecount_contract::vectors::Case;
use truecount_json::problem::Problem;
use truecount_scenario::Scenario;

/// Everything that a check found.
pub struct Checked<'a> {
    /// The settings of the sweep.
    pub settings: Settings,
    /// The scenarios, each with its reference.
    pub scenarios: &'a [(&'a Scenario, &'a Reference)],
    /// The result of each scenario's seeds.
    pub results: &'a [ScenarioResult],
    /// What became of each scenario's schedules; empty if no schedules were simulated. A schedule comes before any
    /// seed: if one fails, its failure is the first.
    pub schedules: Vec<Vec<ScheduleReport>>,
    /// A report for each scenario that was explored.
    pub explored: Vec<ExploredReport>,
    /// The results of the vectors.
    pub vectors: &'a [Case],
    /// Files that could not be read.
    pub problems: &'a [Problem],
    /// Simulations that were nondeterministic.
    pub nondeterministic: &'a [NotSame],
    /// How many simulations were audited one by one, if that was requested.
    pub audited: Option<u64>,
    /// Which paths were taken under which faults, if that was requested.
    pub coverage: Option<CoverageReport>,
    /// How far the check came, if it was interrupted: what was not violated by then is not known to hold.
    pub interrupted: Option<Interrupted>,
    /// Whether it is judged that every clause is exercised and every sometimes assertion is hit.
    pub judged: bool,
}

impl<'a> Checked<'a> {
    /// Returns a check of which only the seeds are known so far.
    pub const fn of(
        settings: Settings,
        scenarios: &'a [(&'a Scenario, &'a Reference)],
        results: &'a [ScenarioResult],
    ) -> Self {
        Self {
            settings,
            scenarios,
            results,
            schedules: Vec::new(),
            explored: Vec::new(),
            vectors: &[],
            problems: &[],
            nondeterministic: &[],
            audited: None,
            coverage: None,
            interrupted: None,
            judged: false,
        }
    }
}
