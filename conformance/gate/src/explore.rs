//! Exhaustive exploration of a scenario: every order of steps and every possible injection of its faults.
//!
//! An exploration covers the choices of every seeded simulation. The only exception is clock skew, whose amounts cannot
//! be enumerated. Clock skew is explored only at its two extremes, and the result states this.

mod path;
mod sizes;
#[cfg(test)]
mod tests;

use truecount_engine::index::narrow;
use truecount_engine::rules::Rules;
use truecount_sim::choice::Choice;
use truecount_sim::explore::{Bounds, Cut, Explored, Model, OnViolation, PROCESSES, Pace, Taken, explore as search};
use truecount_sim::fault::Fault;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::heal::stop_faults;
use truecount_sim::simulate::Ended;
use truecount_sim::subject::native::Store;
use truecount_sim::subject::{Acts, Fork, Subject};
use truecount_sim::trace::EventSink;

use crate::finding::Finding;
use crate::runner::{Judge, Runner};
use truecount_contract::clause::Clause;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;

pub use path::record_path;
pub use sizes::{carried, sizes, wrong_sizes};

/// One step of an exploration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// A choice is applied.
    Choice(Choice),
    /// Faults stop.
    Heal,
}

/// The scope of an exploration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// The actions from outside that may happen at any moment.
    pub acts: Acts,
    /// Whether states that differ only by a permutation of workers count as equal.
    pub interchangeable: bool,
    /// The bounds for each number of workers.
    pub bounds: Bounds,
    /// When to stop, unless a bound is reached first.
    pub until: Until,
}

/// The condition under which an exploration stops before its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Until {
    /// At the first violated clause.
    Violation,
    /// As soon as this clause is violated.
    Clause(Clause),
    /// Never, so that every violation is found.
    End,
}

impl Scope {
    /// The maximum number of states on one path. A run of a small scenario ends after about sixty steps, and a state
    /// takes about eight kilobytes. A path that is longer than this maximum indicates a state that grows without limit.
    /// The maximum keeps such a path from exhausting memory.
    pub const DEPTH: u32 = 10_000;

    /// The scope within which the gate explores a small scenario. It excludes a second concurrent relay, sweeper or
    /// retention job, each of which would multiply the number of states by two to six. Only other scopes and seeded
    /// simulations include them. If a scenario
    /// reaches a bound, it is not exhausted and the gate does not pass.
    pub const GATE: Self = Self {
        acts: Acts::Single,
        ..Self::within(Bounds { states: 1_000_000, generated: 20_000_000, depth: Self::DEPTH })
    };

    /// The scope of a search for a planted bug. The search must end even if the engine never converges.
    pub(crate) const SEARCH: Self =
        Self { bounds: Bounds { states: 100_000, generated: 2_000_000, depth: Self::DEPTH }, ..Self::GATE };

    /// Returns the maximum number of states to hold on one path: [`Scope::DEPTH`], or fewer if that many states would
    /// exceed a gigabyte.
    pub fn depth(scenario: &Scenario) -> u32 {
        // In measurements, a state took eight kilobytes in a small scenario and ten megabytes with 100,000 units.
        let bytes = 8_192 + 128 * scenario.fixture.units() as u64;
        narrow::<_, u32>((1 << 30) / bytes).min(Self::DEPTH)
    }

    /// Returns whether a scenario is small: at most one run, two units, two workers and one injected fault, and no
    /// surface. A small scenario can be explored completely within moments.
    pub fn is_small(scenario: &Scenario) -> bool {
        let fixture = &scenario.fixture;
        let injections: u32 = Fault::ALL.iter().map(|fault| u32::from(fixture.faults.get(*fault))).sum();
        let few = fixture.units() <= 2 && fixture.runs.len() <= 1 && fixture.workers.1 <= 2;
        few && injections <= 1 && fixture.surfaces.is_empty()
    }

    /// Returns a scope with these bounds and a second relay. The exploration ends at the first violated clause.
    pub const fn within(bounds: Bounds) -> Self {
        Self { acts: Acts::SecondRelay, interchangeable: true, bounds, until: Until::Violation }
    }
}

