//! The examples and near misses. Workers have the numbers 0, 1 and 2; `tape` lists the requests and jobs.

use truecount_engine::id::RunId;
use truecount_engine::object::ObjectState::{Absent, Active};
use truecount_engine::run::Cause;
use truecount_engine::run::Outcome::{Failed, PartiallySucceeded, Succeeded};
use truecount_engine::time::Millis;
use truecount_engine::unit::Response::{Done, Throttled, TimedOut};
use truecount_engine::unit::{Failure, Resolution, Skip};
use truecount_sim::fault::Fault::{
    ClockJump, ClockSkew, Conflict, CrashAfter, CrashBefore, LostJob, LostReply, NewJobId, Redeliver, Stall,
};
use truecount_sim::trace::{Event, Shown};

use super::tape::{
    CAPTURE, COPY, FIRST, LARGE, LEFT, NOTHING, OTHER, OTHER_FIRST, OWN, RIGHT, SECOND, SYNC, Tape, UNPLANNED,
    requested,
};
use crate::sometimes::Sometimes;

/// A sometimes assertion with two traces: one that hits it, and a near miss.
pub(super) struct Case {
    pub(super) assertion: Sometimes,
    pub(super) reached: fn() -> Tape,
    pub(super) missed: fn() -> Tape,
}

pub(super) const fn case(assertion: Sometimes, reached: fn() -> Tape, missed: fn() -> Tape) -> Case {
    Case { assertion, reached, missed }
}

pub(super) const OK: Resolution = Resolution::Succeeded;
const SKIPPED: Resolution = Resolution::Skipped(Skip::NotArchived);
pub(super) const GONE: Resolution = Resolution::Failed(Failure::NotFound);
const EXHAUSTED: Resolution = Resolution::Failed(Failure::RetriesExhausted);
const ABANDONED: Resolution = Resolution::Failed(Failure::Abandoned);

/// A restore of two sets.
pub(super) fn left() -> Tape {
    requested(&[LEFT])
}

/// The restore with its plan sealed and its own job acknowledged.
fn planned() -> Tape {
    left().lease(OWN, 0).plan(0).ack(0)
}

/// The restore with its first set counted and the second leased by worker 1.
pub(super) fn one_left() -> Tape {
    planned().lease(FIRST, 0).count(0, 0, OK).lease(SECOND, 1)
}

/// The restore with both sets counted.
pub(super) fn counted() -> Tape {
    one_left().count(1, 1, OK)
}

/// A sync of one type whose plan is sealed.
fn sync() -> Tape {
    requested(&[SYNC]).lease(OWN, 0).plan(0)
}

/// The restore with its first set throttled and the job of that set handed back.
fn back() -> Tape {
    planned().lease(FIRST, 0).ask(0, 0, Throttled).back(0)
}

/// The first unit receives retryable responses to this many attempts, each of which is handed back.
fn lost(attempts: u32) -> Tape {
    (0..attempts).fold(planned().lease(FIRST, 0), |tape, _| tape.ask(0, 0, Throttled).back(0).lease(FIRST, 0))
}

/// A capture in its first phase.
fn phase() -> Tape {
    requested(&[CAPTURE]).lease(OWN, 0).phase(0)
}

