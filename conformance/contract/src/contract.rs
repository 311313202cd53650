//! Section 2 of the contract as data: profiles, their families, provider responses, and the resolutions to which the
//! responses lead.
//!
//! The tables are written once, in `spec/requirements.json`, and embedded here. This module depends on neither clauses
//! nor scenarios.

pub mod document;
pub mod prose;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use truecount_engine::delivery::RetryPolicy;
use truecount_engine::family::{FailurePolicy, FamilyId};
use truecount_engine::object::ObjectState;
use truecount_engine::run::Outcome;
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fixture::ResponseTable;

/// The declarations in an implementation's profile (section 2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Profile {
    /// The name, such as `reference`.
    pub name: String,
    /// The heading of its section.
    pub title: String,
    /// The paragraph before the table; may be empty.
    #[serde(default)]
    pub before: Vec<String>,
    /// How long the rows of a terminal run are kept, in milliseconds.
    pub retention_ms: u64,
    /// The interval at which the sweeper runs, in milliseconds.
    pub sweeper_interval_ms: u64,
    /// How long a repeated request is recognised. The only value is `for_ever`.
    pub requests_remembered: String,
    /// The effect of a failed unit on the run. With `every_unit`, the other units are still attempted.
    pub failure_policy: String,
    /// The policies that a scenario may declare instead.
    #[serde(default)]
    pub other_failure_policies: Vec<String>,
    /// Whether a run that no fault delays takes no longer than the back-offs of its retries.
    pub prompt: bool,
    /// How far observed counts may lag behind the ledger, in milliseconds.
    pub lag_ms: u64,
    /// The implementation's capabilities, out of surfaces, notices, artifacts and request keys.
    pub capabilities: Vec<String>,
    /// The families, in order.
    pub families: Vec<FamilyRow>,
}

/// A family's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub struct Limits {
    /// The maximum number of attempts at a unit.
    pub attempts: u8,
    /// The maximum number of deliveries of a job.
    pub deliveries: u16,
    /// The back-off after the first attempt, in milliseconds; it doubles with each further attempt.
    pub back_off_ms: u64,
    /// The longest back-off, in milliseconds.
    pub back_off_max_ms: u64,
    /// How long a lease lasts, in milliseconds.
    pub lease_ms: u64,
}

impl Limits {
    /// Returns the limits as the engine's type, which computes how a back-off grows.
    pub const fn policy(&self) -> RetryPolicy {
        RetryPolicy {
            attempt_limit: self.attempts,
            delivery_limit: self.deliveries,
            back_off_ms: Millis(self.back_off_ms),
            back_off_max_ms: Millis(self.back_off_max_ms),
            lease_ms: Millis(self.lease_ms),
        }
    }
}

/// A family as a row of the contract's table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct FamilyRow {
    /// The name, such as `backup_set.restore`.
    pub name: String,
    /// A description of one unit.
    pub unit: String,
    /// The source of the plan.
    pub plan: String,
    /// How progress is shown: `counted`, `phased` or `activity`.
    pub mode: String,
    /// A note on the mode, if any.
    #[serde(default)]
    pub mode_note: String,
    /// Whether each unit is a job of its own.
    pub fan_out: bool,
    /// Whether a request has options that exclude objects before planning.
    #[serde(default)]
    pub options: bool,
    /// The order of the plan: `sorted`, `request`, `payload` or `none`.
    pub order: String,
    /// Where side effects occur: `rows`, `outside` or `none`.
    pub side_effects: String,
    /// The state of an object after its unit has succeeded; `None` if the unit does not change the state.
    #[serde(default)]
    pub becomes: Option<String>,
    /// The product of a run in addition to its side effects: `items` or `pack`; `None` if there is no such product.
    #[serde(default)]
    pub artifact: Option<String>,
    /// The named phases, in order.
    #[serde(default)]
    pub phases: Vec<String>,
    /// The additional summary key to which a succeeded unit adds 1, if any.
    #[serde(default)]
    pub tally: Option<String>,
    /// The limits on attempts, deliveries, back-off and lease.
    pub limits: Limits,
    /// The provider response for each state of an object; empty if the family has no units.
    #[serde(default)]
    pub responses: BTreeMap<String, String>,
}

/// The resolution to which a provider response leads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ResolutionRow {
    /// The response, or the limit that was reached.
    pub response: String,
    /// The resolution; `None` while the unit may be retried.
    pub resolution: Option<String>,
    /// Whether the unit is retried before it is resolved.
    pub retried: bool,
    /// The meaning of the response, in the words of the contract's table.
    pub means: String,
    /// A note on the resolution, such as the family to which it applies.
    #[serde(default)]
    pub note: String,
    /// The text of the cell `retried first?`.
    pub retried_first: String,
}

