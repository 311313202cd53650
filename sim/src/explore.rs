//! Exhaustive exploration: visits every state that a model can reach, and determines whether the model can cycle for
//! ever.
//!
//! The search is depth first, over forks of states. States are identified by their fingerprints, and each state is
//! visited once. After the search, the part of the graph in which faults have stopped is searched for cycles that a
//! fair scheduler could follow. This second search covers the whole graph, not just one path. So it finds every
//! simulation that never converges, no matter when the first search reached the cycle.
//!
//! This module does not depend on engines, clauses or faults.

mod cycle;
mod nodes;
#[cfg(test)]
mod tests;

use truecount_engine::index::ix;

use nodes::Nodes;

/// A system that can be explored.
pub trait Model {
    /// A state. It is copied for each step, so `clone_from` should reuse existing buffers.
    type State: Clone;

    /// A step from one state to the next.
    type Step: Copy;

    /// Lists the enabled steps, in an order that depends on the state alone. If no step is enabled, the state is
    /// quiescent.
    fn steps(&mut self, state: &mut Self::State, steps: &mut Vec<Self::Step>);

    /// Takes a step.
    fn take(&mut self, state: &mut Self::State, step: Self::Step) -> Taken;

    /// Returns the fingerprint of a state. States with equal fingerprints have the same future.
    fn fingerprint(&mut self, state: &Self::State) -> u128;

    /// Checks a quiescent state. Returns whether the state violates a clause.
    fn at_rest(&mut self, state: &mut Self::State) -> bool;

    /// Returns whether faults have stopped. From then on the simulation must converge.
    fn healing(&self, state: &Self::State) -> bool;

    /// Returns the process that takes a step, as a number below [`PROCESSES`]. Once faults have stopped, a process that
    /// is continuously enabled eventually takes a step.
    fn process(&self, state: &Self::State, step: Self::Step) -> u8;

    /// Called when this state violates a clause. Returns how to proceed.
    fn on_violation(&mut self, state: &mut Self::State) -> OnViolation;
}

/// The maximum number of processes of a model.
pub const PROCESSES: u8 = 64;

/// The result of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// The step does not apply in this state; nothing has changed.
    Nothing,
    /// The step was applied. The state may be the same as before.
    Moved,
    /// A clause is violated. The search does not continue from here.
    Violation,
}

/// How to proceed after a violated clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnViolation {
    /// Ignore the violation, for example because it is already known.
    Ignore,
    /// Record the path, and continue.
    Keep,
    /// Record the path, and stop.
    Stop,
}

/// The bounds of a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// The maximum number of states that are remembered, at about 100 bytes each.
    pub states: u32,
    /// The maximum number of states that are generated, at about a microsecond each.
    pub generated: u64,
    /// The maximum number of states on one path, all of which are kept in memory. If some part of a state grows without
    /// limit, so does a path.
    pub depth: u32,
}

/// The reason for ending a search before every state was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// A clause is violated, and the model returned [`OnViolation::Stop`].
    Violation,
    /// The limit on remembered states was reached.
    States,
    /// The limit on generated states was reached.
    Steps,
    /// The limit on the length of a path was reached.
    Depth,
    /// The caller ended the search.
    Asked,
}

/// The result of a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explored<S> {
    /// Number of distinct states.
    pub states: u32,
    /// Number of steps that applied and violated nothing.
    pub edges: u64,
    /// Number of generated states: copies on which a step was tried.
    pub generated: u64,
    /// Number of quiescent states.
    pub rests: u64,
    /// The length of the longest path.
    pub depth: u32,
    /// Paths to states that violate a clause, for those violations that the model did not ignore.
    pub violations: Vec<Vec<S>>,
    /// A path to a state from which a fair scheduler could cycle for ever.
    pub cycle: Option<Vec<S>>,
    /// The reason for ending the search early; `None` if every state was reached.
    pub cut: Option<Cut>,
}

/// Decides, from time to time, whether a search continues.
pub trait Pace {
    /// Returns whether to continue, given the number of states found and generated so far.
    fn continues(&mut self, states: u32, generated: u64) -> bool;
}

impl Pace for () {
    fn continues(&mut self, _: u32, _: u64) -> bool {
        true
    }
}

/// Number of steps between two calls of [`Pace::continues`]. A step copies the state, which takes a tenth of a second
/// for a million units.
const PACE: u64 = 16;

/// One state on the path from the start to the current state.
struct Level<M: Model> {
    /// This state and the scratch state are boxed, because the two are swapped at each step and a state takes up
    /// several kilobytes.
    state: Box<M::State>,
    steps: Vec<M::Step>,
    next: usize,
    node: u32,
}

/// Explores every state that can be reached from `start`, within the bounds.
pub fn explore<M: Model>(model: &mut M, start: &M::State, bounds: Bounds, pace: &mut impl Pace) -> Explored<M::Step> {
    let mut search = Search::new(start, bounds);
    search.run(model, start, pace);
    search.found
}

