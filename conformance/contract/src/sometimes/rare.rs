//! Sometimes assertions about runs, surfaces and faults. They depend on events that are rarer than events about units.

use truecount_engine::id::{JobId, RunId};
use truecount_engine::index::narrow;
use truecount_engine::mode::Mode;
use truecount_engine::policy::Grant;
use truecount_engine::run::{Cause, Outcome};
use truecount_sim::fault::Fault;
use truecount_sim::trace::{Event, Shown, Weight};

use super::Sometimes;
use super::hits::Hits;
use super::memo::{Lease, Slot};
use crate::ledger::{JobNote, Ledger};

impl Hits {
    /// Clears the injected fault at the first event outside the step into which it was injected.
    ///
    /// If the events of a commit follow a lost reply at once, the reply belongs to that commit. After a lost reply to a
    /// read, the worker would first read again, and the trace would show that read. A completion is the exception: the
    /// read before it is not in the trace. No sometimes assertion therefore covers a lost reply to a completion.
    #[cold]
    pub(super) fn follow(&mut self, event: &Event) {
        let Some((fault, at)) = self.injected else { return };
        let slot = self.slots.get(at as usize);
        let holds = |lease: Lease| slot.is_some_and(|slot| slot.lease() == lease);
        // If the side effect changes rows of the engine, the definite response comes with the commit. Otherwise, the
        // provider gives it.
        let reads = |unit| slot.is_some_and(|slot| slot.read == Some(unit));
        let own = match *event {
            Event::Responded { worker, unit, weight: Weight::Definite, .. }
            | Event::EffectDone { worker, unit, .. } => u32::from(worker) == at && reads(unit),
            Event::Counted { worker, .. } | Event::Resolved { worker, .. } => u32::from(worker) == at,
            Event::WorldChanged { by, .. } => by.is_some(),
            Event::Started { phase, .. } => phase.is_none(),
            Event::Staged { .. } | Event::Renamed { .. } => true,
            Event::Planned { job, fence, .. } => holds((job, fence)),
            // A worker that reads the run again after a lost reply may then complete it, but a crashed worker cannot.
            Event::Completed { lease, .. } => fault == Fault::CrashAfter && lease.is_some_and(holds),
            Event::HandedBack { job, .. } => slot.is_some_and(|slot| slot.job == job),
            Event::JobCreated { .. } => matches!(fault, Fault::NewJobId | Fault::UnplannedUnit),
            _ => false,
        };
        if !own {
            self.injected = None;
        }
    }

