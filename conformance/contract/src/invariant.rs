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
    /// Each violated clause with the number of the first event that violated it, in the order of these events.
    violated: Vec<(Clause, u64)>,
    /// The violated clauses that are more than a symptom.
    definite: ClauseSet,
    event: u64,
}

/// The clauses that one step of a simulation violated. A step emits all events of a commit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Violations {
    /// Every violated clause, including symptoms.
    pub clauses: ClauseSet,
    /// The clause that a report names: the cause rather than a symptom.
    pub primary: Clause,
    /// The event that violates this clause, counted from 1.
    pub at: u64,
}

/// Clauses that explain a symptom. The symptoms are a count that differs from the ledger, a view that differs from the
/// row, and a run that never ends. If several explanations are violated, the first one in this list is named.
const EXPLANATIONS: [Clause; 11] = [
    Clause::COUNT_12,
    Clause::LIFE_13,
    Clause::COUNT_14,
    Clause::LIFE_08,
    Clause::COUNT_06,
    Clause::COUNT_01,
    Clause::COUNT_05,
    Clause::PROG_08,
    Clause::PROG_10,
    Clause::LIFE_10,
    Clause::LIFE_15,
];

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
            self.definite.insert(clause);
            self.record_violation(clause);
        }
    }

    /// Records that a clause was exercised, and whether it holds, if a violation may be only the symptom of another
    /// violation in the same step.
    #[inline]
    pub(crate) fn check_symptom(&mut self, clause: Clause, holds: bool) {
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
        if self.violated.iter().all(|(other, _)| *other != clause) {
            self.violated.push((clause, self.event));
        }
    }

    /// Returns whether a clause is violated.
    #[inline]
    pub const fn is_violated(&self) -> bool {
        !self.violated.is_empty()
    }

    /// Returns the violations, or `None` if every clause holds. A simulation ends with the step that violates a clause,
    /// so all violations belong to one step.
    pub fn violations(&self) -> Option<Violations> {
        let clauses: ClauseSet = self.violated.iter().map(|(clause, _)| *clause).collect();
        let first = clauses.primary()?;
        let explains = |clause: &Clause| !self.definite.contains(first) && self.definite.contains(*clause);
        let primary = EXPLANATIONS.into_iter().find(explains).unwrap_or(first);
        let at = self.violated.iter().find(|(clause, _)| *clause == primary).map(|(_, at)| *at)?;
        Some(Violations { clauses, primary, at })
    }
}
