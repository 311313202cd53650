//! How the ledger records events. The checkers receive each event before the ledger does.

use truecount_engine::id::{ActorId, Fence, JobId, ObjectId, RequestId, RunId, TenantId, UnitIx};
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::run::Status;
use truecount_engine::time::Millis;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fault::Fault;
use truecount_sim::heal::wait_ms;
use truecount_sim::trace::{Event, Seen, Weight};

use super::note::Past;
use super::{Completed, JobNote, Ledger, Requested, RunNote, UnitNote, WorkerNote};

impl Ledger<'_> {
    fn regrant(&mut self, actor: ActorId, tenant: TenantId, grant: Grant) {
        self.grants.retain(|(a, t, _)| (*a, *t) != (actor, tenant));
        self.grants.push((actor, tenant, grant));
        for (run, requested) in self.reference.runs.iter().zip(&mut self.requested) {
            if let Some(requested) = requested
                && (run.actor, run.tenant) == (Some(actor), tenant)
            {
                requested.granted |= grant == Grant::Operate;
                requested.denied |= grant != Grant::Operate;
            }
        }
    }

    #[inline]
    fn unit_mut(&mut self, run: RunId, unit: UnitIx) -> Option<(&mut RunNote, &mut UnitNote)> {
        Some((self.runs.get_mut(run.index())?, self.units.get_mut(run.index())?.get_mut(unit.index())?))
    }

    #[inline]
    fn worker_mut(&mut self, worker: u16) -> &mut WorkerNote {
        let index = usize::from(worker);
        if self.workers.len() <= index {
            self.workers.resize(index + 1, WorkerNote::default());
        }
        &mut self.workers[index]
    }

    fn job_mut(&mut self, job: JobId, run: RunId, unit: Option<UnitIx>) -> &mut JobNote {
        if self.jobs.len() <= job.index() {
            self.jobs.resize(job.index() + 1, None);
        }
        self.jobs[job.index()].get_or_insert(JobNote {
            run,
            unit,
            fence: Fence(0),
            deliveries: 0,
            dead: false,
            acked: false,
            handed_back: false,
            may_come_early: false,
            late: false,
            worker: 0,
            held_until: Millis(0),
        })
    }

    /// Renews a job's lease if `fence` is its latest fencing token and the lease has not expired.
    #[inline]
    fn renew(&mut self, job: JobId, fence: Fence) {
        let now = self.now;
        let Some(Some(note)) = self.jobs.get_mut(job.index()) else { return };
        if note.fence == fence && note.held_until > now {
            let lease = self.reference.runs[self.runs[note.run.index()].spec].policy.lease_ms;
            note.held_until = now + lease;
        }
    }

    fn enqueue(&mut self, request: RequestId, run: RunId) {
        debug_assert_eq!(run.index(), self.runs.len(), "runs are not numbered in the order of creation");
        let spec = request.0 as usize;
        self.runs.push(RunNote::new(spec, self.now, self.event));
        if self.units.len() < self.runs.len() {
            self.units.push(Vec::new());
        }
        // The units are those of the contract's plan, even before an engine has sealed a plan.
        let units = self.reference.runs[spec].plan.len();
        self.units[run.index()].resize(units, UnitNote::default());
        if self.requested[spec].is_some_and(|requested| requested.resent) {
            self.runs[run.index()].inject(Fault::Resend);
        }
    }

    /// Records an event.
    #[inline]
    pub(crate) fn take(&mut self, event: &Event) {
        self.event += 1;
        match *event {
            Event::Leased { job, run, unit, fence, worker, .. } => {
                let until = self.now + self.of(run).policy.lease_ms;
                let (limit, late) = (self.of(run).policy.delivery_limit, self.run(run).completed.is_some());
                let note = self.job_mut(job, run, unit);
                note.deliveries = note.deliveries.saturating_add(1);
                let dead = note.deliveries > limit;
                (note.fence, note.acked, note.may_come_early) = (fence, false, false);
                (note.worker, note.held_until) = (worker, until);
                (note.handed_back, note.late) = (false, late);
                let gives_up = if dead && self.run(run).planned.is_some() { Some(job) } else { None };
                *self.worker_mut(worker) = WorkerNote { run: Some(run), gives_up, ..WorkerNote::default() };
                if dead {
                    self.dead(job);
                }
            }
            Event::Acked { job, worker, .. } => {
                if let Some(Some(note)) = self.jobs.get_mut(job.index()) {
                    (note.acked, note.may_come_early) = (true, true);
                }
                let note = self.worker_mut(worker);
                (note.finished, note.looked_up) = (None, None);
            }
            Event::Responded { run, unit, worker, attempt, response, weight } => {
                self.responded(run, unit, worker, attempt, response, weight);
            }
            Event::EffectDone { run, unit, .. } => {
                if let Some((_, unit)) = self.unit_mut(run, unit) {
                    unit.effect = true;
                }
            }
            Event::Counted { run, unit, job, fence, .. } => {
                self.renew(job, fence);
                if let Some((run, unit)) = self.unit_mut(run, unit) {
                    run.counted_since += 1;
                    run.counted += u32::from(!std::mem::replace(&mut unit.counted, true));
                }
            }
            Event::Resolved { run, unit, resolution, .. } => self.resolved(run, unit, resolution),
            Event::Observed { run, status, counts, .. } => self.observed(run, status, counts),
            _ => self.take_rare(event),
        }
    }

    fn take_rare(&mut self, event: &Event) {
        match *event {
            Event::Requested { request, granted, .. } => {
                let at = self.event;
                let requested = self.requested[request.0 as usize].get_or_insert(Requested {
                    at,
                    granted: false,
                    denied: false,
                    resent: false,
                });
                requested.granted |= granted;
                requested.denied |= !granted;
            }
            Event::Enqueued { request, run, .. } => self.enqueue(request, run),
            Event::Accepted { request, run } | Event::Deduplicated { request, run } => {
                self.responses[request.0 as usize].get_or_insert(run);
            }
            Event::Denied { request } => self.denied[request.0 as usize] = true,
            Event::ObservedMore { run, key, value } => {
                if let Some(other) = self.runs[run.index()].other_values.get_mut(usize::from(key)) {
                    *other = Some(value);
                }
            }
            Event::Started { run, phase, .. } => self.runs[run.index()].enter_phase(phase),
            Event::PlanResponded { run, phase, response, .. } => self.runs[run.index()].respond(phase, response),
            Event::Staged { run, response, .. } if response != Response::Done => self.unpublished(run),
            Event::Renamed { run, response, torn, .. } if torn || response != Response::Done => self.unpublished(run),
            Event::Planned { run, units, job, fence, .. } => {
                self.renew(job, fence);
                let at = self.event;
                let note = &mut self.runs[run.index()];
                note.planned.get_or_insert(units);
                note.planned_at = at;
                note.begin_stage();
            }
            Event::JobCreated { job, run, unit } => {
                self.queue_creates_next_job = false;
                self.job_mut(job, run, unit);
                if unit.is_some_and(|unit| self.unit(run, unit).is_none()) {
                    self.runs[run.index()].inject(Fault::UnplannedUnit);
                }
            }
            Event::HandedBack { job, fence, worker, unit, .. } => self.handed_back(job, fence, worker, unit),
            Event::LookedUp { run, unit, worker, .. } => self.worker_mut(worker).looked_up = Some((run, unit)),
            Event::Completed { run, outcome, cause, .. } => {
                let (when, at) = (self.now, self.event);
                self.runs[run.index()].completed.get_or_insert(Completed { outcome, cause, when, at });
            }
            Event::WorldChanged { object, state, by } => self.changed(object, state, by),
            Event::Advanced { to } => self.now = to,
            Event::GrantChanged { actor, tenant, grant } => self.regrant(actor, tenant, grant),
            Event::ViewBegan { view, .. } => self.surfaces.push(view),
            Event::ViewEnded { view, .. } => self.surfaces.retain(|other| *other != view),
            Event::FaultInjected { fault, at } => self.injected(fault, at),
            Event::Healed => self.healed = Some(self.now),
            _ => {}
        }
    }

    fn handed_back(&mut self, job: JobId, fence: Fence, worker: u16, unit: Option<UnitIx>) {
        // A superseded lease hands nothing back, and violates LIFE-11.
        let Some(&note) = self.job(job).filter(|note| note.fence == fence) else { return };
        // The declared back-off applies, not the actual one. A retry after a longer back-off is late (LIFE-07).
        let wait = wait_ms(&self.of(note.run).policy, self.use_up_attempt(note.run, unit.or(note.unit)));
        self.runs[note.run.index()].waited_ms += wait;
        // A job that the queue has lost, or that a worker acknowledged before doing its work, cannot be handed back.
        if note.acked {
            return;
        }
        self.worker_mut(worker).handed_back = true;
        let (deliveries, held_until) = (note.deliveries.saturating_sub(1), self.now + Millis(wait));
        self.jobs[job.index()] = Some(JobNote { deliveries, handed_back: true, held_until, ..note });
    }

    /// Records that the job of a unit or, for `None`, of a run is handed back. Returns the number of the attempt that is
    /// thereby over. A unit that was resolved in the meantime gets no further attempt.
    fn use_up_attempt(&mut self, run: RunId, unit: Option<UnitIx>) -> u8 {
        let Some(unit) = unit else { return self.runs[run.index()].hand_back() };
        let Some((_, unit)) = self.unit_mut(run, unit) else { return 1 };
        let attempt = unit.attempt();
        if unit.resolution.is_none() {
            unit.handed_back = attempt;
        }
        attempt
    }

    /// Records a failed attempt at publishing.
    fn unpublished(&mut self, run: RunId) {
        let note = &mut self.runs[run.index()];
        note.attempt_failed = true;
        note.publish_attempts_lost = note.publish_attempts_lost.max(note.attempt());
    }

    #[inline]
    fn responded(&mut self, run: RunId, unit: UnitIx, worker: u16, attempt: u8, response: Response, weight: Weight) {
        // A late worker may repeat an attempt that another worker has handed back.
        let own = self.unit(run, unit).map_or(1, UnitNote::attempt).min(attempt);
        let is_last = own >= self.of(run).policy.attempt_limit;
        let note = self.worker_mut(worker);
        note.finished = (weight != Weight::Transient || is_last).then_some((run, unit));
        if note.looked_up == Some((run, unit)) {
            note.looked_up = None;
        }
        let Some((run, unit)) = self.unit_mut(run, unit) else { return };
        unit.retryable = weight == Weight::Transient;
        if unit.retryable {
            unit.attempts_lost = unit.attempts_lost.max(unit.attempt());
        }
        if weight == Weight::Definite {
            unit.first_definite.get_or_insert(response);
            run.upper_bound += u32::from(!std::mem::replace(&mut unit.in_upper_bound, true));
        }
    }

    #[inline]
    fn resolved(&mut self, run: RunId, unit: UnitIx, resolution: Resolution) {
        let Some((run, unit)) = self.unit_mut(run, unit) else { return };
        if unit.resolution.is_none() {
            unit.resolution = Some(resolution);
            let kind = match resolution {
                Resolution::Succeeded => 0,
                Resolution::Skipped(_) => 1,
                Resolution::Failed(_) => 2,
            };
            run.tallies[kind] += 1;
        }
        run.upper_bound += u32::from(!std::mem::replace(&mut unit.in_upper_bound, true));
    }

    #[inline]
    fn observed(&mut self, run: RunId, status: Status, counts: Seen) {
        let Some(note) = self.runs.get_mut(run.index()) else { return };
        note.status = Some(status);
        note.counts = counts;
        note.counted_since = 0;
        if note.total.is_none() {
            note.total = counts.total();
        }
        if status == Status::Completed {
            note.observed_again = note.terminal_counts.is_some();
            note.terminal_counts.get_or_insert(counts);
        }
    }

    fn dead(&mut self, job: JobId) {
        let Some(Some(note)) = self.jobs.get_mut(job.index()) else { return };
        note.dead = true;
        let JobNote { run, unit, .. } = *note;
        let note = &mut self.runs[run.index()];
        let units = &mut self.units[run.index()];
        // A child job carries its unit. In a run with a single job, that job carries all units. A job that only fans
        // out carries no unit.
        let carried = if let Some(unit) = unit {
            units.get_mut(unit.index()..=unit.index())
        } else {
            note.planner_lost = true;
            (!self.reference.runs[note.spec].fan_out).then_some(&mut units[..])
        };
        for unit in carried.unwrap_or_default() {
            unit.given_up = true;
            note.upper_bound += u32::from(!std::mem::replace(&mut unit.in_upper_bound, true));
        }
    }

    fn changed(&mut self, object: ObjectId, state: ObjectState, by: Option<RunId>) {
        let from = self.event;
        if let Some(pasts) = self.pasts.get_mut(object.index()) {
            pasts.push(Past { from, state, by });
        }
    }
}
