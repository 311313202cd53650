//! The bugs. M numbers are those of the published catalogue of real bugs, T numbers are engines that lie in ways that
//! an attack on the contract turned up.

use truecount_engine::counts::{Counts, Key};
use truecount_engine::delivery::Lease;
use truecount_engine::family::Family;
use truecount_engine::id::{ActorId, RunId};
use truecount_engine::plan::{Input, Plan};
use truecount_engine::progress::Progress;
use truecount_engine::rules::{Rules, Standard, Whence};
use truecount_engine::run::{Outcome, Run};
use truecount_engine::storage::{Load, TotalWrite};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Answer, Reason, Resolution, Verdict, WorkUnit, resolve};

use super::{Mutant, Notebook, Plant, StoreBug, packed, shown};
use crate::clause::Clause;

/// Declares a plant: a unit struct that overrides the decisions given.
macro_rules! plant {
    ($name:ident { $($decision:item)* }) => {
        struct $name;
        impl Plant for $name { $($decision)* }
    };
}

plant!(Nothing {});

plant!(BlindIncrement {
    fn finds_unresolved(&self) -> bool {
        false
    }

    fn leaves_alone(&self, _: &WorkUnit, _: &Notebook) -> bool {
        false
    }
});

plant!(AckBeforeCount {
    fn acks_first(&self) -> bool {
        true
    }

    fn repairs(&self) -> bool {
        false
    }
});

plant!(FailureNotCounted {
    fn settles(&self, resolution: Resolution) -> bool {
        !matches!(resolution, Resolution::Failed(_))
    }
});

plant!(SkipNotCounted {
    fn settles(&self, resolution: Resolution) -> bool {
        !matches!(resolution, Resolution::Skipped(_) | Resolution::Failed(Reason::NotFound))
    }
});

plant!(ZombieCounts {
    fn fences(&self) -> bool {
        false
    }
});

plant!(TotalCountsDuplicates {
    fn plan(&self, family: &dyn Family, input: &Input) -> Plan {
        let mut plan = family.plan(input);
        if plan.keys().len() < input.objects.len() {
            plan = Plan::as_given(&input.objects);
        }
        plan
    }
});

plant!(PlanShrinks {
    fn plan(&self, family: &dyn Family, input: &Input) -> Plan {
        let plan = family.plan(input);
        Plan::as_given(&plan.keys()[..plan.keys().len() - usize::from(plan.keys().len() > 1)])
    }
});

plant!(TotalReAdded {
    fn plans_again(&self, _: &Run) -> bool {
        true
    }
});

plant!(TotalAfterDispatch {
    fn total_with_plan(&self) -> TotalWrite {
        TotalWrite::Leave
    }

    fn seals_with_jobs(&self) -> bool {
        false
    }
});

plant!(UnsealedCompletion {
    fn may_complete(&self, run: &Run) -> bool {
        let processed = run.counts.or_zero(Key::Processed);
        run.head.sealed && processed + 1 >= u64::from(run.head.units)
    }

    fn looks_for_completion(&self, _: Whence, planned: Option<u32>) -> bool {
        planned != Some(0)
    }
});

plant!(ExactEquality {
    fn finds_unresolved(&self) -> bool {
        false
    }

    fn leaves_alone(&self, _: &WorkUnit, _: &Notebook) -> bool {
        false
    }

    fn may_complete(&self, run: &Run) -> bool {
        run.head.sealed && run.counts.or_zero(Key::Processed) == u64::from(run.head.units)
    }
});

plant!(CheckThenComplete {
    fn guards_completion(&self) -> bool {
        false
    }
});

plant!(CompletionLost {
    fn looks_for_completion(&self, whence: Whence, _: Option<u32>) -> bool {
        whence == Whence::Count
    }
});

plant!(EmptyNeverEnds {
    fn looks_for_completion(&self, _: Whence, planned: Option<u32>) -> bool {
        planned != Some(0)
    }
});

plant!(ProgressIsSucceeded {
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
});

plant!(AttemptsCounted {
    fn counts_attempts(&self) -> bool {
        true
    }
});

plant!(MembershipLeak {
    fn counts_strangers(&self) -> bool {
        true
    }
});

plant!(StateExpires {
    fn prunable(&self, from: RunId, _: Millis) -> Load {
        Load::NextActive { from, tenant: None }
    }
});

plant!(ResolvesWithoutAsking {
    fn resolve(&self, answer: Answer) -> Verdict {
        match resolve(answer) {
            Verdict::Resolved(_) => Verdict::Resolved(Resolution::Succeeded),
            Verdict::Retry => Verdict::Retry,
        }
    }
});

