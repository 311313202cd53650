//! The families of backup sets, on rows of our own: `backup_set.restore` (counted), `backup_set.delete` and
//! `backup_set.force_delete` (activity only) fan out, one child job for each set; `backup_set.add_policies` (counted)
//! takes the policies one by one in one job.

use super::{Effect, Family, FamilyId, Reading};
use crate::counts::Key;
use crate::object::{ObjectState, Row};
use crate::plan::{Input, Plan};
use crate::unit::{Answer, Resolution};

/// Brings archived sets back.
pub(super) struct Restore;

impl Family for Restore {
    fn id(&self) -> FamilyId {
        FamilyId::BackupSetRestore
    }

    fn plan(&self, input: &Input) -> Plan {
        Plan::in_request_order(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        match row.state {
            ObjectState::Archived => Reading::change(ObjectState::Active),
            ObjectState::Active | ObjectState::Present => Reading::nothing(Answer::NotArchived),
            ObjectState::Unsupported => Reading::nothing(Answer::Unsupported),
            ObjectState::Absent => Reading::nothing(Answer::NotFound),
        }
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

    fn plan(&self, input: &Input) -> Plan {
        Plan::in_request_order(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        match row.state {
            ObjectState::Active | ObjectState::Present => Reading::change(ObjectState::Archived),
            ObjectState::Archived => Reading::nothing(Answer::Archived),
            ObjectState::Unsupported => Reading::nothing(Answer::Unsupported),
            ObjectState::Absent => Reading::nothing(Answer::NotFound),
        }
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

    fn plan(&self, input: &Input) -> Plan {
        Plan::in_request_order(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        match row.state {
            ObjectState::Active | ObjectState::Archived | ObjectState::Present => Reading::change(ObjectState::Absent),
            ObjectState::Unsupported => Reading::nothing(Answer::Unsupported),
            ObjectState::Absent => Reading::nothing(Answer::NotFound),
        }
    }

    fn fan_out(&self) -> bool {
        true
    }

    fn tallies(&self, resolution: Resolution) -> Option<Key> {
        (resolution == Resolution::Succeeded).then_some(Key::Deleted)
    }
}

/// Adds policies to a set.
pub(super) struct AddPolicies;

impl Family for AddPolicies {
    fn id(&self) -> FamilyId {
        FamilyId::BackupSetAddPolicies
    }

    fn plan(&self, input: &Input) -> Plan {
        Plan::in_request_order(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        match row.state {
            ObjectState::Active => Reading::change(ObjectState::Present),
            ObjectState::Present => Reading::nothing(Answer::AlreadyPresent),
            ObjectState::Archived => Reading::nothing(Answer::Archived),
            ObjectState::Unsupported => Reading::nothing(Answer::Unsupported),
            ObjectState::Absent => Reading::nothing(Answer::NotFound),
        }
    }

    fn tallies(&self, resolution: Resolution) -> Option<Key> {
        (resolution == Resolution::Succeeded).then_some(Key::Created)
    }
}
