//! Stores that are broken on purpose: they wrap the rows and bend what is read, or what is performed.

use truecount_engine::counts::Key;
use truecount_engine::delivery::Lease;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::index::narrow;
use truecount_engine::run::{Run, Status};
use truecount_engine::storage::{Addition, Load, Memory, Orphan, Reply, Request, Storage, Which, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Failure, Resolution};
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::subject::native::Store;

/// What a store does wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum StoreBug {
    /// Nothing.
    #[default]
    None,
    /// Counts are read with the unit, added to by the worker, and written back whole.
    LostUpdate,
    /// The whole row is read with the unit, added to by the worker, and written back.
    SavesWholeRow,
    /// A count stays although its commit was refused.
    CountsRefused,
    /// The counts of a job that was delivered before are lost.
    LosesCounts,
    /// Ledger rows are lost.
    LosesRows,
    /// The name of an artifact is lost.
    LosesNames,
    /// `processed` is cut off at `total`.
    Clamps,
    /// Units are read from a copy that lags by one commit, and no key keeps them from being resolved again.
    StaleUnits,
    /// A missing unit is taken out of `total`.
    ForgetsMissing,
    /// An acknowledgement counts, once the run is terminal.
    CountsLateAcks,
    /// A retry puts the run back to queued.
    QueuesAgain,
    /// The terminal write sets `processed` to `succeeded`.
    MergesAtTheEnd,
    /// Every other rendering reads a copy that lags by one commit.
    StaleSurface,
    /// Renderings read `processed` from a copy that lags by one commit.
    TornSurface,
    /// A summary is kept as it was handed in, with a key that is none of the nine.
    KeepsRawSummary,
    /// Once in each pass of the sweeper, work that a job carries is reported as orphaned.
    OrphansCarriedWork,
    /// A request is forgotten once its run is terminal.
    ForgetsEndedRequests,
}

/// A store with a bug.
#[derive(Debug)]
pub struct FaultyStore {
    rows: Memory,
    bug: StoreBug,
    /// The run that each job's worker read last with its unit.
    read: Vec<Option<Run>>,
    /// Each run as it was before the last commit that counted.
    lagging: Vec<Option<Run>>,
    /// The unit of each run that was resolved last.
    latest: Vec<Option<UnitIx>>,
    renderings: u32,
    /// Whether a run's work was reported as orphaned in this pass of the sweeper.
    orphaned: Vec<Option<()>>,
}

pooled!(FaultyStore { rows, bug, read, lagging, latest, renderings, orphaned });

impl FaultyStore {
    /// Returns a store with this bug.
    pub fn new(bug: StoreBug) -> Self {
        let (read, lagging, latest) = (Vec::new(), Vec::new(), Vec::new());
        Self { rows: Memory::default(), bug, read, lagging, latest, renderings: 0, orphaned: Vec::new() }
    }

    fn read(&mut self, load: &Load, reply: &mut Reply) {
        match (self.bug, load, reply) {
            (StoreBug::LostUpdate | StoreBug::SavesWholeRow, Load::Unit { run, lease, .. }, _) => {
                *at(&mut self.read, lease.job.index()) = Some(self.rows.runs()[run.index()]);
            }
            (StoreBug::StaleUnits, Load::Unit { run, which: Which::Exactly(unit), .. }, Reply::Unit(loaded))
                if *at(&mut self.latest, run.index()) == Some(*unit) =>
            {
                loaded.unit.resolution = None;
            }
            (StoreBug::StaleSurface, Load::NextActive { tenant: Some(_), from }, reply) => {
                self.renderings += u32::from(*from == RunId(0));
                if let (1, Reply::Run(run)) = (self.renderings % 2, reply)
                    && let Some(old) = *at(&mut self.lagging, run.head.run.index())
                {
                    *run = old;
                }
            }
            (StoreBug::OrphansCarriedWork, Load::Orphan { run }, Reply::Orphan(orphan @ Orphan::None)) => {
                let reported = at(&mut self.orphaned, run.index());
                if reported.take().is_none() {
                    *reported = Some(());
                    *orphan = carried(&self.rows, *run);
                }
            }
            (StoreBug::ForgetsEndedRequests, Load::Same { .. }, Reply::Found(found)) => {
                *found = found.filter(|same| self.rows.runs()[same.run.index()].active());
            }
            (StoreBug::TornSurface, Load::NextActive { tenant: Some(_), .. }, Reply::Run(run)) => {
                if let Some(old) = *at(&mut self.lagging, run.head.run.index()) {
                    run.counts.set(Key::Processed, old.counts.or_zero(Key::Processed));
                }
            }
            _ => {}
        }
    }

    /// Returns the commit that is performed in the place of another.
    fn bend(&mut self, writes: &WriteSet) -> WriteSet {
        let mut injected = *writes;
        if self.bug == StoreBug::StaleUnits
            && let Some(settle) = &mut injected.settle
        {
            settle.once = false;
        }
        let again = |lease: Lease| self.rows.jobs()[lease.job.index()].deliveries > 1;
        if self.bug == StoreBug::LosesCounts && writes.lease.is_some_and(again) {
            injected.addition = None;
        }
        if self.bug == StoreBug::LosesRows {
            injected.settle = None;
        }
        if let (StoreBug::LosesNames, Some(status)) = (self.bug, &mut injected.status) {
            status.artifact = None;
        }
        injected
    }

