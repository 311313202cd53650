//! Forks of the engine at any moment, the choices that are open to a fork, and its state as a fingerprint.

use std::hash::Hash;

use truecount_engine::delivery::{Job, JobState};
use truecount_engine::family::retention_ms;
use truecount_engine::id::{JobId, ObjectId, RunId};
use truecount_engine::index::{ix, narrow};
use truecount_engine::object::ObjectState;
use truecount_engine::rules::Rules;
use truecount_engine::storage::Tables;
use truecount_engine::time::Millis;

use super::{
    Actor, Native, OBSERVER, Op, PRUNE, RELAY, REQUESTS, Rendering, SECOND_PRUNE, SECOND_RELAY, SECOND_SENDER,
    SECOND_SWEEP, SWEEP, Store,
};
use crate::choice::{CLOCK_JUMPS_MS, CLOCK_SPREAD_MS, Choice};
use crate::fault::Fault;
use crate::fingerprint::{Fingerprinted, Fingerprinter};
use crate::subject::{Acts, Fork, Subject};
use crate::trace::EventSink;
use crate::world::World;

/// A lease that ended at least this long ago has ended by any worker's clock, whatever its skew.
const LEASE_MATTERS: Millis = Millis(CLOCK_SPREAD_MS as u64 + 1);

/// Rows that are at least this old may be pruned. Their exact age does not matter.
const ROWS_MATTER: Millis = Millis(retention_ms().0 + 1);

impl<M: Clone> Clone for Actor<M> {
    fn clone(&self) -> Self {
        Self { op: self.op.clone(), pending: self.pending.clone(), memory: self.memory.clone(), ..*self }
    }

    fn clone_from(&mut self, source: &Self) {
        let Self { op, pending, memory, skew_ms, read } = source;
        // Most actors are idle most of the time.
        if self.op != Op::Idle || *op != Op::Idle {
            self.op.clone_from(op);
        }
        if self.pending.is_some() || pending.is_some() {
            self.pending.clone_from(pending);
        }
        self.memory.clone_from(memory);
        (self.skew_ms, self.read) = (*skew_ms, *read);
    }
}

pooled!(impl[R: Rules, S: Store] Native<R, S> {
    rules, store, start, actors, workers, busy, idle, asleep, ready, unsent, replied, spec_of, views
});

impl<R: Rules, S: Store> Fork for Native<R, S> {
    fn choices<W: EventSink>(&self, world: &mut World<'_, W>, acts: Acts, choices: &mut Vec<Choice>) {
        let open = self.open(world);
        if open.default_choice().is_none() {
            return;
        }
        choices.extend(open.submit.then_some(Choice::Submit));
        choices.extend(open.deliver().then_some(Choice::Deliver));
        choices.extend(open.busy.iter().map(|actor| Choice::Step(*actor)));
        choices.extend(open.deadline.then_some(Choice::Jump));
        if world.healing {
            return;
        }
        for &fault in Fault::ALL {
            if world.may_inject(fault) {
                self.injections(world, fault, choices);
            }
        }
        if acts != Acts::None {
            self.acts(world, acts, choices);
        }
    }

    fn process(&self, choice: Choice) -> u8 {
        // A worker is identified by its job, since it makes no difference which of two workers has the job.
        let clerks = 3 + usize::from(REQUESTS) + self.replied.len();
        match choice {
            Choice::Submit => 0,
            Choice::Deliver => 1,
            Choice::Step(actor) => {
                let place = match &self.actor(actor).op {
                    Op::Work(work) => clerks + work.lease().job.index(),
                    _ => 3 + usize::from(actor.saturating_sub(self.workers)),
                };
                u8::try_from(place).unwrap_or(u8::MAX)
            }
            _ => 2,
        }
    }