    #[cold]
    pub(super) fn see_rare(&mut self, event: &Event, ledger: &Ledger<'_>) {
        match *event {
            Event::Requested { request, .. } => {
                let index = request.0 as usize;
                let again = ledger.numbered().find(|(_, note)| note.spec == index);
                self.reach(Sometimes::RequestSentAgain, again.is_some());
                if let Some((run, _)) = again.filter(|(_, note)| note.completed.is_some()) {
                    self.memo(run).sent_after_end = true;
                }
            }
            Event::Accepted { request, run } => {
                let again = self.memo(run).sent_after_end;
                self.reach(Sometimes::RequestRepeatedAfterEnd, again);
                // A client that loses a reply or crashes gets no reply. There are two only if it sent the request twice.
                let replied = ledger.responses[request.0 as usize].is_some();
                self.reach(Sometimes::RequestTwiceUnderWay, replied);
            }
            Event::Notified { run, to: Some(to), .. } => {
                let grant = ledger.grant(to, ledger.of(run).tenant);
                self.reach(Sometimes::NoticeAfterLowering, grant == Grant::View);
            }
            Event::Deduplicated { run, .. } => {
                self.reach(Sometimes::DeduplicatedWhileActive, ledger.run(run).completed.is_none());
            }
            Event::Denied { .. } => self.sometimes.insert(Sometimes::RefusedRequest),
            Event::Enqueued { tenant, .. } => {
                let active = ledger.runs.iter().filter(|run| run.completed.is_none());
                let other = active.map(|run| ledger.reference.runs[run.spec].tenant).any(|other| other != tenant);
                self.reach(Sometimes::TwoTenantsAtOnce, other);
            }
            Event::Started { run, phase: Some(_), .. } => {
                let retried = std::mem::take(&mut self.memo(run).retried);
                self.reach(Sometimes::PhaseRetried, retried);
            }
            Event::PlanResponded { run, response, .. } => {
                let memo = *self.memo(run);
                self.memo(run).retried |= !response.definite();
                let same = memo.crashed_phase.is_some() && memo.crashed_phase == ledger.run(run).phases.current;
                self.reach(Sometimes::PhaseTakenUp, same && memo.delivered_since);
            }
            Event::Planned { run, .. } => self.planned(run),
            Event::JobCreated { run, unit, .. } => {
                self.more_jobs |= unit.is_some();
                // Only faults make a queue create jobs; every other new job is a repair.
                if self.injected.is_none() {
                    self.sometimes.insert(if unit.is_some() {
                        Sometimes::UnitRecreated
                    } else {
                        Sometimes::RunRecreated
                    });
                    let other = |job: &JobNote| job.run == run && !job.acked && unit.is_some() && job.unit != unit;
                    let open = |job: &JobNote| {
                        let carried = job.unit.and_then(|unit| ledger.unit(run, unit));
                        other(job) && carried.is_some_and(|note| note.resolution.is_none())
                    };
                    self.reach(Sometimes::RepairBesideCarriedWork, ledger.jobs().any(open));
                }
            }
            Event::HandedBack { job, .. } => self.handed_back(job, ledger),
            Event::FencedOff { job, worker } => self.fenced_off(job, worker, ledger),
            Event::Completed { run, outcome, cause, lease } => self.completed(run, outcome, cause, lease, ledger),
            Event::Shown { run, shown, .. } => self.shown(run, shown, ledger),
            Event::Pruned { run } => {
                self.memo(run).pruned = true;
                self.sometimes.insert(Sometimes::RowsPruned);
            }
            Event::FaultInjected { fault, at } => self.injected(fault, at, ledger),
            Event::Healed => {
                self.skewed = 0;
                let left = ledger.runs.iter().any(|run| run.completed.is_none());
                self.reach(Sometimes::HealedWithWorkLeft, left);
            }
            Event::OutcomeRead { run, .. } => {
                let pruned = self.memo(run).pruned;
                self.reach(Sometimes::OutcomeReadAfterPruning, pruned);
            }
            Event::NoticesRead { run, notices } => {
                let pruned = self.memo(run).pruned;
                self.reach(Sometimes::NoticeReadAfterPruning, notices > 0 && pruned);
            }
            Event::UnitsRead { run, .. } => {
                self.reach(Sometimes::ResolutionsReadAgain, ledger.run(run).tallies[2] > 0);
            }
            _ => self.see_artifact(event, ledger),
        }
    }

    /// Checks, when a delivery begins, whether another delivery in progress has a different job for the same unit.
    /// Called only if additional jobs were created.
    #[cold]
    pub(super) fn hold_one_unit(&mut self, slot: &Slot, ledger: &Ledger<'_>) {
        let Some(unit) = slot.unit else { return };
        if ledger.unit(slot.run, unit).is_none_or(|note| note.resolution.is_some()) {
            return;
        }
        let same = |other: &Slot| (other.run, other.unit) == (slot.run, slot.unit) && other.job != slot.job;
        let both = self.slots.iter().any(|other| same(other) && other.is_open(ledger));
        self.reach(Sometimes::TwoJobsForOneUnit, both);
    }

    fn planned(&mut self, run: RunId) {
        let (memo, fault) = (*self.memo(run), self.injected.map(|(fault, _)| fault));
        self.memo(run).retried = false;
        self.reach(Sometimes::PlanningRetried, memo.retried);
        self.reach(Sometimes::PlannedByRedelivery, memo.planner_crashed);
        self.reach(Sometimes::PlannerCrashedAfter, fault == Some(Fault::CrashAfter));
        self.reach(Sometimes::LostReplyOfPlan, fault == Some(Fault::LostReply));
    }

