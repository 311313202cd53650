//! The objects of a scenario, numbered in the order of their names. A family that sorts its units by name can therefore
//! sort them by id.

use std::collections::BTreeSet;

use truecount_engine::id::ObjectId;
use truecount_engine::index::ix;
use truecount_engine::object::ObjectState;

use super::finding::{At, Findings};
use super::format::Named;
use super::name::NAMES_MAX;
use super::naming::{duplicate, spelled, too_many_names};
use super::rule;

/// The objects, in the order of their names.
pub(super) struct Objects {
    list: Vec<(String, ObjectState)>,
    /// Whether every name was understood. If not, a name that is missing here may still be in the file.
    pub(super) whole: bool,
}

impl Objects {
    /// Numbers the names that a file lists.
    pub(super) fn of(written: &Named<String>, at: At<'_>, findings: &mut Findings) -> Self {
        let (mut objects, mut whole) = (Vec::new(), true);
        for (number, key, state) in written.iter() {
            let at = at.nth(number);
            let known = ObjectState::from_name(state);
            if known.is_none() {
                let states = ObjectState::ALL.map(ObjectState::name);
                findings.unknown(at.span(), rule::UNKNOWN_STATE, "state", state, states);
            }
            let Some(spelling) = spelled(at.name(), key, findings) else {
                whole = false;
                continue;
            };
            if objects.len() + spelling.len() > NAMES_MAX {
                too_many_names(at.name(), findings);
                whole = false;
                break;
            }
            let state = known.unwrap_or(ObjectState::Absent);
            objects.extend(spelling.names().map(|name| (name.into_owned(), state, number)));
        }
        objects.sort_unstable_by(|(name, _, one), (other, _, another)| (name, one).cmp(&(other, another)));
        let mut reported = BTreeSet::new();
        for pair in objects.windows(2) {
            if let [(name, ..), (other, _, number)] = pair
                && name == other
                && reported.insert(*number)
            {
                duplicate(at.nth(*number).name(), "object", name, findings);
            }
        }
        objects.dedup_by(|(name, ..), (other, ..)| name == other);
        Self { list: objects.into_iter().map(|(name, state, _)| (name, state)).collect(), whole }
    }

    /// Returns the id of the object with this name.
    pub(super) fn find(&self, name: &str) -> Option<ObjectId> {
        let place = self.list.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(ObjectId(ix(place)))
    }

    /// Returns the name of the object with this id.
    pub(super) fn name(&self, id: ObjectId) -> &str {
        self.list.get(id.index()).map_or("?", |(name, _)| name)
    }

    /// Returns the initial state of the object with this id.
    pub(super) fn state(&self, id: ObjectId) -> ObjectState {
        self.list.get(id.index()).map_or(ObjectState::Absent, |(_, state)| *state)
    }

    /// Returns the number of objects.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns the names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the names, by id.
    pub(super) fn into_names(self) -> Vec<String> {
        self.list.into_iter().map(|(name, _)| name).collect()
    }

    /// Returns the states, by id.
    pub(super) fn states(&self) -> Vec<ObjectState> {
        self.list.iter().map(|(_, state)| *state).collect()
    }
}
