//! Logs of a simulation: what gets its choices, and the one that keeps them as a schedule.
//!
//! Independent of the loop that is logged, and of the scheduler that chose.

use crate::choice::{Choice, Open};
use crate::schedule::{Action, Decision, Due, Moments, Schedule};
use crate::subject::Subject;

/// A log of the choices of a simulation.
pub trait Log<S> {
    /// A choice was made, and is about to be applied.
    fn before(&mut self, subject: &S, open: &Open<'_>, choice: Choice);

    /// It was applied, or meant nothing.
    fn after(&mut self, applied: bool);

    /// Faults are about to stop.
    fn heals(&mut self, subject: &S, open: &Open<'_>);
}

/// Keeps nothing.
impl<S> Log<S> for () {
    #[inline]
    fn before(&mut self, _: &S, _: &Open<'_>, _: Choice) {}

    #[inline]
    fn after(&mut self, _: bool) {}

    fn heals(&mut self, _: &S, _: &Open<'_>) {}
}

/// A log of the decisions of a simulation, kept as a schedule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DecisionLog {
    moments: Moments,
    /// The moment at hand, and what was chosen.
    at_hand: Option<Due>,
    /// Whether faults have stopped: after that nothing is injected.
    over: bool,
    /// The decisions so far.
    pub schedule: Schedule,
}

impl<S: Subject> Log<S> for DecisionLog {
    fn before(&mut self, subject: &S, open: &Open<'_>, choice: Choice) {
        self.at_hand = None;
        if self.over {
            return;
        }
        let Some(default) = open.default_choice() else { return };
        let action = if choice == default { None } else { Some(subject.action(choice)) };
        self.at_hand = Some(Due { moment: subject.moment(default), default, choice, action });
    }

    fn after(&mut self, applied: bool) {
        let Some(due) = self.at_hand.take() else { return };
        // A choice that did not apply is not a difference, and the moment is still to come.
        if !applied {
            return;
        }
        if let Some(action) = due.action {
            let occurrence = self.moments.occurrence(due.moment);
            self.schedule.decisions.push(Decision { moment: due.moment, occurrence, action });
        }
        self.moments.applied(due);
    }

    fn heals(&mut self, subject: &S, open: &Open<'_>) {
        self.over = true;
        // If nothing is left to do there is no moment, and nothing more to inject.
        let Some(moment) = open.default_choice().map(|due| subject.moment(due)) else { return };
        let occurrence = self.moments.occurrence(moment);
        self.schedule.decisions.push(Decision { moment, occurrence, action: Action::Heal });
    }
}
