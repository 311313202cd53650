//! A work unit: the responses it may get, the resolutions they lead to, and the one table by which its row changes.
//!
//! Independent of storage and families: a family decides which responses are possible.

use crate::id::ObjectId;
use crate::refusal::Refusal;

/// A response to an attempt at a unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Response {
    /// The unit's work is done.
    Done,
    /// The object is archived already.
    Archived,
    /// The object is not archived, so there is nothing to restore.
    NotArchived,
    /// The object is where it should go already.
    AlreadyPresent,
    /// The object is of a kind to which this work does not apply.
    Unsupported,
    /// The object does not exist, or vanished after planning.
    NotFound,
    /// The provider refuses the run's credentials.
    Forbidden,
    /// The provider refuses for good.
    Rejected,
    /// The provider asks to slow down.
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

    /// Returns whether this response is definite.
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

    /// Returns the response of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|response| response.name() == name)
    }
}

/// Why a unit was skipped. The numbers are part of hashes, and differ from those of [`Failure`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Skip {
    /// Already archived.
    Archived = 0,
    /// Not archived, nothing to restore.
    NotArchived = 1,
    /// Already where it should go.
    AlreadyPresent = 2,
    /// This work does not apply to the object.
    NotApplicable = 3,
}

/// Why a unit failed. The numbers are part of hashes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Failure {
    /// Does not exist, or vanished.
    NotFound = 4,
    /// The run's credentials are refused.
    Forbidden = 5,
    /// Refused for good.
    Rejected = 6,
    /// Every attempt met a retryable error.
    RetriesExhausted = 7,
    /// Every delivery was lost before a definite response; the side effect may have happened.
    Abandoned = 8,
}

/// A unit's one final result.
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

    /// Returns the resolution as files and reports spell it, such as `skipped(archived)`.
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

    /// Returns the resolution of that spelling.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resolution| resolution.name() == name)
    }
}

/// What a response means for its unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Meaning {
    /// The unit is resolved.
    Resolved(Resolution),
    /// Not definite: retry after a back-off, while attempts are left.
    Retry,
}

/// The resolution table of the contract, section 2.
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

/// One planned, countable piece of a run. Its row is its ledger row: a row with a resolution is the count.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WorkUnit {
    /// The object that the unit acts on; its name is the unit's key.
    pub object: ObjectId,
    /// Attempts used up by retryable responses.
    pub attempts_used: u8,
    /// The one final result.
    pub resolution: Option<Resolution>,
}

/// What can happen to a unit's row.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnitEvent {
    /// The unit gets its one final result.
    Resolve(Resolution),
    /// An attempt met a retryable response.
    Retry,
}

impl WorkUnit {
    /// Returns the row of a unit just planned.
    pub const fn planned(object: ObjectId) -> Self {
        Self { object, attempts_used: 0, resolution: None }
    }

    /// Applies a change; every change of a unit passes through here. A refusal leaves it as it was.
    ///
    /// # Errors
    /// `AlreadyResolved` once the unit is resolved.
    ///
    /// # Panics
    /// At the 256th attempt: limits are below that.
    pub const fn apply(self, event: UnitEvent) -> Result<Self, Refusal> {
        match (self.resolution, event) {
            (None, UnitEvent::Resolve(end)) => Ok(Self { resolution: Some(end), ..self }),
            (None, UnitEvent::Retry) => {
                assert!(self.attempts_used < u8::MAX, "an attempt limit is a u8");
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
    fn a_definite_response_resolves_and_a_retryable_one_does_not() {
        for response in Response::ALL {
            assert_eq!(matches!(resolve(response), Meaning::Resolved(_)), response.definite(), "{}", response.name());
            assert_eq!(Response::from_name(response.name()), Some(response));
        }
    }

    #[test]
    fn spellings_read_back() {
        for resolution in Resolution::ALL {
            assert_eq!(Resolution::from_name(resolution.name()), Some(resolution));
        }
    }

    #[test]
    fn a_resolution_is_final() {
        let unit = WorkUnit::planned(ObjectId(4)).apply(UnitEvent::Retry).expect("a new unit may be retried");
        assert_eq!(unit.attempts_used, 1);
        let unit = unit.apply(UnitEvent::Resolve(Resolution::Succeeded)).expect("a first resolution is taken");
        for event in [UnitEvent::Retry, UnitEvent::Resolve(Resolution::Failed(Failure::Rejected))] {
            assert_eq!(unit.apply(event), Err(Refusal::AlreadyResolved));
        }
    }
}
