//! One delivery: start, plan, process units, acknowledge. One state machine drives every family, whether a run has one
//! job or a child job for each unit.
//!
//! The clauses prescribe the order of the steps: the side effect, then the ledger row and the count in one commit, then
//! completion, then the acknowledgement. The worker may crash between any two of them.

mod phases;
mod planning;
mod publishing;
mod units;

use std::hash::{Hash, Hasher};

use super::{Complete, Completion, Next, Operation, Publish};
use crate::delivery::{Job, Lease};
use crate::family::{Family, FamilyId, family};
use crate::id::{RunId, UnitIx};
use crate::refusal::Refusal;
use crate::rules::{CompletionTrigger, Rules};
use crate::run::{Cause, Head, Run, Status};
use crate::service;
use crate::storage::{Load, Loaded, Reply, Request, Retry, Which, WriteSet};
use crate::time::Millis;
use crate::unit::Response;

/// The maximum number of units of a poison job that one commit abandons.
const ABANDONED_AT_ONCE: u32 = 1_000;

/// The state of a delivery, named after its last request.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum At {
    Start,
    AckFirst,
    Run,
    Input(Box<Run>),
    Seal {
        fan_out: bool,
    },
    Unit,
    /// According to the worker's clock, the lease has ended, so storage must confirm that it is still valid.
    Check(Loaded),
    Asked(Loaded),
    Settle(UnitIx),
    Abandon {
        units: u32,
    },
    Retry,
    /// The reply to a hand-back was lost, so storage must confirm that the worker still holds the job.
    Confirm,
    EnterPhase,
    Phase(Head),
    Publishing(Publish),
    Completing(Complete),
    Clearing,
    Ack,
}

/// One delivery of a job to a worker.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the flags are independent facts about the delivery; all combinations occur"
)]
pub struct Work {
    run: RunId,
    lease: Lease,
    /// The one unit that the job carries. `None` if the job plans the run and carries every unit that has no job of its
    /// own.
    unit: Option<UnitIx>,
    /// The number of this delivery, from 1.
    delivery: u16,
    /// The time, by storage's clock, at which the lease ends unless it is renewed.
    until: Millis,
    /// The index from which to look for the next unresolved unit.
    from: UnitIx,
    acked: bool,
    /// Whether this delivery has made a plan durable.
    planned: bool,
    /// The number of units to abandon at once.
    batch: u32,
    /// Whether this delivery has abandoned any units.
    abandoned: bool,
    /// The family, if the run is known to publish an artifact.
    publisher: Option<FamilyId>,
    /// Whether this delivery has cleared the staging area.
    cleared: bool,
    at: At,
}

type Step = Next<()>;

/// Hashes all fields except the end of the lease, which is meaningful only relative to the current time. A fingerprint
/// therefore adds the distance from the current time to [`Work::until`].
impl Hash for Work {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self {
            run,
            lease,
            unit,
            delivery,
            until: _,
            from,
            acked,
            planned,
            batch,
            abandoned,
            publisher,
            cleared,
            at,
        } = self;
        (run, lease, unit, delivery, from, acked, planned).hash(state);
        (batch, abandoned, publisher, cleared, at).hash(state);
    }
}

impl Work {
    /// Returns the operation for a job that was just leased.
    pub const fn new(job: &Job, lease: Lease, until: Millis) -> Self {
        let (run, unit, delivery) = (job.run, job.unit, job.deliveries);
        Self {
            run,
            lease,
            unit,
            delivery,
            until,
            from: UnitIx(0),
            acked: false,
            planned: false,
            batch: ABANDONED_AT_ONCE,
            abandoned: false,
            publisher: None,
            cleared: false,
            at: At::Start,
        }
    }

    /// Returns the delivery's lease.
    pub const fn lease(&self) -> Lease {
        self.lease
    }

    /// Returns when the lease ends, as far as the worker can determine.
    pub const fn until(&self) -> Millis {
        self.until
    }

    /// Returns the run to which the job belongs.
    pub const fn run(&self) -> RunId {
        self.run
    }

    fn ask(&mut self, at: At, request: Request) -> Step {
        self.at = at;
        Next::Ask(request)
    }

    fn commit(&mut self, at: At, writes: WriteSet) -> Step {
        self.ask(at, Request::Commit(writes))
    }

