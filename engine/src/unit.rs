//! A work unit: its possible responses, the resolutions to which they lead, and the one transition table for its row.
//!
//! This module does not depend on storage or families. Each family determines which of these responses are possible.

use crate::id::ObjectId;
use crate::refusal::Refusal;

/// A response to an attempt at a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Response {
    /// The unit's work is done.
    Done,
    /// The object is already archived.
    Archived,
    /// The object is not archived, so there is nothing to restore.
    NotArchived,
    /// The object is already in its destination.
    AlreadyPresent,
    /// The object is of a kind to which this work does not apply.
    Unsupported,
    /// The object does not exist, or has vanished since planning.
    NotFound,
    /// The provider refuses the run's credentials.
    Forbidden,
    /// The provider rejects the work for good.
    Rejected,
    /// The provider throttles the request.
    Throttled,
    /// No response came in time; the side effect may have happened.
    TimedOut,
    /// The provider is down.
    Unavailable,
}

impl Response {
    /// Every response, in the order of the contract's table.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::Archived,
        Self::NotArchived,
        Self::AlreadyPresent,
        Self::Unsupported,
        Self::NotFound,
        Self::Forbidden,
        Self::Rejected,
        Self::Throttled,
        Self::TimedOut,
        Self::Unavailable,
    ];

    /// Returns whether the response is definite, that is, not retryable.
    pub const fn definite(self) -> bool {
        !matches!(self, Self::Throttled | Self::TimedOut | Self::Unavailable)
    }

    /// Returns the word used in files and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Archived => "archived",
            Self::NotArchived => "not_archived",
            Self::AlreadyPresent => "already_present",
            Self::Unsupported => "unsupported",
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::Rejected => "rejected",
            Self::Throttled => "throttled",
            Self::TimedOut => "timed_out",
            Self::Unavailable => "unavailable",
        }
    }

    /// Returns the response with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|response| response.name() == name)
    }
}

/// Why a unit was skipped. The numbers are part of hashes, and differ from those of [`Failure`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Skip {
    /// The object was already archived.
    Archived = 0,
    /// The object was not archived, so there was nothing to restore.
    NotArchived = 1,
    /// The object was already in its destination.
    AlreadyPresent = 2,
    /// The work does not apply to the object.
    NotApplicable = 3,
}

/// Why a unit failed. The numbers are part of hashes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Failure {
    /// The object does not exist, or has vanished.
    NotFound = 4,
    /// The provider refuses the run's credentials.
    Forbidden = 5,
    /// The provider rejects the work for good.
    Rejected = 6,
    /// Every attempt had a retryable response.
    RetriesExhausted = 7,
    /// Every delivery was lost before a definite response; the side effect may have happened.
    Abandoned = 8,
}

/// The one final result of a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Resolution {
    /// The work is done.
    Succeeded,
    /// There was nothing to do.
    Skipped(Skip),
    /// The work could not be done.
    Failed(Failure),
}

impl Resolution {
    /// Every resolution.
    pub const ALL: [Self; 10] = [
        Self::Succeeded,
        Self::Skipped(Skip::Archived),
        Self::Skipped(Skip::NotArchived),
        Self::Skipped(Skip::AlreadyPresent),
        Self::Skipped(Skip::NotApplicable),
        Self::Failed(Failure::NotFound),
        Self::Failed(Failure::Forbidden),
        Self::Failed(Failure::Rejected),
        Self::Failed(Failure::RetriesExhausted),
        Self::Failed(Failure::Abandoned),
    ];

    /// Returns the resolution as spelt in files and reports, such as `skipped(archived)`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Skipped(Skip::Archived) => "skipped(archived)",
            Self::Skipped(Skip::NotArchived) => "skipped(not_archived)",
            Self::Skipped(Skip::AlreadyPresent) => "skipped(already_present)",
            Self::Skipped(Skip::NotApplicable) => "skipped(not_applicable)",
            Self::Failed(Failure::NotFound) => "failed(not_found)",
            Self::Failed(Failure::Forbidden) => "failed(forbidden)",
            Self::Failed(Failure::Rejected) => "failed(rejected)",
            Self::Failed(Failure::RetriesExhausted) => "failed(retries_exhausted)",
            Self::Failed(Failure::Abandoned) => "failed(abandoned)",
        }
    }

    /// Returns the resolution with this spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.name() == name)
    }
}

