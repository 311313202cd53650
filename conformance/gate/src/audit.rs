//! The audit checks that a seed gives the same simulation, regardless of earlier simulations and of the process in
//! which it is simulated.
//!
//! For a nondeterministic simulation, the audit reports the first event at which the two simulations differ, in words,
//! as each of them recorded it. It therefore keeps the events of a round until the round ends. The caller passes in the
//! results of the other process.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use truecount_engine::hash::mix_bytes;
use truecount_engine::index::ix;
use truecount_engine::rules::Rules;
use truecount_sim::interrupt::Interrupt;
use truecount_sim::simulate::Ended;
use truecount_sim::stream::Stream;
use truecount_sim::subject::native::Store;
use truecount_sim::trace::{Event, Recorder};

use crate::finding::{Finding, Simulation};
use crate::narrative::{EventWords, event_words};
use crate::runner::Runner;
use crate::sweep::Settings;
use crate::threads::on_threads;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::{Names, Scenario};

/// The number of seeds of each scenario that every check simulates twice.
const SAMPLE: u64 = 8;

/// The number of simulations that a thread takes at once.
const CHUNK: usize = 8;

/// The values in which two simulations of one seed must agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// A hash of the finding: the violated clauses and the event, or the difference from what the scenario expects.
    pub verdict: u64,
    /// The hash of the trace.
    pub hash: u64,
    pub events: u64,
    /// The digest of the final rows.
    pub digest: u64,
}

impl Mark {
    fn of(simulation: &Simulation, names: &Names, digest: u64) -> Self {
        let verdict = simulation.finding.as_ref().map_or(0, |finding| mix_bytes(1, finding.text(names).as_bytes()));
        Self { verdict, hash: simulation.hash, events: simulation.events, digest }
    }
}

/// A simulation in the form that the audit keeps.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The values that must be the same.
    pub mark: Mark,
    /// The finding behind the verdict, if any.
    pub finding: Option<Finding>,
    events: Vec<Event>,
    workers: u16,
    seed: u64,
}

impl Taken {
    /// Returns the events of the simulation in words. `scenario` is the scenario as read from its file, before the seed
    /// draws a shape.
    pub fn narrated(&self, scenario: &Scenario, reference: &Reference) -> Vec<EventWords> {
        let (scenario, reference) = scenario.drawn(reference, self.seed);
        event_words(scenario, reference, self.workers, &self.events)
    }
}

/// Where the second of two simulations took place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the same process, with the simulations in a different order.
    Here,
    /// In another process.
    Elsewhere,
}

/// A nondeterministic simulation. The cause is an internal error or an engine that is not deterministic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotSame {
    /// The index of the scenario.
    pub place: usize,
    /// The seed of both simulations.
    pub seed: u64,
    /// Where the second simulation took place.
    pub again: Place,
    /// The values of each simulation, which should have been the same.
    pub marks: [Mark; 2],
    /// The number of the first event that differs, counted from 1, and its words in each simulation; `None` if all
    /// events are the same.
    pub event: Option<(u64, [String; 2])>,
    /// The number of further nondeterministic seeds of the same scenario. They are not reported one by one.
    pub others: u64,
}

/// Simulations, each as a pair of a scenario's index and a seed.
pub type Simulations = Vec<(usize, u64)>;

/// Returns the simulations of a round, over all scenarios.
pub fn round_of(scenarios: &[(&Scenario, &Reference)], settings: Settings, round: u64) -> Simulations {
    let seeds = |(place, (scenario, _)): (usize, &(&Scenario, &Reference))| {
        let seeds = settings.share_of(scenario).in_round(round);
        seeds.map(move |offset| (place, settings.first.wrapping_add(offset)))
    };
    scenarios.iter().enumerate().flat_map(seeds).collect()
}

/// Simulates the first seeds of every scenario twice, the second time in shuffled order. Returns the differences. A
/// request to stop ends the audit early.
pub fn audit<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    settings: Settings,
    interrupt: Interrupt,
    engine: impl Fn() -> (R, S) + Sync,
) -> Vec<NotSame> {
    let mut simulations = round_of(scenarios, settings, 0);
    simulations.retain(|(_, seed)| seed.wrapping_sub(settings.first) < SAMPLE);
    twice(scenarios, &simulations, settings.jobs, interrupt, &engine).1
}

/// Simulates each seed once in order and once in shuffled order. Returns the simulations in order, and the differences.
/// After a request to stop, both lists are incomplete.
pub fn twice<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    jobs: usize,
    interrupt: Interrupt,
    engine: &(impl Fn() -> (R, S) + Sync),
) -> (Vec<Taken>, Vec<NotSame>) {
    let first = once(scenarios, simulations, jobs, interrupt, engine);
    if interrupt.asked() {
        return (first, Vec::new());
    }
    let mut order: Vec<usize> = (0..simulations.len()).collect();
    let mut stream = Stream::new("audit", "order", simulations.first().map_or(0, |(_, seed)| *seed));
    for last in (1..order.len()).rev() {
        order.swap(last, stream.below(ix(last + 1)) as usize);
    }
    let shuffled: Simulations = order.iter().map(|&at| simulations[at]).collect();
    let different = Mutex::new(BTreeMap::new());
    each(scenarios, &shuffled, jobs, interrupt, engine, |number, taken| {
        let at = order[number];
        if taken.mark != first[at].mark
            && let Ok(mut different) = different.lock()
        {
            different.insert(at, taken);
        }
    });
    let different = different.into_inner().unwrap_or_default();
    let mut found = Vec::new();
    for (at, again) in different {
        let (place, seed) = simulations[at];
        let (scenario, reference) = scenarios[place];
        note_difference(&mut found, place, seed, Place::Here, [first[at].mark, again.mark], || {
            [first[at].narrated(scenario, reference), again.narrated(scenario, reference)]
        });
    }
    (first, found)
}

