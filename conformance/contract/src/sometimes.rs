//! Sometimes assertions: states that must occur somewhere in the gate. A check in which no stalled worker ever woke up
//! shows nothing about stalled workers, even if it passes.
//!
//! A new sometimes assertion requires a line in this table and an arm in [`Hits`]. A test requires an example and a
//! near miss for each assertion. A sometimes assertion is evaluated on the trace alone, so it can concern only facts
//! that events show. It does not judge the engine.

mod artifact;
mod hits;
mod memo;
mod rare;
#[cfg(test)]
mod tests;
mod watch;

pub use hits::Hits;

macro_rules! sometimes {
    ($($variant:ident $id:literal $sentence:literal;)*) => {
        /// A state that must occur somewhere in the gate.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[repr(u8)]
        pub enum Sometimes { $(#[doc = $sentence] $variant,)* }

        impl Sometimes {
            /// Every sometimes assertion.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the name used in reports.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// Returns a sentence that describes the state.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }
        }
    };
}

sometimes! {
    ZombieFencedOff "zombie-settles-after-reclaim" "A worker stalls, another leases its job, and the first is fenced off.";
    ZombieFirst "zombie-first" "A worker stalls past its lease but wakes before another worker leases its job, and its write counts.";
    ZombiePlanner "zombie-planner" "A worker stalls before its plan is sealed, another leases the job, and the first is fenced off.";
    RedeliveryWhileHeld "redelivery-while-held" "A job is delivered again while a worker still holds it.";
    TwoJobsForOneUnit "two-jobs-for-one-unit" "Two workers hold the same unit at once, under two job ids.";
    DuplicateDelivery "duplicate-delivery-of-a-counted-unit" "A job is delivered although its unit has already been counted.";
    DeliveryToTerminalRun "delivery-to-a-terminal-run" "A job is delivered although its run has ended.";
    DeliveryBeyondTheLimit "delivery-beyond-the-limit" "A job is delivered one time more than its family allows.";
    LateDeliveryAcknowledged "late-delivery-acknowledged" "A job is delivered after its run has ended, and is acknowledged.";
    RedeliveredAfterLease "redelivered-after-its-lease" "A job that was neither acknowledged nor handed back is delivered again once its lease has ended.";
    RetriedAfterBackOff "retried-after-its-back-off" "A job that was handed back is delivered again once its declared back-off is over.";
    AbandonedByLateDelivery "abandoned-by-a-delivery-beyond-the-limit" "A job that is delivered beyond the delivery limit abandons a unit that it still carries.";
    UnplannedUnitAcknowledged "unplanned-unit-acknowledged" "A job for a unit outside the plan is delivered and acknowledged.";
    CountedByLaterDelivery "counted-by-a-later-delivery" "A unit is counted by a delivery other than the first of its job.";

    LostReplyOfCount "reply-lost-after-count" "A count is durable, but its worker loses the reply.";
    LostReplyOfPlan "reply-lost-after-plan" "A plan is sealed, but its worker loses the reply.";
    LostReplyOfRetry "reply-lost-after-retry" "A job is handed back for a later attempt, but its worker loses the reply.";
    RequestSentAgain "request-sent-again-after-acceptance" "A request is sent again although it has already created a run.";
    RequestTwiceUnderWay "request-under-way-twice" "A request is sent again while it is still under way, and both replies accept it.";
    RequestRepeatedAfterEnd "request-sent-again-after-the-end" "A request is sent again after its run has ended, and the reply names that run.";
    CrashedAfterCount "crash-between-count-and-completion" "The worker that counted the last unit crashes before the run is completed.";
    CrashedAfterCompletion "crash-between-completion-and-acknowledgement" "The worker that completed a run crashes before it acknowledges.";
    CrashedBeforeAck "crash-between-count-and-acknowledgement" "A worker crashes after it has counted a unit and before it acknowledges the job.";
    CrashedAfterEffect "crash-between-effect-and-count" "A worker crashes after a side effect outside the engine is performed and before its unit is counted.";
    EffectFoundAgain "effect-found-by-its-key" "A side effect that the provider has performed is requested again, and its first response is repeated.";
    TryRepeated "try-repeated-after-a-crash" "A worker crashes between a unit's definite response and its count, and another delivery repeats the try.";
    PlannerCrashedBefore "planner-crash-before-commit" "A worker crashes before the plan that it makes is durable.";
    PlannerCrashedAfter "planner-crash-after-commit" "A worker crashes right after its plan has become durable.";
    PlannedByRedelivery "plan-sealed-after-planner-crash" "A plan is sealed after a worker crashed while making it.";
    LastPhaseCrashed "crash-in-the-last-phase" "A worker crashes in the last phase of a run, before that phase is done.";
    PhaseTakenUp "phase-crash-resumes" "A worker crashes in a phase, and a later delivery resumes the same phase.";

    LastTwoTogether "last-two-units-finish-together" "Two workers hold the last two unresolved units at once, and resolve both.";
    CompletedByRedelivery "completion-by-redelivery" "The worker that counted the last unit crashes, and another delivery completes the run.";
    CompletedBySweep "completion-by-sweep" "A run is completed by the sweeper, without a lease.";
    UnitRecreated "job-of-a-unit-recreated" "The sweeper creates a job for an orphaned unit.";
    RunRecreated "job-of-a-run-recreated" "The sweeper creates a job for a run that no job will continue.";
    RepairBesideCarriedWork "repair-beside-carried-work" "The sweeper creates a job for one unit while a job carries another unit of the same run.";
    HealedWithWorkLeft "healed-with-work-left" "Faults stop while a run is still active.";

    PlanningRetried "planning-retried-then-sealed" "Planning receives a retryable response, and the plan is sealed later.";
    PhaseRetried "phase-retried-then-done" "A phase receives a retryable response, and is done later.";
    RetryThenSuccess "retry-then-success" "A unit receives a retryable response, and succeeds later.";
    LastAttemptSucceeds "last-attempt-succeeds" "A unit succeeds in the last attempt that its family allows.";
    RetriesExhausted "retries-exhausted" "A unit uses up its attempts.";
    Abandoned "abandoned-unit" "A unit's job uses up its deliveries.";
    Unplanned "run-failed-unplanned" "A run fails as a whole because its plan could not be made, or a phase could not be finished, within the attempt limit.";
    PlannerLost "run-failed-planner-lost" "A run fails as a whole because its own job used up its deliveries.";
    FailedFast "run-failed-fast" "A run fails at a failed unit and leaves other units unresolved.";
    FailedFastBesideWork "run-failed-fast-beside-work" "A run fails at a failed unit while another worker holds the job of one of its unresolved units.";
    EmptyPlanCompleted "empty-plan-completed" "A run with an empty plan completes.";
    AllFailed "all-failed" "A run ends with all units failed.";
    PartiallySucceeded "partially-succeeded" "A run ends with some units failed, but not all.";
    SkippedOnly "skipped-only" "A run ends with all units skipped.";

    WorldChangedUnderCommit "world-changed-between-read-and-commit" "A worker reads an object, the object changes, and the worker has to read it again.";
    VanishedAfterPlanning "unit-vanished-after-planning" "A unit fails because its object was removed after planning.";
    SharedObject "same-object-in-two-runs-at-once" "Two active runs each resolve a unit for the same object.";
    SkippedForAnotherRun "skipped-because-another-run-did-it" "A unit is skipped because another run has changed its object.";
    TwoTenantsAtOnce "two-tenants-at-once" "A run is accepted while a run of another tenant is active.";
    DeduplicatedWhileActive "deduplicated-while-active" "The reply to a request names an existing run that is still active.";
    RefusedRequest "refused-request" "A request is refused.";
    NoticeAfterLowering "notice-after-lowering" "The grant of an initiator is lowered to view, and the notice is still delivered.";

    ClockJumpedOverLease "clock-jump-over-a-lease" "The clock jumps by at least a whole lease while a worker holds a job.";
    SkewedWorkerCounts "skewed-worker-counts" "A worker whose clock is wrong counts a unit.";
    RowsPruned "rows-pruned" "The expired rows of a run are removed.";
    OutcomeReadAfterPruning "outcome-read-after-pruning" "The counts and the outcome of a run are read again after its expired rows are removed.";
    ItemsReadAfterPruning "items-read-after-pruning" "The items of a snapshot are read again after the expired rows of its run are removed.";
    PackReadAfterPruning "pack-read-after-pruning" "A published pack is read again after the expired rows of its run are removed.";
    NoticeReadAfterPruning "notice-read-after-pruning" "The notice about a run is found in the inbox after the expired rows of the run are removed.";
    ResolutionsReadAgain "resolutions-read-again" "The stored resolutions of a run with a failed unit are read again after the run has ended.";

    Percent99 "percent-99" "A run is at 99 percent.";
    Percent0OfMany "percent-0-of-many" "A run has counted at least one unit, but is still at 0 percent.";
    SurfaceBetweenCounts "surface-between-two-counts" "A surface shows a count above 0 and below the total.";
    SurfaceOvertaken "surface-overtaken-by-a-count" "A unit is counted after a surface reads its run and before the surface shows the run.";
    SurfaceOfWaitingRun "surface-of-a-waiting-run" "A surface shows a run that no worker has started.";
    SurfaceOfFailedUnit "surface-of-a-run-with-a-failed-unit" "A surface shows an active run in which a unit has failed.";
    SurfaceOfPhase "surface-of-a-phase" "A surface shows a phase.";
    SurfaceOfEmptyPlan "surface-of-an-empty-plan" "A surface shows a running run with an empty plan as active, without a count.";

    LostReplyOfRename "rename-done-and-reply-lost" "A pack is renamed, but its worker loses the reply.";
    TornFile "torn-file-found-out" "A pack is not renamed because only part of it was written.";
    DiskFull "disk-full-then-published" "The disk is full in one attempt to stage a pack, but the run publishes the pack later.";
    CrashedAfterStage "crash-between-stage-and-rename" "A worker crashes after it has staged a pack and before it renames the pack.";
    CrashedAfterRename "crash-between-rename-and-completion" "A worker crashes after it has renamed a pack and before the run completes.";
    RenamedTwice "renamed-twice" "Two attempts rename the pack of one run.";
    PublishedAtTheLast "published-by-the-last-delivery" "A delivery beyond the limit abandons the remaining units and publishes the pack.";
    StagingSwept "orphaned-staging-swept" "The sweeper clears the files that were staged for a run that has ended.";
    Unpublished "run-failed-unpublished" "A run fails as a whole because its pack could not be published.";
    ArtifactTooEarly "artifact-asked-for-too-early" "A viewer requests the pack of a run that has not ended, and finds none.";
    ArtifactRead "artifact-read" "A viewer reads a published pack.";
}

// Each sometimes assertion is one bit.
const _: () = assert!(Sometimes::ALL.len() <= 128);

/// A set of sometimes assertions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SometimesSet(u128);

impl SometimesSet {
    /// Adds a sometimes assertion.
    #[inline]
    pub const fn insert(&mut self, assertion: Sometimes) {
        self.0 |= 1 << assertion as u8;
    }

    /// Returns whether a sometimes assertion is in the set.
    pub const fn contains(self, assertion: Sometimes) -> bool {
        self.0 & 1 << assertion as u8 != 0
    }

    /// Returns the sometimes assertions that are not in another set.
    pub const fn beyond(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns the sometimes assertions in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Sometimes> {
        let sometimes = Sometimes::ALL.iter().copied();
        // An empty set is the common case: most simulations hit only assertions that an earlier simulation has hit.
        sometimes
            .take(if self.0 == 0 { 0 } else { Sometimes::ALL.len() })
            .filter(move |assertion| self.contains(*assertion))
    }
}

impl Extend<Sometimes> for SometimesSet {
    fn extend<I: IntoIterator<Item = Sometimes>>(&mut self, sometimes: I) {
        sometimes.into_iter().for_each(|assertion| self.insert(assertion));
    }
}
