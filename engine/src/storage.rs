//! The requests that an operation can make, and the replies to them.
//!
//! There are two kinds of storage request: load rows, and commit one write set, all or nothing. The engine makes all
//! decisions between loading and committing. A back end decides nothing: it checks the guards of a write set in the
//! order fence, end of the run, version, ledger key, and then writes its changes. Other requests are made to the
//! provider, which performs a unit's side effect outside the engine. The remaining requests are made to the artifact
//! store, in which files are staged and published.

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
    /// Asks the provider for the side effect of a unit, or for a phase.
    Ask(Ask),
    /// Commits one write set, all or nothing.
    Commit(WriteSet),
    /// Commits a new run with its first job and its outbox entries.
    Accept(Accept),
    /// Commits a plan: its units, and a job for each unit if the family fans out.
    Seal(Box<Seal>),
    /// Makes a request to the artifact store.
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
        /// The lease of the delivery that reads the unit.
        lease: Lease,
        /// Which unit to load.
        which: Which,
    },
    /// All units of a run, in the order of its plan: `Reply::Units`.
    Units(RunId),
    /// The input from which to plan: `Reply::Input`.
    Input {
        run: RunId,
        /// The lease of the delivery that reads the input.
        lease: Lease,
    },
    /// The run that this request has created, or else the active run with this identity: `Reply::Found`.
    Same { request: RequestId, identity: Identity },
    /// The policy's grant: `Reply::Granted`.
    Grant {
        /// The actor to whom the grant applies.
        actor: ActorId,
        /// The tenant in which the grant applies.
        tenant: TenantId,
    },
    /// The first active run at or after `from`: `Reply::Run` or `Reply::NoRun`.
    NextActive {
        /// The first candidate.
        from: RunId,
        /// The tenant of the run; `None` for any tenant.
        tenant: Option<TenantId>,
    },
    /// The first run at or after `from` that has been terminal for at least `retention` and has rows left to prune.
    NextExpired {
        /// The first candidate.
        from: RunId,
        /// The minimum time for which the run has been terminal.
        retention: Millis,
    },
    /// A part of a run's work that no job carries: `Reply::Orphan`.
    Orphan { run: RunId },
    /// The oldest outbox entry that has not been delivered yet: `Reply::Outbox`.
    Outbox,
}

/// Which unit to load.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Which {
    Exactly(UnitIx),
    /// The first unresolved unit at or after this index. A back end may search only at the start of the plan: it then
    /// returns the first unresolved unit of the plan or the unit at this index, whichever comes later, even if that
    /// unit is resolved. This suffices, since jobs resolve units in order and leave resolved units alone.
    NextUnresolved(UnitIx),
}

/// A request to the provider. The provider performs the side effect once for each key. If a key is repeated, the
/// provider returns its first definite response again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ask {
    pub run: RunId,
    /// The unit, or the index of the phase.
    pub unit: UnitIx,
    /// The number of the attempt, from 1.
    pub attempt: u8,
    /// The rest of the key. If it is 0, as under standard rules, the key is (run, unit) alone.
    pub salt: u32,
}

/// A unit as loaded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Loaded {
    /// The run's row without its counts.
    pub head: Head,
    /// The index of the unit.
    pub ix: UnitIx,
    /// The row of the unit.
    pub unit: WorkUnit,
    /// The row of its object, as stored; meaningless for families whose side effects take place outside the engine.
    pub row: Row,
    /// A response that replaces the one given by the object's row, for example because the row could not be read.
    pub response: Option<Response>,
}

/// Work that no job carries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Orphan {
    /// Every part of the work is carried by a job.
    None,
    /// The run itself: no job will plan or continue it.
    Run,
    Unit(UnitIx),
}

/// The run found for a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Same {
    pub run: RunId,
    /// Whether this request has created the run. If not, the run is active and has the same identity.
    pub own: bool,
}

/// A reply to an operation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    Begin,
    /// The run's row.
    Run(Run),
    /// There is no such run.
    NoRun,
    Unit(Loaded),
    /// All units of a run.
    Units(Arc<[WorkUnit]>),
    /// The run has no such unit, or no unit is left.
    NoUnit(Head),
    /// The input from which to plan, or the reason why it could not be read.
    Input {
        /// The objects and options in the request.
        input: Arc<Input>,
        /// The response if the input could not be read.
        response: Option<Response>,
    },
    /// The run found for the request, if any.
    Found(Option<Same>),
    /// The policy's grant.
    Granted(Grant),
    /// Work that no job carries.
    Orphan(Orphan),
    /// The oldest outbox entry that has not been delivered yet.
    Outbox(Option<Notice>),
    /// The response of the provider, or of an artifact store that cannot perform the request at present.
    Response(Response),
    /// The content staged for each unit.
    Sources(Arc<[Source]>),
    /// The artifact store has performed the request.
    ArtifactDone,
    /// The first run with anything staged.
    Staged(Option<RunId>),
    /// The published file, if it exists.
    File(Option<Bytes>),
    /// The commit is durable.
    Committed {
        /// Whether `processed` may have reached `total`, or a failed unit may end the run. If not, there is no need to
        /// check for completion.
        maybe_last: bool,
    },
    /// The new run is durable.
    Accepted(RunId),
    /// The commit was refused; nothing was written.
    Refused(Refusal),
    /// There was no reply. The request may or may not have been performed.
    Unavailable,
}

/// A back end, which performs requests on rows. It completes each request before it begins the next.
pub trait Storage {
    /// Performs a request at the time `now`. The reply is `Unavailable` if the request is not meant for storage.
    fn perform(&mut self, request: &Request, now: Millis) -> Reply;
}

/// The queue operation that both the simulator and a runtime need to hand out jobs.
pub trait Queue {
    /// Leases a job to a worker for `lease_ms`, starting at `now`, and returns the lease.
    fn lease(&mut self, job: JobId, now: Millis, lease_ms: Millis) -> Lease;
}
