//! Handmade traces of the kind that any engine may produce. Leases and digests are filled in, and each test states
//! everything else.

use std::collections::BTreeMap;

use truecount_engine::delivery::RetryPolicy;
use truecount_engine::family::FamilyId;
use truecount_engine::id::{ActorId, Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::fixture::{Fixture, RunSpec};
use truecount_sim::simulate::Ended;
use truecount_sim::trace::{Event, EventSink, Seen, Shown, Weight};

use crate::clause::{Clause, ClauseSet};
use crate::contract;
use crate::invariant::Found;
use crate::judge::Checkers;
use crate::reference::Reference;

/// The possible requests. The first three are two queue batches that share a key, and an empty batch. The others are a
/// restore, two deletes that share a set, an empty delete and a capture.
pub(in crate::invariant) const KEYS: u32 = 0;
pub(in crate::invariant) const OTHER_KEYS: u32 = 1;
pub(in crate::invariant) const NO_KEYS: u32 = 2;
pub(in crate::invariant) const SETS: u32 = 3;
pub(in crate::invariant) const DELETED: u32 = 4;
pub(in crate::invariant) const OTHER_DELETED: u32 = 5;
pub(in crate::invariant) const NOTHING_DELETED: u32 = 6;
pub(in crate::invariant) const CAPTURE: u32 = 7;
/// A snapshot of two items.
pub(in crate::invariant) const SNAPSHOT: u32 = 8;
/// A pack of one entry, requested by [`BEN`]. All other requests come from the system.
pub(in crate::invariant) const PACK: u32 = 9;

/// An actor without a grant.
pub(in crate::invariant) const ADA: ActorId = ActorId(0);
/// An actor that may operate in the tenant of every run.
pub(in crate::invariant) const BEN: ActorId = ActorId(1);

/// The first run, and the tenant of every run.
pub(in crate::invariant) const RUN: RunId = RunId(0);
pub(in crate::invariant) const TENANT: TenantId = TenantId(0);

const REQUESTS: [(FamilyId, std::ops::Range<u32>); 10] = [
    (FamilyId::QueueFanOut, 0..2),
    (FamilyId::QueueFanOut, 1..3),
    (FamilyId::QueueFanOut, 0..0),
    (FamilyId::BackupSetRestore, 0..2),
    (FamilyId::BackupSetDelete, 0..2),
    (FamilyId::BackupSetDelete, 1..3),
    (FamilyId::BackupSetDelete, 0..0),
    (FamilyId::BaselineCapture, 0..1),
    (FamilyId::EvidenceSnapshotGenerate, 0..2),
    (FamilyId::ReviewPackGenerate, 0..1),
];

/// The jobs, by number. Run 0 has its own job, a job for each of its two units and a job for an unplanned unit. Run 1
/// has its own job, a job for each of its two units and a copy of the first unit's job.
pub(in crate::invariant) const OWN: u32 = 0;
pub(in crate::invariant) const FIRST: u32 = 1;
pub(in crate::invariant) const SECOND: u32 = 2;
pub(in crate::invariant) const UNPLANNED: u32 = 3;
pub(in crate::invariant) const OTHER: u32 = 4;
pub(in crate::invariant) const OTHER_FIRST: u32 = 5;
pub(in crate::invariant) const OTHER_SECOND: u32 = 6;
pub(in crate::invariant) const OTHER_COPY: u32 = 7;

const JOBS: [(u32, Option<u32>); 8] =
    [(0, None), (0, Some(0)), (0, Some(1)), (0, Some(7)), (1, None), (1, Some(0)), (1, Some(1)), (1, Some(0))];

/// A trace under construction.
pub(in crate::invariant) struct Tape {
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
pub(in crate::invariant) fn requested(requests: &[u32]) -> Tape {
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
        let actor = (request == PACK).then_some(BEN);
        let (request, run) = (RequestId(request), RunId(run));
        tape.and(Event::Requested { request, actor, tenant, family, granted: true })
            .and(Event::Enqueued { request, run, tenant, family })
            .and(Event::Announced { run })
    })
}

/// A batch of two keys whose plan is sealed.
pub(in crate::invariant) fn planned() -> Tape {
    requested(&[KEYS]).lease(OWN, 0).plan(0)
}

