//! The requests that an operation can make to the artifact store, which is outside storage and consists of a staging
//! area and published files.
//!
//! Leases do not guard the artifact store. A superseded delivery may leave files there, but a run's row never names
//! them, and the sweeper removes them.

use std::sync::Arc;

use crate::artifact::{Bytes, Digest};
use crate::delivery::Lease;
use crate::id::{ObjectId, RunId};

/// One request to the artifact store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ArtifactRequest {
    /// Reads the content staged for each unit of a run: `Reply::Sources`, in the order of these keys.
    Sources {
        run: RunId,
        /// The objects in the run's plan.
        keys: Arc<[ObjectId]>,
    },
    /// Writes a file to the staging area, replacing any file that the same delivery wrote before:
    /// `Reply::ArtifactDone`.
    Stage {
        run: RunId,
        /// The delivery that writes.
        lease: Lease,
        /// The content of the file.
        bytes: Bytes,
    },
    /// Renames a staged file to its published name, which is its digest: `Reply::ArtifactDone`. If a file with this
    /// name exists, it contains the same bytes. The request is refused with `Torn` if the staged file does not exist or
    /// does not contain the bytes that were written.
    Publish {
        run: RunId,
        /// The delivery that staged the file.
        lease: Lease,
        /// The digest of the bytes that were written.
        digest: Digest,
        /// Whether the staged file must have this digest. Always `true` under standard rules.
        checked: bool,
    },
    /// Removes everything staged for a run, and every file published for it except `keep`: `Reply::ArtifactDone`.
    Discard {
        run: RunId,
        /// The file named in the run's row.
        keep: Option<Digest>,
    },
    /// Finds the first run at or after `from` that has anything staged: `Reply::Staged`.
    NextStaged {
        /// The first candidate.
        from: RunId,
    },
    /// Reads a published file of a run: `Reply::File`.
    Read {
        run: RunId,
        /// The digest of the file. `None` for any file, which standard rules never request.
        digest: Option<Digest>,
    },
}
