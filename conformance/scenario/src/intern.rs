//! Tables that map the names in a scenario to the small ids of the simulation.
//!
//! Tenants, actors and runs are numbered in the order of the file.

use std::collections::{BTreeMap, BTreeSet};

use truecount_engine::id::{ActorId, ObjectId, TenantId};

use super::finding::{At, Findings};
use super::format::File;
use super::name::is_name;
use super::names::Names;
use super::naming::{bad_name, duplicate, spelled, too_many_names};
use super::objects::Objects;
use super::rule;
use truecount_json::{Span, quoted};

/// The maximum number of tenants, and of actors.
const PEOPLE_MAX: usize = 1_000;
/// The maximum number of runs. In `exact`, each run is one bit of a `u64`.
pub(super) const RUNS_MAX: usize = 64;
/// The name that stands for the system in place of an actor.
pub(super) const SYSTEM: &str = "system";

/// Names with their numbers.
pub(super) struct Table<'f>(BTreeMap<&'f str, u16>);

impl<'f> Table<'f> {
    /// Numbers the names of a list. A repeated name keeps its first number.
    fn of(names: impl Iterator<Item = (Span, &'f str)>, noun: &str, most: usize, findings: &mut Findings) -> Self {
        let mut table = BTreeMap::new();
        for (place, (span, name)) in names.enumerate() {
            let Some(number) = u16::try_from(place).ok().filter(|_| place < most) else {
                findings
                    .add(span, rule::TOO_MANY, format!("more than {most} {noun}s"))
                    .expected(format!("at most {most}"));
                break;
            };
            if name == SYSTEM {
                bad_name(span, name, findings).help(format!("{} is reserved for the system", quoted(SYSTEM)));
            } else if !is_name(name) {
                bad_name(span, name, findings);
            }
            if table.contains_key(name) {
                duplicate(span, noun, name, findings);
            } else {
                table.insert(name, number);
            }
        }
        Self(table)
    }

    /// Returns the number of a name.
    pub(super) fn find(&self, name: &str) -> Option<u16> {
        self.0.get(name).copied()
    }

    /// Returns the names.
    pub(super) fn names(&self) -> impl Iterator<Item = &'f str> {
        self.0.keys().copied()
    }
}

/// All tables of a scenario.
pub(super) struct Tables<'f> {
    pub(super) tenants: Table<'f>,
    pub(super) actors: Table<'f>,
    pub(super) runs: Table<'f>,
    pub(super) objects: Objects,
}

impl<'f> Tables<'f> {
    /// Numbers every name that a file lists.
    pub(super) fn of(file: &'f File, at: At<'_>, findings: &mut Findings) -> Self {
        let list = |key: &str, names: &'f [String]| {
            let at = at.key(key);
            names.iter().enumerate().map(move |(number, name)| (at.item(number).span(), name.as_str()))
        };
        let runs = at.key("runs");
        let run_names =
            file.runs.iter().enumerate().map(|(number, run)| (runs.item(number).key("name").span(), run.name.as_str()));
        Self {
            tenants: Table::of(list("tenants", &file.tenants), "tenant", PEOPLE_MAX, findings),
            actors: Table::of(list("actors", &file.actors), "actor", PEOPLE_MAX, findings),
            runs: Table::of(run_names, "run", RUNS_MAX, findings),
            objects: Objects::of(&file.objects, at.key("objects"), findings),
        }
    }

    /// Returns the tenant with this name.
    pub(super) fn tenant(&self, at: At<'_>, name: &str, findings: &mut Findings) -> Option<TenantId> {
        let found = self.tenants.find(name);
        if found.is_none() {
            findings.unknown(at.span(), rule::UNKNOWN_TENANT, "tenant", name, self.tenants.names()).unlisted("tenants");
        }
        found.map(TenantId)
    }

    /// Returns the actor with this name.
    pub(super) fn actor(&self, at: At<'_>, name: &str, findings: &mut Findings) -> Option<ActorId> {
        let found = self.actors.find(name);
        if found.is_none() {
            findings.unknown(at.span(), rule::UNKNOWN_ACTOR, "actor", name, self.actors.names()).unlisted("actors");
        }
        found.map(ActorId)
    }

    /// Returns the index of the run with this name.
    pub(super) fn run(&self, span: Span, name: &str, findings: &mut Findings) -> Option<u16> {
        let found = self.runs.find(name);
        if found.is_none() {
            findings.unknown(span, rule::UNKNOWN_RUN, "run", name, self.runs.names()).unlisted("runs");
        }
        found
    }

    /// Returns the objects of a name or a range, in order, and subtracts their number from `left_to_name`. Returns
    /// `None` if an object is unknown, or if there are more names than `left_to_name` allows.
    pub(super) fn objects(
        &self,
        span: Span,
        text: &str,
        left_to_name: &mut usize,
        findings: &mut Findings,
    ) -> Option<Vec<ObjectId>> {
        let spelling = spelled(span, text, findings)?;
        let Some(left) = left_to_name.checked_sub(spelling.len()) else {
            too_many_names(span, findings);
            return None;
        };
        *left_to_name = left;
        let mut ids = Vec::with_capacity(spelling.len());
        for name in spelling.names() {
            let Some(id) = self.objects.find(&name) else {
                // Only the first unknown name of a range is reported.
                if self.objects.whole {
                    findings
                        .unknown(span, rule::UNKNOWN_OBJECT, "object", &name, self.objects.names())
                        .unlisted("objects");
                }
                return None;
            };
            ids.push(id);
        }
        Some(ids)
    }

    /// Checks that no object is given by two keys. Each object comes with the index of its key in the file.
    pub(super) fn check_once(&self, mut given: Vec<(ObjectId, usize)>, at: At<'_>, findings: &mut Findings) {
        given.sort_unstable();
        let mut reported = BTreeSet::new();
        for pair in given.windows(2) {
            if let [(object, _), (other, number)] = pair
                && object == other
                && reported.insert(*number)
            {
                duplicate(at.nth(*number).name(), "object", self.objects.name(*object), findings);
            }
        }
    }

    /// Returns the names by id.
    pub(super) fn into_names(self, file: &File) -> Names {
        Names {
            tenants: file.tenants.clone(),
            actors: file.actors.clone(),
            objects: self.objects.into_names(),
            runs: file.runs.iter().map(|run| run.name.clone()).collect(),
        }
    }
}
