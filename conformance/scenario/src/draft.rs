//! A run as far as it was understood, to be compared with the others and to become part of the fixture.
//!
//! Independent of how a run is written.

use std::sync::Arc;

use truecount_engine::family::{Effect, Family};
use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::mode::Mode;
use truecount_engine::plan::{Input, Plan};
use truecount_sim::fixture::{RunSpec, Script};

use super::finding::At;

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// The system, which needs no grant.
    System,
    /// A person or service.
    Actor(ActorId),
}

/// A run as far as it could be understood.
pub(super) struct Draft<'f> {
    /// Where it is written.
    pub(super) at: At<'f>,
    pub(super) name: &'f str,
    /// Where it runs.
    pub(super) tenant: Option<TenantId>,
    /// Who asks.
    pub(super) asker: Option<Asker>,
    /// The kind of work.
    pub(super) family: Option<&'static Family>,
    /// The run it waits for; always an earlier one.
    pub(super) after: Option<u16>,
    /// Whether it waits for a run that was not understood.
    pub(super) lost: bool,
    /// The units, in order; none if the family or an object was not understood.
    pub(super) plan: Option<Plan>,
    /// The first key under which responses for it are written.
    pub(super) scripted: Option<&'static str>,
    /// What it requests, as far as that is known.
    pub(super) input: Input,
    /// For each object, by id, the script for its unit.
    pub(super) scripts: Vec<Script>,
    /// The script for planning.
    pub(super) plan_script: Script,
    /// The script for publishing.
    pub(super) publish_script: Script,
    pub(super) phase_scripts: Vec<Script>,
}

/// Returns whether a family plans units; a phased one does not.
pub(super) fn counts_units(family: &Family) -> bool {
    family.id.mode() != Mode::Phased
}

impl Draft<'_> {
    /// Returns the planned units, as far as they are known; none for a phased family.
    pub(super) fn units(&self) -> Option<&[ObjectId]> {
        let counts = counts_units(self.family?);
        self.plan.as_ref().map(|plan| if counts { plan.keys() } else { &[] })
    }

    /// Returns whether the family has phases instead of units.
    pub(super) fn is_phased(&self) -> bool {
        self.family.is_some_and(|family| !counts_units(family))
    }

    /// Returns whether its work changes rows that other runs read.
    pub(super) fn changes_rows(&self) -> bool {
        self.family.is_some_and(|family| counts_units(family) && family.effect == Effect::Rows)
    }

    /// Returns whether the two were given the same scripts.
    pub(super) fn has_the_scripts_of(&self, other: &Self) -> bool {
        self.scripts == other.scripts
            && self.plan_script == other.plan_script
            && self.phase_scripts == other.phase_scripts
            && self.publish_script == other.publish_script
    }

    /// Returns the run for the fixture, if it was understood.
    pub(super) fn into_spec(self) -> Option<RunSpec> {
        Some(RunSpec {
            tenant: self.tenant?,
            actor: match self.asker? {
                Asker::System => None,
                Asker::Actor(actor) => Some(actor),
            },
            family: self.family?.id,
            input: Arc::new(self.input),
            scripts: self.scripts,
            plan_script: self.plan_script,
            phase_scripts: self.phase_scripts,
            publish_script: self.publish_script,
            after: self.after,
        })
    }
}