/// The first unit is counted, and worker 0 has performed the side effect of the second.
pub(in crate::invariant) fn one_left(request: u32) -> Tape {
    let planned = requested(&[request]).lease(OWN, 0).plan(0);
    planned.lease(FIRST, 0).done(0, 0, 1).ack(0).lease(SECOND, 0).ask(0, 1, Response::Done)
}

/// A batch that has ended, with all its jobs acknowledged.
pub(in crate::invariant) fn ended() -> Tape {
    let last = one_left(KEYS).settle(0, 1, Resolution::Succeeded).complete(0, Outcome::Succeeded, None);
    last.seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])).ack(0)
}

/// A pack whose only unit is counted.
pub(in crate::invariant) fn packed() -> Tape {
    let done = requested(&[PACK]).lease(OWN, 0).seal(0).ask(0, 0, Response::Done);
    done.settle(0, 0, Resolution::Succeeded).seen(0, counts(Some(1), Some(1), [1, 0, 0]))
}

/// A capture whose worker has entered these phases, each of which was done.
pub(in crate::invariant) fn phases(phases: &[u8]) -> Tape {
    phases.iter().fold(requested(&[CAPTURE]).lease(OWN, 0), |tape, &phase| tape.phase(phase).phase_done(phase))
}

/// A batch that has failed as a whole: its planning job exceeded the delivery limit.
pub(in crate::invariant) fn failed(request: u32) -> Tape {
    requested(&[request]).lease_beyond_limit(OWN, 0).complete(0, Outcome::Failed, Some(Cause::PlannerLost))
}

