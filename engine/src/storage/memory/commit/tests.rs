//! Tests that each guard refuses a commit without writing anything.

use std::sync::Arc;

use super::*;
use crate::family::{FailurePolicy, FamilyId};
use crate::id::{ActorId, JobId, ObjectId, RequestId, TenantId};
use crate::notice::Letter;
use crate::object::{ObjectState, Row};
use crate::plan::Input;
use crate::policy::Grant;
use crate::run::{Identity, Outcome};
use crate::storage::{Queue, Request, Retry, RowEffect, Settle, StatusWrite, Storage};
use crate::unit::Resolution;

const RUN: RunId = RunId(0);
const JOB: JobId = JobId(0);
const NOW: Millis = Millis(1_000);
const LEASE_MS: Millis = Millis(60_000);
const ACTOR: (ActorId, TenantId) = (ActorId(0), TenantId(0));

fn identity(digest: u64) -> Identity {
    Identity { tenant: ACTOR.1, family: FamilyId::ALL[0], digest }
}

fn accept(request: u32, digest: u64) -> Request {
    Request::Accept(Accept {
        request: RequestId(request),
        actor: Some(ACTOR.0),
        identity: identity(digest),
        failure: FailurePolicy::EveryUnit,
        input: Arc::new(Input::of(vec![ObjectId(0), ObjectId(1)])),
        guarded: true,
        announcements: 1,
    })
}

fn seal(lease: Lease, version: u32) -> Request {
    Request::Seal(Box::new(Seal {
        run: RUN,
        lease,
        guard: Guard { fence: true, active: false, version: Some(version) },
        once: true,
        keys: vec![ObjectId(0), ObjectId(1)],
        total: TotalWrite::Set,
        seals: true,
        fan_out: false,
        status: Status::Running,
    }))
}

