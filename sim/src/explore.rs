//! Exhaustive search: every state that a model can reach, and whether it can cycle for ever.
//!
//! Depth first, over forks of states, each visited once by its fingerprint. After the search, the part of the graph in
//! which faults have stopped is searched for cycles that a fair scheduler could follow. A simulation that never
//! converges is found however late the search reached the cycle: the whole graph is searched, not one path.
//!
//! Independent of engines, clauses and faults.

mod cycle;
mod nodes;
#[cfg(test)]
mod tests;

use truecount_engine::index::ix;

use nodes::Nodes;

/// What can be searched.
pub trait Model {
    /// A state. Copied for each step, so `clone_from` should reuse existing buffers.
    type State: Clone;

    /// A step from one state to the next.
    type Step: Copy;

    /// Lists what can be done, in an order that depends on the state alone. An empty list means that the state is
    /// quiescent.
    fn steps(&mut self, state: &mut Self::State, steps: &mut Vec<Self::Step>);

    /// Takes a step.
    fn take(&mut self, state: &mut Self::State, step: Self::Step) -> Taken;

    /// Returns the fingerprint: states with the same one have the same future.
    fn fingerprint(&mut self, state: &Self::State) -> u128;

    /// Judges a quiescent state. Returns whether it violates a clause.
    fn at_rest(&mut self, state: &mut Self::State) -> bool;

    /// Returns whether faults have stopped: from then on the simulation must converge.
    fn healing(&self, state: &Self::State) -> bool;

    /// Returns the process that takes a step, below [`PROCESSES`]. Once faults have stopped, a process that could
    /// always take a step takes one in the end.
    fn process(&self, state: &Self::State, step: Self::Step) -> u8;

    /// Takes a violated clause, in this state; returns what to do about it.
    fn on_violation(&mut self, state: &mut Self::State) -> OnViolation;
}

/// Processes that a model may have.
pub const PROCESSES: u8 = 64;

/// What became of a step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// It means nothing here, and nothing has changed.
    Nothing,
    /// The state is another, or the same again.
    Moved,
    /// A clause is violated. What comes after is not searched.
    Violation,
}

/// What to do about a violated clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnViolation {
    /// It is known already.
    Ignore,
    /// Record the path, and continue.
    Keep,
    /// Keep the way there, and stop.
    Stop,
}

/// How far to search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// States that are remembered, at some 100 bytes each.
    pub states: u32,
    /// States that are generated, at about a microsecond each.
    pub generated: u64,
    /// States on one path, which are held whole. If something grows for ever, so does a path.
    pub depth: u32,
}

/// Why a search ended before every state was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cut {
    /// A clause is violated, and the model said stop.
    Violation,
    /// As many states are remembered as may be.
    States,
    /// As many states were generated as may be.
    Steps,
    /// A way is as long as one may be.
    Depth,
    /// The caller ended it.
    Asked,
}

/// What a search found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explored<S> {
    /// Distinct states.
    pub states: u32,
    /// Steps from a state to a state: those that applied and violated nothing.
    pub edges: u64,
    /// States that were generated: forks on which a step was tried.
    pub generated: u64,
    /// States at rest.
    pub rests: u64,
    /// The longest way that was held at once.
    pub depth: u32,
    /// Paths to states that violate a clause, as far as the model asked for them.
    pub violations: Vec<Vec<S>>,
    /// A path to a state from which a fair scheduler could cycle for ever.
    pub cycle: Option<Vec<S>>,
    /// Why not every state was reached, if that is so.
    pub cut: Option<Cut>,
}

/// Is asked from time to time whether to continue, with the states found so far.
pub trait Pace {
    /// Returns whether to continue.
    fn continues(&mut self, states: u32, generated: u64) -> bool;
}

impl Pace for () {
    fn continues(&mut self, _: u32, _: u64) -> bool {
        true
    }
}

/// Steps between two calls of [`Pace`].
const PACE: u64 = 4_096;

/// One state on the path from the start to the present state.
struct Level<M: Model> {
    /// Boxed, as the scratch state is: the two are swapped at each step, and a state is some kilobytes.
    state: Box<M::State>,
    steps: Vec<M::Step>,
    next: usize,
    node: u32,
}

/// Searches from a start.
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
            self.found.cycle = self.healing.fair_cycle().map(|node| self.nodes.way(node));
        }
    }

    /// Ends the search, and keeps the first reason.
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
            // The path ends with the level before: this one has no step to name.
            self.violation(model, depth.saturating_sub(1));
        }
    }

    /// Handles a violated clause in the scratch state, reached by the step last taken at this depth.
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
