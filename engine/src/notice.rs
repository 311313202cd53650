//! What people learn of a run: the event that it was enqueued, and the notice of its end (NOTE).
//!
//! Both pass through the outbox: an entry commits with the change that it reports, and the relay delivers it under a
//! key, so that an entry sent twice arrives once. Independent of wire formats and wording.

use crate::counts::Key;
use crate::id::{ActorId, RunId};
use crate::run::{Outcome, Run};

/// What an outbox entry reports.
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
    /// The run it reports.
    pub run: RunId,
    /// What it reports.
    pub kind: NoticeKind,
}

/// A terminal notice in an inbox; the run is its key there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Letter {
    /// The run it reports.
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
    /// Returns the notice of a terminal run, filled from its row.
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
