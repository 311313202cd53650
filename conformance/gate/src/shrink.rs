//! Shrinking: reduces a failure to the parts that are needed to violate the same clause.
//!
//! [`seed()`] is for a failing seed. It uses [`schedule()`], which removes decisions, and [`scenario()`], which removes
//! parts of the scenario. [`path()`] turns the path of an exploration into a schedule and removes decisions from it.

mod path;
mod reduce;
mod scenario;
mod schedule;
mod seed;
mod text;

pub use path::path;
pub use scenario::{MinimizedScenario, Sizes, scenario};
pub use schedule::{MinimizedSchedule, schedule};
pub use seed::{HANDFUL, Minimized, seed};

use truecount_contract::clause::Clause;

/// Why a failure cannot be minimised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotReproducible {
    /// The seed does not fail.
    Passes,
    /// The seed fails, but its schedule does not fail in the same way.
    Differs,
    /// The unmodified engine violates this clause, so the failure does not show the planted bug.
    FailsWithout {
        /// The clause that the report on that failure names.
        clause: Clause,
        /// The seed under which it does; `None` if it does under the schedule of the failure.
        seed: Option<u64>,
    },
    /// The failure disappears once its schedule is part of the scenario, or the scenario has no source file.
    Lost,
}
