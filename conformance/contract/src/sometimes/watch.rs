//! The watcher for sometimes assertions. It receives each event before the ledger records that event, and handles it in
//! constant time.
//!
//! This file handles the events that occur for every unit. `rare` handles the events that occur once in a run or are
//! caused by faults.

use truecount_engine::id::{Fence, JobId, RunId, UnitIx};
use truecount_engine::run::Status;
use truecount_engine::unit::{Failure, Resolution};
use truecount_sim::fault::Fault;
use truecount_sim::trace::{Event, Seen, Weight};

use super::Sometimes;
use super::hits::Hits;
use super::memo::Slot;
use crate::ledger::{JobNote, Ledger, RunNote, UnitNote};

impl Hits {
    /// Checks an event that the ledger has not recorded yet.
    #[inline]
    pub fn see(&mut self, event: &Event, ledger: &Ledger<'_>) {
        if self.injected.is_some() {
            self.follow(event);
        }
        match *event {
            Event::Leased { job, run, unit, fence, delivery, worker } => {
                let slot = Slot {
                    job,
                    fence,
                    run,
                    unit,
                    leased_at: ledger.event + 1,
                    later: delivery > 1,
                    over: false,
                    ..Slot::NONE
                };
                if slot.later {
                    let limit = ledger.of(run).policy.delivery_limit;
                    let beyond = ledger.job(job).is_some_and(|note| note.deliveries >= limit);
                    self.reach(Sometimes::DeliveryBeyondTheLimit, beyond);
                }
                self.leased(slot, worker, ledger);
            }
            Event::Responded { run, unit, worker, weight, .. } => match weight {
                Weight::Read | Weight::Definite if self.tries_crashed && self.memo(run).crashed_try == Some(unit) => {
                    self.repeated(run, unit, worker, weight, ledger);
                }
                Weight::Read => self.read(run, unit, worker, ledger),
                Weight::Definite
                    if ledger.unit(run, unit).is_some_and(|note| note.effect && note.first_definite.is_some()) =>
                {
                    self.sometimes.insert(Sometimes::EffectFoundAgain);
                }
                Weight::Definite | Weight::Transient => {}
            },
            Event::Resolved { run, unit, resolution, job, fence, worker } => {
                self.resolved(run, unit, resolution, (job, fence), worker, ledger);
            }
            Event::Observed { run, status, counts, .. } => {
                if counts.total >= 100 {
                    self.observed(run, status, counts, ledger);
                }
            }
            Event::Acked { worker, job, .. } => {
                if ledger.job(job).is_some_and(|job| job.late && !job.acked) {
                    self.sometimes.insert(Sometimes::LateDeliveryAcknowledged);
                }
                if self.slots.get(usize::from(worker)).is_some_and(|slot| slot.unplanned) {
                    self.sometimes.insert(Sometimes::UnplannedUnitAcknowledged);
                }
            }
            Event::EffectDone { .. } | Event::Counted { .. } | Event::WorldChanged { .. } => {}
            _ => self.see_rare(event, ledger),
        }
    }

    #[inline]
    fn leased(&mut self, mut slot: Slot, worker: u16, ledger: &Ledger<'_>) {
        let index = usize::from(worker);
        if self.slots.len() <= index {
            self.slots.resize(index + 1, Slot::NONE);
        }
        if ledger.run(slot.run).completed.is_some() {
            self.sometimes.insert(Sometimes::DeliveryToTerminalRun);
        }
        if let Some(job) = ledger.job(slot.job)
            && job.fence > Fence(0)
        {
            self.again(slot.job, job, ledger);
        }
        match slot.unit {
            Some(unit) => match ledger.unit(slot.run, unit) {
                Some(note) if note.counted => self.sometimes.insert(Sometimes::DuplicateDelivery),
                Some(_) => {}
                None => slot.unplanned = true,
            },
            None => self.memo(slot.run).delivered_since = true,
        }
        if self.more_jobs {
            self.hold_one_unit(&slot, ledger);
        }
        self.slots[index] = slot;
    }

    /// Records that a row was read. A second read under the same lease, with no fault in between, suggests that the
    /// commit after the first read was refused because the row had changed. The ledger then shows whether it did.
    #[inline]
    fn read(&mut self, run: RunId, unit: UnitIx, worker: u16, ledger: &Ledger<'_>) {
        let Some(slot) = self.slots.get_mut(usize::from(worker)) else { return };
        if slot.read == Some(unit) && slot.undisturbed {
            let changed = ledger.last_change(run, unit).is_some_and(|(at, _)| at > slot.read_at);
            if changed {
                self.sometimes.insert(Sometimes::WorldChangedUnderCommit);
            }
        }
        (slot.read, slot.read_at, slot.undisturbed) = (Some(unit), ledger.event + 1, true);
    }

