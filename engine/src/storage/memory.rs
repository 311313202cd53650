//! Storage in memory: slabs by interned id, no map in the hot path.
//!
//! Holds no judgement. Every row is written through one function of its kind, so that what a later index or
//! fingerprint has to follow passes through one place.

use std::sync::Arc;

use super::{
    Accept, Addition, Load, Loaded, Queue, Reply, Request, Row, Seal, Settle, Storage, Stray, TotalWrite, Upkeep,
    Which, WriteSet,
};
use crate::counts::Key;
use crate::delivery::{Job, JobEvent, JobState, Lease, Refusal};
use crate::id::{ActorId, JobId, ObjectId, RunId, TenantId, UnitIx};
use crate::notice::Notice;
use crate::policy::Grant;
use crate::run::{Head, Run, Status};
use crate::time::Millis;
use crate::unit::{UnitEvent, WorkUnit};

/// Everything that was brought to people, in order.
pub type Inbox = Vec<Notice>;

/// The units of one run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Ledger {
    rows: Vec<WorkUnit>,
    /// Every unit before this one is resolved: the index by which the next unresolved one is found.
    resolved_up_to: u32,
}

/// Rows in memory.
#[derive(PartialEq, Eq, Hash, Debug, Default)]
pub struct Memory {
    runs: Vec<Run>,
    inputs: Vec<Arc<[ObjectId]>>,
    ledgers: Vec<Ledger>,
    jobs: Vec<Job>,
    objects: Vec<Row>,
    grants: Vec<(ActorId, TenantId, Grant)>,
    outbox: Vec<Notice>,
    relayed: usize,
    inbox: Inbox,
    pruned: Vec<bool>,
}

impl Clone for Memory {
    fn clone(&self) -> Self {
        let mut copy = Self::default();
        copy.clone_from(self);
        copy
    }

    /// Copies into the rooms that are there already: small worlds are reset and forked by the hundred thousand.
    fn clone_from(&mut self, source: &Self) {
        let Self { runs, inputs, ledgers, jobs, objects, grants, outbox, relayed, inbox, pruned } = source;
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
    }
}

/// Reading, for those who look at rows from outside: a simulator that witnesses, a test.
impl Memory {
    /// Returns storage without a row.
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
        }
    }

    /// Returns storage with these objects and grants and nothing else.
    pub fn with(objects: Vec<Row>, grants: Vec<(ActorId, TenantId, Grant)>) -> Self {
        Self { objects, grants, ..Self::default() }
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

    /// Returns what the policy grants.
    pub fn grant(&self, actor: ActorId, tenant: TenantId) -> Grant {
        let of = |(a, t, _): &&(ActorId, TenantId, Grant)| (*a, *t) == (actor, tenant);
        self.grants.iter().find(of).map_or(Grant::None, |(_, _, grant)| *grant)
    }

    /// Returns what was brought to people, in order.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// Returns whether an outbox entry waits to be brought on.
    pub fn outbox_waits(&self) -> bool {
        self.relayed < self.outbox.len()
    }
}

/// Writing, one function for each kind of row.
impl Memory {
    /// Changes a run's row.
    #[inline]
    pub fn write_run(&mut self, run: RunId, change: impl FnOnce(&mut Run)) {
        change(&mut self.runs[run.index()]);
    }

    /// Changes an object's row from outside the engine: somebody archives, removes or restores it.
    #[inline]
    pub fn write_object(&mut self, object: ObjectId, becomes: super::ObjectState) {
        let row = &mut self.objects[object.index()];
        *row = Row { state: becomes, version: row.version + 1 };
    }

    /// Changes what the policy grants.
    pub fn write_grant(&mut self, actor: ActorId, tenant: TenantId, grant: Grant) {
        self.grants.retain(|(a, t, _)| (*a, *t) != (actor, tenant));
        self.grants.push((actor, tenant, grant));
    }

    /// Moves a job; a late timer or a stale worker changes nothing and returns `false`.
    #[inline]
    pub fn move_job(&mut self, job: JobId, event: JobEvent) -> bool {
        let row = &mut self.jobs[job.index()];
        row.apply(event).map(|moved| *row = moved).is_ok()
    }

    /// Adds a job: the engine's own, or one that a queue made up by delivering under a new id.
    #[inline]
    pub fn push_job(&mut self, job: Job) -> JobId {
        let id = JobId(u32::try_from(self.jobs.len()).unwrap_or_else(|_| unreachable!("jobs are numbered in u32")));
        self.jobs.push(job);
        id
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
    fn lease(&mut self, job: JobId, until: Millis) -> Lease {
        self.move_job(job, JobEvent::Lease(until));
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
            Request::Ask(_) => Reply::Unavailable,
        }
    }
}