/// The conclusion of an exploration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Conclusion {
    /// Every state was visited without a violation.
    Exhausted,
    /// A clause is violated.
    Violated,
    /// A bound was reached first, or the exploration was interrupted.
    Unknown,
}

/// A violated clause, and the path to the violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The violation at the end of the path.
    pub finding: Finding,
    pub workers: u16,
    /// The steps of the path from the start.
    pub steps: Vec<Step>,
}

/// The result of an exploration.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exploration {
    /// The number of distinct states, summed over all numbers of workers.
    pub states: u64,
    /// The number of steps between states, excluding steps that violate a clause or do not apply.
    pub edges: u64,
    /// The number of generated states, including repetitions.
    pub generated: u64,
    /// The length of the longest path that was held in memory.
    pub depth: u32,
    /// The number of worker counts that were explored to the end.
    pub finished: u16,
    /// The number of worker counts that the scenario allows.
    pub wanted: u16,
    /// The first violation of each set of clauses, up to the violation that stopped the exploration.
    pub violations: Vec<Violation>,
    /// Whether clock skew was explored at only two amounts.
    pub sampled: bool,
    /// The bound or the interruption that ended the exploration, if any.
    pub cut: Option<Cut>,
}

impl Exploration {
    /// Returns the result for a scenario whose exploration was interrupted before it began.
    pub fn not_begun(scenario: &Scenario) -> Self {
        let (least, most) = scenario.fixture.workers;
        Self { wanted: most - least + 1, cut: Some(Cut::Asked), ..Self::default() }
    }

    /// Returns the conclusion.
    pub fn conclusion(&self) -> Conclusion {
        if !self.violations.is_empty() {
            Conclusion::Violated
        } else if self.finished == self.wanted {
            Conclusion::Exhausted
        } else {
            Conclusion::Unknown
        }
    }

    /// Returns whether a violation of this clause was found.
    pub fn violates(&self, clause: Clause) -> bool {
        self.violations.iter().any(|violation| violation.finding.clauses().contains(clause))
    }

    fn add(&mut self, explored: &Explored<Step>) {
        self.states += u64::from(explored.states);
        self.edges += explored.edges;
        self.generated += explored.generated;
        self.depth = self.depth.max(explored.depth);
        self.finished += u16::from(explored.cut.is_none());
        self.cut = self.cut.or(explored.cut.filter(|cut| *cut != Cut::Violation));
    }
}

/// Explores small scenarios under a planted bug until the bug's own clause is violated. Returns the index of the first
/// scenario in which the clause is violated, and the number of states explored in that scenario.
pub fn explore_bug(scenarios: &[(&Scenario, &Reference)], mutant: &Mutant) -> Option<(usize, u64)> {
    let scope = Scope { until: Until::Clause(mutant.clause), ..Scope::SEARCH };
    let small = scenarios.iter().enumerate().filter(|(_, (scenario, _))| Scope::is_small(scenario));
    small.into_iter().find_map(|(place, (scenario, reference))| {
        let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
        let explored = explore(scenario, reference, engine, scope, &mut ());
        explored.violates(mutant.clause).then_some((place, explored.states))
    })
}

/// Explores a scenario with each number of workers that it allows.
pub fn explore<R: Rules, S: Store>(
    scenario: &Scenario,
    reference: &Reference,
    engine: impl Fn() -> (R, S),
    scope: Scope,
    pace: &mut impl Pace,
) -> Exploration {
    let (least, most) = scenario.fixture.workers;
    let sampled = scenario.fixture.faults.get(Fault::ClockSkew) > 0;
    let mut sum = Exploration { wanted: most - least + 1, sampled, ..Exploration::default() };
    for workers in least..=most {
        let mut checkers = Checkers::new(reference);
        checkers.watching = false;
        let mut start = begin(scenario, reference, engine(), checkers, workers);
        start.world.trace.hashing = false;
        let mut model = Search {
            scope,
            fingerprinter: Fingerprinter::default(),
            choices: Vec::new(),
            finding: None,
            violations: Vec::new(),
            engine: std::marker::PhantomData,
        };
        let explored = search(&mut model, &start, scope.bounds, pace);
        sum.add(&explored);
        let findings = model.violations.into_iter().zip(explored.violations);
        sum.violations.extend(findings.map(|(finding, steps)| Violation { finding, workers, steps }));
        if let Some(steps) = explored.cycle {
            let mut state = start.clone();
            for step in &steps {
                state.take(*step);
            }
            let finding = state.judge(Ended::NotConverged).unwrap_or(Finding::NotConverged);
            sum.violations.push(Violation { finding, workers, steps });
        }
        let over = match scope.until {
            Until::Violation => !sum.violations.is_empty(),
            Until::Clause(clause) => sum.violates(clause),
            Until::End => false,
        };
        if over || sum.cut == Some(Cut::Asked) {
            break;
        }
    }
    sum
}

