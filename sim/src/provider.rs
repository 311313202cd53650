//! The external provider: it performs the side effect of a unit once for each key, and repeats its first definite
//! response to that key.

use truecount_engine::id::{ObjectId, RunId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::storage::Ask;
use truecount_engine::unit::Response;

use crate::fingerprint::Fingerprinter;

/// The provider.
#[derive(Debug, Default)]
pub struct Provider {
    /// The state of each external object.
    pub objects: Vec<ObjectState>,
    /// The first definite response for each (run, unit).
    first: Vec<Vec<Option<Response>>>,
    /// The first definite responses to keys that the engine has salted.
    salted: Vec<(RunId, UnitIx, u32, Response)>,
}

pooled!(Provider { objects, first, salted });

impl Provider {
    /// Sets the objects and removes all responses; keeps the buffers.
    pub fn reset(&mut self, objects: &[ObjectState]) {
        self.objects.clear();
        self.objects.extend_from_slice(objects);
        self.first.iter_mut().for_each(Vec::clear);
        self.salted.clear();
    }

    /// Adds the whole provider to a fingerprint.
    pub fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { objects, first, salted } = self;
        fingerprinter.value(objects);
        // Buffers left over from another seed are empty.
        let used = first.iter().rposition(|units| !units.is_empty()).map_or(0, |last| last + 1);
        fingerprinter.value(&first[..used].as_ref());
        fingerprinter.value(salted);
    }

    /// Returns whether the engine has salted any of its keys.
    pub const fn is_salted(&self) -> bool {
        !self.salted.is_empty()
    }

    /// Returns the first definite response to a key, or `None` if there was none.
    #[inline]
    pub fn remembered(&self, ask: &Ask) -> Option<Response> {
        if ask.salt == 0 {
            return *self.first.get(ask.run.index())?.get(ask.unit.index())?;
        }
        let key = (ask.run, ask.unit, ask.salt);
        self.salted.iter().find(|(run, unit, salt, _)| (*run, *unit, *salt) == key).map(|(.., response)| *response)
    }

    /// Records the first definite response to a key.
    #[inline]
    pub fn remember(&mut self, ask: &Ask, response: Response) {
        if ask.salt != 0 {
            self.salted.push((ask.run, ask.unit, ask.salt, response));
            return;
        }
        if self.first.len() <= ask.run.index() {
            self.first.resize_with(ask.run.index() + 1, Vec::new);
        }
        let units = &mut self.first[ask.run.index()];
        if units.len() <= ask.unit.index() {
            units.resize(ask.unit.index() + 1, None);
        }
        units[ask.unit.index()] = Some(response);
    }

    /// Returns the state of an object; an unknown object is absent.
    #[inline]
    pub fn state(&self, object: ObjectId) -> ObjectState {
        self.objects.get(object.index()).copied().unwrap_or(ObjectState::Absent)
    }
}
