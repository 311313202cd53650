//! The grants that decide who may see and start runs (VIS). This module does not depend on sessions or surfaces: a
//! grant is a row like any other.

/// A policy's grant to an actor in a tenant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Grant {
    /// The actor may neither see nor start runs.
    #[default]
    None,
    /// The actor may see runs.
    View,
    /// The actor may see runs and start them.
    Operate,
}

impl Grant {
    /// Returns whether the actor may see runs.
    pub const fn sees(self) -> bool {
        matches!(self, Self::View | Self::Operate)
    }

    /// Returns whether the actor may start runs.
    pub const fn starts(self) -> bool {
        matches!(self, Self::Operate)
    }

    /// Returns the name used in files and traces.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::View => "view",
            Self::Operate => "operate",
        }
    }
}
