//! What a commit changes: a new run, a plan, or one write set, all or nothing. Built by `service` alone.

use std::sync::Arc;

use crate::artifact::Digest;
use crate::counts::Key;
use crate::delivery::Lease;
use crate::id::{ActorId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use crate::notice::{Letter, Notice};
use crate::object::ObjectState;
use crate::plan::Input;
use crate::policy::Grant;
use crate::run::{Cause, Identity, Outcome, Status};
use crate::time::Millis;
use crate::unit::Resolution;

/// Why a commit is refused before anything is written; checked in this order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Guard {
    /// The lease must not be superseded.
    pub fence: bool,
    /// The run's row must still have this version.
    pub version: Option<u32>,
}

/// The ledger row, or rows, of units that resolve.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Settle {
    /// The first unit.
    pub unit: UnitIx,
    /// How many in a row.
    pub units: u32,
    /// What they resolve to.
    pub resolution: Resolution,
    /// Whether to refuse with `AlreadyResolved` if one of them is already resolved; always so under standard rules.
    pub once: bool,
}

/// Additions to the summary counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Addition {
    /// The first unit that is counted.
    pub unit: UnitIx,
    /// How many in a row.
    pub units: u32,
    /// Added to `processed` for each.
    pub processed: u8,
    /// The outcome key, to which 1 is added for each.
    pub outcome: Option<Key>,
    /// A further key, to which 1 is added for each.
    pub also: Option<Key>,
}

/// The side effect on an engine row, or just the guard that the row is as it was read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RowEffect {
    pub object: ObjectId,
    /// The version that was read; refused with `Conflict` if it has changed.
    pub version: u32,
    /// The state to write.
    pub becomes: Option<ObjectState>,
    /// Whether the object becomes an item of the run's artifact.
    pub stores: bool,
}

/// A change of the run's own row; the version rises by one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct StatusWrite {
    pub status: Status,
    pub phase: Option<u8>,
    pub outcome: Option<Outcome>,
    /// Why it failed as a whole.
    pub cause: Option<Cause>,
    /// The artifact that it has published.
    pub artifact: Option<Digest>,
}

/// An attempt got a retryable response; the job is handed back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Retry {
    /// The unit, or none for the planning of the run, its present phase or its publishing.
    pub unit: Option<UnitIx>,
    /// Attempts used as they were read; refused with `Conflict` if there are more. Two deliveries of the same attempt
    /// raise it once.
    pub attempts_used: u8,
    /// How long, by storage's clock, until the job may be delivered again.
    pub wait: Millis,
}

/// Upkeep of jobs, the outbox and old rows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Upkeep {
    /// Adds a job for a unit, or for the run itself.
    Enqueue(Option<UnitIx>),
    /// Marks an outbox entry as sent, and puts its letter into the inbox.
    Relay {
        /// The entry.
        notice: Notice,
        /// The letter, if the entry has one and a recipient.
        letter: Option<Letter>,
        /// Whether this very commit marks the entry as sent.
        mark_sent: bool,
        /// Whether the inbox takes one letter for a run and no second.
        keyed: bool,
        /// What the policy granted the initiator when it was read; refused with `Conflict` if the grant has changed.
        grant: Option<(ActorId, TenantId, Grant)>,
    },
    /// Removes the run's units.
    Prune,
}

/// One commit, all or nothing. Built by `service` alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct WriteSet {
    pub run: RunId,
    /// The delivery that writes; none for upkeep.
    pub lease: Option<Lease>,
    /// What the commit is refused for.
    pub guard: Guard,
    /// Ledger rows.
    pub settle: Option<Settle>,
    /// Additions to the counts.
    pub addition: Option<Addition>,
    /// What becomes of a row of our own.
    pub effect: Option<RowEffect>,
    /// The run's own row.
    pub status: Option<StatusWrite>,
    /// What a failure record holds beside the reason code; nothing under standard rules.
    pub failure_detail: Option<ActorId>,
    /// An attempt that is to be made again.
    pub retry: Option<Retry>,
    /// Whether the job is done.
    pub ack: bool,
    /// Entries for the outbox.
    pub outbox: [Option<Notice>; 2],
    pub upkeep: Option<Upkeep>,
}

/// A new run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Accept {
    pub request: RequestId,
    /// Who asks; none is the system.
    pub actor: Option<ActorId>,
    /// The identity; refused with `IdentityTaken` if an active run has it, or if this request has made a run already.
    pub identity: Identity,
    /// What to work on.
    pub input: Arc<Input>,
    /// Whether to refuse at all.
    pub guarded: bool,
    /// How many `run-enqueued` events commit with it.
    pub announcements: u8,
}

/// A plan to be made durable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Seal {
    pub run: RunId,
    /// The delivery that plans.
    pub lease: Lease,
    /// What the commit is refused for.
    pub guard: Guard,
    /// Refuse with `AlreadySealed` if there is a plan.
    pub once: bool,
    /// The keys in order.
    pub keys: Vec<ObjectId>,
    /// What happens to `total` with the plan.
    pub total: TotalWrite,
    /// Whether the plan is sealed by this commit.
    pub seals: bool,
    /// Whether each unit gets a job of its own.
    pub fan_out: bool,
    pub status: Status,
}

/// What happens to `total`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TotalWrite {
    Set,
    /// It stays unknown.
    Leave,
    /// It is added to.
    Add,
}
