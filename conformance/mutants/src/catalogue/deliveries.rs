//! Bugs of single deliveries: one that does not end its run, and one that forgets what an earlier delivery counted.
//!
//! This module does not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::id::Fence;
use truecount_engine::rules::CompletionTrigger;
use truecount_engine::run::Run;
use truecount_engine::storage::WriteSet;

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T58" "unplanned-never-ends" LIFE_07
        "a run without a plan is never completed, so the sweeper creates a job for it again and again"
    rules {
        fn checks_completion(&self, _: CompletionTrigger, planned: Option<u32>) -> bool {
            planned.is_some()
        }
    }

    "T59" "resume-zeroes-progress" COUNT_05
        "a later delivery of a run's one job sets processed back to 0 when it counts its first unit"
    known_from "artifact-keeper/artifact-keeper#3510" "cockroachdb/cockroach#164160";
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if let (Some(addition), Some(lease)) = (writes.addition, writes.lease)
                && store.rows.jobs()[lease.job.index()].unit.is_none()
                && store.counts_under(lease, addition.units) == addition.units
                && lease.fence > Fence(1)
            {
                store.rows.write_run(writes.run, |run| {
                    if run.counts.or_zero(Key::Processed) > u64::from(addition.units) {
                        run.counts.set(Key::Processed, 0);
                    }
                });
            }
        }
    }
}
