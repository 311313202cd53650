//! The events that are visible from outside, the hash of a trace, and the sink that receives the events.
//!
//! An event contains only what could be observed from outside: durable rows, deliveries, requests to the provider and
//! its responses. The engine emits no events; the simulator derives them from requests and commits.

mod words;

use truecount_engine::family::FamilyId;
use truecount_engine::hash::mix;
use truecount_engine::id::{ActorId, Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Failure, Resolution, Response};

use words::words;
pub use words::{resolution_code, resolutions_digest};

use crate::fault::Fault;

/// How binding a response is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Weight {
    /// Retryable, not definite.
    Transient,
    /// Read from an engine row; the row at the time of the commit decides.
    Read,
    /// Binding: no later response replaces it.
    Definite,
}

/// Summary counts in an observation: a bit for each key that is present, and the values of five keys.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Seen {
    /// Bit n is set if the nth key, in the contract's order, is present.
    pub present: u16,
    /// `total`, or 0 if it is absent.
    pub total: u32,
    /// `processed`, or 0 if it is absent.
    pub processed: u32,
    /// `succeeded`, or 0 if it is absent.
    pub succeeded: u32,
    /// `failed`, or 0 if it is absent.
    pub failed: u32,
    /// `skipped`, or 0 if it is absent.
    pub skipped: u32,
}

impl Seen {
    /// Returns `total`, or `None` if it is absent.
    #[inline]
    pub const fn total(&self) -> Option<u32> {
        if self.present & 1 != 0 { Some(self.total) } else { None }
    }

    /// Returns `processed`, or `None` if it is absent.
    #[inline]
    pub const fn processed(&self) -> Option<u32> {
        if self.present & 2 != 0 { Some(self.processed) } else { None }
    }
}

/// The progress that a surface shows for a run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shown {
    /// The run waits for a worker.
    Queued,
    /// The run is active.
    Activity,
    /// The phase, by its index in the family's list; 255 for a label that is not in this list.
    Phased(u8),
    /// The numbers of resolved and of planned units.
    Counted {
        /// Resolved units.
        processed: u32,
        /// Planned units.
        total: u32,
        /// The integer part of the percentage.
        percent: u8,
    },
    /// The run has ended with this outcome.
    Terminal(Outcome),
    /// Nothing.
    None,
}

