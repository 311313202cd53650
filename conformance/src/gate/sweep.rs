//! Many seeds over many scenarios, on several threads, with one result.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use truecount_engine::plan::mix;
use truecount_engine::rules::Rules;
use truecount_sim::stream::Stream;
use truecount_sim::subject::native::Store;

use super::{Finding, Play, Rig};
use crate::brief::Brief;
use crate::clause::{Clause, ClauseSet};
use crate::coverage::Cells;
use crate::invariant::Checkers;
use crate::reached::{Goal, GoalSet};
use crate::scenario::Scenario;

/// Units above which a scenario is large: it gets fewer seeds by default.
const LARGE: usize = 1_000;

/// Seeds that a task takes at once: enough to be worth a rig, few enough to spread.
const CHUNK: u64 = 32;

/// Seeds that run twice.
const AUDITED: u64 = 8;

/// What to sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The first seed.
    pub first: u64,
    /// How many seeds for each scenario; none for the default, by size.
    pub seeds: Option<u64>,
    /// Threads.
    pub jobs: usize,
}

impl Settings {
    /// Seeds for a scenario of ordinary size.
    pub const DEFAULT: u64 = 256;

    /// Returns how many seeds a scenario gets.
    pub fn seeds_of(&self, scenario: &Scenario) -> u64 {
        self.seeds.unwrap_or(if scenario.fixture.units() > LARGE { 2 } else { Self::DEFAULT })
    }
}

/// The sum of a scenario's plays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScenarioResult {
    /// Seeds that were played.
    pub seeds: u64,
    /// Seeds with a finding.
    pub failures: u64,
    /// The first of them.
    pub first: Option<Play>,
    /// A hash of all traces, in the order of seeds.
    pub hash: u64,
    /// Choices that were applied.
    pub steps: u64,
    /// Events that were witnessed.
    pub events: u64,
    /// Clauses that were put to the test.
    pub exercised: ClauseSet,
    /// Clauses that were broken, each with the first seed that broke it.
    pub first_broken: BTreeMap<Clause, u64>,
    /// Goals that were reached, each with the first seed that reached it.
    pub first_reached: BTreeMap<Goal, u64>,
    /// Cells of the coverage that were reached.
    pub cells: Cells,
    reached: GoalSet,
}

impl ScenarioResult {
    fn add(&mut self, play: Play) {
        self.seeds += 1;
        self.hash = mix(self.hash, play.hash);
        self.steps += play.steps;
        self.events += play.events;
        self.exercised.extend(play.exercised);
        if let Some(finding) = &play.finding {
            self.failures += 1;
            for clause in finding.clauses().iter() {
                self.first_broken.entry(clause).or_insert(play.seed);
            }
            self.first.get_or_insert(play);
            // What happens in a play that fails is nothing that was shown to hold.
            return;
        }
        let fresh = play.reached.beyond(self.reached);
        self.first_reached.extend(fresh.iter().map(|goal| (goal, play.seed)));
        self.reached.extend(fresh.iter());
    }

    fn append(&mut self, later: Self) {
        self.seeds += later.seeds;
        self.failures += later.failures;
        self.hash = mix(self.hash, later.hash);
        self.steps += later.steps;
        self.events += later.events;
        self.exercised.extend(later.exercised);
        for (clause, seed) in later.first_broken {
            self.first_broken.entry(clause).or_insert(seed);
        }
        for (goal, seed) in later.first_reached {
            self.first_reached.entry(goal).or_insert(seed);
        }
        self.reached.extend(later.reached.iter());
        self.cells.append(later.cells);
        self.first = self.first.take().or(later.first);
    }
}

/// Is told how far a sweep is, from any thread.
pub trait Progress: Sync {
    /// So many more plays are done.
    fn done(&self, plays: u64);
}

impl Progress for () {
    fn done(&self, _: u64) {}
}