plant!(FailureTalliedAsSuccess {
    fn outcome_key(&self, _: Resolution) -> Option<Key> {
        Some(Key::Succeeded)
    }
});

plant!(SuccessOverFailure {
    fn outcome(&self, _: &Counts) -> Outcome {
        Outcome::Succeeded
    }
});

plant!(AlwaysActivity {
    fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
        match Standard.shows(run, phase) {
            Progress::Counted { .. } => Progress::Activity,
            other => other,
        }
    }
});

plant!(ActsTwice {
    fn effect_salt(&self, lease: Lease) -> u32 {
        lease.fence.0
    }
});

plant!(NoDeduplication {
    fn deduplicates(&self) -> bool {
        false
    }
});

plant!(FailureNamesPeople {
    fn failure_detail(&self) -> Option<ActorId> {
        Some(ActorId(0))
    }
});

plant!(DiagnosticsOnSurface {
    fn shows_diagnostics(&self) -> bool {
        true
    }
});

plant!(FailureCountsTwice {
    fn outcome_key(&self, resolution: Resolution) -> Option<Key> {
        match resolution {
            Resolution::Failed(_) => Some(Key::Processed),
            other => Standard.outcome_key(other),
        }
    }
});

plant!(GivesUpAtOnce {
    fn gives_up(&self, _: u8, _: u8) -> bool {
        true
    }
});

plant!(OneTryMore {
    fn gives_up(&self, attempt: u8, attempt_limit: u8) -> bool {
        attempt > attempt_limit
    }
});

plant!(EmptyFails {
    fn outcome(&self, counts: &Counts) -> Outcome {
        if counts.get(Key::Total) == Some(0) { Outcome::Failed } else { Standard.outcome(counts) }
    }
});

macro_rules! mutants {
    ($($id:literal $name:literal $clause:ident $plant:expr, $store:expr, $does:literal;)*) => {
        /// Every mutant.
        pub const CATALOGUE: &[Mutant] = &[$(Mutant {
            id: $id, name: $name, does: $does, clause: Clause::$clause, plant: &$plant, store: $store,
        },)*];
    };
}

