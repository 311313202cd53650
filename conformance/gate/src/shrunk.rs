//! Shrinks a failure: of what a failing seed did differently, what it needs to break the same clause.

use truecount_engine::rules::Rules;
use truecount_sim::schedule::{Act, Deviation, Moment, Schedule, Scribe};
use truecount_sim::scheduler::Scripted;
use truecount_sim::shrink::shrink;
use truecount_sim::subject::native::Store;

use crate::runner::{Judge, Runner};
use truecount_contract::brief::Brief;
use truecount_contract::clause::Clause;
use truecount_contract::invariant::Checkers;
use truecount_scenario::Scenario;

/// A failure, as small as it could be made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shrunk {
    /// The clause that it breaks, first among those broken at once.
    pub clause: Clause,
    /// What is needed to break it.
    pub schedule: Schedule,
    /// How many deviations the seed had.
    pub recorded: usize,
    /// Plays that it took.
    pub plays: u64,
}

/// Takes down a seed as a schedule in which every deviation comes to something, with what the play broke first. It is a
/// schedule of the scenario that the seed draws.
pub fn schedule_of<R: Rules, S: Store>(
    scenario: &Scenario,
    brief: &Brief,
    engine: (R, S),
    seed: u64,
) -> (Schedule, Option<Clause>) {
    let (rules, store) = engine;
    let mut runner = Runner::new(scenario, brief, rules, store, Checkers::new(brief));
    let mut scribe = Scribe::default();
    let broken = runner.play_recorded(seed, &mut scribe).finding.map(|finding| finding.primary());
    let workers = runner.workers();
    let deviations = without_idle(&mut runner, workers, scribe.schedule.deviations);
    (Schedule { workers, deviations }, broken)
}

/// Why nothing is left of a seed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nothing {
    /// It does not fail.
    Holds,
    /// It fails, and its schedule, played again, does not fail in the same way.
    Unlike,
    /// The failure is gone once its schedule stands in the scenario, or nobody knows how that is written.
    Gone,
}

/// Shrinks a failing seed: faults first, then whose turn it is, then workers. What is left is of the scenario that the seed
/// draws.
///
/// # Errors
///
/// Returns why nothing is left: the seed does not fail, or its schedule fails unlike it.
pub fn shrunk<R: Rules, S: Store>(
    scenario: &Scenario,
    brief: &Brief,
    engine: (R, S),
    seed: u64,
) -> Result<Shrunk, Nothing> {
    let (rules, store) = engine;
    let mut runner = Runner::new(scenario, brief, rules, store, Checkers::new(brief));
    let mut scribe = Scribe::default();
    let clause = runner.play_recorded(seed, &mut scribe).finding.ok_or(Nothing::Holds)?.primary();
    let workers = runner.workers();
    let deviations = without_idle(&mut runner, workers, scribe.schedule.deviations);
    let recorded = deviations.len();
    let (schedule, plays) = smallest(&mut runner, clause, &Schedule { workers, deviations }).ok_or(Nothing::Unlike)?;
    // The seed, its schedule, and what the rest took.
    Ok(Shrunk { clause, schedule, recorded, plays: plays + 2 })
}

/// Returns the smallest part of a schedule that breaks a clause first, with the plays that it took to find it; none where
/// not even the whole does.
pub(super) fn smallest<'s, R: Rules, S: Store, J: Judge<'s>>(
    runner: &mut Runner<'s, R, S, J>,
    clause: Clause,
    whole: &Schedule,
) -> Option<(Schedule, u64)> {
    let recorded = &whole.deviations;
    let mut workers = whole.workers;
    let mut plays = 0;
    let mut fails = |deviations: &[Deviation], workers: u16| {
        plays += 1;
        let play = runner.play_schedule(0, workers, &mut Scripted::new(deviations));
        // The same clause, and not merely any failure: another bug would be another story.
        play.finding.is_some_and(|finding| finding.primary() == clause)
    };
    if !fails(recorded, workers) {
        return None;
    }
    // Places in the list stand for its deviations: at one moment their order matters.
    let (order, faults): (Vec<usize>, Vec<usize>) =
        (0..recorded.len()).partition(|place| recorded[*place].act.is_order());
    let mut left = |places: &[usize], workers: u16| fails(&at(recorded, places), workers);
    // Most failures need no order of their own: try that first, for it is most of the list.
    let kept = if left(&faults, workers) {
        shrink(&faults, |part| left(part, workers))
    } else {
        let faults = shrink(&faults, |part| left(&[part, &order[..]].concat(), workers));
        shrink(&[faults, order].concat(), |part| left(part, workers))
    };
    while workers > 1 && left(&kept, workers - 1) {
        workers -= 1;
    }
    let deviations = at(recorded, &kept);
    Some((Schedule { workers, deviations }, plays))
}

/// Returns the deviations at these places, in the order in which they were taken down.
fn at(recorded: &[Deviation], places: &[usize]) -> Vec<Deviation> {
    let mut places = places.to_vec();
    places.sort_unstable();
    places.into_iter().map(|place| recorded[place]).collect()
}

/// Writes a bend that could not strike as what it was: a step, and a deviation only where it was not that one's turn.
fn without_idle<'s, R: Rules, S: Store, J: Judge<'s>>(
    runner: &mut Runner<'s, R, S, J>,
    workers: u16,
    mut deviations: Vec<Deviation>,
) -> Vec<Deviation> {
    let mut scripted = Scripted::new(&deviations);
    runner.play_schedule(0, workers, &mut scripted);
    let mut idle = scripted.idle();
    for place in &idle {
        if let Act::Bend(who, _) = deviations[*place].act {
            deviations[*place].act = Act::Step(who);
        }
    }
    idle.retain(|place| match deviations[*place] {
        Deviation { moment: Moment::Step(due, _), act: Act::Step(who), .. } => due == who,
        Deviation { act: Act::Step(_), .. } => false,
        _ => true,
    });
    let mut places = 0..;
    deviations.retain(|_| places.next().is_none_or(|place| idle.binary_search(&place).is_err()));
    deviations
}
