//! Drafts of runs: the parts that were understood. Drafts are compared with each other and then become part of the
//! fixture.

use std::sync::Arc;

use truecount_engine::family::FailurePolicy;
use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::plan::{Input, Plan};
use truecount_sim::fixture::{RunSpec, Script};

use super::finding::At;
use super::kind::Kind;

/// The requesting actor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Requester {
    /// The system, which needs no grant.
    System,
    /// A person or service.
    Actor(ActorId),
}

/// The parts of a run that were understood.
pub(super) struct Draft<'f> {
    /// The location of the run in the file.
    pub(super) at: At<'f>,
    pub(super) name: &'f str,
    pub(super) tenant: Option<TenantId>,
    pub(super) requester: Option<Requester>,
    pub(super) family: Option<Kind>,
    pub(super) failure: FailurePolicy,
    /// The index of the run that this run waits for, which is always an earlier run.
    pub(super) after: Option<u16>,
    /// Whether `after` is given but not valid.
    pub(super) after_invalid: bool,
    /// The plan, or `None` if the family or an object was not understood.
    pub(super) plan: Option<Plan>,
    /// The first key that holds scripted responses for the run.
    pub(super) scripted: Option<&'static str>,
    /// The request, which is empty if an object was not understood.
    pub(super) input: Input,
    /// The script for each unit, by object id.
    pub(super) scripts: Vec<Script>,
    pub(super) plan_script: Script,
    pub(super) publish_script: Script,
    pub(super) phase_scripts: Vec<Script>,
}

impl Draft<'_> {
    /// Returns the planned units, or `None` if they are unknown. For a phased family, the list is empty.
    pub(super) fn units(&self) -> Option<&[ObjectId]> {
        let counts = self.family?.counts_units();
        self.plan.as_ref().map(|plan| if counts { plan.keys() } else { &[] })
    }

    /// Returns whether the family has phases instead of units.
    pub(super) fn is_phased(&self) -> bool {
        self.family.is_some_and(|family| !family.counts_units())
    }

    /// Returns whether the run changes rows that other runs read.
    pub(super) fn changes_rows(&self) -> bool {
        self.family.is_some_and(Kind::changes_rows)
    }

    /// Returns whether both runs have the same scripts.
    pub(super) fn has_the_scripts_of(&self, other: &Self) -> bool {
        self.scripts == other.scripts
            && self.plan_script == other.plan_script
            && self.phase_scripts == other.phase_scripts
            && self.publish_script == other.publish_script
    }

    /// Returns the run for the fixture, or `None` if a part of it was not understood.
    pub(super) fn into_spec(self) -> Option<RunSpec> {
        Some(RunSpec {
            tenant: self.tenant?,
            actor: match self.requester? {
                Requester::System => None,
                Requester::Actor(actor) => Some(actor),
            },
            family: self.family?.id,
            failure: self.failure,
            input: Arc::new(self.input),
            scripts: self.scripts,
            plan_script: self.plan_script,
            phase_scripts: self.phase_scripts,
            publish_script: self.publish_script,
            after: self.after,
        })
    }
}
