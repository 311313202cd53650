//! One choice: what happens next. All randomness and all replay pass through this type.

use truecount_engine::id::{JobId, ObjectId, RunId};
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;

use crate::fault::Fault;

/// How far clocks are wrong: twice the longest lease of any family.
pub const CLOCK_SPREAD_MS: u32 = 120_000;

/// How far the clock jumps: from a moment to beyond the retention of old rows.
pub const CLOCK_JUMPS_MS: [u64; 4] = [500, 30_000, 61_000, 4_000_000];

/// What happens next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Choice {
    /// The next request for a run is sent.
    Submit,
    /// The oldest ready job goes to an idle worker.
    Deliver,
    /// The pending request of an actor is performed, and the actor gets the reply.
    Step(u16),
    /// Time moves to the next deadline.
    Jump,
    /// A step with a fault injected into it.
    Inject(u16, Fault),
    /// A ready job that is not the oldest, by its place in the queue, goes to an idle worker.
    Reorder(u32),
    /// A job is delivered again.
    Redeliver(JobId),
    /// A job is copied under a new id.
    NewJobId(JobId),
    /// The queue loses a job that waits to be redelivered.
    LostJob(JobId),
    /// A job appears for a unit that is in no plan.
    UnplannedUnit(RunId),
    /// An object changes.
    Change(ObjectId, ObjectState),
    /// The clock jumps ahead by so much.
    ClockJump(Millis),
    /// A worker's clock is off by so much.
    ClockSkew(u16, i32),
    /// The sweep runs.
    Sweep,
    /// The relay runs.
    Relay,
    /// The retention job runs.
    Prune,
    /// A surface, by its place in the fixture, is rendered.
    Observe(u16),
    /// A viewer, by the place of its surface, requests one run by its address. The run need not exist.
    View(u16, RunId),
    /// A viewer, by the place of its surface, reads what one run has published. The run need not have published
    /// anything.
    Fetch(u16, RunId),
    /// A grant of the fixture, by its place, is revoked or granted again.
    Regrant(u16, bool),
}

/// What is open to choose from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Open<'a> {
    /// Whether a request waits to be sent.
    pub submit: bool,
    /// Ready jobs.
    pub ready: u32,
    /// Whether a worker is idle.
    pub idle: bool,
    /// Actors with a pending request.
    pub busy: &'a [u16],
    /// Whether there is a deadline to wait for.
    pub deadline: bool,
    pub workers: u16,
    /// Jobs there are.
    pub jobs: u32,
    /// Runs there are.
    pub runs: u32,
}

impl Open<'_> {
    /// Returns whether a job can go to a worker.
    #[inline]
    pub const fn deliver(&self) -> bool {
        self.ready > 0 && self.idle
    }

    /// Returns the choice without a fault: send, deliver, continue with the actor that waits longest, else let time
    /// pass.
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
