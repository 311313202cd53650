//! Checks of COUNT on a unit: its attempts, side effect, resolution and count.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::unit::{Failure, Resolution, Response};
use truecount_sim::trace::Weight;

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{JobNote, Ledger, UnitNote};

/// 1. Worker 1 counts a unit and crashes before it acknowledges.
/// 2. Its job is redelivered to worker 2.
/// 3. Worker 2 counts the unit again.
#[inline]
pub(super) fn count_06_at_counted(unit: Option<&UnitNote>, found: &mut Found) {
    if let Some(unit) = unit {
        found.check(Clause::COUNT_06, !unit.counted);
    }
}

/// 1. A plan is sealed without object X.
/// 2. The queue delivers a job for X to a worker.
/// 3. The worker counts X, or it counts a planned unit under the job for X.
#[inline]
pub(super) fn count_09_at_counted(
    unit: Option<&UnitNote>,
    job: Option<&JobNote>,
    ledger: &Ledger<'_>,
    found: &mut Found,
) {
    // The plan is the contract's plan for this input, whether or not the engine has sealed a plan.
    if unit.is_none() || job.is_some_and(|job| ledger.carries_unplanned(job)) {
        found.violate(Clause::COUNT_09);
    }
}

/// 1. A commit resolves a unit as succeeded.
/// 2. The unit's side effect has not been performed.
#[inline]
pub(super) fn count_11_at_resolved(unit: &UnitNote, resolution: Resolution, found: &mut Found) {
    if resolution == Resolution::Succeeded {
        found.check(Clause::COUNT_11, unit.effect);
    }
}

/// 1. Worker 1 resolves a unit as succeeded and crashes before it acknowledges.
/// 2. The object is archived.
/// 3. Worker 2 takes the job and resolves the unit as skipped.
#[inline]
pub(super) fn count_15_at_resolved(unit: &UnitNote, found: &mut Found) {
    found.check(Clause::COUNT_15, unit.resolution.is_none());
}

/// 1. Two runs each have a unit for the same object.
/// 2. A worker holds the job of run 1, and its commit counts the unit of run 2.
#[inline]
pub(super) fn count_16_at_counted(run: RunId, job: Option<&JobNote>, found: &mut Found) {
    if let Some(job) = job {
        found.check(Clause::COUNT_16, job.run == run);
    }
}

/// 1. The provider rejects a unit in every attempt.
/// 2. A worker resolves the unit as succeeded, or as `retries_exhausted` after the first attempt.
#[inline]
pub(super) fn count_17_at_resolved(
    run: RunId,
    unit: UnitIx,
    note: &UnitNote,
    resolution: Resolution,
    ledger: &Ledger<'_>,
    found: &mut Found,
) {
    let holds = match resolution {
        Resolution::Failed(Failure::RetriesExhausted) => note.attempts_lost >= ledger.of(run).policy.attempt_limit,
        Resolution::Failed(Failure::Abandoned) => note.given_up,
        _ => ledger.could_respond(run, unit, |response| resolves(response, resolution, ledger)),
    };
    found.check(Clause::COUNT_17, holds);
}

/// 1. Worker 1 performs a unit's side effect outside the engine and crashes before it counts.
/// 2. Worker 2 takes the job and sends the request again under the same key.
/// 3. The side effect is performed again.
#[inline]
pub(super) fn count_19_at_effect_done(run: RunId, unit: UnitIx, ledger: &Ledger<'_>, found: &mut Found) {
    // A first side effect does not exercise the clause. A repeated request does (`count_19_at_responded`).
    if ledger.unit(run, unit).is_some_and(|note| note.effect) {
        found.violate(Clause::COUNT_19);
    }
}

/// Exercised by a second request for a side effect that was already performed. If the provider had not recognised the
/// key, it would have performed the side effect again. `count_19_at_effect_done` would then have reported a violation.
#[inline]
pub(super) fn count_19_at_responded(run: RunId, unit: UnitIx, weight: Weight, ledger: &Ledger<'_>, found: &mut Found) {
    if weight == Weight::Definite && ledger.unit(run, unit).is_some_and(|note| note.effect) {
        found.exercise(Clause::COUNT_19);
    }
}

/// 1. Worker 1 receives "done" for a unit and crashes before it counts.
/// 2. The object is archived.
/// 3. Worker 2 sends the request again, receives "already archived", and resolves the unit accordingly.
#[inline]
pub(super) fn count_20_at_resolved(unit: &UnitNote, resolution: Resolution, ledger: &Ledger<'_>, found: &mut Found) {
    let by_limit = matches!(resolution, Resolution::Failed(Failure::RetriesExhausted | Failure::Abandoned));
    if let Some(first) = unit.first_definite
        && !by_limit
    {
        found.check(Clause::COUNT_20, resolves(first, resolution, ledger));
    }
}

