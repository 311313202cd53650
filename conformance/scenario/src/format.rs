//! Format 1 of scenario files.
//!
//! These types define the keys and the types of their values. They keep the order of the file, so that each part can be
//! located in the JSON tree that it was read from. They do not resolve names.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::SeqAccessDeserializer;
use serde::de::{IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The version of the format.
pub const FORMAT: u64 = 1;

/// A scenario file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The version of the format: 1.
    pub format: u64,
    /// One sentence that says what the scenario shows.
    pub title: String,
    /// The ids of the clauses that the scenario tests.
    pub clauses: Vec<String>,
    pub tenants: Vec<String>,
    /// The people and services that request runs or view surfaces.
    #[serde(default)]
    pub actors: Vec<String>,
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// The objects and their states: `active`, `archived`, `present`, `unsupported` or `absent`.
    #[serde(default)]
    pub objects: Named<String>,
    /// The minimum and maximum number of workers; 1 to 3 if not given.
    #[serde(default)]
    pub workers: Workers,
    /// The requested runs.
    pub runs: Vec<Run>,
    /// The shapes that the plan of the only run can have. Each seed draws one of them.
    #[serde(default)]
    pub shapes: Vec<String>,
    /// The maximum number of injections of each kind of fault in a simulation, from 1 to 1000. A kind that is not
    /// listed is never injected.
    #[serde(default)]
    pub faults: Named<u64>,
    /// Whether faults and responses may exhaust the limits on attempts and deliveries.
    #[serde(default)]
    pub exhaust_limits: bool,
    /// The surfaces and their viewers.
    #[serde(default)]
    pub surfaces: Vec<Surface>,
    /// The expected end of each run.
    pub expect: Named<Expect>,
    /// The size of a small scenario, as written by `truecount explore --write-sizes`.
    pub explored: Option<Explored>,
    /// Schedules that are simulated before any seed.
    #[serde(default)]
    pub schedules: Vec<Schedule>,
}

/// The size of a small scenario that is explored exhaustively, for each scope of an exploration. The larger scopes are
/// omitted if they have too many states for a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explored {
    /// The size with only work and faults. Upkeep runs at its regular times.
    pub work: Size,
    /// The size in the scope of `truecount check`, which adds viewers and upkeep at any moment.
    pub upkeep: Option<Size>,
    /// The size in the scope of `truecount explore`, which also adds a second relay.
    pub second_relay: Option<Size>,
    /// The size in the scope of `truecount explore --second sweeper`.
    pub second_sweeper: Option<Size>,
    /// The size in the scope of `truecount explore --second retention-job`.
    pub second_retention_job: Option<Size>,
}

impl Explored {
    /// Returns the sizes, each with its key.
    pub fn sizes(&self) -> impl Iterator<Item = (&'static str, Size)> {
        let larger = [
            ("upkeep", self.upkeep),
            ("second_relay", self.second_relay),
            ("second_sweeper", self.second_sweeper),
            ("second_retention_job", self.second_retention_job),
        ];
        let larger = larger.into_iter().filter_map(|(key, size)| Some((key, size?)));
        std::iter::once(("work", self.work)).chain(larger)
    }
}

/// The number of states and of steps between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// The number of distinct states, summed over all numbers of workers.
    pub states: u64,
    /// The number of steps between these states.
    pub edges: u64,
}

/// A schedule. It lists the decisions by which a simulation departs from the default, in which there are no faults and
/// the oldest choice goes first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The name that reports and `replay` use.
    pub name: String,
    /// The number of workers.
    pub workers: u64,
    /// The id of the planted bug that the schedule demonstrates.
    pub mutant: Option<String>,
    /// The id of the clause that the schedule violates in an engine with that bug.
    pub violates: Option<String>,
    /// The decisions, one per line.
    pub decisions: Vec<String>,
}

/// A grant to an actor in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub actor: String,
    pub tenant: String,
    /// `view` or `operate`.
    pub may: String,
}

/// The range from which the number of workers is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workers {
    /// At least 1.
    pub min: u64,
    /// At most 64.
    pub max: u64,
}

impl Default for Workers {
    fn default() -> Self {
        Self { min: 1, max: 3 }
    }
}

/// A requested run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The name that `after`, `same_as` and `expect` use.
    pub name: String,
    pub tenant: String,
    /// The requesting actor, or `system`.
    pub actor: String,
    pub family: String,
    /// The requested objects, in order. An entry may be a range.
    pub request: Vec<String>,
    /// Requested objects that the options exclude before planning.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// `every_unit` or `fail_fast`; the policy of the family's profile if not given.
    pub failure_policy: Option<String>,
    /// The run that must be terminal before this one is requested.
    pub after: Option<String>,
    /// The provider's scripted responses to the attempts at a unit, by object.
    #[serde(default)]
    pub responses: Named<Vec<String>>,
    /// The scripted responses to the attempts at planning.
    #[serde(default)]
    pub planning: Vec<String>,
    /// The artifact store's scripted responses to the attempts at publishing.
    #[serde(default)]
    pub publishing: Vec<String>,
    /// The scripted responses to the attempts at a phase, by phase.
    #[serde(default)]
    pub phases: Named<Vec<String>>,
}

/// A surface and its viewer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// The viewer.
    pub actor: String,
    /// The tenant; omitted for a surface without one.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// The expected end of a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub outcome: Option<OneOrSet<String>>,
    /// The cause if the run fails as a whole.
    pub cause: Option<String>,
    /// The final counts, unless the run fails as a whole.
    #[serde(default)]
    pub counts: Named<OneOrSet<u64>>,
    /// The possible resolutions of each planned unit, unless the run fails as a whole. If given, all planned units must
    /// be listed.
    pub units: Option<Named<OneOrSet<String>>>,
    /// The request whose active run this request returns.
    pub same_as: Option<String>,
    /// Whether the request is refused.
    #[serde(default)]
    pub refused: bool,
}

/// Values under names, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<T>(pub Vec<(String, T)>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Named<T> {
    /// Returns the names and values, each with its index in the file.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str, &T)> {
        self.0.iter().enumerate().map(|(number, (name, value))| (number, name.as_str(), value))
    }
}

/// A value, or a list of possible values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrSet<T> {
    /// Exactly this value.
    One(T),
    /// Any one of these values.
    Set(Vec<T>),
}

impl<T> OneOrSet<T> {
    /// Returns the possible values.
    pub fn values(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Set(values) => values,
        }
    }

    /// Returns the value if it is stated exactly, not as a list.
    pub fn exact(&self) -> Option<&T> {
        match self {
            Self::One(value) => Some(value),
            Self::Set(_) => None,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamedVisitor(PhantomData))
    }
}

struct NamedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for NamedVisitor<T> {
    type Value = Named<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Named<T>, A::Error> {
        let mut named = Vec::new();
        while let Some(member) = members.next_entry()? {
            named.push(member);
        }
        Ok(Named(named))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrSet<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // With an untagged enum, the location and the message of a mistake would be lost.
        deserializer.deserialize_any(OneOrSetVisitor(PhantomData))
    }
}

struct OneOrSetVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrSetVisitor<T> {
    type Value = OneOrSet<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or a list of possible values")
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<OneOrSet<T>, E> {
        T::deserialize(value.into_deserializer()).map(OneOrSet::One)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<OneOrSet<T>, E> {
        T::deserialize(value.into_deserializer()).map(OneOrSet::One)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<OneOrSet<T>, E> {
        T::deserialize(value.into_deserializer()).map(OneOrSet::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, elements: A) -> Result<OneOrSet<T>, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(elements)).map(OneOrSet::Set)
    }
}
