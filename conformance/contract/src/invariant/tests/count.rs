//! COUNT: observations, counts and acknowledgements that the clauses allow or forbid.

use truecount_engine::id::{ActorId, Fence, JobId, RunId, UnitIx};
use truecount_engine::run::Outcome;
use truecount_engine::unit::Failure::{Abandoned, RetriesExhausted};
use truecount_engine::unit::Resolution::{Failed, Succeeded};
use truecount_engine::unit::Response::{Done, Throttled};
use truecount_sim::fault::Fault::CrashBefore;
use truecount_sim::trace::{Event, Shown, Weight};

use super::tape::{
    DELETED, FIRST, KEYS, NO_KEYS, NOTHING_DELETED, OTHER, OTHER_COPY, OTHER_DELETED, OTHER_FIRST, OTHER_KEYS,
    OTHER_SECOND, OWN, SECOND, SETS, Tape, UNPLANNED, counts, ended, phases, planned, requested,
};
use super::{holds, violates};
use crate::clause::Clause;

#[test]
fn count_05_allows_a_first_value_above_0_once_a_unit_is_counted() {
    let sealed = || requested(&[KEYS]).lease(OWN, 0).seal(0).seen(0, counts(Some(2), None, [0; 3])).ack(0);
    let first = |tape: Tape| tape.lease(FIRST, 0).ask(0, 0, Done).settle(0, 0, Succeeded);
    holds(first(sealed()).seen(0, counts(Some(2), Some(1), [1, 0, 0])));
    violates(Clause::COUNT_05, sealed().seen(0, counts(Some(2), Some(1), [1, 0, 0])));
}

#[test]
fn count_05_forbids_vanishing_values() {
    holds(planned().seen(0, counts(Some(2), Some(0), [0; 3])));
    violates(Clause::COUNT_05, planned().seen(0, counts(Some(2), None, [0; 3])));
    let counted = || planned().lease(FIRST, 0).done(0, 0, 1);
    violates(Clause::COUNT_05, counted().seen(0, counts(Some(2), Some(0), [0; 3])));
}

#[test]
fn a_report_names_the_clause_that_explains_a_wrong_count() {
    let named = |tape: Tape| tape.named().expect("a clause is violated");
    let counted = || planned().lease(FIRST, 0).done(0, 0, 1);
    // The count is smaller than the number of rows in each case. Only in the first two does another clause say why.
    assert_eq!(named(counted().seen(0, counts(Some(2), Some(0), [0; 3]))), Clause::COUNT_05);
    let both = || counted().ack(0).lease(SECOND, 0).done(0, 1, 2).complete(0, Outcome::Succeeded, None);
    assert_eq!(named(both().seen_at_end(0, counts(Some(2), Some(1), [2, 0, 0]))), Clause::LIFE_08);
    let lost = counted().ack(0).lease(SECOND, 0).ask(0, 1, Done).settle(0, 1, Succeeded);
    assert_eq!(named(lost.seen(0, counts(Some(2), Some(1), [1, 0, 0]))), Clause::COUNT_11);
    // The second count is the cause, although the observation in the same commit violates COUNT-08 and COUNT-11.
    let twice = counted().settle(0, 0, Succeeded).seen(0, counts(Some(2), Some(3), [3, 0, 0]));
    assert_eq!(named(twice), Clause::COUNT_06);
}

#[test]
fn count_10_and_11_do_not_bind_an_observation_without_processed() {
    let counted = || requested(&[KEYS]).lease(OWN, 0).seal(0).seen(0, counts(Some(2), None, [0; 3])).ack(0);
    let resolved = |tape: Tape| tape.lease(FIRST, 0).ask(0, 0, Done).settle(0, 0, Succeeded);
    holds(resolved(counted()).seen(0, counts(Some(2), None, [0; 3])));
    holds(resolved(counted()).seen(0, counts(Some(2), None, [1, 0, 0])));
    violates(Clause::COUNT_11, resolved(counted()).seen(0, counts(Some(2), Some(0), [0; 3])));
    violates(Clause::COUNT_10, resolved(counted()).seen(0, counts(Some(2), Some(1), [1, 1, 0])));
}