mutants! {
    "M01" "blind-increment" COUNT_06 BlindIncrement, StoreBug::None,
        "each finished delivery adds 1, whatever the ledger says";
    "M07" "lost-update" COUNT_11 Nothing, StoreBug::LostUpdate,
        "a worker reads the counts, adds 1, and writes them back over those of another";
    "M10" "ack-before-count" LIFE_10 AckBeforeCount, StoreBug::None,
        "a delivery is acknowledged before its work, and no sweep looks after it";
    "M12" "failure-not-counted" COUNT_18 FailureNotCounted, StoreBug::None,
        "only the way of success counts";
    "M13" "skip-not-counted" COUNT_18 SkipNotCounted, StoreBug::None,
        "an archived or missing object returns early";
    "M16" "zombie-counts" LIFE_11 ZombieCounts, StoreBug::None,
        "a worker whose lease was given to another still writes";
    "M17" "total-counts-duplicates" COUNT_02 TotalCountsDuplicates, StoreBug::None,
        "an object asked for twice is planned twice";
    "M18" "plan-shrinks" COUNT_02 PlanShrinks, StoreBug::None,
        "a unit falls silently out of the plan";
    "M19" "total-re-added" COUNT_01 TotalReAdded, StoreBug::None,
        "a planner that runs again adds to total again";
    "M20" "total-after-dispatch" COUNT_04 TotalAfterDispatch, StoreBug::None,
        "jobs go out before total is known";
    "M23" "unsealed-completion" LIFE_05 UnsealedCompletion, StoreBug::None,
        "a run completes with a unit left";
    "M25+M01" "exact-equality" COUNT_06 ExactEquality, StoreBug::None,
        "counts blindly, and completes only if processed is exactly total";
    "M27" "check-then-complete" LIFE_02 CheckThenComplete, StoreBug::None,
        "two finishers both read that all is done, and both complete";
    "M30" "completion-lost" LIFE_15 CompletionLost, StoreBug::None,
        "only the delivery that counted the last unit completes; if it dies, nobody does";
    "M36" "empty-never-ends" LIFE_07 EmptyNeverEnds, StoreBug::None,
        "no unit, no event, no completion";
    "M38" "progress-is-succeeded" PROG_07 ProgressIsSucceeded, StoreBug::None,
        "a surface shows successes for progress";
    "M40" "attempts-counted" COUNT_12 AttemptsCounted, StoreBug::None,
        "each attempt advances processed";
    "M42" "membership-leak" COUNT_09 MembershipLeak, StoreBug::None,
        "work for a unit outside the plan counts";
    "M44" "state-expires" LIFE_14 StateExpires, StoreBug::None,
        "rows are pruned by age while their run goes on";
    "M32" "notify-lost" NOTE_03 shown::NotifyLost, StoreBug::None,
        "the run ends, and nobody is told";
    "M33" "notify-twice" NOTE_02 shown::NotifiedTwice, StoreBug::None,
        "a notice that is sent again is there again";
    "T01" "resolves-without-asking" COUNT_17 ResolvesWithoutAsking, StoreBug::None,
        "whatever the world says, the unit has succeeded";
    "T02" "failure-tallied-as-success" COUNT_10 FailureTalliedAsSuccess, StoreBug::None,
        "every unit adds to succeeded";
    "T03" "success-over-failure" LIFE_04 SuccessOverFailure, StoreBug::None,
        "the outcome is succeeded, also over a failed unit";
    "T04" "always-activity" PROG_07 AlwaysActivity, StoreBug::None,
        "a counted run is shown as mere activity";
    "T05" "acts-twice" COUNT_19 ActsTwice, StoreBug::None,
        "each delivery asks for the effect under a key of its own";
    "T06" "no-deduplication" LIFE_06 NoDeduplication, StoreBug::None,
        "a second request of the same identity starts a second run";
    "T07" "failure-names-people" LIFE_12 FailureNamesPeople, StoreBug::None,
        "a failure record names the actor";
    "T08" "diagnostics-on-surface" PROG_12 DiagnosticsOnSurface, StoreBug::None,
        "an item of a surface carries a reason code";
    "T09" "failure-counts-twice" COUNT_06 FailureCountsTwice, StoreBug::None,
        "a failed unit adds 2 to processed";
    "T10" "surface-of-all" VIS_01 shown::SurfaceOfAll, StoreBug::None,
        "a tenant's surface shows the runs of all tenants";
    "T11" "grant-not-asked" VIS_02 shown::GrantNotAsked, StoreBug::None,
        "a surface shows runs to whom the policy grants nothing";
    "T12" "forbidden-is-said" VIS_03 shown::ForbiddenIsSaid, StoreBug::None,
        "a run that may not be seen is answered otherwise than one that is not there";
    "T13" "tenantless-shows-all" VIS_04 shown::TenantlessShowsAll, StoreBug::None,
        "a surface with no tenant shows everybody's runs";
    "T14" "shows-nothing" VIS_05 shown::ShowsNothing, StoreBug::None,
        "a surface shows nothing";
    "T15" "announced-twice" NOTE_01 shown::AnnouncedTwice, StoreBug::None,
        "an accepted run is announced twice";
    "T16" "toast-links-elsewhere" NOTE_04 shown::ToastLinksElsewhere, StoreBug::None,
        "the queued toast links to another run";
    "T17" "notice-says-successes" NOTE_05 shown::NoticeSaysAllDone, StoreBug::None,
        "a notice tells of successes as if they were all that was done";
    "T18" "stores-failures" ARTF_03 shown::StoresFailures, StoreBug::None,
        "an item whose unit did not succeed is stored all the same";
    "T19" "gives-up-at-once" LIFE_16 GivesUpAtOnce, StoreBug::None,
        "the first retriable answer ends a unit, or the run";
    "T20" "one-try-more" COUNT_20 OneTryMore, StoreBug::None,
        "the world is asked once more than the limit allows";
    "T21" "empty-fails" COUNT_13 EmptyFails, StoreBug::None,
        "a run of no units has failed";
    "T22" "packs-failures" ARTF_01 packed::PacksFailures, StoreBug::None,
        "what was staged for a unit that failed in the end is packed all the same";
    "T23" "manifest-of-successes" ARTF_01 packed::ListsSuccesses, StoreBug::None,
        "the manifest leaves out what was not done";
    "T24" "signed-by-the-job" ARTF_01 packed::SignedByTheJob, StoreBug::None,
        "the bytes of a pack tell which job packed it";
    "T25" "renames-blindly" ARTF_01 packed::RenamesBlindly, StoreBug::None,
        "a file that was written in part is published";
    "T26" "never-renamed" ARTF_01 packed::NeverRenamed, StoreBug::None,
        "the terminal write names a file that stays in the staging area";
    "T27" "publishes-failed" ARTF_02 packed::PublishesFailed, StoreBug::None,
        "a failed run names a pack";
    "T28" "serves-unnamed" ARTF_02 packed::ServesUnnamed, StoreBug::None,
        "a reader is given a renamed file before the run is terminal";
}
