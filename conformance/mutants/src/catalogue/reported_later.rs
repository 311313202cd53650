//! More bugs of public reports: how units are resolved, and how runs end and are shown. Each entry names its report. They do
//! not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::family::FailurePolicy;
use truecount_engine::id::RunId;
use truecount_engine::progress::Progress;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::run::{Cause, Run};
use truecount_engine::storage::{Load, Upkeep, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Failure, Resolution};

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T109" "cleaned-up-at-once" NOTE_03
        "the rows of a run are pruned as soon as it has ended, and the notice about a pruned run is dropped"
    known_from "bensheldon/good_job#1387";
    rules {
        fn prunable(&self, from: RunId, _: Millis) -> Load {
            Load::NextExpired { from, retention: Millis(0) }
        }
    }
    store {
        fn asks(&self, store: &FaultyStore, writes: &mut WriteSet) {
            let pruned = store.rows.tables().pruned[writes.run.index()];
            if let Some(Upkeep::Relay { letter, .. }) = &mut writes.upkeep
                && pruned
            {
                *letter = None;
            }
        }
    }

    "T110" "redelivered-is-done" COUNT_17
        "a unit whose job is delivered again is resolved as succeeded, whatever the response is"
    known_from "laravel/horizon#1042";
    store {
        fn asks(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let (Some(settle), Some(addition), Some(lease)) = (&mut writes.settle, &mut writes.addition, writes.lease)
                && store.rows.jobs()[lease.job.index()].deliveries > 1
            {
                settle.resolution = Resolution::Succeeded;
                addition.outcome = Some(Key::Succeeded);
            }
        }
    }

    "T111" "percent-rounded" PROG_07
        "a surface shows the rounded percentage, so 100 is shown before all units are processed"
    known_from "laravel/framework#36864";
    rules {
        fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
            match Standard.shows(run, phase) {
                Progress::Counted { processed, total, percent } => {
                    // The fraction that the integer part of the percentage leaves out, in hundredths.
                    let left = 100 * processed - u64::from(percent) * total;
                    let percent = percent + u8::from(2 * left >= total);
                    Progress::Counted { processed, total, percent }
                }
                other => other,
            }
        }
    }

    "T112" "reaper-fails-the-living" LIFE_16
        "the sweeper fails a run that has a plan and is still at work"
    known_from "open-mercato/open-mercato#5189";
    rules {
        fn fails_fast(&self, run: &Run) -> bool {
            run.fails_fast() || run.head.sealed && !run.all_counted()
        }

        fn may_complete(&self, run: &Run) -> bool {
            run.may_end() || self.fails_fast(run)
        }
    }
    store {
        // Only the sweeper fails such a run. A worker leaves it alone.
        fn asks(&self, store: &FaultyStore, writes: &mut WriteSet) {
            let fails = writes.status.is_some_and(|status| status.cause == Some(Cause::FailFast));
            let declared = store.rows.runs()[writes.run.index()].failure == FailurePolicy::FailFast;
            if fails && !declared && writes.lease.is_some() {
                (writes.status, writes.outbox) = (None, [None; 2]);
            }
        }
    }

    "T113" "gives-up-with-the-first" COUNT_17
        "if the attempts at a unit are exhausted, its job gives up all units that are left"
    known_from "apache/pulsar#5891";
    store {
        fn asks(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let (Some(settle), Some(addition), Some(lease)) = (&mut writes.settle, &mut writes.addition, writes.lease)
                && settle.resolution == Resolution::Failed(Failure::RetriesExhausted)
                && store.rows.jobs()[lease.job.index()].unit.is_none()
            {
                let left = store.rows.units(writes.run).iter().skip(settle.unit.index());
                let unresolved = left.take_while(|unit| unit.resolution.is_none()).count();
                settle.units = u32::try_from(unresolved).unwrap_or(1).max(1);
                addition.units = settle.units;
            }
        }
    }
}