/// One observable event. At most 32 bytes, and `Copy`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "fields are named after the rows that they are taken from")]
pub enum Event {
    /// `run.requested`
    Requested { request: RequestId, actor: Option<ActorId>, tenant: TenantId, family: FamilyId, granted: bool },
    /// The reply: a run was created.
    Accepted { request: RequestId, run: RunId },
    /// `run.deduplicated`
    Deduplicated { request: RequestId, run: RunId },
    /// The reply: the policy does not allow the request.
    Denied { request: RequestId },
    /// `run.enqueued`: the run is durable.
    Enqueued { request: RequestId, run: RunId, tenant: TenantId, family: FamilyId },
    /// `run.started`, or the next phase.
    Started { run: RunId, phase: Option<u8>, lease: Option<(JobId, Fence)> },
    /// The response to planning or, if `phase` is set, to a phase.
    PlanResponded { run: RunId, phase: Option<u8>, attempt: u8, response: Response },
    /// `run.planned`: the plan is sealed.
    Planned { run: RunId, units: u32, digest: u64, job: JobId, fence: Fence },
    /// `job.created`: the queue or a repair has created a job that is not part of sealing a plan.
    JobCreated { job: JobId, run: RunId, unit: Option<UnitIx> },
    /// `delivery.leased`
    Leased { job: JobId, run: RunId, unit: Option<UnitIx>, fence: Fence, delivery: u16, worker: u16 },
    /// `delivery.dead`: the job exceeded its delivery limit.
    Dead { job: JobId },
    /// `delivery.acked`
    Acked { job: JobId, run: RunId, fence: Fence, worker: u16 },
    /// The delivery was handed back after this attempt at a unit or, for `None`, at planning, a phase or publishing. The
    /// job is due again at `until`.
    HandedBack { job: JobId, fence: Fence, worker: u16, unit: Option<UnitIx>, attempt: u8, until: Millis },
    /// `delivery.refused`: a write under a superseded lease was fenced off.
    FencedOff { job: JobId, worker: u16 },
    /// `unit.asked` and `unit.responded`.
    Responded { run: RunId, unit: UnitIx, worker: u16, attempt: u8, response: Response, weight: Weight },
    /// `unit.looked_up`: for the delivery of a unit, a worker has read the row of the unit with the same key in another
    /// run.
    LookedUp { run: RunId, unit: UnitIx, other: RunId, worker: u16 },
    /// `effect.done`: the provider performed a unit's side effect.
    EffectDone { run: RunId, unit: UnitIx, worker: u16 },
    /// `unit.counted`
    Counted { run: RunId, unit: UnitIx, job: JobId, fence: Fence, worker: u16 },
    /// `unit.resolved`
    Resolved { run: RunId, unit: UnitIx, resolution: Resolution, job: JobId, fence: Fence, worker: u16 },
    /// `failure.recorded`: the reason code of a failed unit.
    FailureRecorded { run: RunId, unit: UnitIx, reason: Failure, names: Option<ActorId> },
    /// `run.observed`: the durable row, after a commit that may have changed it.
    Observed { run: RunId, version: u16, status: Status, counts: Seen },
    /// Part of an observation: the value of a key that is not one of the five, or a value that does not fit.
    ObservedMore { run: RunId, key: u8, value: u64 },
    /// `run.completed`
    Completed { run: RunId, outcome: Option<Outcome>, cause: Option<Cause>, lease: Option<(JobId, Fence)> },
    /// A rendering of a surface begins.
    ViewBegan { view: u16, actor: ActorId, tenant: Option<TenantId> },
    /// A rendering has read a run's row.
    ViewRead { view: u16, run: RunId },
    /// `surface.shown`, once for each item, followed by `ViewEnded`.
    Shown { view: u16, run: RunId, shown: Shown, diagnostics: bool },
    /// `view.read`: the rendering has ended, with the number of its requests to the provider and of its writes.
    ViewEnded { view: u16, asks: u16, writes: u16 },
    /// `run.enqueued`, the outbox event that was committed with the run.
    Announced { run: RunId },
    /// `toast.shown`: the toast shown to the requesting actor, with its link.
    ToastShown { request: RequestId, link: RunId },
    /// `notice.sent`: a notice in the recipient's inbox, with its content.
    Notified { run: RunId, to: Option<ActorId>, link: RunId, outcome: Option<Outcome>, processed: u32, total: u32 },
    /// A notice without a recipient was marked as sent.
    NoticeDropped { run: RunId },
    /// A viewer requests one run by its address; the run need not exist.
    RunAsked { view: u16, actor: ActorId, run: RunId },
    /// The reply to a request for one run: the progress of the run, or that there is no such run. `disclosed` is
    /// nonzero if the reply discloses anything beyond this.
    RunViewed { view: u16, actor: ActorId, run: RunId, shown: Shown, disclosed: u32 },
    /// A unit's object became an item of the run's artifact.
    ItemStored { run: RunId, unit: UnitIx },
    /// The items of a run's artifact, as any reader could read them: their number, and a digest that does not depend on
    /// their order.
    ItemsRead { run: RunId, items: u32, digest: u64 },
    /// The stored outcome of a terminal run and the cause of its failure, read again after the terminal write.
    OutcomeRead { run: RunId, outcome: Option<Outcome>, cause: Option<Cause> },
    /// The number of notices about a terminal run that are in the inbox.
    NoticesRead { run: RunId, notices: u32 },
    /// The stored units of a terminal run whose rows are not pruned: their number, and a digest of their resolutions in
    /// the order of the plan (see [`resolutions_digest`]).
    UnitsRead { run: RunId, units: u32, digest: u64 },
    /// `artifact.entry`: the side effect of a unit left content for the artifact of the run. `content` is the first
    /// bytes of the content's digest.
    EntryStaged { run: RunId, unit: UnitIx, content: u64 },
    /// `artifact.staged`: the response to an attempt to write the file.
    Staged { run: RunId, attempt: u8, response: Response },
    /// `artifact.renamed`: the response to an attempt to rename the file. `torn` is set if no such file was staged, or
    /// if a check found a different digest.
    Renamed { run: RunId, attempt: u8, response: Response, torn: bool },
    /// `artifact.published`: a terminal write named this file. `digest` is the first bytes of the file's digest.
    Published { run: RunId, digest: u64 },
    /// `artifact.read`: the result of reading a published file. The event states whether the file was found, whether it
    /// is a whole pack, and how many entries it contains. `held` is a digest of the manifest's entries in order, and
    /// `digest` is the first bytes of the file's own digest. `view` is `None` if the file was read outside a rendering.
    ArtifactRead { run: RunId, view: Option<u16>, found: bool, whole: bool, entries: u32, held: u64, digest: u64 },
    /// `artifact.cleared`: everything staged for a run was removed, by the sweeper or by the run's own job.
    Cleared { run: RunId, swept: bool },
    /// `rows.pruned`
    Pruned { run: RunId },
    /// `world.changed`: the state of an object has changed. `by` is the run whose side effect changed it, if any.
    WorldChanged { object: ObjectId, state: ObjectState, by: Option<RunId> },
    /// `grant.changed`: the grant that the policy gives from now on.
    GrantChanged { actor: ActorId, tenant: TenantId, grant: Grant },
    /// `time.advanced`
    Advanced { to: Millis },
    /// `fault.injected`, with the number of the target.
    FaultInjected { fault: Fault, at: u32 },
    /// `healed`: faults have stopped.
    Healed,
}

