//! Handmade traces. Jobs, fencing tokens and delivery numbers are filled in, and each test states everything else.

use std::collections::BTreeMap;

use truecount_engine::family::FamilyId;
use truecount_engine::id::{Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::fixture::{Fixture, RunSpec};
use truecount_sim::trace::{Event, EventSink, Seen, Shown, Weight};

use crate::contract;
use crate::judge::Checkers;
use crate::reference::Reference;
use crate::sometimes::SometimesSet;

/// The possible requests. `LEFT` restores objects 0 and 1, and `RIGHT` restores objects 1 and 2. `SYNC` is a sync in
/// another tenant. `CAPTURE` captures a baseline, and `NOTHING` restores no objects. `LARGE` syncs two hundred types,
/// and `PACK` generates a pack with one entry.
pub(super) const LEFT: u32 = 0;
pub(super) const RIGHT: u32 = 1;
pub(super) const SYNC: u32 = 2;
pub(super) const CAPTURE: u32 = 3;
pub(super) const NOTHING: u32 = 4;
pub(super) const LARGE: u32 = 5;
pub(super) const PACK: u32 = 6;

const REQUESTS: [(FamilyId, u16, std::ops::Range<u32>); 7] = [
    (FamilyId::BackupSetRestore, 0, 0..2),
    (FamilyId::BackupSetRestore, 0, 1..3),
    (FamilyId::InventorySync, 1, 0..1),
    (FamilyId::BaselineCapture, 0, 0..1),
    (FamilyId::BackupSetRestore, 0, 0..0),
    (FamilyId::InventorySync, 0, 0..200),
    (FamilyId::ReviewPackGenerate, 0, 0..1),
];

/// The jobs, by number. The first run has its own job and a job for each of its two units. It also has a copy of the
/// first unit's job and a job for an unplanned unit. The second run has its own job and a job for its first unit.
pub(super) const OWN: u32 = 0;
pub(super) const FIRST: u32 = 1;
pub(super) const SECOND: u32 = 2;
pub(super) const COPY: u32 = 3;
pub(super) const UNPLANNED: u32 = 4;
pub(super) const OTHER: u32 = 5;
pub(super) const OTHER_FIRST: u32 = 6;

const JOBS: [(u32, Option<u32>); 7] =
    [(0, None), (0, Some(0)), (0, Some(1)), (0, Some(0)), (0, Some(7)), (1, None), (1, Some(0))];

/// A trace under construction.
#[derive(Default)]
pub(super) struct Tape {
    events: Vec<Event>,
    requests: Vec<u32>,
    /// For each job, its fencing token and the number of deliveries that count towards the limit.
    jobs: BTreeMap<u32, (u32, u16)>,
    /// The job of each worker, with its fencing token.
    held: BTreeMap<u16, (u32, u32)>,
}

/// Returns a trace in which each of these requests creates a run. Runs are numbered from 0.
pub(super) fn requested(requests: &[u32]) -> Tape {
    requests.iter().zip(0..).fold(Tape::default(), |mut tape, (&request, run)| {
        tape.requests.push(request);
        let (family, tenant, _) = &REQUESTS[request as usize];
        let (request, run, tenant) = (RequestId(request), RunId(run), TenantId(*tenant));
        tape.sent(request.0).and(Event::Enqueued { request, run, tenant, family: *family })
    })
}

impl Tape {
    pub(super) fn and(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// A request is sent.
    pub(super) fn sent(self, request: u32) -> Self {
        let (family, tenant, _) = &REQUESTS[request as usize];
        let (request, tenant) = (RequestId(request), TenantId(*tenant));
        self.and(Event::Requested { request, actor: None, tenant, family: *family, granted: true })
    }

    /// A worker leases a job.
    pub(super) fn lease(mut self, job: u32, worker: u16) -> Self {
        let (fence, delivery) = self.jobs.get(&job).map_or((1, 1), |(fence, deliveries)| (fence + 1, deliveries + 1));
        self.jobs.insert(job, (fence, delivery));
        self.held.insert(worker, (job, fence));
        let (run, unit) = JOBS[job as usize];
        let (job, run, unit, fence) = (JobId(job), RunId(run), unit.map(UnitIx), Fence(fence));
        self.and(Event::Leased { job, run, unit, fence, delivery, worker })
    }

    /// A worker leases a job so often that the last delivery exceeds the delivery limit, which is 5.
    pub(super) fn lease_beyond_limit(self, job: u32, worker: u16) -> Self {
        (0..6).fold(self, |tape, _| tape.lease(job, worker))
    }

    fn of(&self, worker: u16) -> (RunId, JobId, Fence) {
        let (job, fence) = self.held[&worker];
        (RunId(JOBS[job as usize].0), JobId(job), Fence(fence))
    }

    /// A job is created, but not by a plan.
    pub(super) fn made(self, job: u32) -> Self {
        let (run, unit) = JOBS[job as usize];
        self.and(Event::JobCreated { job: JobId(job), run: RunId(run), unit: unit.map(UnitIx) })
    }

    /// A worker's plan is sealed.
    pub(super) fn plan(self, worker: u16) -> Self {
        let (run, job, fence) = self.of(worker);
        let units = REQUESTS[self.requests[run.index()] as usize].2.len();
        let units = u32::try_from(units).expect("the plan is small");
        self.and(Event::Started { run, phase: None, lease: Some((job, fence)) }).and(Event::Planned {
            run,
            units,
            digest: 0,
            job,
            fence,
        })
    }

    /// The first run receives a response to planning or to a phase.
    pub(super) fn plan_responded(self, response: Response) -> Self {
        self.and(Event::PlanResponded { run: RunId(0), phase: None, attempt: 1, response })
    }

    /// The first run enters a phase.
    pub(super) fn phase(self, phase: u8) -> Self {
        self.and(Event::Started { run: RunId(0), phase: Some(phase), lease: None })
    }

    fn responded(self, worker: u16, unit: u32, response: Response, weight: Weight) -> Self {
        let (run, ..) = self.of(worker);
        self.and(Event::Responded { run, unit: UnitIx(unit), worker, attempt: 1, response, weight })
    }

    /// A worker reads a unit's row.
    pub(super) fn read(self, worker: u16, unit: u32) -> Self {
        self.responded(worker, unit, Response::Done, Weight::Read)
    }

    /// A worker receives a response.
    pub(super) fn ask(self, worker: u16, unit: u32, response: Response) -> Self {
        self.responded(worker, unit, response, if response.definite() { Weight::Definite } else { Weight::Transient })
    }

    /// The side effect of a unit is performed.
    pub(super) fn effect(self, worker: u16, unit: u32) -> Self {
        let (run, ..) = self.of(worker);
        self.and(Event::EffectDone { run, unit: UnitIx(unit), worker })
    }

    /// A worker counts a unit.
    pub(super) fn count(self, worker: u16, unit: u32, resolution: Resolution) -> Self {
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

    /// A worker performs the side effect of a unit and counts the unit in one commit, as for side effects on rows of
    /// the engine.
    pub(super) fn commit(self, worker: u16, unit: u32) -> Self {
        let (run, ..) = self.of(worker);
        self.responded(worker, unit, Response::Done, Weight::Definite)
            .effect(worker, unit)
            .changed(unit, ObjectState::Active, Some(run.0))
            .count(worker, unit, Resolution::Succeeded)
    }

    /// A worker acknowledges its job.
    pub(super) fn ack(self, worker: u16) -> Self {
        let (run, job, fence) = self.of(worker);
        self.and(Event::Acked { job, run, fence, worker })
    }

    /// A worker hands its job back. This delivery does not count towards the limit.
    pub(super) fn back(mut self, worker: u16) -> Self {
        let (_, job, fence) = self.of(worker);
        let unit = JOBS[job.index()].1.map(UnitIx);
        self.jobs.entry(job.0).and_modify(|(_, deliveries)| *deliveries -= 1);
        self.and(Event::HandedBack { job, fence, worker, unit, attempt: 1, until: Millis(1_000) })
    }

    /// A worker is fenced off.
    pub(super) fn down(self, worker: u16) -> Self {
        let (_, job, _) = self.of(worker);
        self.and(Event::FencedOff { job, worker })
    }

    /// A fault is injected.
    pub(super) fn injected(self, fault: Fault, at: u32) -> Self {
        self.and(Event::FaultInjected { fault, at })
    }

    /// A run or the environment changes an object.
    pub(super) fn changed(self, object: u32, state: ObjectState, by: Option<u32>) -> Self {
        self.and(Event::WorldChanged { object: ObjectId(object), state, by: by.map(RunId) })
    }

    /// The first run is completed by a worker, or by the sweeper.
    pub(super) fn complete(self, outcome: Outcome, worker: Option<u16>) -> Self {
        let lease = worker.map(|worker| self.of(worker)).map(|(_, job, fence)| (job, fence));
        self.and(Event::Completed { run: RunId(0), outcome: Some(outcome), cause: None, lease })
    }

    /// The first run fails as a whole.
    pub(super) fn fail(self, cause: Cause, worker: u16) -> Self {
        let (_, job, fence) = self.of(worker);
        let (outcome, cause) = (Some(Outcome::Failed), Some(cause));
        self.and(Event::Completed { run: RunId(0), outcome, cause, lease: Some((job, fence)) })
    }

    /// The first run is observed at `processed` of `total`.
    pub(super) fn seen(self, processed: u32, total: u32) -> Self {
        let counts = Seen { present: 3, total, processed, ..Seen::default() };
        self.and(Event::Observed { run: RunId(0), version: 1, status: Status::Running, counts })
    }

    /// A surface shows the first run.
    pub(super) fn shown(self, shown: Shown) -> Self {
        self.and(Event::Shown { view: 0, run: RunId(0), shown, diagnostics: false })
    }

    /// A surface shows the first run at `processed` of `total`.
    pub(super) fn shown_at(self, processed: u32, total: u32) -> Self {
        let percent = u8::try_from(processed * 100 / total).expect("a percentage");
        self.shown(Shown::Counted { processed, total, percent })
    }

    /// Returns the sometimes assertions that the trace hits.
    pub(super) fn sometimes(&self) -> SometimesSet {
        let reference = Reference::new(&fixture());
        let mut checkers = Checkers::new(&reference);
        self.events.iter().for_each(|event| checkers.see(event));
        checkers.reached.sometimes
    }
}

fn fixture() -> Fixture {
    let spec = |(family, tenant, input): &(FamilyId, u16, std::ops::Range<u32>)| {
        RunSpec::new(TenantId(*tenant), None, *family, input.clone().map(ObjectId).collect())
    };
    Fixture {
        key: "by hand".to_owned(),
        grants: Vec::new(),
        names: Vec::new(),
        objects: vec![ObjectState::Archived; 200],
        runs: REQUESTS.iter().map(spec).collect(),
        workers: (1, 3),
        faults: PerFault::default(),
        exhaust: true,
        surfaces: Vec::new(),
        responses: contract::responses(),
    }
}
