//! The judgement of one simulation: what is wrong with it, and under which clauses.

use truecount_sim::simulate::Ended;

use crate::mismatch::Mismatch;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::sometimes::SometimesSet;
use truecount_scenario::Names;

/// What is wrong with a simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// Clauses were violated, all by one event.
    Violated {
        clauses: ClauseSet,
        /// The event, counted from 1.
        at: u64,
    },
    /// The clauses held, but the end is not what the scenario expects.
    Unexpected(Mismatch),
    /// Faults have stopped, and the simulation can cycle for ever, with every run complete.
    NotConverged,
}

impl Finding {
    /// Returns the clauses that are violated.
    pub fn clauses(&self) -> ClauseSet {
        match self {
            Self::Violated { clauses, .. } => *clauses,
            Self::Unexpected(mismatch) => [mismatch.clause()].into_iter().collect(),
            // What never ends does not end within the bound.
            Self::NotConverged => [Clause::LIFE_07].into_iter().collect(),
        }
    }

    /// Returns the finding as a text: equal findings of one scenario have the same one, in every process.
    pub fn text(&self, names: &Names) -> String {
        match self {
            Self::Violated { clauses, at } => {
                let ids: Vec<&str> = clauses.iter().map(Clause::id).collect();
                format!("event {at} violates {}", ids.join(" "))
            }
            Self::Unexpected(mismatch) => mismatch.text(names),
            Self::NotConverged => "does not converge".to_owned(),
        }
    }

    /// Returns the one clause that a report names.
    pub fn primary(&self) -> Clause {
        self.clauses().primary().unwrap_or(Clause::COUNT_20)
    }
}

/// The judgement of one simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Simulation {
    /// The seed. If the simulation follows a schedule or a path, this is only a number for it.
    pub seed: u64,
    /// What is wrong, if anything.
    pub finding: Option<Finding>,
    /// How it ended.
    pub ended: Ended,
    /// The hash of the trace.
    pub hash: u64,
    /// Choices that were applied.
    pub steps: u64,
    /// Events of the trace.
    pub events: u64,
    /// Clauses that were put to the test.
    pub exercised: ClauseSet,
    /// Sometimes assertions that were reached.
    pub reached: SometimesSet,
}
