//! `review_pack.generate`: one job stages the entries of the final file map one by one; when all are resolved, it packs
//! those that succeeded, and publishes the pack.

mod pack;

use super::{Effect, Family, FamilyId, Pack};
use crate::id::ObjectId;
use crate::plan::{Input, Plan};

/// The family.
pub(super) struct Generate;

impl Family for Generate {
    fn id(&self) -> FamilyId {
        FamilyId::ReviewPackGenerate
    }

    /// What the options exclude is gone before planning, and is no unit.
    fn plan(&self, input: &Input) -> Plan {
        let excluded = Plan::sorted(&input.excluded);
        let wanted = |object: &ObjectId| excluded.keys().binary_search(object).is_err();
        let wanted: Vec<ObjectId> = input.objects.iter().copied().filter(wanted).collect();
        Plan::in_request_order(&wanted)
    }

    fn effect(&self) -> Effect {
        Effect::Outside
    }

    fn pack(&self) -> Option<Pack> {
        Some(pack::pack)
    }
}
