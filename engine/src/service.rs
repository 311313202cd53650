//! The run service: the only module that builds write sets (LIFE-03). Jobs, helpers and surfaces call it.
//!
//! Each function returns the changes of one commit, given rows as they were read. This module does not depend on
//! storage or on the order of steps.

use std::sync::Arc;

use crate::artifact::Digest;
use crate::counts::Key;
use crate::delivery::Lease;
use crate::family::{FailurePolicy, Family, FamilyId};
use crate::id::{ActorId, RequestId, RunId, TenantId, UnitIx};
use crate::notice::{Notice, NoticeKind};
use crate::plan::{Input, Plan};
use crate::refusal::Refusal;
use crate::rules::{Again, Rules};
use crate::run::{Cause, Head, Identity, Outcome, Run, RunEvent, Status};
use crate::storage::{
    Accept, Addition, Guard, Loaded, Retry, RowEffect, Seal, Settle, StatusWrite, TotalWrite, Upkeep, WriteSet,
};
use crate::unit::{Failure, Resolution};

/// A request for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ordered {
    pub request: RequestId,
    /// The requesting actor; `None` for the system, which needs no grant.
    pub actor: Option<ActorId>,
    /// The tenant of the run.
    pub tenant: TenantId,
    /// The family of the run.
    pub family: FamilyId,
    /// Whether a failed unit ends the run.
    pub failure: FailurePolicy,
    /// The objects and options of the request.
    pub input: Arc<Input>,
}

const fn nothing(run: RunId, lease: Option<Lease>, fence: bool) -> WriteSet {
    WriteSet {
        run,
        lease,
        guard: Guard { fence, active: false, version: None },
        settle: None,
        addition: None,
        effect: None,
        status: None,
        failure_detail: None,
        retry: None,
        ack: false,
        outbox: [None; 2],
        upkeep: None,
    }
}

/// Returns a write set that is refused if the run has ended since it was loaded: under a fail-fast policy, another unit
/// may have ended it.
fn for_work<R: Rules>(rules: &R, head: &Head, lease: Lease) -> WriteSet {
    let guard = Guard { fence: rules.fences(), active: rules.guards_end(head), version: None };
    WriteSet { guard, ..nothing(head.run, Some(lease), rules.fences()) }
}

/// Accepts a run: creates its row, its first job and its outbox entries, in one commit.
pub fn accept<R: Rules>(rules: &R, ordered: &Ordered, identity: Identity) -> Accept {
    Accept {
        request: ordered.request,
        actor: ordered.actor,
        identity,
        failure: ordered.failure,
        input: Arc::clone(&ordered.input),
        guarded: rules.deduplicates(),
        announcements: rules.announcements(),
    }
}

/// The kind of commit that makes a plan durable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Planning {
    /// The first commit, which is the only one under standard rules.
    First,
    /// The commit that seals a plan whose units and jobs are already durable.
    Rest,
    /// A new commit of a plan that is already sealed.
    Again,
}

/// Makes a plan durable, with its units, its jobs and its total.
///
/// # Errors
/// `AlreadyCompleted` if the run is terminal.
pub fn seal<R: Rules>(
    rules: &R,
    run: &Run,
    lease: Lease,
    family: &Family,
    plan: &Plan,
    planning: Planning,
) -> Result<Seal, Refusal> {
    Ok(Seal {
        run: run.head.run,
        lease,
        guard: Guard { fence: rules.fences(), active: false, version: Some(run.head.version) },
        once: planning != Planning::Again,
        keys: plan.keys().to_vec(),
        total: match planning {
            Planning::First => rules.total_with_plan(),
            Planning::Rest => TotalWrite::Set,
            Planning::Again => TotalWrite::Add,
        },
        seals: planning != Planning::First || rules.seals_with_jobs(),
        fan_out: family.fan_out,
        status: run.head.status.apply(RunEvent::Advance)?,
    })
}

/// Settles a loaded unit: writes its ledger row, its count and any side effect on the engine's own rows, in one commit.
///
/// A unit that is already resolved is settled again only under rules that do not leave resolved units alone.
pub fn settle<R: Rules>(
    rules: &R,
    loaded: &Loaded,
    lease: Lease,
    family: &Family,
    resolution: Resolution,
    effect: Option<RowEffect>,
) -> WriteSet {
    let (unit, units) = (loaded.ix, 1);
    let again = loaded.unit.resolution.map(|before| rules.again(before, resolution));
    let writes = matches!(again, None | Some(Again::Overwrite));
    let counts = matches!(again, None | Some(Again::Count));
    WriteSet {
        settle: writes.then_some(Settle { unit, units, resolution, once: again.is_none() }),
        addition: counts.then(|| addition(rules, family, unit, units, resolution)),
        effect,
        failure_detail: rules.failure_detail(),
        ..for_work(rules, &loaded.head, lease)
    }
}

