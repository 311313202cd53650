//! The gate: plays scenarios over seeds, judges each play, and sums up.
//!
//! Knows no terminal and no exit code. Results are ordered by (scenario, seed), whatever the number of threads.

mod hunt;
mod rig;
mod shrunk;
mod sweep;

pub use hunt::{Caught, Sighting, hunt};
pub use rig::{Finding, Judge, Play, Recording, Rig, record, record_schedule};
pub use shrunk::{Shrunk, shrunk};
pub use sweep::{Audit, Progress, ScenarioResult, Settings, audit, sweep};
