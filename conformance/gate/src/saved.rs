//! Simulates the schedules that scenarios carry, each as it was saved, before any seed is simulated.
//!
//! If a decision of a schedule no longer applies, the schedule does not show the failure for which it was saved. The
//! report names such schedules.

use truecount_engine::rules::Rules;
use truecount_sim::subject::native::Store;

use crate::finding::Simulation;
use crate::runner::Runner;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// The simulation of a schedule that a scenario carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedSimulation {
    /// The judgement, and how the simulation ended.
    pub simulation: Simulation,
    /// The indices of the decisions whose moment never came, or that did not apply at that moment.
    pub idle: Vec<usize>,
}

/// Simulates the schedules of every scenario. Returns the simulations of each scenario, in order.
pub fn simulate_saved<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    engine: impl Fn() -> (R, S),
) -> Vec<Vec<SavedSimulation>> {
    let of = |&(scenario, reference): &(&Scenario, &Reference)| {
        if scenario.schedules.is_empty() {
            return Vec::new();
        }
        let (rules, store) = engine();
        let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
        let simulation = |saved: &truecount_scenario::Saved| {
            let (simulation, idle) = runner.simulate_saved(&saved.schedule);
            SavedSimulation { simulation, idle }
        };
        scenario.schedules.iter().map(simulation).collect()
    };
    scenarios.iter().map(of).collect()
}
