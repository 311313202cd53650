//! Sweeps: many seeds of many scenarios, simulated on several threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use truecount_engine::rules::Rules;
use truecount_sim::interrupt::Interrupt;
use truecount_sim::simulate::Ended;
use truecount_sim::subject::native::Store;

use crate::runner::Runner;
use crate::sums::{Moment, ScenarioResult, Sums, Swept};
use crate::tasks::{ROUND, Share, Tasks, seeds_in};
use crate::threads::on_threads;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// The number of units above which a scenario is large and has fewer seeds by default.
const LARGE: usize = 1_000;

/// Ends a sweep if a simulation panics. Its task never completes, so no round would end the sweep.
struct EndOnPanic<'a>(&'a AtomicBool);

impl Drop for EndOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// The settings of a sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The first seed of each scenario.
    pub first: u64,
    /// The number of seeds for each scenario; `None` for the default, which depends on the scenario's size.
    pub seeds: Option<u64>,
    /// The number of threads; 0 counts as 1.
    pub jobs: usize,
}

impl Settings {
    /// The default number of seeds for a scenario of ordinary size.
    pub const DEFAULT: u64 = 256;

    /// An unlimited number of seeds, for a sweep that is stopped by its caller.
    pub const ENDLESS: u64 = u64::MAX;

    /// Returns the number of seeds for a scenario.
    pub fn seeds_of(&self, scenario: &Scenario) -> u64 {
        self.seeds.unwrap_or_else(|| Self::default_seeds_of(scenario))
    }

    /// Returns the default number of seeds for a scenario.
    pub fn default_seeds_of(scenario: &Scenario) -> u64 {
        if scenario.fixture.units() > LARGE { 2 } else { Self::DEFAULT }
    }

    /// Returns the number of seeds that are simulated for a scenario in this number of rounds.
    pub fn simulated_in(&self, scenario: &Scenario, rounds: u64) -> u64 {
        seeds_in(self.seeds_of(scenario), rounds)
    }

    /// Returns the seeds of a scenario, divided into tasks that are each large enough to justify a runner.
    pub fn share_of(&self, scenario: &Scenario) -> Share {
        let chunk = if scenario.fixture.units() > LARGE { 1 } else { ROUND };
        Share { seeds: self.seeds_of(scenario), chunk }
    }
}

/// A callback for the progress of a sweep.
pub trait Progress: Sync {
    /// Called from any thread with the number of newly performed simulations.
    fn done(&self, simulations: u64);
}

impl Progress for () {
    fn done(&self, _: u64) {}
}

/// Simulates every seed of every scenario. Returns a result for each scenario, in order.
pub fn sweep<R, S>(
    scenarios: &[(&Scenario, &Reference)],
    settings: Settings,
    engine: impl Fn() -> (R, S) + Sync,
    progress: &impl Progress,
) -> Vec<ScenarioResult>
where
    R: Rules,
    S: Store,
{
    let begun = Swept::nothing(scenarios.len());
    sweep_on(scenarios, settings, begun, Interrupt::NEVER, engine, progress, |_, _| true).results
}

/// Continues a sweep, round by round, until all seeds are simulated, `between` returns `false`, or a stop is requested.
/// `between` is called after each task and at the end of each round. The results of whole rounds are the same for any
/// number of threads. A request to stop ends the simulations under way, which are the only ones that are lost.
pub fn sweep_on<R, S>(
    scenarios: &[(&Scenario, &Reference)],
    settings: Settings,
    from: Swept,
    interrupt: Interrupt,
    engine: impl Fn() -> (R, S) + Sync,
    progress: &impl Progress,
    between: impl FnMut(&Swept, Moment) -> bool + Send,
) -> Swept
where
    R: Rules,
    S: Store,
{
    let shares: Vec<Share> = scenarios.iter().map(|(scenario, _)| settings.share_of(scenario)).collect();
    let watching = from.watching;
    let done = from.parts.keys().map(|part| (part.place, part.start)).collect();
    let tasks = Mutex::new(Tasks::new(&shares, from.rounds).without(done));
    let sums = Mutex::new(Sums::new(&shares, from, between));
    let ended = AtomicBool::new(false);
    let work = || {
        let _end = EndOnPanic(&ended);
        loop {
            let Some(task) = tasks.lock().ok().and_then(|mut tasks| tasks.next()) else { return };
            let (scenario, reference) = scenarios[task.place];
            let (rules, store) = engine();
            let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
            runner.stop_by(interrupt);
            let mut result = ScenarioResult::default();
            for offset in task.start..task.start + task.seeds {
                if ended.load(Ordering::Relaxed) || interrupt.asked() {
                    return;
                }
                let simulation = runner.simulate(settings.first.wrapping_add(offset));
                if simulation.ended == Ended::Interrupted {
                    return;
                }
                if simulation.finding.is_none() {
                    let ledger = &runner.world().trace.sink.ledger;
                    result.cells.take(ledger, simulation.seed);
                    if watching {
                        result.states.take(ledger);
                    }
                }
                result.add(&simulation);
                progress.done(1);
            }
            let more = sums.lock().is_ok_and(|mut sums| sums.take(task, result));
            if !more {
                ended.store(true, Ordering::Relaxed);
            }
        }
    };
    on_threads(settings.jobs, work);
    sums.into_inner().map_or_else(|_| Swept::nothing(scenarios.len()), Sums::into_swept)
}