/// Returns a write set that changes nothing.
fn nothing(lease: Option<Lease>) -> WriteSet {
    WriteSet {
        run: RUN,
        lease,
        guard: Guard { fence: true, active: false, version: None },
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

fn settle(lease: Lease) -> WriteSet {
    let (unit, units) = (UnitIx(0), 1);
    WriteSet {
        settle: Some(Settle { unit, units, resolution: Resolution::Succeeded, once: true }),
        addition: Some(Addition { unit, units, processed: 1, outcome: Some(Key::Succeeded), also: None }),
        ..nothing(Some(lease))
    }
}

fn complete(version: u32) -> WriteSet {
    let (status, outcome) = (Status::Completed, Some(Outcome::Succeeded));
    WriteSet {
        guard: Guard { fence: true, active: false, version: Some(version) },
        status: Some(StatusWrite { status, phase: None, outcome, cause: None, artifact: None }),
        ..nothing(None)
    }
}

/// Returns storage with a run of two units, and the first lease of the run's job. The plan was sealed under this lease.
fn sealed() -> (Memory, Lease) {
    let rows = vec![Row { state: ObjectState::Active, version: 0 }; 2];
    let mut memory = Memory::with(rows, vec![(ACTOR.0, ACTOR.1, Grant::Operate)]);
    assert_eq!(memory.perform(&accept(0, 7), NOW), Reply::Accepted(RUN));
    let lease = memory.lease(JOB, NOW, LEASE_MS);
    assert_eq!(memory.perform(&seal(lease, 0), NOW), Reply::Committed { maybe_last: false });
    (memory, lease)
}

fn commit(memory: &mut Memory, writes: WriteSet) -> Reply {
    memory.perform(&Request::Commit(writes), NOW)
}

#[track_caller]
fn refused(memory: &mut Memory, request: &Request, refusal: Refusal) {
    let before = memory.clone();
    assert_eq!(memory.perform(request, NOW), Reply::Refused(refusal));
    assert_eq!(*memory, before, "the refused request changed the rows");
}

#[test]
fn a_second_run_with_an_active_identity_is_refused() {
    let (mut memory, _) = sealed();
    refused(&mut memory, &accept(1, 7), Refusal::IdentityTaken);
    assert_eq!(memory.perform(&accept(1, 8), NOW), Reply::Accepted(RunId(1)));
}

#[test]
fn a_request_creates_no_second_run_even_after_the_first_has_ended() {
    let (mut memory, _) = sealed();
    commit(&mut memory, complete(1));
    refused(&mut memory, &accept(0, 7), Refusal::IdentityTaken);
    assert_eq!(memory.perform(&accept(1, 7), NOW), Reply::Accepted(RunId(1)));
}

#[test]
fn a_plan_is_sealed_once() {
    let (mut memory, lease) = sealed();
    refused(&mut memory, &seal(lease, 1), Refusal::AlreadySealed);
}

#[test]
fn a_plan_made_from_an_older_row_is_refused() {
    let (mut memory, lease) = sealed();
    refused(&mut memory, &seal(lease, 0), Refusal::Conflict);
}

#[test]
fn a_planner_seals_nothing_after_its_job_was_leased_again() {
    let (mut memory, late) = sealed();
    memory.lease(JOB, NOW, LEASE_MS);
    refused(&mut memory, &seal(late, 1), Refusal::StaleLease);
}

#[test]
fn a_late_worker_settles_nothing_after_its_job_was_leased_again() {
    let (mut memory, late) = sealed();
    let lease = memory.lease(JOB, NOW, LEASE_MS);
    refused(&mut memory, &Request::Commit(settle(late)), Refusal::StaleLease);
    assert_eq!(commit(&mut memory, settle(lease)), Reply::Committed { maybe_last: false });
}

#[test]
fn a_unit_is_settled_once() {
    let (mut memory, lease) = sealed();
    commit(&mut memory, settle(lease));
    refused(&mut memory, &Request::Commit(settle(lease)), Refusal::AlreadyResolved);
}

#[test]
fn a_batch_with_a_resolved_unit_is_refused_as_a_whole() {
    let (mut memory, lease) = sealed();
    commit(&mut memory, settle(lease));
    let batch = Settle { unit: UnitIx(0), units: 2, resolution: Resolution::Succeeded, once: true };
    let writes = WriteSet { settle: Some(batch), ..nothing(Some(lease)) };
    refused(&mut memory, &Request::Commit(writes), Refusal::AlreadyResolved);
}

#[test]
fn a_unit_whose_row_was_pruned_is_not_settled_again() {
    let (mut memory, lease) = sealed();
    commit(&mut memory, WriteSet { upkeep: Some(Upkeep::Prune), ..nothing(None) });
    refused(&mut memory, &Request::Commit(settle(lease)), Refusal::AlreadyResolved);
}

#[test]
fn a_commit_with_a_side_effect_on_a_changed_object_is_refused() {
    let (mut memory, lease) = sealed();
    memory.write_object(ObjectId(0), ObjectState::Absent);
    let effect = RowEffect { object: ObjectId(0), version: 0, becomes: Some(ObjectState::Archived), stores: false };
    let writes = WriteSet { effect: Some(effect), ..settle(lease) };
    refused(&mut memory, &Request::Commit(writes), Refusal::Conflict);
}

#[test]
fn two_deliveries_that_make_the_same_attempt_use_it_up_once() {
    let (mut memory, lease) = sealed();
    let retry = |unit| Retry { unit, attempts_used: 0, wait: Millis(500) };
    for unit in [None, Some(UnitIx(0))] {
        let mut memory = memory.clone();
        let copy = memory.push_job(Job::new(RUN, unit));
        let writes = WriteSet { retry: Some(retry(unit)), ..nothing(Some(lease)) };
        assert_eq!(commit(&mut memory, writes), Reply::Committed { maybe_last: false });
        let other = memory.lease(copy, NOW, LEASE_MS);
        let again = WriteSet { lease: Some(other), ..writes };
        refused(&mut memory, &Request::Commit(again), Refusal::Conflict);
    }
    commit(&mut memory, WriteSet { retry: Some(retry(None)), ..nothing(Some(lease)) });
    refused(&mut memory, &Request::Commit(settle(lease)), Refusal::StaleLease);
}

#[test]
fn only_one_of_two_completions_commits() {
    let (mut memory, _) = sealed();
    assert_eq!(commit(&mut memory, complete(1)), Reply::Committed { maybe_last: false });
    refused(&mut memory, &Request::Commit(complete(1)), Refusal::Conflict);
}

#[test]
fn a_letter_is_refused_if_the_grant_has_changed_since_it_was_read() {
    let (mut memory, _) = sealed();
    let notice = Notice { run: RUN, kind: NoticeKind::RunCompleted };
    let letter = Some(Letter::of(&memory.runs()[0], ACTOR.0));
    let grant = Some((ACTOR.0, ACTOR.1, Grant::Operate));
    let relay = Upkeep::Relay { notice, letter, mark_sent: true, keyed: true, grant };
    memory.write_grant(ACTOR.0, ACTOR.1, Grant::None);
    let writes = WriteSet { upkeep: Some(relay), ..nothing(None) };
    refused(&mut memory, &Request::Commit(writes), Refusal::Conflict);
    assert!(memory.inbox().is_empty());
}

#[test]
fn a_ledger_row_its_count_and_its_side_effect_are_written_in_one_commit() {
    let (mut memory, lease) = sealed();
    let effect = RowEffect { object: ObjectId(0), version: 0, becomes: Some(ObjectState::Archived), stores: true };
    commit(&mut memory, WriteSet { effect: Some(effect), ..settle(lease) });
    assert_eq!(memory.units(RUN)[0].resolution, Some(Resolution::Succeeded));
    assert_eq!(memory.runs()[0].counts.get(Key::Processed), Some(1));
    assert_eq!(memory.objects()[0], Row { state: ObjectState::Archived, version: 1 });
    assert_eq!(memory.items(RUN), [ObjectId(0)]);
}
