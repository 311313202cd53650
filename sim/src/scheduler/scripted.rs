//! Plays a schedule: bends what its deviations bend, and nothing else. Keeps which of them came to nothing.

use std::collections::{BTreeMap, VecDeque};

use super::{Fair, Scheduler};
use crate::choice::{Choice, Open};
use crate::fault::{Fault, PerFault};
use crate::schedule::{Act, Deviation, Moment, Moments};
use crate::subject::Subject;

/// The scheduler of a schedule.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// What is still to come, by moment and occurrence; each with its place in the schedule.
    acts: BTreeMap<(Moment, u32), VecDeque<(usize, Act)>>,
    moments: Moments,
    /// The moment at hand with what was due and what was chosen.
    at_hand: Option<(Moment, Choice, Choice)>,
    /// The deviation that was chosen, by its place, and the kind of fault with which it bends a step.
    chosen: Option<(usize, Option<Fault>)>,
    /// How often each kind of fault had struck before.
    struck: PerFault<u16>,
    /// Whether the last choice, a step, was bent as it should be.
    bent: bool,
    /// For each deviation, whether it came to something.
    applied: Vec<bool>,
    fair: Option<Fair>,
}

impl Scripted {
    /// Returns the scheduler of these deviations.
    pub fn new(deviations: &[Deviation]) -> Self {
        let mut acts: BTreeMap<(Moment, u32), VecDeque<(usize, Act)>> = BTreeMap::new();
        for (place, deviation) in deviations.iter().enumerate() {
            acts.entry((deviation.moment, deviation.occurrence)).or_default().push_back((place, deviation.act));
        }
        Self {
            acts,
            moments: Moments::default(),
            at_hand: None,
            chosen: None,
            struck: PerFault::default(),
            bent: true,
            applied: vec![false; deviations.len()],
            fair: None,
        }
    }

    /// Returns the deviations, by their places, that never came to their moment or meant nothing then.
    pub fn idle(&self) -> Vec<usize> {
        self.applied.iter().enumerate().filter(|(_, applied)| !**applied).map(|(place, _)| place).collect()
    }

    fn due(&mut self, moment: Moment) -> Option<&mut VecDeque<(usize, Act)>> {
        self.acts.get_mut(&(moment, self.moments.occurrence(moment)))
    }
}

impl Scheduler for Scripted {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        if let Some(fair) = &mut self.fair {
            return fair.pick(subject, open);
        }
        let default = open.default_choice()?;
        let moment = subject.moment(default);
        let (mut choice, mut chosen) = (default, None);
        if let Some(acts) = self.due(moment) {
            // An act that means nothing here and now is passed over.
            while let Some((place, act)) = acts.pop_front() {
                if let Some(found) = subject.choice(act) {
                    choice = found;
                    chosen = Some((place, act.fault().filter(|fault| fault.bends())));
                    break;
                }
            }
        }
        (self.at_hand, self.chosen) = (Some((moment, default, choice)), chosen);
        Some(choice)
    }

    fn saw(&mut self, struck: &PerFault<u16>) {
        // A fault that cannot strike here and now is a plain step, and the deviation came to nothing.
        let fault = self.chosen.and_then(|(_, fault)| fault);
        self.bent = fault.is_none_or(|fault| struck.get(fault) > self.struck.get(fault));
        self.struck = *struck;
    }

    fn heard(&mut self, applied: bool) {
        if let Some((place, _)) = self.chosen.take().filter(|_| applied && self.bent) {
            self.applied[place] = true;
        }
        if let Some((moment, default, choice)) = self.at_hand.take().filter(|_| applied) {
            self.moments.applied(moment, default, choice);
        }
    }

    fn stops_faults<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> bool {
        let Some(default) = open.default_choice() else { return false };
        let moment = subject.moment(default);
        let Some(&(place, Act::Heal)) = self.due(moment).and_then(|acts| acts.front()) else { return false };
        self.applied[place] = true;
        true
    }

    fn calm(&mut self) {
        self.fair = Some(Fair::default());
    }
}