/// Abandons units that a poison job still carries, in one batch.
pub fn abandon<R: Rules>(rules: &R, head: &Head, lease: Lease, family: &Family, first: UnitIx, units: u32) -> WriteSet {
    let (unit, resolution) = (first, Resolution::Failed(Failure::Abandoned));
    WriteSet {
        settle: Some(Settle { unit, units, resolution, once: true }),
        addition: rules.counts_abandoned().then(|| addition(rules, family, unit, units, resolution)),
        ..for_work(rules, head, lease)
    }
}

fn addition<R: Rules>(rules: &R, family: &Family, unit: UnitIx, units: u32, resolution: Resolution) -> Addition {
    Addition { unit, units, processed: 1, outcome: rules.outcome_key(resolution), also: family.tallies(resolution) }
}

/// Counts a unit without a ledger row. Never called under standard rules.
pub fn count_only<R: Rules>(rules: &R, run: RunId, lease: Lease, unit: UnitIx) -> WriteSet {
    let addition = Addition { unit, units: 1, processed: 1, outcome: None, also: None };
    WriteSet { addition: Some(addition), ..nothing(run, Some(lease), rules.fences()) }
}

/// Hands a job back until its back-off is over, and uses up an attempt.
///
/// An attempt at planning, a phase or publishing may be out of date. For example, planner A is throttled and stalls, and
/// planner B seals the plan under another job. A must not use up an attempt at publishing. The commit is therefore
/// refused if the row of the run has changed.
pub fn retry<R: Rules>(rules: &R, head: &Head, lease: Lease, retry: Retry) -> WriteSet {
    // Rules that count attempts add to the counts here. Standard rules count nothing until the unit is resolved
    // (COUNT-12).
    let booked = retry.unit.zip(rules.books_attempts());
    let addition =
        booked.map(|(unit, processed)| Addition { unit, units: 1, processed, outcome: Some(Key::Failed), also: None });
    let work = for_work(rules, head, lease);
    let version = retry.unit.is_none().then_some(head.version);
    WriteSet { guard: Guard { version, ..work.guard }, addition, retry: Some(retry), ..work }
}

/// Acknowledges a delivery.
pub fn ack<R: Rules>(rules: &R, run: RunId, lease: Lease) -> WriteSet {
    WriteSet { ack: true, ..nothing(run, Some(lease), rules.fences()) }
}

/// Enters a phase.
///
/// # Errors
/// `AlreadyCompleted` if the run is terminal.
pub fn enter_phase<R: Rules>(rules: &R, head: &Head, lease: Lease, phase: u8) -> Result<WriteSet, Refusal> {
    let status = head.status.apply(RunEvent::Advance)?;
    Ok(WriteSet {
        guard: Guard { fence: rules.fences(), active: false, version: Some(head.version) },
        status: Some(StatusWrite { status, phase: Some(phase), outcome: None, cause: None, artifact: None }),
        ..nothing(head.run, Some(lease), rules.fences())
    })
}

/// Renews a lease, or fails if the lease is superseded. It changes nothing else.
pub fn touch<R: Rules>(rules: &R, run: RunId, lease: Lease) -> WriteSet {
    nothing(run, Some(lease), rules.fences())
}

/// Ends a run: writes its status, outcome, artifact and notice, in one commit. The counts do not change (LIFE-08).
///
/// # Errors
/// `AlreadyCompleted` if the run is terminal; `OutOfOrder` if it was never started.
pub fn complete<R: Rules>(
    rules: &R,
    run: &Run,
    lease: Option<Lease>,
    cause: Option<Cause>,
    artifact: Option<Digest>,
) -> Result<WriteSet, Refusal> {
    let event = if cause.is_some() { RunEvent::Fail } else { RunEvent::Complete };
    let status = match run.head.status {
        Status::Completed if !rules.leaves_terminal(&run.head) => Status::Completed,
        status => status.apply(event)?,
    };
    let outcome = if cause.is_some() { Outcome::Failed } else { rules.outcome(&run.counts) };
    let version = rules.guards_completion(lease.is_none()).then_some(run.head.version);
    Ok(WriteSet {
        guard: Guard { fence: rules.fences(), active: false, version },
        status: Some(StatusWrite { status, phase: run.head.phase, outcome: Some(outcome), cause, artifact }),
        outbox: [rules.notifies().then_some(Notice { run: run.head.run, kind: NoticeKind::RunCompleted }), None],
        ..nothing(run.head.run, lease, rules.fences())
    })
}

/// Returns a write set that changes nothing. A rendering commits it if [`Rules::notes_views`] returns `true`.
pub fn note_view(run: RunId) -> WriteSet {
    nothing(run, None, false)
}

/// Maintains rows: creates a missing job, delivers a waiting notice or prunes old rows.
pub fn keep_up(run: RunId, upkeep: Upkeep) -> WriteSet {
    WriteSet { upkeep: Some(upkeep), ..nothing(run, None, true) }
}

#[cfg(test)]
mod tests;