/// The meaning of a response for its unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Meaning {
    /// The unit is resolved.
    Resolved(Resolution),
    /// The response is not definite. The unit is retried after a back-off if any attempts are left.
    Retry,
}

/// Returns the meaning of a response, according to the table in section 2 of the contract.
pub const fn resolve(response: Response) -> Meaning {
    Meaning::Resolved(match response {
        Response::Done => Resolution::Succeeded,
        Response::Archived => Resolution::Skipped(Skip::Archived),
        Response::NotArchived => Resolution::Skipped(Skip::NotArchived),
        Response::AlreadyPresent => Resolution::Skipped(Skip::AlreadyPresent),
        Response::Unsupported => Resolution::Skipped(Skip::NotApplicable),
        Response::NotFound => Resolution::Failed(Failure::NotFound),
        Response::Forbidden => Resolution::Failed(Failure::Forbidden),
        Response::Rejected => Resolution::Failed(Failure::Rejected),
        Response::Throttled | Response::TimedOut | Response::Unavailable => return Meaning::Retry,
    })
}

/// One planned, countable piece of a run. The row of a unit is its ledger row: a unit whose row has a resolution is
/// counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WorkUnit {
    /// The object on which the unit acts. Its name is the unit's key.
    pub object: ObjectId,
    /// The number of attempts used up by retryable responses.
    pub attempts_used: u8,
    /// The final result; `None` until the unit is resolved.
    pub resolution: Option<Resolution>,
}

/// A change to a unit's row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnitEvent {
    /// The unit gets its one final result.
    Resolve(Resolution),
    /// An attempt had a retryable response.
    Retry,
}

impl WorkUnit {
    /// Returns the row of a unit that was just planned.
    pub const fn planned(object: ObjectId) -> Self {
        Self { object, attempts_used: 0, resolution: None }
    }

    /// Applies a change. Every change to a unit passes through this function. A refusal leaves the unit unchanged.
    ///
    /// # Errors
    /// `AlreadyResolved` if the unit is resolved.
    ///
    /// # Panics
    /// Panics at the 256th attempt that gets a retryable response. Every attempt limit is lower.
    pub const fn apply(self, event: UnitEvent) -> Result<Self, Refusal> {
        match (self.resolution, event) {
            (None, UnitEvent::Resolve(end)) => Ok(Self { resolution: Some(end), ..self }),
            (None, UnitEvent::Retry) => {
                assert!(self.attempts_used < u8::MAX, "a unit has used up more than 255 attempts");
                Ok(Self { attempts_used: self.attempts_used + 1, ..self })
            }
            (Some(_), UnitEvent::Resolve(_) | UnitEvent::Retry) => Err(Refusal::AlreadyResolved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_definite_response_resolves_a_unit() {
        for response in Response::ALL {
            assert_eq!(matches!(resolve(response), Meaning::Resolved(_)), response.definite(), "{}", response.name());
            assert_eq!(Response::from_name(response.name()), Some(response));
        }
    }

    #[test]
    fn every_resolution_reads_back_from_its_name() {
        for resolution in Resolution::ALL {
            assert_eq!(Resolution::from_name(resolution.name()), Some(resolution));
        }
    }

    #[test]
    fn a_resolution_is_final() {
        let unit = WorkUnit::planned(ObjectId(4)).apply(UnitEvent::Retry).expect("a new unit may be retried");
        assert_eq!(unit.attempts_used, 1);
        let unit = unit.apply(UnitEvent::Resolve(Resolution::Succeeded)).expect("an unresolved unit may be resolved");
        for event in [UnitEvent::Retry, UnitEvent::Resolve(Resolution::Failed(Failure::Rejected))] {
            assert_eq!(unit.apply(event), Err(Refusal::AlreadyResolved));
        }
    }
}
