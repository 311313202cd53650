//! The checkers: one invariant for each clause of kind S or L, over the events of a trace.
//!
//! There is one struct for each group of clauses, and one ledger that all of them read. Each event takes constant time.
//! A checker receives an event before the ledger records it, so the ledger still shows the earlier state. The checkers
//! do not depend on any engine.

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

/// The checker for a group of clauses.
///
/// `see` is one `match` over events. It calls one function for each clause that an event exercises. The function is
/// named after the clause and the event, as in `count_06_at_counted`. Its comment gives an execution that violates the
/// clause, in numbered steps. A trace in `traces`, at the end of its file, tests it.
pub(crate) trait Checker {
    /// Checks an event that the ledger has not recorded yet.
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found);

    /// Checks the clauses that can be judged only at the end of a trace.
    fn end(&mut self, _: Ended, _: &Ledger<'_>, _: &mut Found) {}

    /// Resets all state and keeps the buffers.
    fn reset(&mut self) {}

    /// Adds the checker's state to a fingerprint.
    fn fingerprint(&self, _: &mut Fingerprinter) {}
}

/// The findings so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The clauses that were exercised.
    pub exercised: ClauseSet,
    /// The clauses that were violated at the first violating event.
    pub violated: ClauseSet,
    /// The number of the first violating event, counted from 1; `None` if no clause is violated.
    pub at: Option<u64>,
    event: u64,
}

impl Found {
    /// Advances to the next event.
    #[inline]
    pub(crate) const fn next_event(&mut self) {
        self.event += 1;
    }

    /// Records that a clause was exercised, and whether it holds.
    #[inline]
    pub(crate) fn check(&mut self, clause: Clause, holds: bool) {
        self.exercise(clause);
        if !holds {
            self.record_violation(clause);
        }
    }

    /// Records that a clause was exercised and holds.
    #[inline]
    pub(crate) fn exercise(&mut self, clause: Clause) {
        self.exercised.insert(clause);
    }

    /// Records that a clause was exercised and is violated.
    pub(crate) fn violate(&mut self, clause: Clause) {
        self.check(clause, false);
    }

    #[cold]
    fn record_violation(&mut self, clause: Clause) {
        // A violation after the first violating event may be a consequence of it, and is not recorded.
        if *self.at.get_or_insert(self.event) == self.event {
            self.violated.insert(clause);
        }
    }
}
