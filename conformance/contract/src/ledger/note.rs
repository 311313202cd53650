//! Notes on what has happened to each run, unit, job, worker and object.

use truecount_engine::counts::Key;
use truecount_engine::id::{Fence, JobId, RunId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::Fault;
use truecount_sim::trace::Seen;

use super::Phases;

/// A record of what has happened to a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact; all combinations occur")]
pub struct UnitNote {
    /// Whether it was counted at least once.
    pub counted: bool,
    /// Whether its side effect was performed.
    pub effect: bool,
    pub resolution: Option<Resolution>,
    /// The first definite response.
    pub first_definite: Option<Response>,
    /// Whether the last response was retryable.
    pub retryable: bool,
    /// How often it was handed back. The number of the current attempt is one more.
    pub handed_back: u8,
    /// The highest attempt with a retryable response, or 0.
    pub attempts_lost: u8,
    /// Whether a job that carries the unit exceeded the delivery limit.
    pub given_up: bool,
    /// Whether it was resolved, given a definite response, or given up at a limit, so that an observation may include
    /// it.
    pub in_upper_bound: bool,
}

impl UnitNote {
    /// Returns the number of the current attempt, from 1.
    #[inline]
    pub const fn attempt(&self) -> u8 {
        self.handed_back.saturating_add(1)
    }
}

/// A record of what has happened to a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunNote {
    /// The time at which it was accepted.
    pub enqueued_at: Millis,
    /// The event at which it was accepted.
    pub enqueued_event: u64,
    /// The index, in the fixture, of the request that created the run.
    pub spec: usize,
    /// The number of units in the sealed plan.
    pub planned: Option<u32>,
    /// The event at which the plan was sealed.
    pub planned_at: u64,
    /// The status last observed.
    pub status: Option<Status>,
    /// The counts last observed.
    pub counts: Seen,
    /// The first total observed.
    pub total: Option<u32>,
    /// How it became terminal.
    pub completed: Option<Completed>,
    /// The counts of the terminal observation.
    pub terminal_counts: Option<Seen>,
    /// Whether it was observed again after its terminal observation.
    pub observed_again: bool,
    /// The number of distinct planned units with a ledger row: succeeded, skipped, failed.
    pub tallies: [u32; 3],
    /// The number of distinct planned units that were counted.
    pub counted: u32,
    /// The amount by which the next observation must raise `processed`: the number of counts since the last
    /// observation.
    pub counted_since: u32,
    /// The upper bound of `processed`: the number of planned units that an observation may include.
    pub upper_bound: u32,
    /// How often its own job was handed back after a failed attempt at planning, at the current phase or at publishing.
    /// The number of the current attempt is one more.
    pub handed_back: u8,
    /// Whether such an attempt has failed since the last hand-back.
    pub attempt_failed: bool,
    /// The highest attempt, at planning or at the current phase, that received a retryable response; 0 if there is
    /// none.
    pub plan_attempts_lost: u8,
    /// The highest attempt at publishing that failed, or 0.
    pub publish_attempts_lost: u8,
    /// The total back-off of the run's handed-back jobs, in milliseconds.
    pub waited_ms: u64,
    /// Whether its planning job exceeded its delivery limit.
    pub planner_lost: bool,
    pub phases: Phases,
    /// The kinds of fault that were injected into it while it was active, one bit each.
    pub injected: u64,
    /// The last values of the keys other than the five counts, indexed by key.
    pub other_values: [Option<u64>; Key::ALL.len()],
}

/// How a run became terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Completed {
    pub outcome: Option<Outcome>,
    /// The cause of a run-level failure.
    pub cause: Option<Cause>,
    pub when: Millis,
    /// The event at which it became terminal.
    pub at: u64,
}

