//! The facts about a fixture that are known in advance: the plan, limits and mode of each request.
//!
//! They are derived from the fixture and from section 2 of the contract, never from the engine, so that mistakes in the
//! engine are detected.

use std::collections::BTreeSet;

use truecount_engine::counts::Key;
use truecount_engine::delivery::RetryPolicy;
use truecount_engine::family::{FailurePolicy, FamilyId};
use truecount_engine::id::{ActorId, ObjectId, TenantId, UnitIx};
use truecount_engine::index::{ix, narrow};
use truecount_engine::mode::Mode;
use truecount_engine::object::ObjectState;
use truecount_engine::plan::{Input, digest};
use truecount_engine::policy::Grant;
use truecount_engine::unit::Response;
use truecount_sim::fixture::{Fixture, ResponseTable, RunSpec};
use truecount_sim::heal::bound_ms;

use crate::contract::{self, FamilyRow, Resolutions};

/// What is known about one request in advance.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact about the request")]
pub struct RunReference {
    /// The tenant of the run.
    pub tenant: TenantId,
    pub family: FamilyId,
    /// How its progress is shown.
    pub mode: Mode,
    /// The requesting actor; `None` for the system.
    pub actor: Option<ActorId>,
    /// Whether the objects of its units become items of its artifact.
    pub stores: bool,
    /// Whether it publishes a pack with the output of its units.
    pub publishes: bool,
    /// Whether a provider performs the side effects of its units, outside the engine.
    pub acts_outside: bool,
    /// Whether each unit is a job of its own.
    pub fan_out: bool,
    /// Whether the run fails as a whole at its first failed unit.
    pub fail_fast: bool,
    /// The plan: the objects of its units, in order. Empty for phased families.
    pub plan: Vec<ObjectId>,
    /// The places in the plan, in the order of their objects.
    by_object: Vec<u32>,
    /// The plan's digest.
    pub digest: u64,
    /// The definite response with which the script for each unit ends, if any. Empty if nothing is scripted.
    pub last_responses: Vec<Option<Response>>,
    /// The declared limits of its family.
    pub policy: RetryPolicy,
    /// The time within which the run must end once faults have stopped, in milliseconds.
    pub bound_ms: u64,
    /// How long its rows are kept once it is terminal, in milliseconds.
    pub retention_ms: u64,
    /// The further summary key to which each succeeded unit adds 1, if any.
    pub tally: Option<Key>,
    /// Whether its family belongs to the reference profile.
    pub reference_profile: bool,
    /// Whether it takes no longer than the back-offs of its retries if nothing delays it.
    pub prompt: bool,
    /// The index of the first request with the same identity.
    pub identity: usize,
    /// The number of its phases.
    pub phases: u8,
}

impl RunReference {
    /// Returns the unit for an object, or `None` if the run plans none. The search takes logarithmic time, because a plan
    /// may have a million units.
    pub fn unit(&self, object: ObjectId) -> Option<UnitIx> {
        let of = |place: &u32| self.plan[*place as usize];
        let found = self.by_object.binary_search_by_key(&object, of).ok()?;
        Some(UnitIx(self.by_object[found]))
    }
}

/// What is known about a fixture in advance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// What is known about each request, by index.
    pub runs: Vec<RunReference>,
    /// The objects' states at the start.
    pub objects: Vec<ObjectState>,
    /// What the policy grants at the start.
    pub grants: Vec<(ActorId, TenantId, Grant)>,
    /// The provider responses for objects, by family and state.
    pub responses: ResponseTable,
    /// The resolution to which each response leads.
    pub resolutions: Resolutions,
}

impl Reference {
    /// Returns what is known about a fixture in advance.
    pub fn new(fixture: &Fixture) -> Self {
        let mut runs: Vec<RunReference> = Vec::new();
        for (index, spec) in fixture.runs.iter().enumerate() {
            let mut run = reference(spec, index);
            let same = |other: &&RunReference| {
                let key = |run: &RunReference| (run.tenant, run.family, run.digest);
                key(other) == key(&run)
            };
            run.identity = runs.iter().find(same).map_or(index, |other| other.identity);
            runs.push(run);
        }
        Self {
            runs,
            objects: fixture.objects.clone(),
            grants: fixture.grants.clone(),
            responses: contract::responses(),
            resolutions: contract::resolves(),
        }
    }
}

fn reference(spec: &RunSpec, index: usize) -> RunReference {
    let row = contract::family_row(spec.family);
    let mode = match row.mode.as_str() {
        "counted" => Mode::Counted,
        "phased" => Mode::Phased,
        _ => Mode::Activity,
    };
    let canonical = planned(row, &spec.input);
    let digest = digest(&canonical);
    let plan = if mode == Mode::Phased { Vec::new() } else { canonical };
    let last = |object: &ObjectId| {
        let response = spec.scripts.get(object.index()).and_then(|last_responses| last_responses.last().copied());
        response.filter(|response| response.definite())
    };
    let last_responses = if spec.scripts.is_empty() { Vec::new() } else { plan.iter().map(last).collect() };
    let mut by_object: Vec<u32> = (0..ix(plan.len())).collect();
    by_object.sort_unstable_by_key(|place| plan[*place as usize]);
    let profile = contract::profile_of(row);
    let policy = row.limits.policy();
    let phases = row.phases.len();
    let units = if mode == Mode::Phased { phases } else { plan.len() };
    RunReference {
        tenant: spec.tenant,
        family: spec.family,
        mode,
        actor: spec.actor,
        stores: row.artifact.as_deref() == Some("items"),
        publishes: row.artifact.as_deref() == Some("pack"),
        acts_outside: row.side_effects == "outside",
        fan_out: row.fan_out,
        fail_fast: spec.failure == FailurePolicy::FailFast,
        by_object,
        digest,
        last_responses,
        policy,
        bound_ms: bound_ms(&policy, units as u64).saturating_add(2 * profile.sweeper_interval_ms),
        retention_ms: profile.retention_ms,
        tally: row.tally.as_deref().and_then(Key::from_name),
        reference_profile: profile.name == "reference",
        prompt: profile.prompt,
        identity: index,
        phases: narrow(phases),
        plan,
    }
}

/// Returns the plan that the contract derives from an input. Each object that the options do not exclude appears in it
/// once. The plan is sorted or in the order of the request. For a family without units, the result only identifies the
/// request.
pub fn planned(row: &FamilyRow, input: &Input) -> Vec<ObjectId> {
    let mut gone: BTreeSet<ObjectId> = input.excluded.iter().copied().collect();
    let mut keys: Vec<ObjectId> = input.objects.iter().copied().filter(|key| gone.insert(*key)).collect();
    if matches!(row.order.as_str(), "sorted" | "none") {
        keys.sort_unstable();
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_found_by_its_object_whatever_the_order_of_the_plan() {
        let restored = [3, 0, 2, 0].map(ObjectId).to_vec();
        let run = |family, objects| reference(&RunSpec::new(TenantId(0), None, family, objects), 0);
        let units = |run: &RunReference| [0, 1, 2, 3].map(|object| run.unit(ObjectId(object)).map(|unit| unit.0));
        assert_eq!(units(&run(FamilyId::BackupSetRestore, restored.clone())), [Some(1), None, Some(2), Some(0)]);
        assert_eq!(units(&run(FamilyId::InventorySync, restored.clone())), [Some(0), None, Some(1), Some(2)]);
        assert_eq!(units(&run(FamilyId::BaselineCapture, restored)), [None; 4]);
    }
}
