//! Follows the path to a violation a second time and records the events.

use truecount_engine::rules::Rules;
use truecount_sim::simulate::Ended;
use truecount_sim::subject::Subject;
use truecount_sim::subject::native::Store;
use truecount_sim::trace::{EventSink, Recorder};

use super::{Violation, begin};
use crate::finding::Simulation;
use crate::recording::Recording;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// Follows the path again and returns the recording.
pub fn record_path<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    engine: (R, S),
    violation: &Violation,
) -> Recording {
    let judge = Recorder { events: Vec::new(), sink: Checkers::new(reference) };
    let mut runner = begin(scenario, reference, engine, judge, violation.workers);
    for step in &violation.steps {
        runner.take(*step);
    }
    if !runner.world.trace.sink.violated() {
        runner.subject.look_again(&mut runner.world);
    }
    let checkers = &runner.world.trace.sink.sink;
    let simulation = Simulation {
        seed: 0,
        finding: Some(violation.finding.clone()),
        ended: if checkers.violated() { Ended::Violation } else { Ended::Quiescent },
        hash: runner.world.trace.hash,
        steps: violation.steps.len() as u64,
        events: runner.world.trace.events,
        exercised: checkers.found.exercised,
        reached: checkers.reached.sometimes,
        injected: runner.world.injected.kinds(),
    };
    Recording::of(runner, simulation)
}
