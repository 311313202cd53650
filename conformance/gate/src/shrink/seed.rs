//! Shrinks a failing seed to a minimal scenario with a schedule.
//!
//! First, the schedule of the seed is minimised. In a large scenario, a seed may need many decisions to reach the bug,
//! and none of them can be removed. If more than a handful of decisions remain, the scenario is minimised as long as
//! some seed still violates the same clause. The schedule of that seed is then minimised instead.

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

/// The number of decisions that can be read at a glance. If at most this many remain, no smaller scenario is searched
/// for.
pub const HANDFUL: usize = 8;

/// The number of seeds, counted from 0, that are tried in each smaller scenario. The last seed that violated the clause
/// is tried before them.
const SEEDS: u64 = 48;

/// The maximum number of times that the removal of each part of a scenario is tried.
const ROUNDS: usize = 3;

/// A failing seed, minimised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Minimized {
    /// The minimal scenario and its schedule.
    pub minimal: MinimizedScenario,
    /// The violated clause; the primary clause if an event violates several clauses.
    pub clause: Clause,
    /// The number of decisions of the seed.
    pub recorded: usize,
    /// The number of simulations that shrinking took.
    pub simulations: u64,
    /// If the seed of a smaller scenario was minimised instead: that seed, and the number of decisions that remained
    /// for the given seed.
    pub elsewhere: Option<(u64, usize)>,
}

/// Shrinks a failing seed. `mutant` is the id of the bug that is planted in the engine, if any. If there is such a bug,
/// the unmodified engine must violate nothing.
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
    let minimal = shrink_scenario(file, &scenario.id, &own, mutant, &engine)?;
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
            // The original sizes are those of the scenario in which the given seed fails.
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
    /// Whether the unmodified engine must violate nothing.
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
        // In a smaller scenario, more seeds violate the clause, so a part that was needed at first may become
        // unnecessary.
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
        let minimal = shrink_scenario(&file, self.id, &schedule, mutant, self.engine).ok()?;
        self.simulations += schedule.simulations + minimal.simulations;
        Some((minimal, self.seed))
    }

    /// Returns whether some seed violates the clause, and records that seed.
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
