//! Families as the contract's tables declare them.
//!
//! The engine's tables are never asked: a bug in the engine must not look like a mistake in a scenario's file.

use truecount_engine::counts::Key;
use truecount_engine::family::{FailurePolicy, FamilyId};
use truecount_engine::object::ObjectState;
use truecount_engine::unit::{Resolution, Response};

use truecount_contract::contract::{self, FamilyRow};

/// The family of a run.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) id: FamilyId,
    pub(super) row: &'static FamilyRow,
}

impl Kind {
    /// Returns the family with this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let id = FamilyId::from_name(name)?;
        Some(Self { id, row: &contract::families()[id as usize] })
    }

    /// Returns the name.
    pub(super) fn name(self) -> &'static str {
        &self.row.name
    }

    /// Returns whether the family plans units. A phased family does not.
    pub(super) fn counts_units(self) -> bool {
        self.row.mode != "phased"
    }

    /// Returns whether the side effects of its units are on rows that other runs read.
    pub(super) fn changes_rows(self) -> bool {
        self.counts_units() && self.row.side_effects == "rows"
    }

    /// Returns whether its runs publish a pack.
    pub(super) fn publishes(self) -> bool {
        self.row.artifact.as_deref() == Some("pack")
    }

    /// Returns the maximum number of attempts.
    pub(super) fn attempt_limit(self) -> usize {
        usize::from(self.row.limits.attempts)
    }

    /// Returns the failure policy of a run that declares none.
    pub(super) fn failure_policy(self) -> FailurePolicy {
        contract::failure_policy(self.id)
    }

    /// Returns the response that a unit receives if its object is in this state and nothing is scripted.
    pub(super) fn response(self, state: ObjectState) -> Response {
        contract::responses().of(self.id, state)
    }

    /// Returns the state of an object after a unit has succeeded.
    pub(super) fn succeeded(self, state: ObjectState) -> ObjectState {
        let becomes = self.row.becomes.as_deref().and_then(ObjectState::from_name);
        becomes.unwrap_or(state)
    }

    /// Returns whether a unit with this resolution adds 1 to `key`.
    pub(super) fn adds(self, end: Resolution, key: Key) -> bool {
        let tallied = end == Resolution::Succeeded && self.row.tally.as_deref() == Some(key.name());
        outcome_key(end) == key || tallied
    }
}

fn outcome_key(end: Resolution) -> Key {
    match end {
        Resolution::Succeeded => Key::Succeeded,
        Resolution::Skipped(_) => Key::Skipped,
        Resolution::Failed(_) => Key::Failed,
    }
}
