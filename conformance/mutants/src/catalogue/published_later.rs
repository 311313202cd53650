//! More bugs of real engines, with their numbers in the published catalogue. They do not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::delivery::Lease;
use truecount_engine::rules::{Again, Visit};
use truecount_engine::run::{Head, Run, Status};
use truecount_engine::storage::{Load, Reply, Which, WriteSet};
use truecount_engine::unit::{Meaning, Resolution, Response, resolve};

use super::mutants;
use crate::Notebook;
use crate::store::{FaultyStore, add, at};

mutants! { pub(super) ALL:
    "M02" "worker-local-dedupe" COUNT_06
        "each worker remembers the units that it has counted, but loses this memory in a crash"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, visit: &Visit<'_>, memory: &Notebook) -> bool {
            memory.iter().any(|(run, unit)| (*run, *unit) == (visit.loaded.head.run, visit.loaded.ix))
        }
    }

    "M03" "payload-dedupe" COUNT_06
        "a delivery with the same result is treated as a duplicate, but a different result counts again"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, _: &Visit<'_>, _: &Notebook) -> bool {
            false
        }

        fn again(&self, before: Resolution, now: Resolution) -> Again {
            if before == now { Again::Nothing } else { Again::Count }
        }
    }

    "M04" "attempt-id-dedupe" COUNT_06
        "a repeated job is treated as a duplicate, but the same unit under a new job id counts again"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, visit: &Visit<'_>, _: &Notebook) -> bool {
            // A redelivered job is recognised, but the same work under a new job id is not.
            visit.delivery > 1 && visit.loaded.unit.resolution.is_some()
        }
    }

    "M06" "over-dedupe" COUNT_16
        "a unit is dropped as a duplicate if the rows of another run show that the same object is counted"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Unit { run, .. }, Reply::Unit(loaded)) = (load, reply)
                && loaded.unit.resolution.is_none()
                && let Some((other, resolution)) = store.resolved_elsewhere(*run, loaded.unit.object)
            {
                (store.looked_up, loaded.unit.resolution) = (Some(other), Some(resolution));
            }
        }
    }

    "M08" "whole-row-save" COUNT_11
        "a worker saves the whole row as it was read, with the worker's own unit added"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, _: &mut Reply) {
            store.keep_read(load);
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            store.write_back(writes, |row, old| {
                row.counts = old.counts;
                (row.head.status, row.outcome) = (old.head.status, old.outcome);
            });
        }
    }

    "M09" "count-before-commit" COUNT_11
        "the count is a separate transaction, and remains if the commit of the work is refused"
    store {
        fn refused(&self, store: &mut FaultyStore, writes: &WriteSet) {
            if let Some(addition) = writes.addition {
                store.rows.write_run(writes.run, |run| add(run, addition));
            }
        }
    }

    "M11" "count-error-swallowed" COUNT_11
        "counting fails for a redelivered job, but the error is ignored"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            let again = |lease: Lease| store.rows.jobs()[lease.job.index()].deliveries > 1;
            if writes.lease.is_some_and(again) {
                writes.addition = None;
            }
        }
    }

    "M15" "timeout-path-bypass" COUNT_11
        "units whose deliveries are exhausted fail without being counted"
    rules {
        fn counts_abandoned(&self) -> bool {
            false
        }
    }

    "M26+M01" "clamp" COUNT_06
        "each delivery counts, but processed is clamped to total"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, _: &Visit<'_>, _: &Notebook) -> bool {
            false
        }
    }
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            store.rows.write_run(writes.run, |run| {
                if let (Some(processed), Some(total)) = (run.counts.get(Key::Processed), run.counts.get(Key::Total)) {
                    run.counts.set(Key::Processed, processed.min(total));
                }
            });
        }
    }

    "M29" "unguarded-second-path" LIFE_02
        "the sweeper completes a run without checking whether it has changed since it was read"
    rules {
        fn guards_completion(&self, swept: bool) -> bool {
            !swept
        }
    }

    "M31" "redelivery-recompletes" LIFE_02
        "a duplicate of the last delivery finds all units resolved, and completes the run again"
    rules {
        fn leaves_terminal(&self, _: &Head) -> bool {
            false
        }
    }

    "M34" "late-resurrects" LIFE_13
        "a late delivery for a terminal run counts its unit"
    rules {
        fn leaves_terminal(&self, _: &Head) -> bool {
            false
        }

        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, visit: &Visit<'_>, _: &Notebook) -> bool {
            visit.loaded.head.status != Status::Completed && visit.loaded.unit.resolution.is_some()
        }
    }

    "M37" "empty-ends-twice" LIFE_02
        "a run without units is completed by its planner, and again by the next delivery"
    rules {
        fn leaves_terminal(&self, head: &Head) -> bool {
            head.units != 0
        }
    }

    "M39" "outcome-double-booked" COUNT_10
        "a retryable response is counted as a failure, and the success that follows is counted as well"
    rules {
        fn books_attempts(&self) -> Option<u8> {
            Some(0)
        }
    }

    "M43" "retry-leaves-run" COUNT_11
        "a unit that should be retried is resolved as succeeded"
    rules {
        fn resolve(&self, response: Response) -> Meaning {
            match resolve(response) {
                Meaning::Retry => Meaning::Resolved(Resolution::Succeeded),
                Meaning::Resolved(resolution) => Meaning::Resolved(resolution),
            }
        }
    }

    "M45" "stale-view-recount" COUNT_06
        "a worker reads a copy that lags by one commit, and counts a unit that is already counted"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Unit { run, which: Which::Exactly(unit), .. }, Reply::Unit(loaded)) = (load, reply)
                && *at(&mut store.latest, run.index()) == Some(*unit)
            {
                loaded.unit.resolution = None;
            }
        }

        // No key prevents the unit from being resolved again.
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if let Some(settle) = &mut writes.settle {
                settle.once = false;
            }
        }
    }
}
