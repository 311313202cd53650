//! One delivery: start, plan, do units, acknowledge. One machine drives every family, in one job or in one child job
//! for each unit.
//!
//! The order of its steps is the order of the promises: the effect, then ledger row and count in one commit, then
//! completion, then the acknowledgement. Between any two of them the worker may die.

use super::{Complete, Completion, Next, Operation};
use crate::delivery::{Job, Lease, Refusal};
use crate::family::{Effect, Family, family};
use crate::id::{RunId, UnitIx};
use crate::progress::Mode;
use crate::rules::{Rules, Whence};
use crate::run::{Cause, Head, Run, Status};
use crate::service::{self, Planning};
use crate::storage::{Ask, Load, Loaded, Reply, Request, RowEffect, Which};
use crate::time::Millis;
use crate::unit::{Answer, Reason, Resolution, Verdict};

/// How many units a poison job ends in one commit.
const BURIED_AT_ONCE: u32 = 1_000;

/// Where a delivery stands: what it has asked for last.
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
    /// The clock says that the lease is over: whether it is, storage knows.
    Check(Loaded),
    Asked(Loaded),
    Settle(UnitIx),
    Bury {
        first: UnitIx,
        units: u32,
    },
    Retry(HandedBack),
    EnterPhase,
    Phase(Head),
    Completing(Complete),
    Ack,
}

/// A retry whose commit may be durable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct HandedBack {
    unit: Option<UnitIx>,
    attempts_used: u8,
}

/// One delivery of a job to a worker.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Work {
    run: RunId,
    lease: Lease,
    /// The one unit that the job carries; none where it plans and carries all that no other job does.
    unit: Option<UnitIx>,
    /// The number of this delivery, from 1.
    delivery: u16,
    /// When the lease ends if nothing renews it, by storage's clock.
    until: Millis,
    /// Where to look for the next unresolved unit.
    from: UnitIx,
    acked: bool,
    /// Whether this delivery has made a plan durable.
    planned: bool,
    /// A retry whose reply was lost: if it is durable, the job is no longer ours.
    handed_back: Option<HandedBack>,
    /// How many units to bury at once.
    batch: u32,
    at: At,
}

type Step = Next<()>;

