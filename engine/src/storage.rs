//! What an operation can ask for, and what it hears back.
//!
//! There are two kinds of storage request: load rows, and commit one write set, all or nothing. All judgement lies
//! between the two, in the engine. A back end holds none: it checks the guards that it is handed, in the order fence,
//! version, ledger key, and writes what it is told. Beside storage there is the provider, which is asked for a unit's
//! outside effect, and the artifact store, where files are staged and published.

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
    /// Asks the provider for the effect of a unit, or of a phase.
    Ask(Ask),
    /// Commits one write set, all or nothing.
    Commit(WriteSet),
    /// Commits a new run with its first job and its outbox entry.
    Accept(Accept),
    /// Commits a plan: its units, and a job for each where the family fans out.
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
        /// The run.
        run: RunId,
        /// The delivery that reads.
        lease: Lease,
        /// Which unit.
        which: Which,
    },
    /// All units of a run, in the order of its plan: `Reply::Units`.
    Units(RunId),
    /// What the run was asked to work on, for planning: `Reply::Input`.
    Input {
        /// The run.
        run: RunId,
        /// The delivery that reads.
        lease: Lease,
    },
    /// The run that this request made, or else the active run of the identity: `Reply::Found`.
    Same {
        /// The request.
        request: RequestId,
        /// The identity.
        identity: Identity,
    },
    /// What the policy grants: `Reply::Granted`.
    Grant {
        /// To whom.
        actor: ActorId,
        /// Where.
        tenant: TenantId,
    },
    /// The first run from this one on that is active: `Reply::Run` or `Reply::NoRun`.
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
    Orphan {
        /// The run.
        run: RunId,
    },
    /// The oldest outbox entry that has not been brought on: `Reply::Outbox`.
    Outbox,
}

/// Which unit to load.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Which {
    /// This one.
    Exactly(UnitIx),
    /// The first unresolved one from here on. Jobs resolve units in order, so a back end need not look past the one
    /// after the last that is resolved; whoever asks leaves alone what is resolved all the same.
    NextUnresolved(UnitIx),
}

/// A question to the provider. It acts once for a key and gives that key its first definite response ever after.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ask {
    /// The run.
    pub run: RunId,
    /// The unit, or the place of the phase.
    pub unit: UnitIx,
    /// Which attempt this is, from 1.
    pub attempt: u8,
    /// The rest of the key: (run, unit) alone where it is 0, as it always should be.
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
    /// Its object's row, as storage has it; of no meaning to families that act outside.
    pub row: Row,
    /// Another word than the row's own state: the row could not be read, or refuses.
    pub response: Option<Response>,
}

/// Work that no job carries.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Orphan {
    /// Nothing.
    None,
    /// The run itself: nobody will plan it or go on with it.
    Run,
    /// A unit.
    Unit(UnitIx),
}

/// A run that stands for a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Same {
    /// The run.
    pub run: RunId,
    /// Whether this very request made it; otherwise it is active and of the same identity.
    pub own: bool,
}

/// What an operation hears.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Reply {
    /// Begin.
    Begin,
    /// The run's row.
    Run(Run),
    /// No such run.
    NoRun,
    /// The unit.
    Unit(Loaded),
    /// All units of a run.
    Units(Arc<[WorkUnit]>),
    /// The run has no such unit, or none left.
    NoUnit(Head),
    /// What to plan from; the word stands for a reading that failed.
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
    /// The answer of the provider, or of an artifact store that cannot do now what it was asked.
    Response(Response),
    /// What was staged for each unit.
    Sources(Arc<[Source]>),
    /// The artifact store did what it was asked.
    ArtifactDone,
    /// The run that was looked for in the staging area.
    Staged(Option<RunId>),
    /// The published file, if there is one.
    File(Option<Bytes>),
    /// The commit is durable.
    Committed {
        /// Whether the counts may have reached `total`; only then is it worth reading them.
        maybe_last: bool,
    },
    /// The new run is durable.
    Accepted(RunId),
    /// The commit was refused; nothing was written.
    Refused(Refusal),
    /// No answer came. What was asked may have happened or not.
    Unavailable,
}

/// A back end: rows behind requests. It performs one request at a time, whole, at the time it is given.
pub trait Storage {
    /// Performs a request. A question to the provider is not storage's; it answers `Unavailable`.
    fn perform(&mut self, request: &Request, now: Millis) -> Reply;
}

/// The rows of a queue that the simulator and a runtime both need: which job to hand out.
pub trait Queue {
    /// Leases a job to a worker for this long, from `now`, and returns the lease.
    fn lease(&mut self, job: JobId, now: Millis, lease_ms: Millis) -> Lease;
}
