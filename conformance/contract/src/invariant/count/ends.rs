//! Checks of COUNT on the plan and on the end of a run.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::counts::Key;
use truecount_engine::id::RunId;
use truecount_engine::run::Outcome;
use truecount_sim::trace::{Shown, resolutions_digest};

use crate::clause::Clause;
use crate::invariant::Found;
use crate::ledger::{Ledger, RunNote};
use crate::reference::RunReference;

/// 1. A request names three keys.
/// 2. The planner seals a plan of two units.
pub(super) fn count_02_at_planned(run: RunId, units: u32, digest: u64, ledger: &Ledger<'_>, found: &mut Found) {
    let reference = ledger.of(run);
    found.check(Clause::COUNT_02, units as usize == reference.plan.len() && digest == reference.digest);
}

/// 1. A plan of two units is sealed, and one unit is resolved.
/// 2. The sweeper finds that the run is old and completes it.
pub(super) fn count_07_at_completed(note: &RunNote, found: &mut Found) {
    // The lag is 0, so every unit must be counted by now. `processed` is not compared yet, because only the next
    // observation shows the units that the terminal write itself counts.
    found.check(Clause::COUNT_07, note.planned.is_some_and(|units| [note.counted, note.rows()] == [units; 2]));
}

/// 1. A run has completed without a run-level failure.
/// 2. At the end, a unit has not been counted, or `processed` has changed since the run completed.
pub(super) fn count_07_at_end(note: &RunNote, found: &mut Found) {
    let completed = note.completed.is_some_and(|completed| completed.cause.is_none());
    if completed && note.planned.is_some() {
        found.check(Clause::COUNT_07, once_each(note));
    }
}

/// 1. An empty plan is sealed.
/// 2. The run completes as failed, since nothing has succeeded.
pub(super) fn count_13_at_completed(note: &RunNote, outcome: Option<Outcome>, found: &mut Found) {
    if note.planned == Some(0) {
        found.check(Clause::COUNT_13, outcome == Some(Outcome::Succeeded));
    }
}

/// For an item of a surface, or a view of one run:
///
/// 1. An empty plan is sealed.
/// 2. A view shows the run as counted, 0 of 0.
pub(super) fn count_13_at_shown(run: RunId, shown: Shown, ledger: &Ledger<'_>, found: &mut Found) {
    // A view of one run may name a run that does not exist.
    if ledger.runs.get(run.index()).is_some_and(|note| note.planned == Some(0)) && ledger.counted(run) {
        found.check(Clause::COUNT_13, !matches!(shown, Shown::Counted { .. }));
    }
}

/// Exercised by a run that was observed after it became terminal. If a later observation had shown different counts,
/// `count_14_at_observed` would have reported a violation.
pub(super) fn count_14_at_end(note: &RunNote, found: &mut Found) {
    if note.terminal_counts.is_some() {
        found.exercise(Clause::COUNT_14);
    }
}

/// 1. A unit fails, and the run completes.
/// 2. The terminal write also changes the unit's stored resolution to succeeded.
pub(super) fn count_15_at_units_read(run: RunId, units: u32, digest: u64, ledger: &Ledger<'_>, found: &mut Found) {
    let recorded = ledger.units(run);
    if ledger.run(run).planned.is_some() && !recorded.is_empty() {
        let expected = resolutions_digest(recorded.iter().map(|unit| unit.resolution));
        found.check(Clause::COUNT_15, units as usize == recorded.len() && digest == expected);
    }
}

/// 1. A run adds two policies to a set, and one of the two is already there.
/// 2. Each commit adds 1 to `created`, so the run ends with `created` 2 and one success.
///
/// The reference profile declares the key to which a succeeded unit adds, so the final value of each further key follows
/// from the units.
pub(super) fn count_20_at_end(note: &RunNote, reference: &RunReference, found: &mut Found) {
    if note.completed.is_some() && reference.reference_profile {
        let holds = [Key::Created, Key::Updated, Key::Deleted, Key::Items].into_iter().all(|key| {
            let expected = if reference.tally == Some(key) { u64::from(note.tallies[0]) } else { 0 };
            note.value(key).unwrap_or_default() == expected
        });
        found.check(Clause::COUNT_20, holds);
    }
}

/// Returns whether each planned unit has a ledger row and was counted exactly once.
fn once_each(note: &RunNote) -> bool {
    note.planned.is_some_and(|units| [note.counted, note.rows(), note.counts.processed] == [units; 3])
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_engine::id::{Fence, JobId};
    use truecount_engine::unit::Resolution;
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{
        BEN, FIRST, KEYS, NO_KEYS, OWN, RUN, SNAPSHOT, TENANT, counts, one_left, planned, requested,
    };

    let empty = || requested(&[NO_KEYS]).lease(OWN, 0).seal(0).seen(0, counts(Some(0), Some(0), [0; 3]));
    let three = Event::Planned { run: RUN, units: 3, digest: 0, job: JobId(OWN), fence: Fence(1) };
    let both = || one_left(KEYS).settle(0, 1, Resolution::Succeeded).complete(0, Outcome::Succeeded, None);
    let shown = Shown::Counted { processed: 0, total: 0, percent: 0 };
    let stored = requested(&[SNAPSHOT]).lease(OWN, 0).seal(0).done(0, 0, 1).done(0, 1, 2);
    let three_items = Event::ObservedMore { run: RUN, key: Key::Items as u8, value: 3 };
    vec![
        ("count_02_at_planned", requested(&[KEYS]).lease(OWN, 0).and(three)),
        ("count_07_at_completed", planned().lease(FIRST, 0).complete(0, Outcome::Succeeded, None)),
        ("count_07_at_end", both().ack(0)),
        ("count_13_at_completed", empty().complete(0, Outcome::Failed, None)),
        ("count_13_at_shown", empty().surface(BEN, Some(TENANT)).row_read().shows(shown)),
        ("count_15_at_units_read", both().and(Event::UnitsRead { run: RUN, units: 2, digest: 0 })),
        ("count_20_at_end", stored.complete(0, Outcome::Succeeded, None).and(three_items)),
        ("count_14_at_end", both().seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])).ack(0)),
    ]
}
