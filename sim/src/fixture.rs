//! The start of a simulation: actors, objects, requested runs, provider responses, and the faults that may be injected.
//!
//! Ids are interned: the objects of a fixture are numbered in the order of their names.

mod key;

use std::sync::Arc;

use truecount_engine::family::{FailurePolicy, FamilyId, family};
use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::index::ix;
use truecount_engine::object::ObjectState;
use truecount_engine::plan::Input;
use truecount_engine::policy::Grant;
use truecount_engine::unit::Response;

use crate::fault::PerFault;

/// For each family, the response for an object in each state. This is section 2 of the contract as data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResponseTable([[Response; ObjectState::ALL.len()]; FamilyId::ALL.len()]);

impl ResponseTable {
    /// Returns a table according to which no object exists.
    pub const fn nothing() -> Self {
        Self([[Response::NotFound; ObjectState::ALL.len()]; FamilyId::ALL.len()])
    }

    /// Sets the response that a unit of this family receives if its object is in this state.
    pub fn set(&mut self, family: FamilyId, state: ObjectState, response: Response) {
        self.0[family as usize][state as usize] = response;
    }

    /// Returns the response that a unit of this family receives if its object is in this state.
    #[inline]
    pub const fn of(&self, family: FamilyId, state: ObjectState) -> Response {
        self.0[family as usize][state as usize]
    }
}

/// The responses to successive attempts at a unit, at planning, at a phase or at publishing. Once the script is
/// exhausted, the object's state determines the response for a unit, and attempts at planning, phases and publishing
/// succeed.
pub type Script = Box<[Response]>;

/// A requested run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunSpec {
    /// The tenant of the run.
    pub tenant: TenantId,
    /// The requesting actor; `None` for the system.
    pub actor: Option<ActorId>,
    /// The family of the run.
    pub family: FamilyId,
    /// Whether a failed unit ends the run.
    pub failure: FailurePolicy,
    /// The objects and options in the request.
    pub input: Arc<Input>,
    /// For each object, by id, the script for its unit. Empty if nothing is scripted.
    pub scripts: Vec<Script>,
    /// The script for planning.
    pub plan_script: Script,
    pub phase_scripts: Vec<Script>,
    /// The artifact store's responses to attempts at publishing.
    pub publish_script: Script,
    /// The index of the run that must be terminal before this run is requested.
    pub after: Option<u16>,
}

/// A surface of a tenant, and the actor that views it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Surface {
    /// The viewer.
    pub actor: ActorId,
    /// The tenant of the surface; `None` for a surface without a tenant.
    pub tenant: Option<TenantId>,
}

/// The start of a simulation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fixture {
    /// The part of the key of every random stream that does not depend on the seed. For the fixture of a scenario, it is
    /// [`Fixture::digest`].
    pub key: String,
    /// The grants of the policy.
    pub grants: Vec<(ActorId, TenantId, Grant)>,
    /// The initial state of each object.
    pub objects: Vec<ObjectState>,
    /// The names of the objects, as used in published entries. An object without a name is named after its number.
    pub names: Vec<String>,
    /// The requested runs, in order.
    pub runs: Vec<RunSpec>,
    /// The minimum and the maximum number of workers.
    pub workers: (u16, u16),
    /// The maximum number of injections of each kind of fault in one simulation.
    pub faults: PerFault<u16>,
    /// Whether faults may exhaust the limits on attempts and deliveries.
    pub exhaust: bool,
    /// The surfaces, each with its viewer.
    pub surfaces: Vec<Surface>,
    /// The responses for objects.
    pub responses: ResponseTable,
}

impl RunSpec {
    /// Returns a request for these objects, with nothing scripted.
    pub fn new(tenant: TenantId, actor: Option<ActorId>, family: FamilyId, objects: Vec<ObjectId>) -> Self {
        Self {
            tenant,
            actor,
            family,
            failure: family_policy(family),
            input: Arc::new(Input::of(objects)),
            scripts: Vec::new(),
            plan_script: Script::default(),
            phase_scripts: Vec::new(),
            publish_script: Script::default(),
            after: None,
        }
    }

    /// Returns the scripted response to an attempt at the unit for an object. Attempts are counted from 1.
    #[inline]
    pub fn scripted(&self, object: ObjectId, attempt: u8) -> Option<Response> {
        nth(self.scripts.get(object.index())?, attempt)
    }

    /// Returns the scripted response to an attempt at planning. Attempts are counted from 1.
    pub fn planning_scripted(&self, attempt: u8) -> Option<Response> {
        nth(&self.plan_script, attempt)
    }

    /// Returns the artifact store's scripted response to an attempt at publishing. Attempts are counted from 1.
    pub fn publishing_scripted(&self, attempt: u8) -> Option<Response> {
        nth(&self.publish_script, attempt)
    }

    /// Returns the scripted response to an attempt at a phase. Attempts are counted from 1.
    pub fn phase_scripted(&self, phase: usize, attempt: u8) -> Option<Response> {
        nth(self.phase_scripts.get(phase)?, attempt)
    }
}

/// Returns the failure policy that the profile of a family declares.
fn family_policy(id: FamilyId) -> FailurePolicy {
    family(id).profile().failure
}

#[inline]
fn nth(scripts: &[Response], attempt: u8) -> Option<Response> {
    scripts.get(usize::from(attempt).wrapping_sub(1)).copied()
}

impl Fixture {
    /// Returns a fixture with one run over all of these objects, requested by an actor that may start the run. The
    /// fixture has one worker, no faults and no surface.
    pub fn of_one_run(
        key: impl Into<String>,
        family: FamilyId,
        objects: Vec<ObjectState>,
        responses: ResponseTable,
    ) -> Self {
        let (actor, tenant) = (ActorId(0), TenantId(0));
        let all = (0..ix(objects.len())).map(ObjectId).collect();
        Self {
            key: key.into(),
            grants: vec![(actor, tenant, Grant::Operate)],
            objects,
            names: Vec::new(),
            runs: vec![RunSpec::new(tenant, Some(actor), family, all)],
            workers: (1, 1),
            faults: PerFault::default(),
            exhaust: false,
            surfaces: Vec::new(),
            responses,
        }
    }

    /// Returns the name of an object.
    pub fn name(&self, object: ObjectId) -> String {
        self.names.get(object.index()).cloned().unwrap_or_else(|| format!("object-{}", object.0))
    }

    /// Returns whether any of the runs publishes an artifact.
    pub fn publishes(&self) -> bool {
        self.runs.iter().any(|run| family(run.family).pack.is_some())
    }

    /// Returns an upper bound on the total number of units.
    pub fn units(&self) -> usize {
        self.runs.iter().map(|run| run.input.objects.len()).sum()
    }
}
