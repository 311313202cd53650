//! What an operation can ask for, and the replies to it.
//!
//! There are two kinds of storage request: load rows, and commit one write set, all or nothing. All judgement is in the
//! engine, between the two. A back end makes none: it checks the guards of a write set in the order fence, version,
//! ledger key, and writes what it holds. Beside storage there are the provider, which performs a unit's side effect
//! outside, and the artifact store, where files are staged and published.

mod artifact;
mod memory;
mod writes;

use std::sync::Arc;

pub use artifact::ArtifactRequest;
pub use memory::{Inbox, Memory, Tables};
pub use writes::{Accept, Addition, Guard, Retry, RowEffect, Seal, Settle, StatusWrite, TotalWrite, Upkeep, WriteSet};

use crate::artifact::{Bytes, Source};
use crate::delivery::Lease;
use crate::id::{ActorId, JobId, RequestId, RunId, TenantId, UnitIx};
use crate::notice::Notice;
use crate::object::Row;
use crate::plan::Input;
use crate::policy::Grant;
use crate::refusal::Refusal;
use crate::run::{Head, Identity, Run};
use crate::time::Millis;
use crate::unit::{Response, WorkUnit};

/// One request to storage, to the provider or to the artifact store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Request {
    /// Reads rows.
    Load(Load),
    /// Asks the provider for the side effect of a unit, or of a phase.
    Ask(Ask),
    /// Commits one write set, all or nothing.
    Commit(WriteSet),
    /// Commits a new run with its first job and its outbox entry.
    Accept(Accept),
    /// Commits a plan: its units, and a job for each if the family fans out.
    Seal(Box<Seal>),
    /// Asks the artifact store.
    Artifact(ArtifactRequest),
}

/// Rows to read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Load {
    /// The run's row: `Reply::Run`.
    Run(RunId),
    /// A unit with its object's row: `Reply::Unit`, or `Reply::NoUnit`.
    Unit {
        run: RunId,
        /// The delivery that reads.
        lease: Lease,
        /// Which unit.
        which: Which,
    },
    /// All units of a run, in the order of its plan: `Reply::Units`.
    Units(RunId),
    /// What the run was requested to work on, for planning: `Reply::Input`.
    Input {
        run: RunId,
        /// The delivery that reads.
        lease: Lease,
    },
    /// The run that this request made, or else the active run of the identity: `Reply::Found`.
    Same { request: RequestId, identity: Identity },
    /// What the policy grants: `Reply::Granted`.
    Grant {
        /// To whom.
        actor: ActorId,
        /// Where.
        tenant: TenantId,
    },
    /// The first active run from this one on: `Reply::Run` or `Reply::NoRun`.
    NextActive {
        /// The first to look at.
        from: RunId,
        /// Only runs of this tenant.
        tenant: Option<TenantId>,
    },
    /// The first run from this one on that has been terminal for so long and has rows left to prune.
    NextExpired {
        /// The first to look at.
        from: RunId,
        /// For how long.
        retention: Millis,
    },
    /// Work of a run that no job carries: `Reply::Orphan`.
    Orphan { run: RunId },
    /// The oldest outbox entry that has not been delivered: `Reply::Outbox`.
    Outbox,
}

/// Which unit to load.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Which {
    Exactly(UnitIx),
    /// The first unresolved one from here on. Jobs resolve units in order, so a back end need not look past the one
    /// after the last resolved unit; a caller leaves resolved units alone in any case.
    NextUnresolved(UnitIx),
}

/// A request to the provider. It performs the side effect once for a key, and gives that key its first definite
/// response from then on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ask {
    pub run: RunId,
    /// The unit, or the place of the phase.
    pub unit: UnitIx,
    /// Which attempt this is, from 1.
    pub attempt: u8,
    /// The rest of the key: (run, unit) alone if it is 0, as under standard rules.
    pub salt: u32,
}

/// A unit as loaded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Loaded {
    /// The run's row without its counts.
    pub head: Head,
    /// Which unit.
    pub ix: UnitIx,
    /// Its row.
    pub unit: WorkUnit,
    /// Its object's row, as storage has it; meaningless for families whose side effects are outside.
    pub row: Row,
    /// A response other than the row's own state: the row could not be read, or it refuses.
    pub response: Option<Response>,
}

/// Work that no job carries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Orphan {
    /// Nothing.
    None,
    /// The run itself: no job will plan or continue it.
    Run,
    Unit(UnitIx),
}

/// A run that was found for a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Same {
    pub run: RunId,
    /// Whether this very request made it; otherwise it is active and of the same identity.
    pub own: bool,
}

/// A reply to an operation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    Begin,
    /// The run's row.
    Run(Run),
    /// No such run.
    NoRun,
    Unit(Loaded),
    /// All units of a run.
    Units(Arc<[WorkUnit]>),
    /// The run has no such unit, or none left.
    NoUnit(Head),
    /// What to plan from; the response states why the input could not be read.
    Input {
        /// What was requested.
        input: Arc<Input>,
        /// Why they could not be read.
        response: Option<Response>,
    },
    /// The run that was looked for.
    Found(Option<Same>),
    /// What the policy grants.
    Granted(Grant),
    /// Work that no job carries.
    Orphan(Orphan),
    /// The oldest outbox entry.
    Outbox(Option<Notice>),
    /// The response of the provider, or of an artifact store that cannot do now what was asked.
    Response(Response),
    /// What was staged for each unit.
    Sources(Arc<[Source]>),
    /// The artifact store did what it was asked.
    ArtifactDone,
    /// A run that has something in the staging area.
    Staged(Option<RunId>),
    /// The published file, if there is one.
    File(Option<Bytes>),
    /// The commit is durable.
    Committed {
        /// Whether the counts may have reached `total`; only then they are worth reading.
        maybe_last: bool,
    },
    /// The new run is durable.
    Accepted(RunId),
    /// The commit was refused; nothing was written.
    Refused(Refusal),
    /// No reply came. The request may have been performed or not.
    Unavailable,
}

/// A back end: rows behind requests. It performs one request at a time, whole, at the time it is given.
pub trait Storage {
    /// Performs a request. A request to the provider is not for storage; its reply is `Unavailable`.
    fn perform(&mut self, request: &Request, now: Millis) -> Reply;
}

/// The rows of a queue that the simulator and a runtime both need: which job to hand out.
pub trait Queue {
    /// Leases a job to a worker for this long, from `now`, and returns the lease.
    fn lease(&mut self, job: JobId, now: Millis, lease_ms: Millis) -> Lease;
}
