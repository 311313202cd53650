//! Paths: the rows of the contract's table of resolutions, and the ends of a run that involve no unit.

use std::sync::LazyLock;

use truecount_engine::run::Cause;
use truecount_engine::unit::Resolution;

use super::{WHOLE, resolutions};

/// How a unit or a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Path {
    /// A unit was resolved.
    Unit(Resolution),
    /// The run completed with an empty plan.
    EmptyPlan,
    /// The run completed after its last phase.
    PhasesDone,
    /// The run failed as a whole.
    Whole(Cause),
}

static ALL: LazyLock<Vec<Path>> = LazyLock::new(|| resolutions().map(Path::Unit).chain(WHOLE).collect());

impl Path {
    /// Returns every path, in the order of the contract.
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// Returns the index of the path in [`Self::all`].
    pub fn place(self) -> Option<usize> {
        ALL.iter().position(|path| *path == self)
    }

    /// Returns the name used in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unit(resolution) => resolution.name(),
            Self::EmptyPlan => "empty plan",
            Self::PhasesDone => "phases done",
            Self::Whole(cause) => cause.name(),
        }
    }
}

/// Returns a small number that is unique to a resolution.
pub(super) const fn code(resolution: Resolution) -> u32 {
    match resolution {
        Resolution::Succeeded => 0,
        Resolution::Skipped(reason) => 1 + reason as u32,
        Resolution::Failed(reason) => 16 + reason as u32,
    }
}
