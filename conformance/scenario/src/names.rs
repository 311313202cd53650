//! The names of a scenario, by the small ids of the simulation.

use truecount_engine::id::ObjectId;
use truecount_engine::index::ix;

/// The names of a scenario, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    pub tenants: Vec<String>,
    pub actors: Vec<String>,
    /// The objects, in the order of their names.
    pub objects: Vec<String>,
    /// The runs, by place.
    pub runs: Vec<String>,
}

impl Names {
    /// Returns the id of the object of that name.
    pub fn object(&self, name: &str) -> Option<ObjectId> {
        let place = self.objects.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        Some(ObjectId(ix(place)))
    }
}
