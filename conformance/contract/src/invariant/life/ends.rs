//! How and when a run may end, and how long its rows are kept.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::RunId;
use truecount_engine::mode::Mode;
use truecount_engine::run::{Cause, Outcome};
use truecount_sim::simulate::Ended;

use crate::clause::Clause;
use crate::contract::outcome;
use crate::invariant::Found;
use crate::ledger::{Ledger, RunNote};

/// 1. Workers 1 and 2 count the last two units, and both find that all units are resolved.
/// 2. Worker 1 completes the run.
/// 3. Worker 2 completes it again.
pub(super) fn life_02_at_completed(note: &RunNote, found: &mut Found) {
    found.check(Clause::LIFE_02, note.completed.is_none());
}

/// 1. A run completes as failed.
/// 2. Its rows are pruned, and its stored outcome is computed again from the rows that are left: succeeded.
pub(super) fn life_02_at_outcome_read(note: &RunNote, outcome: Option<Outcome>, found: &mut Found) {
    if let Some(completed) = note.completed {
        found.check(Clause::LIFE_02, outcome == completed.outcome);
    }
}

/// 1. One of two units has failed.
/// 2. The run completes as succeeded.
pub(super) fn life_04_at_completed(note: &RunNote, ended: Option<Outcome>, cause: Option<Cause>, found: &mut Found) {
    found.check(Clause::LIFE_04, ended == Some(outcome(cause.is_some(), note.tallies.map(u64::from))));
}

/// 1. A plan of three units is sealed, and two units are resolved.
/// 2. A worker compares `processed` + 1 with `total` and completes the run.
///
/// Or:
///
/// 1. A phased run enters its last phase, and the worker crashes before the phase is done.
/// 2. The sweeper finds the run in its last phase and completes it.
pub(super) fn life_05_at_completed(run: RunId, cause: Option<Cause>, ledger: &Ledger<'_>, found: &mut Found) {
    let (note, reference) = (ledger.run(run), ledger.of(run));
    if cause.is_some() {
        return;
    }
    let done = if reference.mode == Mode::Phased {
        note.phases.all_done(reference.phases)
    } else {
        note.planned.is_some_and(|units| note.rows() == units)
    };
    found.check(Clause::LIFE_05, done);
}

/// 1. No worker crashes or stalls, no job is lost, and no clock jumps.
/// 2. A worker acknowledges a job before doing its work, and is throttled.
/// 3. The run waits for the sweeper, so it takes longer than the back-offs of its retries.
pub(super) fn life_07_at_completed(run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    let note = ledger.run(run);
    if ledger.of(run).prompt && !ledger.delayed_by_fault {
        found.check(Clause::LIFE_07, ledger.now.since(note.enqueued_at).0 <= note.waited_ms);
    }
}

/// 1. An empty plan is sealed.
/// 2. No unit is counted, so nothing ever completes the run.
///
/// A simulation that does not converge also violates the clause.
pub(super) fn life_07_at_end(ended: Ended, ledger: &Ledger<'_>, found: &mut Found) {
    let converged = ended != Ended::NotConverged;
    // If a run never ends although it has a job, orphans and unacknowledged jobs may be consequences.
    let endless = |(run, note): (RunId, &RunNote)| note.completed.is_none() && ledger.continued(run);
    if !converged && ledger.numbered().any(endless) {
        found.violate(Clause::LIFE_07);
    }
    found.check_symptom(Clause::LIFE_07, converged);
    for (run, note) in ledger.numbered() {
        let bound_ms = ledger.of(run).bound_ms;
        let in_time = note.completed.is_some_and(|completed| {
            // If the simulation converged before faults stopped, the bound does not apply.
            ledger.healed.is_none_or(|healed| completed.when.since(healed.max(note.enqueued_at)).0 <= bound_ms)
        });
        found.check_symptom(Clause::LIFE_07, in_time);
    }
}

/// 1. A run is still active.
/// 2. The retention job finds that the run's rows are old and prunes them.
pub(super) fn life_14_at_pruned(run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    found.check(Clause::LIFE_14, ledger.run(run).completed.is_some());
}

