//! The decisions of a seed, recorded as a schedule that can be simulated again.

use truecount_engine::rules::Rules;
use truecount_sim::log::DecisionLog;
use truecount_sim::schedule::{Action, Decision, Moment, Schedule};
use truecount_sim::scheduler::Scripted;
use truecount_sim::subject::native::Store;

use crate::finding::Finding;
use crate::runner::{Judge, Runner};
use truecount_contract::clause::Clause;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// Returns the schedule of a seed and the clause that the seed violates first, if any. Every decision of the schedule
/// has an effect. The schedule belongs to the scenario that the seed draws.
pub fn schedule_of<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    (rules, store): (R, S),
    seed: u64,
) -> (Schedule, Option<Clause>) {
    let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
    let (schedule, finding) = decisions(&mut runner, seed);
    (schedule, finding.map(|finding| finding.primary()))
}

/// Simulates a seed. Returns its decisions, and its finding if it fails.
pub(crate) fn decisions<'s, R: Rules, S: Store, J: Judge<'s>>(
    runner: &mut Runner<'s, R, S, J>,
    seed: u64,
) -> (Schedule, Option<Finding>) {
    let mut log = DecisionLog::default();
    let finding = runner.simulate_logged(seed, &mut log).finding;
    let workers = runner.workers();
    let decisions = without_idle(runner, workers, log.schedule.decisions);
    (Schedule { workers, decisions }, finding)
}

/// Turns each injection that did not apply into the step that was taken instead. Keeps this step only if a different
/// step was due. Removes all other decisions that did not apply.
fn without_idle<'s, R: Rules, S: Store, J: Judge<'s>>(
    runner: &mut Runner<'s, R, S, J>,
    workers: u16,
    mut decisions: Vec<Decision>,
) -> Vec<Decision> {
    let mut scripted = Scripted::new(&decisions);
    runner.simulate_schedule(0, workers, &mut scripted);
    let mut idle = scripted.idle();
    for place in &idle {
        if let Action::Inject(who, _) = decisions[*place].action {
            decisions[*place].action = Action::Step(who);
        }
    }
    idle.retain(|place| match decisions[*place] {
        Decision { moment: Moment::Step(due, _), action: Action::Step(who), .. } => due == who,
        Decision { action: Action::Step(_), .. } => false,
        _ => true,
    });
    let mut places = 0..;
    decisions.retain(|_| places.next().is_none_or(|place| idle.binary_search(&place).is_err()));
    decisions
}
