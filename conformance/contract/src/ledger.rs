//! The harness's own ledger: what happened to each run, unit, job and object, derived from events alone.
//!
//! The ledger is the oracle. An engine's counter never decides what is correct: a clamp must not be able to hide a
//! double count. The ledger only records; the checkers judge.

mod faults;
mod fingerprint;
mod note;
mod phases;
mod take;

use truecount_engine::id::{ActorId, JobId, RunId, TenantId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::mode::Mode;
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::time::Millis;
use truecount_engine::unit::Response;
use truecount_sim::pooled;

use crate::reference::{Reference, RunReference};

pub use note::{Completed, JobNote, Requested, RunNote, UnitNote, WorkerNote};
pub use phases::Phases;

use note::Past;

/// The harness's own ledger.
#[derive(Debug)]
pub struct Ledger<'b> {
    /// What is known about the fixture in advance.
    pub reference: &'b Reference,
    /// Runs, by id.
    pub runs: Vec<RunNote>,
    units: Vec<Vec<UnitNote>>,
    jobs: Vec<Option<JobNote>>,
    workers: Vec<WorkerNote>,
    pasts: Vec<Vec<Past>>,
    /// The run in the reply to each request, by index.
    pub responses: Vec<Option<RunId>>,
    /// Whether each request was refused, by index.
    pub denied: Vec<bool>,
    /// Each request that has entered the trace, by index.
    pub requested: Vec<Option<Requested>>,
    /// What the policy currently grants.
    grants: Vec<(ActorId, TenantId, Grant)>,
    /// The views of a surface that are in progress; all other views are requests for one run.
    surfaces: Vec<u16>,
    /// Simulated time.
    pub now: Millis,
    /// The time at which faults stopped.
    pub healed: Option<Millis>,
    /// Whether a worker crashed or stalled, a job was lost, or the clock jumped.
    pub delayed_by_fault: bool,
    /// Whether an injected fault makes the queue create a job. The next new job is then not a repair.
    pub queue_creates_next_job: bool,
    /// The number of events so far.
    pub event: u64,
}

pooled!(Ledger<'b> {
    reference, runs, units, jobs, workers, pasts, responses, denied, requested, grants, surfaces, now, healed, event,
    delayed_by_fault, queue_creates_next_job
});

impl<'b> Ledger<'b> {
    pub(crate) fn new(reference: &'b Reference) -> Self {
        let mut ledger = Self {
            reference,
            runs: Vec::new(),
            units: Vec::new(),
            jobs: Vec::new(),
            workers: Vec::new(),
            pasts: Vec::new(),
            responses: Vec::new(),
            denied: Vec::new(),
            requested: Vec::new(),
            grants: Vec::new(),
            surfaces: Vec::new(),
            now: Millis(0),
            healed: None,
            delayed_by_fault: false,
            queue_creates_next_job: false,
            event: 0,
        };
        ledger.reset();
        ledger
    }

    pub(crate) fn reset(&mut self) {
        self.runs.clear();
        self.units.iter_mut().for_each(Vec::clear);
        self.jobs.clear();
        self.workers.clear();
        // The fixture may have changed.
        self.pasts.iter_mut().for_each(Vec::clear);
        self.pasts.resize_with(self.reference.objects.len(), Vec::new);
        let requests = self.reference.runs.len();
        refill(&mut self.responses, requests, None);
        refill(&mut self.denied, requests, false);
        refill(&mut self.requested, requests, None);
        self.grants.clone_from(&self.reference.grants);
        self.surfaces.clear();
        self.now = Millis(0);
        self.healed = None;
        self.delayed_by_fault = false;
        self.queue_creates_next_job = false;
        self.event = 0;
    }

    /// Returns what the policy currently grants to an actor in a tenant.
    pub fn grant(&self, actor: ActorId, tenant: TenantId) -> Grant {
        let of = |(a, t, _): &&(ActorId, TenantId, Grant)| (*a, *t) == (actor, tenant);
        self.grants.iter().find(of).map_or(Grant::None, |(_, _, grant)| *grant)
    }

    /// Returns whether a view is the rendering of a surface.
    pub(crate) fn views_surface(&self, view: u16) -> bool {
        self.surfaces.contains(&view)
    }

