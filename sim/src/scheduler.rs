//! Schedulers: tiny oracles that say what happens next, each in its own file.

mod fair;
mod inject;
mod pct;
mod random;
mod scripted;

pub use fair::Fair;
pub use pct::Pct;
pub use random::Random;
pub use scripted::Scripted;

use crate::choice::{Choice, Open};
use crate::fault::PerFault;
use crate::subject::Subject;

/// Says what happens next.
pub trait Scheduler {
    /// Returns the next choice, or none if nothing is open.
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice>;

    /// Returns whether faults stop now; asked before each choice, as long as they have not.
    fn stops_faults<S: Subject>(&mut self, _: &S, _: &Open<'_>) -> bool {
        false
    }

    /// Takes whether its last choice was applied, or meant nothing, and how often each kind of fault was injected so
    /// far.
    fn choice_taken(&mut self, _applied: bool, _injected: &PerFault<u16>) {}

    /// Is told that faults have stopped: from now on it bends nothing.
    fn stop_faults(&mut self);
}
