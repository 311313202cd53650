//! Schedules in words: a line for each decision, `where: what happens instead`, with a scenario's names for numbers.
//!
//! Every line can be read back as the same decision. No name contains a space or a mark, so a line splits into words in
//! one way only. Independent of how a schedule came about and of what it leads to.

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

/// What the words of a schedule refer to: the names of a scenario, its fixture, and its plans.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The names, by id.
    pub names: &'a Names,
    /// What the simulation starts from.
    pub fixture: &'a Fixture,
    /// What is known of it in advance.
    pub reference: &'a Reference,
}

/// Why a line is not a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mistake {
    /// What of the line, in bytes.
    pub range: Range<usize>,
    /// What is wrong with it.
    pub message: String,
    /// What would have been right.
    pub expected: String,
    /// What it was probably meant to be.
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
    /// Returns the first thing in the line that cannot be understood.
    pub fn read(&self, line: &str) -> Result<Decision, Mistake> {
        line::read(self, line)
    }
}
