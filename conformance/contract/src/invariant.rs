//! The checkers: an invariant for each clause of kind S and L, over the events of a trace.
//!
//! One struct per group of clauses, one ledger that they all read, O(1) for each event. A group sees an event before
//! the ledger takes it in, so it compares what happens with what had happened. Independent of any engine.

mod artf;
mod count;
mod keys;
mod life;
mod note;
mod prog;
mod vis;

pub(crate) use artf::Artf;
pub(crate) use count::Count;
pub(crate) use keys::Keys;
pub(crate) use life::Life;
pub(crate) use note::Note;
pub(crate) use prog::Prog;
pub(crate) use vis::Vis;

use crate::clause::{Clause, ClauseSet};

/// What was found so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Clauses whose promise was put to the test.
    pub exercised: ClauseSet,
    /// Clauses broken at the first event that broke any.
    pub violated: ClauseSet,
    /// Which event that was, counted from 1.
    pub at: Option<u64>,
    pub(crate) event: u64,
}

impl Found {
    /// Puts a clause to the test.
    #[inline]
    pub fn check(&mut self, clause: Clause, holds: bool) {
        self.exercised.insert(clause);
        if !holds {
            self.violate(clause);
        }
    }

    #[cold]
    fn violate(&mut self, clause: Clause) {
        // What comes after the first violating event may be its consequence: it is not counted.
        if *self.at.get_or_insert(self.event) == self.event {
            self.violated.insert(clause);
        }
    }
}
