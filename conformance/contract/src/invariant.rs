//! The checkers: an invariant for each clause of kind S and L, over the events of a trace.
//!
//! One struct per group of clauses, one ledger that they all read, O(1) for each event. A group sees an event before
//! the ledger takes it in, so it compares the event with what happened before. Independent of any engine.

mod artf;
mod count;
mod keys;
mod life;
mod note;
mod prog;
#[cfg(test)]
mod tests;
mod vis;

pub(crate) use artf::Artf;
pub(crate) use count::Count;
pub(crate) use keys::Keys;
pub(crate) use life::Life;
pub(crate) use note::Note;
pub(crate) use prog::Prog;
pub(crate) use vis::Vis;

use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::simulate::Ended;
use truecount_sim::trace::Event;

use crate::clause::{Clause, ClauseSet};
use crate::ledger::Ledger;

/// The checker of a group of clauses.
///
/// `see` is one `match` over events. It calls one function for each clause that an event exercises, named by the clause
/// and the event: `count_06_at_counted`. Each states in numbered steps which execution it catches.
pub(crate) trait Checker {
    /// Checks an event that the ledger has not taken in yet.
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found);

    /// Checks what only the end can show.
    fn end(&mut self, _: Ended, _: &Ledger<'_>, _: &mut Found) {}

    /// Starts over; keeps its buffers.
    fn reset(&mut self) {}

    /// Adds what it remembers to a fingerprint.
    fn fingerprint(&self, _: &mut Fingerprinter) {}
}

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Clauses that were exercised.
    pub exercised: ClauseSet,
    /// Clauses violated at the first event that violated any.
    pub violated: ClauseSet,
    /// Which event that was, counted from 1.
    pub at: Option<u64>,
    event: u64,
}

impl Found {
    /// Turns to the next event.
    #[inline]
    pub(crate) const fn next_event(&mut self) {
        self.event += 1;
    }

    /// Exercises a clause that holds or is violated.
    #[inline]
    pub(crate) fn check(&mut self, clause: Clause, holds: bool) {
        self.exercise(clause);
        if !holds {
            self.record_violation(clause);
        }
    }

    /// Exercises a clause that holds.
    #[inline]
    pub(crate) fn exercise(&mut self, clause: Clause) {
        self.exercised.insert(clause);
    }

    /// Exercises a clause that is violated.
    pub(crate) fn violate(&mut self, clause: Clause) {
        self.check(clause, false);
    }

    #[cold]
    fn record_violation(&mut self, clause: Clause) {
        // What comes after the first violating event may be its consequence, and is not counted.
        if *self.at.get_or_insert(self.event) == self.event {
            self.violated.insert(clause);
        }
    }
}
