//! Who may see and start what (VIS). Independent of sessions and surfaces: a grant is a row like any other.

/// What a policy grants an actor in a tenant.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Grant {
    /// Nothing.
    #[default]
    None,
    /// To see runs.
    View,
    /// To see runs and to start them.
    Operate,
}

impl Grant {
    /// Returns whether runs may be seen.
    pub const fn sees(self) -> bool {
        matches!(self, Self::View | Self::Operate)
    }

    /// Returns whether runs may be started.
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