    fn handed_back(&mut self, job: JobId, ledger: &Ledger<'_>) {
        self.reach(Sometimes::LostReplyOfRetry, matches!(self.injected, Some((Fault::LostReply, _))));
        for slot in self.slots.iter_mut().filter(|slot| slot.job == job) {
            slot.over = true;
            slot.handed_back = ledger.job(job).is_some_and(|note| note.fence == slot.fence && !note.acked);
        }
    }

    fn fenced_off(&mut self, job: JobId, worker: u16, ledger: &Ledger<'_>) {
        let Some(slot) = self.slots.get_mut(usize::from(worker)) else { return };
        slot.over = true;
        let (stalled, planning) = (slot.stalled_at.is_some(), slot.stalled_planning);
        let reclaimed = slot.job == job && ledger.job(job).is_some_and(|note| note.fence > slot.fence);
        self.reach(Sometimes::ZombieFencedOff, stalled && reclaimed);
        self.reach(Sometimes::ZombiePlanner, planning && reclaimed);
    }

    fn completed(
        &mut self,
        run: RunId,
        outcome: Option<Outcome>,
        cause: Option<Cause>,
        lease: Option<Lease>,
        ledger: &Ledger<'_>,
    ) {
        let (note, memo) = (ledger.run(run), *self.memo(run));
        self.memo(run).completed_by = lease;
        self.reach(Sometimes::CompletedBySweep, lease.is_none());
        self.reach(Sometimes::CrashedAfterCompletion, self.injected.is_some());
        match cause {
            Some(Cause::PlanningFailed) => self.sometimes.insert(Sometimes::Unplanned),
            Some(Cause::PlannerLost) => self.sometimes.insert(Sometimes::PlannerLost),
            Some(Cause::PublishingFailed) => self.sometimes.insert(Sometimes::Unpublished),
            Some(Cause::FailFast) => {
                self.reach(Sometimes::FailedFast, note.planned.is_some_and(|units| note.rows() < units));
                let works = |slot: &Slot| {
                    let unresolved = |unit| ledger.unit(run, unit).is_some_and(|note| note.resolution.is_none());
                    slot.run == run && slot.is_open(ledger) && slot.unit.is_some_and(unresolved)
                };
                let works = self.slots.iter().any(works);
                self.reach(Sometimes::FailedFastBesideWork, works);
            }
            None => {
                let [succeeded, skipped, failed] = note.tallies;
                self.reach(Sometimes::EmptyPlanCompleted, note.planned == Some(0));
                self.reach(Sometimes::AllFailed, outcome == Some(Outcome::Failed) && failed > 0);
                self.reach(Sometimes::PartiallySucceeded, outcome == Some(Outcome::PartiallySucceeded));
                self.reach(Sometimes::SkippedOnly, skipped > 0 && succeeded + failed == 0);
                let dead = lease.and_then(|(job, _)| ledger.job(job)).is_some_and(|job| job.dead);
                let published = ledger.of(run).publishes && outcome != Some(Outcome::Failed);
                self.reach(Sometimes::PublishedAtTheLast, dead && published);
                self.reach(Sometimes::PhaseRetried, memo.retried && ledger.of(run).mode == Mode::Phased);
                let other = memo.last_died && lease.is_some() && lease != memo.last;
                self.reach(Sometimes::CompletedByRedelivery, other);
            }
        }
    }

