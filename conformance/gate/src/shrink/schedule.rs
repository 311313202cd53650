//! Shrinks the schedule of a failing seed to the decisions that are needed to violate the same clause.

use truecount_engine::rules::Rules;
use truecount_sim::schedule::{Decision, Schedule};
use truecount_sim::scheduler::Scripted;
use truecount_sim::shrink::shrink;
use truecount_sim::subject::native::Store;

use crate::decisions::decisions;
use crate::runner::{Judge, Runner};
use crate::shrink::NotReproducible;
use truecount_contract::clause::Clause;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// A minimal schedule that violates a clause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MinimizedSchedule {
    /// The violated clause; the primary clause if an event violates several clauses.
    pub clause: Clause,
    /// The remaining decisions.
    pub schedule: Schedule,
    /// The number of decisions before shrinking.
    pub recorded: usize,
    /// The number of simulations that shrinking took.
    pub simulations: u64,
}

/// Shrinks the decisions of a failing seed: first the faults, then the order of steps, then the number of workers. The
/// schedule belongs to the scenario that the seed draws.
///
/// # Errors
///
/// Returns an error if the seed does not fail, or if its schedule does not fail in the same way.
pub fn schedule<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    (rules, store): (R, S),
    seed: u64,
) -> Result<MinimizedSchedule, NotReproducible> {
    let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
    let (whole, finding) = decisions(&mut runner, seed);
    let clause = finding.ok_or(NotReproducible::Passes)?.primary();
    let recorded = whole.decisions.len();
    let (schedule, simulations) = minimize(&mut runner, clause, &whole).ok_or(NotReproducible::Differs)?;
    // The two additional simulations are those of the seed and of its whole schedule.
    Ok(MinimizedSchedule { clause, schedule, recorded, simulations: simulations + 2 })
}

/// Returns a minimal part of a schedule under which the given clause is still the primary violation, and the number of
/// simulations. Returns `None` if the whole schedule does not violate the clause.
pub(super) fn minimize<'s, R: Rules, S: Store, J: Judge<'s>>(
    runner: &mut Runner<'s, R, S, J>,
    clause: Clause,
    whole: &Schedule,
) -> Option<(Schedule, u64)> {
    let recorded = &whole.decisions;
    let mut workers = whole.workers;
    let mut simulations = 0;
    let mut fails = |decisions: &[Decision], workers: u16| {
        simulations += 1;
        let simulation = runner.simulate_schedule(0, workers, &mut Scripted::new(decisions));
        // Only the same clause counts: a different failure may be a different bug.
        simulation.finding.is_some_and(|finding| finding.primary() == clause)
    };
    if !fails(recorded, workers) {
        return None;
    }
    // Decisions are represented by their indices, because the order of decisions at one moment matters.
    let (order, faults): (Vec<usize>, Vec<usize>) =
        (0..recorded.len()).partition(|place| recorded[*place].action.is_order());
    let mut left = |places: &[usize], workers: u16| fails(&at(recorded, places), workers);
    // Most failures need no decisions on the order of steps. Such decisions make up most of the list, so the search
    // first omits all of them.
    let kept = if left(&faults, workers) {
        shrink(&faults, |part| left(part, workers))
    } else {
        let faults = shrink(&faults, |part| left(&[part, &order[..]].concat(), workers));
        shrink(&[faults, order].concat(), |part| left(part, workers))
    };
    while workers > 1 && left(&kept, workers - 1) {
        workers -= 1;
    }
    let decisions = at(recorded, &kept);
    Some((Schedule { workers, decisions }, simulations))
}

/// Returns the decisions at these indices, in the order in which they were recorded.
fn at(recorded: &[Decision], places: &[usize]) -> Vec<Decision> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.into_iter().map(|place| recorded[place]).collect()
}
