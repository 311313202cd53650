//! Ownership of jobs: leases, fencing, redelivery, repair.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{Fence, JobId, RunId, UnitIx};

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{Ledger, RunNote};

/// 1. A plan of two units is sealed. A worker acknowledges the job of the second unit and crashes before doing its
///    work.
/// 2. Faults stop. No sweeper creates a job for the orphaned unit.
pub(super) fn life_10_at_end(run: RunId, note: &RunNote, ledger: &Ledger<'_>, found: &mut Found) {
    if note.planned.is_some_and(|units| note.rows() < units) {
        found.check(Clause::LIFE_10, note.completed.is_some() || all_carried(run, ledger));
    }
}

/// Returns whether each unresolved unit of a run has an unacknowledged job.
fn all_carried(run: RunId, ledger: &Ledger<'_>) -> bool {
    let unresolved = ledger.units(run).iter().zip(0..).filter(|(unit, _)| unit.resolution.is_none());
    unresolved.map(|(_, unit)| UnitIx(unit)).all(|unit| ledger.carried(run, unit))
}

/// For a count, a resolution, a plan, a phase, a completion, an acknowledgement or a hand-back:
///
/// 1. Worker 1 leases a job and stalls.
/// 2. The lease ends, and worker 2 leases the job under a newer fencing token.
/// 3. Worker 1 wakes up and writes.
#[inline]
pub(super) fn life_11_at_written(job: JobId, fence: Fence, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(job) = ledger.job(job) {
        found.check(Clause::LIFE_11, fence >= job.fence);
    }
}

/// For a count, a resolution or a plan:
///
/// 1. A run completes.
/// 2. One of its jobs is delivered late, and the worker counts the job's unit.
#[inline]
pub(super) fn life_13_at_written(run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::LIFE_13, ledger.run(run).completed.is_none());
}

/// 1. A run completes.
/// 2. One of its jobs is delivered late, and the worker stores the item of the job's unit again.
pub(super) fn life_13_at_item_stored(run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.run(run).completed.is_some() {
        found.violate(Clause::LIFE_13);
    }
}

/// 1. A run completes.
/// 2. One of its jobs is delivered, and its worker hands it back for a retry.
pub(super) fn life_13_at_handed_back(job: JobId, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.job(job).is_some_and(|job| job.late && !job.acked) {
        found.violate(Clause::LIFE_13);
    }
}

/// 1. A run completes.
/// 2. One of its jobs is delivered, but never acknowledged.
pub(super) fn life_13_at_end(ledger: &Ledger<'_>, found: &mut Found) {
    for job in ledger.jobs().filter(|job| job.late) {
        found.check(Clause::LIFE_13, job.acked);
    }
}

/// 1. Worker 1 leases a job until 60 s and commits at 30 s, which extends the lease to 90 s.
/// 2. The queue delivers the job to worker 2 at 60 s.
///
/// Or:
///
/// 1. The family declares a back-off of 1 s. The first attempt at a unit is throttled, and its worker hands the job
///    back.
/// 2. The queue delivers the job after 0.5 s, regardless of the time that the engine has stated.
#[inline]
pub(super) fn life_17_at_leased(job: JobId, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(job) = ledger.job(job)
        && job.fence > Fence(0)
        && !job.may_come_early
    {
        found.check(Clause::LIFE_17, ledger.now >= job.held_until);
    }
}

/// 1. A unit is throttled, and worker 1 hands its job back. The commit succeeds, but its reply is lost.
/// 2. Worker 1 sends the unit, or the next unit of the run, to the provider.
#[inline]
pub(super) fn life_17_at_responded(run: RunId, worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.of(run).acts_outside {
        found.check(Clause::LIFE_17, !ledger.worker(worker).handed_back);
    }
}

/// For a count, a resolution, a plan, a phase, a completion, an acknowledgement or a second hand-back:
///
/// 1. A unit is throttled, and worker 1 hands its job back. The commit succeeds, but its reply is lost.
/// 2. Worker 1 writes under the lease of that job.
#[inline]
pub(super) fn life_17_at_written(job: JobId, fence: Fence, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.job(job).is_some_and(|job| job.handed_back && job.fence == fence) {
        found.violate(Clause::LIFE_17);
    }
}

/// 1. The sweeper finds that no job carries a unit.
/// 2. A late worker, whose job the queue has lost, resolves the unit.
/// 3. The sweeper creates a job for the unit.
///
/// Or:
///
/// 1. The job of a unit waits in the queue, or a worker holds it.
/// 2. The sweeper creates another job for the unit, or for the run.
pub(super) fn life_18_at_job_created(run: RunId, unit: Option<UnitIx>, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.queue_creates_next_job || !ledger.of(run).reference_profile {
        return;
    }
    let orphaned = match unit {
        Some(unit) => {
            ledger.unit(run, unit).is_some_and(|note| note.resolution.is_none()) && !ledger.carried(run, unit)
        }
        None => !ledger.continued(run),
    };
    found.check(Clause::LIFE_18, orphaned && ledger.run(run).completed.is_none());
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::unit::{Resolution, Response};
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{CAPTURE, FIRST, OWN, RUN, SETS, ended, planned, requested};

    let succeeded = Resolution::Succeeded;
    let back = || planned().lease(FIRST, 0).ask(0, 0, Response::Throttled).back(0, 1, 1_000);
    let superseded = || planned().lease(FIRST, 0).at(60_000).lease(FIRST, 1);
    let phase = requested(&[CAPTURE]).lease(OWN, 0).at(60_000).lease(OWN, 1).and(Event::Started {
        run: RUN,
        phase: Some(0),
        lease: Some((JobId(OWN), Fence(1))),
    });
    let late = || ended().lease(FIRST, 1);
    let carried = || requested(&[SETS]).lease(OWN, 0).plan(0).lease(FIRST, 0);
    vec![
        ("life_10_at_end", planned()),
        ("life_11_at_written", superseded().settle(0, 0, succeeded)),
        ("life_11_at_written", superseded().ack(0)),
        ("life_11_at_written", superseded().back(0, 1, 61_000)),
        ("life_11_at_written", phase),
        ("life_13_at_written", late().settle(1, 0, succeeded)),
        ("life_13_at_item_stored", late().and(Event::ItemStored { run: RUN, unit: UnitIx(0) })),
        ("life_13_at_handed_back", late().back(1, 1, 1_000)),
        ("life_13_at_end", late()),
        ("life_17_at_leased", back().at(999).lease(FIRST, 1)),
        ("life_17_at_responded", back().ask(0, 1, Response::Done)),
        ("life_17_at_written", back().settle(0, 0, succeeded)),
        ("life_17_at_written", back().ack(0)),
        ("life_17_at_written", back().back(0, 1, 1_000)),
        ("life_18_at_job_created", carried().and(Event::JobCreated { job: JobId(9), run: RUN, unit: Some(UnitIx(0)) })),
    ]
}
