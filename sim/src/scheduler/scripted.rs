//! Follows a schedule: takes the actions that its decisions state, and otherwise the default choices. Records which
//! decisions did not apply.

use std::collections::{BTreeMap, VecDeque};

use super::{Fair, Scheduler};
use crate::choice::{Choice, Open};
use crate::fault::PerFault;
use crate::schedule::{Action, Decision, Due, Moment, Moments};
use crate::subject::Subject;

/// The scheduler that follows a schedule.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// The remaining actions by moment and occurrence, each with the index of its decision.
    acts: BTreeMap<(Moment, u32), VecDeque<(usize, Action)>>,
    moments: Moments,
    /// The current moment, and the choice made at that moment.
    at_hand: Option<Due>,
    /// The index of the chosen decision.
    chosen: Option<usize>,
    /// The number of injections of each kind of fault before the last choice.
    injected: PerFault<u16>,
    /// For each decision, whether it applied.
    applied: Vec<bool>,
    fair: Option<Fair>,
}

impl Scripted {
    /// Returns the scheduler that follows these decisions.
    pub fn new(decisions: &[Decision]) -> Self {
        let mut acts: BTreeMap<(Moment, u32), VecDeque<(usize, Action)>> = BTreeMap::new();
        for (place, decision) in decisions.iter().enumerate() {
            acts.entry((decision.moment, decision.occurrence)).or_default().push_back((place, decision.action));
        }
        Self {
            acts,
            moments: Moments::default(),
            at_hand: None,
            chosen: None,
            injected: PerFault::default(),
            applied: vec![false; decisions.len()],
            fair: None,
        }
    }

    /// Returns the indices of the decisions whose moment never came, or that did not apply at their moment.
    pub fn idle(&self) -> Vec<usize> {
        self.applied.iter().enumerate().filter(|(_, applied)| !**applied).map(|(place, _)| place).collect()
    }
}

impl Scheduler for Scripted {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        if let Some(fair) = &mut self.fair {
            return fair.pick(subject, open);
        }
        let default = open.default_choice()?;
        let moment = subject.moment(default);
        let mut due = Due { moment, default, choice: default, action: None };
        self.chosen = None;
        if let Some(acts) = self.acts.get_mut(&(moment, self.moments.occurrence(moment))) {
            // An action that does not apply at this moment is skipped.
            while let Some((place, action)) = acts.pop_front() {
                if let Some(found) = subject.choice(action) {
                    (due.choice, due.action) = (found, Some(action));
                    self.chosen = Some(place);
                    break;
                }
            }
        }
        self.at_hand = Some(due);
        Some(due.choice)
    }

    fn choice_taken(&mut self, applied: bool, injected: &PerFault<u16>) {
        let before = std::mem::replace(&mut self.injected, *injected);
        let Some(due) = self.at_hand.take() else { return };
        if !applied {
            return;
        }
        // If a fault cannot be injected into this step, the step is taken without the fault. The decision then counts
        // as not applied.
        let injected = match due.action.and_then(Action::fault) {
            Some(fault) if fault.alters_step() => injected.get(fault) > before.get(fault),
            _ => true,
        };
        if injected && let Some(place) = self.chosen {
            self.applied[place] = true;
        }
        self.moments.applied(due);
    }

    fn stops_faults<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> bool {
        let Some(default) = open.default_choice() else { return false };
        let moment = subject.moment(default);
        let Some(acts) = self.acts.get(&(moment, self.moments.occurrence(moment))) else { return false };
        let Some(&(place, Action::Heal)) = acts.front() else { return false };
        self.applied[place] = true;
        true
    }

    fn stop_faults(&mut self) {
        self.fair = Some(Fair::default());
    }
}
