//! Job families and profiles, as rows of tables. Product-specific names occur only in this file and its submodules.
//!
//! This module does not depend on storage, clocks or randomness.

mod backup_set;
mod evidence;
mod order;
mod review_pack;

use crate::artifact::Entry;
use crate::counts::Key;
use crate::delivery::RetryPolicy;
use crate::mode::Mode;
use crate::object::{ObjectState, Row};
use crate::plan::{Input, Plan};
use crate::time::Millis;
use crate::unit::{Resolution, Response};

/// Where the side effect of a unit takes place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// On rows of the engine: the side effect and the count are in the same write set.
    Rows,
    /// Outside the engine: the side effect is performed under the key (run, unit) before the commit.
    Outside,
}

/// The order of a plan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Order {
    /// By name.
    Sorted,
    Requested,
}

/// The meaning of an engine row for a unit, and the change that the work would make.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reading {
    /// The response that the row's state gives.
    pub response: Response,
    /// The state of the object after the work; `None` if the state does not change.
    pub becomes: Option<ObjectState>,
    /// Whether the work makes the object an item of the run's artifact.
    pub stores: bool,
}

impl Reading {
    /// Returns the reading of a row that needs no work. The response states the reason.
    pub const fn nothing(response: Response) -> Self {
        Self { response, becomes: None, stores: false }
    }

    /// Returns the reading of a row that the work changes to this state.
    pub const fn change(becomes: ObjectState) -> Self {
        Self { response: Response::Done, becomes: Some(becomes), stores: false }
    }

    /// Returns the reading of a row that can be stored as an item.
    pub const fn store() -> Self {
        Self { response: Response::Done, becomes: None, stores: true }
    }
}

/// A function from the entries of a plan, in plan order, to the bytes of an artifact. Equal entries give equal bytes.
pub type Pack = fn(&[Entry<'_>]) -> Vec<u8>;

/// A job family: one row of [`FAMILIES`].
#[derive(Debug)]
pub struct Family {
    /// The family's index in the table.
    pub id: FamilyId,
    /// The name, which is unique across profiles.
    pub name: &'static str,
    /// The profile that declares the family.
    pub profile: ProfileId,
    /// How progress is shown.
    pub mode: Mode,
    /// Where side effects take place.
    pub effect: Effect,
    /// The order of the plan.
    pub order: Order,
    /// Whether each unit has a job of its own.
    pub fan_out: bool,
    /// The named phases, in order. Empty unless the family is phased.
    pub phases: &'static [&'static str],
    /// The summary key to which each succeeded unit adds 1, in addition to its outcome key.
    pub tally: Option<Key>,
    /// The limits on attempts and deliveries, and the waiting times.
    pub retry: RetryPolicy,
    /// Makes the plan from the input: the same units in the same order each time (COUNT-03).
    pub plan: fn(&Input) -> Plan,
    /// Returns what an engine row means for a unit. Never called if side effects take place outside the engine.
    pub read: fn(Row) -> Reading,
    /// Packs the entries of a run; `None` if the family publishes nothing.
    pub pack: Option<Pack>,
}

impl Family {
    /// Returns the plan for an input.
    pub fn plan(&self, input: &Input) -> Plan {
        (self.plan)(input)
    }

    /// Returns what a row means for a unit.
    pub fn read(&self, row: Row) -> Reading {
        (self.read)(row)
    }

    /// Returns the summary key to which a unit with this resolution adds 1, in addition to its outcome key.
    pub fn tallies(&self, resolution: Resolution) -> Option<Key> {
        if resolution == Resolution::Succeeded { self.tally } else { None }
    }

    /// Returns the profile that declares the family.
    pub fn profile(&self) -> &'static Profile {
        &PROFILES[self.profile as usize]
    }
}

/// Whether a failed unit ends its run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FailurePolicy {
    /// Every unit is attempted, even if others fail.
    EveryUnit,
    /// The run fails as a whole as soon as one of its units has failed.
    FailFast,
}

impl FailurePolicy {
    /// Every policy.
    pub const ALL: [Self; 2] = [Self::EveryUnit, Self::FailFast];

    /// Returns the word used in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EveryUnit => "every_unit",
            Self::FailFast => "fail_fast",
        }
    }

    /// Returns the policy with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }
}

