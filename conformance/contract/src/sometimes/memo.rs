//! What the sometimes assertions remember beside the ledger: the delivery of each worker, and how each run was planned
//! and ended.

use truecount_engine::id::{Fence, JobId, RunId, UnitIx};
use truecount_engine::time::Millis;

use crate::ledger::Ledger;

/// A lease: the job and its number.
pub(super) type Lease = (JobId, Fence);

/// The delivery that a worker had last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; all combinations occur")]
pub(super) struct Slot {
    pub(super) job: JobId,
    pub(super) fence: Fence,
    pub(super) run: RunId,
    pub(super) unit: Option<UnitIx>,
    /// Where in the trace it began.
    pub(super) leased_at: u64,
    /// The unit whose row it has read, and where in the trace.
    pub(super) read: Option<UnitIx>,
    pub(super) read_at: u64,
    /// No fault was injected into it since it read.
    pub(super) undisturbed: bool,
    /// When it stalled.
    pub(super) stalled_at: Option<Millis>,
    /// It stalled before its plan was sealed.
    pub(super) stalled_planning: bool,
    /// It carries a unit outside the plan.
    pub(super) unplanned: bool,
    /// It is not the first delivery of its job.
    pub(super) later: bool,
    /// It has counted a unit.
    pub(super) counted: bool,
    /// Its worker died, or handed the job back.
    pub(super) over: bool,
    /// It was handed back.
    pub(super) handed_back: bool,
}

impl Slot {
    /// The delivery of a worker that had none.
    pub(super) const NONE: Self = Self {
        job: JobId(u32::MAX),
        fence: Fence(0),
        run: RunId(u32::MAX),
        unit: None,
        leased_at: 0,
        read: None,
        read_at: 0,
        undisturbed: false,
        stalled_at: None,
        stalled_planning: false,
        unplanned: false,
        later: false,
        counted: false,
        over: true,
        handed_back: false,
    };

    pub(super) const fn lease(&self) -> Lease {
        (self.job, self.fence)
    }

    /// Returns whether its worker still has it and no other has taken it.
    pub(super) fn is_open(&self, ledger: &Ledger<'_>) -> bool {
        !self.over && ledger.job(self.job).is_some_and(|job| job.fence == self.fence && !job.acked)
    }
}

/// How a run was planned and ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; all combinations occur")]
pub(super) struct RunMemo {
    /// A worker died before the plan was durable.
    pub(super) planner_crashed: bool,
    /// Planning, or a phase, met a retryable response.
    pub(super) retried: bool,
    /// The phase in which a worker died.
    pub(super) crashed_phase: Option<u8>,
    /// The run's own job was delivered since.
    pub(super) delivered_since: bool,
    /// The worker that resolved the last unit but one, if that unit had a job of its own, and where in the trace.
    pub(super) last_but_one: Option<(u16, u64)>,
    /// The delivery that resolved the last unit.
    pub(super) last: Option<Lease>,
    /// That delivery's worker died.
    pub(super) last_died: bool,
    /// The disk was full when its pack was staged.
    pub(super) disk_was_full: bool,
    /// Its pack was renamed.
    pub(super) renamed: bool,
    /// The unit whose final response a worker had as it died, without a count.
    pub(super) crashed_try: Option<UnitIx>,
    /// Its request was sent again after it had ended.
    pub(super) sent_after_end: bool,
    /// The delivery that completed the run.
    pub(super) completed_by: Option<Lease>,
}
