//! The gate: simulates scenarios over seeds, judges each simulation and sums up the results.
//!
//! This crate does not depend on terminals or exit codes. Results are ordered by scenario and seed for any number of
//! threads.

pub mod book;
pub mod checkpoint;
pub mod matrix;
pub mod mismatch;
pub mod model;
pub mod narrative;
pub mod report;
pub mod shrink;
pub mod table;
mod thousands;

mod attribution;
mod audit;
mod campaign;
mod current;
mod decisions;
mod explore;
mod finding;
mod recording;
mod runner;
mod saved;
mod search;
mod spread;
mod states;
mod sums;
mod sweep;
mod tasks;
mod threads;

pub use attribution::{Attribution, Other, Thread};
pub use audit::{Mark, NotSame, Place, Simulations, Taken, audit, compare, once, round_of, twice};
pub use campaign::{Campaigned, Campaigns, Found, Terms, campaigns, false_alarms};
pub use current::current;
pub use decisions::schedule_of;
pub use explore::{
    Conclusion, Exploration, Scope, Step, Until, Violation, carried, explore, explore_bug, record_path, sizes,
    wrong_sizes,
};
pub use finding::{Finding, Simulation};
pub use recording::{Recording, record, record_schedule, record_until};
pub use runner::{Judge, Runner};
pub use saved::{SavedSimulation, simulate_saved};
pub use search::{Detection, Sighting, search};
pub use spread::spread;
pub use states::States;
pub use sums::{Moment, Named, STABLE_ROUNDS, ScenarioResult, Swept};
pub use sweep::{Progress, Settings, sweep, sweep_on};
pub use tasks::{Part, ROUND, Share};