    /// Does wrong what is done once a commit was performed, or refused.
    fn after(&mut self, writes: &WriteSet, performed: bool) {
        if !performed {
            if let (StoreBug::CountsRefused, Some(addition)) = (self.bug, writes.addition) {
                self.rows.write_run(writes.run, |run| add(run, addition));
            }
            return;
        }
        if let Some(settle) = writes.settle {
            *at(&mut self.latest, writes.run.index()) = Some(settle.unit);
        }
        match (self.bug, writes) {
            (
                StoreBug::LostUpdate | StoreBug::SavesWholeRow,
                WriteSet { addition: Some(addition), lease: Some(lease), .. },
            ) => self.write_back(writes.run, *addition, *lease),
            (StoreBug::Clamps, _) => self.rows.write_run(writes.run, |run| {
                if let (Some(processed), Some(total)) = (run.counts.get(Key::Processed), run.counts.get(Key::Total)) {
                    run.counts.set(Key::Processed, processed.min(total));
                }
            }),
            (StoreBug::ForgetsMissing, WriteSet { settle: Some(settle), .. })
                if settle.resolution == Resolution::Failed(Failure::NotFound) =>
            {
                self.rows.write_run(writes.run, |run| {
                    run.counts.set(Key::Total, run.counts.or_zero(Key::Total).saturating_sub(1));
                });
            }
            (StoreBug::CountsLateAcks, WriteSet { ack: true, .. }) => self.rows.write_run(writes.run, |run| {
                if !run.active() {
                    run.counts.add(Key::Processed, 1);
                }
            }),
            (StoreBug::QueuesAgain, WriteSet { retry: Some(_), .. }) => self.rows.write_run(writes.run, |run| {
                if run.active() {
                    run.head.status = Status::Queued;
                }
            }),
            (StoreBug::MergesAtTheEnd, WriteSet { status: Some(status), .. }) if status.outcome.is_some() => {
                self.rows.write_run(writes.run, |run| {
                    run.counts.set(Key::Processed, run.counts.or_zero(Key::Succeeded));
                });
            }
            _ => {}
        }
    }

    /// Writes the row back as the worker read it, with its own unit added. One job that takes unit after unit reads again
    /// for each, as it loads it.
    fn write_back(&mut self, run: RunId, addition: Addition, lease: Lease) {
        let Some(mut old) = *at(&mut self.read, lease.job.index()) else { return };
        add(&mut old, addition);
        let whole = self.bug == StoreBug::SavesWholeRow;
        self.rows.write_run(run, |row| {
            row.counts = old.counts;
            if whole {
                (row.head.status, row.outcome) = (old.head.status, old.outcome);
            }
        });
    }
}

fn add(run: &mut Run, addition: Addition) {
    let units = u64::from(addition.units);
    run.counts.add(Key::Processed, u64::from(addition.processed) * units);
    for key in [addition.outcome, addition.also].into_iter().flatten() {
        run.counts.add(key, units);
    }
}

/// Returns the place of an index, which is made if it is not there.
fn at<T: Copy>(places: &mut Vec<Option<T>>, index: usize) -> &mut Option<T> {
    if places.len() <= index {
        places.resize(index + 1, None);
    }
    &mut places[index]
}

impl Storage for FaultyStore {
    fn perform(&mut self, request: &Request, now: Millis) -> Reply {
        if self.bug == StoreBug::None {
            return self.rows.perform(request, now);
        }
        match request {
            Request::Load(load) => {
                let mut reply = self.rows.perform(request, now);
                self.read(load, &mut reply);
                reply
            }
            Request::Commit(writes) => {
                let before = writes.addition.map(|_| self.rows.runs()[writes.run.index()]);
                let injected = self.bend(writes);
                let reply = self.rows.perform(&Request::Commit(injected), now);
                let performed = matches!(reply, Reply::Committed { .. });
                if let (true, Some(before)) = (performed, before) {
                    *at(&mut self.lagging, writes.run.index()) = Some(before);
                }
                self.after(writes, performed);
                reply
            }
            Request::Accept(accept) if self.bug == StoreBug::ForgetsEndedRequests => {
                let active = |run: &Run| run.active() && run.identity == accept.identity;
                let guarded = self.rows.runs().iter().any(active);
                let mut again = accept.clone();
                again.guarded = guarded;
                self.rows.perform(&Request::Accept(again), now)
            }
            _ => self.rows.perform(request, now),
        }
    }
}

/// Returns work of an active run that a job carries, as if none did.
fn carried(rows: &Memory, run: RunId) -> Orphan {
    let row = &rows.runs()[run.index()];
    if !row.active() {
        return Orphan::None;
    }
    if !row.head.sealed || !row.head.fan_out {
        return Orphan::Run;
    }
    let unresolved = rows.units(run).iter().position(|unit| unit.resolution.is_none());
    let unit = unresolved.and_then(|place| u32::try_from(place).ok());
    unit.map_or(Orphan::None, |unit| Orphan::Unit(UnitIx(unit)))
}

impl Store for FaultyStore {
    fn reset(&mut self, rows: &Memory) {
        self.rows.clone_from(rows);
        self.read.clear();
        self.lagging.clear();
        self.latest.clear();
        self.renderings = 0;
        self.orphaned.clear();
    }

    fn rows(&self) -> &Memory {
        &self.rows
    }

    fn rows_mut(&mut self) -> &mut Memory {
        &mut self.rows
    }

    fn beside(&self, run: RunId) -> Option<(u8, u64)> {
        let raw = self.bug == StoreBug::KeepsRawSummary && self.rows.runs()[run.index()].head.sealed;
        raw.then_some((narrow(Key::ALL.len()), 1))
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { rows: _, bug: _, read, lagging, latest, renderings, orphaned } = self;
        // Of how many renderings there were, only every other counts.
        fingerprinter.value(&(read, lagging, latest, renderings % 2, orphaned));
    }
}
