//! Stores that are broken on purpose: they wrap the rows and bend what is performed.

use truecount_engine::counts::Counts;
use truecount_engine::id::JobId;
use truecount_engine::storage::{Load, Memory, Reply, Request, Storage};
use truecount_engine::time::Millis;
use truecount_sim::subject::native::Store;

/// What a store does wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum StoreBug {
    /// Nothing.
    #[default]
    None,
    /// Counts are read with the unit, added to by the worker, and written back whole.
    LostUpdate,
}

/// A store with a bug.
#[derive(Clone, Debug)]
pub struct Bent {
    rows: Memory,
    bug: StoreBug,
    /// The counts that each job's worker read last.
    read: Vec<Option<Counts>>,
}

impl Bent {
    /// Returns a store with this bug.
    pub fn new(bug: StoreBug) -> Self {
        Self { rows: Memory::default(), bug, read: Vec::new() }
    }

    fn remember(&mut self, job: JobId, counts: Counts) {
        if self.read.len() <= job.index() {
            self.read.resize(job.index() + 1, None);
        }
        self.read[job.index()] = Some(counts);
    }
}

impl Storage for Bent {
    fn perform(&mut self, request: &Request, now: Millis) -> Reply {
        if self.bug == StoreBug::None {
            return self.rows.perform(request, now);
        }
        if let Request::Load(Load::Unit { run, lease, .. }) = request {
            let counts = self.rows.runs()[run.index()].counts;
            self.remember(lease.job, counts);
        }
        let reply = self.rows.perform(request, now);
        if let (Request::Commit(writes), Reply::Committed { .. }) = (request, &reply)
            && let (Some(addition), Some(lease)) = (writes.addition, writes.lease)
            && let Some(Some(mut counts)) = self.read.get(lease.job.index()).copied()
        {
            // One job that takes unit after unit reads anew for each, as it loads it.
            use truecount_engine::counts::Key;
            counts.add(Key::Processed, u64::from(addition.processed));
            for key in [addition.outcome, addition.also].into_iter().flatten() {
                counts.add(key, 1);
            }
            self.rows.write_run(writes.run, |run| run.counts = counts);
        }
        reply
    }
}

impl Store for Bent {
    fn reset(&mut self, rows: &Memory) {
        self.rows.clone_from(rows);
        self.read.clear();
    }

    fn rows(&self) -> &Memory {
        &self.rows
    }

    fn rows_mut(&mut self) -> &mut Memory {
        &mut self.rows
    }
}
