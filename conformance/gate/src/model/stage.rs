//! The common part of the models of other engines: a run of three units and its observable events.
//!
//! The model decides what is counted and when the run is complete.

use truecount_engine::counts::Key;
use truecount_engine::family::FamilyId;
use truecount_engine::id::{ActorId, Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::run::{Outcome, Status};
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::PerFault;
use truecount_sim::fixture::{Fixture, RunSpec};
use truecount_sim::simulate::Ended;
use truecount_sim::trace::{Event, EventSink, Seen, Weight};

use truecount_contract::contract;
use truecount_contract::invariant::Violations;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;

/// The number of units of the run.
pub(super) const UNITS: usize = 3;

const RUN: RunId = RunId(0);
const ASKED: RequestId = RequestId(0);
const INITIATOR: ActorId = ActorId(0);
const TENANT: TenantId = TenantId(0);
const FAMILY: FamilyId = FamilyId::InventorySync;
/// The controller's own job, and its one lease.
const JOB: JobId = JobId(0);
const FENCE: Fence = Fence(1);
const CONTROLLER: u16 = 0;

/// A run that the checkers observe.
pub(super) struct Stage<'b> {
    checkers: Checkers<'b>,
    done: [bool; UNITS],
    counts: u32,
}

/// Simulates a model under the checkers. Returns the violations, if any.
pub(super) fn judge(model: impl FnOnce(&mut Stage<'_>)) -> Option<Violations> {
    let reference = Reference::new(&fixture());
    let mut stage = Stage { checkers: Checkers::new(&reference), done: [false; UNITS], counts: 0 };
    stage.begins(reference.runs[0].digest);
    model(&mut stage);
    stage.checkers.end(if stage.violated() { Ended::Violation } else { Ended::Quiescent });
    stage.checkers.found.violations()
}

fn fixture() -> Fixture {
    let objects = (0..3).map(ObjectId).collect();
    let run = RunSpec::new(TENANT, Some(INITIATOR), FAMILY, objects);
    Fixture {
        key: "model".to_owned(),
        grants: vec![(INITIATOR, TENANT, Grant::Operate)],
        objects: vec![ObjectState::Active; UNITS],
        names: Vec::new(),
        runs: vec![run],
        workers: (1, 1),
        faults: PerFault::default(),
        exhaust: false,
        surfaces: Vec::new(),
        responses: contract::responses(),
    }
}

impl Stage<'_> {
    /// Returns whether a clause is violated, which ends the simulation.
    pub(super) fn violated(&self) -> bool {
        self.checkers.violated()
    }

    fn see(&mut self, event: Event) {
        if !self.violated() {
            self.checkers.see(&event);
        }
    }

    fn begins(&mut self, digest: u64) {
        let (request, run) = (ASKED, RUN);
        self.see(Event::Requested { request, actor: Some(INITIATOR), tenant: TENANT, family: FAMILY, granted: true });
        self.see(Event::Enqueued { request, run, tenant: TENANT, family: FAMILY });
        self.see(Event::Announced { run });
        self.see(Event::Observed { run, version: 0, status: Status::Queued, counts: Seen::default() });
        self.see(Event::ToastShown { request, link: run });
        self.see(Event::Accepted { request, run });
        self.see(Event::Leased { job: JOB, run, unit: None, fence: FENCE, delivery: 1, worker: CONTROLLER });
        self.see(Event::PlanResponded { run, phase: None, attempt: 1, response: Response::Done });
        self.see(Event::Started { run, phase: None, lease: Some((JOB, FENCE)) });
        self.see(Event::Planned { run, units: 3, digest, job: JOB, fence: FENCE });
        self.shows(1, Status::Running);
    }

    /// Records that the pod with this number has completed the work of a unit. Completing the same unit again has no
    /// second side effect.
    pub(super) fn succeeds(&mut self, unit: usize, pod: u16) {
        let (run, worker, ix) = (RUN, 1 + pod, index(unit));
        if !std::mem::replace(&mut self.done[unit], true) {
            self.see(Event::EffectDone { run, unit: ix, worker });
        }
        let (response, weight) = (Response::Done, Weight::Definite);
        self.see(Event::Responded { run, unit: ix, worker, attempt: 1, response, weight });
    }

    /// Records that the controller counts a unit.
    pub(super) fn counts(&mut self, unit: usize) {
        let (run, job, fence, worker, unit) = (RUN, JOB, FENCE, CONTROLLER, index(unit));
        self.see(Event::Counted { run, unit, job, fence, worker });
        self.see(Event::Resolved { run, unit, resolution: Resolution::Succeeded, job, fence, worker });
        self.counts += 1;
        self.shows(1, Status::Running);
    }

    /// Records that the controller completes the run and that the notification is sent.
    pub(super) fn completes(&mut self) {
        let (run, outcome) = (RUN, Some(Outcome::Succeeded));
        self.see(Event::Completed { run, outcome, cause: None, lease: Some((JOB, FENCE)) });
        self.see(Event::ItemsRead { run, items: 0, digest: 0 });
        self.shows(2, Status::Completed);
        self.see(Event::Acked { job: JOB, run, fence: FENCE, worker: CONTROLLER });
        let (to, processed) = (Some(INITIATOR), self.counts);
        self.see(Event::Notified { run, to, link: run, outcome, processed, total: 3 });
    }

    fn shows(&mut self, version: u16, status: Status) {
        let keys: &[Key] = match self.counts {
            0 => &[Key::Total, Key::Processed],
            _ => &[Key::Total, Key::Processed, Key::Succeeded, Key::Items],
        };
        let present = keys.iter().fold(0, |bits, key| bits | 1 << *key as u16);
        let done = self.counts;
        let counts = Seen { present, total: 3, processed: done, succeeded: done, failed: 0, skipped: 0 };
        self.see(Event::Observed { run: RUN, version, status, counts });
        if done > 0 {
            self.see(Event::ObservedMore { run: RUN, key: Key::Items as u8, value: done.into() });
        }
    }
}

fn index(unit: usize) -> UnitIx {
    UnitIx(ix(unit))
}
