//! Abstract states: coarse descriptions of the end of a simulation. There are few of them, so all can be reached.
//!
//! A check that runs until nothing new is reached needs a definition of "new". Each abstract state is one word (a
//! `u32`) that describes one run at the end of a simulation. The word contains the run's family, status, outcome and
//! cause, and the relation of `processed` to `total`. It also contains the kinds of resolution of the run's units, and
//! one kind of fault that was injected into the run. A run with several kinds of fault has a word for each kind. The
//! values come from the harness's own ledger.

use std::collections::BTreeSet;

use truecount_engine::id::RunId;
use truecount_engine::index::ix;

use truecount_contract::coverage::fault_columns;
use truecount_contract::ledger::{Ledger, RunNote};

/// The abstract states in which simulations ended.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct States(BTreeSet<u32>);

impl States {
    /// Adds the abstract states in which a simulation ended.
    pub fn take(&mut self, ledger: &Ledger<'_>) {
        for (place, note) in ledger.runs.iter().enumerate() {
            let run = RunId(ix(place));
            let end = end(ledger.of(run).family as u32, note);
            let columns = if note.injected == 0 { 1 } else { note.injected << 1 };
            let injected = fault_columns().enumerate().filter(|(column, _)| columns >> column & 1 != 0);
            self.0.extend(injected.map(|(column, _)| end << 6 | u32::try_from(column).unwrap_or(63)));
        }
    }

    /// Adds the states of other simulations.
    pub fn append(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Returns the number of states.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns the words in ascending order.
    pub fn words(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied()
    }
}

impl FromIterator<u32> for States {
    fn from_iter<I: IntoIterator<Item = u32>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

/// Returns the end of a run, encoded in 17 bits. The family takes four bits. Status and outcome take two each. The
/// cause, the relation of `processed` to `total`, and the kinds of resolution take three each.
fn end(family: u32, note: &RunNote) -> u32 {
    // 0 stands for `None`.
    let code = |value: Option<u32>| value.map_or(0, |value| value + 1);
    let completed = note.completed.as_ref();
    let outcome = completed.and_then(|completed| completed.outcome).map(|outcome| outcome as u32);
    let cause = completed.and_then(|completed| completed.cause).map(|cause| cause as u32);
    let count = match (note.counts.processed(), note.counts.total()) {
        (Some(0), Some(0)) => 1,
        (Some(0), Some(_)) => 2,
        (Some(processed), Some(total)) if processed == total => 4,
        (Some(processed), Some(total)) if processed > total => 5,
        (Some(_), Some(_)) => 3,
        _ => 0,
    };
    let kinds = note.tallies.iter().fold(0, |bits, tally| bits << 1 | u32::from(*tally > 0));
    let parts = [(2, code(note.status.map(|status| status as u32))), (2, code(outcome)), (3, code(cause))];
    parts.into_iter().chain([(3, count), (3, kinds)]).fold(family, |word, (bits, part)| word << bits | part)
}

#[cfg(test)]
mod tests {
    use truecount_engine::family::FamilyId;
    use truecount_engine::run::{Cause, Outcome, Status};
    use truecount_engine::time::Millis;
    use truecount_sim::trace::Seen;

    use super::*;

    // Each part is wide enough for all of its values, including `None`.
    const _: () = assert!(FamilyId::ALL.len() <= 16 && Status::ALL.len() < 4);
    const _: () = assert!(Outcome::ALL.len() < 4 && Cause::ALL.len() < 8);
    const _: () = assert!(truecount_sim::fault::Fault::ALL.len() < 64);

    fn note(status: Option<Status>, processed: Option<u32>, total: Option<u32>, tallies: [u32; 3]) -> RunNote {
        let present = u16::from(total.is_some()) | u16::from(processed.is_some()) << 1;
        let (total_seen, processed_seen) = (total.unwrap_or(0), processed.unwrap_or(0));
        let counts = Seen { present, total: total_seen, processed: processed_seen, ..Seen::default() };
        RunNote { status, counts, total, tallies, ..RunNote::new(0, Millis(0), 0) }
    }

    #[test]
    fn parts_do_not_overlap() {
        let mut words = BTreeSet::new();
        let mut ends = 0;
        for family in FamilyId::ALL {
            for status in [None, Some(Status::Queued), Some(Status::Running), Some(Status::Completed)] {
                for (processed, total) in [(None, None), (Some(0), Some(0)), (Some(0), Some(7)), (Some(7), Some(7))] {
                    for tallies in [[0, 0, 0], [1, 0, 0], [0, 2, 0], [3, 0, 9]] {
                        let note = note(status, processed, total, tallies);
                        words.insert(end(family as u32, &note));
                        ends += 1;
                    }
                }
            }
        }
        assert_eq!(words.len(), ends);
        assert!(words.iter().all(|word| *word < 1 << 17));
    }
}