impl Memory {
    #[inline]
    fn load(&self, load: Load, now: Millis) -> Reply {
        match load {
            Load::Run(run) => self.runs.get(run.index()).map_or(Reply::NoRun, |row| Reply::Run(*row)),
            Load::Unit { run, which, .. } => self.load_unit(run, which),
            Load::Input { run, .. } => Reply::Input { input: Arc::clone(&self.inputs[run.index()]), word: None },
            Load::Same { request, identity } => {
                let made = self.runs.iter().find(|run| run.request == request);
                let same = || self.runs.iter().find(|run| run.active() && run.identity == identity);
                Reply::Found(made.or_else(same).map(|run| run.head.run))
            }
            Load::Grant { actor, tenant } => Reply::Granted(self.grant(actor, tenant)),
            Load::NextActive { from, tenant } => {
                let wanted = |run: &&Run| run.active() && tenant.is_none_or(|tenant| run.identity.tenant == tenant);
                self.next_run(from, wanted)
            }
            Load::NextExpired { from, retention } => self.next_run(from, |run| {
                let since = run.completed_at.map(|at| now.since(at));
                since.is_some_and(|since| since >= retention) && !self.pruned[run.head.run.index()]
            }),
            Load::Stray { run } => Reply::Stray(self.stray(run)),
            Load::Outbox => Reply::Outbox(self.outbox.get(self.relayed).copied()),
        }
    }

    fn next_run(&self, from: RunId, wanted: impl Fn(&&Run) -> bool) -> Reply {
        let rest = self.runs.get(from.index()..).unwrap_or_default();
        rest.iter().find(wanted).map_or(Reply::NoRun, |run| Reply::Run(*run))
    }

    #[inline]
    fn load_unit(&self, run: RunId, which: Which) -> Reply {
        let head: Head = self.runs[run.index()].head;
        let ledger = &self.ledgers[run.index()];
        let ix = match which {
            Which::Exactly(ix) => ix.0,
            Which::NextUnresolved(from) => {
                let mut ix = from.0.max(ledger.resolved_up_to);
                while ledger.rows.get(ix as usize).is_some_and(|row| row.resolution.is_some()) {
                    ix += 1;
                }
                ix
            }
        };
        ledger.rows.get(ix as usize).map_or(Reply::NoUnit(head), |&unit| {
            let row = self.objects[unit.object.index()];
            Reply::Unit(Loaded { head, ix: UnitIx(ix), unit, row, word: None })
        })
    }

    /// Returns the first work of a run that no job carries. Reads every job; a database has an index for it.
    fn stray(&self, run: RunId) -> Stray {
        let jobs = || self.jobs.iter().filter(|job| job.run == run && job.live());
        if jobs().any(|job| job.unit.is_none()) {
            return Stray::None;
        }
        let row = &self.runs[run.index()];
        let alone = !self.jobs.iter().any(|job| job.run == run && job.unit.is_some());
        if !row.head.sealed || alone {
            return Stray::Run;
        }
        let units = &self.ledgers[run.index()].rows;
        let mut carried = vec![false; units.len()];
        for unit in jobs().filter_map(|job| job.unit) {
            if let Some(carried) = carried.get_mut(unit.index()) {
                *carried = true;
            }
        }
        let stray = units.iter().zip(&carried).position(|(unit, carried)| unit.resolution.is_none() && !carried);
        stray.map_or(Stray::None, |ix| Stray::Unit(UnitIx(u32::try_from(ix).unwrap_or(u32::MAX))))
    }

    fn accept(&mut self, accept: &Accept) -> Reply {
        if accept.guarded && self.runs.iter().any(|run| run.active() && run.identity == accept.identity) {
            return Reply::Refused(Refusal::IdentityTaken);
        }
        let id = RunId(u32::try_from(self.runs.len()).unwrap_or_else(|_| unreachable!("runs are numbered in u32")));
        self.runs.push(Run::accepted(id, accept.request, accept.actor, accept.identity));
        self.inputs.push(Arc::clone(&accept.input));
        self.ledgers.push(Ledger::default());
        self.pruned.push(false);
        self.push_job(Job::new(id, None));
        self.outbox.push(Notice { run: id, kind: crate::notice::NoticeKind::RunEnqueued });
        Reply::Accepted(id)
    }

    #[inline]
    fn check(&self, run: RunId, lease: Option<Lease>, guard: super::Guard) -> Result<(), Refusal> {
        if guard.fence
            && let Some(lease) = lease
            && !self.jobs[lease.job.index()].held_under(lease.fence)
        {
            return Err(Refusal::StaleLease);
        }
        match guard.version {
            Some(version) if version != self.runs[run.index()].head.version => Err(Refusal::Conflict),
            _ => Ok(()),
        }
    }

    /// A commit under a lease that has not run out renews it.
    #[inline]
    fn renew(&mut self, lease: Lease, now: Millis) {
        let row = &mut self.jobs[lease.job.index()];
        if row.fence == lease.fence
            && let JobState::Leased(until) = row.state
            && until > now
        {
            let family = self.runs[row.run.index()].head.family;
            let length = crate::family::family(family).map_or(Millis(0), |family| family.retry().lease_ms);
            row.state = JobState::Leased(now + length);
        }
    }