struct Search<M: Model> {
    bounds: Bounds,
    levels: Vec<Level<M>>,
    nodes: Nodes<M::Step>,
    healing: cycle::Graph,
    scratch: Box<M::State>,
    found: Explored<M::Step>,
}

impl<M: Model> Search<M> {
    fn new(start: &M::State, bounds: Bounds) -> Self {
        Self {
            bounds,
            levels: Vec::new(),
            nodes: Nodes::default(),
            healing: cycle::Graph::default(),
            scratch: Box::new(start.clone()),
            found: Explored {
                states: 0,
                edges: 0,
                generated: 0,
                rests: 0,
                depth: 0,
                violations: Vec::new(),
                cycle: None,
                cut: None,
            },
        }
    }

    fn run(&mut self, model: &mut M, start: &M::State, pace: &mut impl Pace) {
        let fingerprint = model.fingerprint(start);
        self.nodes.find_or_add(fingerprint, None);
        M::State::clone_from(&mut self.scratch, start);
        let mut depth = 0;
        self.enter(model, depth, 0);
        while self.found.cut.is_none() {
            let level = &mut self.levels[depth];
            if level.next == level.steps.len() {
                if depth == 0 {
                    break;
                }
                depth -= 1;
                continue;
            }
            let (step, from) = (level.steps[level.next], level.node);
            level.next += 1;
            // The last step needs no copy: the search does not return to this state.
            if level.next == level.steps.len() {
                std::mem::swap(&mut self.scratch, &mut level.state);
            } else {
                self.scratch.clone_from(&level.state);
            }
            let was_healing = model.healing(&self.scratch);
            let process = if was_healing { model.process(&self.scratch, step) } else { 0 };
            self.found.generated += 1;
            if self.found.generated.is_multiple_of(PACE) && !pace.continues(self.nodes.len(), self.found.generated) {
                self.cut(Cut::Asked);
            }
            if self.found.generated >= self.bounds.generated {
                self.cut(Cut::Steps);
            }
            match model.take(&mut self.scratch, step) {
                Taken::Nothing => {}
                Taken::Violation => self.violation(model, depth),
                Taken::Moved => {
                    self.found.edges += 1;
                    let fingerprint = model.fingerprint(&self.scratch);
                    let (node, fresh) = self.nodes.find_or_add(fingerprint, Some((from, step)));
                    if was_healing {
                        self.healing.edge(from, node, process);
                    }
                    if fresh {
                        depth += 1;
                        self.enter(model, depth, node);
                        if self.nodes.len() >= self.bounds.states {
                            self.cut(Cut::States);
                        }
                        if depth >= self.bounds.depth as usize {
                            self.cut(Cut::Depth);
                        }
                    }
                }
            }
        }
        self.found.states = self.nodes.len();
        if self.found.cut.is_none() {
            self.found.cycle = self.healing.fair_cycle().map(|node| self.nodes.path(node));
        }
    }

    /// Ends the search. If there are several reasons, the first is kept.
    fn cut(&mut self, cut: Cut) {
        self.found.cut.get_or_insert(cut);
    }

    /// Continues from the scratch state.
    fn enter(&mut self, model: &mut M, depth: usize, node: u32) {
        if self.levels.len() == depth {
            let state = self.scratch.clone();
            self.levels.push(Level { state, steps: Vec::new(), next: 0, node });
        }
        let level = &mut self.levels[depth];
        std::mem::swap(&mut level.state, &mut self.scratch);
        (level.next, level.node) = (0, node);
        level.steps.clear();
        model.steps(&mut level.state, &mut level.steps);
        if model.healing(&level.state) {
            let enabled = level.steps.iter().fold(0, |all, step| all | 1 << model.process(&level.state, *step));
            self.healing.node(node, enabled);
        }
        self.found.depth = self.found.depth.max(ix(depth));
        if !level.steps.is_empty() {
            return;
        }
        self.found.rests += 1;
        std::mem::swap(&mut level.state, &mut self.scratch);
        if model.at_rest(&mut self.scratch) {
            // The path ends with the previous level, since this level has taken no step.
            self.violation(model, depth.saturating_sub(1));
        }
    }

    /// Handles a clause that is violated in the scratch state, the state reached by the last step at this depth.
    fn violation(&mut self, model: &mut M, depth: usize) {
        let on_violation = model.on_violation(&mut self.scratch);
        if on_violation != OnViolation::Ignore {
            let taken = self.levels[..=depth].iter().filter_map(|level| level.steps.get(level.next.checked_sub(1)?));
            self.found.violations.push(taken.copied().collect());
        }
        if on_violation == OnViolation::Stop {
            self.cut(Cut::Violation);
        }
    }
}