#[test]
fn count_10_reads_an_absent_outcome_as_0() {
    let both = || planned().lease(FIRST, 0).done(0, 0, 1).ack(0).lease(SECOND, 0).done(0, 1, 2);
    let ended = || both().complete(0, Outcome::Succeeded, None);
    holds(ended().seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])));
    violates(Clause::COUNT_10, ended().seen_at_end(0, counts(Some(2), Some(2), [0; 3])));
}

#[test]
fn count_07_lets_the_terminal_write_count_the_last_unit() {
    let one = || planned().lease(FIRST, 0).done(0, 0, 1).ack(0).lease(SECOND, 0).ask(0, 1, Done);
    let last = || one().settle(0, 1, Succeeded).complete(0, Outcome::Succeeded, None);
    holds(last().seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0])).ack(0).end());
    violates(Clause::COUNT_07, one().complete(0, Outcome::Succeeded, None));
}

#[test]
fn count_09_forbids_counting_an_unplanned_unit_but_not_resolving_it() {
    let late = || planned().lease(UNPLANNED, 0);
    let resolved = |tape: Tape| {
        let (run, job, fence) = (RunId(0), JobId(UNPLANNED), Fence(1));
        tape.and(Event::Resolved { run, unit: UnitIx(7), resolution: Succeeded, job, fence, worker: 0 })
    };
    holds(resolved(late()).ack(0));
    violates(Clause::COUNT_09, late().settle(0, 7, Succeeded));
}

#[test]
fn count_09_is_exercised_only_by_counted_families() {
    let exercised = |request| requested(&[request]).lease(OWN, 0).plan(0).lease(UNPLANNED, 0).ack(0).exercised();
    assert!(exercised(SETS).contains(Clause::COUNT_09));
    assert!(!exercised(DELETED).contains(Clause::COUNT_09));
}

#[test]
fn count_13_binds_each_view_of_a_counted_family() {
    let empty = |request| requested(&[request]).lease(OWN, 0).seal(0).seen(0, counts(Some(0), Some(0), [0; 3]));
    let (run, view, actor) = (RunId(0), 0, ActorId(0));
    let shown = Shown::Counted { processed: 0, total: 0, percent: 0 };
    let asked = |request| empty(request).and(Event::RunAsked { view, actor, run });
    let viewed = |request| asked(request).and(Event::RunViewed { view, actor, run, shown, disclosed: 0 });
    violates(Clause::COUNT_13, viewed(NO_KEYS));
    let none =
        |request| asked(request).and(Event::RunViewed { view, actor, run: RunId(9), shown: Shown::None, disclosed: 0 });
    holds(none(NO_KEYS));
    assert!(!viewed(NOTHING_DELETED).violated().contains(Clause::COUNT_13), "a counted deletion violates COUNT-13");
}

#[test]
fn count_14_binds_counted_and_activity_only_families() {
    let later = |request| {
        let counted = requested(&[request]).lease(OWN, 0).plan(0).lease(FIRST, 0).done(0, 0, 1).lease(SECOND, 0);
        let ended = counted.done(0, 1, 2).complete(0, Outcome::Succeeded, None);
        let ended = ended.seen_at_end(0, counts(Some(2), Some(2), [2, 0, 0]));
        ended.seen_at_end(0, counts(Some(2), Some(2), [1, 0, 0]))
    };
    violates(Clause::COUNT_14, later(KEYS));
    violates(Clause::COUNT_14, later(DELETED));
    let ended = phases(&[0, 1, 2]).complete(0, Outcome::Succeeded, None).seen_at_end(0, counts(None, None, [0; 3]));
    holds(ended.seen_at_end(0, counts(None, None, [1, 0, 0])));
}

