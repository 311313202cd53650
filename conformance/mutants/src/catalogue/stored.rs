//! Bugs that are not in the published catalogue: what is stored for good is lost or changed later. They do not depend on
//! seeds or scenarios.

use truecount_engine::counts::Counts;
use truecount_engine::id::UnitIx;
use truecount_engine::run::{Outcome, Run};
use truecount_engine::storage::{Request, Storage, Upkeep, WriteSet};
use truecount_engine::time::Millis;

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T93" "pruning-deletes-items" ARTF_03
        "pruning the rows of a snapshot also deletes the items of the snapshot"
    store {
        fn loses_items(&self, pruned: bool) -> bool {
            pruned
        }
    }

    "T94" "pruning-resets-counts" COUNT_14
        "pruning the rows of a run also resets the counts of the run"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            on_pruning(store, writes, |run| run.counts = Counts::default());
        }
    }

    "T95" "pruning-forgets-pack" ARTF_01
        "pruning the rows of a pack also removes the digest of the published file from the terminal row"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            on_pruning(store, writes, |run| run.artifact = None);
        }
    }

    "T96" "pruning-recomputes-outcome" LIFE_02
        "after its rows are pruned, the outcome of a run is computed again, as that of a run without failed units"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            on_pruning(store, writes, |run| run.outcome = Some(Outcome::Succeeded));
        }
    }

    "T97" "pruning-deletes-notices" NOTE_03
        "pruning the rows of a run also deletes the notice about the run from the inbox"
    store {
        fn loses_notices(&self, pruned: bool) -> bool {
            pruned
        }
    }

    "T98" "next-unit-overwrites" COUNT_15
        "a commit that resolves a unit also overwrites the stored resolution of the unit before it"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            let before = writes.settle.and_then(|settle| settle.unit.0.checked_sub(1)).map(UnitIx);
            let is_resolved =
                |unit: &UnitIx| store.rows.units(writes.run).get(unit.index()).is_some_and(|row| row.resolution.is_some());
            if let Some(before) = before.filter(is_resolved) {
                resolve_again(store, writes, before);
            }
        }
    }
}

/// Changes the row of a run whose rows a commit prunes.
fn on_pruning(store: &mut FaultyStore, writes: &WriteSet, change: impl FnOnce(&mut Run)) {
    if writes.upkeep == Some(Upkeep::Prune) {
        store.rows.write_run(writes.run, change);
    }
}

/// Repeats the part of a commit that writes a resolution, but for another unit.
fn resolve_again(store: &mut FaultyStore, writes: &WriteSet, unit: UnitIx) {
    let mut again = *writes;
    (again.guard.fence, again.guard.active, again.guard.version) = (false, false, None);
    (again.addition, again.effect, again.status, again.retry) = (None, None, None, None);
    // The job was moved by the commit itself.
    (again.lease, again.ack, again.outbox) = (None, false, [None; 2]);
    if let Some(settle) = &mut again.settle {
        (settle.unit, settle.units, settle.once) = (unit, 1, false);
    }
    store.rows.perform(&Request::Commit(again), Millis(0));
}
