//! Checks of LIFE on the values that the row and the views of a run show.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{ActorId, RunId};
use truecount_engine::mode::Mode;
use truecount_engine::run::{Outcome, Status};
use truecount_engine::unit::Failure;
use truecount_sim::trace::{Seen, Shown};

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{Ledger, RunNote};

/// 1. A run is running, and a unit is throttled.
/// 2. The retry sets the run back to queued.
#[inline]
pub(super) fn life_01_at_observed(note: &RunNote, status: Status, found: &mut Found) {
    let Some(before) = note.status else { return };
    let moves = match (before, status) {
        (Status::Queued, Status::Completed) => note.completed.is_some_and(|completed| completed.cause.is_some()),
        (Status::Completed, after) => after == Status::Completed,
        (before, after) => before <= after,
    };
    found.check(Clause::LIFE_01, moves);
}

/// 1. A run has counted 3 of 3 units, one of them as failed.
/// 2. The terminal write merges the final result, in which `processed` is 2.
#[inline]
pub(super) fn life_08_at_observed(note: &RunNote, status: Status, counts: Seen, found: &mut Found) {
    if status == Status::Completed && note.terminal_counts.is_none() {
        found.check(Clause::LIFE_08, preserves(note, counts));
    }
}

/// Returns whether a terminal write shows the previous counts, plus only what its own commit plans and counts.
fn preserves(note: &RunNote, counts: Seen) -> bool {
    let (before, now) = ((note.counts.total(), note.counts.processed()), (counts.total(), counts.processed()));
    let plans = before.0.is_none() && now.0.is_some() && now.0 == note.planned;
    let total = plans || now.0 == before.0;
    let processed = match now.1 {
        None => before.1.is_none() && note.counted_since == 0,
        Some(processed) => {
            let shows = before.1.is_some() || note.counted_since > 0 || plans;
            shows && processed == before.1.unwrap_or(0) + note.counted_since
        }
    };
    total && processed
}

/// 1. A run has counted 1 of 3 units and fails as a whole.
/// 2. Its terminal write raises `processed` to 3, or beyond `total`.
#[inline]
pub(super) fn life_09_at_observed(note: &RunNote, status: Status, counts: Seen, found: &mut Found) {
    if status == Status::Completed && note.completed.is_some_and(|completed| completed.cause.is_some()) {
        let within_total = counts.total().is_none_or(|total| counts.processed <= total);
        found.check(Clause::LIFE_09, within_total && counts.processed <= note.rows());
    }
}

/// 1. A run fails.
/// 2. A view begins, and shows the run as still in progress at its last count.
pub(super) fn life_09_at_shown(run: RunId, shown: Shown, began: u64, ledger: &Ledger<'_>, found: &mut Found) {
    // A view of one run may name a run that does not exist.
    let Some(completed) = ledger.runs.get(run.index()).and_then(|note| note.completed) else { return };
    if completed.outcome == Some(Outcome::Failed) && completed.at < began {
        found.check(Clause::LIFE_09, matches!(shown, Shown::Terminal(_) | Shown::None));
    }
}

/// 1. The planner writes `total` and crashes.
/// 2. An observation shows `total` before the plan is durable, or the plan without `total`.
#[inline]
pub(super) fn life_10_at_observed(run: RunId, counts: Seen, ledger: &Ledger<'_>, found: &mut Found) {
    let (planned, total) = (ledger.run(run).planned.is_some(), counts.total().is_some());
    if ledger.of(run).mode == Mode::Counted && (planned || total) {
        found.check(Clause::LIFE_10, planned && total);
    }
}

/// 1. The provider rejects a unit.
/// 2. The failure record names the actor that started the run.
pub(super) fn life_12_at_failure_recorded(reason: Failure, names: Option<ActorId>, found: &mut Found) {
    let known = matches!(
        reason,
        Failure::NotFound | Failure::Forbidden | Failure::Rejected | Failure::RetriesExhausted | Failure::Abandoned
    );
    found.check(Clause::LIFE_12, known && names.is_none());
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::id::UnitIx;
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{ADA, BEN, KEYS, OWN, RUN, TENANT, counts, ended, failed, planned, requested};

    let none = || counts(None, None, [0; 3]);
    let shown = Shown::Counted { processed: 1, total: 2, percent: 50 };
    let record = Event::FailureRecorded { run: RUN, unit: UnitIx(0), reason: Failure::Rejected, names: Some(ADA) };
    vec![
        ("life_01_at_observed", ended().seen(0, counts(Some(2), Some(2), [2, 0, 0]))),
        ("life_08_at_observed", failed(KEYS).seen_at_end(0, counts(Some(2), None, [0; 3]))),
        ("life_09_at_observed", failed(KEYS).seen_at_end(0, counts(None, Some(1), [0; 3]))),
        ("life_09_at_shown", failed(KEYS).seen_at_end(0, none()).surface(BEN, Some(TENANT)).row_read().shows(shown)),
        ("life_10_at_observed", requested(&[KEYS]).lease(OWN, 0).seen(0, counts(Some(2), Some(0), [0; 3]))),
        ("life_12_at_failure_recorded", planned().and(record)),
    ]
}