/// States caused by deliveries, crashes and lost replies.
pub(super) const BY_FAULT: &[Case] = &[
    case(
        Sometimes::ZombieFencedOff,
        || left().lease(FIRST, 0).injected(Stall, 0).lease(FIRST, 1).down(0),
        || left().lease(FIRST, 0).injected(Stall, 0).down(0),
    ),
    case(
        Sometimes::ZombieFencedOff,
        || left().lease(FIRST, 0).injected(Stall, 0).lease(FIRST, 1).lease(FIRST, 2).down(0),
        || left().lease(FIRST, 0).lease(FIRST, 1).down(0),
    ),
    case(
        Sometimes::ZombieFirst,
        || planned().lease(FIRST, 0).injected(Stall, 0).and(Event::Advanced { to: Millis(60_000) }).count(0, 0, OK),
        || planned().lease(FIRST, 0).injected(Stall, 0).and(Event::Advanced { to: Millis(59_999) }).count(0, 0, OK),
    ),
    case(
        Sometimes::ZombiePlanner,
        || left().lease(OWN, 0).injected(Stall, 0).lease(OWN, 1).down(0),
        || left().lease(OWN, 0).plan(0).injected(Stall, 0).lease(OWN, 1).down(0),
    ),
    case(
        Sometimes::RedeliveryWhileHeld,
        || left().lease(FIRST, 0).injected(Redeliver, FIRST),
        || left().lease(FIRST, 0).ack(0).injected(Redeliver, FIRST),
    ),
    case(
        Sometimes::TwoJobsForOneUnit,
        || left().lease(FIRST, 0).made(COPY).lease(COPY, 1),
        || left().lease(FIRST, 0).injected(CrashBefore, 0).made(COPY).lease(COPY, 1),
    ),
    case(
        Sometimes::DuplicateDelivery,
        || planned().lease(FIRST, 0).count(0, 0, OK).lease(FIRST, 1),
        || planned().lease(FIRST, 0).lease(FIRST, 1).count(1, 0, OK),
    ),
    case(
        Sometimes::DeliveryToTerminalRun,
        || left().lease(OWN, 0).complete(Succeeded, Some(0)).lease(FIRST, 1),
        || left().lease(OWN, 0).lease(FIRST, 1).complete(Succeeded, Some(0)),
    ),
    case(
        Sometimes::DeliveryBeyondTheLimit,
        || left().lease_beyond_limit(FIRST, 0),
        || left().lease(FIRST, 0).lease(FIRST, 0).lease(FIRST, 0).lease(FIRST, 0).lease(FIRST, 0),
    ),
    case(
        Sometimes::LateDeliveryAcknowledged,
        || left().lease(OWN, 0).complete(Succeeded, Some(0)).lease(FIRST, 1).ack(1),
        || left().lease(OWN, 0).lease(FIRST, 1).complete(Succeeded, Some(0)).ack(1),
    ),
    case(
        Sometimes::RedeliveredAfterLease,
        || left().lease(FIRST, 0).and(Event::Advanced { to: Millis(60_000) }).lease(FIRST, 1),
        || {
            left()
                .lease(FIRST, 0)
                .injected(Redeliver, FIRST)
                .and(Event::Advanced { to: Millis(60_000) })
                .lease(FIRST, 1)
        },
    ),
    case(
        Sometimes::RetriedAfterBackOff,
        || back().and(Event::Advanced { to: Millis(1_000) }).lease(FIRST, 1),
        || back().and(Event::Advanced { to: Millis(999) }).lease(FIRST, 1),
    ),
    case(
        Sometimes::RetriedAfterBackOff,
        || back().and(Event::Advanced { to: Millis(60_000) }).lease(FIRST, 0),
        || planned().lease(FIRST, 0).and(Event::Advanced { to: Millis(60_000) }).lease(FIRST, 0),
    ),
    case(
        Sometimes::AbandonedByLateDelivery,
        || planned().lease_beyond_limit(FIRST, 0).count(0, 0, ABANDONED),
        || planned().lease(FIRST, 0).count(0, 0, ABANDONED),
    ),
    case(
        Sometimes::UnplannedUnitAcknowledged,
        || planned().made(UNPLANNED).lease(UNPLANNED, 1).ack(1),
        || planned().made(UNPLANNED).lease(UNPLANNED, 1).down(1).lease(FIRST, 1).ack(1),
    ),
    case(
        Sometimes::CountedByLaterDelivery,
        || planned().lease(FIRST, 0).lease(FIRST, 1).count(1, 0, OK),
        || planned().lease(FIRST, 0).back(0).lease(FIRST, 1).count(1, 0, OK),
    ),
    case(
        Sometimes::LostReplyOfCount,
        || planned().lease(FIRST, 0).read(0, 0).injected(LostReply, 0).commit(0, 0),
        || planned().lease(FIRST, 0).read(0, 0).injected(LostReply, 0).read(0, 0).commit(0, 0),
    ),
    case(
        Sometimes::LostReplyOfCount,
        || sync().effect(0, 0).ask(0, 0, Done).injected(LostReply, 0).count(0, 0, OK),
        || sync().injected(LostReply, 0).effect(0, 0).ask(0, 0, Done).count(0, 0, OK),
    ),
    case(
        Sometimes::LostReplyOfPlan,
        || left().lease(OWN, 0).plan_responded(Done).injected(LostReply, 0).plan(0),
        || left().lease(OWN, 0).injected(LostReply, 0).plan_responded(Done).plan(0),
    ),
    case(
        Sometimes::LostReplyOfRetry,
        || left().lease(FIRST, 0).ask(0, 0, Throttled).injected(LostReply, 0).back(0),
        || left().lease(FIRST, 0).injected(LostReply, 0).ask(0, 0, Throttled).back(0),
    ),
    case(
        Sometimes::CrashedAfterCount,
        || counted().injected(CrashBefore, 1),
        || counted().complete(Succeeded, Some(1)).injected(CrashBefore, 1),
    ),
    case(
        Sometimes::CrashedAfterCount,
        || one_left().read(1, 1).injected(CrashAfter, 1).commit(1, 1),
        || planned().lease(FIRST, 0).read(0, 0).injected(CrashAfter, 0).commit(0, 0),
    ),
    case(
        Sometimes::CrashedAfterCompletion,
        || counted().complete(Succeeded, Some(1)).injected(CrashBefore, 1),
        || counted().complete(Succeeded, Some(1)).ack(1).injected(CrashBefore, 1),
    ),
    case(
        Sometimes::CrashedAfterCompletion,
        || counted().injected(CrashAfter, 1).complete(Succeeded, Some(1)),
        || counted().injected(LostReply, 1).complete(Succeeded, Some(1)),
    ),
    case(
        Sometimes::CrashedBeforeAck,
        || planned().lease(FIRST, 0).count(0, 0, OK).injected(CrashBefore, 0),
        || planned().lease(FIRST, 0).injected(CrashBefore, 0),
    ),
    case(
        Sometimes::CrashedAfterEffect,
        || sync().effect(0, 0).ask(0, 0, Done).injected(CrashBefore, 0),
        || sync().effect(0, 0).ask(0, 0, Done).count(0, 0, OK).injected(CrashBefore, 0),
    ),
    case(
        Sometimes::EffectFoundAgain,
        || sync().effect(0, 0).ask(0, 0, Done).ask(0, 0, TimedOut).ask(0, 0, Done),
        || sync().ask(0, 0, TimedOut).effect(0, 0).ask(0, 0, Done),
    ),
    case(
        Sometimes::TryRepeated,
        || sync().effect(0, 0).ask(0, 0, Done).injected(CrashBefore, 0).lease(OWN, 1).ask(1, 0, Done),
        || sync().effect(0, 0).ask(0, 0, Done).lease(OWN, 1).ask(1, 0, Done),
    ),
    case(
        Sometimes::TryRepeated,
        || planned().lease(FIRST, 0).read(0, 0).injected(CrashBefore, 0).lease(FIRST, 1).read(1, 0),
        || planned().lease(FIRST, 0).commit(0, 0).injected(CrashBefore, 0).lease(FIRST, 1).read(1, 0),
    ),
    case(
        Sometimes::PlannerCrashedBefore,
        || left().lease(OWN, 0).injected(CrashBefore, 0),
        || left().lease(OWN, 0).plan(0).injected(CrashBefore, 0),
    ),
    case(
        Sometimes::PlannerCrashedAfter,
        || left().lease(OWN, 0).injected(CrashAfter, 0).plan(0),
        || requested(&[LEFT, RIGHT]).lease(OWN, 0).lease(OTHER, 1).injected(CrashAfter, 1).plan(0),
    ),
    case(
        Sometimes::PlannedByRedelivery,
        || left().lease(OWN, 0).injected(CrashBefore, 0).lease(OWN, 1).plan(1),
        || left().lease(OWN, 0).lease(OWN, 1).plan(1),
    ),
    case(
        Sometimes::LastPhaseCrashed,
        || phase().phase(1).phase(2).injected(CrashBefore, 0),
        || phase().phase(1).injected(CrashBefore, 0),
    ),
    case(
        Sometimes::PhaseTakenUp,
        || phase().injected(CrashBefore, 0).lease(OWN, 1).plan_responded(Done),
        || phase().injected(CrashBefore, 0).lease(OWN, 1).phase(1).plan_responded(Done),
    ),
    case(
        Sometimes::CompletedByRedelivery,
        || counted().injected(CrashBefore, 1).lease(SECOND, 2).complete(Succeeded, Some(2)),
        || counted().lease(SECOND, 2).complete(Succeeded, Some(2)),
    ),
    case(
        Sometimes::CompletedBySweep,
        || counted().complete(Succeeded, None),
        || counted().complete(Succeeded, Some(1)),
    ),
    case(
        Sometimes::UnitRecreated,
        || planned().lease(FIRST, 0).injected(LostJob, FIRST).made(COPY),
        || planned().lease(FIRST, 0).injected(NewJobId, FIRST).made(COPY),
    ),
    case(
        Sometimes::RunRecreated,
        || requested(&[LEFT, RIGHT]).lease(OWN, 0).injected(LostJob, OWN).made(OTHER),
        || left().made(COPY),
    ),
    case(
        Sometimes::RepairBesideCarriedWork,
        || planned().lease(FIRST, 0).lease(SECOND, 1).injected(LostJob, FIRST).made(COPY),
        || planned().lease(FIRST, 0).lease(SECOND, 1).count(1, 1, OK).injected(LostJob, FIRST).made(COPY),
    ),
    case(
        Sometimes::HealedWithWorkLeft,
        || left().and(Event::Healed),
        || left().complete(Succeeded, None).and(Event::Healed),
    ),
    case(
        Sometimes::ClockJumpedOverLease,
        || left().lease(FIRST, 0).injected(ClockJump, 60_000),
        || left().lease(FIRST, 0).injected(ClockJump, 59_999),
    ),
    case(
        Sometimes::SkewedWorkerCounts,
        || planned().injected(ClockSkew, 1).lease(FIRST, 1).count(1, 0, OK),
        || planned().injected(ClockSkew, 1).lease(FIRST, 1).and(Event::Healed).count(1, 0, OK),
    ),
];