    /// Loads the run or the unit again, whatever the state was.
    fn restart(&mut self) -> Step {
        match self.unit {
            Some(unit) => self.load_unit(Which::Exactly(unit)),
            None => self.ask(At::Run, Request::Load(Load::Run(self.run))),
        }
    }

    fn load_unit(&mut self, which: Which) -> Step {
        let load = Load::Unit { run: self.run, lease: self.lease, which };
        self.ask(At::Unit, Request::Load(load))
    }

    /// Continues with the next unit. Only the run's one job does this, since a child job carries no other unit.
    fn next_unit<R: Rules>(&mut self, rules: &R, unit: UnitIx) -> Step {
        self.from = UnitIx(unit.0 + 1);
        self.load_next(rules)
    }

    fn load_next<R: Rules>(&mut self, rules: &R) -> Step {
        let from = self.from;
        self.load_unit(if rules.finds_unresolved() { Which::NextUnresolved(from) } else { Which::Exactly(from) })
    }

    /// Checks with storage whether the worker still holds the job. If the worker does not, the commit is refused.
    fn confirm<R: Rules>(&mut self, rules: &R) -> Step {
        self.commit(At::Confirm, service::touch(rules, self.run, self.lease))
    }

    fn ack<R: Rules>(&mut self, rules: &R) -> Step {
        if self.acked {
            return Next::End(());
        }
        self.commit(At::Ack, service::ack(rules, self.run, self.lease))
    }

    /// Uses up an attempt and hands the job back, to be delivered again after its back-off.
    fn hand_back<R: Rules>(&mut self, rules: &R, head: &Head, retry: Retry) -> Step {
        let writes = service::retry(rules, head, self.lease, retry);
        self.commit(At::Retry, writes)
    }

    /// Handles a retryable response to planning or a phase: retries later, or fails the run.
    fn plan_later<R: Rules>(&mut self, rules: &R, head: &Head, family: &Family) -> Step {
        let (policy, attempt) = (family.retry, head.attempts_used + 1);
        if rules.gives_up_run(attempt, policy.attempt_limit) {
            return self.fail(rules, Cause::PlanningFailed, head.version);
        }
        let wait = rules.waits(&policy, attempt);
        self.hand_back(rules, head, Retry { unit: None, attempts_used: head.attempts_used, wait })
    }

    fn complete<R: Rules>(&mut self, rules: &R, helper: Complete) -> Step {
        self.at = At::Completing(helper);
        self.completing(rules, &Reply::Begin)
    }

    fn look_for_completion<R: Rules>(&mut self, rules: &R, trigger: CompletionTrigger) -> Step {
        match self.publisher.map(family) {
            Some(family) => self.publish(rules, family, trigger),
            None => self.complete(rules, Complete::new(self.run, Some(self.lease), trigger)),
        }
    }

    fn completing<R: Rules>(&mut self, rules: &R, reply: &Reply) -> Step {
        let At::Completing(helper) = &mut self.at else { return self.restart() };
        match helper.resume(rules, reply) {
            Next::Ask(request) => Next::Ask(request),
            Next::End(Completion::Terminal) if self.publisher.is_some() => self.restart(),
            Next::End(Completion::Terminal | Completion::NotYet) => self.ack(rules),
        }
    }

    fn fail<R: Rules>(&mut self, rules: &R, cause: Cause, version: u32) -> Step {
        self.complete(rules, Complete::failing(self.run, self.lease, cause, version))
    }

    /// Returns whether this delivery exceeds the family's delivery limit.
    fn is_poison<R: Rules>(&self, rules: &R, family: &Family) -> bool {
        rules.is_poison(self.delivery, family.retry.delivery_limit, self.lease)
    }
}

impl<R: Rules> Operation<R> for Work {
    type Output = ();

