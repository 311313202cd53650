//! What an operation can ask of the artifact store: a place outside of storage, with a staging area and a published
//! one.
//!
//! Nothing in it is guarded by a lease. What a superseded delivery leaves there is never named by a run's row, and the
//! sweep takes it away.

use std::sync::Arc;

use crate::artifact::{Bytes, Digest};
use crate::delivery::Lease;
use crate::id::{ObjectId, RunId};

/// One request to the artifact store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ArtifactRequest {
    /// Reads what was staged for each unit of a run: `Reply::Sources`, in the order of these keys.
    Sources {
        /// The run.
        run: RunId,
        /// The objects of its plan.
        keys: Arc<[ObjectId]>,
    },
    /// Writes a file to the staging area, in the place of one that the same delivery wrote before:
    /// `Reply::ArtifactDone`.
    Stage {
        /// The run.
        run: RunId,
        /// The delivery that writes.
        lease: Lease,
        /// The file.
        bytes: Bytes,
    },
    /// Renames a staged file to its published name, its digest: `Reply::ArtifactDone`. A file of that name is already
    /// the same. Refused with `Torn` where the staged file is not there or is not what was written.
    Publish {
        /// The run.
        run: RunId,
        /// The delivery that staged it.
        lease: Lease,
        /// The digest of what was written.
        digest: Digest,
        /// Whether the staged file must have that digest, as it always should.
        checked: bool,
    },
    /// Removes what is staged for a run, and all that was published for it but this: `Reply::ArtifactDone`.
    Discard {
        /// The run.
        run: RunId,
        /// What its row names.
        keep: Option<Digest>,
    },
    /// The first run from this one on for which anything is staged: `Reply::Staged`.
    NextStaged {
        /// The first to look at.
        from: RunId,
    },
    /// Reads a published file of a run: `Reply::File`.
    Read {
        /// The run.
        run: RunId,
        /// Which; none is whichever is there, which nobody should ask for.
        digest: Option<Digest>,
    },
}
