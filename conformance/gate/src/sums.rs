//! The aggregated results of each scenario's simulations, in the order of seeds.
//!
//! The sums do not depend on threads: simulations are added in the order of their tasks, regardless of the order in
//! which they end.

use std::collections::BTreeMap;

use truecount_engine::hash::mix;
use truecount_sim::fault::FaultSet;

use crate::finding::Simulation;
use crate::states::States;
use crate::tasks::{Part, ROUND, Share, Task, tasks_in};
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::coverage::Cells;
use truecount_contract::sometimes::{Sometimes, SometimesSet};

/// The aggregated results of a scenario's simulations.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScenarioResult {
    /// The number of seeds that were simulated.
    pub seeds: u64,
    /// The number of seeds with a finding.
    pub failures: u64,
    /// The first seed with a finding.
    pub first: Option<u64>,
    /// A hash of all traces, in the order of seeds.
    pub hash: u64,
    /// The number of choices that were applied.
    pub steps: u64,
    pub events: u64,
    /// Clauses that were put to the test.
    pub exercised: ClauseSet,
    /// Kinds of fault that were injected.
    pub injected: FaultSet,
    /// Clauses that were violated, each with the first seed that violated it.
    pub first_violated: BTreeMap<Clause, u64>,
    /// The seeds with a finding, by the clause that a report on the seed names.
    pub named: BTreeMap<Clause, Named>,
    /// Sometimes assertions that were hit, each with the first seed that hit it.
    pub first_reached: BTreeMap<Sometimes, u64>,
    /// Coverage cells that were reached.
    pub cells: Cells,
    /// Abstract states in which simulations ended, if requested.
    pub states: States,
    pub(crate) reached: SometimesSet,
}

/// The seeds whose reports name the same clause.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Named {
    /// The number of seeds.
    pub failures: u64,
    /// Clauses that were violated under these seeds, each with the first seed that violated it. The clause that the
    /// reports name is among them.
    pub violated: BTreeMap<Clause, u64>,
}

impl ScenarioResult {
    /// Computes the sums of all findings from the findings under each clause. `begin` is the first seed of the sweep.
    pub(crate) fn sum_failures(&mut self, begin: u64) {
        // Seeds continue with 0 after the largest number.
        let order = |seed: &u64| seed.wrapping_sub(begin);
        (self.failures, self.first) = (0, None);
        self.first_violated.clear();
        for Named { failures, violated } in self.named.values() {
            self.failures += failures;
            for (clause, seed) in violated {
                let first = self.first_violated.entry(*clause).or_insert(*seed);
                if order(seed) < order(first) {
                    *first = *seed;
                }
            }
        }
        self.first = self.first_violated.values().copied().min_by_key(order);
    }

    /// Adds a simulation.
    pub(super) fn add(&mut self, simulation: &Simulation) {
        self.seeds += 1;
        self.hash = mix(self.hash, simulation.hash);
        self.steps += simulation.steps;
        self.events += simulation.events;
        self.exercised.extend(simulation.exercised);
        self.injected.extend(simulation.injected);
        if let Some(finding) = &simulation.finding {
            self.failures += 1;
            let named = self.named.entry(finding.primary()).or_default();
            named.failures += 1;
            for clause in finding.clauses().iter() {
                self.first_violated.entry(clause).or_insert(simulation.seed);
                named.violated.entry(clause).or_insert(simulation.seed);
            }
            self.first.get_or_insert(simulation.seed);
            // A sometimes assertion that a failing simulation hits does not count.
            return;
        }
        let fresh = simulation.reached.beyond(self.reached);
        self.first_reached.extend(fresh.iter().map(|assertion| (assertion, simulation.seed)));
        self.reached.extend(fresh.iter());
    }

    /// Adds the sums of later seeds.
    pub(super) fn append(&mut self, later: Self) {
        self.seeds += later.seeds;
        self.failures += later.failures;
        self.hash = mix(self.hash, later.hash);
        self.steps += later.steps;
        self.events += later.events;
        self.exercised.extend(later.exercised);
        self.injected.extend(later.injected);
        for (clause, seed) in later.first_violated {
            self.first_violated.entry(clause).or_insert(seed);
        }
        for (clause, named) in later.named {
            let sum = self.named.entry(clause).or_default();
            sum.failures += named.failures;
            for (clause, seed) in named.violated {
                sum.violated.entry(clause).or_insert(seed);
            }
        }
        for (assertion, seed) in later.first_reached {
            self.first_reached.entry(assertion).or_insert(seed);
        }
        self.reached.extend(later.reached.iter());
        self.cells.append(later.cells);
        self.states.append(later.states);
        self.first = self.first.or(later.first);
    }

    /// Records the seed that was the first to hit a sometimes assertion.
    pub fn reach(&mut self, assertion: Sometimes, seed: u64) {
        self.first_reached.insert(assertion, seed);
        self.reached.insert(assertion);
    }

    /// Returns the number of sometimes assertions, cells and abstract states that were reached so far.
    pub(crate) fn met(&self) -> usize {
        self.first_reached.len() + self.cells.count() + self.states.count()
    }
}

