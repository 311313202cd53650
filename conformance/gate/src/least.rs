//! The least that is left of a failing seed, as a scenario of its own.
//!
//! What a seed did is shrunk first. A seed of a large scenario may have met its bug in a way that cannot be taken apart:
//! where more than a handful of deviations is left, the scenario is made smaller as long as any seed still breaks the same
//! clause in it, and a play of that is shrunk. Knows no file on a disk.

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use crate::finding::Finding;
use crate::fixture::{Small, smaller};
use crate::runner::Runner;
use crate::shrunk::{Nothing, Shrunk, shrunk};
use truecount_contract::brief::Brief;
use truecount_contract::clause::Clause;
use truecount_contract::invariant::Checkers;
use truecount_scenario::format::{File, Workers};
use truecount_scenario::reduce::{reduced, spelled};
use truecount_scenario::{Scenario, meaning};

/// Deviations that a person reads at a glance: where no more are left, nothing smaller is looked for.
pub const HANDFUL: usize = 8;

/// Seeds of a smaller scenario within which the clause must break again.
const SEEDS: u64 = 48;

/// How often each part of a scenario is tried at most.
const ROUNDS: usize = 3;

/// What is left of a failing seed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Least {
    /// The scenario and its schedule.
    pub small: Small,
    /// The clause that it breaks, first among those broken at once.
    pub clause: Clause,
    /// How many deviations the seed had.
    pub recorded: usize,
    /// Plays that it took.
    pub plays: u64,
    /// The seed of a smaller scenario whose play it is, if it is not the seed's own, with how many deviations of its own
    /// were left.
    pub elsewhere: Option<(u64, usize)>,
}

/// Returns the least that is left of a failing seed. `mutant` is the id of the bug that is planted in the engine: then the
/// engine without it must hold.
///
/// # Errors
///
/// Returns why nothing is left.
pub fn least<R: Rules, S: Store>(
    scenario: &Scenario,
    brief: &Brief,
    seed: u64,
    mutant: Option<&'static str>,
    engine: impl Fn() -> (R, S),
) -> Result<Least, Nothing> {
    let (scenario, brief) = scenario.drawn(brief, seed);
    let own = shrunk(scenario, brief, engine(), seed)?;
    let file = scenario.source.file().ok_or(Nothing::Gone)?;
    let small = smaller(file, &scenario.id, &own, mutant, &engine).ok_or(Nothing::Gone)?;
    let Shrunk { clause, recorded, plays, .. } = own;
    let plays = plays + small.plays;
    let mut least = Least { small, clause, recorded, plays, elsewhere: None };
    let length = least.small.schedule.deviations.len();
    if length > HANDFUL {
        let mut hunt = Hunt { id: &scenario.id, clause, holds: mutant.is_some(), seed, plays: 0, engine: &engine };
        let found = hunt.smallest(file, mutant);
        least.plays += hunt.plays;
        if let Some((small, seed)) = found.filter(|(small, _)| small.schedule.deviations.len() < length) {
            // How large it was is what the seed's own scenario was.
            least.small = Small { sizes: [least.small.sizes[0], small.sizes[1]], ..small };
            least.elsewhere = Some((seed, length));
        }
    }
    Ok(least)
}

struct Hunt<'a, E> {
    id: &'a str,
    clause: Clause,
    /// Whether the engine as it ships must hold.
    holds: bool,
    /// The seed that broke the clause last.
    seed: u64,
    plays: u64,
    engine: &'a E,
}

impl<R: Rules, S: Store, E: Fn() -> (R, S)> Hunt<'_, E> {
    /// Returns the smallest scenario in which some seed breaks the clause, with what is left of that seed.
    fn smallest(&mut self, file: &File, mutant: Option<&'static str>) -> Option<(Small, u64)> {
        let mut file = spelled(file);
        file.schedules.clear();
        self.breaks(&file).then_some(())?;
        for workers in [1, 2] {
            let fewer = File { workers: Workers { min: 1, max: workers }, ..file.clone() };
            if workers < file.workers.max && self.breaks(&fewer) {
                file = fewer;
                break;
            }
        }
        // The smaller it is, the more seeds break the clause: what could not go at first can in the end.
        for _ in 0..ROUNDS {
            let less = reduced(file.clone(), |file| self.breaks(file));
            if less == file {
                break;
            }
            file = less;
        }
        let scenario = meaning(&file, self.id)?;
        let brief = Brief::new(&scenario.fixture);
        let shrunk = shrunk(&scenario, &brief, (self.engine)(), self.seed).ok()?;
        let small = smaller(&file, self.id, &shrunk, mutant, self.engine)?;
        self.plays += shrunk.plays + small.plays;
        Some((small, self.seed))
    }

    /// Returns whether some seed breaks the clause, and keeps which.
    fn breaks(&mut self, file: &File) -> bool {
        let Some(scenario) = meaning(file, self.id) else { return false };
        let brief = Brief::new(&scenario.fixture);
        let (rules, store) = (self.engine)();
        let mut runner = Runner::new(&scenario, &brief, rules, store, Checkers::new(&brief));
        let known = self.seed;
        let found = std::iter::once(known).chain((0..SEEDS).filter(|seed| *seed != known)).find(|&seed| {
            self.plays += 1;
            runner.play(seed).finding.as_ref().map(Finding::primary) == Some(self.clause)
        });
        let Some(seed) = found else { return false };
        if self.holds {
            let mut runner = Runner::new(&scenario, &brief, Standard, Memory::new(), Checkers::new(&brief));
            self.plays += 1;
            if runner.play(seed).finding.is_some() {
                return false;
            }
        }
        self.seed = seed;
        true
    }
}
