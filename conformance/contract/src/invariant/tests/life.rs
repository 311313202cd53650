//! LIFE: deliveries, leases, repairs and the terminal write.

use truecount_engine::id::{JobId, RequestId, RunId, UnitIx};
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::Resolution::Succeeded;
use truecount_engine::unit::Response::{Done, Throttled};
use truecount_sim::fault::Fault::{LostJob, Redeliver};
use truecount_sim::trace::Event;

use super::tape::{
    DELETED, FIRST, KEYS, NO_KEYS, OWN, SECOND, SETS, Tape, counts, ended, one_left, phases, planned, requested,
};
use super::{holds, violates};
use crate::clause::Clause;

#[test]
fn life_08_lets_the_terminal_write_count_the_last_unit() {
    for request in [KEYS, DELETED] {
        let ended = || one_left(request).settle(0, 1, Succeeded).complete(0, Outcome::Succeeded, None);
        holds(ended().seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])));
        for processed in [None, Some(1), Some(3)] {
            violates(Clause::LIFE_08, ended().seen_at_end(0, counts(Some(2), processed, [2, 0, 0])));
        }
        violates(Clause::LIFE_08, ended().seen_at_end(0, counts(Some(3), Some(2), [2, 0, 0])));
    }
}

#[test]
fn life_08_forbids_invented_counts_in_the_terminal_write() {
    let both = || one_left(DELETED).settle(0, 1, Succeeded).seen(0, counts(Some(2), Some(2), [2, 0, 0]));
    let ended = || both().complete(0, Outcome::Succeeded, None);
    holds(ended().seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])));
    violates(Clause::LIFE_08, ended().seen_at_end(0, counts(Some(2), Some(3), [2, 0, 0])));
    let unplanned = |shown| {
        let tape = requested(&[DELETED]).lease_beyond_limit(OWN, 0);
        let failed = tape.complete(0, Outcome::Failed, Some(Cause::PlannerLost)).seen_at_end(0, shown);
        failed.violated().contains(Clause::LIFE_08)
    };
    assert!(!unplanned(counts(None, None, [0; 3])));
    assert!(unplanned(counts(None, Some(0), [0; 3])));
    assert!(unplanned(counts(Some(2), None, [0; 3])));
}

#[test]
fn life_13_applies_only_to_deliveries_after_the_end() {
    holds(ended().lease(FIRST, 1).ack(1).end());
    violates(Clause::LIFE_13, ended().lease(FIRST, 1).end());
    violates(Clause::LIFE_13, ended().lease(FIRST, 1).back(1, 1, 1_000));
    // Worker 1 held a copy of the job when the run ended, and never acknowledged it.
    let held = one_left(KEYS).injected(Redeliver, SECOND).lease(SECOND, 1);
    let last = held.settle(1, 1, Succeeded).complete(1, Outcome::Succeeded, None);
    holds(last.seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])).end());
}

#[test]
fn life_13_forbids_storing_an_item_in_a_late_delivery() {
    violates(Clause::LIFE_13, ended().lease(FIRST, 1).and(Event::ItemStored { run: RunId(0), unit: UnitIx(0) }));
}

/// A throttled unit whose job is handed back. `attempt` and `until` are the values that the engine states.
fn back(attempt: u8, until: u64) -> Tape {
    planned().lease(FIRST, 0).ask(0, 0, Throttled).back(0, attempt, until)
}

#[test]
fn life_17_uses_the_declared_back_off_not_the_stated_one() {
    holds(back(1, 1_000).at(1_000).lease(FIRST, 1));
    // A stated back-off that is too short is harmless if the job is delivered after the declared back-off. A job that
    // is delivered too early violates the clause, even if the stated back-off is correct.
    holds(back(1, 0).at(1_000).lease(FIRST, 1));
    violates(Clause::LIFE_17, back(1, 1_000).at(999).lease(FIRST, 1));
    violates(Clause::LIFE_17, back(1, 5_000).lease(FIRST, 1));
    holds(back(1, 1_000).injected(Redeliver, FIRST).lease(FIRST, 1));
}

#[test]
fn life_17_doubles_the_back_off_with_each_attempt() {
    let second = |said| back(1, 1_000).at(1_000).lease(FIRST, 1).attempt(1, 0, 2, Throttled).back(1, said, 2_000);
    holds(second(2).at(3_000).lease(FIRST, 0));
    violates(Clause::LIFE_17, second(1).at(2_000).lease(FIRST, 0));
    violates(Clause::LIFE_17, second(1).at(2_999).lease(FIRST, 0));
}

