//! The rows of the engine, as the simulator and the harness read and change them.
//!
//! This module does not depend on the operations that request the rows.

use truecount_engine::id::{ObjectId, RunId};
use truecount_engine::storage::{Memory, Storage, WriteSet};

use crate::fingerprint::Fingerprinter;

/// Storage whose rows can be read from outside. A store with a planted bug wraps [`Memory`] and changes how requests
/// are performed.
pub trait Store: Storage + Clone {
    /// Starts over from these rows; keeps the buffers.
    fn reset(&mut self, rows: &Memory);

    /// Returns the rows.
    fn rows(&self) -> &Memory;

    /// Returns the rows, for changes by the queue or from outside the engine.
    fn rows_mut(&mut self) -> &mut Memory;

    /// Returns the number under which events report a tenth key in the stored summary of a run, and its value. Returns
    /// `None` if there is no tenth key. Our own rows cannot contain such a key, but a different store or a faulty store
    /// may.
    #[inline]
    fn beside(&self, _: RunId) -> Option<(u8, u64)> {
        None
    }

    /// Returns the write set that the engine asks for in place of this one, if any. Our own engine asks for what its
    /// service has built, but a faulty engine may not. The trace shows the write set that is performed.
    #[inline]
    fn instead_of(&self, _: &WriteSet) -> Option<WriteSet> {
        None
    }

    /// Returns the other run in which the last request has read the row of a unit with the same key, if any. Our own
    /// engine keeps runs apart, but a different store or a faulty store may not.
    #[inline]
    fn looked_up(&self) -> Option<RunId> {
        None
    }

    /// Returns the items that were stored for a run, as any reader could read them now. A faulty store may lose items.
    #[inline]
    fn items(&self, run: RunId) -> &[ObjectId] {
        self.rows().items(run)
    }

    /// Returns whether the inbox still has the notices about a run that were delivered to it. A faulty store may lose
    /// them.
    #[inline]
    fn has_notices(&self, _: RunId) -> bool {
        true
    }

    /// Adds the state of the store, except for the rows, to a fingerprint.
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