impl Work {
    /// Returns the work of a job just leased.
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
            handed_back: None,
            batch: BURIED_AT_ONCE,
            at: At::Start,
        }
    }

    /// Returns the delivery's lease.
    pub const fn lease(&self) -> Lease {
        self.lease
    }

    /// Returns the run it works for.
    pub const fn run(&self) -> RunId {
        self.run
    }

    fn ask(&mut self, at: At, request: Request) -> Step {
        self.at = at;
        Next::Ask(request)
    }

    fn commit(&mut self, at: At, writes: crate::storage::WriteSet) -> Step {
        self.ask(at, Request::Commit(writes))
    }

    /// Loads anew, whatever came before.
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

    /// Goes on after a unit: a child job carries no other, the one job takes the next.
    fn next_unit<R: Rules>(&mut self, rules: &R, unit: UnitIx) -> Step {
        self.from = UnitIx(unit.0 + 1);
        self.load_next(rules)
    }

    fn load_next<R: Rules>(&mut self, rules: &R) -> Step {
        let from = self.from;
        self.load_unit(if rules.finds_unresolved() { Which::NextUnresolved(from) } else { Which::Exactly(from) })
    }

    /// Whether a retry whose reply was lost turns out to be durable: the attempt has moved on.
    fn is_handed_back(&self, unit: Option<UnitIx>, attempts_used: u8) -> bool {
        self.handed_back.is_some_and(|back| back.unit == unit && attempts_used > back.attempts_used)
    }

    fn ack<R: Rules>(&mut self, rules: &R) -> Step {
        if self.acked {
            return Next::End(());
        }
        self.commit(At::Ack, service::ack(rules, self.run, self.lease))
    }

    fn complete<R: Rules>(&mut self, rules: &R, helper: Complete) -> Step {
        self.at = At::Completing(helper);
        self.completing(rules, &Reply::Begin)
    }

    fn look_for_completion<R: Rules>(&mut self, rules: &R, whence: Whence) -> Step {
        self.complete(rules, Complete::new(self.run, Some(self.lease), whence))
    }

    fn completing<R: Rules>(&mut self, rules: &R, reply: &Reply) -> Step {
        let At::Completing(helper) = &mut self.at else { return self.restart() };
        match helper.resume(rules, reply) {
            Next::Ask(request) => Next::Ask(request),
            Next::End(Completion::Terminal | Completion::NotYet) => self.ack(rules),
            Next::End(Completion::Superseded) => Next::End(()),
        }
    }

    fn fail<R: Rules>(&mut self, rules: &R, cause: Cause) -> Step {
        self.complete(rules, Complete::failing(self.run, self.lease, cause))
    }

    /// Whether this delivery came after the last one that the family allows.
    fn is_poison(&self, family: &dyn Family) -> bool {
        self.delivery > family.retry().delivery_limit
    }

    // ---- the run's own job

    fn on_run<R: Rules>(&mut self, rules: &R, run: Run) -> Step {
        let Some(family) = family(run.head.family).filter(|_| run.active()) else { return self.ack(rules) };
        if self.is_handed_back(None, run.head.attempts_used) {
            return Next::End(());
        }
        if run.head.family.mode() == Mode::Phased {
            return self.on_phased(rules, &run, family);
        }
        if run.head.sealed && (self.planned || !rules.plans_again(&run)) {
            if family.fan_out() {
                return self.look_for_completion(rules, Whence::Redelivery);
            }
            return self.load_next(rules);
        }
        if self.is_poison(family) && !run.head.sealed {
            return self.fail(rules, Cause::PlannerLost);
        }
        let load = Load::Input { run: self.run, lease: self.lease };
        self.ask(At::Input(Box::new(run)), Request::Load(load))
    }

    fn on_input<R: Rules>(
        &mut self,
        rules: &R,
        run: &Run,
        input: &[crate::id::ObjectId],
        word: Option<Answer>,
    ) -> Step {
        let Some(family) = family(run.head.family) else { return self.ack(rules) };
        if word.is_some_and(|word| word != Answer::Done) {
            return self.plan_later(rules, &run.head, family);
        }
        let plan = rules.plan(family, input);
        let planning = match (run.head.sealed, self.planned) {
            (false, false) => Planning::First,
            (false, true) => Planning::Rest,
            (true, _) => Planning::Again,
        };
        match service::seal(rules, run, self.lease, family, &plan, planning) {
            Ok(seal) => self.ask(At::Seal { fan_out: family.fan_out() }, Request::Seal(Box::new(seal))),
            Err(_) => self.restart(),
        }
    }

    /// Raises the attempt and gives the job back until its back-off is over.
    fn hand_back<R: Rules>(&mut self, rules: &R, unit: Option<UnitIx>, attempts_used: u8, wait: Millis) -> Step {
        let writes = service::retry(rules, unit, attempts_used, self.run, self.lease, wait);
        self.commit(At::Retry(HandedBack { unit, attempts_used }), writes)
    }

    /// Planning, or a phase, met no final word: try again later, or give the run up.
    fn plan_later<R: Rules>(&mut self, rules: &R, head: &Head, family: &dyn Family) -> Step {
        let (policy, attempt) = (family.retry(), head.attempts_used + 1);
        if attempt >= policy.attempt_limit {
            return self.fail(rules, Cause::Unplanned);
        }
        self.hand_back(rules, None, head.attempts_used, policy.back_off(attempt))
    }

    fn on_sealed<R: Rules>(&mut self, rules: &R, fan_out: bool, maybe_last: bool) -> Step {
        self.planned = true;
        if !rules.seals_with_jobs() {
            return self.restart();
        }
        // A run without units has nobody else to complete it.
        match (maybe_last, fan_out) {
            (true, _) => self.look_for_completion(rules, Whence::Count),
            (false, true) => self.ack(rules),
            (false, false) => self.load_next(rules),
        }
    }

    // ---- phases

    fn on_phased<R: Rules>(&mut self, rules: &R, run: &Run, family: &dyn Family) -> Step {
        if self.is_poison(family) {
            return self.fail(rules, Cause::PlannerLost);
        }
        match run.head.phase {
            None => self.enter_phase(rules, &run.head, 0),
            Some(phase) => {
                let ask = Ask {
                    run: self.run,
                    unit: UnitIx(u32::from(phase)),
                    attempt: run.head.attempts_used + 1,
                    salt: rules.effect_salt(self.lease),
                };
                self.ask(At::Phase(run.head), Request::Ask(ask))
            }
        }
    }

    fn enter_phase<R: Rules>(&mut self, rules: &R, head: &Head, phase: u8) -> Step {
        match service::enter_phase(rules, head, self.lease, phase) {
            Ok(writes) => self.commit(At::EnterPhase, writes),
            Err(_) => self.restart(),
        }
    }

    fn on_phase_answer<R: Rules>(&mut self, rules: &R, head: &Head, answer: Answer) -> Step {
        let Some(family) = family(head.family) else { return self.ack(rules) };
        let phase = head.phase.unwrap_or(0);
        if answer != Answer::Done {
            return self.plan_later(rules, head, family);
        }
        if usize::from(phase) + 1 < family.phases().len() {
            return self.enter_phase(rules, head, phase + 1);
        }
        self.look_for_completion(rules, Whence::Count)
    }

    // ---- units

    fn on_unit<R: Rules>(&mut self, rules: &R, memory: &mut R::Memory, loaded: Loaded, now: Millis) -> Step {
        let family = match family(loaded.head.family) {
            Some(family) if loaded.head.status != Status::Completed => family,
            _ => return self.ack(rules),
        };
        if self.is_handed_back(Some(loaded.ix), loaded.unit.attempts_used) {
            return Next::End(());
        }
        if rules.leaves_alone(&loaded.unit, memory) {
            return match self.unit {
                Some(_) => self.look_for_completion(rules, Whence::Redelivery),
                None => self.next_unit(rules, loaded.ix),
            };
        }
        if self.is_poison(family) {
            return self.bury(rules, &loaded, family);
        }
        match family.effect() {
            Effect::Rows => {
                let reading = family.read(&loaded.row);
                let answer = loaded.word.unwrap_or(reading.answer);
                self.on_answer(rules, memory, &loaded, family, answer)
            }
            // The fence decides, not the clock; a worker whose clock says that it is late asks before it acts outside.
            Effect::Outside if now >= self.until => {
                self.until = now + family.retry().lease_ms;
                self.ask(At::Check(loaded), Request::Commit(service::touch(rules, self.run, self.lease)))
            }
            Effect::Outside => self.ask_provider(rules, loaded),
        }
    }

    fn ask_provider<R: Rules>(&mut self, rules: &R, loaded: Loaded) -> Step {
        let ask = Ask {
            run: self.run,
            unit: loaded.ix,
            attempt: loaded.unit.attempts_used + 1,
            salt: rules.effect_salt(self.lease),
        };
        self.ask(At::Asked(loaded), Request::Ask(ask))
    }

    fn on_answer<R: Rules>(
        &mut self,
        rules: &R,
        memory: &mut R::Memory,
        loaded: &Loaded,
        family: &dyn Family,
        answer: Answer,
    ) -> Step {
        let policy = family.retry();
        let attempt = loaded.unit.attempts_used + 1;
        let (resolution, definite) = match rules.resolve(answer) {
            Verdict::Resolved(resolution) => (resolution, true),
            Verdict::Retry if attempt >= policy.attempt_limit => (Resolution::Failed(Reason::RetriesExhausted), false),
            Verdict::Retry => {
                let wait = policy.back_off(attempt);
                return self.hand_back(rules, Some(loaded.ix), loaded.unit.attempts_used, wait);
            }
        };
        if !rules.settles(resolution) {
            return match self.unit {
                Some(_) => self.ack(rules),
                None => self.next_unit(rules, loaded.ix),
            };
        }
        // The effect, or the promise that the row is still as it was read, stands in the same commit as the count.
        let effect = (definite && family.effect() == Effect::Rows).then(|| RowEffect {
            object: loaded.unit.object,
            version: loaded.row.version,
            becomes: family.read(&loaded.row).becomes.filter(|_| resolution == Resolution::Succeeded),
        });
        let writes = service::settle(rules, loaded, self.lease, family, resolution, effect);
        rules.remember(self.lease, loaded.ix, memory);
        self.commit(At::Settle(loaded.ix), writes)
    }

    fn bury<R: Rules>(&mut self, rules: &R, loaded: &Loaded, family: &dyn Family) -> Step {
        let left = loaded.head.units.saturating_sub(loaded.ix.0);
        let units = if self.unit.is_some() { 1 } else { left.clamp(1, self.batch) };
        let end = Resolution::Failed(Reason::Abandoned);
        let writes = service::bury(rules, self.run, self.lease, family, loaded.ix, units, end);
        self.commit(At::Bury { first: loaded.ix, units }, writes)
    }

    fn on_settled<R: Rules>(&mut self, rules: &R, unit: UnitIx, maybe_last: bool) -> Step {
        match (maybe_last, self.unit) {
            (true, _) => self.look_for_completion(rules, Whence::Count),
            (false, Some(_)) => self.ack(rules),
            (false, None) => self.next_unit(rules, unit),
        }
    }
}

