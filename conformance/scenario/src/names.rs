//! The names in a scenario, by the ids that the simulation uses.

use truecount_engine::id::ObjectId;
use truecount_engine::index::ix;

/// The names in a scenario, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub tenants: Vec<String>,
    pub actors: Vec<String>,
    /// Sorted, so that [`Names::object`] can search them.
    pub objects: Vec<String>,
    pub runs: Vec<String>,
}

impl Names {
    /// Returns the id of the object with this name.
    pub fn object(&self, name: &str) -> Option<ObjectId> {
        let place = self.objects.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        Some(ObjectId(ix(place)))
    }
}
