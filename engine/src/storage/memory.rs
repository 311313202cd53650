//! Storage in memory: tables indexed by interned id, without any map in the hot path.
//!
//! This module makes no decisions. Each kind of row is changed by one function. Any work required after a change, such
//! as updating an index, is therefore done in one place.

mod commit;
mod load;

use std::sync::Arc;

use super::{Queue, Reply, Request, Settle, Storage};
use crate::delivery::{Job, JobEvent, Lease};
use crate::id::{ActorId, JobId, ObjectId, RunId, TenantId, UnitIx};
use crate::index::ix;
use crate::notice::{Letter, Notice};
use crate::object::{ObjectState, Row};
use crate::plan::Input;
use crate::policy::Grant;
use crate::run::Run;
use crate::time::Millis;
use crate::unit::{UnitEvent, WorkUnit};

/// All delivered notices, across inboxes, in order of delivery.
pub type Inbox = Vec<Letter>;

/// The units of one run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Ledger {
    rows: Vec<WorkUnit>,
    /// Every unit before this index is resolved. A request for the next unresolved unit skips these units.
    resolved_up_to: u32,
}

/// All tables of the storage in memory, for code that must not omit any.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the names are self-explanatory; rows are in the order of creation")]
pub struct Tables<'a> {
    pub runs: &'a [Run],
    pub inputs: &'a [Arc<Input>],
    /// One ledger for each run.
    pub units: &'a [Ledger],
    pub jobs: &'a [Job],
    pub objects: &'a [Row],
    pub grants: &'a [(ActorId, TenantId, Grant)],
    pub outbox: &'a [Notice],
    /// The number of outbox entries that were delivered.
    pub relayed: usize,
    pub inbox: &'a [Letter],
    pub pruned: &'a [bool],
    pub items: &'a [Vec<ObjectId>],
}

/// Rows in memory.
#[derive(PartialEq, Eq, Hash, Debug, Default)]
pub struct Memory {
    runs: Vec<Run>,
    inputs: Vec<Arc<Input>>,
    ledgers: Vec<Ledger>,
    jobs: Vec<Job>,
    objects: Vec<Row>,
    grants: Vec<(ActorId, TenantId, Grant)>,
    outbox: Vec<Notice>,
    relayed: usize,
    inbox: Inbox,
    pruned: Vec<bool>,
    items: Vec<Vec<ObjectId>>,
}

impl Clone for Memory {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.clone_from(self);
        copy
    }

    /// Copies into existing buffers: small environments are reset and forked hundreds of thousands of times.
    fn clone_from(&mut self, source: &Self) {
        let Self { runs, inputs, ledgers, jobs, objects, grants, outbox, relayed, inbox, pruned, items } = source;
        self.runs.clone_from(runs);
        self.inputs.clone_from(inputs);
        self.ledgers.truncate(ledgers.len());
        for (mine, theirs) in self.ledgers.iter_mut().zip(ledgers) {
            mine.rows.clone_from(&theirs.rows);
            mine.resolved_up_to = theirs.resolved_up_to;
        }
        self.ledgers.extend(ledgers[self.ledgers.len()..].iter().cloned());
        self.jobs.clone_from(jobs);
        self.objects.clone_from(objects);
        self.grants.clone_from(grants);
        self.outbox.clone_from(outbox);
        self.relayed = *relayed;
        self.inbox.clone_from(inbox);
        self.pruned.clone_from(pruned);
        self.items.clone_from(items);
    }
}

/// Reading, for code that examines rows from outside, such as the simulator or a test.
impl Memory {
    /// Returns storage without any rows.
    pub const fn new() -> Self {
        Self {
            runs: Vec::new(),
            inputs: Vec::new(),
            ledgers: Vec::new(),
            jobs: Vec::new(),
            objects: Vec::new(),
            grants: Vec::new(),
            outbox: Vec::new(),
            relayed: 0,
            inbox: Vec::new(),
            pruned: Vec::new(),
            items: Vec::new(),
        }
    }

    /// Returns storage with only these objects and grants.
    pub fn with(objects: Vec<Row>, grants: Vec<(ActorId, TenantId, Grant)>) -> Self {
        Self { objects, grants, ..Self::default() }
    }

