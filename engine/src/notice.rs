//! Notices about a run: the event that reports that it was enqueued, and the notification of its end (NOTE).
//!
//! Both pass through the outbox. An entry is committed with the change that it reports. The relay delivers the entry
//! under a key, so an entry that is sent twice arrives once. This module does not depend on wire formats or wording.

use crate::counts::Key;
use crate::id::{ActorId, RunId};
use crate::run::{Outcome, Run};

/// The kind of notice in an outbox entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoticeKind {
    /// The run was accepted.
    RunEnqueued,
    /// The run is terminal.
    RunCompleted,
}

/// An entry of the outbox. Its key is (run, kind).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Notice {
    /// The run that the entry is about.
    pub run: RunId,
    /// The kind of notice.
    pub kind: NoticeKind,
}

/// A notification, in an inbox, stating that a run is terminal. The id of the run is the key of the letter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Letter {
    /// The run that the letter is about.
    pub run: RunId,
    /// The recipient.
    pub to: ActorId,
    /// The run to whose canonical address the letter links.
    pub link: RunId,
    /// The outcome in the terminal row.
    pub outcome: Option<Outcome>,
    /// `processed` in the terminal row, or 0 if it is absent.
    pub processed: u64,
    /// `total` in the terminal row, or 0 if it is absent.
    pub total: u64,
}

impl Letter {
    /// Returns the letter about a terminal run, with the values of its row.
    pub fn of(run: &Run, to: ActorId) -> Self {
        Self {
            run: run.head.run,
            to,
            link: run.head.run,
            outcome: run.outcome,
            processed: run.counts.or_zero(Key::Processed),
            total: run.counts.or_zero(Key::Total),
        }
    }
}