    fn shown(&mut self, run: RunId, shown: Shown, ledger: &Ledger<'_>) {
        let note = ledger.run(run);
        self.reach(Sometimes::SurfaceOfFailedUnit, note.completed.is_none() && note.tallies[2] > 0);
        match shown {
            Shown::Queued => self.sometimes.insert(Sometimes::SurfaceOfWaitingRun),
            Shown::Phased(_) => self.sometimes.insert(Sometimes::SurfaceOfPhase),
            Shown::Activity => {
                self.reach(Sometimes::SurfaceOfEmptyPlan, ledger.counted(run) && note.planned == Some(0));
            }
            Shown::Counted { processed, total, percent } => {
                self.reach(Sometimes::SurfaceBetweenCounts, 0 < processed && processed < total);
                self.reach(Sometimes::SurfaceOvertaken, processed < note.counts.processed);
                self.reach(Sometimes::Percent99, percent == 99);
                self.reach(Sometimes::Percent0OfMany, percent == 0 && processed > 0);
            }
            Shown::Terminal(_) | Shown::None => {}
        }
    }

    fn injected(&mut self, fault: Fault, at: u32, ledger: &Ledger<'_>) {
        self.injected = Some((fault, at));
        let open = |slot: &&Slot| slot.is_open(ledger);
        match fault {
            Fault::Redeliver => {
                let held = self.slots.iter().filter(open).any(|slot| slot.job.0 == at);
                self.reach(Sometimes::RedeliveryWhileHeld, held);
            }
            Fault::ClockJump => {
                let over = |slot: &Slot| ledger.of(slot.run).policy.lease_ms.0 <= u64::from(at);
                let jumped = self.slots.iter().filter(open).any(over);
                self.reach(Sometimes::ClockJumpedOverLease, jumped);
            }
            Fault::ClockSkew => self.skewed |= 1_u64.checked_shl(at).unwrap_or(0),
            // Other numbers stand for the sweeper, the outbox relay or a client.
            fault if fault.alters_step() && (at as usize) < self.slots.len() => self.alter(fault, at as usize, ledger),
            _ => {}
        }
    }

    /// Records a fault that alters a step of a worker.
    fn alter(&mut self, fault: Fault, worker: usize, ledger: &Ledger<'_>) {
        let slot = &mut self.slots[worker];
        slot.undisturbed = false;
        if slot.over {
            return;
        }
        let note = ledger.run(slot.run);
        let phased = ledger.of(slot.run).mode == Mode::Phased;
        let planning = slot.unit.is_none() && !phased && note.planned.is_none();
        if fault == Fault::Stall {
            slot.stalled_at = Some(ledger.now);
            slot.stalled_planning = planning;
        }
        if !matches!(fault, Fault::CrashBefore | Fault::CrashAfter) {
            return;
        }
        slot.over = true;
        let slot = *slot;
        let last_phase = phased && note.phases.current == ledger.of(slot.run).phases.checked_sub(1);
        self.reach(Sometimes::LastPhaseCrashed, last_phase && !note.phases.done && note.completed.is_none());
        let memo = self.memo(slot.run);
        let was_last = memo.last == Some(slot.lease()) && note.completed.is_none();
        memo.last_died |= was_last;
        if phased && note.phases.current.is_some() && note.completed.is_none() {
            (memo.crashed_phase, memo.delivered_since) = (note.phases.current, false);
        }
        if fault == Fault::CrashAfter {
            // The commit after which the worker crashes has not happened yet.
            return;
        }
        memo.planner_crashed |= planning;
        let completed = memo.completed_by == Some(slot.lease());
        let acked = ledger.job(slot.job).is_some_and(|job| job.acked);
        let finished = ledger.worker(narrow(worker)).finished;
        let effect = finished.and_then(|(run, unit)| ledger.unit(run, unit));
        self.reach(Sometimes::PlannerCrashedBefore, planning);
        self.reach(Sometimes::CrashedAfterCount, was_last);
        self.reach(Sometimes::CrashedAfterCompletion, completed && !acked);
        self.reach(Sometimes::CrashedBeforeAck, slot.counted && !acked);
        if let Some((run, unit)) = finished
            && effect.is_some_and(|unit| unit.resolution.is_none())
        {
            self.memo(run).crashed_try = Some(unit);
            self.tries_crashed = true;
        }
        self.reach(Sometimes::CrashedAfterEffect, effect.is_some_and(|unit| unit.effect && !unit.counted));
    }
}