/// Exercised by a run that lasts longer than the declared retention of rows. If its rows had been pruned meanwhile,
/// `life_14_at_pruned` would have recorded a violation.
pub(super) fn life_14_at_end(run: RunId, note: &RunNote, ledger: &Ledger<'_>, found: &mut Found) {
    let lasted = note.completed.map(|completed| completed.when.since(note.enqueued_at).0);
    if lasted.is_some_and(|lasted| lasted > ledger.of(run).retention_ms) {
        found.exercise(Clause::LIFE_14);
    }
}

/// 1. A worker counts the last unit and crashes before it completes the run.
/// 2. Faults stop, and no other actor completes the run.
pub(super) fn life_15_at_end(note: &RunNote, found: &mut Found) {
    // An empty plan has no last unit.
    if note.planned.is_some_and(|units| units > 0 && note.rows() >= units) {
        found.check(Clause::LIFE_15, note.completed.is_some());
    }
}

/// 1. The attempt limit is 3, and planning is throttled once.
/// 2. The run fails with the cause `planning_failed`.
pub(super) fn life_16_at_completed(run: RunId, cause: Option<Cause>, ledger: &Ledger<'_>, found: &mut Found) {
    let (note, reference) = (ledger.run(run), ledger.of(run));
    let shown = match cause {
        None => return,
        Some(Cause::PlanningFailed) => {
            note.planned.is_none() && note.plan_attempts_lost >= reference.policy.attempt_limit
        }
        Some(Cause::PlannerLost) => note.planned.is_none() && note.planner_lost,
        Some(Cause::PublishingFailed) => {
            let resolved = note.planned.is_some_and(|units| note.rows() == units);
            let lost = note.publish_attempts_lost >= reference.policy.attempt_limit || note.planner_lost;
            reference.publishes && resolved && lost
        }
        Some(Cause::FailFast) => reference.fail_fast && note.tallies[2] > 0,
    };
    found.check(Clause::LIFE_16, shown);
}

/// 1. A run fails because its planning job was lost.
/// 2. Its rows are pruned, and its stored cause becomes `planning_failed`.
pub(super) fn life_16_at_outcome_read(note: &RunNote, cause: Option<Cause>, found: &mut Found) {
    let recorded = note.completed.and_then(|completed| completed.cause);
    if note.completed.is_some() && (recorded.is_some() || cause.is_some()) {
        found.check(Clause::LIFE_16, cause == recorded);
    }
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::unit::Resolution;
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{KEYS, OWN, RUN, SETS, ended, failed, one_left, phases, requested};

    let succeeded = Resolution::Succeeded;
    let both = || one_left(KEYS).settle(0, 1, succeeded);
    let after = |ms| one_left(SETS).settle(0, 1, succeeded).at(ms).complete(0, Outcome::Succeeded, None);
    let read = |outcome, cause| Event::OutcomeRead { run: RUN, outcome: Some(outcome), cause };
    let queued = || requested(&[KEYS]).lease(OWN, 0);
    vec![
        ("life_02_at_completed", ended().complete(0, Outcome::Succeeded, None)),
        ("life_02_at_outcome_read", ended().and(read(Outcome::Failed, None))),
        ("life_04_at_completed", both().complete(0, Outcome::Failed, None)),
        ("life_05_at_completed", one_left(KEYS).complete(0, Outcome::Succeeded, None)),
        ("life_05_at_completed", phases(&[0, 1]).phase(2).complete(0, Outcome::Succeeded, None)),
        ("life_07_at_completed", after(1)),
        ("life_07_at_end", queued()),
        ("life_14_at_pruned", queued().and(Event::Pruned { run: RUN })),
        ("life_14_at_end", both().at(u64::from(u32::MAX)).complete(0, Outcome::Succeeded, None)),
        ("life_15_at_end", both()),
        ("life_16_at_outcome_read", failed(KEYS).and(read(Outcome::Failed, Some(Cause::PlanningFailed)))),
        ("life_16_at_completed", queued().complete(0, Outcome::Failed, Some(Cause::PlanningFailed))),
    ]
}
