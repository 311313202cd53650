//! `inventory.sync`: one job takes the selected policy types one by one and reads each from the provider.

use super::{Effect, Family, FamilyId};
use crate::counts::Key;
use crate::delivery::RetryPolicy;
use crate::plan::{Input, Plan};
use crate::time::Millis;
use crate::unit::Resolution;

/// The family.
pub(super) struct Sync;

impl Family for Sync {
    fn id(&self) -> FamilyId {
        FamilyId::InventorySync
    }

    fn plan(&self, input: &Input) -> Plan {
        Plan::sorted(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Outside
    }

    fn tallies(&self, resolution: Resolution) -> Option<Key> {
        (resolution == Resolution::Succeeded).then_some(Key::Items)
    }

    fn retry(&self) -> RetryPolicy {
        RetryPolicy {
            attempt_limit: 3,
            delivery_limit: 5,
            back_off_ms: Millis(5_000),
            back_off_max_ms: Millis(60_000),
            lease_ms: Millis(60_000),
        }
    }
}
