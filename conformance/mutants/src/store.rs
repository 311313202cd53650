//! A store with a bug. It wraps the rows, and calls the hooks of the bug on loads, on commits, and when it accepts a
//! request.
//!
//! The store also keeps copies of rows from which a bug may read. The catalogue entry of each bug states what the bug
//! does.

use truecount_engine::counts::Key;
use truecount_engine::delivery::Lease;
use truecount_engine::id::{Fence, ObjectId, RunId, UnitIx};
use truecount_engine::run::Run;
use truecount_engine::storage::{Accept, Addition, Load, Memory, Reply, Request, Seal, Storage, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::Resolution;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::subject::native::Store;

/// The hooks through which a bug changes the store. By default, they change nothing.
pub trait StoreBug: Sync {
    /// Changes the reply to a load.
    fn loaded(&self, _store: &mut FaultyStore, _load: &Load, _reply: &mut Reply) {}

    /// Changes a commit before it is performed. The trace shows the original commit.
    fn commits(&self, _store: &FaultyStore, _writes: &mut WriteSet) {}

    /// Changes what the engine commits. The trace shows the changed commit.
    fn asks(&self, _store: &FaultyStore, _writes: &mut WriteSet) {}

    /// Applies the bug after a commit was performed. `before` is the row of the run before the commit.
    fn performed(&self, _store: &mut FaultyStore, _writes: &WriteSet, _before: &Run) {}

    /// Applies the bug after a plan was made durable. `before` is the row of the run before the commit.
    fn sealed(&self, _store: &mut FaultyStore, _seal: &Seal, _before: &Run) {}

    /// Changes the reply to a commit or to a seal that was performed. `writes` is `None` for a seal.
    fn replied(&self, _store: &FaultyStore, _writes: Option<&WriteSet>, _reply: &mut Reply) {}

    /// Applies the bug after a commit was refused.
    fn refused(&self, _store: &mut FaultyStore, _writes: &WriteSet) {}

    /// Returns the request to accept in place of the original, or `None` to accept the original.
    fn accepts(&self, _store: &FaultyStore, _accept: &Accept) -> Option<Accept> {
        None
    }

    /// Returns whether the items that were stored for a run are lost, given whether its rows are pruned.
    fn loses_items(&self, _pruned: bool) -> bool {
        false
    }

    /// Returns whether the delivered notices about a run are lost, given whether its rows are pruned.
    fn loses_notices(&self, _pruned: bool) -> bool {
        false
    }

    /// Returns an entry that the summary of a run has in addition to its counts: the number of the key, and the value.
    /// Returns `None` if there is no such entry.
    fn beside(&self, _run: &Run) -> Option<(u8, u64)> {
        None
    }
}

impl std::fmt::Debug for dyn StoreBug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreBug")
    }
}

/// A store with a bug.
#[derive(Debug)]
pub struct FaultyStore {
    pub(crate) rows: Memory,
    bug: Option<&'static dyn StoreBug>,
    /// For each job, a copy of the run's row from the last time that the job's worker loaded a unit.
    read: Vec<Option<Run>>,
    /// For each run, a copy of its row from before the last commit that counted a unit.
    pub(crate) lagging: Vec<Option<Run>>,
    /// For each run, the unit that was last resolved.
    pub(crate) latest: Vec<Option<UnitIx>>,
    pub(crate) renderings: u32,
    /// For each job, its last lease under which units were counted, and the number of these units.
    pub(crate) counted: Vec<Option<(Fence, u32)>>,
    /// For each run, whether its work was reported as orphaned in this pass of the sweeper.
    pub(crate) orphaned: Vec<Option<()>>,
    /// For each run, whether a rendering has read it with a count above 0.
    pub(crate) rendered: Vec<Option<()>>,
    /// The other run in which the current request has read the row of a unit with the same key.
    pub(crate) looked_up: Option<RunId>,
    /// The time of the current request.
    pub(crate) now: Millis,
}

pooled!(FaultyStore { rows, bug, read, lagging, latest, renderings, counted, orphaned, rendered, looked_up, now });

