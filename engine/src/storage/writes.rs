//! The changes of a commit: a new run, a plan, or a write set. A commit applies all of its changes or none. Only
//! `service` builds these types.

use std::sync::Arc;

use crate::artifact::Digest;
use crate::counts::Key;
use crate::delivery::Lease;
use crate::family::FailurePolicy;
use crate::id::{ActorId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use crate::notice::{Letter, Notice};
use crate::object::ObjectState;
use crate::plan::Input;
use crate::policy::Grant;
use crate::run::{Cause, Identity, Outcome, Status};
use crate::time::Millis;
use crate::unit::Resolution;

/// The conditions of a commit, checked in this order before anything is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Guard {
    /// Whether the commit is refused if its lease is superseded.
    pub fence: bool,
    /// Whether the commit is refused with `AlreadyCompleted` if the run is terminal.
    pub active: bool,
    /// The version that the run's row must still have.
    pub version: Option<u32>,
}

/// The ledger rows of one or more units that this commit resolves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settle {
    /// The first unit.
    pub unit: UnitIx,
    /// The number of consecutive units.
    pub units: u32,
    /// The resolution of these units.
    pub resolution: Resolution,
    /// Whether to refuse with `AlreadyResolved` if one of the units is already resolved. Always `true` under standard
    /// rules.
    pub once: bool,
}

/// Additions to the summary counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Addition {
    /// The first unit that is counted.
    pub unit: UnitIx,
    /// The number of consecutive units.
    pub units: u32,
    /// The amount added to `processed` for each unit.
    pub processed: u8,
    /// The outcome key, to which 1 is added for each unit.
    pub outcome: Option<Key>,
    /// A further key, to which 1 is added for each unit.
    pub also: Option<Key>,
}

/// The side effect on an engine row, or only a check that the row has not changed since it was read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RowEffect {
    pub object: ObjectId,
    /// The version that was read. The commit is refused with `Conflict` if the row has a different version.
    pub version: u32,
    /// The state to write, if any.
    pub becomes: Option<ObjectState>,
    /// Whether the object becomes an item of the run's artifact.
    pub stores: bool,
}

/// A change of the run's own row. The version of the row rises by one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StatusWrite {
    pub status: Status,
    pub phase: Option<u8>,
    pub outcome: Option<Outcome>,
    /// The cause, if the run failed as a whole.
    pub cause: Option<Cause>,
    /// The published artifact, if any.
    pub artifact: Option<Digest>,
}

/// A retry after an attempt with a retryable response. The job is handed back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Retry {
    /// The unit. `None` for planning, the current phase or publishing.
    pub unit: Option<UnitIx>,
    /// The number of used attempts, as it was read. The commit is refused with `Conflict` if this number has changed.
    /// Two deliveries of the same attempt therefore raise the number only once.
    pub attempts_used: u8,
    /// The duration, by storage's clock, for which the job waits before it may be delivered again.
    pub wait: Millis,
}

/// Upkeep of jobs, the outbox and old rows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Upkeep {
    /// Adds a job for a unit, or for the run itself.
    Enqueue {
        unit: Option<UnitIx>,
        /// Whether the commit is refused with `Conflict` if this work is no longer orphaned. Always `true` under
        /// standard rules.
        guarded: bool,
    },
    /// Marks an outbox entry as sent, and puts its letter into the inbox.
    Relay {
        /// The outbox entry.
        notice: Notice,
        /// The letter, if the entry has one and there is a recipient.
        letter: Option<Letter>,
        /// Whether this commit marks the entry as sent.
        mark_sent: bool,
        /// Whether the inbox accepts at most one letter for each run.
        keyed: bool,
        /// The policy's grant to the initiator, as it was read. The commit is refused with `Conflict` if the grant has
        /// changed.
        grant: Option<(ActorId, TenantId, Grant)>,
    },
    /// Removes the rows of the run's units.
    Prune,
}

/// The changes of one commit, which applies all of them or none. Only `service` builds a write set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WriteSet {
    pub run: RunId,
    /// The lease of the delivery that writes; `None` for upkeep.
    pub lease: Option<Lease>,
    /// The conditions of the commit.
    pub guard: Guard,
    /// Ledger rows.
    pub settle: Option<Settle>,
    /// Additions to the counts.
    pub addition: Option<Addition>,
    /// The side effect on a row of the engine.
    pub effect: Option<RowEffect>,
    /// The change of the run's own row.
    pub status: Option<StatusWrite>,
    /// The actor that a failure record names in addition to the reason code; `None` under standard rules.
    pub failure_detail: Option<ActorId>,
    /// A retry of an attempt.
    pub retry: Option<Retry>,
    /// Whether the job is acknowledged.
    pub ack: bool,
    /// Entries for the outbox.
    pub outbox: [Option<Notice>; 2],
    pub upkeep: Option<Upkeep>,
}

/// A new run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Accept {
    pub request: RequestId,
    /// The requesting actor; `None` for the system.
    pub actor: Option<ActorId>,
    /// The identity. The commit is refused with `IdentityTaken` if an active run has this identity, or if this request
    /// has already created a run.
    pub identity: Identity,
    /// Whether a failed unit ends the run.
    pub failure: FailurePolicy,
    /// The objects and options of the request.
    pub input: Arc<Input>,
    /// Whether the commit is refused if the identity is taken. Always `true` under standard rules.
    pub guarded: bool,
    /// The number of `run-enqueued` events that are committed with the run.
    pub announcements: u8,
}

/// A plan to be made durable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Seal {
    pub run: RunId,
    /// The lease of the delivery that makes the plan.
    pub lease: Lease,
    /// The conditions of the commit.
    pub guard: Guard,
    /// Whether to refuse with `AlreadySealed` if the run already has a plan.
    pub once: bool,
    /// The keys in order.
    pub keys: Vec<ObjectId>,
    /// The change to `total`.
    pub total: TotalWrite,
    /// Whether this commit seals the plan.
    pub seals: bool,
    /// Whether each unit gets a job of its own.
    pub fan_out: bool,
    pub status: Status,
}

/// The change to `total` when a plan is committed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TotalWrite {
    Set,
    /// `total` stays unknown.
    Leave,
    /// The number of units is added to `total`.
    Add,
}