#[test]
fn counts_that_are_reset_after_the_end_are_named_as_changed_after_the_end() {
    let reset = ended().seen_at_end(0, counts(None, None, [0; 3]));
    assert_eq!(reset.named(), Some(Clause::COUNT_14));
    let higher = ended().seen_at_end(0, counts(Some(2), Some(3), [3, 0, 0]));
    assert_eq!(higher.named(), Some(Clause::COUNT_14));
}

/// Two batches that share a key. The first batch's unit for this key is counted, and worker 1 holds the second batch's
/// job for the key.
fn shared() -> Tape {
    let planned = requested(&[KEYS, OTHER_KEYS]).lease(OWN, 0).plan(0).lease(OTHER, 0).plan(0);
    planned.lease(SECOND, 0).done(0, 1, 1).ack(0).lease(OTHER_FIRST, 1)
}

#[test]
fn count_16_forbids_skipping_a_unit_because_another_run_counted_its_key() {
    violates(Clause::COUNT_16, shared().looks_up(1).ack(1));
    // Nothing shows that the other run is the reason.
    holds(shared().ack(1).lease(FIRST, 1));
    assert!(!shared().ack(1).end().violated().contains(Clause::COUNT_16));
}

#[test]
fn count_16_lets_a_worker_read_another_run_if_its_own_unit_is_still_done() {
    let looked_up = || shared().looks_up(1);
    holds(looked_up());
    holds(looked_up().ask(1, 0, Throttled).ack(1));
    holds(looked_up().lease(OTHER_COPY, 2).ack(1));
    holds(looked_up().lease(OTHER_COPY, 2).ask(2, 0, Done).settle(2, 0, Succeeded).ack(1));
    violates(Clause::COUNT_16, looked_up().lease(OTHER_SECOND, 2).ack(1));
}

#[test]
fn count_16_does_not_bind_uncounted_families() {
    let tape = requested(&[DELETED, OTHER_DELETED]).lease(OWN, 0).plan(0).lease(OTHER, 0).plan(0);
    let tape = tape.lease(SECOND, 0).ask(0, 1, Done).settle(0, 1, Succeeded).ack(0);
    holds(tape.lease(OTHER_FIRST, 1).looks_up(1).ack(1).lease(FIRST, 1));
}

/// COUNT-16 is about other runs. A unit that is given up together with another unit of its run has not reached its own
/// limit.
#[test]
fn giving_up_another_unit_of_the_same_run_violates_count_17() {
    let abandoned = |tape: Tape, unit| tape.settle(0, unit, Failed(Abandoned));
    let dead = || planned().lease_beyond_limit(FIRST, 0);
    holds(abandoned(dead(), 0));
    assert_eq!(abandoned(dead(), 1).named(), Some(Clause::COUNT_17));
}

#[test]
fn count_18_binds_units_that_are_given_up_at_a_limit() {
    let retried =
        |tape: Tape, (attempt, ms)| tape.attempt(0, 0, attempt, Throttled).back(0, 9, ms).at(ms).lease(FIRST, 0);
    let last = || [(1, 10_000), (2, 30_000)].into_iter().fold(planned().lease(FIRST, 0), retried);
    let exhausted = || last().attempt(0, 0, 3, Throttled);
    violates(Clause::COUNT_18, exhausted().ack(0));
    violates(Clause::COUNT_18, exhausted().ask(0, 1, Done));
    holds(exhausted().settle(0, 0, Failed(RetriesExhausted)).ack(0));
    holds(planned().lease(FIRST, 0).ask(0, 0, Throttled).ack(0));
    let dead = || planned().lease_beyond_limit(FIRST, 0);
    violates(Clause::COUNT_18, dead().ack(0).lease(SECOND, 0));
    violates(Clause::COUNT_18, dead().ack(0).end());
    holds(dead().ack(0));
    // A worker may acknowledge first, and a crashed worker may have been about to count.
    holds(dead().ack(0).settle(0, 0, Failed(Abandoned)).lease(SECOND, 0));
    holds(dead().ack(0).injected(CrashBefore, 0).lease(SECOND, 0));
    // In a run that fans out, the run's own job carries no unit.
    holds(planned().lease_beyond_limit(OWN, 0).ack(0).lease(FIRST, 0));
}

