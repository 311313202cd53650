//! Schedulers: tiny oracles that say what happens next, each in its own file.

mod fair;
mod random;
mod replay;

pub use fair::Fair;
pub use random::Random;
pub use replay::Replay;

use crate::choice::{Choice, Open};

/// Says what happens next.
pub trait Scheduler {
    /// Returns the next choice, or none if nothing is open.
    fn pick(&mut self, open: &Open<'_>) -> Option<Choice>;

    /// Is told that faults have stopped: from now on it bends nothing.
    fn calm(&mut self);
}
