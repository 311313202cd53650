//! Bugs of phased runs: phases that are left too early, skipped or entered again. They do not depend on seeds or
//! scenarios.

use truecount_engine::family::family;
use truecount_engine::run::Run;
use truecount_engine::storage::WriteSet;

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T90" "ends-in-last-phase" LIFE_05
        "the sweeper completes a run that has entered its last phase, whether or not the phase is done"
    rules {
        fn may_complete(&self, run: &Run) -> bool {
            let phases = family(run.head.family).phases.len();
            let last = run.head.phase.is_some_and(|phase| usize::from(phase) + 1 == phases);
            last || run.may_end()
        }
    }

    "T91" "phase-skipped" LIFE_05
        "a run goes from its first phase to its last"
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if let Some(status) = &mut writes.status
                && status.phase == Some(1)
                && status.outcome.is_none()
            {
                status.phase = Some(2);
            }
        }
    }

    "T92" "phase-goes-back" LIFE_05
        "a run goes back to its first phase once, instead of entering its last"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            // The row has version 2 only before it enters the last phase for the first time.
            let first = store.rows.runs()[writes.run.index()].head.version == 2;
            if let Some(status) = &mut writes.status
                && status.phase == Some(2)
                && status.outcome.is_none()
                && first
            {
                status.phase = Some(0);
            }
        }
    }
}
