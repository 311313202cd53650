//! Everything that a check found, as the input for its report.

use super::{CoverageReport, ExploredReport, Interrupted, Known, ScheduleReport};
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
    /// The results of each scenario's schedules; empty if no schedules were simulated. The failure of a schedule takes
    /// precedence over that of a seed.
    pub schedules: Vec<Vec<ScheduleReport>>,
    /// A report for each scenario that was explored.
    pub explored: Vec<ExploredReport>,
    /// The results of the vector cases.
    pub vectors: &'a [Case],
    /// Files that could not be read, and warnings about files.
    pub problems: &'a [Problem],
    /// Whether a warning fails the check.
    pub warnings_denied: bool,
    /// Simulations that were nondeterministic.
    pub nondeterministic: &'a [NotSame],
    /// The number of simulations that were audited individually instead of by sample; `None` without an audit.
    pub audited: Option<u64>,
    /// The number of simulations whose results were read from a checkpoint file, if any.
    pub resumed: Option<u64>,
    /// The failures that are expected, if a file declares any.
    pub known: Option<Known<'a>>,
    /// The paths that were taken under each kind of fault, if requested.
    pub coverage: Option<CoverageReport>,
    /// The progress of the check, if it was interrupted. A clause that was not violated by then is not known to hold.
    pub interrupted: Option<Interrupted>,
    /// Whether the check fails if a clause is not exercised or a sometimes assertion is not hit.
    pub judged: bool,
    /// The reasons why the check is not judged in this way.
    pub not_judged: Vec<&'a str>,
}

impl<'a> Checked<'a> {
    /// Returns a check with the results of seeds alone.
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
            warnings_denied: false,
            nondeterministic: &[],
            audited: None,
            resumed: None,
            known: None,
            coverage: None,
            interrupted: None,
            judged: false,
            not_judged: Vec::new(),
        }
    }
}
