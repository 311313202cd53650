//! What is known of a simulation while it is watched: the sometimes assertions reached, and what the next may depend on.
//!
//! Independent of events.

use truecount_engine::id::RunId;
use truecount_sim::fault::Fault;

use super::memo::{RunMemo, Slot};
use super::{Sometimes, SometimesSet};

/// The sometimes assertions reached in a simulation.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    /// The sometimes assertions.
    pub sometimes: SometimesSet,
    /// The fault that was injected last, and its target, as long as only events of that step have followed.
    pub(super) injected: Option<(Fault, u32)>,
    /// Workers, by number.
    pub(super) slots: Vec<Slot>,
    /// Runs, by id.
    pub(super) runs: Vec<RunMemo>,
    /// The run that resolved each object last. Empty while there is one run.
    pub(super) resolved_by: Vec<Option<RunId>>,
    /// A job was created that no plan created: two may carry one unit.
    pub(super) more_jobs: bool,
    /// Workers whose clock is wrong: a bit each.
    pub(super) skewed: u64,
    /// A worker died with a unit's final response and no count.
    pub(super) tries_crashed: bool,
}

impl Hits {
    /// Starts over; keeps its buffers.
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

    /// Returns what is remembered of a run.
    pub(super) fn memo(&mut self, run: RunId) -> &mut RunMemo {
        if self.runs.len() <= run.index() {
            self.runs.resize(run.index() + 1, RunMemo::default());
        }
        &mut self.runs[run.index()]
    }

    /// Notes a sometimes assertion if it is reached.
    pub(super) fn reach(&mut self, assertion: Sometimes, reached: bool) {
        if reached {
            self.sometimes.insert(assertion);
        }
    }
}