    fn fingerprint<W: EventSink + Fingerprinted>(
        &self,
        world: &World<'_, W>,
        interchangeable: bool,
        fingerprinter: &mut Fingerprinter,
    ) -> u128 {
        let Self {
            // The rules have no state, and the initial rows do not change.
            rules: _,
            store,
            start: _,
            actors,
            workers,
            // Any busy actor may be chosen, so the order of busy actors does not matter.
            busy: _,
            idle,
            asleep,
            ready,
            unsent,
            replied,
            spec_of,
            // The number of the next rendering; any unused number would do.
            views: _,
        } = self;
        fingerprinter.start(world.clock.now);
        let rows = store.rows().tables();
        let marks = world.provider.is_salted() || !world.artifact_store.is_empty();
        fingerprinter.fences(rows.jobs.iter().map(|job| job.fence), marks);
        fingerprint_rows(&rows, fingerprinter);
        store.fingerprint(fingerprinter);
        world.clock.fingerprint(|(_, job, fence)| rows.jobs[job.index()].fence == *fence, fingerprinter);
        world.fingerprint(fingerprinter);
        fingerprinter.value(&(ready, unsent, replied, spec_of));
        // The worker that became idle last leases the next job, so the order of idle workers matters only if the
        // workers differ.
        let idlers = || idle.iter().map(|worker| &actors[usize::from(*worker)]);
        let equal_memory = |one: &R::Memory, two: &R::Memory| size_of::<R::Memory>() == 0 || words(one) == words(two);
        let same = idlers()
            .zip(idlers().skip(1))
            .all(|(one, two)| one.skew_ms == two.skew_ms && equal_memory(&one.memory, &two.memory));
        fingerprinter.group(0..*workers, !interchangeable, |fingerprinter, worker| {
            let place = idle.iter().position(|other| *other == worker);
            fingerprinter.value(&place.map(|place| if same && interchangeable { 0 } else { place + 1 }));
            fingerprint_actor(&actors[usize::from(worker)], asleep.contains(&worker), fingerprinter);
            // What the event sink remembers about an idle worker is forgotten at the worker's next delivery, so it is
            // omitted.
            if place.is_none() {
                let job = match &actors[usize::from(worker)].op {
                    Op::Work(work) => Some(work.lease().job),
                    _ => None,
                };
                world.trace.sink.fingerprint_worker(worker, job, fingerprinter);
            }
        });
        for clerk in *workers..narrow(actors.len()) {
            fingerprint_actor(&actors[usize::from(clerk)], asleep.contains(&clerk), fingerprinter);
            world.trace.sink.fingerprint_worker(clerk, None, fingerprinter);
        }
        fingerprinter.finish128()
    }
}

/// Returns a fingerprint of a worker's memory, for comparison with that of another worker.
fn words<M: Hash>(memory: &M) -> u128 {
    let mut fingerprinter = Fingerprinter::default();
    fingerprinter.value(memory);
    fingerprinter.finish128()
}

fn fingerprint_rows(rows: &Tables<'_>, fingerprinter: &mut Fingerprinter) {
    let Tables { runs, inputs, units, jobs, objects, grants, outbox, relayed, inbox, pruned, items } = rows;
    fingerprinter.value(&(runs, inputs, units, objects, grants));
    fingerprinter.value(&(outbox, relayed, inbox, pruned, items));
    for run in *runs {
        if let Some(at) = run.completed_at {
            fingerprinter.time(at, ROWS_MATTER);
        }
    }
    fingerprinter.word(jobs.len() as u64);
    for (place, job) in jobs.iter().enumerate() {
        let Job { run, unit, fence, deliveries, lease_ms, state, handed_back } = job;
        fingerprinter.value(&(run, unit, deliveries, lease_ms, handed_back));
        fingerprinter.fence(JobId(ix(place)), *fence);
        match state {
            JobState::Ready => fingerprinter.word(0),
            JobState::Waiting(until) => {
                fingerprinter.word(1);
                fingerprinter.time(*until, Millis(0));
            }
            JobState::Leased(until) => {
                fingerprinter.word(2);
                fingerprinter.time(*until, Millis(0));
            }
            JobState::Acked => fingerprinter.word(3),
        }
    }
}

fn fingerprint_actor<M: Hash>(actor: &Actor<M>, is_asleep: bool, fingerprinter: &mut Fingerprinter) {
    let Actor { op, pending, memory, skew_ms, read } = actor;
    // Most actors are idle most of the time; the flags alone are enough for them.
    let at_rest = matches!(op, Op::Idle) && pending.is_none() && read.is_none() && *skew_ms == 0;
    fingerprinter.flags([at_rest, is_asleep]);
    if size_of::<M>() > 0 {
        fingerprinter.value(memory);
    }
    if at_rest {
        return;
    }
    fingerprinter.value(&(pending, read));
    fingerprinter.word(skew_ms.cast_unsigned());
    fingerprinter.value(&std::mem::discriminant(op));
    match op {
        Op::Idle => {}
        Op::Work(work) => {
            fingerprinter.value(work);
            fingerprinter.fence(work.lease().job, work.lease().fence);
            fingerprinter.time(work.until(), LEASE_MATTERS);
        }
        Op::Request(request, place) => fingerprinter.value(&(request, place)),
        Op::Sweep(sweep) => fingerprinter.value(sweep),
        Op::Relay(relay) => fingerprinter.value(relay),
        Op::Prune(prune) => fingerprinter.value(prune),
        Op::Observe(observe, rendering) => fingerprint_rendering(observe, *rendering, fingerprinter),
        Op::View(view, rendering) => fingerprint_rendering(view, *rendering, fingerprinter),
        Op::Fetch(fetch, rendering) => fingerprint_rendering(fetch, *rendering, fingerprinter),
    }
}

