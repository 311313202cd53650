//! Shrinks a failing seed to a minimal scenario with a schedule.
//!
//! The schedule of the seed is minimised first. A seed of a large scenario may have met its bug in a way that cannot be
//! taken apart. If more than a handful of decisions is left, the scenario is minimised for as long as any seed still
//! violates the same clause in it, and the schedule of that seed is minimised. Independent of files on a disk.

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use crate::finding::Finding;
use crate::runner::Runner;
use crate::shrink::NotReproducible;
use crate::shrink::reduce::reduce;
use crate::shrink::scenario::{MinimizedScenario, scenario as shrink_scenario};
use crate::shrink::schedule::{MinimizedSchedule, schedule as shrink_schedule};
use truecount_contract::clause::Clause;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::format::{File, Workers};
use truecount_scenario::part::spelled;
use truecount_scenario::{Scenario, meaning};

/// Decisions that a person reads at a glance. If no more are left, no smaller scenario is searched.
pub const HANDFUL: usize = 8;

/// Seeds of a smaller scenario within which the clause must be violated again.
const SEEDS: u64 = 48;

/// How often each part of a scenario is tried at most.
const ROUNDS: usize = 3;

/// A failing seed, minimised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Minimized {
    /// The minimal scenario and its schedule.
    pub minimal: MinimizedScenario,
    /// The clause that it violates, first among those violated at once.
    pub clause: Clause,
    /// How many decisions the seed had.
    pub recorded: usize,
    /// Simulations that it took.
    pub simulations: u64,
    /// The seed of a smaller scenario that was minimised instead, if any, and how many decisions of the given seed were
    /// left.
    pub elsewhere: Option<(u64, usize)>,
}

/// Shrinks a failing seed. `mutant` is the id of the bug that is planted in the engine: then the engine without it must
/// hold.
///
/// # Errors
///
/// Returns an error if the failure cannot be reproduced from its schedule.
pub fn seed<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    seed: u64,
    mutant: Option<&'static str>,
    engine: impl Fn() -> (R, S),
) -> Result<Minimized, NotReproducible> {
    let (scenario, reference) = scenario.drawn(reference, seed);
    let own = shrink_schedule(scenario, reference, engine(), seed)?;
    let file = scenario.file.as_deref().ok_or(NotReproducible::Lost)?;
    let minimal = shrink_scenario(file, &scenario.id, &own, mutant, &engine).ok_or(NotReproducible::Lost)?;
    let MinimizedSchedule { clause, recorded, simulations, .. } = own;
    let simulations = simulations + minimal.simulations;
    let mut minimized = Minimized { minimal, clause, recorded, simulations, elsewhere: None };
    let length = minimized.minimal.schedule.decisions.len();
    if length > HANDFUL {
        let mut search =
            SeedSearch { id: &scenario.id, clause, holds: mutant.is_some(), seed, simulations: 0, engine: &engine };
        let found = search.minimize(file, mutant);
        minimized.simulations += search.simulations;
        if let Some((minimal, seed)) = found.filter(|(minimal, _)| minimal.schedule.decisions.len() < length) {
            // The sizes before are those of the given seed's own scenario.
            minimized.minimal = MinimizedScenario { sizes: [minimized.minimal.sizes[0], minimal.sizes[1]], ..minimal };
            minimized.elsewhere = Some((seed, length));
        }
    }
    Ok(minimized)
}

/// Searches smaller scenarios for seeds that violate the same clause.
struct SeedSearch<'a, E> {
    id: &'a str,
    clause: Clause,
    /// Whether the engine as it ships must hold.
    holds: bool,
    /// The last seed that violated the clause.
    seed: u64,
    simulations: u64,
    engine: &'a E,
}

impl<R: Rules, S: Store, E: Fn() -> (R, S)> SeedSearch<'_, E> {
    /// Returns a minimal scenario in which some seed violates the clause, and that seed.
    fn minimize(&mut self, file: &File, mutant: Option<&'static str>) -> Option<(MinimizedScenario, u64)> {
        let mut file = spelled(file);
        file.schedules.clear();
        self.violates(&file).then_some(())?;
        for workers in [1, 2] {
            let fewer = File { workers: Workers { min: 1, max: workers }, ..file.clone() };
            if workers < file.workers.max && self.violates(&fewer) {
                file = fewer;
                break;
            }
        }
        // The smaller it is, the more seeds violate the clause: a part that was needed at first may not be later.
        for _ in 0..ROUNDS {
            let less = reduce(file.clone(), |file| self.violates(file));
            if less == file {
                break;
            }
            file = less;
        }
        let scenario = meaning(&file, self.id)?;
        let reference = Reference::new(&scenario.fixture);
        let schedule = shrink_schedule(&scenario, &reference, (self.engine)(), self.seed).ok()?;
        let minimal = shrink_scenario(&file, self.id, &schedule, mutant, self.engine)?;
        self.simulations += schedule.simulations + minimal.simulations;
        Some((minimal, self.seed))
    }

    /// Returns whether some seed violates the clause, and keeps that seed.
    fn violates(&mut self, file: &File) -> bool {
        let Some(scenario) = meaning(file, self.id) else { return false };
        let reference = Reference::new(&scenario.fixture);
        let (rules, store) = (self.engine)();
        let mut runner = Runner::new(&scenario, &reference, rules, store, Checkers::new(&reference));
        let known = self.seed;
        let found = std::iter::once(known).chain((0..SEEDS).filter(|seed| *seed != known)).find(|&seed| {
            self.simulations += 1;
            runner.simulate(seed).finding.as_ref().map(Finding::primary) == Some(self.clause)
        });
        let Some(seed) = found else { return false };
        if self.holds {
            let mut runner = Runner::new(&scenario, &reference, Standard, Memory::new(), Checkers::new(&reference));
            self.simulations += 1;
            if runner.simulate(seed).finding.is_some() {
                return false;
            }
        }
        self.seed = seed;
        true
    }
}