/// Plays every seed of every scenario and returns a result for each, in order.
pub fn sweep<R, S>(
    scenarios: &[(&Scenario, &Brief)],
    settings: Settings,
    engine: impl Fn() -> (R, S) + Sync,
    progress: &impl Progress,
) -> Vec<ScenarioResult>
where
    R: Rules,
    S: Store,
{
    let mut tasks: Vec<(usize, u64, u64)> = Vec::new();
    for (place, (scenario, _)) in scenarios.iter().enumerate() {
        let seeds = settings.seeds_of(scenario);
        let chunk = if scenario.fixture.units() > LARGE { 1 } else { CHUNK };
        let starts = (0..seeds).step_by(usize::try_from(chunk).unwrap_or(1));
        tasks.extend(starts.map(|start| (place, start, chunk.min(seeds - start))));
    }
    let next = AtomicUsize::new(0);
    let sums = Mutex::new(Sums::new(scenarios.len()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(&(place, start, seeds)) = tasks.get(number) else { return };
            let (scenario, brief) = scenarios[place];
            let (rules, store) = engine();
            let mut rig = Rig::new(scenario, brief, rules, store, Checkers::new(brief));
            let mut result = ScenarioResult::default();
            for offset in start..start + seeds {
                let play = rig.play(settings.first.wrapping_add(offset));
                if play.finding.is_none() {
                    result.cells.take(&rig.world().trace.witness.ledger, play.seed);
                }
                result.add(play);
                progress.done(1);
            }
            if let Ok(mut sums) = sums.lock() {
                sums.take(number, place, result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..settings.jobs.max(1) {
            scope.spawn(work);
        }
        work();
    });
    sums.into_inner().map_or_else(|_| Vec::new(), |sums| sums.of)
}

/// Adds up results in the order of their tasks, whatever the order in which they come. Holds no more of them than are
/// ahead of the one that is missing.
struct Sums {
    of: Vec<ScenarioResult>,
    next: usize,
    ahead: BTreeMap<usize, (usize, ScenarioResult)>,
}

impl Sums {
    fn new(scenarios: usize) -> Self {
        Self { of: vec![ScenarioResult::default(); scenarios], next: 0, ahead: BTreeMap::new() }
    }

    fn take(&mut self, number: usize, place: usize, result: ScenarioResult) {
        self.ahead.insert(number, (place, result));
        while let Some((place, result)) = self.ahead.remove(&self.next) {
            self.of[place].append(result);
            self.next += 1;
        }
    }
}

/// A play that was not the same twice: a defect of the harness.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// The scenario.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
    /// Verdict, hash and final state of the first time.
    pub first: (Option<Finding>, u64, u64),
    /// And of the second.
    pub second: (Option<Finding>, u64, u64),
}

/// Plays the first seeds of every scenario twice, the second time in shuffled order, and returns what was not the same.
pub fn audit<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Brief)],
    settings: Settings,
    engine: impl Fn() -> (R, S),
) -> Vec<Audit> {
    let seeds = |scenario: &Scenario| settings.seeds_of(scenario).min(AUDITED);
    let mut plays: Vec<(usize, u64)> = Vec::new();
    for (place, (scenario, _)) in scenarios.iter().enumerate() {
        plays.extend((0..seeds(scenario)).map(|offset| (place, settings.first.wrapping_add(offset))));
    }
    let mut rigs: Vec<_> = scenarios
        .iter()
        .map(|&(scenario, brief)| {
            let (rules, store) = engine();
            Rig::new(scenario, brief, rules, store, Checkers::new(brief))
        })
        .collect();
    let mut run = |&(place, seed): &(usize, u64)| {
        let play = rigs[place].play(seed);
        ((place, seed), (play.finding, play.hash, play.digest))
    };
    let first: Vec<_> = plays.iter().map(&mut run).collect();
    let mut stream = Stream::new("audit", "order", settings.first);
    for last in (1..plays.len()).rev() {
        plays.swap(last, stream.below(u32::try_from(last + 1).unwrap_or(1)) as usize);
    }
    let mut second: Vec<_> = plays.iter().map(&mut run).collect();
    second.sort_by_key(|(key, _)| *key);
    let mut first = first;
    first.sort_by_key(|(key, _)| *key);
    let pairs = first.into_iter().zip(second);
    pairs
        .filter(|(first, second)| first.1 != second.1)
        .map(|(((place, seed), first), (_, second))| Audit {
            scenario: scenarios[place].0.id.clone(),
            seed,
            first,
            second,
        })
        .collect()
}
