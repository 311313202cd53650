//! KEYS: the vocabulary of summary counts, as observed.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::counts::{Key, VALUE_MAX};
use truecount_sim::trace::{Event, Seen};

use super::{Checker, Found};
use crate::clause::Clause;
use crate::ledger::Ledger;

/// The checker for KEYS.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keys;

impl Checker for Keys {
    #[inline]
    fn see(&mut self, event: &Event, _: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Observed { counts, .. } => keys_05_at_observed(counts, found),
            Event::ObservedMore { key, value, .. } => keys_05_at_observed_more(key, value, found),
            _ => {}
        }
    }
}

/// 1. A worker stores the summary that its operation returned, without normalising it.
/// 2. An observation shows a tenth key. (The five values of this event have 32 bits, so no value is out of range.)
#[inline]
fn keys_05_at_observed(counts: Seen, found: &mut Found) {
    found.check(Clause::KEYS_05, usize::from(counts.present) < 1 << Key::ALL.len());
}

/// 1. A worker stores the summary that its operation returned, without normalising it.
/// 2. An observation shows `items` as 2^53, or a key that is not one of the nine.
fn keys_05_at_observed_more(key: u8, value: u64, found: &mut Found) {
    found.check(Clause::KEYS_05, usize::from(key) < Key::ALL.len() && value <= VALUE_MAX);
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use crate::invariant::tests::tape::{RUN, planned};

    let tenth = Seen { present: 0x203, total: 2, ..Seen::default() };
    vec![
        ("keys_05_at_observed", planned().seen(0, tenth)),
        ("keys_05_at_observed_more", planned().and(Event::ObservedMore { run: RUN, key: 9, value: 1 })),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violated(check: impl FnOnce(&mut Found)) -> bool {
        let mut found = Found::default();
        check(&mut found);
        assert!(found.exercised.contains(Clause::KEYS_05));
        found.is_violated()
    }

    #[test]
    fn a_tenth_key_and_a_value_out_of_range_are_violations() {
        let observed = |present| violated(|found| keys_05_at_observed(Seen { present, ..Seen::default() }, found));
        assert!(!observed(0) && !observed(0x1FF));
        assert!(observed(0x200), "a tenth key was accepted");
        let more = |key, value| violated(|found| keys_05_at_observed_more(key, value, found));
        assert!(!more(8, VALUE_MAX));
        assert!(more(8, VALUE_MAX + 1), "a value that is too large was accepted");
        assert!(more(9, 1), "a tenth key was accepted");
    }
}
