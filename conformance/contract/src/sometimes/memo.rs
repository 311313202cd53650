//! The records that the sometimes assertions keep in addition to the ledger: the last delivery of each worker, and how
//! each run was planned and how it ended.

use truecount_engine::id::{Fence, JobId, RunId, UnitIx};
use truecount_engine::time::Millis;

use crate::ledger::Ledger;

/// A lease: the job and its fencing token.
pub(super) type Lease = (JobId, Fence);

/// The last delivery of a worker.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact; all combinations occur")]
pub(super) struct Slot {
    pub(super) job: JobId,
    pub(super) fence: Fence,
    pub(super) run: RunId,
    pub(super) unit: Option<UnitIx>,
    /// The event at which the delivery began.
    pub(super) leased_at: u64,
    /// The unit whose row was last read, and the event at which the row was read.
    pub(super) read: Option<UnitIx>,
    pub(super) read_at: u64,
    /// Whether no fault has been injected into the delivery since that read.
    pub(super) undisturbed: bool,
    /// The time at which the worker stalled.
    pub(super) stalled_at: Option<Millis>,
    /// Whether the worker stalled before the plan was sealed.
    pub(super) stalled_planning: bool,
    /// Whether the job carries an unplanned unit.
    pub(super) unplanned: bool,
    /// Whether the job had been delivered before.
    pub(super) later: bool,
    /// Whether the worker has counted a unit.
    pub(super) counted: bool,
    /// Whether the worker crashed, was fenced off or handed the job back.
    pub(super) over: bool,
    /// Whether the delivery was handed back.
    pub(super) handed_back: bool,
}

impl Slot {
    /// The initial value for a worker that has had no delivery.
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

    /// Returns whether the worker still holds the delivery's job.
    pub(super) fn is_open(&self, ledger: &Ledger<'_>) -> bool {
        !self.over && ledger.job(self.job).is_some_and(|job| job.fence == self.fence && !job.acked)
    }
}

/// How a run was planned and ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact; all combinations occur")]
pub(super) struct RunMemo {
    /// Whether a worker crashed before the plan was durable.
    pub(super) planner_crashed: bool,
    /// Whether planning, or the current phase, has received a retryable response.
    pub(super) retried: bool,
    /// The phase in which a worker crashed.
    pub(super) crashed_phase: Option<u8>,
    /// Whether the run's own job has been delivered since that crash.
    pub(super) delivered_since: bool,
    /// The worker that resolved the last unit but one, and the event of this resolution. `None` if the unit had no job
    /// of its own.
    pub(super) last_but_one: Option<(u16, u64)>,
    /// The delivery in which the last unit was resolved.
    pub(super) last: Option<Lease>,
    /// Whether that delivery's worker crashed.
    pub(super) last_died: bool,
    /// Whether the disk was full when the run's pack was staged.
    pub(super) disk_was_full: bool,
    /// Whether the run's pack was renamed.
    pub(super) renamed: bool,
    /// The unit of a worker that crashed after a definite response for the unit, but before counting it.
    pub(super) crashed_try: Option<UnitIx>,
    /// Whether the run's expired rows were removed.
    pub(super) pruned: bool,
    /// Whether the run's request was sent again after the run had ended.
    pub(super) sent_after_end: bool,
    /// The delivery in which the run was completed.
    pub(super) completed_by: Option<Lease>,
}
