//! The families of backup sets: `backup_set.restore` (counted), `backup_set.delete` and `backup_set.force_delete`
//! (activity only). All fan out, one child job for each set, and act on rows of our own.

use super::{Effect, Family, FamilyId, Reading};
use crate::counts::Key;
use crate::id::ObjectId;
use crate::plan::Plan;
use crate::storage::{ObjectState, Row};
use crate::unit::{Answer, Resolution};

/// Brings archived sets back.
pub(super) struct Restore;

impl Family for Restore {
    fn id(&self) -> FamilyId {
        FamilyId::BackupSetRestore
    }

    fn plan(&self, input: &[ObjectId]) -> Plan {
        Plan::in_request_order(input)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        let (answer, becomes) = match row.state {
            ObjectState::Archived => (Answer::Done, Some(ObjectState::Active)),
            ObjectState::Active => (Answer::NotArchived, None),
            ObjectState::Unsupported => (Answer::Unsupported, None),
            ObjectState::Absent => (Answer::NotFound, None),
        };
        Reading { answer, becomes }
    }

    fn fan_out(&self) -> bool {
        true
    }
}

/// Archives sets.
pub(super) struct Delete;

impl Family for Delete {
    fn id(&self) -> FamilyId {
        FamilyId::BackupSetDelete
    }

    fn plan(&self, input: &[ObjectId]) -> Plan {
        Plan::in_request_order(input)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        let (answer, becomes) = match row.state {
            ObjectState::Active => (Answer::Done, Some(ObjectState::Archived)),
            ObjectState::Archived => (Answer::Archived, None),
            ObjectState::Unsupported => (Answer::Unsupported, None),
            ObjectState::Absent => (Answer::NotFound, None),
        };
        Reading { answer, becomes }
    }

    fn fan_out(&self) -> bool {
        true
    }

    fn tallies(&self, resolution: Resolution) -> Option<Key> {
        (resolution == Resolution::Succeeded).then_some(Key::Deleted)
    }
}

/// Removes sets for good, archived or not.
pub(super) struct ForceDelete;

impl Family for ForceDelete {
    fn id(&self) -> FamilyId {
        FamilyId::BackupSetForceDelete
    }

    fn plan(&self, input: &[ObjectId]) -> Plan {
        Plan::in_request_order(input)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        let (answer, becomes) = match row.state {
            ObjectState::Active | ObjectState::Archived => (Answer::Done, Some(ObjectState::Absent)),
            ObjectState::Unsupported => (Answer::Unsupported, None),
            ObjectState::Absent => (Answer::NotFound, None),
        };
        Reading { answer, becomes }
    }

    fn fan_out(&self) -> bool {
        true
    }

    fn tallies(&self, resolution: Resolution) -> Option<Key> {
        (resolution == Resolution::Succeeded).then_some(Key::Deleted)
    }
}