/// Returns a runner in the initial state of a scenario.
fn begin<'s, R: Rules, S: Store, J: Judge<'s>>(
    scenario: &'s Scenario,
    reference: &'s Reference,
    (rules, store): (R, S),
    judge: J,
    workers: u16,
) -> Runner<'s, R, S, J> {
    let mut runner = Runner::new(scenario, reference, rules, store, judge);
    runner.workers = workers;
    runner.subject.reset(&mut runner.world, workers);
    runner
}

impl<'s, R: Rules, S: Store, J: Judge<'s>> Runner<'s, R, S, J> {
    /// Takes a step of an exploration. Returns whether the step applied.
    fn take(&mut self, step: Step) -> bool {
        match step {
            Step::Choice(choice) => self.subject.apply(&mut self.world, choice),
            Step::Heal => {
                stop_faults(&mut self.subject, &mut self.world);
                true
            }
        }
    }
}

struct Search<E> {
    scope: Scope,
    fingerprinter: Fingerprinter,
    choices: Vec<Choice>,
    /// The finding for the current state, if any.
    finding: Option<Finding>,
    violations: Vec<Finding>,
    engine: std::marker::PhantomData<E>,
}

impl<'s, R: Rules, S: Store> Model for Search<Runner<'s, R, S, Checkers<'s>>> {
    type State = Runner<'s, R, S, Checkers<'s>>;
    type Step = Step;

    fn steps(&mut self, state: &mut Self::State, steps: &mut Vec<Step>) {
        self.choices.clear();
        state.subject.choices(&mut state.world, self.scope.acts, &mut self.choices);
        steps.extend(self.choices.iter().map(|choice| Step::Choice(*choice)));
        if !state.world.healing && !steps.is_empty() {
            steps.push(Step::Heal);
        }
    }

    #[inline]
    fn take(&mut self, state: &mut Self::State, step: Step) -> Taken {
        if !Runner::take(state, step) {
            return Taken::Nothing;
        }
        if !state.world.trace.sink.violated() {
            return Taken::Moved;
        }
        let found = &state.world.trace.sink.found;
        self.finding = found.violations().map(Finding::Violated);
        Taken::Violation
    }

    #[inline]
    fn fingerprint(&mut self, state: &Self::State) -> u128 {
        state.subject.fingerprint(&state.world, self.scope.interchangeable, &mut self.fingerprinter)
    }

    fn at_rest(&mut self, state: &mut Self::State) -> bool {
        state.subject.look_again(&mut state.world);
        self.finding = state.judge(Ended::Quiescent);
        self.finding.is_some()
    }

    fn healing(&self, state: &Self::State) -> bool {
        state.world.healing
    }

    fn process(&self, state: &Self::State, step: Step) -> u8 {
        match step {
            // The search represents a set of processes by the bits of a word. If there are more processes than bits,
            // the last ones share a bit. The search may then report cycles that are not fair, but it misses no fair
            // cycle.
            Step::Choice(choice) => state.subject.process(choice).min(PROCESSES - 1),
            Step::Heal => 0,
        }
    }

    fn on_violation(&mut self, _: &mut Self::State) -> OnViolation {
        let Some(finding) = self.finding.take() else { return OnViolation::Ignore };
        let stops = match self.scope.until {
            Until::Violation => true,
            Until::Clause(clause) => finding.clauses().contains(clause),
            Until::End => false,
        };
        if stops {
            self.violations.push(finding);
            return OnViolation::Stop;
        }
        let known = self.violations.iter().any(|other| other.clauses() == finding.clauses());
        if known {
            return OnViolation::Ignore;
        }
        self.violations.push(finding);
        OnViolation::Keep
    }
}
