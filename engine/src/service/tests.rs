//! The contents of each commit: everything that must change together, and nothing else.

use super::*;
use crate::family::{FailurePolicy, FamilyId, family};
use crate::id::{ActorId, Fence, JobId, ObjectId, RequestId, TenantId};
use crate::object::{ObjectState, Row};
use crate::rules::Standard;
use crate::time::Millis;
use crate::unit::WorkUnit;

const LEASE: Lease = Lease { job: JobId(3), fence: Fence(2) };

fn run(status: Status) -> Run {
    let identity = Identity { tenant: TenantId(0), family: FamilyId::ALL[0], digest: 7 };
    let mut run = Run::accepted(RunId(1), RequestId(0), Some(ActorId(0)), identity, FailurePolicy::EveryUnit);
    (run.head.status, run.head.version) = (status, 5);
    run
}

fn loaded(head: Head) -> Loaded {
    let row = Row { state: ObjectState::Active, version: 4 };
    Loaded { head, ix: UnitIx(6), unit: WorkUnit::planned(ObjectId(9)), row, response: None }
}

#[test]
fn a_unit_is_resolved_and_counted_in_one_commit_under_its_lease() {
    let run = run(Status::Running);
    let family = family(run.head.family);
    let effect = RowEffect { object: ObjectId(9), version: 4, becomes: None, stores: false };
    let writes = settle(&Standard, &loaded(run.head), LEASE, family, Resolution::Succeeded, Some(effect));
    let settled = Settle { unit: UnitIx(6), units: 1, resolution: Resolution::Succeeded, once: true };
    assert_eq!((writes.settle, writes.effect, writes.lease), (Some(settled), Some(effect), Some(LEASE)));
    let addition = writes.addition.expect("a settled unit is counted");
    assert_eq!((addition.unit, addition.units, addition.processed), (UnitIx(6), 1, 1));
    assert_eq!(addition.outcome, Some(Key::Succeeded));
    assert_eq!(
        (writes.guard, writes.status, writes.retry),
        (Guard { fence: true, active: true, version: None }, None, None)
    );
    assert!(!writes.ack, "the commit acknowledges the job");
}

#[test]
fn a_retry_counts_nothing_and_resolves_nothing() {
    let tried = Retry { unit: Some(UnitIx(6)), attempts_used: 1, wait: Millis(500) };
    let writes = retry(&Standard, &run(Status::Running).head, LEASE, tried);
    assert_eq!((writes.retry, writes.lease), (Some(tried), Some(LEASE)));
    assert_eq!((writes.addition, writes.settle, writes.status), (None, None, None));
}

#[test]
fn a_retry_of_planning_is_refused_if_the_row_of_the_run_has_changed() {
    let head = Head { version: 7, ..run(Status::Running).head };
    let version =
        |unit| retry(&Standard, &head, LEASE, Retry { unit, attempts_used: 0, wait: Millis(500) }).guard.version;
    assert_eq!([version(None), version(Some(UnitIx(6)))], [Some(7), None]);
}

#[test]
fn a_poison_job_abandons_and_counts_its_units_in_one_batch() {
    let family = family(FamilyId::ALL[0]);
    let writes = abandon(&Standard, &run(Status::Running).head, LEASE, family, UnitIx(2), 3);
    let (unit, units, resolution) = (UnitIx(2), 3, Resolution::Failed(Failure::Abandoned));
    assert_eq!(writes.settle, Some(Settle { unit, units, resolution, once: true }));
    let addition = writes.addition.expect("an abandoned unit is counted");
    assert_eq!((addition.unit, addition.units, addition.outcome), (unit, units, Some(Key::Failed)));
}

#[test]
fn completion_guards_the_version_and_adds_one_notice() {
    let run = run(Status::Running);
    let writes = complete(&Standard, &run, None, None, None).expect("a running run may end");
    assert_eq!(writes.guard.version, Some(5));
    assert_eq!(writes.outbox, [Some(Notice { run: RunId(1), kind: NoticeKind::RunCompleted }), None]);
    let status = writes.status.expect("the terminal write");
    assert_eq!((status.status, status.outcome), (Status::Completed, Some(Outcome::Succeeded)));
    assert_eq!((writes.addition, writes.settle), (None, None), "the completion changes the counts");
}

#[test]
fn the_outcome_of_a_run_that_fails_as_a_whole_does_not_depend_on_its_counts() {
    let mut run = run(Status::Queued);
    run.counts.set(Key::Succeeded, 3);
    let writes = complete(&Standard, &run, Some(LEASE), Some(Cause::PlannerLost), None).expect("a queued run may fail");
    let status = writes.status.expect("the terminal write");
    assert_eq!((status.outcome, status.cause), (Some(Outcome::Failed), Some(Cause::PlannerLost)));
}

#[test]
fn a_run_ends_once_and_only_if_it_was_started() {
    let ended = run(Status::Completed);
    assert_eq!(complete(&Standard, &ended, None, None, None), Err(Refusal::AlreadyCompleted));
    assert_eq!(enter_phase(&Standard, &ended.head, LEASE, 1), Err(Refusal::AlreadyCompleted));
    assert_eq!(complete(&Standard, &run(Status::Queued), None, None, None), Err(Refusal::OutOfOrder));
}

#[test]
fn a_plan_is_sealed_once_with_its_total_under_the_version_read() {
    let run = run(Status::Queued);
    let plan = Plan::as_given(&[ObjectId(4), ObjectId(2)]);
    let sealed = seal(&Standard, &run, LEASE, family(run.head.family), &plan, Planning::First).expect("a new run");
    assert!(sealed.once && sealed.seals);
    assert_eq!((&sealed.keys[..], sealed.total), (plan.keys(), TotalWrite::Set));
    assert_eq!((sealed.guard.version, sealed.status), (Some(5), Status::Running));
}