/// 1. The attempt limit is 3, and three attempts at a unit are throttled.
/// 2. A worker makes a fourth attempt, whatever its number.
///
/// Or:
///
/// 1. Worker 1 makes the first attempt at a unit and crashes before it counts.
/// 2. Worker 2 repeats the try as attempt 2.
#[inline]
pub(super) fn count_21_at_responded(run: RunId, unit: UnitIx, attempt: u8, ledger: &Ledger<'_>, found: &mut Found) {
    count_21(attempt, ledger.unit(run, unit).map_or(1, UnitNote::attempt), run, ledger, found);
}

/// 1. The attempt limit is 3, and three attempts at planning are throttled.
/// 2. A worker makes a fourth attempt.
pub(super) fn count_21_at_plan_responded(run: RunId, attempt: u8, ledger: &Ledger<'_>, found: &mut Found) {
    count_21(attempt, ledger.run(run).attempt(), run, ledger, found);
}

/// For an attempt to write or to rename the file of an artifact:
///
/// 1. The attempt limit is 3, and three attempts at publishing fail.
/// 2. A worker makes a fourth attempt.
pub(super) fn count_21_at_staged(run: RunId, attempt: u8, ledger: &Ledger<'_>, found: &mut Found) {
    count_21(attempt, ledger.run(run).attempt(), run, ledger, found);
}

/// Checks the stated number of an attempt against the number of the current attempt, which only a hand-back raises. A
/// late worker may still repeat an attempt that another worker has handed back.
#[inline]
fn count_21(stated: u8, current: u8, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::COUNT_21, stated <= current && current <= ledger.of(run).policy.attempt_limit);
}

/// Returns whether a response leads to a resolution.
fn resolves(response: Response, resolution: Resolution, ledger: &Ledger<'_>) -> bool {
    ledger.reference.resolutions.of(response) == Some(resolution)
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::id::{Fence, JobId};
    use truecount_sim::fault::Fault;
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{
        FIRST, KEYS, OTHER, OTHER_KEYS, OWN, RUN, Tape, UNPLANNED, packed, planned, requested,
    };

    let succeeded = Resolution::Succeeded;
    let first = || planned().lease(FIRST, 0);
    let done = || first().ask(0, 0, Response::Done);
    let throttled = Response::Throttled;
    let unplanned =
        |tape: Tape| tape.and(Event::PlanResponded { run: RUN, phase: None, attempt: 1, response: throttled });
    let unstaged = |tape: Tape| tape.and(Event::Staged { run: RUN, attempt: 1, response: throttled });
    let foreign = requested(&[KEYS, OTHER_KEYS])
        .lease(OWN, 0)
        .plan(0)
        .lease(OTHER, 0)
        .plan(0)
        .lease(FIRST, 0)
        .and(Event::Counted { run: RunId(1), unit: UnitIx(0), job: JobId(FIRST), fence: Fence(1), worker: 0 });
    let again = Event::EffectDone { run: RUN, unit: UnitIx(0), worker: 0 };
    vec![
        ("count_06_at_counted", done().settle(0, 0, succeeded).settle(0, 0, succeeded)),
        ("count_09_at_counted", planned().lease(UNPLANNED, 0).settle(0, 7, succeeded)),
        ("count_11_at_resolved", first().settle(0, 0, succeeded)),
        ("count_15_at_resolved", done().settle(0, 0, succeeded).resolve(0, 0, succeeded)),
        ("count_16_at_counted", foreign),
        (
            "count_17_at_resolved",
            first().ask(0, 0, Response::Throttled).settle(0, 0, Resolution::Failed(Failure::RetriesExhausted)),
        ),
        ("count_19_at_effect_done", done().and(again)),
        ("count_19_at_responded", done().injected(Fault::CrashBefore, 0).lease(FIRST, 1).repeated(1, 0)),
        ("count_20_at_resolved", done().settle(0, 0, Resolution::Failed(Failure::NotFound))),
        ("count_21_at_responded", first().attempt(0, 0, 2, Response::Throttled)),
        ("count_21_at_responded", first().attempts_beyond_limit(0, |tape| tape.ask(0, 0, Response::Throttled))),
        ("count_21_at_plan_responded", requested(&[KEYS]).lease(OWN, 0).attempts_beyond_limit(0, unplanned)),
        ("count_21_at_staged", packed().attempts_beyond_limit(0, unstaged)),
    ]
}
