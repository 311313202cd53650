//! `evidence_snapshot.generate`: one job takes the items of the persisted payload one by one and stores each as an item of
//! the snapshot, in the same commit as its count.

use super::{Effect, Family, FamilyId, Reading};
use crate::counts::Key;
use crate::object::{ObjectState, Row};
use crate::plan::{Input, Plan};
use crate::unit::{Answer, Resolution};

/// The family.
pub(super) struct Generate;

impl Family for Generate {
    fn id(&self) -> FamilyId {
        FamilyId::EvidenceSnapshotGenerate
    }

    fn plan(&self, input: &Input) -> Plan {
        Plan::in_request_order(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Rows
    }

    fn read(&self, row: &Row) -> Reading {
        match row.state {
            ObjectState::Active | ObjectState::Archived | ObjectState::Present => Reading::store(),
            ObjectState::Unsupported => Reading::nothing(Answer::Unsupported),
            ObjectState::Absent => Reading::nothing(Answer::NotFound),
        }
    }

    fn tallies(&self, resolution: Resolution) -> Option<Key> {
        (resolution == Resolution::Succeeded).then_some(Key::Items)
    }
}
