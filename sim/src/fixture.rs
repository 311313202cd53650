//! What a simulation starts from: actors, objects, requested runs, provider responses, and which faults may be
//! injected.
//!
//! Ids are interned: a fixture's objects are numbered in the order of their names. Independent of files.

use std::sync::Arc;

use truecount_engine::family::{FamilyId, family};
use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::index::ix;
use truecount_engine::object::ObjectState;
use truecount_engine::plan::Input;
use truecount_engine::policy::Grant;
use truecount_engine::unit::Response;

use crate::fault::PerFault;

/// The response for an object in each state, for each family: section 2 of the contract, as data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ResponseTable([[Response; ObjectState::ALL.len()]; FamilyId::ALL.len()]);

impl ResponseTable {
    /// Returns a table in which nothing exists.
    pub const fn nothing() -> Self {
        Self([[Response::NotFound; ObjectState::ALL.len()]; FamilyId::ALL.len()])
    }

    /// Sets the response that a family gets for an object in a state.
    pub fn set(&mut self, family: FamilyId, state: ObjectState, response: Response) {
        self.0[family as usize][state as usize] = response;
    }

    /// Returns the response that a family gets for an object in a state.
    #[inline]
    pub const fn of(&self, family: FamilyId, state: ObjectState) -> Response {
        self.0[family as usize][state as usize]
    }
}

/// The responses to the successive attempts at one thing. Once the script is exhausted, the object's state determines
/// the response.
pub type Script = Box<[Response]>;

/// A requested run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunSpec {
    /// Where.
    pub tenant: TenantId,
    /// Who asks; none is the system.
    pub actor: Option<ActorId>,
    /// The kind of work.
    pub family: FamilyId,
    /// What to work on, as asked for.
    pub input: Arc<Input>,
    /// For each object, by id, the script for its unit. Empty if nothing is scripted.
    pub scripts: Vec<Script>,
    /// The script for planning.
    pub plan_script: Script,
    pub phase_scripts: Vec<Script>,
    /// The artifact store's words for the attempts at publishing.
    pub publish_script: Script,
    /// Requested only once this other run, by its place, is terminal.
    pub after: Option<u16>,
}

/// A surface of a tenant, and the actor that views it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Surface {
    /// The viewer.
    pub actor: ActorId,
    /// Where; none is a surface with no tenant.
    pub tenant: Option<TenantId>,
}

/// What a simulation starts from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fixture {
    /// The name, which is also part of every random stream.
    pub name: String,
    /// What the policy grants.
    pub grants: Vec<(ActorId, TenantId, Grant)>,
    /// The objects' states.
    pub objects: Vec<ObjectState>,
    /// The objects' names, as published entries have them; an object without one is named after its number.
    pub names: Vec<String>,
    /// What is asked for, in order.
    pub runs: Vec<RunSpec>,
    /// The fewest and the most workers.
    pub workers: (u16, u16),
    /// How often each kind of fault may be injected in one seed; 0 is never.
    pub faults: PerFault<u16>,
    /// Whether faults may use up the limits on attempts and deliveries.
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
            input: Arc::new(Input::of(objects)),
            scripts: Vec::new(),
            plan_script: Script::default(),
            phase_scripts: Vec::new(),
            publish_script: Script::default(),
            after: None,
        }
    }

    /// Returns the scripted response to an attempt, counted from 1, at the unit of an object.
    #[inline]
    pub fn scripted(&self, object: ObjectId, attempt: u8) -> Option<Response> {
        nth(self.scripts.get(object.index())?, attempt)
    }

    /// Returns the scripted response to an attempt, counted from 1, at planning.
    pub fn planning_scripted(&self, attempt: u8) -> Option<Response> {
        nth(&self.plan_script, attempt)
    }

    /// Returns the scripted response of the artifact store to an attempt, counted from 1, at publishing.
    pub fn publishing_scripted(&self, attempt: u8) -> Option<Response> {
        nth(&self.publish_script, attempt)
    }

    /// Returns the scripted response to an attempt, counted from 1, at a phase.
    pub fn phase_scripted(&self, phase: usize, attempt: u8) -> Option<Response> {
        nth(self.phase_scripts.get(phase)?, attempt)
    }
}

#[inline]
fn nth(scripts: &[Response], attempt: u8) -> Option<Response> {
    scripts.get(usize::from(attempt).wrapping_sub(1)).copied()
}

impl Fixture {
    /// Returns a fixture of one run over all of these objects, by an actor that may start it: one worker, no faults and
    /// no surface.
    pub fn of_one_run(
        name: impl Into<String>,
        family: FamilyId,
        objects: Vec<ObjectState>,
        responses: ResponseTable,
    ) -> Self {
        let (actor, tenant) = (ActorId(0), TenantId(0));
        let all = (0..ix(objects.len())).map(ObjectId).collect();
        Self {
            name: name.into(),
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

    /// Returns whether any run publishes what it makes.
    pub fn publishes(&self) -> bool {
        self.runs.iter().any(|run| family(run.family).pack.is_some())
    }

    /// Returns how many units all runs have together, at most.
    pub fn units(&self) -> usize {
        self.runs.iter().map(|run| run.input.objects.len()).sum()
    }
}