/// Records a nondeterministic simulation. The first one of each scenario and [`Place`] is reported, and the others are
/// only counted.
fn note_difference(
    found: &mut Vec<NotSame>,
    place: usize,
    seed: u64,
    again: Place,
    marks: [Mark; 2],
    narrate: impl FnOnce() -> [Vec<EventWords>; 2],
) {
    if let Some(known) = found.iter_mut().find(|known| known.place == place && known.again == again) {
        known.others += 1;
        return;
    }
    let event = first_difference(&narrate());
    found.push(NotSame { place, seed, again, marks, event, others: 0 });
}

/// Returns the number of the first event that differs, counted from 1, and its words on each side.
fn first_difference([once, again]: &[Vec<EventWords>; 2]) -> Option<(u64, [String; 2])> {
    let digest = |side: &[EventWords], at: usize| side.get(at).map(|event| event.digest);
    let at = (0..once.len().max(again.len())).find(|&at| digest(once, at) != digest(again, at))?;
    let words = |side: &[EventWords]| {
        side.get(at).map_or_else(|| "no event, because the simulation has ended".to_owned(), EventWords::words)
    };
    Some((at as u64 + 1, [words(once), words(again)]))
}

/// Compares the simulations of this process with those of another process. `narrate` receives the index of a simulation
/// and returns, in words, the events that the other process recorded for it.
///
/// # Errors
///
/// Returns the error of `narrate`.
pub fn compare<E>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    here: &[Taken],
    there: &[Mark],
    mut narrate: impl FnMut(usize) -> Result<Vec<EventWords>, E>,
) -> Result<Vec<NotSame>, E> {
    let mut found: Vec<NotSame> = Vec::new();
    for (number, ((&(place, seed), taken), mark)) in simulations.iter().zip(here).zip(there).enumerate() {
        if taken.mark == *mark {
            continue;
        }
        let is_known = found.iter().any(|known| known.place == place);
        let other = if is_known { Vec::new() } else { narrate(number)? };
        let (scenario, reference) = scenarios[place];
        let sides = || [taken.narrated(scenario, reference), other];
        note_difference(&mut found, place, seed, Place::Elsewhere, [taken.mark, *mark], sides);
    }
    Ok(found)
}

/// Simulates each seed once and returns the simulations in order. After a request to stop, the list is incomplete.
pub fn once<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    jobs: usize,
    interrupt: Interrupt,
    engine: &(impl Fn() -> (R, S) + Sync),
) -> Vec<Taken> {
    let slots = Mutex::new(BTreeMap::new());
    each(scenarios, simulations, jobs, interrupt, engine, |number, taken| {
        if let Ok(mut slots) = slots.lock() {
            slots.insert(number, taken);
        }
    });
    slots.into_inner().unwrap_or_default().into_values().collect()
}

/// Simulates each seed and passes the simulation and its number to `take`, from any thread. Each thread keeps one
/// runner for each scenario, so that state which leaks from one simulation into the next becomes visible.
fn each<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    jobs: usize,
    interrupt: Interrupt,
    engine: &(impl Fn() -> (R, S) + Sync),
    take: impl Fn(usize, Taken) + Sync,
) {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut runners: Vec<_> = scenarios.iter().map(|_| None).collect();
        loop {
            let start = next.fetch_add(CHUNK, Ordering::Relaxed);
            if start >= simulations.len() {
                return;
            }
            for (number, &(place, seed)) in simulations.iter().enumerate().skip(start).take(CHUNK) {
                let runner = runners[place].get_or_insert_with(|| {
                    let ((scenario, reference), (rules, store)) = (scenarios[place], engine());
                    let judge = Recorder { events: Vec::new(), sink: Checkers::new(reference) };
                    let mut runner = Runner::new(scenario, reference, rules, store, judge);
                    runner.stop_by(interrupt);
                    runner
                });
                if interrupt.asked() {
                    return;
                }
                let simulation = runner.simulate(seed);
                if simulation.ended == Ended::Interrupted {
                    return;
                }
                let events = runner.world().trace.sink.events.clone();
                let (scenario, reference) = scenarios[place];
                let names = &scenario.drawn(reference, seed).0.names;
                let mark = Mark::of(&simulation, names, runner.digest());
                take(number, Taken { mark, finding: simulation.finding, events, workers: runner.workers(), seed });
            }
        }
    };
    on_threads(jobs, work);
}