#[derive(Deserialize)]
struct ClauseRow {
    id: String,
}

#[derive(Deserialize)]
struct Requirements {
    clauses: Vec<ClauseRow>,
    profiles: Vec<Profile>,
    resolutions: Vec<ResolutionRow>,
}

static REQUIREMENTS: LazyLock<Requirements> = LazyLock::new(|| {
    // The text is embedded, so a failure to parse it is a defect of the program. A test parses it.
    serde_json::from_str(include_str!("../../spec/requirements.json")).expect("the embedded contract has its tables")
});

/// The families under the names that scenarios and reports use. These names are unique across profiles.
static FAMILIES: LazyLock<Vec<FamilyRow>> = LazyLock::new(|| {
    let named = |profile: &'static Profile| {
        profile.families.iter().map(move |row| {
            let name = if row.name.contains('.') { row.name.clone() } else { format!("{}.{}", profile.name, row.name) };
            FamilyRow { name, ..row.clone() }
        })
    };
    REQUIREMENTS.profiles.iter().flat_map(named).collect()
});

static RESPONSES: LazyLock<ResponseTable> = LazyLock::new(|| {
    let mut responses = ResponseTable::nothing();
    for row in families() {
        let Some(family) = FamilyId::from_name(&row.name) else { continue };
        for state in ObjectState::ALL {
            // If the table has no entry for a state, such as `present`, the entry for `active` applies.
            let word = row.responses.get(state.name()).or_else(|| row.responses.get(ObjectState::Active.name()));
            if let Some(response) = word.and_then(|word| Response::from_name(word)) {
                responses.set(family, state, response);
            }
        }
    }
    responses
});

/// Returns the profiles, in the contract's order.
pub fn profiles() -> &'static [Profile] {
    &REQUIREMENTS.profiles
}

/// Returns the families of all profiles in the contract's order, under names that are unique across profiles.
pub fn families() -> &'static [FamilyRow] {
    &FAMILIES
}

/// Returns a family's row.
pub(crate) fn family_row(family: FamilyId) -> &'static FamilyRow {
    &FAMILIES[family as usize]
}

/// Returns the profile that declares a family.
///
/// # Panics
///
/// Panics if the row is not one of [`families`].
pub(crate) fn profile_of(row: &FamilyRow) -> &'static Profile {
    let short = |profile: &Profile| row.name.strip_prefix(&format!("{}.", profile.name)).map(str::to_owned);
    let declares = |profile: &&Profile| {
        let short = short(profile);
        profile.families.iter().any(|other| other.name == row.name || short.as_ref() == Some(&other.name))
    };
    profiles().iter().find(declares).expect("a profile declares each family")
}

/// Returns the failure policy that the profile of a family declares.
pub fn failure_policy(family: FamilyId) -> FailurePolicy {
    let declared = &profile_of(family_row(family)).failure_policy;
    FailurePolicy::from_name(declared).unwrap_or(FailurePolicy::EveryUnit)
}

/// Returns the outcome that LIFE-04 requires for these numbers of succeeded, skipped and failed units.
pub const fn outcome(run_failed: bool, [succeeded, skipped, failed]: [u64; 3]) -> Outcome {
    match (run_failed, failed, succeeded, skipped) {
        (true, ..) => Outcome::Failed,
        (false, 0, ..) => Outcome::Succeeded,
        (false, _, 0, 0) => Outcome::Failed,
        (false, ..) => Outcome::PartiallySucceeded,
    }
}

/// Returns whether a scenario may declare this failure policy for the runs of a family.
pub fn may_declare(family: FamilyId, policy: FailurePolicy) -> bool {
    profile_of(family_row(family)).other_failure_policies.iter().any(|name| name == policy.name())
}

/// Returns the rows of the resolution table, in the contract's order.
pub fn resolutions() -> &'static [ResolutionRow] {
    &REQUIREMENTS.resolutions
}

/// The resolution to which each response leads, from the contract's table. It does not depend on any engine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Resolutions([Option<Resolution>; Response::ALL.len()]);

impl Resolutions {
    /// Returns the resolution to which a response leads; `None` while the unit may be retried.
    #[inline]
    pub const fn of(&self, response: Response) -> Option<Resolution> {
        self.0[response as usize]
    }
}

