//! Attribution: the clauses under which the failures caused by a planted bug are reported, and how often the bug is
//! killed in the scenario that kills it most often.
//!
//! A campaign ends as soon as the bug violates its own clause. Attribution therefore simulates every seed, whatever
//! the earlier seeds showed.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use truecount_contract::clause::Clause;
use truecount_contract::reference::Reference;
use truecount_mutants::Mutant;
use truecount_scenario::Scenario;

use crate::campaign::{Terms, UNITS_MAX, most_often, runner};
use crate::finding::Finding;
use crate::sweep::{Progress, Settings};

/// The failing simulations of a bug, over all scenarios.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribution {
    /// The number of simulations.
    pub simulations: u64,
    /// The number of simulations that failed.
    pub failing: u64,
    /// The number of failing simulations whose report names the bug's own clause.
    pub own: u64,
    /// The other clauses that reports name. Clauses that are named more often come first.
    pub others: Vec<Other>,
    /// The scenario that kills the bug most often, simulated under further seeds.
    pub thread: Option<Thread>,
}

/// A clause that reports name instead of the bug's own clause.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// The id of the clause.
    pub clause: String,
    /// The number of simulations whose report names the clause.
    pub simulations: u64,
    /// The number of these simulations in which the same step also violated the bug's own clause.
    pub together: u64,
}

/// How often one scenario kills a bug.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    /// The id of the scenario.
    pub scenario: String,
    /// The number of simulations.
    pub simulations: u64,
    /// The number of simulations that violated the bug's own clause.
    pub killed: u64,
}

impl Thread {
    /// The number of simulations among which at least one must kill the bug, on average.
    pub(crate) const SIMULATIONS_MAX: u64 = 1_000;

    /// Returns whether at least one in [`Self::SIMULATIONS_MAX`] simulations killed the bug.
    pub(crate) const fn is_thick(&self) -> bool {
        self.killed.saturating_mul(Self::SIMULATIONS_MAX) >= self.simulations
    }
}

impl Attribution {
    /// Simulates every scenario of at most 64 units with a bug, under the default number of seeds but at most
    /// [`Terms::cap`]. Then simulates the scenario that killed the bug most often under [`Terms::cap`] seeds that follow
    /// the default seeds. If no scenario killed the bug, `fallback` takes the place of that scenario.
    pub(crate) fn of(
        scenarios: &[(&Scenario, &Reference)],
        mutant: &Mutant,
        fallback: Option<usize>,
        terms: Terms,
        progress: &impl Progress,
    ) -> Self {
        let mut sum = Self::default();
        let mut kills_in = Vec::new();
        for (place, &(scenario, reference)) in scenarios.iter().enumerate() {
            if scenario.fixture.units() > UNITS_MAX {
                continue;
            }
            let mut runner = runner(scenario, reference, mutant);
            // Only violations matter here, so nothing else is computed.
            runner.world.trace.sink.watching = false;
            runner.world.trace.hashing = false;
            let seeds = Settings::DEFAULT.min(terms.cap);
            let mut killed = 0;
            for seed in 0..seeds {
                let finding = runner.simulate(seed).finding;
                killed += u64::from(kills(mutant, finding.as_ref()));
                sum.add(mutant.clause, finding.as_ref());
            }
            kills_in.push((place, killed));
            progress.done(seeds);
        }
        sum.others.sort_by_key(|other| (std::cmp::Reverse(other.simulations), other.clause.clone()));
        sum.thread = most_often(scenarios, kills_in.into_iter()).or(fallback).map(|place| {
            let (scenario, reference) = scenarios[place];
            let mut runner = runner(scenario, reference, mutant);
            let seeds = Settings::DEFAULT..Settings::DEFAULT + terms.cap;
            let killed = seeds.filter(|seed| kills(mutant, runner.simulate(*seed).finding.as_ref())).count() as u64;
            progress.done(terms.cap);
            Thread { scenario: scenario.id.clone(), simulations: terms.cap, killed }
        });
        sum
    }

    /// Returns whether more than half of the failing simulations are reported under the bug's own clause.
    pub(crate) const fn is_mostly_own(&self) -> bool {
        self.own > self.failing / 2
    }

    /// Compares the shares of failing simulations that are reported under the bug's own clause. A bug without a failing
    /// simulation has the smallest share.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let scaled = |one: &Self, other: &Self| u128::from(one.own) * u128::from(other.failing.max(1));
        scaled(self, other).cmp(&scaled(other, self))
    }

    fn add(&mut self, own: Clause, finding: Option<&Finding>) {
        self.simulations += 1;
        let Some(finding) = finding else { return };
        self.failing += 1;
        let named = finding.primary();
        if named == own {
            self.own += 1;
            return;
        }
        let together = u64::from(finding.clauses().contains(own));
        match self.others.iter_mut().find(|other| other.clause == named.id()) {
            Some(other) => (other.simulations, other.together) = (other.simulations + 1, other.together + together),
            None => self.others.push(Other { clause: named.id().to_owned(), simulations: 1, together }),
        }
    }
}

fn kills(mutant: &Mutant, finding: Option<&Finding>) -> bool {
    finding.is_some_and(|finding| finding.clauses().contains(mutant.clause))
}

#[cfg(test)]
mod tests {
    use super::*;
    use truecount_contract::invariant::Violations;

    #[test]
    fn each_failing_simulation_counts_for_the_clause_that_its_report_names() {
        let mut sum = Attribution::default();
        // The report names the first of the violated clauses.
        let found = |clauses: &[Clause]| {
            let all = clauses.iter().copied().collect();
            Finding::Violated(Violations { clauses: all, primary: clauses[0], at: 1 })
        };
        for finding in [
            None,
            Some(found(&[Clause::COUNT_05])),
            Some(found(&[Clause::COUNT_11, Clause::COUNT_05])),
            Some(found(&[Clause::COUNT_11])),
            Some(found(&[Clause::LIFE_08])),
            Some(Finding::NotConverged),
        ] {
            sum.add(Clause::COUNT_05, finding.as_ref());
        }
        assert_eq!((sum.simulations, sum.failing, sum.own), (6, 5, 1));
        let others: Vec<_> =
            sum.others.iter().map(|other| (&*other.clause, other.simulations, other.together)).collect();
        assert_eq!(others, [("COUNT-11", 2, 1), ("LIFE-08", 1, 0), ("LIFE-07", 1, 0)]);
    }
}
