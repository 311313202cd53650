//! A scheduler without faults. The oldest job and the oldest request go first, and actors take turns.

use super::Scheduler;
use crate::choice::{Choice, Open};
use crate::subject::Subject;

/// The scheduler that injects nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fair {
    turn: u32,
}

impl Scheduler for Fair {
    #[inline]
    fn pick<S: Subject>(&mut self, _: &S, open: &Open<'_>) -> Option<Choice> {
        match open.default_choice()? {
            // Actors take turns, so that an actor that never ends cannot hold up the others.
            Choice::Step(_) => {
                self.turn = self.turn.wrapping_add(1);
                Some(Choice::Step(open.busy[self.turn as usize % open.busy.len()]))
            }
            other => Some(other),
        }
    }

    fn stop_faults(&mut self) {}
}