impl Event {
    /// Returns a digest of the event's kind and of every field. The digest is the same on any machine.
    pub fn digest(&self) -> u64 {
        let [first, second] = words(self);
        mix(mix(0, first), second)
    }
}

/// Receives the events of a simulation.
pub trait EventSink {
    /// Receives one event.
    fn see(&mut self, event: &Event);

    /// Returns whether any event so far has violated a clause. If so, there is no point in continuing.
    fn violated(&self) -> bool;
}

/// Ignores all events and reports no violation.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoSink;

impl EventSink for NoSink {
    #[inline]
    fn see(&mut self, _: &Event) {}

    #[inline]
    fn violated(&self) -> bool {
        false
    }
}

/// Records all events; for traces and tests.
#[derive(Clone, Debug, Default)]
pub struct Recorder<W> {
    /// The events, in order.
    pub events: Vec<Event>,
    /// A further sink that receives the events.
    pub sink: W,
}

impl<W: EventSink> EventSink for Recorder<W> {
    fn see(&mut self, event: &Event) {
        self.events.push(*event);
        self.sink.see(event);
    }

    fn violated(&self) -> bool {
        self.sink.violated()
    }
}

/// The hash of a trace, and the sink of its events.
#[derive(Debug)]
pub struct Trace<W> {
    /// The hash so far.
    pub hash: u64,
    /// Whether to compute the hash.
    pub hashing: bool,
    /// Number of events so far.
    pub events: u64,
    pub sink: W,
}

pooled!(impl[W: Clone] Trace<W> { hash, hashing, events, sink });

impl<W: EventSink> Trace<W> {
    /// Returns an empty trace.
    pub const fn new(sink: W) -> Self {
        Self { hash: 0, hashing: true, events: 0, sink }
    }

    /// Adds one event.
    #[inline]
    pub fn see(&mut self, event: Event) {
        self.events += 1;
        if self.hashing {
            let [first, second] = words(&event);
            self.hash = mix(mix(self.hash, first), second);
        }
        self.sink.see(&event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_small() {
        assert!(size_of::<Event>() <= 32, "{} bytes", size_of::<Event>());
    }

    /// Fields that share a word must not overlap, however large they are.
    #[test]
    fn events_that_differ_in_one_field_have_different_words() {
        let large = [0, 1, 2, 16, 255, 256, 257, 65_535, 65_536, 1 << 20];
        let mut seen = std::collections::BTreeMap::new();
        let mut note = |event: Event| {
            if let Some(other) = seen.insert(words(&event), event) {
                assert_eq!(other, event);
            }
        };
        let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        for one in large {
            for two in large {
                let (job, run, unit, fence) = (JobId(one), RunId(two), UnitIx(one), Fence(two));
                for worker in [0, 1, 255, 256] {
                    let leased = |delivery| Event::Leased { job, run, unit: None, fence: Fence(7), delivery, worker };
                    note(leased(1));
                    note(leased(256));
                    note(Event::Counted { run, unit, job: JobId(3), fence, worker });
                    for resolution in Resolution::ALL {
                        note(Event::Resolved { run, unit, resolution, job: JobId(3), fence: Fence(1), worker });
                    }
                }
                for status in Status::ALL {
                    let counts = Seen { present: 3, total: one, processed: 1, ..Seen::default() };
                    note(Event::Observed { run, version: small(one), status, counts });
                    note(Event::Observed { run, version: 9, status, counts: Seen { skipped: one, ..Seen::default() } });
                }
                for view in [None, Some(0), Some(16), Some(256)] {
                    let (held, digest) = (u64::from(one), 5);
                    note(Event::ArtifactRead { run, view, found: true, whole: false, entries: 0, held, digest });
                    note(Event::ArtifactRead { run, view, found: false, whole: true, entries: one, held: 1, digest });
                }
                let shown = Shown::Counted { processed: 1, total: 2, percent: 50 };
                note(Event::Shown { view: small(one), run, shown, diagnostics: false });
                let (actor, view) = (ActorId(1), small(one));
                note(Event::RunViewed { view, actor, run, shown, disclosed: 0 });
                let lease = Some((job, fence));
                note(Event::Completed { run, outcome: Some(Outcome::Failed), cause: None, lease });
                note(Event::Completed { run, outcome: None, cause: Some(Cause::PlanningFailed), lease });
            }
        }
    }

    #[test]
    fn the_hash_depends_on_order_and_on_every_field() {
        let hash = |events: &[Event]| {
            let mut trace = Trace::new(NoSink);
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
