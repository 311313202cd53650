//! Bugs of public reports: what a run counts, and in which total. Each entry names its report. They do not depend on seeds
//! or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::run::Run;
use truecount_engine::storage::{Reply, Seal, WriteSet};
use truecount_engine::unit::Resolution;

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T100" "failures-in-no-outcome" COUNT_10
        "a failed unit adds to processed, but to no outcome key"
    known_from "taskforcesh/bullmq#3136";
    rules {
        fn outcome_key(&self, resolution: Resolution) -> Option<Key> {
            match resolution {
                Resolution::Failed(_) => None,
                other => Standard.outcome_key(other),
            }
        }
    }

    "T101" "total-in-two-halves" COUNT_02
        "total is half of the plan at first, and is corrected only after that half, so the run completes too early"
    known_from "camunda/camunda#42478";
    rules {
        fn may_complete(&self, run: &Run) -> bool {
            reaches_total(run)
        }
    }
    store {
        fn sealed(&self, store: &mut FaultyStore, seal: &Seal, _: &Run) {
            store.rows.write_run(seal.run, |run| {
                let units = run.head.units;
                run.counts.set(Key::Total, u64::from(units - units / 2));
            });
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            store.rows.write_run(writes.run, |run| {
                if run.counts.or_zero(Key::Processed) > run.counts.or_zero(Key::Total) {
                    run.counts.set(Key::Total, run.head.units.into());
                }
            });
        }

        fn replied(&self, store: &FaultyStore, writes: Option<&WriteSet>, reply: &mut Reply) {
            find_last(store, writes, reply);
        }
    }

    "T102" "processed-is-a-prefix" COUNT_11
        "processed is the number of resolved units before the first unresolved one"
    known_from "Bogdanp/dramatiq#452";
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.addition.is_some() {
                let units = store.rows.units(writes.run).iter();
                let prefix = units.take_while(|unit| unit.resolution.is_some()).count() as u64;
                store.rows.write_run(writes.run, |run| run.counts.set(Key::Processed, prefix));
            }
        }
    }

    "T103" "failing-run-shrinks-total" COUNT_01
        "a run that fails as a whole sets its total to what was processed"
    known_from "nextflow-io/nextflow#5365";
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.status.is_some_and(|status| status.cause.is_some()) {
                store.rows.write_run(writes.run, |run| {
                    if let Some(processed) = run.counts.get(Key::Processed) {
                        run.counts.set(Key::Total, processed);
                    }
                });
            }
        }
    }

    "T104" "retries-are-counted" COUNT_12
        "each retry of a unit adds 1 to total and to processed"
    known_from "nextflow-io/nextflow#5868";
    rules {
        fn books_attempts(&self) -> Option<u8> {
            Some(1)
        }
    }
    store {
        fn asks(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if let (Some(_), Some(addition)) = (writes.retry, &mut writes.addition) {
                addition.outcome = None;
            }
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.retry.is_some() && writes.addition.is_some() {
                store.rows.write_run(writes.run, |run| run.counts.add(Key::Total, 1));
            }
        }
    }

    "T105" "relaunch-totals-the-rest" COUNT_01
        "a planner that runs again in the middle of a run sets total to the number of units that are left"
    known_from "snakemake/snakemake#3014";
    rules {
        fn plans_again(&self, run: &Run) -> bool {
            run.counts.or_zero(Key::Processed) > 0 && !run.all_counted()
        }
    }
    store {
        fn sealed(&self, store: &mut FaultyStore, seal: &Seal, before: &Run) {
            if before.head.sealed {
                let units = store.rows.units(seal.run).iter();
                let left = units.filter(|unit| unit.resolution.is_none()).count() as u64;
                store.rows.write_run(seal.run, |run| run.counts.set(Key::Total, left));
            }
        }
    }

    "T106" "skipped-leave-the-total" COUNT_01
        "a skipped unit is subtracted from total instead of being counted"
    known_from "apache/spark#5550";
    rules {
        fn may_complete(&self, run: &Run) -> bool {
            reaches_total(run)
        }
    }
    store {
        fn asks(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if skips(writes) {
                writes.addition = None;
            }
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if skips(writes) {
                store.rows.write_run(writes.run, |run| {
                    run.counts.set(Key::Total, run.counts.or_zero(Key::Total).saturating_sub(1));
                });
            }
        }

        fn replied(&self, store: &FaultyStore, writes: Option<&WriteSet>, reply: &mut Reply) {
            find_last(store, writes, reply);
        }
    }

    "T107" "skips-add-up" COUNT_10
        "each skipped unit adds all earlier ones to skipped again"
    known_from "spring-projects/spring-batch#941";
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, before: &Run) {
            if skips(writes) {
                store.rows.write_run(writes.run, |run| run.counts.add(Key::Skipped, before.counts.or_zero(Key::Skipped)));
            }
        }
    }

    "T108" "progress-zeroed-at-the-end" LIFE_08
        "the write that ends a run sets processed to 0"
    known_from "temporalio/temporal#3316";
    store {
        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.status.is_some_and(|status| status.outcome.is_some()) {
                store.rows.write_run(writes.run, |run| {
                    if run.counts.get(Key::Processed).is_some() {
                        run.counts.set(Key::Processed, 0);
                    }
                });
            }
        }
    }
}

/// Returns whether a commit resolves units as skipped.
fn skips(writes: &WriteSet) -> bool {
    writes.settle.is_some_and(|settle| matches!(settle.resolution, Resolution::Skipped(_)))
}

/// Returns whether `processed` has reached `total`, whatever the number of units is.
fn reaches_total(run: &Run) -> bool {
    run.head.sealed && run.counts.or_zero(Key::Processed) >= run.counts.or_zero(Key::Total)
}

/// Lets the reply to a commit state that completion must be checked, if `processed` has reached `total`.
fn find_last(store: &FaultyStore, writes: Option<&WriteSet>, reply: &mut Reply) {
    if let (Some(writes), Reply::Committed { maybe_last }) = (writes, reply) {
        *maybe_last |= reaches_total(&store.rows.runs()[writes.run.index()]);
    }
}
