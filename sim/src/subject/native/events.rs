//! The events of a commit, a plan, a reply and a rendering. The engine emits no events. The simulator derives them from
//! the engine's requests.

use truecount_engine::counts::{Counts, Key};
use truecount_engine::delivery::JobState;
use truecount_engine::family::family;
use truecount_engine::hash::mix;
use truecount_engine::id::{ActorId, JobId, RequestId, RunId, UnitIx};
use truecount_engine::index::{ix, narrow};
use truecount_engine::notice::{Letter, Notice, NoticeKind};
use truecount_engine::object::Row;
use truecount_engine::operation::{Item, RequestReply, RunReply};
use truecount_engine::progress::Progress;
use truecount_engine::rules::Rules;
use truecount_engine::storage::{Accept, RowEffect, Seal, Settle, Upkeep, WriteSet};
use truecount_engine::unit::Resolution;

use super::{Native, Rendering, Store};
use crate::trace::{Event, EventSink, Seen, Shown, Weight};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    /// Emits the events of a durable commit.
    #[inline]
    pub(super) fn on_commit<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        worker: u16,
        writes: &WriteSet,
        before: Option<Row>,
        letters: usize,
    ) {
        let run = writes.run;
        if let (Some(effect), Some(settle), Some(before)) = (writes.effect, writes.settle, before) {
            self.on_effect(world, worker, run, settle, effect, before);
        }
        let lease = writes.lease.map(|lease| (lease.job, lease.fence));
        if let (Some(addition), Some((job, fence))) = (writes.addition.filter(|addition| addition.processed > 0), lease)
        {
            for unit in (addition.unit.0..addition.unit.0 + addition.units).map(UnitIx) {
                world.trace.see(Event::Counted { run, unit, job, fence, worker });
            }
        }
        if let (Some(Settle { unit, units, resolution, .. }), Some((job, fence))) = (writes.settle, lease) {
            let kept = |unit: &UnitIx| {
                let row = self.rows().units(run).get(unit.index());
                row.is_some_and(|row| row.resolution == Some(resolution))
            };
            for unit in (unit.0..unit.0 + units).map(UnitIx).filter(kept) {
                world.trace.see(Event::Resolved { run, unit, resolution, job, fence, worker });
                if let Resolution::Failed(reason) = resolution {
                    world.trace.see(Event::FailureRecorded { run, unit, reason, names: writes.failure_detail });
                }
            }
        }
        if let Some(status) = writes.status {
            world.trace.see(match status.outcome {
                Some(outcome) => Event::Completed { run, outcome: Some(outcome), cause: status.cause, lease },
                None => Event::Started { run, phase: status.phase, lease },
            });
            if status.outcome.is_none() {
                world.attempts.enters_stage(run);
            } else {
                self.on_items(world, run);
                self.on_terminal(world, run);
            }
        }
        // An unchanged row is observed as well, since it shows that a unit was resolved but not counted.
        if writes.addition.is_some() || writes.settle.is_some() || writes.status.is_some() {
            if writes.status.is_some_and(|status| status.outcome.is_some()) {
                self.observe(world, run, None);
                self.on_other_counts(world, run);
            } else {
                self.observe(world, run, writes.addition.and_then(|addition| addition.also));
            }
        }
        if let (Some((job, fence)), Some(retry)) = (lease, writes.retry) {
            let (unit, attempt) = (retry.unit, self.use_up_attempt(world, run, retry.unit));
            let until = match self.job(job).state {
                JobState::Waiting(until) => {
                    world.attempts.handed_back(job);
                    world.clock.due((until, job, fence));
                    until
                }
                // The job was not handed back, so it is redelivered when its lease ends.
                JobState::Leased(until) => until,
                JobState::Ready | JobState::Acked => world.clock.now,
            };
            world.trace.see(Event::HandedBack { job, fence, worker, unit, attempt, until });
        } else if let (Some((job, fence)), true) = (lease, writes.ack)
            && self.job(job).state == JobState::Acked
        {
            world.trace.see(Event::Acked { job, run, fence, worker });
        }
        match writes.upkeep {
            None | Some(Upkeep::Prune) => {}
            Some(Upkeep::Enqueue { unit, .. }) => {
                let job = JobId(ix(self.rows().jobs().len() - 1));
                self.ready.push_back(job);
                world.trace.see(Event::JobCreated { job, run, unit });
            }
            Some(Upkeep::Relay { notice, letter, .. }) => self.on_relay(world, notice, letter, letters),
        }
    }

    /// Emits each run whose rows a commit has pruned, given which were pruned before, and what is still stored for it.
    pub(super) fn on_pruned<W: EventSink>(&self, world: &mut World<'_, W>, before: &[bool]) {
        let now = self.rows().tables().pruned.iter();
        for (run, _) in now.zip(before).enumerate().filter(|(_, (now, before))| now != before) {
            let run = RunId(ix(run));
            world.trace.see(Event::Pruned { run });
            self.read(world, run);
            self.on_notices(world, run, self.notices_about(run));
        }
    }

    /// Records that the job of a unit or, for `None`, of a run is handed back. Returns the number of the attempt that is
    /// thereby over.
    fn use_up_attempt<W>(&self, world: &mut World<'_, W>, run: RunId, unit: Option<UnitIx>) -> u8 {
        let Some(unit) = unit else {
            let attempt = world.attempts.at_stage(run);
            world.attempts.stage_used_up(run);
            return attempt;
        };
        let attempt = world.attempts.at_unit(run, unit);
        // A unit that was resolved in the meantime gets no further attempt.
        if self.rows().units(run).get(unit.index()).is_some_and(|row| row.resolution.is_none()) {
            world.attempts.used_up(run, unit);
        }
        attempt
    }

    /// Emits the response to an attempt at planning, a phase or publishing. A failure at a stage that another job has left
    /// in the meantime is no attempt at the current stage.
    pub(super) fn on_attempt<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId, done: bool, event: Event) {
        let current = match event {
            Event::PlanResponded { phase: None, .. } => !self.head(run).sealed,
            Event::PlanResponded { phase, .. } => phase == self.head(run).phase,
            _ => true,
        };
        if !done && current {
            world.attempts.stage_failed(run);
        }
        world.trace.see(event);
    }

    /// Emits the letters that a commit has added to the inbox. A letter that is already in the inbox is not added
    /// again, so sending it twice is not visible.
    fn on_relay<W: EventSink>(&self, world: &mut World<'_, W>, notice: Notice, letter: Option<Letter>, before: usize) {
        match (notice.kind, letter) {
            // The event for an enqueued run was emitted together with the run.
            (NoticeKind::RunEnqueued, _) => {}
            (NoticeKind::RunCompleted, None) => world.trace.see(Event::NoticeDropped { run: notice.run }),
            (NoticeKind::RunCompleted, Some(_)) => {
                for letter in &self.rows().inbox()[before..] {
                    let Letter { run, to, link, outcome, processed, total } = *letter;
                    let (to, processed, total) = (Some(to), capped(processed), capped(total));
                    world.trace.see(Event::Notified { run, to, link, outcome, processed, total });
                }
            }
        }
    }

    /// Emits the side effect on a row of the engine. The response is the one that the row gave when the worker read it,
    /// even if the row has changed since. A worker that has read no response gets that of the row before the commit.
    #[inline]
    fn on_effect<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        worker: u16,
        run: RunId,
        settle: Settle,
        effect: RowEffect,
        before: Row,
    ) {
        let head = self.head(run);
        let state = || world.fixture.responses.of(head.family, before.state);
        let response = self.actor(worker).read.unwrap_or_else(state);
        let attempt =
            self.rows().units(run).get(settle.unit.index()).map_or(1, |unit| unit.attempts_used.saturating_add(1));
        if response.definite() {
            let weight = Weight::Definite;
            world.trace.see(Event::Responded { run, unit: settle.unit, worker, attempt, response, weight });
        }
        if effect.becomes.is_some() || effect.stores {
            world.trace.see(Event::EffectDone { run, unit: settle.unit, worker });
        }
        if effect.stores {
            world.trace.see(Event::ItemStored { run, unit: settle.unit });
        }
        if let Some(state) = effect.becomes {
            world.provider.objects[effect.object.index()] = state;
            world.trace.see(Event::WorldChanged { object: effect.object, state, by: Some(run) });
        }
    }

    /// Emits the durable row, as any reader could read it now.
    #[inline]
    pub(super) fn observe<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId, also: Option<Key>) {
        let row = &self.rows().runs()[run.index()];
        let counts = seen(&row.counts);
        // A faulty engine may raise the version without limit.
        let version = u16::try_from(row.head.version).unwrap_or(u16::MAX);
        world.trace.see(Event::Observed { run, version, status: row.head.status, counts });
        let large = row.counts.iter().filter(|(_, value)| *value > u64::from(u32::MAX)).map(|(key, _)| key);
        for key in large.chain(also) {
            world.trace.see(Event::ObservedMore { run, key: key as u8, value: row.counts.or_zero(key) });
        }
        if let Some((key, value)) = self.store.beside(run) {
            world.trace.see(Event::ObservedMore { run, key, value });
        }
    }

    /// Emits the events of a durable plan.
    pub(super) fn on_seal<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        seal: &Seal,
        jobs_before: usize,
        started: bool,
    ) {
        let run = seal.run;
        let jobs = self.store.rows().jobs().iter().enumerate().skip(jobs_before);
        let ready = jobs.filter(|(_, job)| job.state == JobState::Ready);
        self.ready.extend(ready.map(|(job, _)| JobId(ix(job))));
        if started {
            let lease = Some((seal.lease.job, seal.lease.fence));
            world.trace.see(Event::Started { run, phase: None, lease });
        }
        if seal.seals {
            world.attempts.enters_stage(run);
            let units = self.rows().units(run);
            let digest = units.iter().fold(units.len() as u64, |digest, unit| mix(digest, u64::from(unit.object.0)));
            let (job, fence) = (seal.lease.job, seal.lease.fence);
            let units = ix(units.len());
            world.trace.see(Event::Planned { run, units, digest, job, fence });
        }
        self.observe(world, run, None);
    }

    /// Emits the events of a new run.
    pub(super) fn on_accept<W: EventSink>(&mut self, world: &mut World<'_, W>, accept: &Accept, run: RunId) {
        let place = narrow::<_, u16>(accept.request.0);
        self.spec_of.push(place);
        self.replied[usize::from(place)] = Some(run);
        let job = JobId(ix(self.rows().jobs().len() - 1));
        self.ready.push_back(job);
        let (tenant, family) = (accept.identity.tenant, accept.identity.family);
        world.trace.see(Event::Enqueued { request: accept.request, run, tenant, family });
        for _ in 0..accept.announcements {
            world.trace.see(Event::Announced { run });
        }
        self.observe(world, run, None);
    }

    /// Emits the events of a reply to a request.
    pub(super) fn on_request_reply<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        place: u16,
        replied: RequestReply,
    ) {
        let request = RequestId(u32::from(place));
        let event = match replied {
            RequestReply::Accepted { run, toast } => {
                world.trace.see(Event::ToastShown { request, link: toast });
                Event::Accepted { request, run }
            }
            RequestReply::Deduplicated(run) => {
                self.replied[usize::from(place)].get_or_insert(run);
                Event::Deduplicated { request, run }
            }
            RequestReply::Refused => Event::Denied { request },
        };
        world.trace.see(event);
    }

    /// Emits the reply to a request for one run. `disclosed` is nonzero if the reply discloses anything beyond `shown`.
    pub(super) fn on_viewed<W: EventSink>(
        &self,
        world: &mut World<'_, W>,
        view: Rendering,
        actor: ActorId,
        run: RunId,
        reply: RunReply,
    ) {
        let (shown, disclosed) = match reply {
            RunReply::NotFound => (Shown::None, 0),
            RunReply::Forbidden => (Shown::None, 1),
            RunReply::Found(item) => (self.shown(item), u32::from(item.diagnostics)),
        };
        world.trace.see(Event::RunViewed { view: view.number, actor, run, shown, disclosed });
        world.trace.see(Event::ViewEnded { view: view.number, asks: view.asks, writes: view.writes });
    }

    fn shown(&self, item: Item) -> Shown {
        let phases = family(self.head(item.run).family).phases;
        shown(item.progress, phases)
    }

    /// Emits the contents of a rendered surface.
    pub(super) fn on_shown<W: EventSink>(&self, world: &mut World<'_, W>, view: Rendering, items: &[Item]) {
        for item in items {
            let shown = self.shown(*item);
            world.trace.see(Event::Shown { view: view.number, run: item.run, shown, diagnostics: item.diagnostics });
        }
        world.trace.see(Event::ViewEnded { view: view.number, asks: view.asks, writes: view.writes });
    }
}

/// Returns a number as stored in an event, capped at the largest number that fits. A faulty engine or a file may
/// contain any number.
#[inline]
pub(super) fn capped(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Returns the counts as an observation shows them.
#[inline]
fn seen(counts: &Counts) -> Seen {
    let value = |key| capped(counts.or_zero(key));
    Seen {
        present: counts.presence(),
        total: value(Key::Total),
        processed: value(Key::Processed),
        succeeded: value(Key::Succeeded),
        failed: value(Key::Failed),
        skipped: value(Key::Skipped),
    }
}

fn shown(progress: Progress, phases: &[&str]) -> Shown {
    match progress {
        Progress::None => Shown::None,
        Progress::Queued => Shown::Queued,
        Progress::Activity => Shown::Activity,
        Progress::Phased(label) => {
            let place = phases.iter().position(|phase| *phase == label);
            // A label that is not one of the family's labels has no index.
            Shown::Phased(place.map_or(u8::MAX, narrow))
        }
        Progress::Counted { processed, total, percent } => {
            Shown::Counted { processed: capped(processed), total: capped(total), percent }
        }
        Progress::Terminal(outcome) => Shown::Terminal(outcome),
    }
}
