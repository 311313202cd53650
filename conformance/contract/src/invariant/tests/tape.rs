//! Handmade traces of the kind that any engine may produce. Leases and digests are filled in, and each test states
//! everything else.

use std::collections::BTreeMap;

use truecount_engine::family::FamilyId;
use truecount_engine::id::{Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::fixture::{Fixture, RunSpec};
use truecount_sim::simulate::Ended;
use truecount_sim::trace::{Event, EventSink, Seen, Weight};

use crate::clause::ClauseSet;
use crate::contract;
use crate::invariant::Found;
use crate::judge::Checkers;
use crate::reference::Reference;

/// The possible requests. The first three are two queue batches that share a key and an empty batch. The others are a
/// restore, two deletes that share a set, an empty delete and a capture.
pub(super) const KEYS: u32 = 0;
pub(super) const OTHER_KEYS: u32 = 1;
pub(super) const NO_KEYS: u32 = 2;
pub(super) const SETS: u32 = 3;
pub(super) const DELETED: u32 = 4;
pub(super) const OTHER_DELETED: u32 = 5;
pub(super) const NOTHING_DELETED: u32 = 6;
pub(super) const CAPTURE: u32 = 7;

const REQUESTS: [(FamilyId, std::ops::Range<u32>); 8] = [
    (FamilyId::QueueFanOut, 0..2),
    (FamilyId::QueueFanOut, 1..3),
    (FamilyId::QueueFanOut, 0..0),
    (FamilyId::BackupSetRestore, 0..2),
    (FamilyId::BackupSetDelete, 0..2),
    (FamilyId::BackupSetDelete, 1..3),
    (FamilyId::BackupSetDelete, 0..0),
    (FamilyId::BaselineCapture, 0..1),
];

/// The jobs, by number. Run 0 has its own job, a job for each of its two units and a job for an unplanned unit. Run 1
/// has its own job, a job for each of its two units and a copy of the first unit's job.
pub(super) const OWN: u32 = 0;
pub(super) const FIRST: u32 = 1;
pub(super) const SECOND: u32 = 2;
pub(super) const UNPLANNED: u32 = 3;
pub(super) const OTHER: u32 = 4;
pub(super) const OTHER_FIRST: u32 = 5;
pub(super) const OTHER_SECOND: u32 = 6;
pub(super) const OTHER_COPY: u32 = 7;

const JOBS: [(u32, Option<u32>); 8] =
    [(0, None), (0, Some(0)), (0, Some(1)), (0, Some(7)), (1, None), (1, Some(0)), (1, Some(1)), (1, Some(0))];

/// A trace under construction.
pub(super) struct Tape {
    reference: Reference,
    events: Vec<Event>,
    /// The request of each run.
    requests: Vec<u32>,
    /// The latest fencing token of each job.
    fences: BTreeMap<u32, u32>,
    /// The job of each worker, with its fencing token.
    held: BTreeMap<u16, (u32, u32)>,
    ended: bool,
}

/// Returns a trace in which each of these requests creates a run. Runs are numbered from 0.
pub(super) fn requested(requests: &[u32]) -> Tape {
    let tape = Tape {
        reference: Reference::new(&fixture()),
        events: Vec::new(),
        requests: requests.to_vec(),
        fences: BTreeMap::new(),
        held: BTreeMap::new(),
        ended: false,
    };
    requests.iter().zip(0..).fold(tape, |tape, (&request, run)| {
        let (family, tenant) = (REQUESTS[request as usize].0, TenantId(0));
        let (request, run) = (RequestId(request), RunId(run));
        tape.and(Event::Requested { request, actor: None, tenant, family, granted: true })
            .and(Event::Enqueued { request, run, tenant, family })
            .and(Event::Announced { run })
    })
}

/// Returns counts with `total`, `processed` and the outcomes. An outcome of 0 is absent.
pub(super) const fn counts(total: Option<u32>, processed: Option<u32>, outcomes: [u32; 3]) -> Seen {
    let mut present = total.is_some() as u16 | (processed.is_some() as u16) << 1;
    let mut key = 0;
    while key < 3 {
        present |= ((outcomes[key] > 0) as u16) << (key + 2);
        key += 1;
    }
    let [total, processed] = [if let Some(n) = total { n } else { 0 }, if let Some(n) = processed { n } else { 0 }];
    let [succeeded, failed, skipped] = outcomes;
    Seen { present, total, processed, succeeded, failed, skipped }
}

impl Tape {
    pub(super) fn and(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// A worker leases a job.
    pub(super) fn lease(mut self, job: u32, worker: u16) -> Self {
        let fence = self.fences.get(&job).map_or(1, |fence| fence + 1);
        self.fences.insert(job, fence);
        self.held.insert(worker, (job, fence));
        let (run, unit) = JOBS[job as usize];
        let (job, run, unit, fence) = (JobId(job), RunId(run), unit.map(UnitIx), Fence(fence));
        self.and(Event::Leased { job, run, unit, fence, delivery: 1, worker })
    }

    fn of(&self, worker: u16) -> (RunId, JobId, Fence) {
        let (job, fence) = self.held[&worker];
        (RunId(JOBS[job as usize].0), JobId(job), Fence(fence))
    }

    /// A worker's plan is sealed, but not yet observed.
    pub(super) fn seal(self, worker: u16) -> Self {
        let (run, job, fence) = self.of(worker);
        let reference = &self.reference.runs[self.requests[run.index()] as usize];
        let (units, digest) = (u32::try_from(reference.plan.len()).expect("the plan is small"), reference.digest);
        self.and(Event::Started { run, phase: None }).and(Event::Planned { run, units, digest, job, fence })
    }

    /// A worker seals its plan, and acknowledges once the plan is observed.
    pub(super) fn plan(self, worker: u16) -> Self {
        let (run, job, _) = self.of(worker);
        let tape = self.seal(worker);
        let units = tape.reference.runs[tape.requests[run.index()] as usize].plan.len();
        let total = u32::try_from(units).expect("the plan is small");
        tape.seen(run.0, counts(Some(total), Some(0), [0; 3])).and(Event::Acked { job, run, worker })
    }

    /// A worker receives a response in its first attempt at a unit.
    pub(super) fn ask(self, worker: u16, unit: u32, response: Response) -> Self {
        self.attempt(worker, unit, 1, response)
    }

    /// A worker receives a response. If the response is "done", the side effect is performed now.
    pub(super) fn attempt(self, worker: u16, unit: u32, attempt: u8, response: Response) -> Self {
        let ((run, ..), unit) = (self.of(worker), UnitIx(unit));
        let weight = if response.definite() { Weight::Definite } else { Weight::Transient };
        let tape = if response == Response::Done { self.and(Event::EffectDone { run, unit, worker }) } else { self };
        tape.and(Event::Responded { run, unit, worker, attempt, response, weight })
    }

    /// A worker counts a unit and writes its ledger row.
    pub(super) fn settle(self, worker: u16, unit: u32, resolution: Resolution) -> Self {
        let ((run, job, fence), unit) = (self.of(worker), UnitIx(unit));
        self.and(Event::Counted { run, unit, job, fence, worker }).and(Event::Resolved {
            run,
            unit,
            resolution,
            job,
            fence,
            worker,
        })
    }

    /// A worker performs the side effect of a unit and counts the unit. The run is then observed at `processed` of 2.
    pub(super) fn done(self, worker: u16, unit: u32, processed: u32) -> Self {
        let (run, ..) = self.of(worker);
        let shown = counts(Some(2), Some(processed), [processed, 0, 0]);
        self.ask(worker, unit, Response::Done).settle(worker, unit, Resolution::Succeeded).seen(run.0, shown)
    }

    /// A worker acknowledges.
    pub(super) fn ack(self, worker: u16) -> Self {
        let (run, job, _) = self.of(worker);
        self.and(Event::Acked { job, run, worker })
    }

    /// A worker hands its job back, with the attempt and the time that the engine states.
    pub(super) fn back(self, worker: u16, attempt: u8, until: u64) -> Self {
        let (_, job, _) = self.of(worker);
        self.and(Event::HandedBack { job, attempt, until: Millis(until) })
    }

    /// Time passes.
    pub(super) fn at(self, ms: u64) -> Self {
        self.and(Event::Advanced { to: Millis(ms) })
    }

    /// A fault is injected.
    pub(super) fn injected(self, fault: Fault, at: u32) -> Self {
        self.and(Event::FaultInjected { fault, at })
    }

    /// A running run is observed.
    pub(super) fn seen(self, run: u32, counts: Seen) -> Self {
        self.and(Event::Observed { run: RunId(run), version: 1, status: Status::Running, counts })
    }

    /// A terminal run is observed.
    pub(super) fn seen_at_end(self, run: u32, counts: Seen) -> Self {
        self.and(Event::Observed { run: RunId(run), version: 2, status: Status::Completed, counts })
    }

    /// A worker's commit makes its run terminal.
    pub(super) fn complete(self, worker: u16, outcome: Outcome, cause: Option<Cause>) -> Self {
        let (run, job, fence) = self.of(worker);
        self.and(Event::Completed { run, outcome: Some(outcome), cause, lease: Some((job, fence)) })
    }

    /// The trace ends, and the system has converged.
    pub(super) fn end(mut self) -> Self {
        self.ended = true;
        self
    }

    /// Returns the clauses that the first violating event violates.
    pub(super) fn violated(self) -> ClauseSet {
        self.judged().violated
    }

    /// Returns the clauses that the trace exercises.
    pub(super) fn exercised(self) -> ClauseSet {
        self.judged().exercised
    }

    fn judged(self) -> Found {
        let mut checkers = Checkers::new(&self.reference);
        for event in &self.events {
            checkers.see(event);
        }
        if self.ended && !checkers.violated() {
            checkers.end(Ended::Quiescent);
        }
        checkers.found
    }
}

fn fixture() -> Fixture {
    let spec = |(family, input): &(FamilyId, std::ops::Range<u32>)| {
        RunSpec::new(TenantId(0), None, *family, input.clone().map(ObjectId).collect())
    };
    Fixture {
        name: "by hand".to_owned(),
        grants: Vec::new(),
        names: Vec::new(),
        objects: vec![ObjectState::Archived; 3],
        runs: REQUESTS.iter().map(spec).collect(),
        workers: (1, 3),
        faults: PerFault::default(),
        exhaust: true,
        surfaces: Vec::new(),
        responses: contract::responses(),
    }
}
