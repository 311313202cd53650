//! Bugs of planning, counting and ending.

use truecount_engine::counts::{Counts, Key};
use truecount_engine::delivery::{Lease, RetryPolicy};
use truecount_engine::family::Family;
use truecount_engine::id::{ActorId, RunId};
use truecount_engine::plan::{Input, Plan};
use truecount_engine::progress::Progress;
use truecount_engine::rules::{Again, CompletionTrigger, Rules, Standard, Visit};
use truecount_engine::run::{Head, Outcome, Run, Status};
use truecount_engine::storage::{Load, Same, TotalWrite};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Failure, Meaning, Resolution, Response, resolve};

use super::{Notebook, Plant, plant};

plant! {
    Nothing {}

    BlindIncrement {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, _: &Visit<'_>, _: &Notebook) -> bool {
            false
        }
    }

    AckBeforeCount {
        fn acks_first(&self) -> bool {
            true
        }

        fn repairs(&self) -> bool {
            false
        }
    }

    AcksFirst {
        fn acks_first(&self) -> bool {
            true
        }
    }

    FailureNotCounted {
        fn settles(&self, resolution: Resolution) -> bool {
            !matches!(resolution, Resolution::Failed(_))
        }
    }

    SkipNotCounted {
        fn settles(&self, resolution: Resolution) -> bool {
            !matches!(resolution, Resolution::Skipped(_) | Resolution::Failed(Failure::NotFound))
        }
    }

    ZombieCounts {
        fn fences(&self) -> bool {
            false
        }
    }

    TotalCountsDuplicates {
        fn plan(&self, family: &Family, input: &Input) -> Plan {
            let mut plan = family.plan(input);
            if plan.keys().len() < input.objects.len() {
                plan = Plan::as_given(&input.objects);
            }
            plan
        }
    }

    PlanShrinks {
        fn plan(&self, family: &Family, input: &Input) -> Plan {
            let plan = family.plan(input);
            Plan::as_given(&plan.keys()[..plan.keys().len() - usize::from(plan.keys().len() > 1)])
        }
    }

    TotalReAdded {
        fn plans_again(&self, _: &Run) -> bool {
            true
        }
    }

    TotalAfterDispatch {
        fn total_with_plan(&self) -> TotalWrite {
            TotalWrite::Leave
        }

        fn seals_with_jobs(&self) -> bool {
            false
        }
    }

    UnsealedCompletion {
        fn may_complete(&self, run: &Run) -> bool {
            let processed = run.counts.or_zero(Key::Processed);
            run.head.sealed && processed + 1 >= u64::from(run.head.units)
        }

        fn looks_for_completion(&self, _: CompletionTrigger, planned: Option<u32>) -> bool {
            planned != Some(0)
        }
    }

    ExactEquality {
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

    CheckThenComplete {
        fn guards_completion(&self, _: bool) -> bool {
            false
        }
    }

    CompletionLost {
        fn looks_for_completion(&self, trigger: CompletionTrigger, _: Option<u32>) -> bool {
            trigger == CompletionTrigger::Count
        }
    }

    EmptyNeverEnds {
        fn looks_for_completion(&self, _: CompletionTrigger, planned: Option<u32>) -> bool {
            planned != Some(0)
        }
    }

    ProgressIsSucceeded {
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

    AttemptsCounted {
        fn books_attempts(&self) -> Option<u8> {
            Some(1)
        }
    }

    MembershipLeak {
        fn counts_unplanned_units(&self) -> bool {
            true
        }
    }

    RetriesAtOnce {
        fn waits(&self, _: &RetryPolicy, _: u8) -> Millis {
            Millis(0)
        }
    }

    StateExpires {
        fn prunable(&self, from: RunId, _: Millis) -> Load {
            Load::NextActive { from, tenant: None }
        }
    }

    ResolvesWithoutAsking {
        fn resolve(&self, response: Response) -> Meaning {
            match resolve(response) {
                Meaning::Resolved(_) => Meaning::Resolved(Resolution::Succeeded),
                Meaning::Retry => Meaning::Retry,
            }
        }
    }

    FailureTalliedAsSuccess {
        fn outcome_key(&self, _: Resolution) -> Option<Key> {
            Some(Key::Succeeded)
        }
    }

    SuccessOverFailure {
        fn outcome(&self, _: &Counts) -> Outcome {
            Outcome::Succeeded
        }
    }

    AlwaysActivity {
        fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
            match Standard.shows(run, phase) {
                Progress::Counted { .. } => Progress::Activity,
                other => other,
            }
        }
    }

    KeyWithVersion {
        fn effect_salt(&self, _: Lease, version: u32) -> u32 {
            version
        }
    }

    ForgetsHandBacks {
        fn remembers_hand_backs(&self) -> bool {
            false
        }
    }

    ActsTwice {
        fn effect_salt(&self, lease: Lease, _: u32) -> u32 {
            lease.fence.0
        }
    }

    NoDeduplication {
        fn deduplicates(&self) -> bool {
            false
        }
    }

    FailureNamesPeople {
        fn failure_detail(&self) -> Option<ActorId> {
            Some(ActorId(0))
        }
    }

    DiagnosticsOnSurface {
        fn shows_diagnostics(&self) -> bool {
            true
        }
    }

    FailureCountsTwice {
        fn outcome_key(&self, resolution: Resolution) -> Option<Key> {
            match resolution {
                Resolution::Failed(_) => Some(Key::Processed),
                other => Standard.outcome_key(other),
            }
        }
    }

    GivesUpAtOnce {
        fn gives_up(&self, _: u8, _: u8) -> bool {
            true
        }
    }

    OneTryMore {
        fn gives_up(&self, attempt: u8, attempt_limit: u8) -> bool {
            attempt > attempt_limit
        }
    }

    EmptyFails {
        fn outcome(&self, counts: &Counts) -> Outcome {
            if counts.get(Key::Total) == Some(0) { Outcome::Failed } else { Standard.outcome(counts) }
        }
    }

    RemembersInTheWorker {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, visit: &Visit<'_>, memory: &Notebook) -> bool {
            memory.iter().any(|(run, unit, _)| (*run, *unit) == (visit.loaded.head.run, visit.loaded.ix))
        }
    }

    DropsEqualResults {
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

    KnowsJobsNotUnits {
        fn finds_unresolved(&self) -> bool {
            false
        }

        fn leaves_alone(&self, visit: &Visit<'_>, _: &Notebook) -> bool {
            // A job that was delivered before is known; one under a new id is not.
            visit.delivery > 1 && visit.loaded.unit.resolution.is_some()
        }
    }

    KnowsObjectsNotRuns {
        fn leaves_alone(&self, visit: &Visit<'_>, memory: &Notebook) -> bool {
            let other = |(run, _, object): &(RunId, _, _)| {
                *run != visit.loaded.head.run && *object == visit.loaded.unit.object
            };
            visit.loaded.unit.resolution.is_some() || memory.iter().any(other)
        }
    }

    AbandonsUncounted {
        fn counts_abandoned(&self) -> bool {
            false
        }
    }

    SweepsUnguarded {
        fn guards_completion(&self, swept: bool) -> bool {
            !swept
        }
    }

    CompletesAgain {
        fn leaves_terminal(&self, _: &Head) -> bool {
            false
        }
    }

    LateResurrects {
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

    EmptyEndsTwice {
        fn leaves_terminal(&self, head: &Head) -> bool {
            head.units != 0
        }
    }

    BooksEachFailure {
        fn books_attempts(&self) -> Option<u8> {
            Some(0)
        }
    }

    RetriesElsewhere {
        fn resolve(&self, response: Response) -> Meaning {
            match resolve(response) {
                Meaning::Retry => Meaning::Resolved(Resolution::Succeeded),
                Meaning::Resolved(resolution) => Meaning::Resolved(resolution),
            }
        }
    }

    LastWriteWins {
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

    SweepEndsWhatIsOld {
        fn may_complete(&self, run: &Run) -> bool {
            run.head.sealed
        }

        fn looks_for_completion(&self, trigger: CompletionTrigger, planned: Option<u32>) -> bool {
            trigger == CompletionTrigger::Sweep || planned == Some(0)
        }
    }

    TakesForItsOwn {
        fn is_own(&self, _: Same) -> bool {
            true
        }
    }
}