    #[inline]
    fn resolved(
        &mut self,
        run: RunId,
        unit: UnitIx,
        resolution: Resolution,
        lease: (JobId, Fence),
        worker: u16,
        ledger: &Ledger<'_>,
    ) {
        let note = ledger.run(run);
        if let Some(slot) = self.slots.get_mut(usize::from(worker)) {
            slot.counted = true;
            if slot.later {
                self.sometimes.insert(Sometimes::CountedByLaterDelivery);
            }
            if let Some(at) = slot.stalled_at
                && ledger.now.0 >= at.0 + ledger.of(run).policy.lease_ms.0
            {
                self.sometimes.insert(Sometimes::ZombieFirst);
            }
        }
        if self.skewed >> worker & 1 != 0 {
            self.sometimes.insert(Sometimes::SkewedWorkerCounts);
        }
        if let Some((Fault::LostReply, _)) = self.injected {
            self.sometimes.insert(Sometimes::LostReplyOfCount);
        }
        match resolution {
            Resolution::Succeeded => {
                let lost = ledger.unit(run, unit).map_or(0, |note: &UnitNote| note.attempts_lost);
                if lost > 0 {
                    self.sometimes.insert(Sometimes::RetryThenSuccess);
                    let at_limit = lost + 1 == ledger.of(run).policy.attempt_limit;
                    self.reach(Sometimes::LastAttemptSucceeds, at_limit);
                }
            }
            Resolution::Failed(Failure::RetriesExhausted) => self.sometimes.insert(Sometimes::RetriesExhausted),
            Resolution::Failed(Failure::Abandoned) => {
                self.sometimes.insert(Sometimes::Abandoned);
                let dead = ledger.job(lease.0).is_some_and(|job| job.dead);
                self.reach(Sometimes::AbandonedByLateDelivery, dead);
            }
            Resolution::Failed(Failure::NotFound) => self.not_found(run, unit, note, ledger),
            Resolution::Skipped(_) if ledger.runs.len() > 1 => self.skipped(run, unit, ledger),
            Resolution::Skipped(_) | Resolution::Failed(_) => {}
        }
        if ledger.runs.len() > 1 {
            self.share(run, unit, ledger);
        }
        if note.planned.is_some_and(|units| units <= note.rows() + 2) {
            self.nearly_done(run, note, lease, worker, ledger);
        }
    }

    #[inline]
    fn observed(&mut self, run: RunId, status: Status, counts: Seen, ledger: &Ledger<'_>) {
        let Seen { processed, total, .. } = counts;
        if status != Status::Running || processed == 0 || processed >= total {
            return;
        }
        let [processed, total] = [processed, total].map(u64::from);
        if processed * 100 < total && ledger.counted(run) {
            self.sometimes.insert(Sometimes::Percent0OfMany);
        } else if processed * 100 >= total * 99 && ledger.counted(run) {
            self.sometimes.insert(Sometimes::Percent99);
        }
    }

    /// Records that a try is repeated after its worker crashed.
    #[cold]
    fn repeated(&mut self, run: RunId, unit: UnitIx, worker: u16, weight: Weight, ledger: &Ledger<'_>) {
        self.memo(run).crashed_try = None;
        self.sometimes.insert(Sometimes::TryRepeated);
        match weight {
            Weight::Read => self.read(run, unit, worker, ledger),
            _ if ledger.unit(run, unit).is_some_and(|note| note.effect && note.first_definite.is_some()) => {
                self.sometimes.insert(Sometimes::EffectFoundAgain);
            }
            _ => {}
        }
    }

    /// Checks a redelivery that follows a hand-back or the end of a lease.
    #[cold]
    fn again(&mut self, id: JobId, job: &JobNote, ledger: &Ledger<'_>) {
        if job.may_come_early || ledger.now < job.held_until {
            return;
        }
        // The worker may have leased another job since.
        let Some(slot) = self.slots.get(usize::from(job.worker)).filter(|slot| slot.lease() == (id, job.fence)) else {
            return;
        };
        let retried = slot.handed_back;
        self.sometimes.insert(if retried { Sometimes::RetriedAfterBackOff } else { Sometimes::RedeliveredAfterLease });
    }

    #[cold]
    fn not_found(&mut self, run: RunId, unit: UnitIx, note: &RunNote, ledger: &Ledger<'_>) {
        let gone = |(at, by)| at > note.planned_at && by != Some(run);
        if ledger.last_change(run, unit).is_some_and(gone) {
            self.sometimes.insert(Sometimes::VanishedAfterPlanning);
        }
    }

    #[cold]
    fn skipped(&mut self, run: RunId, unit: UnitIx, ledger: &Ledger<'_>) {
        if ledger.last_change(run, unit).is_some_and(|(_, by)| by.is_some_and(|by| by != run)) {
            self.sometimes.insert(Sometimes::SkippedForAnotherRun);
        }
    }

    #[cold]
    fn share(&mut self, run: RunId, unit: UnitIx, ledger: &Ledger<'_>) {
        let Some(object) = ledger.of(run).plan.get(unit.index()) else { return };
        if self.resolved_by.len() <= object.index() {
            self.resolved_by.resize(object.index() + 1, None);
        }
        let other = self.resolved_by[object.index()].replace(run);
        if other.is_some_and(|other| other != run && ledger.run(other).completed.is_none()) {
            self.sometimes.insert(Sometimes::SharedObject);
        }
    }

    /// Checks the resolution of one of the last two units of a run.
    #[cold]
    fn nearly_done(&mut self, run: RunId, note: &RunNote, lease: (JobId, Fence), worker: u16, ledger: &Ledger<'_>) {
        let left = note.planned.unwrap_or(0).saturating_sub(note.rows());
        let died = matches!(self.injected, Some((Fault::CrashAfter, _)));
        let slot = self.slots.get(usize::from(worker)).copied().unwrap_or(Slot::NONE);
        let at = ledger.event + 1;
        let memo = self.memo(run);
        if left == 2 {
            memo.last_but_one = slot.unit.map(|_| (worker, at));
            return;
        }
        let together = |(other, then): (u16, u64)| other != worker && slot.unit.is_some() && slot.leased_at < then;
        let together = memo.last_but_one.is_some_and(together);
        (memo.last, memo.last_died) = (Some(lease), died);
        if together {
            self.sometimes.insert(Sometimes::LastTwoTogether);
        }
        if died {
            self.sometimes.insert(Sometimes::CrashedAfterCount);
        }
    }
}
