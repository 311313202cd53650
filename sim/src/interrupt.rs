//! A request to stop a simulation before its end.
//!
//! A simulation of a million units takes seconds. The request comes from outside, so a simulation that was interrupted
//! has no result.

use std::sync::atomic::{AtomicBool, Ordering};

/// The flag that requests a stop, if there is one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Interrupt(Option<&'static AtomicBool>);

impl Interrupt {
    /// No request is possible: every simulation runs to its end.
    pub const NEVER: Self = Self(None);

    /// A stop is requested once `flag` is set.
    pub const fn by(flag: &'static AtomicBool) -> Self {
        Self(Some(flag))
    }

    /// Returns whether a stop is requested.
    #[inline]
    pub fn asked(self) -> bool {
        self.0.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}
