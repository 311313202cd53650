//! A trait for logs of the choices in a simulation, and a log that keeps the decisions as a schedule.
//!
//! This module does not depend on the loop that is logged or on the scheduler that makes the choices.

use crate::choice::{Choice, Open};
use crate::schedule::{Action, Decision, Due, Moments, Schedule};
use crate::subject::Subject;

/// A log of the choices in a simulation.
pub trait Log<S> {
    /// Called before a choice is applied.
    fn before(&mut self, subject: &S, open: &Open<'_>, choice: Choice);

    /// Called after a choice. `applied` is `false` if the choice did not apply.
    fn after(&mut self, applied: bool);

    /// Called before faults stop.
    fn heals(&mut self, subject: &S, open: &Open<'_>);
}

/// Records nothing.
impl<S> Log<S> for () {
    #[inline]
    fn before(&mut self, _: &S, _: &Open<'_>, _: Choice) {}

    #[inline]
    fn after(&mut self, _: bool) {}

    fn heals(&mut self, _: &S, _: &Open<'_>) {}
}

/// A log of the decisions in a simulation, kept as a schedule.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DecisionLog {
    moments: Moments,
    /// The current moment, and the choice made at that moment.
    at_hand: Option<Due>,
    /// Whether faults have stopped. Nothing is injected after that.
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
        // A choice that did not apply is not a decision, and its moment has not passed.
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
        // If nothing is left to do, there is no moment, and nothing more can be injected.
        let Some(moment) = open.default_choice().map(|due| subject.moment(due)) else { return };
        let occurrence = self.moments.occurrence(moment);
        self.schedule.decisions.push(Decision { moment, occurrence, action: Action::Heal });
    }
}
