//! Plays a schedule: bends what its deviations bend, and nothing else.

use std::collections::{BTreeMap, VecDeque};

use super::{Fair, Scheduler};
use crate::choice::{Choice, Open};
use crate::schedule::{Act, Deviation, Moment, Moments};
use crate::subject::Subject;

/// The scheduler of a schedule.
#[derive(Clone, Debug)]
pub struct Scripted {
    /// What is still to come, by moment and occurrence.
    acts: BTreeMap<(Moment, u32), VecDeque<Act>>,
    moments: Moments,
    /// The moment at hand with what was due and what was chosen.
    at_hand: Option<(Moment, Choice, Choice)>,
    fair: Option<Fair>,
}

impl Scripted {
    /// Returns the scheduler of these deviations.
    pub fn new(deviations: &[Deviation]) -> Self {
        let mut acts: BTreeMap<(Moment, u32), VecDeque<Act>> = BTreeMap::new();
        for deviation in deviations {
            acts.entry((deviation.moment, deviation.occurrence)).or_default().push_back(deviation.act);
        }
        Self { acts, moments: Moments::default(), at_hand: None, fair: None }
    }

    fn due(&mut self, moment: Moment) -> Option<&mut VecDeque<Act>> {
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
        let mut choice = default;
        if let Some(acts) = self.due(moment) {
            // An act that means nothing here and now is passed over.
            while let Some(act) = acts.pop_front() {
                if let Some(found) = subject.choice(act) {
                    choice = found;
                    break;
                }
            }
        }
        self.at_hand = Some((moment, default, choice));
        Some(choice)
    }

    fn heard(&mut self, applied: bool) {
        if let Some((moment, default, choice)) = self.at_hand.take().filter(|_| applied) {
            self.moments.applied(moment, default, choice);
        }
    }

    fn stops_faults<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> bool {
        let Some(default) = open.default_choice() else { return false };
        let moment = subject.moment(default);
        self.due(moment).and_then(|acts| acts.front()) == Some(&Act::Heal)
    }

    fn calm(&mut self) {
        self.fair = Some(Fair::default());
    }
}
