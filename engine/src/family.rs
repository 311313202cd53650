//! Job families: a few pure functions (plan, read, pack, tallies) and a table each. One file per family; product names
//! live there alone.
//!
//! Knows no clock, no storage and no chance.

mod backup_set;
mod baseline;
mod evidence;
mod inventory;
mod review_pack;

use crate::artifact::Entry;
use crate::counts::Key;
use crate::delivery::RetryPolicy;
use crate::mode::Mode;
use crate::object::{ObjectState, Row};
use crate::plan::{Input, Plan};
use crate::time::Millis;
use crate::unit::{Answer, Resolution};

/// The kind of work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FamilyId {
    /// `inventory.sync`
    InventorySync,
    /// `review_pack.generate`
    ReviewPackGenerate,
    /// `evidence_snapshot.generate`
    EvidenceSnapshotGenerate,
    /// `backup_set.add_policies`
    BackupSetAddPolicies,
    /// `backup_set.restore`
    BackupSetRestore,
    /// `baseline.capture`
    BaselineCapture,
    /// `baseline.compare`
    BaselineCompare,
    /// `backup_set.delete`
    BackupSetDelete,
    /// `backup_set.force_delete`
    BackupSetForceDelete,
}

impl FamilyId {
    /// Every family of contract version 1.
    pub const ALL: [Self; 9] = [
        Self::InventorySync,
        Self::ReviewPackGenerate,
        Self::EvidenceSnapshotGenerate,
        Self::BackupSetAddPolicies,
        Self::BackupSetRestore,
        Self::BaselineCapture,
        Self::BaselineCompare,
        Self::BackupSetDelete,
        Self::BackupSetForceDelete,
    ];

    /// Returns the name of the family.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InventorySync => "inventory.sync",
            Self::ReviewPackGenerate => "review_pack.generate",
            Self::EvidenceSnapshotGenerate => "evidence_snapshot.generate",
            Self::BackupSetAddPolicies => "backup_set.add_policies",
            Self::BackupSetRestore => "backup_set.restore",
            Self::BaselineCapture => "baseline.capture",
            Self::BaselineCompare => "baseline.compare",
            Self::BackupSetDelete => "backup_set.delete",
            Self::BackupSetForceDelete => "backup_set.force_delete",
        }
    }

    /// Returns the family of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Returns how the family's progress is shown (BOUND-01, BOUND-02).
    pub const fn mode(self) -> Mode {
        match self {
            Self::InventorySync
            | Self::ReviewPackGenerate
            | Self::EvidenceSnapshotGenerate
            | Self::BackupSetAddPolicies
            | Self::BackupSetRestore => Mode::Counted,
            Self::BaselineCapture | Self::BaselineCompare => Mode::Phased,
            Self::BackupSetDelete | Self::BackupSetForceDelete => Mode::Activity,
        }
    }
}

/// What the work of a unit touches.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// Rows of our own: effect and count commit in one write set.
    Rows,
    /// The world outside: the effect comes first, keyed (run, unit), then the commit.
    Outside,
}

/// What a row of our own says of a unit, and what doing the work would write.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reading {
    /// The row's word.
    pub answer: Answer,
    /// The state that doing the work leaves behind; none where there is nothing to do.
    pub becomes: Option<ObjectState>,
    /// Whether doing the work makes the object an item of what the run makes.
    pub stores: bool,
}

impl Reading {
    /// Returns the reading of a row that says why there is nothing to do.
    pub const fn nothing(answer: Answer) -> Self {
        Self { answer, becomes: None, stores: false }
    }

    /// Returns the reading of a row that can be worked on, and then has this state.
    pub const fn change(becomes: ObjectState) -> Self {
        Self { answer: Answer::Done, becomes: Some(becomes), stores: false }
    }

    /// Returns the reading of a row that can be stored as an item.
    pub const fn store() -> Self {
        Self { answer: Answer::Done, becomes: None, stores: true }
    }
}

/// A function from the entries of a plan, in its order, to the bytes of an artifact.
pub type Pack = fn(&[Entry<'_>]) -> Vec<u8>;

/// A kind of work.
pub trait Family: Sync {
    /// Which family this is.
    fn id(&self) -> FamilyId;

    /// Returns the plan: a pure function of the input, with the same units in the same order each time (COUNT-03).
    fn plan(&self, input: &Input) -> Plan;

    /// Returns what the work of a unit touches.
    fn effect(&self) -> Effect;

    /// Returns what a row of our own says of a unit. Families that act outside never read one.
    fn read(&self, row: &Row) -> Reading {
        Reading::nothing(match row.state {
            ObjectState::Absent => Answer::NotFound,
            ObjectState::Unsupported => Answer::Unsupported,
            ObjectState::Active | ObjectState::Archived | ObjectState::Present => Answer::Done,
        })
    }

    /// Returns whether each unit is a job of its own.
    fn fan_out(&self) -> bool {
        false
    }

    /// Returns how the entries of a run are packed to the bytes of its artifact: a pure function, so that equal entries
    /// are equal bytes. None for families that publish nothing.
    fn pack(&self) -> Option<Pack> {
        None
    }

    /// Returns the named phases, in order; counted and activity-only families have none.
    fn phases(&self) -> &'static [&'static str] {
        &[]
    }

    /// Returns the summary key, beside the outcome's, that a unit so resolved adds 1 to.
    fn tallies(&self, _: Resolution) -> Option<Key> {
        None
    }

    /// Returns how often and how patiently the family tries.
    fn retry(&self) -> RetryPolicy {
        RetryPolicy {
            attempt_limit: 3,
            delivery_limit: 5,
            back_off_ms: Millis(1_000),
            back_off_max_ms: Millis(30_000),
            lease_ms: Millis(60_000),
        }
    }
}

/// Returns the family's functions and table.
pub fn family(id: FamilyId) -> &'static dyn Family {
    match id {
        FamilyId::InventorySync => &inventory::Sync,
        FamilyId::BackupSetRestore => &backup_set::Restore,
        FamilyId::BackupSetDelete => &backup_set::Delete,
        FamilyId::BackupSetForceDelete => &backup_set::ForceDelete,
        FamilyId::BaselineCapture => &baseline::Capture,
        FamilyId::BaselineCompare => &baseline::Compare,
        FamilyId::EvidenceSnapshotGenerate => &evidence::Generate,
        FamilyId::BackupSetAddPolicies => &backup_set::AddPolicies,
        FamilyId::ReviewPackGenerate => &review_pack::Generate,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_families_know_themselves() {
        for id in FamilyId::ALL {
            assert_eq!(FamilyId::from_name(id.name()), Some(id));
            let family = family(id);
            assert_eq!(family.id(), id);
            assert_eq!(family.phases().is_empty(), id.mode() != Mode::Phased, "{}", id.name());
            assert!(!(family.fan_out() && family.pack().is_some()), "{}: only the one job publishes", id.name());
        }
    }
}
