//! Schedulers: small oracles that decide what happens next, each in its own file.

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

/// Decides what happens next.
pub trait Scheduler {
    /// Returns the next choice, or none if nothing is open.
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice>;

    /// Returns whether faults stop now; asked before each choice, as long as they have not.
    fn stops_faults<S: Subject>(&mut self, _: &S, _: &Open<'_>) -> bool {
        false
    }

    /// Takes whether its last choice applied, and how often each kind of fault was injected so far.
    fn choice_taken(&mut self, _applied: bool, _injected: &PerFault<u16>) {}

    /// Stops the faults: from now on it injects nothing.
    fn stop_faults(&mut self);
}
