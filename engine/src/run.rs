//! The run: its row, and the one transition table for its status.
//!
//! This module does not depend on surfaces: `progress` decides how a status is shown.

use std::hash::{Hash, Hasher};

use crate::artifact::Digest;
use crate::counts::{Counts, Key};
use crate::family::{FailurePolicy, FamilyId};
use crate::id::{ActorId, RequestId, RunId, TenantId};
use crate::refusal::Refusal;
use crate::time::Millis;

/// The status of a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// The run was accepted, but no worker has started it.
    Queued,
    /// A worker has started the run.
    Running,
    /// Terminal.
    Completed,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 3] = [Self::Queued, Self::Running, Self::Completed];

    /// Returns the word used in files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
        }
    }
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// No unit failed.
    Succeeded,
    /// Some units failed, but not all.
    PartiallySucceeded,
    /// Every unit failed, or the run failed as a whole.
    Failed,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Succeeded, Self::PartiallySucceeded, Self::Failed];

    /// Returns the word used in files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::PartiallySucceeded => "partially_succeeded",
            Self::Failed => "failed",
        }
    }

    /// Returns the outcome with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

/// Why a run failed as a whole (clause LIFE-16).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cause {
    /// The plan could not be made within the attempt limit.
    PlanningFailed,
    /// The planning job exceeded the delivery limit before the plan was sealed.
    PlannerLost,
    /// The artifact could not be published within the limits.
    PublishingFailed,
    /// A unit has failed, and the failure policy is fail-fast.
    FailFast,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 4] = [Self::PlanningFailed, Self::PlannerLost, Self::PublishingFailed, Self::FailFast];

    /// Returns the word used in files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PlanningFailed => "planning_failed",
            Self::PlannerLost => "planner_lost",
            Self::PublishingFailed => "publishing_failed",
            Self::FailFast => "fail_fast",
        }
    }
}

/// A change to a run's status.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RunEvent {
    /// A worker starts a run, seals its plan, or enters a phase.
    Advance,
    /// The completion helper ends the run.
    Complete,
    /// The run fails as a whole.
    Fail,
}

impl Status {
    /// Applies a change. Every change of a status passes through this function. A refusal leaves the run unchanged.
    ///
    /// # Errors
    /// `AlreadyCompleted` if the run is terminal; `OutOfOrder` if a run that was never started is completed.
    pub const fn apply(self, event: RunEvent) -> Result<Self, Refusal> {
        match (self, event) {
            (Self::Queued | Self::Running, RunEvent::Advance) => Ok(Self::Running),
            (Self::Queued | Self::Running, RunEvent::Fail) | (Self::Running, RunEvent::Complete) => Ok(Self::Completed),
            (Self::Queued, RunEvent::Complete) => Err(Refusal::OutOfOrder),
            (Self::Completed, RunEvent::Advance | RunEvent::Complete | RunEvent::Fail) => {
                Err(Refusal::AlreadyCompleted)
            }
        }
    }
}

/// The properties that two equal requests share. At most one run with a given identity is active (clause LIFE-06).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Identity {
    pub tenant: TenantId,
    pub family: FamilyId,
    /// The digest of the canonical input, which is the plan made from the input alone.
    pub digest: u64,
}

/// A run's row without its counts: the part that the worker of a unit needs.
///
/// The version rises with each change of status, phase or plan, and with completion, but never with a count. If it rose
/// with each count, all workers of a run would write this row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Head {
    pub run: RunId,
    pub family: FamilyId,
    pub status: Status,
    /// Whether the plan is durable.
    pub sealed: bool,
    /// The index of the current phase in the family's list.
    pub phase: Option<u8>,
    /// Whether each unit in the plan has a job of its own; `false` before the plan is sealed.
    pub fan_out: bool,
    /// The number of units in the plan; 0 before it is sealed.
    pub units: u32,
    /// The number of attempts used up by retryable responses during planning, in the current phase, or during
    /// publishing.
    pub attempts_used: u8,
    /// A number that rises with each change of the run's status, phase or plan, but not with an attempt.
    pub version: u32,
}

