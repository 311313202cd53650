//! Campaigns: the number of seeds that a scheduler needs until a planted bug violates its own clause.
//!
//! A campaign simulates one scenario, the bug's *best scenario*, seed after seed. A pilot determines the best scenario
//! under seeds that no campaign simulates.

use std::cmp::Reverse;

use truecount_engine::rules::Rules;
use truecount_sim::portfolio::Member;
use truecount_sim::subject::native::Store;

use crate::runner::Runner;
use crate::spread::spread;
use crate::sweep::Progress;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;

/// The maximum number of units of a best scenario.
pub(crate) const UNITS_MAX: usize = 64;

/// The first seed of the pilots, above those of all campaigns.
pub(crate) const PILOT: u64 = 1 << 40;

/// The number of seeds that the pilot simulates for each scenario: in one round, and in all rounds together.
const PILOTED: [u64; 2] = [16, 2_048];

/// The number of times that the pilot must have found a bug in one scenario before it ends. A scenario in which the bug
/// was found only once may have been lucky.
const SIGHTINGS: u64 = 3;

/// The number of seeds with which the unmodified engine is simulated in each scenario under each scheduler.
const ENGINE_SEEDS: u64 = 64;

/// The parameters of the campaigns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms {
    /// The number of campaigns of each scheduler for each bug.
    pub campaigns: u64,
    /// The number of seeds after which a campaign gives up. Campaigns start this many seeds apart, so that no two of
    /// them simulate the same seed.
    pub cap: u64,
    /// The number of threads; 0 counts as 1.
    pub jobs: usize,
    /// Whether small scenarios are also explored under each bug.
    pub explores: bool,
}

/// The result of a campaign that found its bug.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Found {
    /// The seed under which the bug violated its own clause.
    pub seed: u64,
    /// The number of seeds up to and including this one.
    pub seeds: u64,
    /// The clauses violated in the step that ended the simulation.
    pub clauses: ClauseSet,
}

/// All campaigns of one scheduler for one bug.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Campaigns {
    /// The result of each campaign; `None` if the campaign gave up.
    pub found: Vec<Option<Found>>,
    /// The number of simulations in all campaigns.
    pub simulations: u64,
    /// The number of simulations that violated a clause.
    pub violations: u64,
    /// The number of these simulations that violated the bug's own clause.
    pub own: u64,
    /// The number of these simulations whose report names the bug's own clause.
    pub primary: u64,
}

impl Campaigns {
    /// Returns the median number of seeds; `None` if at least half of the campaigns gave up.
    pub fn median(&self) -> Option<u64> {
        let mut seeds: Vec<u64> = self.found.iter().map(|found| found.map_or(u64::MAX, |found| found.seeds)).collect();
        seeds.sort_unstable();
        seeds.get(seeds.len() / 2).copied().filter(|seeds| *seeds < u64::MAX)
    }

    /// Returns the maximum number of seeds; `None` if a campaign gave up.
    pub fn maximum(&self) -> Option<u64> {
        self.found.iter().map(|found| found.map(|found| found.seeds)).max_by_key(|seeds| seeds.unwrap_or(u64::MAX))?
    }
}

/// A mutant's best scenario, and the results of the campaigns in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Campaigned {
    /// The index of the best scenario; `None` if the pilot did not find the bug.
    pub best_scenario: Option<usize>,
    /// The campaigns of the portfolio.
    pub portfolio: Campaigns,
    /// The campaigns of each scheduler when used alone, in the order of [`Member::ALL`].
    pub alone: Vec<Campaigns>,
}

