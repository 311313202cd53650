//! What an outsider witnesses: events, the hash of a trace, and the one who is told.
//!
//! An event holds what could be seen from outside: durable rows, deliveries, what the world was asked and said. An
//! engine emits none of them; the world derives them from requests and commits.

use truecount_engine::family::FamilyId;
use truecount_engine::id::{ActorId, Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::plan::mix;
use truecount_engine::policy::Grant;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::storage::ObjectState;
use truecount_engine::time::Millis;
use truecount_engine::unit::{Answer, Reason, Resolution};

use crate::fault::Fault;

/// How binding an answer of the world is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Weight {
    /// Retriable: no answer yet.
    Transient,
    /// A row of the engine's own as it was read; what it says when the commit comes is what counts.
    Read,
    /// Final.
    Definite,
}

/// Summary counts in an observation: a bit for each key that is present, and five values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Seen {
    /// Bit n is set if the nth key, in the contract's order, is present.
    pub present: u16,
    /// `total`, or 0 where it is absent.
    pub total: u32,
    /// `processed`, or 0 where it is absent.
    pub processed: u32,
    /// `succeeded`, or 0 where it is absent.
    pub succeeded: u32,
    /// `failed`, or 0 where it is absent.
    pub failed: u32,
    /// `skipped`, or 0 where it is absent.
    pub skipped: u32,
}

impl Seen {
    /// Returns `total`, if it is known.
    #[inline]
    pub const fn total(&self) -> Option<u32> {
        if self.present & 1 != 0 { Some(self.total) } else { None }
    }

    /// Returns `processed`, if it is known.
    #[inline]
    pub const fn processed(&self) -> Option<u32> {
        if self.present & 2 != 0 { Some(self.processed) } else { None }
    }
}

/// What a surface shows of a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shown {
    /// That it waits.
    Queued,
    /// That something is going on.
    Activity,
    /// The phase, by its place in the family's list; 255 for a label that the family does not have.
    Phased(u8),
    /// A count.
    Counted {
        /// Units done.
        processed: u32,
        /// Units planned.
        total: u32,
        /// The share.
        percent: u8,
    },
    /// How it ended.
    Terminal(Outcome),
    /// Nothing.
    None,
}

