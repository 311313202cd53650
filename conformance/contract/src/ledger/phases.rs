//! The phases of a run, as its events show them.

use truecount_engine::unit::Response;

/// The phases that a run has entered, and whether they were done.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Phases {
    /// The phase that was last entered, numbered from 0.
    pub current: Option<u8>,
    /// Whether that phase has received "done".
    pub done: bool,
    /// Whether a phase was skipped, entered before the previous phase was done, or entered again after a later phase.
    pub out_of_order: bool,
}

impl Phases {
    /// Notes that a phase is entered. A phase that is entered again keeps its response.
    pub(super) fn enter(&mut self, phase: Option<u8>) {
        if phase == self.current {
            return;
        }
        let next = self.current.map_or(0, |before| before.saturating_add(1));
        let in_order = phase == Some(next) && (self.current.is_none() || self.done);
        self.out_of_order |= !in_order;
        (self.current, self.done) = (phase, false);
    }

    /// Notes a definite response to a phase. A response to a phase that the run has left changes nothing.
    pub(super) fn respond(&mut self, phase: Option<u8>, response: Response) {
        self.done |= phase.is_some() && phase == self.current && response == Response::Done;
    }

    /// Returns whether each of this many phases was done, in order.
    pub fn all_done(self, phases: u8) -> bool {
        !self.out_of_order && self.done && self.current == phases.checked_sub(1)
    }
}
