//! Plays choices that were recorded; after the last, bends nothing.

use super::{Fair, Scheduler};
use crate::choice::{Choice, Open};
use crate::subject::Subject;

/// The scheduler that repeats.
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    choices: &'a [Choice],
    fair: Fair,
}

impl<'a> Replay<'a> {
    /// Returns the scheduler of these choices.
    pub fn new(choices: &'a [Choice]) -> Self {
        Self { choices, fair: Fair::default() }
    }
}

impl Scheduler for Replay<'_> {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        match self.choices.split_first() {
            Some((choice, rest)) => {
                self.choices = rest;
                Some(*choice)
            }
            None => self.fair.pick(subject, open),
        }
    }

    fn calm(&mut self) {}
}
