//! Notes of what has happened to each run, unit, job, worker and object.

use truecount_engine::counts::Key;
use truecount_engine::id::{Fence, RunId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::Fault;
use truecount_sim::trace::Seen;

/// What has happened to a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; all combinations occur")]
pub struct UnitNote {
    /// Counted at least once.
    pub counted: bool,
    /// Its effect was done.
    pub effect: bool,
    pub resolution: Option<Resolution>,
    /// The first definite response.
    pub first_definite: Option<Response>,
    /// The last response was retryable.
    pub retryable: bool,
    /// The highest attempt with a retryable response or none.
    pub attempts_lost: u8,
    /// A job that carries it had more deliveries than the family allows.
    pub given_up: bool,
    /// Resolved, given a definite response, or given up at a limit: an observation may show it.
    pub in_upper_bound: bool,
}

/// What has happened to a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunNote {
    /// When it was accepted.
    pub enqueued_at: Millis,
    /// Where in the trace.
    pub enqueued_event: u64,
    /// The request that made it, by its place in the fixture.
    pub spec: usize,
    /// Units in the sealed plan.
    pub planned: Option<u32>,
    /// Where in the trace the plan was sealed.
    pub planned_at: u64,
    /// The status last observed.
    pub status: Option<Status>,
    /// The counts last observed.
    pub counts: Seen,
    /// The first total observed.
    pub total: Option<u32>,
    /// It is terminal: when, how, why, and where in the trace.
    pub completed: Option<Completed>,
    /// The counts of the terminal observation.
    pub terminal_counts: Option<Seen>,
    /// Distinct planned units with a ledger row: succeeded, skipped, failed.
    pub tallies: [u32; 3],
    /// Distinct planned units that were counted.
    pub counted: u32,
    /// Counts since the last observation: the next one shows them.
    pub counted_since: u32,
    /// The most that `processed` may be: its planned units that are in the upper bound.
    pub upper_bound: u32,
    /// The highest attempt at planning, or at one phase, with a retryable response.
    pub plan_attempts_lost: u8,
    /// The highest attempt at publishing that came to nothing.
    pub publish_attempts_lost: u8,
    /// How long its jobs were handed back for, in all, in milliseconds.
    pub waited_ms: u64,
    /// Its planning job had more deliveries than the family allows.
    pub planner_lost: bool,
    pub phase: Option<u8>,
    /// Kinds of fault that were injected into it while it was active: a bit each.
    pub injected: u64,
    /// The last values of the keys that are not among the five, by the place of the key.
    pub other_values: [Option<u64>; Key::ALL.len()],
}

/// How a run became terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Completed {
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Why it failed as a whole.
    pub cause: Option<Cause>,
    pub when: Millis,
    /// Where in the trace.
    pub at: u64,
}

impl RunNote {
    /// Returns what is known of a run that a request, by its place in the fixture, has just created.
    pub fn new(spec: usize, enqueued_at: Millis, enqueued_event: u64) -> Self {
        Self {
            enqueued_at,
            enqueued_event,
            spec,
            planned: None,
            planned_at: 0,
            status: None,
            counts: Seen::default(),
            total: None,
            completed: None,
            terminal_counts: None,
            tallies: [0; 3],
            counted: 0,
            counted_since: 0,
            upper_bound: 0,
            plan_attempts_lost: 0,
            publish_attempts_lost: 0,
            waited_ms: 0,
            planner_lost: false,
            phase: None,
            injected: 0,
            other_values: [None; Key::ALL.len()],
        }
    }

    /// Notes that a fault was injected into it, unless it has ended.
    pub(super) const fn inject(&mut self, fault: Fault) {
        if self.completed.is_none() {
            self.injected |= 1 << fault as u8;
        }
    }

    /// Returns how many planned units have a ledger row.
    #[inline]
    pub const fn rows(&self) -> u32 {
        self.tallies[0] + self.tallies[1] + self.tallies[2]
    }

    /// Returns the value of a summary key as last observed; none if it is absent.
    pub fn value(&self, key: Key) -> Option<u64> {
        let present = self.counts.present & (1 << key as u16) != 0;
        let value = match key {
            Key::Total => self.counts.total.into(),
            Key::Processed => self.counts.processed.into(),
            Key::Succeeded => self.counts.succeeded.into(),
            Key::Failed => self.counts.failed.into(),
            Key::Skipped => self.counts.skipped.into(),
            Key::Created | Key::Updated | Key::Deleted | Key::Items => return self.other_values[key as usize],
        };
        present.then_some(value)
    }
}

/// A request that entered the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Requested {
    /// Where in the trace.
    pub at: u64,
    /// Whether the policy granted it at some instant since.
    pub granted: bool,
    /// Whether the policy did not grant it at some instant since.
    pub denied: bool,
}

/// What has happened to a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; all combinations occur")]
pub struct JobNote {
    /// The run it was made for.
    pub run: RunId,
    /// The unit it carries.
    pub unit: Option<UnitIx>,
    /// The latest lease.
    pub fence: Fence,
    /// It had more deliveries than the family allows: it may only end what it carries.
    pub dead: bool,
    /// Whether the latest delivery was acknowledged.
    pub acked: bool,
    /// It may be delivered at any time: it was acknowledged, or the queue delivers it twice.
    pub may_come_early: bool,
    /// Its latest delivery began after its run had ended.
    pub late: bool,
    /// The worker of the latest delivery.
    pub worker: u16,
    /// Until when the latest delivery belongs to its worker, as far as the trace shows; once it is handed back, until when
    /// its declared back-off lasts.
    pub held_until: Millis,
}

/// What a worker is at.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct WorkerNote {
    /// The run that it works for, or worked for last.
    pub run: Option<RunId>,
    /// The unit for which it has a definite response, and that is not counted as far as it knows.
    pub finished: Option<(RunId, UnitIx)>,
    /// The unit that it asked about last.
    pub asked: Option<(RunId, UnitIx)>,
    /// The attempt in which it did so, if the response was retryable, else 0.
    pub attempt_lost: u8,
    /// The unit with which it has handed its job back.
    pub handed_back: Option<(RunId, UnitIx)>,
    /// The unit that it has passed over: it acknowledged its job without having asked about the unit, which only another
    /// run has resolved, under the same key.
    pub passed_over: Option<(RunId, UnitIx)>,
    /// It crashed, and has leased nothing since.
    pub crashed: bool,
}

/// A state that an object had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Past {
    pub(super) from: u64,
    pub(super) state: ObjectState,
    pub(super) by: Option<RunId>,
}
