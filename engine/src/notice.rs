//! What a run tells people: the event that it was enqueued, and the notice of its end (NOTE).
//!
//! Both leave through the outbox: an entry commits with what it tells of, and the relay brings it on, keyed, so that
//! being sent twice is being there once. Knows no wire and no wording.

use crate::id::RunId;

/// What an outbox entry tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoticeKind {
    /// The run was accepted.
    RunEnqueued,
    /// The run is terminal.
    RunCompleted,
}

/// An entry of the outbox; (run, kind) is its key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Notice {
    /// The run it tells of, and links to.
    pub run: RunId,
    /// What it tells.
    pub kind: NoticeKind,
}