    /// Returns what is known about a run in advance.
    #[inline]
    pub fn of(&self, run: RunId) -> &'b RunReference {
        &self.reference.runs[self.runs[run.index()].spec]
    }

    /// Returns what has happened to a run.
    #[inline]
    pub fn run(&self, run: RunId) -> &RunNote {
        &self.runs[run.index()]
    }

    /// Returns each run with its id.
    pub fn numbered(&self) -> impl Iterator<Item = (RunId, &RunNote)> {
        self.runs.iter().enumerate().map(|(index, note)| (RunId(ix(index)), note))
    }

    /// Returns whether the clauses on counts apply to a run, that is, whether its family is counted.
    #[inline]
    pub fn counted(&self, run: RunId) -> bool {
        self.of(run).mode == Mode::Counted
    }

    /// Returns what has happened to a unit; `None` for a unit outside the plan.
    #[inline]
    pub fn unit(&self, run: RunId, unit: UnitIx) -> Option<&UnitNote> {
        self.units.get(run.index())?.get(unit.index())
    }

    /// Returns what has happened to the units of a run.
    pub fn units(&self, run: RunId) -> &[UnitNote] {
        self.units.get(run.index()).map_or(&[], |units| &units[..])
    }

    /// Returns what has happened to a job.
    #[inline]
    pub fn job(&self, job: JobId) -> Option<&JobNote> {
        self.jobs.get(job.index())?.as_ref()
    }

    /// Returns whether a job carries a unit that is not in the plan of its run.
    #[inline]
    pub(crate) fn carries_unplanned(&self, job: &JobNote) -> bool {
        job.unit.is_some_and(|unit| self.unit(job.run, unit).is_none())
    }

    /// Returns all jobs whose creation or delivery the trace has shown.
    pub fn jobs(&self) -> impl Iterator<Item = &JobNote> {
        self.jobs.iter().flatten()
    }

    /// Returns whether an unacknowledged job carries a unit.
    pub fn carried(&self, run: RunId, unit: UnitIx) -> bool {
        self.carried_beside(run, unit, None)
    }

    /// Returns whether an unacknowledged job other than `job` carries a unit.
    pub(crate) fn carried_beside(&self, run: RunId, unit: UnitIx, job: Option<JobId>) -> bool {
        let carries =
            |note: &JobNote| note.run == run && !note.acked && note.unit.is_none_or(|carried| carried == unit);
        let others = self.jobs.iter().zip(0..).filter(|(_, id)| job != Some(JobId(*id)));
        others.filter_map(|(note, _)| note.as_ref()).any(carries)
    }

    /// Returns whether an unacknowledged job will plan, continue or complete a run. The job of a unit that is not in
    /// the plan does none of these.
    pub fn continued(&self, run: RunId) -> bool {
        self.jobs().filter(|job| job.run == run && !job.acked).any(|job| !self.carries_unplanned(job))
    }

    /// Returns the state of each worker, by number.
    pub fn workers(&self) -> impl Iterator<Item = WorkerNote> {
        self.workers.iter().copied()
    }

    /// Returns the state of a worker.
    #[inline]
    pub fn worker(&self, worker: u16) -> WorkerNote {
        self.workers.get(usize::from(worker)).copied().unwrap_or_default()
    }

    /// Returns whether, at some instant since planning, the provider could have given a response for which `holds` is
    /// true. Changes that the run itself made to the object are disregarded.
    pub(crate) fn could_respond(&self, run: RunId, unit: UnitIx, holds: impl Fn(Response) -> bool) -> bool {
        let (reference, note) = (self.of(run), self.run(run));
        if self.unit(run, unit).and_then(|unit| unit.first_definite).is_some_and(&holds) {
            return true;
        }
        if let Some(Some(response)) = reference.last_responses.get(unit.index()) {
            return holds(*response);
        }
        let Some(&object) = reference.plan.get(unit.index()) else { return false };
        let responses = |state| holds(self.reference.responses.of(reference.family, state));
        let mut at_planning = self.reference.objects.get(object.index()).copied().unwrap_or(ObjectState::Absent);
        for past in &self.pasts[object.index()] {
            if past.from <= note.planned_at {
                at_planning = past.state;
            } else if past.by != Some(run) && responses(past.state) {
                return true;
            }
        }
        responses(at_planning)
    }

    /// Returns the event at which the object of a unit last changed, and the run that changed it, if any.
    pub(crate) fn last_change(&self, run: RunId, unit: UnitIx) -> Option<(u64, Option<RunId>)> {
        let object = self.of(run).plan.get(unit.index())?;
        self.pasts.get(object.index())?.last().map(|past| (past.from, past.by))
    }
}

/// Replaces the contents of a list with `count` copies of a value, reusing its buffer.
fn refill<T: Clone>(list: &mut Vec<T>, count: usize, value: T) {
    list.clear();
    list.resize(count, value);
}
