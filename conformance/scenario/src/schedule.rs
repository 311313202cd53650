//! Schedules as text: one line per decision, in the form `moment: action`, with a scenario's names instead of numbers.
//!
//! Every printed line can be read back as the same decision. No name contains a space, a colon, a comma or a
//! parenthesis, so there is only one way to split a line into words. This module does not depend on the origin of a
//! schedule or on its result.

mod line;
mod read;
mod slot;
#[cfg(test)]
mod tests;
mod token;

use std::ops::Range;

use truecount_sim::fixture::Fixture;
use truecount_sim::schedule::Decision;

use crate::names::Names;
use truecount_contract::reference::Reference;

/// The context of the lines of a schedule: the names, the fixture and the plans of a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    pub names: &'a Names,
    /// The starting point of the simulation.
    pub fixture: &'a Fixture,
    /// The facts about the scenario that are known in advance.
    pub reference: &'a Reference,
}

/// A mistake in a line of a schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// The wrong part of the line, as a range of bytes.
    pub range: Range<usize>,
    pub message: String,
    /// A description of the text that would be valid in its place.
    pub expected: String,
    /// A suggestion of the name that was probably meant.
    pub help: Option<String>,
}

impl Setting<'_> {
    /// Returns a decision as a line.
    pub fn line(&self, decision: &Decision) -> String {
        line::print(self, decision)
    }

    /// Reads a line.
    ///
    /// # Errors
    ///
    /// Returns a mistake if the line is not a decision.
    pub fn read(&self, line: &str) -> Result<Decision, Mistake> {
        line::read(self, line)
    }
}