/// One thing that happened. At most 32 bytes, and `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "fields are named after the rows that they come from")]
pub enum Event {
    /// `run.requested`
    Requested { request: RequestId, actor: Option<ActorId>, tenant: TenantId, family: FamilyId, granted: bool },
    /// The reply: a run was made.
    Accepted { request: RequestId, run: RunId },
    /// `run.deduplicated`
    Deduplicated { request: RequestId, run: RunId },
    /// The reply: the policy grants no such thing.
    Denied { request: RequestId },
    /// `run.enqueued`: the run is durable.
    Enqueued { request: RequestId, run: RunId, tenant: TenantId, family: FamilyId },
    /// `run.started`, or the next phase.
    Started { run: RunId, phase: Option<u8> },
    /// The world's word on planning, or on a phase.
    PlanAnswered { run: RunId, attempt: u8, answer: Answer },
    /// `run.planned`: the plan is sealed.
    Planned { run: RunId, units: u32, digest: u64, job: JobId, fence: Fence },
    /// `job.created`, where a queue or a repair makes one that no plan did.
    JobCreated { job: JobId, run: RunId, unit: Option<UnitIx> },
    /// `delivery.leased`
    Leased { job: JobId, run: RunId, unit: Option<UnitIx>, fence: Fence, delivery: u16, worker: u16 },
    /// `delivery.dead`: more deliveries than the family allows.
    Dead { job: JobId },
    /// `delivery.acked`
    Acked { job: JobId, run: RunId, worker: u16 },
    /// The delivery was handed back for a later attempt.
    HandedBack { job: JobId, until: Millis },
    /// `delivery.refused`: a write under a superseded lease was turned down.
    TurnedDown { job: JobId, worker: u16 },
    /// `unit.asked` and `unit.answered`.
    Answered { run: RunId, unit: UnitIx, worker: u16, attempt: u8, answer: Answer, weight: Weight },
    /// `effect.done`
    EffectDone { run: RunId, unit: UnitIx, worker: u16 },
    /// `unit.counted`
    Counted { run: RunId, unit: UnitIx, job: JobId, fence: Fence, worker: u16 },
    /// `unit.resolved`
    Resolved { run: RunId, unit: UnitIx, resolution: Resolution, job: JobId, fence: Fence, worker: u16 },
    /// `failure.recorded`
    FailureRecorded { run: RunId, unit: UnitIx, reason: Reason, names: Option<ActorId> },
    /// `run.observed`: the durable row, after a commit that changed it.
    Observed { run: RunId, version: u16, status: Status, counts: Seen },
    /// The rest of an observation: a value that is neither of the five nor small.
    ObservedMore { run: RunId, key: u8, value: u64 },
    /// `run.completed`
    Completed { run: RunId, outcome: Option<Outcome>, cause: Option<Cause>, lease: Option<(JobId, Fence)> },
    /// A rendering of a surface begins.
    ViewBegan { view: u16, actor: ActorId, tenant: Option<TenantId> },
    /// A rendering has read a run's row.
    ViewRead { view: u16, run: RunId },
    /// `surface.shown`, one for each item, then `ViewEnded`.
    Shown { view: u16, run: RunId, shown: Shown, diagnostics: bool },
    /// `view.read`: the rendering is over; what it asked the provider, what it wrote.
    ViewEnded { view: u16, asks: u16, writes: u16 },
    /// `run.enqueued`, the event itself: it committed with the run.
    Announced { run: RunId },
    /// `toast.shown`: what the asker sees, with its link.
    ToastShown { request: RequestId, link: RunId },
    /// `notice.sent`: in the recipient's inbox, with what it says.
    Notified { run: RunId, to: Option<ActorId>, link: RunId, outcome: Option<Outcome>, processed: u32, total: u32 },
    /// A notice that has nobody to go to was struck off.
    NoticeDropped { run: RunId },
    /// Somebody asks for one run by its address; it need not be there.
    RunAsked { view: u16, actor: ActorId, run: RunId },
    /// The answer to somebody who asks for one run: what is shown of it, or that there is none. `tell` is whatever else
    /// the answer lets on, as a number; 0 is nothing.
    RunViewed { view: u16, actor: ActorId, run: RunId, shown: Shown, tell: u32 },
    /// A unit's object became an item of what the run makes.
    ItemStored { run: RunId, unit: UnitIx },
    /// The items of what a run makes, as anybody could read them: how many, and a digest that knows no order.
    ItemsRead { run: RunId, items: u32, digest: u64 },
    /// `rows.pruned`
    Pruned { run: RunId },
    /// `world.changed`; by a run, where that run's effect did it.
    WorldChanged { object: ObjectId, state: ObjectState, by: Option<RunId> },
    /// `grant.changed`
    GrantChanged { actor: ActorId, tenant: TenantId, grant: Grant },
    /// `time.advanced`
    Advanced { to: Millis },
    /// `fault.struck`
    Struck { fault: Fault, at: u32 },
    /// `healed`: faults have stopped.
    Healed,
}

/// Is told what happens.
pub trait Witness {
    /// Takes one event.
    fn see(&mut self, event: &Event);

    /// Returns whether anything seen so far breaks a promise; then playing on is of no use.
    fn alarmed(&self) -> bool;
}

/// Whom nothing alarms.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Witness for Nobody {
    #[inline]
    fn see(&mut self, _: &Event) {}

    #[inline]
    fn alarmed(&self) -> bool {
        false
    }
}

/// Keeps everything; for stories and tests.
#[derive(Clone, Debug, Default)]
pub struct Recorder<W> {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Who else is told.
    pub witness: W,
}

impl<W: Witness> Witness for Recorder<W> {
    fn see(&mut self, event: &Event) {
        self.events.push(*event);
        self.witness.see(event);
    }

    fn alarmed(&self) -> bool {
        self.witness.alarmed()
    }
}

/// The hash of a trace, and its witness.
#[derive(Clone, Debug)]
pub struct Trace<W> {
    /// The hash so far.
    pub hash: u64,
    /// Whether to hash at all.
    pub hashing: bool,
    /// Events so far.
    pub events: u64,
    /// Who is told.
    pub witness: W,
}

impl<W: Witness> Trace<W> {
    /// Returns an empty trace.
    pub const fn new(witness: W) -> Self {
        Self { hash: 0, hashing: true, events: 0, witness }
    }