impl FaultyStore {
    /// Returns a store with this bug, or without a bug for `None`.
    pub fn new(bug: Option<&'static dyn StoreBug>) -> Self {
        let (read, lagging, latest, counted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (orphaned, rendered) = (Vec::new(), Vec::new());
        Self {
            rows: Memory::default(),
            bug,
            read,
            lagging,
            latest,
            renderings: 0,
            counted,
            orphaned,
            rendered,
            looked_up: None,
            now: Millis(0),
        }
    }

    /// Keeps a copy of the run's row that a worker reads together with a unit. The worker of a run's single job reads
    /// the row again for each unit.
    pub(crate) fn keep_read(&mut self, load: &Load) {
        if let Load::Unit { run, lease, .. } = load {
            *at(&mut self.read, lease.job.index()) = Some(self.rows.runs()[run.index()]);
        }
    }

    /// Adds the worker's own unit to the copy of the row that the worker read. `write` then copies parts of that copy
    /// to the current row.
    pub(crate) fn write_back(&mut self, writes: &WriteSet, write: impl Fn(&mut Run, &Run)) {
        let (Some(addition), Some(lease)) = (writes.addition, writes.lease) else { return };
        let Some(mut old) = *at(&mut self.read, lease.job.index()) else { return };
        add(&mut old, addition);
        self.rows.write_run(writes.run, |row| write(row, &old));
    }

    /// Returns another run that has resolved a unit for the same object, and that unit's resolution.
    pub(crate) fn resolved_elsewhere(&self, run: RunId, object: ObjectId) -> Option<(RunId, Resolution)> {
        let others = self.rows.runs().iter().map(|row| row.head.run).filter(|other| *other != run);
        others.into_iter().find_map(|other| {
            let unit = self.rows.units(other).iter().find(|unit| unit.object == object)?;
            Some((other, unit.resolution?))
        })
    }

    /// Adds to the number of units counted under a lease, and returns the sum.
    pub(crate) fn counts_under(&mut self, lease: Lease, units: u32) -> u32 {
        let entry = at(&mut self.counted, lease.job.index());
        let before = entry.filter(|(fence, _)| *fence == lease.fence).map_or(0, |(_, counted)| counted);
        *entry = Some((lease.fence, before + units));
        before + units
    }

    /// Performs a commit with the bug's changes.
    fn commit(&mut self, bug: &dyn StoreBug, writes: &WriteSet, now: Millis) -> Reply {
        let before = self.rows.runs()[writes.run.index()];
        let mut changed = *writes;
        bug.commits(self, &mut changed);
        let reply = self.rows.perform(&Request::Commit(changed), now);
        if !matches!(reply, Reply::Committed { .. }) {
            bug.refused(self, writes);
            return reply;
        }
        if writes.addition.is_some() {
            *at(&mut self.lagging, writes.run.index()) = Some(before);
        }
        if let Some(settle) = writes.settle {
            *at(&mut self.latest, writes.run.index()) = Some(settle.unit);
        }
        bug.performed(self, writes, &before);
        let mut reply = reply;
        bug.replied(self, Some(writes), &mut reply);
        reply
    }

    /// Makes a plan durable, with the bug's changes.
    fn seal(&mut self, bug: &dyn StoreBug, seal: &Seal, request: &Request, now: Millis) -> Reply {
        let before = self.rows.runs()[seal.run.index()];
        let mut reply = self.rows.perform(request, now);
        if matches!(reply, Reply::Committed { .. }) {
            bug.sealed(self, seal, &before);
            bug.replied(self, None, &mut reply);
        }
        reply
    }
}

/// Adds to the counts of a run.
pub(crate) fn add(run: &mut Run, addition: Addition) {
    let units = u64::from(addition.units);
    run.counts.add(Key::Processed, u64::from(addition.processed) * units);
    for key in [addition.outcome, addition.also].into_iter().flatten() {
        run.counts.add(key, units);
    }
}

/// Returns the entry at `index`, after creating it if it does not exist.
pub(crate) fn at<T: Copy>(entries: &mut Vec<Option<T>>, index: usize) -> &mut Option<T> {
    if entries.len() <= index {
        entries.resize(index + 1, None);
    }
    &mut entries[index]
}

impl Storage for FaultyStore {
    fn perform(&mut self, request: &Request, now: Millis) -> Reply {
        let Some(bug) = self.bug else { return self.rows.perform(request, now) };
        (self.looked_up, self.now) = (None, now);
        match request {
            Request::Load(load) => {
                let mut reply = self.rows.perform(request, now);
                bug.loaded(self, load, &mut reply);
                reply
            }
            Request::Commit(writes) => self.commit(bug, writes, now),
            Request::Seal(seal) => self.seal(bug, seal, request, now),
            Request::Accept(accept) => match bug.accepts(self, accept) {
                Some(other) => self.rows.perform(&Request::Accept(other), now),
                None => self.rows.perform(request, now),
            },
            _ => self.rows.perform(request, now),
        }
    }
}

impl Store for FaultyStore {
    fn reset(&mut self, rows: &Memory) {
        self.rows.clone_from(rows);
        self.read.clear();
        self.lagging.clear();
        self.latest.clear();
        self.renderings = 0;
        self.counted.clear();
        self.orphaned.clear();
        self.rendered.clear();
    }

    fn rows(&self) -> &Memory {
        &self.rows
    }

    fn rows_mut(&mut self) -> &mut Memory {
        &mut self.rows
    }

    fn instead_of(&self, writes: &WriteSet) -> Option<WriteSet> {
        let mut changed = *writes;
        self.bug?.asks(self, &mut changed);
        (changed != *writes).then_some(changed)
    }

    fn beside(&self, run: RunId) -> Option<(u8, u64)> {
        self.bug?.beside(&self.rows.runs()[run.index()])
    }

    fn items(&self, run: RunId) -> &[ObjectId] {
        let pruned = self.rows.tables().pruned[run.index()];
        if self.bug.is_some_and(|bug| bug.loses_items(pruned)) { &[] } else { self.rows.items(run) }
    }

    fn has_notices(&self, run: RunId) -> bool {
        let pruned = self.rows.tables().pruned[run.index()];
        !self.bug.is_some_and(|bug| bug.loses_notices(pruned))
    }

    fn looked_up(&self) -> Option<RunId> {
        self.looked_up
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        // Each request sets the time and what it has looked up before a bug or the simulator uses them.
        let Self {
            rows: _,
            bug: _,
            read,
            lagging,
            latest,
            renderings,
            counted,
            orphaned,
            rendered,
            looked_up: _,
            now: _,
        } = self;
        // Only the parity of the number of renderings affects later states.
        fingerprinter.value(&(read, lagging, latest, renderings % 2, counted, orphaned, rendered));
    }
}
