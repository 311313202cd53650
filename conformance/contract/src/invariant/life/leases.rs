//! Ownership of jobs: leases, fencing, redelivery, repair.

use truecount_engine::id::{Fence, JobId, RunId, UnitIx};
use truecount_engine::time::Millis;
use truecount_sim::heal::wait_ms;

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{JobNote, Ledger, RunNote};

/// 1. A plan of two is sealed; a worker acknowledges the job of the second unit and crashes before its work.
/// 2. Faults stop. No sweeper creates a job for the orphaned unit.
pub(super) fn life_10_at_end(run: RunId, note: &RunNote, ledger: &Ledger<'_>, found: &mut Found) {
    if note.planned.is_some_and(|units| note.rows() < units) {
        found.check(Clause::LIFE_10, note.completed.is_some() || all_carried(run, ledger));
    }
}

/// Returns whether each unresolved unit of a run has a job that was not acknowledged.
fn all_carried(run: RunId, ledger: &Ledger<'_>) -> bool {
    let live = |job: &&JobNote| job.run == run && !job.acked;
    ledger.units(run).iter().enumerate().filter(|(_, unit)| unit.resolution.is_none()).all(|(ix, _)| {
        let carries = |job: &JobNote| job.unit.is_none_or(|unit| unit.index() == ix);
        ledger.jobs().filter(live).any(carries)
    })
}

/// At a count, a resolution, a plan or a completion:
///
/// 1. Worker 1 leases a job and stalls.
/// 2. The lease ends, and worker 2 leases the job under a newer fencing token.
/// 3. Worker 1 wakes and writes.
#[inline]
pub(super) fn life_11_at_written(job: JobId, fence: Fence, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(job) = ledger.job(job) {
        found.check(Clause::LIFE_11, fence >= job.fence);
    }
}

/// At a count, a resolution or a plan:
///
/// 1. A run completes.
/// 2. A late delivery of one of its jobs counts its unit.
#[inline]
pub(super) fn life_13_at_written(run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::LIFE_13, ledger.run(run).completed.is_none());
}

/// 1. A run completes.
/// 2. A late delivery of one of its jobs is never acknowledged.
pub(super) fn life_13_at_end(ledger: &Ledger<'_>, found: &mut Found) {
    for job in ledger.jobs() {
        if job.fence > Fence(0) && ledger.run(job.run).completed.is_some() {
            found.check(Clause::LIFE_13, job.acked);
        }
    }
}

/// 1. Worker 1 leases a job until 60 s and commits at 30 s, which extends the lease to 90 s.
/// 2. The queue delivers the job to worker 2 at 60 s.
#[inline]
pub(super) fn life_17_at_leased(job: JobId, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(job) = ledger.job(job)
        && job.fence > Fence(0)
        && !job.may_come_early
    {
        found.check(Clause::LIFE_17, ledger.now >= job.held_until);
    }
}

/// 1. A unit is throttled, and worker 1 hands its job back. The commit succeeds, its reply is lost.
/// 2. Worker 1 asks the provider about the unit again.
#[inline]
pub(super) fn life_17_at_responded(run: RunId, unit: UnitIx, worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.of(run).acts_outside {
        found.check(Clause::LIFE_17, ledger.worker(worker).handed_back != Some((run, unit)));
    }
}

/// 1. A unit is throttled in its first attempt; its family declares a back-off of 1 s.
/// 2. Its worker hands the job back, due at once.
pub(super) fn life_17_at_handed_back(job: JobId, attempt: u8, until: Millis, ledger: &Ledger<'_>, found: &mut Found) {
    // A late worker cannot hand back what the queue has lost meanwhile.
    let Some(job) = ledger.job(job).filter(|job| !job.acked) else { return };
    let wait = wait_ms(&ledger.of(job.run).policy, attempt);
    found.check(Clause::LIFE_17, until >= ledger.now + Millis(wait));
}

/// 1. The job of a unit waits in the queue, or a worker holds it.
/// 2. The sweeper creates another job for the unit.
pub(super) fn life_18_at_job_created(run: RunId, unit: Option<UnitIx>, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.queue_creates_next_job || ledger.copied_by_queue || !ledger.of(run).reference_profile {
        return;
    }
    // A repair creates a job only for what no job carries: each earlier one was acknowledged or lost.
    let earlier = || ledger.jobs().filter(|job| job.run == run && (job.unit.is_none() || job.unit == unit));
    let orphaned = earlier().any(|job| job.unit == unit) && earlier().all(|job| job.acked);
    found.check(Clause::LIFE_18, orphaned);
}