    /// Takes one event.
    #[inline]
    pub fn see(&mut self, event: Event) {
        self.events += 1;
        if self.hashing {
            let [first, second] = words(&event);
            self.hash = mix(mix(self.hash, first), second);
        }
        self.witness.see(&event);
    }
}

const fn pair(high: u32, low: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

const fn tagged(tag: u64, high: u32, low: u32) -> u64 {
    // The tag in the top byte; numbers of runs and requests stay far below 2^24.
    (tag << 56) ^ pair(high, low)
}

/// An absent unit is none that a plan can have.
fn unit(unit: Option<UnitIx>) -> u32 {
    unit.map_or(u32::MAX, |unit| unit.0)
}

fn small(option: Option<impl Into<u32>>) -> u32 {
    option.map_or(0, |value| value.into() + 1)
}

fn shown_words(shown: Shown) -> [u64; 2] {
    match shown {
        Shown::Queued => [1, 0],
        Shown::Activity => [2, 0],
        Shown::Phased(phase) => [3, u64::from(phase)],
        Shown::Counted { processed, total, percent } => [4 | u64::from(percent) << 8, pair(processed, total)],
        Shown::Terminal(outcome) => [5, outcome as u64],
        Shown::None => [6, 0],
    }
}

const fn resolution_code(resolution: Resolution) -> u32 {
    match resolution {
        Resolution::Succeeded => 0,
        Resolution::Skipped(reason) => 16 + reason as u32,
        Resolution::Failed(reason) => 32 + reason as u32,
    }
}

/// Returns an event as a tag and its fields in two words: explicit numbers, never a derived hash, so that a trace
/// recorded elsewhere hashes to the same.
fn words(event: &Event) -> [u64; 2] {
    match *event {
        Event::Requested { request, actor, tenant, family, granted } => [
            tagged(1, request.0, small(actor.map(|actor| actor.0))),
            pair(u32::from(tenant.0), (family as u32) << 1 | u32::from(granted)),
        ],
        Event::Accepted { request, run } => [tagged(2, request.0, run.0), 0],
        Event::Deduplicated { request, run } => [tagged(3, request.0, run.0), 0],
        Event::Denied { request } => [tagged(4, request.0, 0), 0],
        Event::Enqueued { request, run, tenant, family } => {
            [tagged(5, request.0, run.0), pair(u32::from(tenant.0), family as u32)]
        }
        Event::Started { run, phase } => [tagged(6, run.0, small(phase)), 0],
        Event::PlanAnswered { run, attempt, answer } => [tagged(7, run.0, u32::from(attempt)), answer as u64],
        Event::Planned { run, units, digest, job, fence } => {
            [tagged(8, run.0, units), digest ^ pair(job.0, fence.0).rotate_left(17)]
        }
        Event::JobCreated { job, run, unit: ix } => [tagged(9, job.0, run.0), u64::from(unit(ix))],
        Event::Leased { job, run, unit: ix, fence, delivery, worker } => {
            [tagged(10, job.0, run.0) ^ u64::from(worker) << 40, pair(unit(ix), fence.0) ^ u64::from(delivery) << 16]
        }
        Event::Dead { job } => [tagged(11, job.0, 0), 0],
        Event::Acked { job, run, worker } => [tagged(12, job.0, run.0), u64::from(worker)],
        Event::HandedBack { job, until } => [tagged(13, job.0, 0), until.0],
        Event::TurnedDown { job, worker } => [tagged(14, job.0, u32::from(worker)), 0],
        Event::Answered { run, unit, worker, attempt, answer, weight } => [
            tagged(15, run.0, unit.0),
            pair(u32::from(worker) << 8 | u32::from(attempt), (answer as u32) << 8 | weight as u32),
        ],
        Event::EffectDone { run, unit, worker } => [tagged(16, run.0, unit.0), u64::from(worker)],
        Event::Counted { run, unit, job, fence, worker } => {
            [tagged(17, run.0, unit.0), pair(job.0, fence.0) ^ u64::from(worker) << 48]
        }
        Event::Resolved { run, unit, resolution, job, fence, worker } => {
            let code = u64::from(resolution_code(resolution));
            [tagged(18, run.0, unit.0) ^ code << 48, pair(job.0, fence.0) ^ u64::from(worker) << 48]
        }
        Event::FailureRecorded { run, unit, reason, names } => {
            [tagged(19, run.0, unit.0), pair(small(names.map(|actor| actor.0)), reason as u32)]
        }
        Event::Observed { run, version, status, counts } => [
            tagged(20, run.0, counts.processed) ^ (status as u64) << 52 ^ u64::from(version) << 34,
            pair(counts.succeeded, counts.failed)
                ^ pair(counts.skipped, counts.total).rotate_left(21)
                ^ u64::from(counts.present) << 48,
        ],
        Event::ObservedMore { run, key, value } => [tagged(21, run.0, u32::from(key)), value],
        Event::Completed { run, outcome, cause, lease } => [
            tagged(22, run.0, small(outcome.map(|outcome| outcome as u32))),
            lease.map_or(0, |(job, fence)| pair(job.0 + 1, fence.0))
                ^ u64::from(small(cause.map(|cause| cause as u32))) << 60,
        ],
        Event::ViewBegan { view, actor, tenant } => {
            [tagged(23, u32::from(view), u32::from(actor.0)), u64::from(small(tenant.map(|tenant| tenant.0)))]
        }
        Event::ViewRead { view, run } => [tagged(24, u32::from(view), run.0), 0],
        Event::Shown { view, run, shown, diagnostics } => {
            let [code, rest] = shown_words(shown);
            [tagged(25, u32::from(view), run.0) ^ code << 40, rest ^ u64::from(diagnostics) << 63]
        }
        Event::ViewEnded { view, asks, writes } => {
            [tagged(26, u32::from(view), 0), pair(u32::from(asks), u32::from(writes))]
        }
        Event::Notified { run, to, link, outcome, processed, total } => [
            tagged(27, run.0, link.0) ^ u64::from(small(to.map(|actor| actor.0))) << 40,
            pair(processed, total) ^ u64::from(small(outcome.map(|outcome| outcome as u32))) << 62,
        ],
        Event::Announced { run } => [tagged(34, run.0, 0), 0],
        Event::ToastShown { request, link } => [tagged(35, request.0, link.0), 0],
        Event::NoticeDropped { run } => [tagged(36, run.0, 0), 0],
        Event::RunViewed { view, actor, run, shown, tell } => {
            let [code, rest] = shown_words(shown);
            [tagged(37, u32::from(view), run.0) ^ code << 40, rest ^ pair(u32::from(actor.0), tell).rotate_left(9)]
        }
        Event::RunAsked { view, actor, run } => [tagged(40, u32::from(view), run.0), u64::from(actor.0)],
        Event::ItemStored { run, unit } => [tagged(38, run.0, unit.0), 0],
        Event::ItemsRead { run, items, digest } => [tagged(39, run.0, items), digest],
        Event::Pruned { run } => [tagged(28, run.0, 0), 0],
        Event::WorldChanged { object, state, by } => {
            [tagged(29, object.0, state as u32), u64::from(small(by.map(|run| run.0)))]
        }
        Event::GrantChanged { actor, tenant, grant } => {
            [tagged(30, u32::from(actor.0), u32::from(tenant.0)), grant as u64]
        }
        Event::Advanced { to } => [tagged(31, 0, 0), to.0],
        Event::Struck { fault, at } => [tagged(32, fault as u32, at), 0],
        Event::Healed => [tagged(33, 0, 0), 0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_small() {
        assert!(size_of::<Event>() <= 32, "{} bytes", size_of::<Event>());
    }

    #[test]
    fn order_and_every_field_are_part_of_the_hash() {
        let hash = |events: &[Event]| {
            let mut trace = Trace::new(Nobody);
            for event in events {
                trace.see(*event);
            }
            trace.hash
        };
        let [one, two] = [0, 1].map(|run| Event::Pruned { run: RunId(run) });
        assert_ne!(hash(&[one, two]), hash(&[two, one]));
        let seen = |counts| Event::Observed { run: RunId(0), version: 1, status: Status::Running, counts };
        let base = Seen { present: 31, total: 4, processed: 3, succeeded: 1, failed: 1, skipped: 1 };
        let changed = [
            Seen { present: 15, ..base },
            Seen { total: 5, ..base },
            Seen { processed: 4, ..base },
            Seen { succeeded: 2, ..base },
            Seen { failed: 2, ..base },
            Seen { skipped: 2, ..base },
        ];
        for counts in changed {
            assert_ne!(hash(&[seen(base)]), hash(&[seen(counts)]), "{counts:?}");
        }
    }
}
