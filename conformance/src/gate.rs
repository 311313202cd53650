//! The gate: plays scenarios over seeds, judges each play, and sums up.
//!
//! Knows no terminal and no exit code. Results are ordered by (scenario, seed), whatever the number of threads.

mod hunt;
mod rig;
mod saved;
mod shrunk;
mod sweep;

pub use hunt::{Caught, Sighting, hunt};
pub use rig::{Finding, Judge, Play, Recording, Rig, record, record_schedule};
pub use saved::{SavedPlay, play_saved};
pub use shrunk::{Shrunk, schedule_of, shrunk};
pub use sweep::{Audit, Progress, ScenarioResult, Settings, audit, sweep};
