//! The schedules that scenarios carry: simulated before any seed, each as it was saved.
//!
//! A schedule with decisions that no longer apply does not show what it was saved for, and that is reported.

use truecount_engine::rules::Rules;
use truecount_sim::subject::native::Store;

use crate::finding::Simulation;
use crate::runner::Runner;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// A simulation of a schedule that a scenario carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SavedSimulation {
    /// The judgement, and how the simulation ended.
    pub simulation: Simulation,
    /// The decisions, by their places, whose moment never came or that did not apply then.
    pub idle: Vec<usize>,
}

/// Simulates the schedules of every scenario, and returns for each scenario its simulations, in order.
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
