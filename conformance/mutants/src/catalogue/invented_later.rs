//! More bugs that are not in the published catalogue.
//!
//! This module does not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::delivery::{Lease, RetryPolicy};
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::index::narrow;
use truecount_engine::progress::{Progress, progress};
use truecount_engine::rules::{Again, Rules, Standard, Visit};
use truecount_engine::run::{Outcome, Run, Status};
use truecount_engine::storage::{Accept, Load, Memory, Orphan, Reply, Same, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::Resolution;

use super::mutants;
use crate::Notebook;
use crate::store::{FaultyStore, at};

mutants! { pub(super) ALL:
    "T29" "sweep-ends-what-is-old" COUNT_07
        "the sweeper completes every run with a plan, even if units are unresolved"
    rules {
        fn may_complete(&self, run: &Run) -> bool {
            run.head.sealed
        }
    }

    "T30" "last-write-wins" COUNT_15
        "a redelivery overwrites the first resolution with its own"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, _: &Visit<'_>, _: &Notebook) -> bool {
            false
        }

        fn again(&self, _: Resolution, _: Resolution) -> Again {
            Again::Overwrite
        }
    }

    "T31" "total-forgets-the-failed" COUNT_08
        "once all units are counted, those that failed are subtracted from total"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.settle.is_some() {
                store.rows.write_run(writes.run, |run| {
                    if run.all_counted() {
                        let failed = run.counts.or_zero(Key::Failed);
                        run.counts.set(Key::Total, run.counts.or_zero(Key::Total).saturating_sub(failed));
                    }
                });
            }
        }
    }

    "T32" "counts-at-the-ack" COUNT_14
        "acknowledging a job of a terminal run adds 1 to processed"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.ack {
                store.rows.write_run(writes.run, |run| {
                    if !run.active() {
                        run.counts.add(Key::Processed, 1);
                    }
                });
            }
        }
    }

    "T33" "queued-again" LIFE_01
        "a retry sets the run back to queued"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.retry.is_some() {
                store.rows.write_run(writes.run, |run| {
                    if run.active() {
                        run.head.status = Status::Queued;
                    }
                });
            }
        }
    }

    "T34" "terminal-merge" LIFE_08
        "the terminal write sets processed to the number of units that succeeded"
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.status.is_some_and(|status| status.outcome.is_some()) {
                store.rows.write_run(writes.run, |run| {
                    run.counts.set(Key::Processed, run.counts.or_zero(Key::Succeeded));
                });
            }
        }
    }

    "T35" "failed-still-progressing" LIFE_09
        "a failed run is shown as still in progress, at its last count"
    rules {
        fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
            if run.outcome == Some(Outcome::Failed) {
                progress(run.head.family.mode(), Status::Running, None, phase, &run.counts)
            } else {
                Standard.shows(run, phase)
            }
        }
    }

    "T36" "surface-of-a-replica" PROG_10
        "every other view reads a copy that lags by one commit"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            let Load::NextActive { tenant: Some(_), from } = load else { return };
            store.renderings += u32::from(*from == RunId(0));
            if let (1, Reply::Run(run)) = (store.renderings % 2, reply)
                && let Some(old) = *at(&mut store.lagging, run.head.run.index())
            {
                *run = old;
            }
        }
    }

    "T37" "views-are-noted" PROG_09
        "a view records in the run's row that the run was viewed"
    rules {
        fn notes_views(&self) -> bool {
            true
        }
    }

    "T38" "count-of-two-versions" PROG_10
        "a surface takes processed from a copy that lags, and everything else from the row"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::NextActive { tenant: Some(_), .. }, Reply::Run(run)) = (load, reply)
                && let Some(old) = *at(&mut store.lagging, run.head.run.index())
            {
                run.counts.set(Key::Processed, old.counts.or_zero(Key::Processed));
            }
        }
    }

    "T39" "everything-is-accepted" LIFE_06
        "a request that finds a run created by another request is accepted as if it had created that run"
    rules {
        fn is_own(&self, _: Same) -> bool {
            true
        }
    }

    "T40" "clears-what-it-named" ARTF_01
        "the published pack is cleared together with the staged files"
    rules {
        fn keeps_named(&self) -> bool {
            false
        }
    }

    "T41" "row-lost" COUNT_11
        "a unit is counted, but its ledger row is lost"
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            writes.settle = None;
        }
    }

    "T42" "name-lost" ARTF_01
        "the terminal write loses the name of the pack"
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if let Some(status) = &mut writes.status {
                status.artifact = None;
            }
        }
    }

    "T43" "summary-kept-raw" KEYS_05
        "a summary is stored as it was received, with a tenth key"
    store {
        fn beside(&self, run: &Run) -> Option<(u8, u64)> {
            run.head.sealed.then_some((narrow(Key::ALL.len()), 1))
        }
    }

    "T44" "retries-at-once" LIFE_17
        "a throttled unit is retried without its back-off"
    rules {
        fn waits(&self, _: &RetryPolicy, _: u8) -> Millis {
            Millis(0)
        }
    }

    "T45" "acks-before-work" LIFE_07
        "a job is acknowledged before it is done, so a unit that must be retried has no job until the sweeper creates one"
    rules {
        fn acks_first(&self) -> bool {
            true
        }
    }

    "T46" "key-with-version" COUNT_20
        "the idempotency key contains the object's version, so a redelivered unit gets the current response, not its first"
    rules {
        fn effect_salt(&self, _: Lease, version: u32) -> u32 {
            version
        }
    }

    "T47" "forgets-hand-back" LIFE_17
        "a worker that loses the reply to its hand-back continues without confirming that it still holds the job"
    rules {
        fn confirms_hand_backs(&self) -> bool {
            false
        }
    }

    "T48" "repairs-what-is-carried" LIFE_18
        "the sweeper creates a job for work that a waiting job already carries"
    rules {
        fn guards_repairs(&self) -> bool {
            false
        }
    }
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            report_carried(store, load, reply);
        }
    }

    "T49" "forgets-ended-requests" LIFE_19
        "a request that is sent again after its run is terminal creates another run"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Same { .. }, Reply::Found(found)) = (load, reply) {
                *found = found.filter(|same| store.rows.runs()[same.run.index()].active());
            }
        }

        fn accepts(&self, store: &FaultyStore, accept: &Accept) -> Option<Accept> {
            let active = |run: &Run| run.active() && run.identity == accept.identity;
            let mut again = accept.clone();
            again.guarded = store.rows.runs().iter().any(active);
            Some(again)
        }
    }

    "T50" "repairs-late" LIFE_18
        "the sweeper repairs work that was orphaned when read, even if the work has been done since"
    rules {
        fn guards_repairs(&self) -> bool {
            false
        }
    }

    "T51" "acks-late" LIFE_11
        "a worker acknowledges a job that another worker has leased in the meantime"
    known_from "apache/spark#24497";
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if writes.ack {
                writes.guard.fence = false;
            }
        }
    }

    "T52" "hands-back-late" LIFE_11
        "a worker hands back a job that another worker has leased in the meantime"
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if writes.retry.is_some() {
                writes.guard.fence = false;
            }
        }
    }

    "T53" "enters-phase-late" LIFE_11
        "a worker enters a phase after another worker has leased the job"
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if writes.status.is_some_and(|write| write.phase.is_some()) {
                writes.guard.fence = false;
            }
        }
    }
}

/// Reports work to the sweeper as orphaned, although a job carries it. This happens once in each pass of the sweeper,
/// which repeats its query until nothing is orphaned.
pub(crate) fn report_carried(store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
    let (Load::Orphan { run }, Reply::Orphan(orphan @ Orphan::None)) = (load, reply) else { return };
    let reported = at(&mut store.orphaned, run.index());
    if reported.take().is_none() {
        *reported = Some(());
        *orphan = carried(&store.rows, *run);
    }
}

/// Returns work of an active run, whether or not a job carries it.
fn carried(rows: &Memory, run: RunId) -> Orphan {
    let row = &rows.runs()[run.index()];
    if !row.active() {
        return Orphan::None;
    }
    if !row.head.sealed || !row.head.fan_out {
        return Orphan::Run;
    }
    let unresolved = rows.units(run).iter().position(|unit| unit.resolution.is_none());
    let unit = unresolved.and_then(|index| u32::try_from(index).ok());
    unit.map_or(Orphan::None, |unit| Orphan::Unit(UnitIx(unit)))
}