impl RunNote {
    /// Returns the note for a new run. `spec` is the index, in the fixture, of the request that created the run.
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
            observed_again: false,
            tallies: [0; 3],
            counted: 0,
            counted_since: 0,
            upper_bound: 0,
            handed_back: 0,
            attempt_failed: false,
            plan_attempts_lost: 0,
            publish_attempts_lost: 0,
            waited_ms: 0,
            planner_lost: false,
            phases: Phases::default(),
            injected: 0,
            other_values: [None; Key::ALL.len()],
        }
    }

    /// Notes that a fault was injected, unless the run has ended.
    pub(super) const fn inject(&mut self, fault: Fault) {
        if self.completed.is_none() {
            self.injected |= 1 << fault as u8;
        }
    }

    /// Returns the number of the current attempt at planning, at the current phase or at publishing, from 1.
    pub const fn attempt(&self) -> u8 {
        self.handed_back.saturating_add(1)
    }

    /// Notes that a phase is entered.
    pub(super) fn enter_phase(&mut self, phase: Option<u8>) {
        self.phases.enter(phase);
        self.plan_attempts_lost = 0;
        self.begin_stage();
    }

    /// Notes a response to planning or, if `phase` is set, to a phase. A response for a stage that another job has left
    /// in the meantime changes nothing.
    pub(super) fn respond(&mut self, phase: Option<u8>, response: Response) {
        let current = if phase.is_some() { phase == self.phases.current } else { self.planned.is_none() };
        if !current {
            return;
        }
        if response.definite() {
            self.phases.respond(phase, response);
        } else {
            self.attempt_failed = true;
            self.plan_attempts_lost = self.plan_attempts_lost.max(self.attempt());
        }
    }

    /// Notes that its plan is sealed or a phase is entered, so that its attempts are numbered from 1 again.
    pub(super) const fn begin_stage(&mut self) {
        (self.handed_back, self.attempt_failed) = (0, false);
    }

    /// Notes that its own job is handed back, and returns the number of the attempt that is thereby over. If no attempt
    /// has failed at the current stage, the hand-back belongs to an earlier stage.
    pub(super) const fn hand_back(&mut self) -> u8 {
        let attempt = self.attempt();
        if self.attempt_failed {
            (self.handed_back, self.attempt_failed) = (attempt, false);
        }
        attempt
    }

    /// Returns how many planned units have a ledger row.
    #[inline]
    pub const fn rows(&self) -> u32 {
        self.tallies[0] + self.tallies[1] + self.tallies[2]
    }

    /// Returns the value of a summary key in the last observation; `None` if the key is absent.
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

/// A request that appears in the trace.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Requested {
    /// The event at which it was requested.
    pub at: u64,
    /// Whether the policy has granted the request at some instant since then.
    pub granted: bool,
    /// Whether there was an instant since then at which the policy did not grant the request.
    pub denied: bool,
    /// Whether it was sent again while it was still under way.
    pub resent: bool,
}

/// A record of what has happened to a job.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact; all combinations occur")]
pub struct JobNote {
    /// The run for which it was created.
    pub run: RunId,
    /// The unit that it carries; `None` for a job of the whole run.
    pub unit: Option<UnitIx>,
    /// The fencing token of the latest lease.
    pub fence: Fence,
    /// The number of deliveries: its leases, except for those that were handed back.
    pub deliveries: u16,
    /// Whether it exceeded its delivery limit. Its worker may then only abandon the units that the job still carries.
    pub dead: bool,
    /// Whether the latest delivery was acknowledged.
    pub acked: bool,
    /// Whether the latest delivery was handed back.
    pub handed_back: bool,
    /// Whether it may be delivered at any time: it was acknowledged, or the queue delivers it twice.
    pub may_come_early: bool,
    /// Whether its latest delivery began after its run had ended.
    pub late: bool,
    /// The worker of the latest delivery.
    pub worker: u16,
    /// The time at which the lease of the latest delivery ends, as far as the trace shows. Once the job is handed back,
    /// this is the time at which its declared back-off ends.
    pub held_until: Millis,
}

/// The state of a worker.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct WorkerNote {
    /// The run for which it works, or last worked.
    pub run: Option<RunId>,
    /// The unit for which it last received a response, unless that response was retryable and not that of the last
    /// attempt. Cleared when the worker acknowledges.
    pub finished: Option<(RunId, UnitIx)>,
    /// Whether it handed its latest job back.
    pub handed_back: bool,
    /// The unit for which it last read the row of another run, unless it has received a response for the unit since.
    pub looked_up: Option<(RunId, UnitIx)>,
    /// Its latest job, if it leased that job beyond the delivery limit and the plan was sealed by then. It must give up
    /// what the job carries.
    pub gives_up: Option<JobId>,
    /// Whether it crashed and has leased nothing since.
    pub crashed: bool,
}

/// A state that an object had.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Past {
    pub(super) from: u64,
    pub(super) state: ObjectState,
    pub(super) by: Option<RunId>,
}