/// States of runs, units, objects and surfaces.
pub(super) const BY_RUN: &[Case] = &[
    case(
        Sometimes::LastTwoTogether,
        || planned().lease(FIRST, 0).lease(SECOND, 1).count(0, 0, OK).count(1, 1, OK),
        || planned().lease(FIRST, 0).count(0, 0, OK).lease(SECOND, 1).count(1, 1, OK),
    ),
    case(
        Sometimes::PlanningRetried,
        || left().lease(OWN, 0).plan_responded(Throttled).plan(0),
        || left().lease(OWN, 0).plan_responded(Done).plan(0),
    ),
    case(
        Sometimes::PhaseRetried,
        || phase().plan_responded(TimedOut).phase(1),
        || phase().plan_responded(Done).phase(1).plan_responded(TimedOut),
    ),
    case(
        Sometimes::PhaseRetried,
        || phase().plan_responded(TimedOut).plan_responded(Done).complete(Succeeded, Some(0)),
        || phase().plan_responded(TimedOut).fail(Cause::PlanningFailed, 0),
    ),
    case(
        Sometimes::RetryThenSuccess,
        || planned().lease(FIRST, 0).ask(0, 0, Throttled).count(0, 0, OK),
        || planned().lease(FIRST, 0).ask(0, 0, Throttled).count(0, 0, SKIPPED),
    ),
    case(Sometimes::LastAttemptSucceeds, || lost(2).count(0, 0, OK), || lost(1).count(0, 0, OK)),
    case(
        Sometimes::RetriesExhausted,
        || planned().lease(FIRST, 0).count(0, 0, EXHAUSTED),
        || planned().lease(FIRST, 0).count(0, 0, ABANDONED),
    ),
    case(
        Sometimes::Abandoned,
        || planned().lease(FIRST, 0).count(0, 0, ABANDONED),
        || planned().lease(FIRST, 0).count(0, 0, EXHAUSTED),
    ),
    case(
        Sometimes::Unplanned,
        || left().lease(OWN, 0).fail(Cause::PlanningFailed, 0),
        || left().lease(OWN, 0).fail(Cause::PlannerLost, 0),
    ),
    case(
        Sometimes::PlannerLost,
        || left().lease(OWN, 0).fail(Cause::PlannerLost, 0),
        || left().lease(OWN, 0).fail(Cause::PlanningFailed, 0),
    ),
    case(Sometimes::FailedFast, || one_left().fail(Cause::FailFast, 0), || counted().fail(Cause::FailFast, 1)),
    case(
        Sometimes::FailedFastBesideWork,
        || one_left().fail(Cause::FailFast, 0),
        || planned().lease(FIRST, 0).count(0, 0, GONE).fail(Cause::FailFast, 0),
    ),
    case(
        Sometimes::EmptyPlanCompleted,
        || requested(&[NOTHING]).lease(OWN, 0).plan(0).complete(Succeeded, Some(0)),
        || requested(&[NOTHING]).lease(OWN, 0).fail(Cause::PlanningFailed, 0),
    ),
    case(
        Sometimes::AllFailed,
        || planned().lease(FIRST, 0).count(0, 0, GONE).complete(Failed, Some(0)),
        || planned().lease(FIRST, 0).count(0, 0, GONE).fail(Cause::PlannerLost, 0),
    ),
    case(
        Sometimes::PartiallySucceeded,
        || counted().complete(PartiallySucceeded, Some(1)),
        || counted().complete(Succeeded, Some(1)),
    ),
    case(
        Sometimes::SkippedOnly,
        || planned().lease(FIRST, 0).count(0, 0, SKIPPED).complete(Succeeded, Some(0)),
        || one_left().count(1, 1, SKIPPED).complete(Succeeded, Some(1)),
    ),
    case(
        Sometimes::WorldChangedUnderCommit,
        || planned().lease(FIRST, 0).read(0, 0).changed(0, Absent, None).read(0, 0),
        || planned().lease(FIRST, 0).read(0, 0).changed(1, Absent, None).read(0, 0),
    ),
    case(
        Sometimes::WorldChangedUnderCommit,
        || planned().lease(FIRST, 0).read(0, 0).changed(0, Active, Some(1)).read(0, 0),
        || planned().lease(FIRST, 0).read(0, 0).changed(0, Absent, None).injected(Conflict, 0).read(0, 0),
    ),
    case(
        Sometimes::VanishedAfterPlanning,
        || planned().changed(0, Absent, None).lease(FIRST, 0).count(0, 0, GONE),
        || left().changed(0, Absent, None).lease(OWN, 0).plan(0).lease(FIRST, 0).count(0, 0, GONE),
    ),
    case(
        Sometimes::SharedObject,
        || requested(&[LEFT, RIGHT]).lease(SECOND, 0).count(0, 1, OK).lease(OTHER_FIRST, 1).count(1, 0, SKIPPED),
        || {
            let ended = requested(&[LEFT, RIGHT]).lease(SECOND, 0).count(0, 1, OK).complete(Succeeded, Some(0));
            ended.lease(OTHER_FIRST, 1).count(1, 0, SKIPPED)
        },
    ),
    case(
        Sometimes::SkippedForAnotherRun,
        || requested(&[LEFT, RIGHT]).changed(1, Active, Some(0)).lease(OTHER_FIRST, 1).count(1, 0, SKIPPED),
        || requested(&[LEFT, RIGHT]).changed(1, Active, None).lease(OTHER_FIRST, 1).count(1, 0, SKIPPED),
    ),
    case(Sometimes::TwoTenantsAtOnce, || requested(&[LEFT, SYNC]), || requested(&[LEFT, RIGHT])),
    case(
        Sometimes::RowsPruned,
        || counted().complete(Succeeded, Some(1)).and(Event::Pruned { run: RunId(0) }),
        || counted().complete(Succeeded, Some(1)).and(Event::Advanced { to: Millis(4_000_000) }),
    ),
    case(
        Sometimes::Percent99,
        || requested(&[LARGE]).seen(198, 200),
        || requested(&[LARGE]).seen(197, 200).seen(200, 200),
    ),
    case(Sometimes::Percent99, || requested(&[LARGE]).shown_at(198, 200), || requested(&[LARGE]).shown_at(200, 200)),
    case(
        Sometimes::Percent0OfMany,
        || requested(&[LARGE]).seen(1, 200),
        || requested(&[LARGE]).seen(0, 200).seen(2, 200),
    ),
    case(Sometimes::Percent0OfMany, || requested(&[LARGE]).shown_at(1, 200), || requested(&[LARGE]).shown_at(0, 200)),
    case(Sometimes::SurfaceBetweenCounts, || left().shown_at(1, 2), || left().shown_at(0, 2).shown_at(2, 2)),
    case(Sometimes::SurfaceOvertaken, || left().seen(1, 2).shown_at(0, 2), || left().seen(1, 2).shown_at(1, 2)),
    case(Sometimes::SurfaceOfWaitingRun, || left().shown(Shown::Queued), || left().shown(Shown::Activity)),
    case(
        Sometimes::SurfaceOfFailedUnit,
        || planned().lease(FIRST, 0).count(0, 0, GONE).shown_at(1, 2),
        || planned().lease(FIRST, 0).count(0, 0, SKIPPED).shown_at(1, 2),
    ),
    case(Sometimes::SurfaceOfPhase, || phase().shown(Shown::Phased(0)), || phase().shown(Shown::Activity)),
    case(
        Sometimes::SurfaceOfEmptyPlan,
        || requested(&[NOTHING]).lease(OWN, 0).plan(0).shown(Shown::Activity),
        || requested(&[NOTHING]).lease(OWN, 0).shown(Shown::Activity),
    ),
];
