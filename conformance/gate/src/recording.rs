//! A simulation with its events and artifacts, recorded for a report.

use truecount_engine::artifact::{Bytes, Digest};
use truecount_engine::rules::Rules;
use truecount_sim::artifact_store::short;
use truecount_sim::interrupt::Interrupt;
use truecount_sim::schedule::Schedule;
use truecount_sim::scheduler::Scripted;
use truecount_sim::simulate::Ended;
use truecount_sim::subject::native::Store;
use truecount_sim::trace::{Event, Recorder};

use crate::finding::Simulation;
use crate::runner::{Judge, Runner, idle};
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// A simulation with its events and artifacts.
pub struct Recording {
    /// The judgement, and how the simulation ended.
    pub simulation: Simulation,
    /// The events, in order.
    pub events: Vec<Event>,
    pub workers: u16,
    /// The published files, each with the index of the request that created its run. The terminal write of a run names
    /// its file.
    pub artifacts: Vec<(usize, Bytes)>,
}

impl Recording {
    /// Returns the recording of the last simulation of a runner.
    pub(crate) fn of<'s, R: Rules, S: Store>(
        mut runner: Runner<'s, R, S, Recorder<Checkers<'s>>>,
        simulation: Simulation,
    ) -> Self {
        let events = std::mem::take(&mut runner.world().trace.sink.events);
        let workers = runner.workers();
        let artifact_store = std::mem::take(&mut runner.world().artifact_store);
        let ledger = &runner.world().trace.sink.checkers().ledger;
        let named = |run, digest: Digest| events.contains(&Event::Published { run, digest: short(digest.0) });
        let published = artifact_store.files().filter(|(run, digest, _)| named(*run, *digest));
        let artifacts = published.map(|(run, _, bytes)| (ledger.run(run).spec, Bytes::clone(bytes))).collect();
        Self { simulation, events, workers, artifacts }
    }
}

/// Simulates one seed and records it.
pub fn record<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    rules: R,
    store: S,
    seed: u64,
) -> Recording {
    record_with(scenario, reference, rules, store, |runner| runner.simulate(seed))
}

/// Simulates one seed and records it, unless a stop is requested before its end.
pub fn record_until<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    (rules, store): (R, S),
    seed: u64,
    interrupt: Interrupt,
) -> Option<Recording> {
    let recording = record_with(scenario, reference, rules, store, |runner| {
        runner.stop_by(interrupt);
        runner.simulate(seed)
    });
    (recording.simulation.ended != Ended::Interrupted).then_some(recording)
}

/// Simulates a schedule and records it. Also returns the indices of the decisions that did not apply.
pub fn record_schedule<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    engine: (R, S),
    seed: u64,
    schedule: &Schedule,
) -> (Recording, Vec<usize>) {
    let (rules, store) = engine;
    let mut scripted = Scripted::new(&schedule.decisions);
    let recording = record_with(scenario, reference, rules, store, |runner| {
        runner.simulate_schedule(seed, schedule.workers, &mut scripted)
    });
    let idle = idle(&recording.simulation, &scripted);
    (recording, idle)
}

fn record_with<'s, R: Rules, S: Store>(
    scenario: &'s Scenario,
    reference: &'s Reference,
    rules: R,
    store: S,
    simulate: impl FnOnce(&mut Runner<'s, R, S, Recorder<Checkers<'s>>>) -> Simulation,
) -> Recording {
    let judge = Recorder { events: Vec::new(), sink: Checkers::new(reference) };
    let mut runner = Runner::new(scenario, reference, rules, store, judge);
    let simulation = simulate(&mut runner);
    Recording::of(runner, simulation)
}
