//! The rows under the engine, as the simulator and the harness read and change them.
//!
//! Independent of the operations that ask for them.

use truecount_engine::id::RunId;
use truecount_engine::storage::{Memory, Storage};

use crate::fingerprint::Fingerprinter;

/// Rows that can be read from outside. A store with a planted bug wraps [`Memory`] and changes what it performs.
pub trait Store: Storage + Clone {
    /// Starts over from these rows; keeps its buffers.
    fn reset(&mut self, rows: &Memory);

    /// Returns the rows.
    fn rows(&self) -> &Memory;

    /// Returns the rows, for the queue and for changes from outside.
    fn rows_mut(&mut self) -> &mut Memory;

    /// Returns what the stored summary of a run holds besides the nine keys: a key, by its place, and a value. Our own
    /// rows cannot hold one; a store of another make, or a faulty one, may.
    #[inline]
    fn beside(&self, _: RunId) -> Option<(u8, u64)> {
        None
    }

    /// Prints what it remembers beside the rows.
    fn fingerprint(&self, fingerprinter: &mut Fingerprinter);
}

impl Store for Memory {
    fn reset(&mut self, rows: &Memory) {
        self.clone_from(rows);
    }

    #[inline]
    fn rows(&self) -> &Memory {
        self
    }

    #[inline]
    fn rows_mut(&mut self) -> &mut Memory {
        self
    }

    fn fingerprint(&self, _: &mut Fingerprinter) {}
}
