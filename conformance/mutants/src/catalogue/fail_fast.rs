//! Bugs of runs that fail at a failed unit, and of the work that such a run leaves behind.
//!
//! This module does not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::family::FailurePolicy;
use truecount_engine::run::{Cause, Head, Run};
use truecount_engine::storage::WriteSet;

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T54" "fails-fast-undeclared" LIFE_16
        "a failed unit ends its run, although the failure policy is that every unit is attempted"
    known_from "engines that fail fast";
    rules {
        fn fails_fast(&self, run: &Run) -> bool {
            run.counts.or_zero(Key::Failed) > 0
        }

        fn may_complete(&self, run: &Run) -> bool {
            run.all_counted() || self.fails_fast(run)
        }
    }

    "T55" "skip-fails-fast" LIFE_16
        "under a fail-fast policy, a skipped unit ends its run"
    rules {
        fn fails_fast(&self, run: &Run) -> bool {
            let skipped = run.failure == FailurePolicy::FailFast && run.counts.or_zero(Key::Skipped) > 0;
            run.fails_fast() || skipped
        }

        fn may_complete(&self, run: &Run) -> bool {
            run.may_end() || self.fails_fast(run)
        }
    }

    "T56" "settles-after-the-end" COUNT_14
        "a worker counts its unit although a failed unit has ended the run in the meantime"
    rules {
        fn guards_end(&self, _: &Head) -> bool {
            false
        }
    }

    "T57" "counts-what-is-left" LIFE_08
        "the write that ends a run at a failed unit counts the remaining units as processed"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.status.is_some_and(|status| status.cause == Some(Cause::FailFast)) {
                store.rows.write_run(writes.run, |run| {
                    run.counts.set(Key::Processed, run.counts.or_zero(Key::Total));
                });
            }
        }
    }
}
