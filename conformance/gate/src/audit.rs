//! The audit: a seed gives the same simulation, whatever was simulated before it, and in another process.
//!
//! A nondeterministic simulation is located: the first event in which the two differ, both sides in words. So the
//! events of a round are kept until it is over, and no longer. Independent of processes: the caller passes in what
//! another one simulated.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use truecount_engine::hash::mix_bytes;
use truecount_engine::index::ix;
use truecount_engine::rules::Rules;
use truecount_sim::stream::Stream;
use truecount_sim::subject::native::Store;
use truecount_sim::trace::{Event, Recorder};

use crate::finding::{Finding, Simulation};
use crate::narrative::{EventWords, event_words};
use crate::runner::Runner;
use crate::sweep::Settings;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::{Names, Scenario};

/// Seeds of each scenario that every check simulates twice.
const SAMPLE: u64 = 8;

/// Simulations that a thread takes at once.
const CHUNK: usize = 8;

/// What two simulations of one seed must agree in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The verdict: which clauses were violated and where, or how the end was not what the scenario expects.
    pub verdict: u64,
    /// The hash of the trace.
    pub hash: u64,
    /// Events of the trace.
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

/// A simulation as the audit keeps it.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What must be the same.
    pub mark: Mark,
    /// What the verdict was.
    pub finding: Option<Finding>,
    events: Vec<Event>,
    workers: u16,
    seed: u64,
}

impl Taken {
    /// Returns what happened in it, event by event, in words; the scenario is the one that the seed simulated.
    pub fn narrated(&self, scenario: &Scenario, reference: &Reference) -> Vec<EventWords> {
        let (scenario, reference) = scenario.drawn(reference, self.seed);
        event_words(scenario, reference, self.workers, &self.events)
    }
}

/// Where the second of two simulations was simulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the same process, among others in another order.
    Here,
    /// In another process.
    Elsewhere,
}

/// A nondeterministic simulation: a defect of the harness, or of an engine that is not deterministic.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotSame {
    /// The scenario, by its place.
    pub place: usize,
    /// The seed that both were simulated under.
    pub seed: u64,
    /// Where the second one was simulated.
    pub again: Place,
    /// What they must agree in, of each.
    pub marks: [Mark; 2],
    /// The first event that differs, counted from 1, in words of each; none if every event is the same.
    pub event: Option<(u64, [String; 2])>,
    /// Other seeds of the same scenario that were nondeterministic, and are not reported.
    pub others: u64,
}

/// Simulations, by scenario and seed.
pub type Simulations = Vec<(usize, u64)>;

/// Returns the seeds of a round of every scenario.
pub fn round_of(scenarios: &[(&Scenario, &Reference)], settings: Settings, round: u64) -> Simulations {
    let seeds = |(place, (scenario, _)): (usize, &(&Scenario, &Reference))| {
        let seeds = settings.share_of(scenario).in_round(round);
        seeds.map(move |offset| (place, settings.first.wrapping_add(offset)))
    };
    scenarios.iter().enumerate().flat_map(seeds).collect()
}

/// Simulates the first seeds of every scenario twice, the second time in shuffled order, and returns the differences.
pub fn audit<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    settings: Settings,
    engine: impl Fn() -> (R, S) + Sync,
) -> Vec<NotSame> {
    let mut simulations = round_of(scenarios, settings, 0);
    simulations.retain(|(_, seed)| seed.wrapping_sub(settings.first) < SAMPLE);
    twice(scenarios, &simulations, settings.jobs, &engine).1
}

/// Simulates each once, and once more in shuffled order. Returns the first time, and the differences.
pub fn twice<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    jobs: usize,
    engine: &(impl Fn() -> (R, S) + Sync),
) -> (Vec<Taken>, Vec<NotSame>) {
    let first = once(scenarios, simulations, jobs, engine);
    let mut order: Vec<usize> = (0..simulations.len()).collect();
    let mut stream = Stream::new("audit", "order", simulations.first().map_or(0, |(_, seed)| *seed));
    for last in (1..order.len()).rev() {
        order.swap(last, stream.below(ix(last + 1)) as usize);
    }
    let shuffled: Simulations = order.iter().map(|&at| simulations[at]).collect();
    let different = Mutex::new(BTreeMap::new());
    each(scenarios, &shuffled, jobs, engine, |number, taken| {
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

/// Notes that a simulation was nondeterministic. Only the first one of a scenario is reported.
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

/// Returns the first event that differs, counted from 1, in words of each side.
fn first_difference([once, again]: &[Vec<EventWords>; 2]) -> Option<(u64, [String; 2])> {
    let digest = |side: &[EventWords], at: usize| side.get(at).map(|event| event.digest);
    let at = (0..once.len().max(again.len())).find(|&at| digest(once, at) != digest(again, at))?;
    let words = |side: &[EventWords]| {
        side.get(at).map_or_else(|| "nothing: the simulation is over".to_owned(), EventWords::words)
    };
    Some((at as u64 + 1, [words(once), words(again)]))
}

/// Compares what another process simulated with what was simulated here. `narrate` returns what happened there, in words.
///
/// # Errors
///
/// Returns why the other process does not narrate.
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

/// Simulates each once and returns them in their order.
pub fn once<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    jobs: usize,
    engine: &(impl Fn() -> (R, S) + Sync),
) -> Vec<Taken> {
    let slots = Mutex::new(BTreeMap::new());
    each(scenarios, simulations, jobs, engine, |number, taken| {
        if let Ok(mut slots) = slots.lock() {
            slots.insert(number, taken);
        }
    });
    slots.into_inner().unwrap_or_default().into_values().collect()
}

/// Simulates each and hands it over with its number, from any thread. A thread keeps the runner of a scenario for all
/// of its seeds, so that a runner which remembers something shows.
fn each<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    simulations: &[(usize, u64)],
    jobs: usize,
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
                    Runner::new(scenario, reference, rules, store, judge)
                });
                let simulation = runner.simulate(seed);
                let events = runner.world().trace.sink.events.clone();
                let (scenario, reference) = scenarios[place];
                let names = &scenario.drawn(reference, seed).0.names;
                let mark = Mark::of(&simulation, names, runner.digest());
                take(number, Taken { mark, finding: simulation.finding, events, workers: runner.workers(), seed });
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.max(1) {
            scope.spawn(work);
        }
        work();
    });
}
