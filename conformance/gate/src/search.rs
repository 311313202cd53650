//! Searches for planted bugs: counts the seeds until the clause of a bug is violated.

use crate::runner::Runner;
use crate::spread::spread;
use crate::sweep::Progress;
use truecount_contract::clause::ClauseSet;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;

/// The maximum number of units of a scenario in a search. No bug in the catalogue needs more.
const UNITS_MAX: usize = 64;

/// The simulation in which a bug violated a clause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// The id of the scenario.
    pub scenario: String,
    /// The seed of the simulation.
    pub seed: u64,
    /// The number of simulations up to and including this one, over all scenarios.
    pub simulations: u64,
    /// The clauses violated in the step that ended the simulation.
    pub clauses: ClauseSet,
}

/// The result of a search.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Detection {
    /// The first violation that includes the mutant's own clause.
    pub under_its_clause: Option<Sighting>,
    /// The first violation of any clause.
    pub first_violation: Option<Sighting>,
}

impl Detection {
    /// Returns the verdict: `killed`, `other clause` or `survived`.
    pub const fn verdict(&self) -> &'static str {
        match (&self.under_its_clause, &self.first_violation) {
            (Some(_), _) => "killed",
            (None, Some(_)) => "other clause",
            (None, None) => "survived",
        }
    }
}

/// Searches for each mutant, seed after seed over all scenarios, until the mutant's clause is violated or no seeds are
/// left.
pub fn search(
    scenarios: &[(&Scenario, &Reference)],
    mutants: &[&'static Mutant],
    seeds: u64,
    jobs: usize,
    progress: &impl Progress,
) -> Vec<Detection> {
    spread(mutants.len(), jobs, |place| search_one(scenarios, mutants[place], seeds, progress))
}

fn search_one(
    scenarios: &[(&Scenario, &Reference)],
    mutant: &Mutant,
    seeds: u64,
    progress: &impl Progress,
) -> Detection {
    let small = scenarios.iter().filter(|(scenario, _)| scenario.fixture.units() <= UNITS_MAX);
    let mut runners: Vec<_> = small
        .map(|&(scenario, reference)| {
            let judge = Checkers::new(reference);
            (scenario, Runner::new(scenario, reference, Planted(mutant.plant), FaultyStore::new(mutant.store), judge))
        })
        .collect();
    let (mut detected, mut simulations) = (Detection::default(), 0);
    for seed in 0..seeds {
        for (scenario, runner) in &mut runners {
            let simulation = runner.simulate(seed);
            progress.done(1);
            simulations += 1;
            let Some(finding) = simulation.finding else { continue };
            let sighting = Sighting { scenario: scenario.id.clone(), seed, simulations, clauses: finding.clauses() };
            let own = sighting.clauses.contains(mutant.clause);
            detected.first_violation.get_or_insert_with(|| sighting.clone());
            if own {
                detected.under_its_clause = Some(sighting);
                return detected;
            }
        }
    }
    detected
}
