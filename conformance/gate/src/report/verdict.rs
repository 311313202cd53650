//! The verdict of a check, which appears in its report and determines its exit code.

use serde::{Serialize, Serializer};

/// The verdict of a check. The most severe verdict comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// A simulation was nondeterministic.
    Nondeterministic,
    /// Something failed, a schedule is stale, or a judged check is incomplete.
    Violated,
    /// A file could not be read.
    Unreadable,
    /// A file could not be read, and no seed was simulated.
    NothingReadable,
    /// There is a warning about a scenario, and warnings are denied.
    Warned,
    /// No seed was simulated.
    NothingEvaluated,
    /// The check was interrupted.
    Interrupted,
    /// An exploration ended before it was exhausted.
    NotExplored,
    /// Nothing was violated, and everything that was requested was evaluated.
    Pass,
}

impl Verdict {
    /// Returns the verdict as shown in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nondeterministic | Self::Violated | Self::Unreadable | Self::Warned => "fail",
            Self::NothingReadable | Self::NothingEvaluated => "nothing evaluated",
            Self::Interrupted => "unknown: interrupted",
            Self::NotExplored => "unknown: not explored",
            Self::Pass => "pass",
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