/// Returns counts with `total`, `processed` and the outcomes. An outcome of 0 is absent.
pub(in crate::invariant) const fn counts(total: Option<u32>, processed: Option<u32>, outcomes: [u32; 3]) -> Seen {
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
    pub(in crate::invariant) fn and(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// A worker leases a job.
    pub(in crate::invariant) fn lease(mut self, job: u32, worker: u16) -> Self {
        let fence = self.fences.get(&job).map_or(1, |fence| fence + 1);
        self.fences.insert(job, fence);
        self.held.insert(worker, (job, fence));
        let (run, unit) = JOBS[job as usize];
        let (job, run, unit, fence) = (JobId(job), RunId(run), unit.map(UnitIx), Fence(fence));
        self.and(Event::Leased { job, run, unit, fence, delivery: 1, worker })
    }

    /// The queue delivers a job to a worker so often that the last delivery exceeds the delivery limit.
    pub(in crate::invariant) fn lease_beyond_limit(self, job: u32, worker: u16) -> Self {
        let limit = self.policy(job).delivery_limit;
        (0..limit).fold(self.lease(job, worker), |tape, _| tape.injected(Fault::Redeliver, job).lease(job, worker))
    }

    /// A worker makes as many attempts as the attempt limit allows, and hands the job back after each. It then leases
    /// the job once more and makes another attempt.
    pub(in crate::invariant) fn attempts_beyond_limit(self, worker: u16, attempt: impl Fn(Self) -> Self) -> Self {
        let (job, _) = self.held[&worker];
        let limit = u64::from(self.policy(job).attempt_limit);
        let retried = (1..=limit)
            .fold(self, |tape, hour| attempt(tape).back(worker, 1, 0).at(hour * 3_600_000).lease(job, worker));
        attempt(retried)
    }

    fn policy(&self, job: u32) -> RetryPolicy {
        let (run, _) = JOBS[job as usize];
        self.reference.runs[self.requests[run as usize] as usize].policy
    }

    fn of(&self, worker: u16) -> (RunId, JobId, Fence) {
        let (job, fence) = self.held[&worker];
        (RunId(JOBS[job as usize].0), JobId(job), Fence(fence))
    }

    /// A worker's plan is sealed, but not yet observed.
    pub(in crate::invariant) fn seal(self, worker: u16) -> Self {
        let (run, job, fence) = self.of(worker);
        let reference = &self.reference.runs[self.requests[run.index()] as usize];
        let (units, digest) = (u32::try_from(reference.plan.len()).expect("the plan is small"), reference.digest);
        self.and(Event::Started { run, phase: None, lease: Some((job, fence)) }).and(Event::Planned {
            run,
            units,
            digest,
            job,
            fence,
        })
    }

    /// A worker seals its plan, and acknowledges once the plan is observed.
    pub(in crate::invariant) fn plan(self, worker: u16) -> Self {
        let (run, job, fence) = self.of(worker);
        let tape = self.seal(worker);
        let units = tape.reference.runs[tape.requests[run.index()] as usize].plan.len();
        let total = u32::try_from(units).expect("the plan is small");
        tape.seen(run.0, counts(Some(total), Some(0), [0; 3])).and(Event::Acked { job, run, fence, worker })
    }

    /// For the unit of its job, a worker reads the row with the same key in the first run.
    pub(in crate::invariant) fn looks_up(self, worker: u16) -> Self {
        let (run, job, _) = self.of(worker);
        let unit = JOBS[job.index()].1.map(UnitIx).expect("the job of a unit");
        self.and(Event::LookedUp { run, unit, other: RUN, worker })
    }

    /// A worker receives a response in its first attempt at a unit.
    pub(in crate::invariant) fn ask(self, worker: u16, unit: u32, response: Response) -> Self {
        self.attempt(worker, unit, 1, response)
    }

    /// A worker receives a response. If the response is "done", the side effect is performed first.
    pub(in crate::invariant) fn attempt(self, worker: u16, unit: u32, attempt: u8, response: Response) -> Self {
        let ((run, ..), unit) = (self.of(worker), UnitIx(unit));
        let weight = if response.definite() { Weight::Definite } else { Weight::Transient };
        let tape = if response == Response::Done { self.and(Event::EffectDone { run, unit, worker }) } else { self };
        tape.and(Event::Responded { run, unit, worker, attempt, response, weight })
    }

    /// A worker sends the request for a unit again, and the provider repeats "done" without a second side effect.
    pub(in crate::invariant) fn repeated(self, worker: u16, unit: u32) -> Self {
        let ((run, ..), unit, response) = (self.of(worker), UnitIx(unit), Response::Done);
        self.and(Event::Responded { run, unit, worker, attempt: 1, response, weight: Weight::Definite })
    }

    /// A worker counts a unit and writes its ledger row.
    pub(in crate::invariant) fn settle(self, worker: u16, unit: u32, resolution: Resolution) -> Self {
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

    /// A worker performs the side effect of a unit and counts the unit. The run is then observed, with a `total` of 2.
    pub(in crate::invariant) fn done(self, worker: u16, unit: u32, processed: u32) -> Self {
        let (run, ..) = self.of(worker);
        let shown = counts(Some(2), Some(processed), [processed, 0, 0]);
        self.ask(worker, unit, Response::Done).settle(worker, unit, Resolution::Succeeded).seen(run.0, shown)
    }

    /// The resolution of a unit becomes durable without a count.
    pub(in crate::invariant) fn resolve(self, worker: u16, unit: u32, resolution: Resolution) -> Self {
        let ((run, job, fence), unit) = (self.of(worker), UnitIx(unit));
        self.and(Event::Resolved { run, unit, resolution, job, fence, worker })
    }

    /// Worker 0 enters a phase of the first run.
    pub(in crate::invariant) fn phase(self, phase: u8) -> Self {
        let (run, job, fence) = self.of(0);
        self.and(Event::Started { run, phase: Some(phase), lease: Some((job, fence)) })
    }

    /// A phase of the first run is done.
    pub(in crate::invariant) fn phase_done(self, phase: u8) -> Self {
        self.and(Event::PlanResponded { run: RUN, phase: Some(phase), attempt: 1, response: Response::Done })
    }

    /// A worker acknowledges its job.
    pub(in crate::invariant) fn ack(self, worker: u16) -> Self {
        let (run, job, fence) = self.of(worker);
        self.and(Event::Acked { job, run, fence, worker })
    }

    /// A worker hands its job back after this attempt. The job is due again at `until`.
    pub(in crate::invariant) fn back(self, worker: u16, attempt: u8, until: u64) -> Self {
        let (_, job, fence) = self.of(worker);
        let unit = JOBS[job.index()].1.map(UnitIx);
        self.and(Event::HandedBack { job, fence, worker, unit, attempt, until: Millis(until) })
    }

    /// Time passes.
    pub(in crate::invariant) fn at(self, ms: u64) -> Self {
        self.and(Event::Advanced { to: Millis(ms) })
    }

    /// A fault is injected.
    pub(in crate::invariant) fn injected(self, fault: Fault, at: u32) -> Self {
        self.and(Event::FaultInjected { fault, at })
    }

    /// A running run is observed.
    pub(in crate::invariant) fn seen(self, run: u32, counts: Seen) -> Self {
        self.and(Event::Observed { run: RunId(run), version: 1, status: Status::Running, counts })
    }

    /// A terminal run is observed.
    pub(in crate::invariant) fn seen_at_end(self, run: u32, counts: Seen) -> Self {
        self.and(Event::Observed { run: RunId(run), version: 2, status: Status::Completed, counts })
    }

    /// A worker's commit makes its run terminal.
    pub(in crate::invariant) fn complete(self, worker: u16, outcome: Outcome, cause: Option<Cause>) -> Self {
        let (run, job, fence) = self.of(worker);
        self.and(Event::Completed { run, outcome: Some(outcome), cause, lease: Some((job, fence)) })
    }

    /// View 0 of a surface begins.
    pub(in crate::invariant) fn surface(self, actor: ActorId, tenant: Option<TenantId>) -> Self {
        self.and(Event::ViewBegan { view: 0, actor, tenant })
    }

    /// View 0 begins. It is a request for the first run only.
    pub(in crate::invariant) fn asked(self, actor: ActorId) -> Self {
        self.and(Event::RunAsked { view: 0, actor, run: RUN })
    }

    /// View 0 reads the row of the first run.
    pub(in crate::invariant) fn row_read(self) -> Self {
        self.and(Event::ViewRead { view: 0, run: RUN })
    }

    /// The surface of view 0 shows the first run.
    pub(in crate::invariant) fn shows(self, shown: Shown) -> Self {
        self.and(Event::Shown { view: 0, run: RUN, shown, diagnostics: false })
    }

    /// View 0 ends.
    pub(in crate::invariant) fn view_ended(self) -> Self {
        self.and(Event::ViewEnded { view: 0, asks: 0, writes: 0 })
    }

    /// The trace ends, and the system has converged.
    pub(in crate::invariant) fn end(mut self) -> Self {
        self.ended = true;
        self
    }

    /// Returns the clauses that the trace violates.
    pub(in crate::invariant) fn violated(self) -> ClauseSet {
        violated(&self.judged())
    }

    /// Returns the clause that a report names; `None` if the trace violates no clause.
    pub(in crate::invariant) fn named(self) -> Option<Clause> {
        self.judged().violations().map(|violations| violations.primary)
    }

    /// Returns the clauses that the trace exercises.
    pub(in crate::invariant) fn exercised(self) -> ClauseSet {
        self.judged().exercised
    }

    /// Returns the name of the event that first exercises a clause or, if `first_violated` is set, violates it. For the end
    /// of the trace, the name is `End`. Returns `None` if no event does.
    pub(in crate::invariant) fn first(self, clause: Clause, first_violated: bool) -> Option<String> {
        let mut checkers = Checkers::new(&self.reference);
        let contains = |found: &Found| if first_violated { violated(found) } else { found.exercised }.contains(clause);
        for event in &self.events {
            checkers.see(event);
            if contains(&checkers.found) {
                return Some(format!("{event:?}").split([' ', '{']).next().unwrap_or_default().to_owned());
            }
        }
        checkers.end(Ended::Quiescent);
        contains(&checkers.found).then(|| "End".to_owned())
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

fn violated(found: &Found) -> ClauseSet {
    found.violations().map(|violations| violations.clauses).unwrap_or_default()
}

fn fixture() -> Fixture {
    let spec = |(request, (family, input)): (u32, &(FamilyId, std::ops::Range<u32>))| {
        let actor = (request == PACK).then_some(BEN);
        RunSpec::new(TENANT, actor, *family, input.clone().map(ObjectId).collect())
    };
    Fixture {
        key: "by hand".to_owned(),
        grants: vec![(BEN, TENANT, Grant::Operate)],
        names: Vec::new(),
        objects: vec![ObjectState::Archived; 3],
        runs: (0..).zip(&REQUESTS).map(spec).collect(),
        workers: (1, 3),
        faults: PerFault::default(),
        exhaust: true,
        surfaces: Vec::new(),
        responses: contract::responses(),
    }
}