/// A run's row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// The part of the row without counts.
    pub head: Head,
    /// The actor that started the run; `None` for the system.
    pub actor: Option<ActorId>,
    /// The request that created the run.
    pub request: RequestId,
    /// The identity that a repeated request shares.
    pub identity: Identity,
    /// Whether a failed unit ends the run.
    pub failure: FailurePolicy,
    /// The outcome; `None` until the run is terminal.
    pub outcome: Option<Outcome>,
    /// The cause of a run-level failure; `None` if there was no such failure.
    pub cause: Option<Cause>,
    /// The published artifact, which only the terminal write sets.
    pub artifact: Option<Digest>,
    /// The time at which the run became terminal, according to the clock of storage.
    pub completed_at: Option<Millis>,
    /// The summary counts.
    pub counts: Counts,
}

/// Hashes all fields except the time at which the run ended. This time is meaningful only relative to the current time,
/// so a fingerprint adds it as a distance.
impl Hash for Run {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { head, actor, request, identity, failure, outcome, cause, artifact, completed_at: _, counts } = self;
        (head, actor, request, identity, failure, outcome, cause, artifact, counts).hash(state);
    }
}

impl Run {
    /// Returns the row of a run that was just accepted. It has no counts, since an unknown count must not read as 0.
    pub fn accepted(
        run: RunId,
        request: RequestId,
        actor: Option<ActorId>,
        identity: Identity,
        failure: FailurePolicy,
    ) -> Self {
        Self {
            head: Head {
                run,
                family: identity.family,
                status: Status::Queued,
                sealed: false,
                phase: None,
                fan_out: false,
                units: 0,
                attempts_used: 0,
                version: 0,
            },
            actor,
            request,
            identity,
            failure,
            outcome: None,
            cause: None,
            artifact: None,
            completed_at: None,
            counts: Counts::default(),
        }
    }

    /// Returns whether the run is not terminal.
    pub fn active(&self) -> bool {
        self.head.status != Status::Completed
    }

    /// Returns whether the plan is durable and every unit in it is counted.
    pub fn all_counted(&self) -> bool {
        self.head.sealed && self.counts.or_zero(Key::Processed) >= u64::from(self.head.units)
    }

    /// Returns whether a failed unit ends the run, and a unit has failed.
    pub fn fails_fast(&self) -> bool {
        self.failure == FailurePolicy::FailFast && self.counts.or_zero(Key::Failed) > 0
    }

    /// Returns whether there is nothing left to do before the run becomes terminal, except for publishing.
    pub fn may_end(&self) -> bool {
        self.all_counted() || self.fails_fast()
    }
}

/// Returns the outcome of a run, given the number of units with each kind of resolution (clause LIFE-04). The first
/// matching case applies.
pub const fn outcome(run_failed: bool, succeeded: u64, failed: u64, skipped: u64) -> Outcome {
    if run_failed {
        Outcome::Failed
    } else if failed == 0 {
        Outcome::Succeeded
    } else if succeeded == 0 && skipped == 0 {
        Outcome::Failed
    } else {
        Outcome::PartiallySucceeded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_run_stays_terminal() {
        for event in [RunEvent::Advance, RunEvent::Complete, RunEvent::Fail] {
            assert_eq!(Status::Completed.apply(event), Err(Refusal::AlreadyCompleted));
        }
    }

    #[test]
    fn a_run_that_never_started_may_fail_but_not_complete() {
        assert_eq!(Status::Queued.apply(RunEvent::Fail), Ok(Status::Completed));
        assert_eq!(Status::Queued.apply(RunEvent::Complete), Err(Refusal::OutOfOrder));
        assert_eq!(Status::Queued.apply(RunEvent::Advance), Ok(Status::Running));
    }

    #[test]
    fn the_first_matching_outcome_applies() {
        assert_eq!(outcome(true, 3, 0, 0), Outcome::Failed);
        assert_eq!(outcome(false, 0, 0, 0), Outcome::Succeeded);
        assert_eq!(outcome(false, 0, 0, 3), Outcome::Succeeded);
        assert_eq!(outcome(false, 0, 2, 0), Outcome::Failed);
        assert_eq!(outcome(false, 0, 1, 1), Outcome::PartiallySucceeded);
        assert_eq!(outcome(false, 1, 1, 0), Outcome::PartiallySucceeded);
    }
}
