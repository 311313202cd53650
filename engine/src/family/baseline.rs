//! `baseline.capture` and `baseline.compare`: one job goes through named phases; there are no units to count.

use super::{Effect, Family, FamilyId};
use crate::plan::{Input, Plan};

/// Takes a baseline.
pub(super) struct Capture;

impl Family for Capture {
    fn id(&self) -> FamilyId {
        FamilyId::BaselineCapture
    }

    fn plan(&self, input: &Input) -> Plan {
        Plan::sorted(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Outside
    }

    fn phases(&self) -> &'static [&'static str] {
        &["collect", "normalise", "store"]
    }
}

/// Holds a tenant against a baseline.
pub(super) struct Compare;

impl Family for Compare {
    fn id(&self) -> FamilyId {
        FamilyId::BaselineCompare
    }

    fn plan(&self, input: &Input) -> Plan {
        Plan::sorted(&input.objects)
    }

    fn effect(&self) -> Effect {
        Effect::Outside
    }

    fn phases(&self) -> &'static [&'static str] {
        &["load", "compare", "report"]
    }
}
