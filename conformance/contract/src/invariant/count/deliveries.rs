//! Checks of COUNT on deliveries: the units that must be counted before an acknowledgement, and the units that may stay
//! uncounted.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{JobId, RunId, UnitIx};
use truecount_engine::unit::{Failure, Resolution};

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::Ledger;

/// Exercised when a delivery that carried an unplanned unit is acknowledged. If the worker had counted the unit,
/// `count_09_at_counted` would have reported a violation.
#[inline]
pub(super) fn count_09_at_acked(job: JobId, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.job(job).is_some_and(|job| ledger.carries_unplanned(job) && ledger.counted(job.run)) {
        found.exercise(Clause::COUNT_09);
    }
}

/// 1. Two runs have a unit with the same key, and the unit of run 1 is resolved.
/// 2. A worker leases the job of run 2, and reads the row of the unit in run 1.
/// 3. The worker acknowledges the job without having requested the unit of run 2, which no other job carries.
///
/// Without the second step, nothing shows that the other run is the reason.
#[inline]
pub(super) fn count_16_at_acked(job: JobId, worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some((run, unit)) = ledger.worker(worker).looked_up
        && ledger.counted(run)
        && ledger.run(run).completed.is_none()
    {
        let resolved = ledger.unit(run, unit).is_none_or(|note| note.resolution.is_some());
        found.check(Clause::COUNT_16, resolved || ledger.carried_beside(run, unit, Some(job)));
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

/// 1. A worker finds a unit's object missing, or receives a retryable response to the last attempt, which fails the unit.
/// 2. It acknowledges its delivery without counting the unit.
#[inline]
pub(super) fn count_18_at_acked(worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some((run, unit)) = ledger.worker(worker).finished {
        count_18(run, unit, ledger, found);
    }
}

/// 1. A worker leases a job beyond its delivery limit.
/// 2. It acknowledges the job and leases another, but has not resolved what the first job carries.
///
/// A worker that acknowledges first and works afterwards has resolved its units by then.
#[inline]
pub(super) fn count_18_at_leased(worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    given_up(worker, ledger, found);
}

/// As for `count_18_at_leased`, except that the worker leases no further job.
pub(super) fn count_18_at_end(ledger: &Ledger<'_>, found: &mut Found) {
    for (worker, _) in (0..).zip(ledger.workers()) {
        given_up(worker, ledger, found);
    }
}

/// Checks that a worker has counted what it has given up at the delivery limit. A crashed worker may have been about to
/// do so, and a worker whose job was leased again may no longer do so.
#[inline]
fn given_up(worker: u16, ledger: &Ledger<'_>, found: &mut Found) {
    let state = ledger.worker(worker);
    let Some(job) = state.gives_up.and_then(|job| ledger.job(job)) else { return };
    let note = ledger.run(job.run);
    let gave_up = job.acked && job.worker == worker && !state.crashed;
    if !gave_up || note.completed.is_some() || !ledger.counted(job.run) {
        return;
    }
    match job.unit {
        Some(unit) => count_18(job.run, unit, ledger, found),
        // Each unit has a job of its own.
        None if ledger.of(job.run).fan_out => {}
        None => found.check(Clause::COUNT_18, note.planned == Some(note.rows())),
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
    let looked_up = {
        let both = requested(&[KEYS, OTHER_KEYS]).lease(OWN, 0).plan(0).lease(OTHER, 0).plan(0);
        both.lease(SECOND, 0).done(0, 1, 1).ack(0).lease(OTHER_FIRST, 1).looks_up(1).ack(1)
    };
    let given_up = || planned().lease_beyond_limit(FIRST, 0).ack(0);
    let dead = planned().lease_beyond_limit(FIRST, 0).ask(0, 0, Response::Done);
    vec![
        ("count_09_at_acked", planned().lease(UNPLANNED, 0).ack(0)),
        ("count_16_at_acked", looked_up),
        ("count_18_at_responded", asked().ask(0, 1, Response::Done)),
        ("count_18_at_acked", asked().ack(0)),
        ("count_18_at_leased", given_up().lease(SECOND, 0)),
        ("count_18_at_end", given_up()),
        ("count_21_at_resolved", dead.settle(0, 0, Resolution::Succeeded)),
    ]
}