/// The number of consecutive rounds without anything new after which a sweep is stable.
pub const STABLE_ROUNDS: u64 = 256 / ROUND;

/// The progress of a sweep after a whole number of rounds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swept {
    /// The number of completed rounds.
    pub rounds: u64,
    /// The number of consecutive rounds, up to and including the last, in which no scenario reached a new sometimes
    /// assertion, cell or abstract state.
    pub quiet: u64,
    /// Whether all seeds were simulated.
    pub complete: bool,
    /// Whether abstract states are recorded.
    pub watching: bool,
    /// The sums of each scenario over the completed rounds, in order.
    pub results: Vec<ScenarioResult>,
    /// The sums of further seeds: of tasks in the current round or later that are already completed.
    pub parts: BTreeMap<Part, ScenarioResult>,
}

/// The moment at which a sweep may be saved or ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// A task was completed.
    Task,
    /// A round was completed.
    Round,
}

impl Swept {
    /// Returns the initial sums for this number of scenarios.
    pub fn nothing(scenarios: usize) -> Self {
        Self {
            rounds: 0,
            quiet: 0,
            complete: false,
            watching: false,
            results: vec![ScenarioResult::default(); scenarios],
            parts: BTreeMap::new(),
        }
    }

    /// Returns the number of simulations in completed rounds.
    pub fn simulations(&self) -> u64 {
        self.results.iter().map(|result| result.seeds).sum()
    }

    /// Returns the number of further simulations.
    pub fn further(&self) -> u64 {
        self.parts.values().map(|result| result.seeds).sum()
    }

    /// Adds the sums of further seeds to those of the completed rounds. The scenarios then differ in their numbers of
    /// seeds, so no further round can follow.
    #[must_use]
    pub fn with_parts(mut self) -> Self {
        for (part, result) in std::mem::take(&mut self.parts) {
            self.results[part.place].append(result);
        }
        self
    }

    /// Returns the number of seeds simulated for each scenario. A scenario that has fewer seeds was simulated under all
    /// of them.
    pub const fn seeds(&self) -> u64 {
        self.rounds.saturating_mul(ROUND)
    }
}

/// Adds up results in the order of their tasks, regardless of the order in which they arrive. The results of a round are
/// added once they are complete, so that a round can be resumed.
pub(super) struct Sums<'s, F> {
    shares: &'s [Share],
    swept: Swept,
    /// The number of tasks in the current round whose results are still missing.
    left: u64,
    /// The number of assertions, cells and states that were reached before the current round.
    met: usize,
    /// Decides after each task and at the end of each round whether the sweep continues.
    between: F,
    ended: bool,
}

impl<'s, F: FnMut(&Swept, Moment) -> bool> Sums<'s, F> {
    pub(super) fn new(shares: &'s [Share], mut swept: Swept, between: F) -> Self {
        swept.complete = tasks_in(shares, swept.rounds) == 0;
        let met = swept.results.iter().map(ScenarioResult::met).sum();
        let ended = swept.complete;
        let mut sums = Self { shares, left: 0, met, between, ended, swept };
        sums.left = sums.missing();
        sums.end_rounds();
        sums
    }

    /// Adds the result of a task. Returns whether more results are needed. Results after the end are dropped.
    pub(super) fn take(&mut self, task: Task, result: ScenarioResult) -> bool {
        if self.ended {
            return false;
        }
        let part = task.part();
        self.swept.parts.insert(part, result);
        self.left -= u64::from(part.round == self.swept.rounds);
        self.end_rounds();
        self.ended = self.ended || !(self.between)(&self.swept, Moment::Task);
        !self.ended
    }

    /// Ends each round whose results are complete. More than one can be, if a task took longer than later rounds.
    fn end_rounds(&mut self) {
        while !self.ended && self.left == 0 {
            self.end_round();
        }
    }

    fn end_round(&mut self) {
        let next = Part { round: self.swept.rounds + 1, place: 0, start: 0 };
        let later = self.swept.parts.split_off(&next);
        for (part, result) in std::mem::replace(&mut self.swept.parts, later) {
            self.swept.results[part.place].append(result);
        }
        let met = self.swept.results.iter().map(ScenarioResult::met).sum();
        self.swept.rounds += 1;
        self.swept.quiet = if met == self.met { self.swept.quiet + 1 } else { 0 };
        self.met = met;
        self.left = self.missing();
        self.swept.complete = tasks_in(self.shares, self.swept.rounds) == 0;
        let more = (self.between)(&self.swept, Moment::Round);
        self.ended = self.swept.complete || !more;
    }

    /// Returns the number of tasks in the current round whose results are missing.
    fn missing(&self) -> u64 {
        let round = self.swept.rounds;
        let taken = self.swept.parts.keys().take_while(|part| part.round == round).count();
        tasks_in(self.shares, round) - taken as u64
    }

    pub(super) fn into_swept(self) -> Swept {
        self.swept
    }
}
