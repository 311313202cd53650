//! How the progress of a family is shown.

/// The kind of progress that a surface may show for active runs of a family. It is a property of the family and never
/// stored (PROG-11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// The surface shows `processed` of `total` planned units.
    Counted,
    /// The surface shows the name of the current phase.
    Phased,
    /// The surface shows only that the run is active, even if the run keeps tallies.
    Activity,
}

impl Mode {
    /// Returns the mode's name as used in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Phased => "phased",
            Self::Activity => "activity",
        }
    }
}
