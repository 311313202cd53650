//! The catalogue. M numbers are those of the published catalogue of real bugs, T numbers are engines that lie in ways
//! that an attack on the contract turned up, or that a clause had no bug for.

use super::{Mutant, StoreBug, counted, packed, shown};
use truecount_contract::clause::Clause;

macro_rules! mutants {
    ($($id:literal $name:literal $clause:ident $plant:expr, $store:expr, $does:literal;)*) => {
        /// Every mutant.
        pub const CATALOGUE: &[Mutant] = &[$(Mutant {
            id: $id, name: $name, does: $does, clause: Clause::$clause, plant: &$plant, store: $store,
        },)*];
    };
}

mutants! {
    "M01" "blind-increment" COUNT_06 counted::BlindIncrement, StoreBug::None,
        "each finished delivery adds 1, whatever the ledger says";
    "M07" "lost-update" COUNT_11 counted::Nothing, StoreBug::LostUpdate,
        "a worker reads the counts, adds 1, and writes them back over those of another";
    "M10" "ack-before-count" LIFE_10 counted::AckBeforeCount, StoreBug::None,
        "a delivery is acknowledged before its work, and no sweep looks after it";
    "M12" "failure-not-counted" COUNT_18 counted::FailureNotCounted, StoreBug::None,
        "only the way of success counts";
    "M13" "skip-not-counted" COUNT_18 counted::SkipNotCounted, StoreBug::None,
        "an archived or missing object returns early";
    "M16" "zombie-counts" LIFE_11 counted::ZombieCounts, StoreBug::None,
        "a worker whose lease was given to another still writes";
    "M17" "total-counts-duplicates" COUNT_02 counted::TotalCountsDuplicates, StoreBug::None,
        "an object asked for twice is planned twice";
    "M18" "plan-shrinks" COUNT_02 counted::PlanShrinks, StoreBug::None,
        "a unit falls silently out of the plan";
    "M19" "total-re-added" COUNT_01 counted::TotalReAdded, StoreBug::None,
        "a planner that runs again adds to total again";
    "M20" "total-after-dispatch" COUNT_04 counted::TotalAfterDispatch, StoreBug::None,
        "jobs go out before total is known";
    "M23" "unsealed-completion" LIFE_05 counted::UnsealedCompletion, StoreBug::None,
        "a run completes with a unit left";
    "M25+M01" "exact-equality" COUNT_06 counted::ExactEquality, StoreBug::None,
        "counts blindly, and completes only if processed is exactly total";
    "M27" "check-then-complete" LIFE_02 counted::CheckThenComplete, StoreBug::None,
        "two finishers both read that all is done, and both complete";
    "M30" "completion-lost" LIFE_15 counted::CompletionLost, StoreBug::None,
        "only the delivery that counted the last unit completes; if it dies, nobody does";
    "M36" "empty-never-ends" LIFE_07 counted::EmptyNeverEnds, StoreBug::None,
        "no unit, no event, no completion";
    "M38" "progress-is-succeeded" PROG_07 counted::ProgressIsSucceeded, StoreBug::None,
        "a surface shows successes for progress";
    "M40" "attempts-counted" COUNT_12 counted::AttemptsCounted, StoreBug::None,
        "each attempt advances processed";
    "M42" "membership-leak" COUNT_09 counted::MembershipLeak, StoreBug::None,
        "work for a unit outside the plan counts";
    "M44" "state-expires" LIFE_14 counted::StateExpires, StoreBug::None,
        "rows are pruned by age while their run goes on";
    "M32" "notify-lost" NOTE_03 shown::NotifyLost, StoreBug::None,
        "the run ends, and nobody is told";
    "M33" "notify-twice" NOTE_02 shown::NotifiedTwice, StoreBug::None,
        "a notice that is sent again is there again";
    "T01" "resolves-without-asking" COUNT_17 counted::ResolvesWithoutAsking, StoreBug::None,
        "whatever the world says, the unit has succeeded";
    "T02" "failure-tallied-as-success" COUNT_10 counted::FailureTalliedAsSuccess, StoreBug::None,
        "every unit adds to succeeded";
    "T03" "success-over-failure" LIFE_04 counted::SuccessOverFailure, StoreBug::None,
        "the outcome is succeeded, also over a failed unit";
    "T04" "always-activity" PROG_07 counted::AlwaysActivity, StoreBug::None,
        "a counted run is shown as mere activity";
    "T05" "acts-twice" COUNT_19 counted::ActsTwice, StoreBug::None,
        "each delivery asks for the effect under a key of its own";
    "T06" "no-deduplication" LIFE_06 counted::NoDeduplication, StoreBug::None,
        "a second request of the same identity starts a second run";
    "T07" "failure-names-people" LIFE_12 counted::FailureNamesPeople, StoreBug::None,
        "a failure record names the actor";
    "T08" "diagnostics-on-surface" PROG_12 counted::DiagnosticsOnSurface, StoreBug::None,
        "an item of a surface carries a reason code";
    "T09" "failure-counts-twice" COUNT_06 counted::FailureCountsTwice, StoreBug::None,
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
    "T19" "gives-up-at-once" LIFE_16 counted::GivesUpAtOnce, StoreBug::None,
        "the first retryable answer ends a unit, or the run";
    "T20" "one-try-more" COUNT_21 counted::OneTryMore, StoreBug::None,
        "the world is asked once more than the limit allows";
    "T21" "empty-fails" COUNT_13 counted::EmptyFails, StoreBug::None,
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
    "M02" "worker-local-dedupe" COUNT_06 counted::RemembersInTheWorker, StoreBug::None,
        "what was counted is remembered in the worker, and forgotten with it";
    "M03" "payload-dedupe" COUNT_06 counted::DropsEqualResults, StoreBug::None,
        "a delivery is a duplicate if its result is the same; another result counts again";
    "M04" "attempt-id-dedupe" COUNT_06 counted::KnowsJobsNotUnits, StoreBug::None,
        "a delivery is a duplicate if its job is the same; the same unit under a new job id counts again";
    "M06" "over-dedupe" COUNT_16 counted::KnowsObjectsNotRuns, StoreBug::None,
        "what another run has counted is dropped as a duplicate";
    "M08" "whole-row-save" COUNT_05 counted::Nothing, StoreBug::SavesWholeRow,
        "a worker saves the whole row as it read it, with its own unit added";
    "M09" "count-before-commit" COUNT_11 counted::Nothing, StoreBug::CountsRefused,
        "the count is a transaction of its own, and stays when the work is refused";
    "M11" "count-error-swallowed" COUNT_11 counted::Nothing, StoreBug::LosesCounts,
        "the count of a redelivered job fails, and nobody minds";
    "M15" "timeout-path-bypass" COUNT_11 counted::AbandonsUncounted, StoreBug::None,
        "units whose deliveries are used up fail without being counted";
    "M26+M01" "clamp" COUNT_06 counted::BlindIncrement, StoreBug::Clamps,
        "each delivery counts, and processed is cut off at total";
    "M29" "unguarded-second-path" LIFE_02 counted::SweepsUnguarded, StoreBug::None,
        "the sweep completes a run without asking whether it changed since it was read";
    "M31" "redelivery-recompletes" LIFE_02 counted::CompletesAgain, StoreBug::None,
        "a duplicate of the last delivery sees that all is done, and completes again";
    "M34" "late-resurrects" LIFE_13 counted::LateResurrects, StoreBug::None,
        "a late delivery of a terminal run counts its unit";
    "M37" "empty-ends-twice" LIFE_02 counted::EmptyEndsTwice, StoreBug::None,
        "a run without units is completed by its planner, and again by the next delivery";
    "M39" "outcome-double-booked" COUNT_10 counted::BooksEachFailure, StoreBug::None,
        "a retryable answer is booked as a failure, and the success after it as well";
    "M43" "retry-leaves-run" COUNT_17 counted::RetriesElsewhere, StoreBug::None,
        "what is to be tried again leaves the run, where it is a success";
    "M45" "stale-view-recount" COUNT_06 counted::Nothing, StoreBug::StaleUnits,
        "a worker reads a copy that lags by one commit, and counts what was counted";
    "T29" "sweep-ends-what-is-old" COUNT_07 counted::SweepEndsWhatIsOld, StoreBug::None,
        "the sweep completes every run with a plan, whatever is left of it";
    "T30" "last-write-wins" COUNT_15 counted::LastWriteWins, StoreBug::None,
        "a redelivery writes its own resolution over the first";
    "T31" "total-forgets-the-missing" COUNT_08 counted::Nothing, StoreBug::ForgetsMissing,
        "a unit that is missing is taken out of total";
    "T32" "counts-at-the-ack" COUNT_14 counted::Nothing, StoreBug::CountsLateAcks,
        "acknowledging a job of a terminal run adds 1 to processed";
    "T33" "queued-again" LIFE_01 counted::Nothing, StoreBug::QueuesAgain,
        "a retry puts the run back to queued";
    "T34" "terminal-merge" LIFE_08 counted::Nothing, StoreBug::MergesAtTheEnd,
        "the terminal write sets processed to what succeeded";
    "T35" "failed-still-progressing" LIFE_09 shown::FailedStillProgressing, StoreBug::None,
        "a failed run is shown at the count that it had reached";
    "T36" "surface-of-a-replica" PROG_08 counted::Nothing, StoreBug::StaleSurface,
        "every other rendering reads a copy that lags by one commit";
    "T37" "views-are-noted" PROG_09 shown::ViewsAreNoted, StoreBug::None,
        "a rendering writes into the run's row that it was looked at";
    "T38" "count-of-two-versions" PROG_10 counted::Nothing, StoreBug::TornSurface,
        "a surface takes processed from a copy that lags, and all else from the row";
    "T39" "everything-is-accepted" LIFE_06 counted::TakesForItsOwn, StoreBug::None,
        "a request is told that it made the run that another has made";
    "T40" "clears-what-it-named" ARTF_01 packed::ClearsEverything, StoreBug::None,
        "the published pack is cleared away with what was staged";
    "T41" "row-lost" COUNT_11 counted::Nothing, StoreBug::LosesRows,
        "a unit is counted, and its ledger row is lost";
    "T42" "name-lost" ARTF_01 counted::Nothing, StoreBug::LosesNames,
        "the terminal write loses the name of the pack";
    "T43" "summary-kept-raw" KEYS_05 counted::Nothing, StoreBug::KeepsRawSummary,
        "a summary is stored as it was handed in, with a tenth key";
    "T44" "retries-at-once" LIFE_17 counted::RetriesAtOnce, StoreBug::None,
        "a throttled unit is tried again without its back-off";
    "T45" "acks-before-work" LIFE_07 counted::AcksFirst, StoreBug::None,
        "a job is acknowledged before its work, so that a retry is nobody's until the sweep comes by";
    "T46" "key-with-version" COUNT_20 counted::KeyWithVersion, StoreBug::None,
        "the idempotency key holds the object's version: a redelivered unit takes the response of now, not its first";
    "T47" "forgets-hand-back" LIFE_17 counted::ForgetsHandBacks, StoreBug::None,
        "a worker whose retry lost its reply forgets that it gave the job back, and asks again";
    "T48" "repairs-what-is-carried" LIFE_18 counted::Nothing, StoreBug::OrphansCarriedWork,
        "the sweeper creates a job for work whose job is waiting";
    "T49" "forgets-ended-requests" LIFE_19 counted::Nothing, StoreBug::ForgetsEndedRequests,
        "a request is forgotten once its run is terminal; sent again, it creates another run";
}
