//! Checks of COUNT on a single observation of a run.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::run::Status;
use truecount_sim::trace::Seen;

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{Ledger, RunNote};
use crate::reference::RunReference;

/// 1. The planner writes `total` 2 and crashes before it acknowledges.
/// 2. Its job is redelivered, and the second planner adds 2.
/// 3. An observation shows `total` 4.
#[inline]
pub(super) fn count_01_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    if note.total.is_some() {
        check_unless_terminal(Clause::COUNT_01, counts.total() == note.total, note, found);
    }
}

/// 1. A request names three keys, two of them equal, so the plan has two units.
/// 2. `total` is written as 3.
#[inline]
pub(super) fn count_02_at_observed(reference: &RunReference, counts: Seen, found: &mut Found) {
    if let Some(total) = counts.total() {
        found.check(Clause::COUNT_02, total as usize == reference.plan.len());
    }
}

/// 1. The planner creates the jobs before it writes `total`.
/// 2. A worker finishes the first unit.
/// 3. An observation shows `processed` 1 and no `total`.
#[inline]
pub(super) fn count_04_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    if counts.processed > 0 {
        found.check(Clause::COUNT_04, note.planned.is_some() && counts.total().is_some());
    }
}

/// 1. Worker 1 reads the row of the run with `processed` 3.
/// 2. Workers 2 and 3 count one unit each, so `processed` is 5.
/// 3. Worker 1 saves the whole row with its own unit added, so `processed` is 4. Or it saves a row without `processed`.
#[inline]
pub(super) fn count_05_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    let from_none = counts.processed == 0 || note.counted > 0 || note.rows() > 0;
    let onward = note.counts.processed().is_none_or(|before| counts.processed().is_some_and(|now| now >= before));
    check_unless_terminal(Clause::COUNT_05, from_none && onward, note, found);
}

/// Checks a clause on how counts develop. If the run is already terminal, a violation is a symptom of COUNT-14.
#[inline]
fn check_unless_terminal(clause: Clause, holds: bool, note: &RunNote, found: &mut Found) {
    if note.terminal_counts.is_some() {
        found.check_symptom(clause, holds);
    } else {
        found.check(clause, holds);
    }
}

/// 1. A worker resolves a unit as failed. No other unit has a definite response.
/// 2. Its commit adds 1 for the unit and 1 for the failure, so `processed` is 2.
#[inline]
pub(super) fn count_06_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    if let Some(rise) = counts.processed.checked_sub(note.counts.processed).filter(|rise| *rise > 0) {
        found.check_symptom(Clause::COUNT_06, counts.processed <= note.upper_bound);
        // More was added than units were counted.
        if counts.processed > note.upper_bound && note.counted_since > 0 && rise > note.counted_since {
            found.violate(Clause::COUNT_06);
        }
    }
}

/// 1. A plan of three units is sealed, and a worker counts all three.
/// 2. An object turns out to be missing, and the engine lowers `total` to 2.
#[inline]
pub(super) fn count_08_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    if let (Some(total), Some(processed)) = (counts.total(), counts.processed()) {
        check_unless_terminal(Clause::COUNT_08, processed <= total, note, found);
    }
}

/// 1. A worker resolves a unit as failed.
/// 2. Its commit adds 1 to `succeeded`.
/// 3. The terminal observation shows one success too many.
#[inline]
pub(super) fn count_10_at_observed(note: &RunNote, counts: Seen, status: Status, found: &mut Found) {
    let outcomes = u64::from(counts.succeeded) + u64::from(counts.skipped) + u64::from(counts.failed);
    if let Some(processed) = counts.processed() {
        check_unless_terminal(Clause::COUNT_10, outcomes <= u64::from(processed), note, found);
    }
    if status == Status::Completed {
        let as_resolved = [counts.succeeded, counts.skipped, counts.failed] == note.tallies;
        check_unless_terminal(Clause::COUNT_10, as_resolved, note, found);
    }
}

