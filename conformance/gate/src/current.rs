//! The simulation that a thread is at, for the message of a panic.

use std::cell::RefCell;
use std::fmt::Write;

thread_local! {
    /// The description of the current simulation; empty if there is none.
    static CURRENT: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Returns the simulation that this thread is at, such as `seed 7 of restore/late-worker`.
pub fn current() -> Option<String> {
    let current = CURRENT.with_borrow(Clone::clone);
    (!current.is_empty()).then_some(current)
}

/// States the current simulation until it is dropped.
pub(crate) struct Current;

impl Current {
    /// States that this thread simulates a seed of a scenario.
    pub(crate) fn set(scenario: &str, seed: u64) -> Self {
        CURRENT.with_borrow_mut(|current| {
            current.clear();
            // Writing to a string does not fail.
            let _ = write!(current, "seed {seed} of {scenario}");
        });
        Self
    }
}

impl Drop for Current {
    fn drop(&mut self) {
        CURRENT.with_borrow_mut(String::clear);
    }
}
