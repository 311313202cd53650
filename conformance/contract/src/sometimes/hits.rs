//! The sometimes assertions that a simulation has hit, and the state on which later hits depend.
//!
//! The other files of this module interpret events and update this state.

use truecount_engine::id::RunId;
use truecount_sim::fault::Fault;

use super::memo::{RunMemo, Slot};
use super::{Sometimes, SometimesSet};

/// The sometimes assertions that a simulation has hit, and the state that is needed to recognise them.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    pub sometimes: SometimesSet,
    /// The fault that was injected last, and its target. Cleared at the first event outside the step with the fault.
    pub(super) injected: Option<(Fault, u32)>,
    /// The last delivery of each worker, by number.
    pub(super) slots: Vec<Slot>,
    /// The memo of each run, by id.
    pub(super) runs: Vec<RunMemo>,
    /// For each object, the run that last resolved its unit. Empty while there is only one run.
    pub(super) resolved_by: Vec<Option<RunId>>,
    /// Whether a fault or a repair created a job for a unit, so that two jobs may carry one unit.
    pub(super) more_jobs: bool,
    /// The workers whose clock is wrong, one bit each.
    pub(super) skewed: u64,
    /// Whether a worker crashed after a definite response for a unit, but before counting the unit.
    pub(super) tries_crashed: bool,
}

impl Hits {
    /// Resets all state and keeps the buffers.
    pub fn reset(&mut self) {
        self.sometimes = SometimesSet::default();
        self.injected = None;
        self.slots.clear();
        self.runs.clear();
        self.resolved_by.clear();
        self.more_jobs = false;
        self.skewed = 0;
        self.tries_crashed = false;
    }

    /// Returns the memo of a run.
    pub(super) fn memo(&mut self, run: RunId) -> &mut RunMemo {
        if self.runs.len() <= run.index() {
            self.runs.resize(run.index() + 1, RunMemo::default());
        }
        &mut self.runs[run.index()]
    }

    /// Records a sometimes assertion if it was hit.
    pub(super) fn reach(&mut self, assertion: Sometimes, reached: bool) {
        if reached {
            self.sometimes.insert(assertion);
        }
    }
}
