//! KEYS: the vocabulary of summary counts, as observed.

use truecount_engine::counts::{Key, VALUE_MAX};
use truecount_sim::trace::Event;

use super::Found;
use crate::clause::Clause;

/// The checker of KEYS.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keys;

impl Keys {
    #[inline]
    pub(crate) fn see(event: &Event, found: &mut Found) {
        match *event {
            // Each present key is one of the nine; the five values of this event are too small to be out of range.
            Event::Observed { counts, .. } => {
                found.check(Clause::KEYS_05, usize::from(counts.present) < 1 << Key::ALL.len());
            }
            Event::ObservedMore { key, value, .. } => {
                found.check(Clause::KEYS_05, usize::from(key) < Key::ALL.len() && value <= VALUE_MAX);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use truecount_engine::id::RunId;
    use truecount_engine::run::Status;
    use truecount_sim::trace::Seen;

    use super::*;

    fn broken(event: &Event) -> bool {
        let mut found = Found::default();
        Keys::see(event, &mut found);
        assert!(found.exercised.contains(Clause::KEYS_05));
        found.violated.contains(Clause::KEYS_05)
    }

    #[test]
    fn a_tenth_key_and_a_value_that_is_no_count_are_seen() {
        let observed = |present| {
            let counts = Seen { present, ..Seen::default() };
            Event::Observed { run: RunId(0), version: 0, status: Status::Running, counts }
        };
        assert!(!broken(&observed(0)) && !broken(&observed(0x1FF)));
        assert!(broken(&observed(0x200)), "a key beyond the nine");
        let more = |key, value| Event::ObservedMore { run: RunId(0), key, value };
        assert!(!broken(&more(8, VALUE_MAX)));
        assert!(broken(&more(8, VALUE_MAX + 1)), "too large for a count");
        assert!(broken(&more(9, 1)), "a key beyond the nine");
    }
}
