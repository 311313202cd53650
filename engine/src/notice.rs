//! What a run tells people: the event that it was enqueued, and the notice of its end (NOTE).
//!
//! Both leave through the outbox: an entry commits with what it tells of, and the relay brings it on, keyed, so that
//! being sent twice is being there once. Independent of wire formats and wording.

use crate::counts::Key;
use crate::id::{ActorId, RunId};
use crate::run::{Outcome, Run};

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
    /// The run it tells of.
    pub run: RunId,
    /// What it tells.
    pub kind: NoticeKind,
}

/// A terminal notice in somebody's inbox; the run is its key there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Letter {
    /// The run it tells of.
    pub run: RunId,
    /// Whose inbox.
    pub to: ActorId,
    /// The run whose canonical address it links to.
    pub link: RunId,
    /// How the run ended, as the terminal row has it.
    pub outcome: Option<Outcome>,
    /// `processed`, as the terminal row has it; 0 where it is absent.
    pub processed: u64,
    /// `total`, as the terminal row has it; 0 where it is absent.
    pub total: u64,
}

impl Letter {
    /// Returns the notice of a terminal run's end: what it says is what the row says.
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