    #[inline]
    fn commit(&mut self, writes: &WriteSet, now: Millis) -> Result<Reply, Refusal> {
        let run = writes.run;
        self.check(run, writes.lease, writes.guard)?;
        if let Some(effect) = writes.effect
            && self.objects[effect.object.index()].version != effect.version
        {
            return Err(Refusal::Conflict);
        }
        if let Some(retry) = writes.retry
            && self.attempts_used(run, retry.unit) != retry.attempts_used
        {
            return Err(Refusal::Conflict);
        }
        if let Some(settle) = writes.settle
            && units(settle).any(|unit| self.units(run).get(unit.index()).is_some_and(|row| row.resolution.is_some()))
        {
            return Err(Refusal::AlreadyResolved);
        }
        // From here on nothing is refused.
        if let Some(super::RowEffect { object, becomes: Some(becomes), .. }) = writes.effect {
            self.write_object(object, becomes);
        }
        if let Some(settle) = writes.settle {
            for unit in units(settle) {
                self.move_unit(run, unit, UnitEvent::Resolve(settle.resolution));
            }
        }
        if let Some(addition) = writes.addition {
            self.write_run(run, |row| add(row, addition));
        }
        if let Some(write) = writes.status {
            self.write_run(run, |row| {
                row.head.status = write.status;
                row.head.phase = write.phase;
                row.head.attempts_used = 0;
                row.head.version += 1;
                row.outcome = write.outcome;
                row.cause = write.cause;
                row.completed_at = (write.status == Status::Completed).then_some(now);
            });
        }
        if let Some(lease) = writes.lease {
            self.move_delivery(writes, lease, now);
        }
        self.outbox.extend(writes.outbox.iter().flatten());
        if let Some(upkeep) = writes.upkeep {
            self.keep_up(run, upkeep);
        }
        let row = &self.runs[run.index()];
        Ok(Reply::Committed { maybe_last: row.all_counted() })
    }

    fn attempts_used(&self, run: RunId, unit: Option<UnitIx>) -> u8 {
        match unit {
            Some(unit) => self.units(run).get(unit.index()).map_or(0, |row| row.attempts_used),
            None => self.runs[run.index()].head.attempts_used,
        }
    }

    #[inline]
    fn move_delivery(&mut self, writes: &WriteSet, lease: Lease, now: Millis) {
        if let Some(retry) = writes.retry {
            match retry.unit {
                Some(unit) => self.move_unit(writes.run, unit, UnitEvent::Retry),
                None => self.write_run(writes.run, |row| {
                    row.head.attempts_used = row.head.attempts_used.saturating_add(1);
                }),
            }
            self.move_job(lease.job, JobEvent::HandBack(now + retry.wait));
        } else if writes.ack {
            self.move_job(lease.job, JobEvent::Ack);
        } else {
            self.renew(lease, now);
        }
    }

    fn keep_up(&mut self, run: RunId, upkeep: Upkeep) {
        match upkeep {
            Upkeep::Enqueue(unit) => {
                self.push_job(Job::new(run, unit));
            }
            Upkeep::Relay(notice) => {
                if !self.inbox.contains(&notice) {
                    self.inbox.push(notice);
                }
                if self.outbox.get(self.relayed) == Some(&notice) {
                    self.relayed += 1;
                }
            }
            Upkeep::Prune => {
                self.ledgers[run.index()] = Ledger::default();
                self.pruned[run.index()] = true;
            }
        }
    }

    fn seal(&mut self, seal: &Seal, now: Millis) -> Result<Reply, Refusal> {
        self.check(seal.run, Some(seal.lease), seal.guard)?;
        if seal.once && self.runs[seal.run.index()].head.sealed {
            return Err(Refusal::AlreadySealed);
        }
        let count = u32::try_from(seal.keys.len()).unwrap_or(u32::MAX);
        let first = self.ledgers[seal.run.index()].rows.len();
        if first == 0 {
            self.ledgers[seal.run.index()].rows.extend(seal.keys.iter().map(|&key| WorkUnit::planned(key)));
            if seal.fan_out {
                self.jobs.reserve(seal.keys.len());
                for ix in 0..count {
                    self.push_job(Job::new(seal.run, Some(UnitIx(ix))));
                }
            }
        }
        self.write_run(seal.run, |row| {
            row.head.status = seal.status;
            row.head.sealed |= seal.seals;
            row.head.units = count;
            row.head.attempts_used = 0;
            row.head.version += 1;
            match seal.total {
                TotalWrite::Set => row.counts.set(Key::Total, u64::from(count)),
                TotalWrite::Add => row.counts.add(Key::Total, u64::from(count)),
                TotalWrite::Leave => {}
            }
            row.counts.add(Key::Processed, 0);
        });
        self.renew(seal.lease, now);
        Ok(Reply::Committed { maybe_last: self.runs[seal.run.index()].all_counted() })
    }
}

fn units(settle: Settle) -> impl Iterator<Item = UnitIx> {
    (settle.unit.0..settle.unit.0.saturating_add(settle.units)).map(UnitIx)
}

#[inline]
fn add(row: &mut Run, addition: Addition) {
    let units = u64::from(addition.units);
    row.counts.add(Key::Processed, u64::from(addition.processed) * units);
    for key in [addition.outcome, addition.also].into_iter().flatten() {
        row.counts.add(key, units);
    }
}
