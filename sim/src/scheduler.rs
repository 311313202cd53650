//! Schedulers, each in a file of its own.

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

/// A strategy for picking the next choice.
pub trait Scheduler {
    /// Returns the next choice, or `None` if no choice is open.
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice>;

    /// Returns whether faults stop now. Called before each choice until faults have stopped.
    fn stops_faults<S: Subject>(&mut self, _: &S, _: &Open<'_>) -> bool {
        false
    }

    /// Called after each choice. Receives whether the choice applied, and how often each kind of fault has been
    /// injected so far.
    fn choice_taken(&mut self, _applied: bool, _injected: &PerFault<u16>) {}

    /// Stops the faults: the scheduler injects nothing from now on.
    fn stop_faults(&mut self);
}
