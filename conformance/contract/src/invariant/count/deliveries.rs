//! Checks of COUNT on deliveries: the units that must be counted before an acknowledgement, and the units that may stay
//! uncounted.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{JobId, RunId, UnitIx};
use truecount_engine::unit::{Failure, Resolution};

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{Ledger, WorkerNote};

/// Exercised when a delivery that carried an unplanned unit is acknowledged. If the worker had counted the unit,
/// `count_09_at_counted` would have reported a violation.
#[inline]
pub(super) fn count_09_at_acked(job: JobId, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.job(job).is_some_and(|job| ledger.carries_unplanned(job) && ledger.counted(job.run)) {
        found.exercise(Clause::COUNT_09);
    }
}

/// 1. Two runs have a unit with the same key, and the unit of run 1 is resolved.
/// 2. A worker acknowledges the job of run 2 without having requested the unit of run 2.
/// 3. The worker leases its next job. The unit of run 2 is unresolved, and no job carries it.
#[inline]
pub(super) fn count_16_at_leased(worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    count_16(ledger.worker(worker), ledger, found);
}

/// As for `count_16_at_leased`, except that the worker leases no further job.
pub(super) fn count_16_at_end(ledger: &Ledger<'_>, found: &mut Found) {
    for worker in ledger.workers() {
        count_16(worker, ledger, found);
    }
}

/// Checks that the unit that a worker passed over is resolved, or that a job still carries it.
#[inline]
fn count_16(worker: WorkerNote, ledger: &Ledger<'_>, found: &mut Found) {
    // A worker that acknowledges first and works afterwards has made its request by now. A crashed worker may have been
    // about to make its request.
    if let Some((run, unit)) = worker.passed_over
        && worker.asked.is_none()
        && !worker.crashed
        && ledger.counted(run)
        && ledger.run(run).completed.is_none()
    {
        let resolved = ledger.unit(run, unit).is_some_and(|note| note.resolution.is_some());
        found.check(Clause::COUNT_16, resolved || ledger.carried(run, unit));
    }
}

/// 1. A worker receives the definite response for unit A.
/// 2. It requests unit B, of the same run or another run, before A is counted.
#[inline]
pub(super) fn count_18_at_responded(run: RunId, unit: UnitIx, worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    // If the side effect changes rows of the engine, the trace shows the response again in the commit that counts the
    // unit. A second response for the finished unit is therefore not a new request. A response for any other unit is.
    if let Some((finished_run, finished)) = ledger.worker(worker).finished
        && (finished_run, finished) != (run, unit)
    {
        count_18(finished_run, finished, ledger, found);
    }
}

/// 1. A worker finds a unit's object missing, which fails the unit.
/// 2. It acknowledges its delivery without counting the unit.
#[inline]
pub(super) fn count_18_at_acked(worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some((run, unit)) = ledger.worker(worker).finished {
        count_18(run, unit, ledger, found);
    }
}

/// Checks that the unit finished by a worker is counted, by this worker or another one, before the worker continues.
#[inline]
fn count_18(run: RunId, finished: UnitIx, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.counted(run) && ledger.run(run).completed.is_none() {
        let counted = ledger.unit(run, finished).is_none_or(|note| note.resolution.is_some() && note.counted);
        found.check(Clause::COUNT_18, counted);
    }
}

/// 1. A job has been delivered as often as its limit allows, and its last worker crashes.
/// 2. The job is delivered once more.
/// 3. The new worker calls the provider and resolves the unit as succeeded, or fails it for a reason other than
///    `abandoned`.
#[inline]
pub(super) fn count_21_at_resolved(job: JobId, resolution: Resolution, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.job(job).is_some_and(|job| job.dead) {
        found.check(Clause::COUNT_21, resolution == Resolution::Failed(Failure::Abandoned));
    }
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::unit::Response;

    use crate::invariant::tests::tape::{
        FIRST, KEYS, OTHER, OTHER_FIRST, OTHER_KEYS, OWN, SECOND, UNPLANNED, planned, requested,
    };

    let asked = || planned().lease(FIRST, 0).ask(0, 0, Response::Done);
    // Two runs have a unit with the same key. The unit of run 0 is counted, and worker 1 acknowledges the job for the
    // unit of run 1.
    let passed_over = || {
        let both = requested(&[KEYS, OTHER_KEYS]).lease(OWN, 0).plan(0).lease(OTHER, 0).plan(0);
        both.lease(SECOND, 0).done(0, 1, 1).ack(0).lease(OTHER_FIRST, 1).ack(1)
    };
    let dead = planned().lease_beyond_limit(FIRST, 0).ask(0, 0, Response::Done);
    vec![
        ("count_09_at_acked", planned().lease(UNPLANNED, 0).ack(0)),
        ("count_16_at_leased", passed_over().lease(FIRST, 1)),
        ("count_16_at_end", passed_over()),
        ("count_18_at_responded", asked().ask(0, 1, Response::Done)),
        ("count_18_at_acked", asked().ack(0)),
        ("count_21_at_resolved", dead.settle(0, 0, Resolution::Succeeded)),
    ]
}