fn fingerprint_rendering(op: &impl Hash, rendering: Rendering, fingerprinter: &mut Fingerprinter) {
    let Rendering { number, asks, writes } = rendering;
    fingerprinter.value(&(op, asks, writes));
    fingerprinter.view(number);
}

impl<R: Rules, S: Store> Native<R, S> {
    /// Adds every choice that would inject this fault now.
    fn injections<W: EventSink>(&self, world: &World<'_, W>, fault: Fault, choices: &mut Vec<Choice>) {
        let rows = self.rows();
        let jobs = || (0..ix(rows.jobs().len())).map(JobId);
        let change = |state| (0..ix(rows.objects().len())).map(move |object| Choice::Change(ObjectId(object), state));
        let grants: u16 = narrow(world.fixture.grants.len());
        match fault {
            Fault::Redeliver => choices.extend(jobs().map(Choice::Redeliver)),
            Fault::LostJob => choices.extend(self.ready.iter().map(|job| Choice::LostJob(*job))),
            Fault::NewJobId => choices.extend(jobs().map(Choice::NewJobId)),
            Fault::UnplannedUnit => {
                choices.extend((0..ix(rows.runs().len())).map(|run| Choice::UnplannedUnit(RunId(run))));
            }
            Fault::Reorder => choices.extend((1..ix(self.ready.len())).map(Choice::Reorder)),
            Fault::Archive => choices.extend(change(ObjectState::Archived)),
            Fault::Remove => choices.extend(change(ObjectState::Absent)),
            Fault::Restore => choices.extend(change(ObjectState::Active)),
            Fault::Revoke | Fault::Regrant => {
                choices.extend((0..grants).map(|grant| Choice::Regrant(grant, fault == Fault::Regrant)));
            }
            Fault::Lower => choices.extend((0..grants).map(Choice::Lower)),
            Fault::Resend => {
                let sends = |actor: &&u16| matches!(self.actor(**actor).op, Op::Request(..));
                if self.actor(self.clerk(SECOND_SENDER)).op == Op::Idle {
                    choices.extend(self.busy.iter().filter(sends).map(|actor| Choice::Resend(*actor)));
                }
            }
            Fault::ClockJump => choices.extend(CLOCK_JUMPS_MS.map(|by| Choice::ClockJump(Millis(by)))),
            Fault::ClockSkew => {
                let far: i32 = narrow(CLOCK_SPREAD_MS);
                choices
                    .extend((0..self.workers).flat_map(|worker| [-far, far].map(|by| Choice::ClockSkew(worker, by))));
            }
            fault => choices.extend(self.busy.iter().filter_map(|&actor| {
                let request = self.actor(actor).pending.as_ref()?;
                self.may_alter(world, actor, request, fault).then_some(Choice::Inject(actor, fault))
            })),
        }
    }

    /// Adds the choices for actions from outside, which are possible at any time.
    fn acts<W: EventSink>(&self, world: &World<'_, W>, acts: Acts, choices: &mut Vec<Choice>) {
        let free = |clerk: u16| self.actor(self.clerk(clerk)).op == Op::Idle;
        let second = |of: Acts, clerk: u16| (acts == of || acts == Acts::All) && free(clerk);
        choices.extend((free(SWEEP) || second(Acts::SecondSweeper, SECOND_SWEEP)).then_some(Choice::Sweep));
        choices.extend((free(RELAY) || second(Acts::SecondRelay, SECOND_RELAY)).then_some(Choice::Relay));
        choices.extend((free(PRUNE) || second(Acts::SecondRetentionJob, SECOND_PRUNE)).then_some(Choice::Prune));
        if !free(OBSERVER) {
            return;
        }
        // The last number stands for a run that does not exist.
        let runs = 0..=ix(self.rows().runs().len());
        for surface in 0..narrow(world.fixture.surfaces.len()) {
            choices.push(Choice::Observe(surface));
            choices.extend(runs.clone().map(|run| Choice::View(surface, RunId(run))));
            if world.fixture.publishes() {
                choices.extend(runs.clone().map(|run| Choice::Fetch(surface, RunId(run))));
            }
        }
    }
}