impl<R: Rules> Operation<R> for Work {
    type Output = ();

    fn resume(&mut self, rules: &R, memory: &mut R::Memory, reply: Reply, now: Millis) -> Step {
        match (std::mem::replace(&mut self.at, At::Start), reply) {
            (_, Reply::Refused(Refusal::StaleLease)) => Next::End(()),
            (At::Completing(helper), reply) => {
                self.at = At::Completing(helper);
                self.completing(rules, &reply)
            }
            (_, Reply::Begin) if rules.acks_first() => {
                self.commit(At::AckFirst, service::ack(rules, self.run, self.lease))
            }
            (At::AckFirst, Reply::Committed { .. }) => {
                self.acked = true;
                self.restart()
            }
            (At::Run, Reply::Run(run)) => self.on_run(rules, run),
            (At::Run, Reply::NoRun) => self.ack(rules),
            (At::Input(run), Reply::Input { input, word }) => self.on_input(rules, &run, &input, word),
            (At::Seal { fan_out }, Reply::Committed { maybe_last }) => self.on_sealed(rules, fan_out, maybe_last),
            (At::Unit, Reply::Unit(loaded)) => self.on_unit(rules, memory, loaded, now),
            // The one job is through with its plan; a child job's unit is in no plan.
            (At::Unit, Reply::NoUnit(head)) => match self.unit {
                Some(unit) if rules.counts_strangers() && head.status != Status::Completed => {
                    self.commit(At::Settle(unit), service::count_only(rules, self.run, self.lease, unit))
                }
                Some(_) => self.ack(rules),
                None => self.look_for_completion(rules, Whence::Redelivery),
            },
            (At::Check(loaded), Reply::Committed { .. }) => self.ask_provider(rules, loaded),
            (At::Asked(loaded), reply @ (Reply::Answer(_) | Reply::Unavailable)) => {
                // No answer is a retriable one: the effect may have happened, and its key finds it again.
                let answer = if let Reply::Answer(answer) = reply { answer } else { Answer::TimedOut };
                match family(loaded.head.family) {
                    Some(family) => self.on_answer(rules, memory, &loaded, family, answer),
                    None => self.ack(rules),
                }
            }
            (At::Settle(unit), Reply::Committed { maybe_last }) => self.on_settled(rules, unit, maybe_last),
            (At::Settle(unit), Reply::Refused(Refusal::AlreadyResolved)) => match self.unit {
                Some(_) => self.look_for_completion(rules, Whence::Redelivery),
                None => self.next_unit(rules, unit),
            },
            (At::Bury { first, units }, Reply::Committed { maybe_last }) => {
                self.on_settled(rules, UnitIx(first.0 + units - 1), maybe_last)
            }
            // A job under another id has resolved one of them meanwhile: go on one by one.
            (At::Bury { first, units: 2.. }, Reply::Refused(Refusal::AlreadyResolved)) => {
                self.batch = 1;
                self.load_unit(Which::NextUnresolved(first))
            }
            (At::Retry(_) | At::Ack, Reply::Committed { .. }) => Next::End(()),
            (At::Retry(back), Reply::Unavailable) => {
                self.handed_back = Some(back);
                self.restart()
            }
            (At::Phase(head), Reply::Answer(answer)) => self.on_phase_answer(rules, &head, answer),
            (At::Phase(head), Reply::Unavailable) => self.on_phase_answer(rules, &head, Answer::TimedOut),
            (At::Ack, Reply::Unavailable) => self.ack(rules),
            _ => self.restart(),
        }
    }
}