/// How long a repeated request is recognised.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Remembered {
    /// As long as storage exists.
    ForEver,
}

/// The declarations of an implementation that apply to all of its families.
#[derive(Debug)]
pub struct Profile {
    /// The profile's index in the table.
    pub id: ProfileId,
    pub name: &'static str,
    /// How long the rows of a terminal run are kept.
    pub retention_ms: Millis,
    /// The interval at which the sweeper, the outbox relay and the retention job run.
    pub sweeper_interval_ms: Millis,
    /// How long repeated requests are recognised.
    pub requests: Remembered,
    /// Whether a failed unit ends its run, unless the run was requested under another policy.
    pub failure: FailurePolicy,
    /// Whether a run without disturbances takes no longer than the back-offs of its retries.
    pub prompt: bool,
}

macro_rules! profiles {
    ($($(#[$doc:meta])* $id:ident { $($field:ident: $value:expr),* $(,)? })*) => {
        /// An index into [`PROFILES`].
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum ProfileId { $($(#[$doc])* $id,)* }

        /// Every profile.
        pub static PROFILES: &[Profile] = &[$(Profile { id: ProfileId::$id, $($field: $value),* },)*];
    };
}

profiles! {
    /// The profile of the product for which the contract was first written.
    Reference {
        name: "reference",
        retention_ms: Millis(3_600_000),
        sweeper_interval_ms: Millis(60_000),
        requests: Remembered::ForEver,
        failure: FailurePolicy::EveryUnit,
        prompt: true,
    }
    /// A profile for any job queue or batch library.
    Queue {
        name: "queue",
        retention_ms: Millis(3_600_000),
        sweeper_interval_ms: Millis(60_000),
        requests: Remembered::ForEver,
        failure: FailurePolicy::EveryUnit,
        prompt: false,
    }
}

/// Returns the sweeper interval for storage that families of all profiles share: the shortest interval that a profile
/// declares.
pub const fn sweeper_interval_ms() -> Millis {
    let (mut shortest, mut place) = (PROFILES[0].sweeper_interval_ms, 1);
    while place < PROFILES.len() {
        if PROFILES[place].sweeper_interval_ms.0 < shortest.0 {
            shortest = PROFILES[place].sweeper_interval_ms;
        }
        place += 1;
    }
    shortest
}

/// Returns how long rows are kept in storage that families of all profiles share: the longest time that a profile
/// declares.
pub const fn retention_ms() -> Millis {
    let (mut longest, mut place) = (PROFILES[0].retention_ms, 1);
    while place < PROFILES.len() {
        if PROFILES[place].retention_ms.0 > longest.0 {
            longest = PROFILES[place].retention_ms;
        }
        place += 1;
    }
    longest
}

macro_rules! families {
    ($($(#[$doc:meta])* $id:ident { $($field:ident: $value:expr),* $(,)? })*) => {
        /// An index into [`FAMILIES`]. Append new families: the index is part of every trace hash.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum FamilyId { $($(#[$doc])* $id,)* }

        impl FamilyId {
            /// Every family.
            pub const ALL: [Self; [$(stringify!($id)),*].len()] = [$(Self::$id,)*];
        }

        /// Every family, by index.
        pub static FAMILIES: &[Family] = &[$(Family { id: FamilyId::$id, $($field: $value,)* ..ORDINARY },)*];
    };
}

/// The values that most families share.
const ORDINARY: Family = Family {
    id: FamilyId::InventorySync,
    name: "",
    profile: ProfileId::Reference,
    mode: Mode::Counted,
    effect: Effect::Outside,
    order: Order::Requested,
    fan_out: false,
    phases: &[],
    tally: None,
    retry: RetryPolicy {
        attempt_limit: 3,
        delivery_limit: 5,
        back_off_ms: Millis(1_000),
        back_off_max_ms: Millis(30_000),
        lease_ms: Millis(60_000),
    },
    plan: order::requested,
    read: order::nothing_to_read,
    pack: None,
};

families! {
    /// `inventory.sync`: one job processes the selected policy types one by one and reads each from the provider.
    InventorySync {
        name: "inventory.sync",
        order: Order::Sorted,
        plan: order::sorted,
        tally: Some(Key::Items),
        retry: RetryPolicy { back_off_ms: Millis(5_000), back_off_max_ms: Millis(60_000), ..ORDINARY.retry },
    }
    /// `review_pack.generate`: one job stages the entries of the final file map one by one. Once all are resolved, it
    /// packs those that succeeded and publishes the pack.
    ReviewPackGenerate {
        name: "review_pack.generate",
        plan: order::requested_without_excluded,
        pack: Some(review_pack::pack),
    }
    /// `evidence_snapshot.generate`: one job processes the items of the persisted payload one by one. It stores each as
    /// an item of the snapshot, in the same commit as its count.
    EvidenceSnapshotGenerate {
        name: "evidence_snapshot.generate",
        effect: Effect::Rows,
        read: evidence::generate,
        tally: Some(Key::Items),
    }
    /// `backup_set.add_policies`: one job adds the policies to a set one by one.
    BackupSetAddPolicies {
        name: "backup_set.add_policies",
        effect: Effect::Rows,
        read: backup_set::add_policies,
        tally: Some(Key::Created),
    }
    /// `backup_set.restore`: one job for each set, which restores the set if it is archived.
    BackupSetRestore {
        name: "backup_set.restore",
        effect: Effect::Rows,
        fan_out: true,
        read: backup_set::restore,
    }
    /// `baseline.capture`: one job runs the phases of capturing a baseline.
    BaselineCapture {
        name: "baseline.capture",
        mode: Mode::Phased,
        order: Order::Sorted,
        plan: order::sorted,
        phases: &["collect", "normalise", "store"],
    }
    /// `baseline.compare`: one job runs the phases of comparing a tenant with a baseline.
    BaselineCompare {
        name: "baseline.compare",
        mode: Mode::Phased,
        order: Order::Sorted,
        plan: order::sorted,
        phases: &["load", "compare", "report"],
    }
    /// `backup_set.delete`: one job for each set, which archives the set.
    BackupSetDelete {
        name: "backup_set.delete",
        mode: Mode::Activity,
        effect: Effect::Rows,
        fan_out: true,
        read: backup_set::delete,
        tally: Some(Key::Deleted),
    }
    /// `backup_set.force_delete`: one job for each set, which deletes the set for good, whether or not it is archived.
    BackupSetForceDelete {
        name: "backup_set.force_delete",
        mode: Mode::Activity,
        effect: Effect::Rows,
        fan_out: true,
        read: backup_set::force_delete,
        tally: Some(Key::Deleted),
    }
    /// `queue.fan_out`: one job for each requested key, with its side effect outside the engine.
    QueueFanOut {
        name: "queue.fan_out",
        profile: ProfileId::Queue,
        fan_out: true,
    }
}

impl FamilyId {
    /// Returns the name of the family.
    pub fn name(self) -> &'static str {
        family(self).name
    }

    /// Returns the family with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// Returns how the family's progress is shown (BOUND-01, BOUND-02).
    pub fn mode(self) -> Mode {
        family(self).mode
    }
}

/// Returns the table row of a family.
#[inline]
pub fn family(id: FamilyId) -> &'static Family {
    &FAMILIES[id as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ObjectId;

    #[test]
    fn rows_are_found_by_name_and_by_index() {
        for id in FamilyId::ALL {
            assert_eq!(FamilyId::from_name(id.name()), Some(id));
            let family = family(id);
            assert_eq!(family.id, id);
            assert_eq!(family.profile().id, family.profile, "{}", family.name);
            assert_eq!(family.phases.is_empty(), id.mode() != Mode::Phased, "{}", family.name);
            assert!(!(family.fan_out && family.pack.is_some()), "{}: a fan-out family publishes a pack", family.name);
        }
    }

    #[test]
    fn a_plan_has_the_order_that_its_family_declares() {
        let input = Input::of([3, 1, 2, 1].map(ObjectId).to_vec());
        for family in FAMILIES {
            let expected = match family.order {
                Order::Sorted => [1, 2, 3],
                Order::Requested => [3, 1, 2],
            };
            assert_eq!(family.plan(&input).keys(), expected.map(ObjectId), "{}", family.name);
        }
    }
}
