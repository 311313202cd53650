//! A digest of the behaviour of the engine, the simulator and the checkers. A process may resume from the results of
//! another process only if both simulate seeds in the same way.

use truecount_engine::rules::Rules;
use truecount_sim::subject::native::Store;

use crate::runner::Runner;
use truecount_contract::clause::Clause;
use truecount_contract::digest::sha256;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_contract::sometimes::Sometimes;
use truecount_scenario::Scenario;

/// Returns a digest of how one seed of each scenario is simulated and judged.
pub fn probe<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    seed: u64,
    engine: impl Fn() -> (R, S),
) -> String {
    let simulation = |&(scenario, reference): &(&Scenario, &Reference)| {
        let (rules, store) = engine();
        let simulation = Runner::new(scenario, reference, rules, store, Checkers::new(reference)).simulate(seed);
        let (hash, steps, events) = (simulation.hash, simulation.steps, simulation.events);
        let names = &scenario.drawn(reference, seed).0.names;
        let finding = simulation.finding.map_or_else(String::new, |finding| finding.text(names));
        let exercised: Vec<&str> = simulation.exercised.iter().map(Clause::id).collect();
        let reached: Vec<&str> = simulation.reached.iter().map(Sometimes::id).collect();
        format!("{hash} {steps} {events}\n{finding}\n{}\n{}\n", exercised.join(" "), reached.join(" "))
    };
    sha256(scenarios.iter().map(simulation).collect::<String>().as_bytes())
}