/// Runs the campaigns of all schedulers for each mutant.
pub fn campaigns(
    scenarios: &[(&Scenario, &Reference)],
    mutants: &[&'static Mutant],
    terms: Terms,
    progress: &impl Progress,
) -> Vec<Campaigned> {
    let best_scenarios = spread(mutants.len(), terms.jobs, |place| best_scenario(scenarios, mutants[place], progress));
    let lanes: Vec<Option<Member>> = std::iter::once(None).chain(Member::ALL.map(Some)).collect();
    let mut done = spread(mutants.len() * lanes.len(), terms.jobs, |number| {
        let (mutant, lane) = (number / lanes.len(), lanes[number % lanes.len()]);
        let Some(best_scenario) = best_scenarios[mutant] else { return Campaigns::default() };
        run(scenarios[best_scenario], mutants[mutant], lane, terms, progress)
    })
    .into_iter();
    let campaigned = |best_scenario| {
        let portfolio = done.next().unwrap_or_default();
        Campaigned { best_scenario, portfolio, alone: done.by_ref().take(Member::ALL.len()).collect() }
    };
    best_scenarios.iter().copied().map(campaigned).collect()
}

/// Returns the index of the scenario in which the portfolio finds a bug most often under the pilot's seeds. If several
/// scenarios are equal in this respect, the one with the fewest units is chosen. The pilot continues with further
/// rounds of seeds until it has found the bug often enough in one scenario.
fn best_scenario(scenarios: &[(&Scenario, &Reference)], mutant: &Mutant, progress: &impl Progress) -> Option<usize> {
    let [lot, most] = PILOTED;
    let mut runners: Vec<_> = scenarios
        .iter()
        .enumerate()
        .filter(|(_, (scenario, _))| scenario.fixture.units() <= UNITS_MAX)
        .map(|(place, &(scenario, reference))| (place, runner(scenario, reference, mutant)))
        .collect();
    let mut sightings = vec![0_u64; runners.len()];
    for round in 0..most / lot {
        for (found, (_, runner)) in sightings.iter_mut().zip(&mut runners) {
            let seeds = PILOT + round * lot..PILOT + (round + 1) * lot;
            let mut own =
                |seed| runner.simulate(seed).finding.is_some_and(|finding| finding.clauses().contains(mutant.clause));
            *found += seeds.filter(|seed| own(*seed)).count() as u64;
            progress.done(lot);
        }
        if sightings.iter().any(|found| *found >= SIGHTINGS) {
            break;
        }
    }
    most_often(scenarios, runners.iter().map(|(place, _)| *place).zip(sightings))
}

/// Returns the scenario in which a bug was found most often, and if several are equal, the first of those with the
/// fewest units. `found` lists scenarios, each with the number of times that the bug was found there. Returns `None` if
/// the bug was never found.
pub(crate) fn most_often(
    scenarios: &[(&Scenario, &Reference)],
    found: impl Iterator<Item = (usize, u64)>,
) -> Option<usize> {
    let units = |place: usize| scenarios[place].0.fixture.units();
    let best = found.filter(|(_, times)| *times > 0);
    best.max_by_key(|&(place, times)| (times, Reverse(units(place)), Reverse(place))).map(|(place, _)| place)
}

fn run(
    (scenario, reference): (&Scenario, &Reference),
    mutant: &Mutant,
    lane: Option<Member>,
    terms: Terms,
    progress: &impl Progress,
) -> Campaigns {
    let mut runner = runner(scenario, reference, mutant);
    runner.leave_to(lane);
    run_with(
        mutant.clause,
        terms,
        |seed| runner.simulate(seed).finding.map(|finding| (finding.clauses(), finding.primary())),
        progress,
    )
}

/// Runs campaigns with a function that simulates a seed. It returns the violated clauses and the primary clause.
pub(crate) fn run_with(
    clause: Clause,
    terms: Terms,
    mut simulate: impl FnMut(u64) -> Option<(ClauseSet, Clause)>,
    progress: &impl Progress,
) -> Campaigns {
    let mut sum = Campaigns::default();
    for first in (0..terms.campaigns).map(|campaign| campaign * terms.cap) {
        let before = sum.simulations;
        let mut found = None;
        for seeds in 1..=terms.cap {
            let seed = first + seeds - 1;
            sum.simulations += 1;
            let Some((clauses, primary)) = simulate(seed) else { continue };
            sum.violations += 1;
            sum.primary += u64::from(primary == clause);
            if clauses.contains(clause) {
                sum.own += 1;
                found = Some(Found { seed, seeds, clauses });
                break;
            }
        }
        sum.found.push(found);
        progress.done(sum.simulations - before);
    }
    sum
}

/// Simulates an engine under each scheduler alone and under the portfolio. Returns the number of simulations, and the
/// number of those that violated a clause.
pub fn false_alarms<R: Rules, S: Store>(
    scenarios: &[(&Scenario, &Reference)],
    jobs: usize,
    engine: impl Fn() -> (R, S) + Sync,
    progress: &impl Progress,
) -> (u64, u64) {
    let violations = spread(scenarios.len(), jobs, |place| {
        let (scenario, reference) = scenarios[place];
        if scenario.fixture.units() > UNITS_MAX {
            return (0, 0);
        }
        let (rules, store) = engine();
        let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
        let mut sum = (0, 0);
        for lane in std::iter::once(None).chain(Member::ALL.map(Some)) {
            runner.leave_to(lane);
            for seed in 0..ENGINE_SEEDS {
                sum = (sum.0 + 1, sum.1 + u64::from(runner.simulate(seed).finding.is_some()));
            }
            progress.done(ENGINE_SEEDS);
        }
        sum
    });
    violations.into_iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// Returns a runner of a scenario with a planted bug.
pub(crate) fn runner<'s>(
    scenario: &'s Scenario,
    reference: &'s Reference,
    mutant: &Mutant,
) -> Runner<'s, Planted, FaultyStore, Checkers<'s>> {
    Runner::new(scenario, reference, Planted(mutant.plant), FaultyStore::new(mutant.store), Checkers::new(reference))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(clauses: &[Clause]) -> ClauseSet {
        clauses.iter().copied().collect()
    }

    #[test]
    fn only_the_bugs_own_clause_ends_a_campaign_and_seeds_are_disjoint() {
        let mut simulated = Vec::new();
        let simulate = |seed: u64| {
            simulated.push(seed);
            match seed % 10 {
                3 => Some((set(&[Clause::COUNT_05]), Clause::COUNT_05)),
                // The second campaign does not find the bug.
                7 if seed != 17 => Some((set(&[Clause::COUNT_06, Clause::LIFE_05]), Clause::COUNT_06)),
                _ => None,
            }
        };
        let sum = run_with(Clause::LIFE_05, Terms { campaigns: 5, cap: 10, jobs: 1, explores: false }, simulate, &());
        let seeds: Vec<Option<u64>> = sum.found.iter().map(|found| found.map(|found| found.seeds)).collect();
        assert_eq!(seeds, [Some(8), None, Some(8), Some(8), Some(8)]);
        assert_eq!(
            (sum.simulations, sum.violations, sum.own, sum.primary),
            (42, 9, 4, 0),
            "COUNT-06, not LIFE-05, is the primary clause"
        );
        assert!(
            simulated.windows(2).all(|pair| pair[0] < pair[1]) && simulated.iter().all(|seed| *seed < PILOT),
            "{simulated:?}"
        );
    }

    #[test]
    fn a_campaign_that_gave_up_counts_as_infinitely_many_seeds() {
        let found = |seeds| Some(Found { seed: 0, seeds, clauses: ClauseSet::default() });
        let of = |found: Vec<Option<Found>>| Campaigns { found, ..Campaigns::default() };
        let few = of(vec![found(9), None, found(1)]);
        assert_eq!((few.median(), few.maximum()), (Some(9), None));
        let most = of(vec![None, None, found(1)]);
        assert_eq!((most.median(), most.maximum()), (None, None));
        let all = of(vec![found(4), found(2), found(3)]);
        assert_eq!((all.median(), all.maximum()), (Some(3), Some(4)));
        assert_eq!((of(Vec::new()).median(), of(Vec::new()).maximum()), (None, None));
    }
}
