//! Whether the simulations of each scenario inject the faults that it allows.
//!
//! A fault that no simulation injects shows nothing, although the file suggests that the scenario tests it. Each
//! scenario is judged by itself, whichever other scenarios the check simulates.

use serde::Serialize;
use truecount_sim::fault::{Fault, FaultSet};

use super::ScenarioReport;
use crate::sums::ScenarioResult;
use crate::sweep::Settings;
use truecount_json::problem::Problem;
use truecount_scenario::Scenario;

/// Whether a simulation of a scenario injects a fault that the scenario allows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultStanding {
    /// A seed or a schedule injected the fault.
    Injected,
    /// Nothing injected the fault under at least 256 seeds. This is a warning.
    NeverInjected,
    /// Nothing injected the fault, but fewer seeds were simulated, a simulation failed, or the scenario is one shape of
    /// another.
    NotJudged,
}

/// A fault that a scenario allows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FaultReport {
    /// The name of the fault.
    pub fault: &'static str,
    /// Whether a simulation injects the fault.
    pub standing: FaultStanding,
}

/// Returns the faults that a scenario allows, in the order of the table of faults. Adds a warning for each fault that is
/// never injected, in the order of the file.
pub(super) fn faults(
    scenario: &Scenario,
    result: &ScenarioResult,
    report: &ScenarioReport,
    warnings: &mut Vec<Problem>,
) -> Vec<FaultReport> {
    let mut injected: FaultSet = result.injected;
    for schedule in &report.schedules {
        injected.extend(schedule.injected);
    }
    // A failure ends a simulation early, before a fault may be injected, and fails the check anyway. A scenario whose
    // default is two seeds cannot be expected to inject each fault.
    let judged = result.seeds >= Settings::DEFAULT && !report.fails() && report.expected == 0;
    let never = if judged { scenario.if_not_injected.as_slice() } else { &[] };
    let never: Vec<_> = never.iter().filter(|(fault, _)| !injected.contains(*fault)).collect();
    warnings.extend(never.iter().map(|(_, warning)| warning.clone()));
    let of = |fault: Fault| FaultReport {
        fault: fault.name(),
        standing: match injected.contains(fault) {
            true => FaultStanding::Injected,
            false if never.iter().any(|(other, _)| *other == fault) => FaultStanding::NeverInjected,
            false => FaultStanding::NotJudged,
        },
    };
    scenario.fixture.faults.kinds().iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{ScheduleReport, scenario_report};

    const FILE: &str = r#"{"format": 1, "title": "t", "clauses": ["COUNT-06"], "tenants": ["t"],
"objects": {"a": "archived"},
"runs": [{"name": "r", "tenant": "t", "actor": "system", "family": "backup_set.restore", "request": ["a"]}],
"faults": {"stall": 1, "redeliver": 1},
"expect": {"r": {"outcome": "succeeded"}}}"#;

    type Change = fn(&mut ScenarioResult, &mut ScenarioReport);

    /// Returns the standings of the faults and the columns of the warnings, after 256 seeds that inject nothing.
    fn judged(change: Change) -> (Vec<FaultStanding>, Vec<Option<u32>>) {
        let scenario = truecount_scenario::parse("f", "f", FILE.as_bytes()).expect("a valid file");
        let mut result = ScenarioResult { seeds: 256, ..ScenarioResult::default() };
        let settings = Settings { first: 0, seeds: None, jobs: 1 };
        let mut report = scenario_report(settings, &scenario, &result);
        change(&mut result, &mut report);
        let mut warnings = Vec::new();
        let faults = faults(&scenario, &result, &report, &mut warnings);
        assert!(faults.iter().map(|fault| fault.fault).eq(["stall", "redeliver"]));
        let columns = warnings.iter().map(Problem::column).collect();
        (faults.into_iter().map(|fault| fault.standing).collect(), columns)
    }

    fn schedule(injected: &[Fault]) -> ScheduleReport {
        let injected = injected.iter().copied().collect();
        ScheduleReport { injected, ..ScheduleReport::default() }
    }

    #[test]
    fn a_seed_or_a_schedule_may_inject_a_fault() {
        use FaultStanding::{Injected, NeverInjected};
        assert_eq!(judged(|_, _| ()), (vec![NeverInjected; 2], vec![Some(12), Some(24)]));
        let by_seed: Change = |result, _| result.injected.insert(Fault::Stall);
        assert_eq!(judged(by_seed), (vec![Injected, NeverInjected], vec![Some(24)]));
        let by_schedule: Change = |_, report| report.schedules = vec![schedule(&[]), schedule(&[Fault::Redeliver])];
        assert_eq!(judged(by_schedule), (vec![NeverInjected, Injected], vec![Some(12)]));
        let by_either: Change = |result, report| {
            result.injected.insert(Fault::Stall);
            report.schedules.push(schedule(&[Fault::Redeliver]));
        };
        assert_eq!(judged(by_either), (vec![Injected; 2], Vec::new()));
    }

    #[test]
    fn nothing_is_judged_after_a_failure_or_with_fewer_seeds() {
        let changes: [Change; 4] = [
            |result, _| result.seeds = 255,
            |_, report| report.failures = 1,
            |_, report| report.expected = 1,
            |_, report| report.schedules.push(ScheduleReport { failed: true, ..schedule(&[]) }),
        ];
        for (place, change) in changes.into_iter().enumerate() {
            assert_eq!(judged(change), (vec![FaultStanding::NotJudged; 2], Vec::new()), "case {place}");
        }
    }
}
