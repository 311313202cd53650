//! How the progress of a family is shown.

/// What a family lets a surface show while its run is active. A property of the family; never stored (PROG-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Units are planned, and shown as `processed` of `total`.
    Counted,
    /// The run passes through named phases.
    Phased,
    /// Only that the run is active, whatever is tallied.
    Activity,
}

impl Mode {
    /// Returns the mode's name as the contract spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Phased => "phased",
            Self::Activity => "activity",
        }
    }
}