    fn resume(&mut self, rules: &R, memory: &mut R::Memory, reply: Reply, now: Millis) -> Step {
        if matches!(reply, Reply::Refused(Refusal::StaleLease)) {
            return Next::End(());
        }
        // A helper continues from its own state. If no helper is active, the reply determines the next step.
        match self.at {
            At::Completing(_) => return self.completing(rules, &reply),
            At::Publishing(_) => return self.publishing(rules, reply),
            _ => {}
        }
        let at = std::mem::replace(&mut self.at, At::Start);
        match (at, reply) {
            (At::Start, Reply::Begin) if !rules.acks_first() => self.restart(),
            (At::Start, Reply::Begin) => self.commit(At::AckFirst, service::ack(rules, self.run, self.lease)),
            (At::AckFirst, Reply::Committed { .. }) => {
                self.acked = true;
                self.restart()
            }
            (At::Run, Reply::Run(run)) => self.on_run(rules, run),
            (At::Input(run), Reply::Input { input, response }) => self.on_input(rules, &run, &input, response),
            (At::Seal { fan_out }, Reply::Committed { maybe_last }) => self.on_sealed(rules, fan_out, maybe_last),
            (At::Unit, Reply::Unit(loaded)) => self.on_unit(rules, memory, loaded, now),
            // The run's one job has reached the end of the plan, or the unit of a child job is not in the plan.
            (At::Unit, Reply::NoUnit(head)) => match self.unit {
                Some(unit) if rules.counts_unplanned_units() && head.status != Status::Completed => {
                    self.commit(At::Settle(unit), service::count_only(rules, self.run, self.lease, unit))
                }
                Some(_) => self.ack(rules),
                None => self.look_for_completion(rules, CompletionTrigger::Redelivery),
            },
            (At::Check(loaded), Reply::Committed { .. }) => {
                self.until = now + family(loaded.head.family).retry.lease_ms;
                self.ask_provider(rules, loaded)
            }
            (At::Asked(loaded), reply @ (Reply::Response(_) | Reply::Unavailable)) => {
                // A missing reply is retryable: the side effect may have been performed, but its key makes a retry
                // safe.
                let response = if let Reply::Response(response) = reply { response } else { Response::TimedOut };
                self.on_response(rules, memory, &loaded, family(loaded.head.family), response)
            }
            (At::Settle(unit), Reply::Committed { maybe_last }) => self.on_settled(rules, Some(unit), maybe_last),
            (At::Settle(unit), Reply::Refused(Refusal::AlreadyResolved)) => match self.unit {
                Some(_) => self.look_for_completion(rules, CompletionTrigger::Redelivery),
                None => self.next_unit(rules, unit),
            },
            (At::Abandon { .. }, Reply::Committed { maybe_last }) => {
                self.abandoned = true;
                self.on_settled(rules, None, maybe_last)
            }
            // A job with a different id has resolved one of the units in the meantime, so the remaining units are
            // abandoned one by one.
            (At::Abandon { units: 2.. }, Reply::Refused(Refusal::AlreadyResolved)) => {
                self.batch = 1;
                self.load_next(rules)
            }
            (At::Retry | At::Ack, Reply::Committed { .. }) => Next::End(()),
            (At::Confirm, Reply::Committed { .. }) => self.restart(),
            (At::Retry, Reply::Unavailable) if rules.confirms_hand_backs() => self.confirm(rules),
            (At::Confirm, _) => self.confirm(rules),
            (At::Phase(head), Reply::Response(response)) => self.on_phase_response(rules, &head, response),
            (At::Phase(head), Reply::Unavailable) => self.on_phase_response(rules, &head, Response::TimedOut),
            // The job has nothing left to do. The sweeper removes any files that are still staged.
            (At::Run, Reply::NoRun) | (At::Clearing, _) | (At::Ack, Reply::Unavailable) => self.ack(rules),
            // A lost reply, a conflict, or a reply that does not belong to the last request.
            (
                _,
                Reply::Begin
                | Reply::Run(_)
                | Reply::NoRun
                | Reply::Unit(_)
                | Reply::Units(_)
                | Reply::NoUnit(_)
                | Reply::Input { .. }
                | Reply::Found(_)
                | Reply::Granted(_)
                | Reply::Orphan(_)
                | Reply::Outbox(_)
                | Reply::Response(_)
                | Reply::Sources(_)
                | Reply::ArtifactDone
                | Reply::Staged(_)
                | Reply::File(_)
                | Reply::Committed { .. }
                | Reply::Accepted(_)
                | Reply::Refused(_)
                | Reply::Unavailable,
            ) => self.restart(),
        }
    }
}
