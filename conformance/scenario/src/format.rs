//! Format 1 of a scenario file, as it is written.
//!
//! These types define the keys and what may be under them. They keep the order of the file, so that each part can be
//! found again in the tree it was read from. Independent of what a name refers to.

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
    /// What the scenario shows, in a sentence.
    pub title: String,
    /// The ids of the clauses it is about.
    pub clauses: Vec<String>,
    pub tenants: Vec<String>,
    /// The people and services that ask and look.
    #[serde(default)]
    pub actors: Vec<String>,
    /// What the policy grants.
    #[serde(default)]
    pub grants: Vec<Grant>,
    /// The objects and their states: `active`, `archived`, `present`, `unsupported` or `absent`.
    #[serde(default)]
    pub objects: Named<String>,
    /// The fewest and the most workers: 1 to 3 if not given.
    #[serde(default)]
    pub workers: Workers,
    /// The requested runs.
    pub runs: Vec<Run>,
    /// How the plan of the one run may look: each seed draws one of these shapes.
    #[serde(default)]
    pub shapes: Vec<String>,
    /// How often each kind of fault is injected at most in one seed, from 1 to 1000; never if not given.
    #[serde(default)]
    pub faults: Named<u64>,
    /// Whether faults and responses may exhaust the limits on attempts and deliveries.
    #[serde(default)]
    pub exhaust_limits: bool,
    /// Who keeps looking at what.
    #[serde(default)]
    pub surfaces: Vec<Surface>,
    /// How each run ends.
    pub expect: Named<Expect>,
    /// How large a small scenario is, as `truecount explore --write-sizes` writes it.
    pub explored: Option<Explored>,
    /// Schedules that are simulated before any seed.
    #[serde(default)]
    pub schedules: Vec<Schedule>,
}

/// How large a small scenario is once it is exhausted, for each scope that an exploration can have. The two larger scopes
/// are left out where they have too many states for a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explored {
    /// The work and the faults alone: upkeep runs at its own times.
    pub work: Size,
    /// Viewers and upkeep at any moment too, as `truecount check` explores it.
    pub upkeep: Option<Size>,
    /// A second relay beside the first too, as `truecount explore` explores it.
    pub second_relay: Option<Size>,
}

impl Explored {
    /// Returns the sizes, each with its key.
    pub fn sizes(&self) -> impl Iterator<Item = (&'static str, Size)> {
        let larger = [("upkeep", self.upkeep), ("second_relay", self.second_relay)];
        let larger = larger.into_iter().filter_map(|(key, size)| Some((key, size?)));
        std::iter::once(("work", self.work)).chain(larger)
    }
}

/// How many states there are, and how many steps between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Distinct states, over all numbers of workers.
    pub states: u64,
    /// Steps from state to state.
    pub edges: u64,
}

/// A schedule: what differs from a simulation without faults in which the oldest goes first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The name that reports and `replay` use.
    pub name: String,
    /// How many workers there are.
    pub workers: u64,
    /// The planted bug that it shows, by its id.
    pub mutant: Option<String>,
    /// The id of the clause that it violates in an engine with that bug.
    pub violates: Option<String>,
    /// The decisions, a line for each.
    pub decisions: Vec<String>,
}

/// What the policy grants an actor in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Who.
    pub actor: String,
    /// Where.
    pub tenant: String,
    /// `view` or `operate`.
    pub may: String,
}

/// How many workers there are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workers {
    /// The fewest, from 1.
    pub min: u64,
    /// The most, up to 64.
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
    /// Where.
    pub tenant: String,
    /// Who asks: an actor, or `system`.
    pub actor: String,
    /// The kind of work.
    pub family: String,
    /// The objects asked for, in order; ranges are expanded.
    pub request: Vec<String>,
    /// Objects of the request that its options exclude before planning.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Asked for only once this other run is terminal.
    pub after: Option<String>,
    /// For some objects, the provider's scripted responses to the attempts at their units.
    #[serde(default)]
    pub responses: Named<Vec<String>>,
    /// The scripted responses to the attempts at planning.
    #[serde(default)]
    pub planning: Vec<String>,
    /// The artifact store's scripted responses to the attempts at publishing.
    #[serde(default)]
    pub publishing: Vec<String>,
    /// For some phases, the scripted responses to the attempts at them.
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

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub outcome: Option<OneOrSet<String>>,
    /// Why it fails as a whole, if it does.
    pub cause: Option<String>,
    /// The final counts, unless it fails as a whole.
    #[serde(default)]
    pub counts: Named<OneOrSet<u64>>,
    /// What each planned unit resolves to, unless it fails as a whole; complete if it is given.
    pub units: Option<Named<OneOrSet<String>>>,
    /// The request finds the active run that this other one made.
    pub same_as: Option<String>,
    /// The request is refused.
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
    /// Returns the names and values, each with its number in the file.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str, &T)> {
        self.0.iter().enumerate().map(|(number, (name, value))| (number, name.as_str(), value))
    }
}

/// A value, or a list of possible values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OneOrSet<T> {
    /// This one and no other.
    One(T),
    /// One of these.
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

    /// Returns the value if it is the only one.
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
        // An untagged enum would lose the place and the message of what does not fit.
        deserializer.deserialize_any(OneOrSetVisitor(PhantomData))
    }
}

struct OneOrSetVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrSetVisitor<T> {
    type Value = OneOrSet<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, or a list of the possible values")
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