static RESOLVES: LazyLock<Resolutions> = LazyLock::new(|| {
    let mut table = [None; Response::ALL.len()];
    for row in resolutions() {
        if let Some(response) = Response::from_name(&row.response) {
            table[response as usize] = row.resolution.as_deref().and_then(Resolution::from_name);
        }
    }
    Resolutions(table)
});

/// Returns the resolution to which each response leads.
pub fn resolves() -> Resolutions {
    *RESOLVES
}

/// Returns the ids of the clauses, in the contract's order.
pub fn clause_ids() -> impl Iterator<Item = &'static str> {
    REQUIREMENTS.clauses.iter().map(|clause| clause.id.as_str())
}

/// Returns the provider response for each family and each state of an object.
pub fn responses() -> ResponseTable {
    *RESPONSES
}

#[cfg(test)]
mod tests {
    use truecount_engine::counts::Key;
    use truecount_engine::family::{Effect, FAMILIES, FailurePolicy, Order, PROFILES, Remembered};
    use truecount_engine::object::Row;
    use truecount_engine::unit::{Meaning, resolve};

    use super::*;

    #[test]
    fn families_and_profiles_match_the_engine_in_every_field() {
        let names: Vec<&str> = families().iter().map(|row| row.name.as_str()).collect();
        let engine = FamilyId::ALL.map(FamilyId::name);
        assert_eq!(names, engine);
        for (row, family) in families().iter().zip(FAMILIES) {
            let name = &row.name;
            assert_eq!(row.mode, family.mode.name(), "{name}");
            assert_eq!(row.fan_out, family.fan_out, "{name}");
            assert_eq!(row.side_effects == "rows", family.effect == Effect::Rows, "{name}");
            assert_eq!(matches!(row.order.as_str(), "sorted" | "none"), family.order == Order::Sorted, "{name}");
            assert_eq!(row.artifact.as_deref() == Some("pack"), family.pack.is_some(), "{name}");
            assert_eq!(row.phases, family.phases, "{name}");
            assert_eq!(row.tally.as_deref(), family.tally.map(Key::name), "{name}");
            assert_eq!(row.limits.policy(), family.retry, "{name}");
            assert_eq!(profile_of(row).name, family.profile().name, "{name}");
        }
        for (row, profile) in profiles().iter().zip(PROFILES) {
            assert_eq!((row.name.as_str(), row.prompt), (profile.name, profile.prompt));
            assert_eq!(row.retention_ms, profile.retention_ms.0, "{}", row.name);
            assert_eq!(row.sweeper_interval_ms, profile.sweeper_interval_ms.0, "{}", row.name);
            assert_eq!(row.requests_remembered == "for_ever", profile.requests == Remembered::ForEver, "{}", row.name);
            assert_eq!(row.failure_policy == "every_unit", profile.failure == FailurePolicy::EveryUnit, "{}", row.name);
        }
        assert_eq!(profiles().len(), PROFILES.len());
    }

    #[test]
    fn the_engine_reads_rows_as_the_contract_states() {
        for family in FAMILIES.iter().filter(|family| family.effect == Effect::Rows) {
            for state in ObjectState::ALL {
                let read = family.read(Row { state, version: 0 }).response;
                assert_eq!(read, responses().of(family.id, state), "{} {}", family.id.name(), state.name());
                if read == Response::Done {
                    let becomes = family.read(Row { state, version: 0 }).becomes.map(ObjectState::name);
                    let expected = family_row(family.id).becomes.as_deref();
                    assert_eq!(becomes, expected, "{} {}", family.id.name(), state.name());
                }
            }
        }
    }

    #[test]
    fn the_table_of_responses_uses_known_names() {
        let mut unknown = Vec::new();
        for row in families() {
            for (state, word) in &row.responses {
                assert!(Response::from_name(word).is_some(), "{word}");
                if ObjectState::from_name(state).is_none() {
                    unknown.push((row.name.as_str(), state.as_str()));
                }
            }
        }
        assert_eq!(unknown, []);
    }

    #[test]
    fn the_engine_resolves_as_the_contract_states() {
        for row in resolutions() {
            let expected = row.resolution.as_deref();
            assert!(expected.is_none_or(|name| Resolution::from_name(name).is_some()), "{expected:?}");
            if let Some(response) = Response::from_name(&row.response) {
                let resolved = match resolve(response) {
                    Meaning::Resolved(resolution) => Some(resolution.name()),
                    Meaning::Retry => None,
                };
                assert_eq!((resolved, resolved.is_none()), (expected, row.retried), "{}", row.response);
            }
        }
    }

    #[test]
    fn clauses_have_ids() {
        assert!(clause_ids().any(|id| id == "COUNT-06"));
    }
}
