//! The choice of what happens next. All randomness and every replay pass through [`Choice`].

use truecount_engine::id::{JobId, ObjectId, RunId};
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;

use crate::fault::Fault;

/// The largest offset of a clock: twice the longest lease of any family.
pub const CLOCK_SPREAD_MS: u32 = 120_000;

/// The sizes of clock jumps: from half a second to more than the retention time of old rows.
pub const CLOCK_JUMPS_MS: [u64; 4] = [500, 30_000, 61_000, 4_000_000];

/// One choice of what happens next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Choice {
    /// The next request for a run is sent.
    Submit,
    /// The oldest ready job goes to an idle worker.
    Deliver,
    /// The pending request of an actor is performed, and the actor receives the reply.
    Step(u16),
    /// Time moves to the next deadline.
    Jump,
    /// An actor takes a step with a fault injected into it.
    Inject(u16, Fault),
    /// A ready job that is not the oldest, given by its index in the queue, goes to an idle worker.
    Reorder(u32),
    /// A job is delivered again.
    Redeliver(JobId),
    /// A job is copied under a new id.
    NewJobId(JobId),
    /// The queue loses a job that waits to be redelivered.
    LostJob(JobId),
    /// A job appears for a unit outside the plan.
    UnplannedUnit(RunId),
    /// An object changes.
    Change(ObjectId, ObjectState),
    /// The clock jumps ahead by this much.
    ClockJump(Millis),
    /// A worker's clock is off by this many milliseconds.
    ClockSkew(u16, i32),
    /// A request is sent again by the client whose request this actor carries out.
    Resend(u16),
    /// The sweeper runs, or a second sweeper beside it.
    Sweep,
    /// The relay runs, or a second relay beside it.
    Relay,
    /// The retention job runs, or a second retention job beside it.
    Prune,
    /// The surface with this index in the fixture is rendered.
    Observe(u16),
    /// The viewer of the surface with this index requests one run by its address. The run need not exist.
    View(u16, RunId),
    /// The viewer of the surface with this index reads the published artifact of one run. The run need not have
    /// published an artifact.
    Fetch(u16, RunId),
    /// The grant with this index in the fixture is granted again (`true`) or revoked (`false`).
    Regrant(u16, bool),
    /// The grant with this index in the fixture is lowered from operating to viewing.
    Lower(u16),
}

/// The facts that determine which choices are enabled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open<'a> {
    /// Whether a request waits to be sent.
    pub submit: bool,
    /// Number of ready jobs.
    pub ready: u32,
    /// Whether a worker is idle.
    pub idle: bool,
    /// Actors with a pending request.
    pub busy: &'a [u16],
    /// Whether there is a deadline to wait for.
    pub deadline: bool,
    pub workers: u16,
    /// Number of existing jobs.
    pub jobs: u32,
    /// Number of existing runs.
    pub runs: u32,
}

impl Open<'_> {
    /// Returns whether a job can be delivered to a worker.
    #[inline]
    pub const fn deliver(&self) -> bool {
        self.ready > 0 && self.idle
    }

    /// Returns the default choice, which injects no fault, or `None` if nothing is left to do. Sending a request comes
    /// first, then delivering a job, then a step of the actor that has waited longest, then letting time pass.
    #[inline]
    pub const fn default_choice(&self) -> Option<Choice> {
        if self.submit {
            Some(Choice::Submit)
        } else if self.deliver() {
            Some(Choice::Deliver)
        } else if let [first, ..] = self.busy {
            Some(Choice::Step(*first))
        } else if self.deadline {
            Some(Choice::Jump)
        } else {
            None
        }
    }
}
