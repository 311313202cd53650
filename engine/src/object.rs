//! Objects that units act on: their states and rows.

/// The state of an object that units act on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ObjectState {
    /// In use.
    Active,
    Archived,
    /// In use, and already in its destination, such as a policy in its backup set.
    Present,
    /// Of a kind to which the work does not apply.
    Unsupported,
    /// Missing: never created, or removed.
    Absent,
}

impl ObjectState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Active, Self::Archived, Self::Present, Self::Unsupported, Self::Absent];

    /// Returns the name used in files and traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Present => "present",
            Self::Unsupported => "unsupported",
            Self::Absent => "absent",
        }
    }

    /// Returns the state with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The row of an object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Row {
    pub state: ObjectState,
    /// A number that rises with each change of the state.
    pub version: u32,
}
