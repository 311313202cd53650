//! The judgement of one simulation: whether it failed, and which clauses it violated.

use truecount_sim::fault::FaultSet;
use truecount_sim::simulate::Ended;

use crate::mismatch::Mismatch;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::invariant::Violations;
use truecount_contract::sometimes::SometimesSet;
use truecount_scenario::Names;

/// The failure of a simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// One step violated clauses.
    Violated(Violations),
    /// No checker reported a violation, but the final result is not what the scenario expects.
    Unexpected(Mismatch),
    /// Faults have stopped and every run has ended, but the simulation can cycle for ever.
    NotConverged,
}

impl Finding {
    /// Returns the violated clauses.
    pub fn clauses(&self) -> ClauseSet {
        match self {
            Self::Violated(violations) => violations.clauses,
            Self::Unexpected(mismatch) => [mismatch.clause()].into_iter().collect(),
            // A cycle never ends, so it exceeds the time bound of LIFE-07.
            Self::NotConverged => [Clause::LIFE_07].into_iter().collect(),
        }
    }

    /// Returns the finding as text. Equal findings of one scenario give the same text in every process.
    pub fn text(&self, names: &Names) -> String {
        match self {
            Self::Violated(Violations { clauses, at, .. }) => {
                let ids: Vec<&str> = clauses.iter().map(Clause::id).collect();
                format!("event {at} violates {}", ids.join(" "))
            }
            Self::Unexpected(mismatch) => mismatch.text(names),
            Self::NotConverged => "the simulation does not converge".to_owned(),
        }
    }

    /// Returns the clause that a report names.
    pub fn primary(&self) -> Clause {
        match self {
            Self::Violated(violations) => violations.primary,
            Self::Unexpected(mismatch) => mismatch.clause(),
            Self::NotConverged => Clause::LIFE_07,
        }
    }
}

/// The judgement of one simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Simulation {
    /// The seed. If the simulation follows a schedule or a path, the seed is only a label.
    pub seed: u64,
    /// The failure; `None` if the simulation passed.
    pub finding: Option<Finding>,
    /// How the simulation ended.
    pub ended: Ended,
    /// The hash of the trace.
    pub hash: u64,
    /// The number of choices that were applied.
    pub steps: u64,
    pub events: u64,
    /// The clauses that were exercised.
    pub exercised: ClauseSet,
    /// The sometimes assertions that were hit.
    pub reached: SometimesSet,
    /// The kinds of fault that were injected.
    pub injected: FaultSet,
}
