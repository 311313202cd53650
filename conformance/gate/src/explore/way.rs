//! The way to a broken promise: played again, and put down as a schedule.

use std::collections::VecDeque;

use truecount_engine::rules::Rules;
use truecount_sim::choice::{Choice, Open};
use truecount_sim::play::Ended;
use truecount_sim::schedule::Scribe;
use truecount_sim::scheduler::{Fair, Scheduler};
use truecount_sim::subject::Subject;
use truecount_sim::subject::native::Store;
use truecount_sim::trace::{Recorder, Witness};

use super::{Broken, Step, begin};
use crate::finding::Play;
use crate::recording::Recording;
use crate::recording::kept;
use crate::runner::Runner;
use crate::shrunk::Shrunk;
use crate::shrunk::smallest;
use truecount_contract::brief::Brief;
use truecount_contract::invariant::Checkers;
use truecount_scenario::Scenario;

/// Takes the way once more and keeps everything.
pub fn record_way<R: Rules, S: Store>(
    scenario: &Scenario,
    brief: &Brief,
    engine: (R, S),
    broken: &Broken,
) -> Recording {
    let judge = Recorder { events: Vec::new(), witness: Checkers::new(brief) };
    let mut runner = begin(scenario, brief, engine, judge, broken.workers);
    for step in &broken.steps {
        runner.take(*step);
    }
    if !runner.world.trace.witness.alarmed() {
        runner.subject.look_again(&mut runner.world);
    }
    let checkers = &runner.world.trace.witness.witness;
    let play = Play {
        seed: 0,
        finding: Some(broken.finding.clone()),
        ended: if checkers.alarmed() { Ended::Alarmed } else { Ended::Quiet },
        hash: runner.world.trace.hash,
        steps: broken.steps.len() as u64,
        events: runner.world.trace.events,
        exercised: checkers.found.exercised,
        reached: checkers.reached.goals,
    };
    kept(runner, play)
}

/// Puts the way down as a schedule and shrinks that. None where the schedule, played, does not break the same promise:
/// after faults have stopped a schedule has no say. Where the last part of the way depends on whose turn it is then, it is
/// gone once more without that they stop: whoever could go on after that could before.
pub fn shrunk_way<R: Rules, S: Store>(
    scenario: &Scenario,
    brief: &Brief,
    (rules, store): (R, S),
    broken: &Broken,
) -> Option<Shrunk> {
    let mut runner = Runner::new(scenario, brief, rules, store, Checkers::new(brief));
    let clause = broken.finding.primary();
    let mut gone = |steps: VecDeque<Step>| {
        let mut way = Way { steps, fair: Fair::default() };
        let mut scribe = Scribe::default();
        runner.perform(0, broken.workers, &mut way, u64::MAX, &mut scribe);
        scribe.schedule.workers = broken.workers;
        let recorded = scribe.schedule.deviations.len();
        let (schedule, plays) = smallest(&mut runner, clause, &scribe.schedule)?;
        Some(Shrunk { clause, schedule, recorded, plays: plays + 1 })
    };
    let steps = || broken.steps.iter().copied();
    gone(steps().collect()).or_else(|| gone(steps().filter(|step| *step != Step::Heal).collect()))
}

/// Goes a way, and on from its end with nothing bent.
struct Way {
    steps: VecDeque<Step>,
    fair: Fair,
}

impl Scheduler for Way {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        // What comes up must not be beyond what is open: at rest there is no choice.
        open.default_choice()?;
        match self.steps.pop_front() {
            Some(Step::Choice(choice)) => Some(choice),
            Some(Step::Heal) | None => self.fair.pick(subject, open),
        }
    }

    fn stops_faults<S: Subject>(&mut self, _: &S, _: &Open<'_>) -> bool {
        let heals = self.steps.front() == Some(&Step::Heal);
        if heals {
            self.steps.pop_front();
        }
        heals || self.steps.is_empty()
    }

    fn calm(&mut self) {}
}
