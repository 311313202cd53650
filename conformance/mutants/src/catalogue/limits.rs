//! Bugs that are not in the published catalogue: wrong numbers of attempts and deliveries. They do not depend on seeds or
//! scenarios.

use truecount_engine::delivery::Lease;
use truecount_engine::run::Run;
use truecount_engine::storage::{Load, Reply, Request, Retry, Seal, Storage, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Failure, Resolution};

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T80" "planning-eats-into-publishing" LIFE_16
        "the attempts at planning still count after the plan is sealed, so the first full disk may fail a pack"
    store {
        fn sealed(&self, store: &mut FaultyStore, _: &Seal, before: &Run) {
            keep_attempts(store, before);
        }
    }

    "T81" "phases-share-attempts" LIFE_16
        "the attempts at one phase still count in the next phase"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, before: &Run) {
            if writes.status.is_some_and(|status| status.phase.is_some() && status.outcome.is_none()) {
                keep_attempts(store, before);
            }
        }
    }

    "T82" "run-attempt-costs-two" LIFE_16
        "a retry of planning, a phase or publishing uses up two attempts"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if let Some(retry @ Retry { unit: None, .. }) = writes.retry {
                use_up_another(store, writes, retry);
            }
        }
    }

    "T83" "unit-attempt-costs-two" COUNT_21
        "a retry of a unit uses up two attempts"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if let Some(retry @ Retry { unit: Some(_), .. }) = writes.retry {
                use_up_another(store, writes, retry);
            }
        }
    }

    "T84" "redelivery-costs-attempt" COUNT_21
        "a job that is delivered again after a crash uses up an attempt at its unit"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Unit { lease, .. }, Reply::Unit(loaded)) = (load, reply) {
                let again = store.rows.jobs()[lease.job.index()].deliveries.saturating_sub(1);
                let again = u8::try_from(again).unwrap_or(u8::MAX);
                loaded.unit.attempts_used = loaded.unit.attempts_used.saturating_add(again);
            }
        }

        // The row does not contain the attempts that were added when it was loaded.
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let Some(Retry { unit: Some(unit), attempts_used, .. }) = &mut writes.retry
                && let Some(row) = store.rows.units(writes.run).get(unit.index())
            {
                *attempts_used = row.attempts_used;
            }
        }
    }

    "T85" "never-abandons" COUNT_21
        "a job is processed however often it is delivered"
    rules {
        fn is_poison(&self, _: u16, _: u16, _: Lease) -> bool {
            false
        }
    }

    "T86" "retry-costs-delivery" COUNT_17
        "a delivery that was handed back for a retry still counts towards the delivery limit"
    rules {
        fn is_poison(&self, _: u16, delivery_limit: u16, lease: Lease) -> bool {
            // Each lease has the next fencing token, starting at 1.
            lease.fence.0 > u32::from(delivery_limit)
        }
    }

    "T79" "run-gives-up-at-once" LIFE_16
        "the first failed attempt at planning, a phase or publishing ends the run"
    rules {
        fn gives_up_run(&self, _: u8, _: u8) -> bool {
            true
        }
    }

    "T99" "exhausted-not-counted" COUNT_18
        "a unit whose attempts are exhausted is acknowledged without being counted"
    known_from "mastodon/mastodon#27231";
    rules {
        fn settles(&self, resolution: Resolution) -> bool {
            resolution != Resolution::Failed(Failure::RetriesExhausted)
        }
    }
}

/// Gives a run the number of used attempts that it had before a commit.
fn keep_attempts(store: &mut FaultyStore, before: &Run) {
    store.rows.write_run(before.head.run, |run| run.head.attempts_used = before.head.attempts_used);
}

/// Repeats the hand-back of a commit, so that it uses up another attempt.
fn use_up_another(store: &mut FaultyStore, writes: &WriteSet, retry: Retry) {
    let mut again = *writes;
    (again.guard.fence, again.guard.active, again.guard.version, again.addition) = (false, false, None, None);
    again.retry = Some(Retry { attempts_used: retry.attempts_used.saturating_add(1), ..retry });
    // The job waits already, so this commit does not move it.
    store.rows.perform(&Request::Commit(again), Millis(0));
}