#[test]
fn life_17_forbids_work_on_a_job_that_was_handed_back() {
    violates(Clause::LIFE_17, back(1, 1_000).ask(0, 0, Done));
    violates(Clause::LIFE_17, back(1, 1_000).ask(0, 1, Done));
    violates(Clause::LIFE_17, back(1, 1_000).settle(0, 0, Succeeded));
    violates(Clause::LIFE_17, back(1, 1_000).ack(0));
    violates(Clause::LIFE_17, back(1, 1_000).back(0, 1, 1_000));
    violates(Clause::LIFE_17, requested(&[KEYS]).lease(OWN, 0).back(0, 1, 1_000).seal(0));
    violates(Clause::LIFE_17, back(1, 1_000).complete(0, Outcome::Failed, None));
    holds(back(1, 1_000).lease(SECOND, 0).done(0, 1, 1).ack(0).at(1_000).lease(FIRST, 0).done(0, 0, 2).ack(0));
}

#[test]
fn a_superseded_lease_does_not_violate_life_17_for_the_new_holder() {
    let superseded = || planned().lease(FIRST, 0).ask(0, 0, Throttled).at(60_000).lease(FIRST, 1);
    // Worker 1 hands the job back, and worker 0 acknowledges it.
    let acked = superseded().ask(1, 0, Throttled).back(1, 1, 61_000).ack(0).violated();
    assert!(acked.contains(Clause::LIFE_11) && !acked.contains(Clause::LIFE_17), "{acked:?}");
    // Worker 0 hands the job back, although worker 1 holds it.
    let back = superseded().back(0, 1, 61_000).violated();
    assert!(back.contains(Clause::LIFE_11) && !back.contains(Clause::LIFE_17), "{back:?}");
}

#[test]
fn life_05_wants_each_phase_done_in_order() {
    let completed = |tape: Tape| tape.complete(0, Outcome::Succeeded, None);
    holds(completed(phases(&[0, 1, 2])));
    // A phase may be entered again, for example after a crash. Its earlier response stays.
    holds(completed(phases(&[0, 1, 2]).phase(2)));
    violates(Clause::LIFE_05, completed(phases(&[0, 1])));
    violates(Clause::LIFE_05, completed(phases(&[0, 2])));
    violates(Clause::LIFE_05, completed(phases(&[2])));
    violates(Clause::LIFE_05, completed(phases(&[0, 1, 0, 1, 2])));
    violates(Clause::LIFE_05, completed(phases(&[0]).phase(1).phase(2).phase_done(2)));
    // A late worker receives the response to a phase that the run has left.
    violates(Clause::LIFE_05, completed(phases(&[0, 1]).phase(2).phase_done(1)));
}

/// A repair creates a job for run 0.
fn repaired(tape: Tape, unit: Option<u32>) -> Tape {
    tape.and(Event::JobCreated { job: JobId(9), run: RunId(0), unit: unit.map(UnitIx) })
}

#[test]
fn life_18_applies_only_to_the_reference_profile() {
    let carried = |request| requested(&[request]).lease(OWN, 0).plan(0).lease(FIRST, 0);
    violates(Clause::LIFE_18, repaired(carried(SETS), Some(0)));
    holds(repaired(carried(KEYS), Some(0)));
}

#[test]
fn life_18_allows_repairs_only_for_orphaned_work() {
    // The job of unit 0 is lost, while a late worker may still hold it.
    let lost = || requested(&[SETS]).lease(OWN, 0).plan(0).lease(FIRST, 0).injected(LostJob, FIRST);
    holds(repaired(lost(), Some(0)));
    violates(Clause::LIFE_18, repaired(repaired(lost(), Some(0)), Some(0)));
    violates(Clause::LIFE_18, repaired(lost().done(0, 0, 1), Some(0)));
    violates(Clause::LIFE_18, repaired(lost(), Some(9)));
    // The run's own job was acknowledged, so no job carries the run until the job of a unit is leased.
    holds(repaired(lost(), None));
    violates(Clause::LIFE_18, repaired(lost().lease(SECOND, 1), None));
    let both = one_left(SETS).settle(0, 1, Succeeded).complete(0, Outcome::Succeeded, None);
    let ended = both.seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])).ack(0);
    violates(Clause::LIFE_18, repaired(ended, None));
}

#[test]
fn life_19_forbids_returning_the_run_of_another_request() {
    let sent_again = requested(&[KEYS, SETS]);
    violates(Clause::LIFE_19, sent_again.and(Event::Deduplicated { request: RequestId(KEYS), run: RunId(1) }));
}

/// A run that never ends violates LIFE-07. Only after a last unit does LIFE-15 explain it.
#[test]
fn life_15_needs_a_last_unit() {
    let empty = requested(&[NO_KEYS]).lease(OWN, 0).seal(0).seen(0, counts(Some(0), Some(0), [0; 3])).ack(0).end();
    assert_eq!(empty.named(), Some(Clause::LIFE_07));
    let counted = one_left(KEYS).settle(0, 1, Succeeded).seen(0, counts(Some(2), Some(2), [2, 0, 0])).ack(0).end();
    assert_eq!(counted.named(), Some(Clause::LIFE_15));
}
