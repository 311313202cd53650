//! What an operation can ask of the artifact store: a place outside storage, with a staging area and a published one.
//!
//! Nothing in it is guarded by a lease. What a superseded delivery leaves there is never named by a run's row, and the
//! sweeper removes it.

use std::sync::Arc;

use crate::artifact::{Bytes, Digest};
use crate::delivery::Lease;
use crate::id::{ObjectId, RunId};

/// One request to the artifact store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ArtifactRequest {
    /// Reads what was staged for each unit of a run: `Reply::Sources`, in the order of these keys.
    Sources {
        run: RunId,
        /// The objects of its plan.
        keys: Arc<[ObjectId]>,
    },
    /// Writes a file to the staging area, replacing one that the same delivery wrote before: `Reply::ArtifactDone`.
    Stage {
        run: RunId,
        /// The delivery that writes.
        lease: Lease,
        /// The file.
        bytes: Bytes,
    },
    /// Renames a staged file to its published name, its digest: `Reply::ArtifactDone`. A file of that name already
    /// holds the same bytes. Refused with `Torn` if the staged file does not exist or does not hold what was written.
    Publish {
        run: RunId,
        /// The delivery that staged it.
        lease: Lease,
        /// The digest of what was written.
        digest: Digest,
        /// Whether the staged file must have that digest; always so under standard rules.
        checked: bool,
    },
    /// Removes what is staged for a run, and everything published for it but this: `Reply::ArtifactDone`.
    Discard {
        run: RunId,
        /// What its row names.
        keep: Option<Digest>,
    },
    /// The first run from this one on that has anything staged: `Reply::Staged`.
    NextStaged {
        /// The first to look at.
        from: RunId,
    },
    /// Reads a published file of a run: `Reply::File`.
    Read {
        run: RunId,
        /// Which file; none is any file, which standard rules never ask for.
        digest: Option<Digest>,
    },
}