#[test]
fn count_18_is_not_satisfied_by_a_count_in_another_run() {
    let both = || requested(&[KEYS, OTHER_KEYS]).lease(OWN, 0).plan(0).lease(OTHER, 0).plan(0);
    let asks_other = |tape: Tape, unit| {
        let (run, unit, response) = (RunId(1), UnitIx(unit), Done);
        tape.and(Event::EffectDone { run, unit, worker: 0 }).and(Event::Responded {
            run,
            unit,
            worker: 0,
            attempt: 1,
            response,
            weight: Weight::Definite,
        })
    };
    // Unit 1 of the other run is counted, but unit 1 of the worker's own run is not.
    let other_counted = both().lease(OTHER_SECOND, 1).done(1, 1, 1).ack(1);
    violates(Clause::COUNT_18, asks_other(other_counted.lease(SECOND, 0).ask(0, 1, Done), 0));
    holds(asks_other(both().lease(SECOND, 0).done(0, 1, 1), 0));
}

#[test]
fn count_21_lets_a_repeated_try_keep_its_number() {
    let crashed = || planned().lease(FIRST, 0).ask(0, 0, Done).injected(CrashBefore, 0).at(60_000).lease(FIRST, 1);
    let again = |attempt| {
        let (run, unit, response, weight) = (RunId(0), UnitIx(0), Done, Weight::Definite);
        crashed().and(Event::Responded { run, unit, worker: 1, attempt, response, weight })
    };
    violates(Clause::COUNT_21, again(2));
    holds(again(1));
    let retried = || planned().lease(FIRST, 0).ask(0, 0, Throttled).back(0, 1, 1_000).at(1_000).lease(FIRST, 1);
    holds(retried().attempt(1, 0, 2, Throttled));
    violates(Clause::COUNT_21, retried().attempt(1, 0, 3, Throttled));
    // An attempt that was not handed back keeps its number, whatever its response.
    violates(Clause::COUNT_21, planned().lease(FIRST, 0).ask(0, 0, Throttled).attempt(0, 0, 2, Throttled));
}

#[test]
fn count_21_lets_a_late_worker_repeat_an_attempt_that_was_handed_back() {
    let both = requested(&[KEYS, OTHER_KEYS]).lease(OWN, 0).plan(0).lease(OTHER, 0).plan(0);
    let late = both.lease(OTHER_FIRST, 0).ask(0, 0, Throttled).lease(OTHER_COPY, 1).ask(1, 0, Throttled);
    holds(late.back(1, 1, 1_000).ask(0, 0, Throttled));
}

#[test]
fn limits_are_reached_by_hand_backs_and_leases_not_by_stated_numbers() {
    let exhausted = |tape: Tape, worker| tape.settle(worker, 0, Failed(RetriesExhausted)).violated();
    let retried = |tape: Tape, ms| tape.ask(0, 0, Throttled).back(0, 9, ms).at(ms).lease(FIRST, 0);
    let once = || retried(planned().lease(FIRST, 0), 1_000);
    assert!(exhausted(once().ask(0, 0, Throttled), 0).contains(Clause::COUNT_17));
    let limit = [10_000, 20_000].into_iter().fold(once(), retried);
    assert!(!exhausted(limit.ask(0, 0, Throttled), 0).contains(Clause::COUNT_17));
    // A delivery that was handed back does not count, and neither does the number that a delivery states.
    let abandoned = |tape: Tape| tape.settle(0, 0, Failed(Abandoned)).violated().contains(Clause::COUNT_17);
    assert!(abandoned(once()));
    assert!(!abandoned(planned().lease_beyond_limit(FIRST, 0)));
    let handed_back = (1..20)
        .map(|minute| minute * 60_000)
        .fold(planned().lease(FIRST, 0), |tape, ms| tape.back(0, 1, ms).at(ms).lease(FIRST, 0));
    assert!(abandoned(handed_back));
}