    /// Returns every table.
    pub fn tables(&self) -> Tables<'_> {
        let Self { runs, inputs, ledgers: units, jobs, objects, grants, outbox, relayed, inbox, pruned, items } = self;
        Tables { runs, inputs, units, jobs, objects, grants, outbox, relayed: *relayed, inbox, pruned, items }
    }

    /// Returns the runs in the order of creation.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// Returns the units of a run in the order of its plan.
    pub fn units(&self, run: RunId) -> &[WorkUnit] {
        &self.ledgers[run.index()].rows
    }

    /// Returns the jobs in the order of creation.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// Returns the objects' rows.
    pub fn objects(&self) -> &[Row] {
        &self.objects
    }

    /// Returns the policy's grant to an actor in a tenant.
    pub fn grant(&self, actor: ActorId, tenant: TenantId) -> Grant {
        let of = |(a, t, _): &&(ActorId, TenantId, Grant)| (*a, *t) == (actor, tenant);
        self.grants.iter().find(of).map_or(Grant::None, |(_, _, grant)| *grant)
    }

    /// Returns the items of the run's artifact, in the order in which they were stored.
    pub fn items(&self, run: RunId) -> &[ObjectId] {
        &self.items[run.index()]
    }

    /// Returns the letters delivered to all inboxes, in order.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Returns whether an outbox entry waits to be delivered.
    pub fn outbox_waits(&self) -> bool {
        self.relayed < self.outbox.len()
    }
}

/// Returns the version after this one. Versions are only compared for equality.
const fn another(version: u32) -> u32 {
    version.wrapping_add(1)
}

/// Writing, with one function for each kind of row.
impl Memory {
    /// Changes a run's row.
    #[inline]
    pub fn write_run(&mut self, run: RunId, change: impl FnOnce(&mut Run)) {
        change(&mut self.runs[run.index()]);
    }

    /// Changes an object's state and updates its version.
    #[inline]
    pub fn write_object(&mut self, object: ObjectId, becomes: ObjectState) {
        let row = &mut self.objects[object.index()];
        *row = Row { state: becomes, version: another(row.version) };
    }

    /// Changes the policy's grant to an actor in a tenant.
    pub fn write_grant(&mut self, actor: ActorId, tenant: TenantId, grant: Grant) {
        self.grants.retain(|(a, t, _)| (*a, *t) != (actor, tenant));
        self.grants.push((actor, tenant, grant));
    }

    /// Applies a job event. Returns `false` and changes nothing if the event is refused, for example because the job
    /// has moved on since a timer was set.
    #[inline]
    pub fn move_job(&mut self, job: JobId, event: JobEvent) -> bool {
        let row = &mut self.jobs[job.index()];
        row.apply(event).map(|moved| *row = moved).is_ok()
    }

    /// Adds a job, created by the engine or by a queue that delivers a job under a new id.
    #[inline]
    pub fn push_job(&mut self, job: Job) -> JobId {
        let id = JobId(ix(self.jobs.len()));
        self.jobs.push(job);
        id
    }

    #[inline]
    fn resolve_unit(&mut self, run: RunId, unit: UnitIx, settle: Settle) {
        if !settle.once
            && let Some(row) = self.ledgers[run.index()].rows.get_mut(unit.index())
        {
            row.resolution = None;
        }
        self.move_unit(run, unit, UnitEvent::Resolve(settle.resolution));
    }

    #[inline]
    fn move_unit(&mut self, run: RunId, unit: UnitIx, event: UnitEvent) {
        let ledger = &mut self.ledgers[run.index()];
        if let Some(row) = ledger.rows.get_mut(unit.index())
            && let Ok(moved) = row.apply(event)
        {
            *row = moved;
        }
        while ledger.rows.get(ledger.resolved_up_to as usize).is_some_and(|row| row.resolution.is_some()) {
            ledger.resolved_up_to += 1;
        }
    }
}

impl Queue for Memory {
    #[inline]
    fn lease(&mut self, job: JobId, now: Millis, lease_ms: Millis) -> Lease {
        self.jobs[job.index()].lease_ms = lease_ms;
        self.move_job(job, JobEvent::Lease(now + lease_ms));
        Lease { job, fence: self.jobs[job.index()].fence }
    }
}

impl Storage for Memory {
    #[inline]
    fn perform(&mut self, request: &Request, now: Millis) -> Reply {
        match request {
            Request::Load(load) => self.load(*load, now),
            Request::Commit(writes) => self.commit(writes, now).unwrap_or_else(Reply::Refused),
            Request::Seal(seal) => self.seal(seal, now).unwrap_or_else(Reply::Refused),
            Request::Accept(accept) => self.accept(accept),
            Request::Ask(_) | Request::Artifact(_) => Reply::Unavailable,
        }
    }
}
