//! KEYS: the vocabulary of summary counts, as observed.

use truecount_engine::counts::{Key, VALUE_MAX};
use truecount_sim::trace::Event;

use super::Found;
use crate::clause::Clause;

/// The checker of KEYS.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys;

impl Keys {
    #[inline]
    pub(super) fn see(event: &Event, found: &mut Found) {
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