/// 1. Workers 1 and 2 both read `processed` 3.
/// 2. Worker 1 writes its row and `processed` 4.
/// 3. Worker 2 writes its row and `processed` 4, so there are five rows but a count of four.
#[inline]
pub(super) fn count_11_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    // With a lag of 0, `processed` must equal the number of rows. The clause does not apply to an observation without
    // `processed`.
    if let Some(processed) = counts.processed() {
        found.check_symptom(Clause::COUNT_11, processed == note.rows());
    }
}

/// 1. A unit is throttled, and its attempt is counted.
/// 2. An observation includes the unit in `processed`, although the unit has no resolution.
#[inline]
pub(super) fn count_12_at_observed(counted_in_commit: Option<(RunId, UnitIx)>, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some((run, unit)) = counted_in_commit
        && let Some(unit) = ledger.unit(run, unit)
        && unit.attempts_lost > 0
    {
        found.check(Clause::COUNT_12, unit.resolution.is_some() || !unit.retryable);
    }
}

/// 1. An empty plan is sealed, and the planner omits `total`.
#[inline]
pub(super) fn count_13_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    if note.planned == Some(0) {
        found.check(Clause::COUNT_13, (counts.total(), counts.processed()) == (Some(0), Some(0)));
    }
}

/// 1. A run completes.
/// 2. Worker 2 acknowledges a late delivery for the run, and its commit adds 1 to `processed`.
#[inline]
pub(super) fn count_14_at_observed(note: &RunNote, counts: Seen, found: &mut Found) {
    if let Some(terminal) = note.terminal_counts {
        found.check(Clause::COUNT_14, counts == terminal);
    }
}

/// 1. An add completes with `created` 3.
/// 2. The retention job prunes its rows and subtracts the units that it removed, so `created` is 0.
pub(super) fn count_14_at_observed_more(note: &RunNote, key: u8, value: u64, found: &mut Found) {
    let terminal = note.other_values.get(usize::from(key)).copied().flatten().filter(|_| note.observed_again);
    if let Some(terminal) = terminal {
        found.check(Clause::COUNT_14, value == terminal);
    }
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::counts::Key;
    use truecount_engine::id::{Fence, JobId};
    use truecount_engine::unit::Response;
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{FIRST, KEYS, NO_KEYS, OWN, RUN, Tape, counts, ended, planned, requested};

    let seen = |tape: Tape, total, processed, outcomes| tape.seen(0, counts(total, processed, outcomes));
    let sealed = || requested(&[KEYS]).lease(OWN, 0).seal(0);
    let counted = || planned().lease(FIRST, 0).done(0, 0, 1);
    let retried = planned().lease(FIRST, 0).ask(0, 0, Response::Throttled);
    let (run, unit, job, fence) = (RUN, UnitIx(0), JobId(FIRST), Fence(1));
    let booked = retried.and(Event::Counted { run, unit, job, fence, worker: 0 });
    let both = counts(Some(2), Some(2), [2, 0, 0]);
    let items = |value| Event::ObservedMore { run: RUN, key: Key::Items as u8, value };
    let created = |value| ended().and(items(value));
    vec![
        ("count_01_at_observed", seen(planned(), Some(4), Some(0), [0; 3])),
        ("count_02_at_observed", seen(sealed(), Some(3), Some(0), [0; 3])),
        ("count_04_at_observed", seen(requested(&[KEYS]), None, Some(1), [1, 0, 0])),
        ("count_05_at_observed", seen(counted(), Some(2), Some(0), [0; 3])),
        ("count_06_at_observed", seen(counted(), Some(2), Some(2), [2, 0, 0])),
        ("count_08_at_observed", seen(counted(), Some(2), Some(3), [3, 0, 0])),
        ("count_10_at_observed", seen(counted(), Some(2), Some(1), [1, 1, 0])),
        ("count_11_at_observed", seen(planned(), Some(2), Some(1), [1, 0, 0])),
        ("count_12_at_observed", seen(booked, Some(2), Some(1), [0; 3])),
        ("count_13_at_observed", seen(requested(&[NO_KEYS]).lease(OWN, 0).seal(0), None, None, [0; 3])),
        ("count_14_at_observed_more", created(3).seen_at_end(0, both).and(items(0))),
        ("count_14_at_observed", ended().seen_at_end(0, counts(Some(2), Some(2), [1, 0, 1]))),
    ]
}
