//! Bugs of real engines, with their numbers in the published catalogue. They do not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::family::Family;
use truecount_engine::id::RunId;
use truecount_engine::plan::{Input, Plan};
use truecount_engine::progress::Progress;
use truecount_engine::rules::{CompletionTrigger, Rules, Standard, Visit};
use truecount_engine::run::Run;
use truecount_engine::storage::{Load, Reply, TotalWrite, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Failure, Resolution};

use super::mutants;
use crate::Notebook;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "M01" "blind-increment" COUNT_06
        "each finished delivery adds 1, whatever the ledger states"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, _: &Visit<'_>, _: &Notebook) -> bool {
            false
        }
    }

    "M07" "lost-update" COUNT_11
        "a worker reads the counts, adds 1 and writes them back over the counts of another worker"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, _: &mut Reply) {
            store.keep_read(load);
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            store.write_back(writes, |row, old| row.counts = old.counts);
        }
    }

    "M10" "ack-before-count" LIFE_10
        "a delivery is acknowledged before its work, and no sweeper repairs the lost work"
    rules {
        fn acks_first(&self) -> bool {
            true
        }

        fn repairs(&self) -> bool {
            false
        }
    }

    "M12" "failure-not-counted" COUNT_18
        "only units that succeed or are skipped are counted"
    rules {
        fn settles(&self, resolution: Resolution) -> bool {
            !matches!(resolution, Resolution::Failed(_))
        }
    }

    "M13" "skip-not-counted" COUNT_18
        "units that are skipped or whose object is missing are not counted"
    rules {
        fn settles(&self, resolution: Resolution) -> bool {
            !matches!(resolution, Resolution::Skipped(_) | Resolution::Failed(Failure::NotFound))
        }
    }

    "M16" "zombie-counts" LIFE_11
        "a worker still writes although its job was leased to another worker"
    rules {
        fn fences(&self) -> bool {
            false
        }
    }

    "M17" "total-counts-duplicates" COUNT_02
        "an object that is requested twice is planned twice"
    known_from "restic/restic#3232";
    rules {
        fn plan(&self, family: &Family, input: &Input) -> Plan {
            let mut plan = family.plan(input);
            if plan.keys().len() < input.objects.len() {
                plan = Plan::as_given(&input.objects);
            }
            plan
        }
    }

    "M18" "plan-shrinks" COUNT_02
        "a unit silently drops out of the plan"
    rules {
        fn plan(&self, family: &Family, input: &Input) -> Plan {
            let plan = family.plan(input);
            Plan::as_given(&plan.keys()[..plan.keys().len() - usize::from(plan.keys().len() > 1)])
        }
    }

    "M19" "total-re-added" COUNT_01
        "a planner that runs again adds to total again"
    rules {
        fn plans_again(&self, _: &Run) -> bool {
            true
        }
    }

    "M20" "total-after-dispatch" COUNT_04
        "jobs are dispatched before total is known"
    rules {
        fn total_with_plan(&self) -> TotalWrite {
            TotalWrite::Leave
        }

        fn seals_with_jobs(&self) -> bool {
            false
        }
    }

    "M23" "unsealed-completion" COUNT_07
        "a run completes with one unit left"
    rules {
        fn may_complete(&self, run: &Run) -> bool {
            let processed = run.counts.or_zero(Key::Processed);
            run.head.sealed && processed + 1 >= u64::from(run.head.units)
        }
    }

    "M25+M01" "exact-equality" COUNT_06
        "each delivery counts, and the run completes only if processed equals total exactly"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, _: &Visit<'_>, _: &Notebook) -> bool {
            false
        }

        fn may_complete(&self, run: &Run) -> bool {
            run.head.sealed && run.counts.or_zero(Key::Processed) == u64::from(run.head.units)
        }
    }

    "M27" "check-then-complete" LIFE_02
        "two finishers both read that all units are resolved, and both complete the run"
    rules {
        fn guards_completion(&self, _: bool) -> bool {
            false
        }
    }

    "M30" "completion-lost" LIFE_15
        "only the delivery that counted the last unit can complete the run, even if that delivery crashes"
    rules {
        fn checks_completion(&self, trigger: CompletionTrigger, _: Option<u32>) -> bool {
            trigger == CompletionTrigger::Count
        }
    }

    "M36" "empty-never-ends" LIFE_07
        "a run without units never completes"
    rules {
        fn checks_completion(&self, _: CompletionTrigger, planned: Option<u32>) -> bool {
            planned != Some(0)
        }
    }

    "M38" "progress-is-succeeded" PROG_07
        "a surface shows the number of successes as progress"
    rules {
        fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
            match Standard.shows(run, phase) {
                Progress::Counted { total, .. } => {
                    let processed = run.counts.or_zero(Key::Succeeded);
                    let percent = truecount_engine::progress::percent(processed, total).unwrap_or(0);
                    Progress::Counted { processed, total, percent }
                }
                other => other,
            }
        }
    }

    "M40" "attempts-counted" COUNT_12
        "each attempt adds 1 to processed"
    rules {
        fn books_attempts(&self) -> Option<u8> {
            Some(1)
        }
    }

    "M42" "membership-leak" COUNT_09
        "work for a unit outside the plan counts"
    rules {
        fn counts_unplanned_units(&self) -> bool {
            true
        }
    }

    "M44" "state-expires" LIFE_14
        "rows are pruned by age while their run is active"
    rules {
        fn prunable(&self, from: RunId, _: Millis) -> Load {
            Load::NextActive { from, tenant: None }
        }
    }

    "M32" "notify-lost" NOTE_03
        "the run ends, but no notice is sent"
    rules {
        fn notifies(&self) -> bool {
            false
        }
    }

    "M33" "notify-twice" NOTE_02
        "a notice that is sent again appears twice"
    rules {
        fn marks_sent_with_letter(&self) -> bool {
            false
        }

        fn keys_letters(&self) -> bool {
            false
        }
    }
}
