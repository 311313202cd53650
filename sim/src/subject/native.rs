//! Our own engine, driven in process: its operations run on actors, its rows are in a store, and its jobs are in a
//! queue.
//!
//! This module checks no clauses. If a fault cannot be injected into a step, the step is taken without it.

mod acts;
mod artifact;
mod events;
mod fork;
mod limits;
mod naming;
mod step;
mod store;
mod stored;
#[cfg(test)]
mod tests;
mod upkeep;

pub use store::Store;

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use truecount_engine::delivery::{Job, JobEvent, JobState};
use truecount_engine::family::family;
use truecount_engine::hash::mix_bytes;
use truecount_engine::id::{JobId, RequestId, RunId, UnitIx};
use truecount_engine::index::{ix, narrow};
use truecount_engine::object::Row;
use truecount_engine::operation::{Fetch, Observe, Prune, Relay, RequestRun, Sweep, View, Work};
use truecount_engine::policy::Grant;
use truecount_engine::rules::Rules;
use truecount_engine::run::{Head, Run};
use truecount_engine::service::Ordered;
use truecount_engine::storage::{Memory, Queue, Request};
use truecount_engine::unit::Response;

use super::Subject;
use crate::choice::{Choice, Open};
use crate::fault::Fault;
use crate::schedule::{Action, Moment};
use crate::trace::{Event, EventSink};
use crate::world::World;

/// The operation of an actor.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Op {
    Idle,
    Work(Work),
    Request(RequestRun, u16),
    Sweep(Sweep),
    Relay(Relay),
    Prune(Prune),
    Observe(Observe, Rendering),
    View(View, Rendering),
    Fetch(Fetch, Rendering),
}

/// A rendering in progress.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Rendering {
    number: u16,
    asks: u16,
    writes: u16,
}

/// An actor: a worker, the sweeper, the relay, the retention job, a viewer or a client.
#[derive(Debug)]
struct Actor<M> {
    op: Op,
    pending: Option<Request>,
    memory: M,
    skew_ms: i64,
    /// The response that the row of the actor's unit gave, from its reading to the commit that it determines.
    read: Option<Response>,
}

/// Our own engine, with these rules, over this store.
#[derive(Debug)]
pub struct Native<R: Rules, S> {
    rules: R,
    store: S,
    /// The initial rows, which all forks share.
    start: Arc<Memory>,
    actors: Vec<Actor<R::Memory>>,
    workers: u16,
    busy: Vec<u16>,
    idle: Vec<u16>,
    /// Workers that stall past their lease.
    asleep: Vec<u16>,
    /// Ready jobs, the oldest first.
    ready: VecDeque<JobId>,
    /// Requests that are still to be sent, by index in the fixture. If the sender of a request crashes, the request is
    /// sent again.
    unsent: Vec<u16>,
    /// For each request, the run named in the reply.
    replied: Vec<Option<RunId>>,
    /// For each run, the index in the fixture of the request that created it.
    spec_of: Vec<u16>,
    views: u16,
}

impl<R: Rules, S: Store> Native<R, S> {
    /// Returns the engine with these rules, over this store.
    pub fn new(rules: R, store: S) -> Self {
        Self {
            rules,
            store,
            start: Arc::default(),
            actors: Vec::new(),
            workers: 0,
            busy: Vec::new(),
            idle: Vec::new(),
            asleep: Vec::new(),
            ready: VecDeque::new(),
            unsent: Vec::new(),
            replied: Vec::new(),
            spec_of: Vec::new(),
            views: 0,
        }
    }

    /// Returns the durable rows.
    pub fn rows(&self) -> &Memory {
        self.store.rows()
    }

    /// Returns the run named in the reply to a request, by the index of the request in the fixture.
    pub fn replied(&self, request: usize) -> Option<RunId> {
        self.replied.get(request).copied().flatten()
    }

    fn job(&self, job: JobId) -> Job {
        self.rows().jobs()[job.index()]
    }

    #[inline]
    fn head(&self, run: RunId) -> &Head {
        &self.rows().runs()[run.index()].head
    }

    #[inline]
    fn actor(&self, actor: u16) -> &Actor<R::Memory> {
        &self.actors[usize::from(actor)]
    }

    #[inline]
    fn actor_mut(&mut self, actor: u16) -> &mut Actor<R::Memory> {
        &mut self.actors[usize::from(actor)]
    }

    /// Returns the actor at this index, counted from the first actor after the workers.
    fn clerk(&self, place: u16) -> u16 {
        self.workers + place
    }

    /// Returns the position of the first request that can be sent. Such a request waits for no run, or the run for
    /// which it waits is terminal.
    fn sendable<W>(&self, world: &World<'_, W>) -> Option<usize> {
        let runs = self.rows().runs();
        self.unsent.iter().position(|&place| match world.fixture.runs[usize::from(place)].after {
            None => true,
            Some(other) => self.replied(usize::from(other)).is_some_and(|run| !runs[run.index()].active()),
        })
    }

    fn submit<W: EventSink>(&mut self, world: &mut World<'_, W>) -> bool {
        let Some(at) = self.sendable(world) else { return false };
        let place = self.unsent.remove(at);
        self.send(world, place, self.clerk(REQUESTS + place));
        true
    }

    /// Sends a request on behalf of a client.
    fn send<W: EventSink>(&mut self, world: &mut World<'_, W>, place: u16, client: u16) {
        let spec = &world.fixture.runs[usize::from(place)];
        let ordered = Ordered {
            request: RequestId(u32::from(place)),
            actor: spec.actor,
            tenant: spec.tenant,
            family: spec.family,
            failure: spec.failure,
            input: Arc::clone(&spec.input),
        };
        // The simulator reads the policy's row itself, because the engine's use of this row is under test.
        let granted = spec.actor.is_none_or(|actor| self.rows().grant(actor, spec.tenant) == Grant::Operate);
        world.trace.see(Event::Requested {
            request: ordered.request,
            actor: ordered.actor,
            tenant: ordered.tenant,
            family: ordered.family,
            granted,
        });
        self.begin(world, client, Op::Request(RequestRun::new(&self.rules, ordered), place));
    }

    fn deliver<W: EventSink>(&mut self, world: &mut World<'_, W>, job: JobId) {
        let Some(worker) = self.idle.pop() else { return };
        let run = self.job(job).run;
        let policy = family(self.head(run).family).retry;
        let until = world.clock.now + policy.lease_ms;
        let lease = self.store.rows_mut().lease(job, world.clock.now, policy.lease_ms);
        world.clock.due((until, job, lease.fence));
        let row = self.job(job);
        let Job { run, unit, fence, .. } = row;
        let delivery = world.attempts.leased(job);
        world.trace.see(Event::Leased { job, run, unit, fence, delivery, worker });
        if delivery > policy.delivery_limit {
            world.trace.see(Event::Dead { job });
        }
        self.begin(world, worker, Op::Work(Work::new(&row, lease, until)));
    }

    fn redeliver<W: EventSink>(&mut self, world: &mut World<'_, W>, job: JobId) -> bool {
        let known = job.index() < self.rows().jobs().len();
        if !known || self.idle.is_empty() || !world.may_inject(Fault::Redeliver) {
            return false;
        }
        let row = self.job(job);
        let waits = row.state == JobState::Ready;
        if waits || world.attempts.deliveries(job) == 0 || !self.spares_delivery(world, job) {
            return false;
        }
        world.inject(Fault::Redeliver, job.0);
        self.deliver(world, job);
        true
    }

    /// Makes the queue lose a job that was delivered before and waits to be redelivered. Afterwards, no job carries the
    /// unit of the lost job.
    fn lose<W: EventSink>(&mut self, world: &mut World<'_, W>, job: JobId) -> bool {
        let Some(row) = self.rows().jobs().get(job.index()) else { return false };
        let waits = row.state == JobState::Ready && row.fence.0 > 0;
        if !waits || !world.may_inject(Fault::LostJob) {
            return false;
        }
        world.inject(Fault::LostJob, job.0);
        self.store.rows_mut().move_job(job, JobEvent::Ack);
        self.ready.retain(|ready| *ready != job);
        true
    }

    fn add_job<W: EventSink>(&mut self, world: &mut World<'_, W>, fault: Fault, at: u32, row: Job) {
        world.inject(fault, at);
        let job = self.store.rows_mut().push_job(row);
        world.trace.see(Event::JobCreated { job, run: row.run, unit: row.unit });
        self.ready.push_back(job);
    }
}

/// The indices of the actors after the workers.
const SWEEP: u16 = 0;
const RELAY: u16 = 1;
const PRUNE: u16 = 2;
const OBSERVER: u16 = 3;
const SECOND_RELAY: u16 = 4;
const SECOND_SWEEP: u16 = 5;
const SECOND_PRUNE: u16 = 6;
const SECOND_SENDER: u16 = 7;
const REQUESTS: u16 = 8;

impl<R: Rules, S: Store> Subject for Native<R, S> {
    fn reset<W: EventSink>(&mut self, world: &mut World<'_, W>, workers: u16) {
        let fixture = world.fixture;
        let rows = fixture.objects.iter().map(|&state| Row { state, version: 0 }).collect();
        self.start = Arc::new(Memory::with(rows, fixture.grants.clone()));
        self.store.reset(&self.start);
        self.workers = workers;
        self.actors.clear();
        let requests: u16 = narrow(fixture.runs.len());
        let actors = usize::from(workers) + usize::from(REQUESTS) + usize::from(requests);
        self.actors.resize_with(actors, || Actor {
            op: Op::Idle,
            pending: None,
            memory: R::Memory::default(),
            skew_ms: 0,
            read: None,
        });
        self.busy.clear();
        self.asleep.clear();
        self.idle.clear();
        self.idle.extend((0..workers).rev());
        self.ready.clear();
        self.unsent.clear();
        self.unsent.extend(0..requests);
        self.replied.clear();
        self.replied.resize(fixture.runs.len(), None);
        self.spec_of.clear();
        self.views = 0;
    }

    #[inline]
    fn open<W: EventSink>(&self, world: &mut World<'_, W>) -> Open<'_> {
        let submit = !self.unsent.is_empty() && self.sendable(world).is_some();
        let idle = !self.idle.is_empty();
        let all_wait = self.busy.is_empty() && !submit && (self.ready.is_empty() || !idle);
        let deadline = all_wait && self.next_deadline(world).is_some();
        Open {
            submit,
            ready: ix(self.ready.len()),
            idle,
            busy: &self.busy,
            deadline,
            workers: self.workers,
            jobs: ix(self.store.rows().jobs().len()),
            runs: ix(self.store.rows().runs().len()),
        }
    }

    #[inline]
    fn apply<W: EventSink>(&mut self, world: &mut World<'_, W>, choice: Choice) -> bool {
        match choice {
            Choice::Submit => self.submit(world),
            Choice::Deliver => {
                let Some(job) = self.ready.pop_front() else { return false };
                self.deliver(world, job);
                true
            }
            Choice::Step(actor) => self.step(world, actor, None),
            Choice::Inject(actor, fault) => self.step(world, actor, Some(fault)),
            Choice::Jump => self.jump(world),
            Choice::Reorder(place) => {
                if !world.may_inject(Fault::Reorder) || self.idle.is_empty() {
                    return false;
                }
                let Some(job) = self.ready.remove(place as usize) else { return false };
                world.inject(Fault::Reorder, job.0);
                self.deliver(world, job);
                true
            }
            Choice::Redeliver(job) => self.redeliver(world, job),
            Choice::NewJobId(job) => {
                let Some(&row) = self.rows().jobs().get(job.index()) else { return false };
                if world.attempts.deliveries(job) == 0 || !world.may_inject(Fault::NewJobId) {
                    return false;
                }
                self.add_job(world, Fault::NewJobId, job.0, Job::new(row.run, row.unit));
                true
            }
            Choice::LostJob(job) => self.lose(world, job),
            Choice::UnplannedUnit(run) => {
                let Some(&Run { head, .. }) = self.rows().runs().get(run.index()) else { return false };
                if !head.sealed || !family(head.family).fan_out || !world.may_inject(Fault::UnplannedUnit) {
                    return false;
                }
                let unit = UnitIx(head.units + u32::from(world.injected.get(Fault::UnplannedUnit)));
                self.add_job(world, Fault::UnplannedUnit, unit.0, Job::new(run, Some(unit)));
                true
            }
            Choice::Change(object, state) => self.change(world, object, state),
            Choice::ClockJump(by) => self.clock_jump(world, by),
            Choice::ClockSkew(worker, by) => {
                if !world.may_inject(Fault::ClockSkew) || worker >= self.workers {
                    return false;
                }
                world.inject(Fault::ClockSkew, u32::from(worker));
                self.actor_mut(worker).skew_ms = i64::from(by);
                true
            }
            // If the sweeper, the relay or the retention job is active, a second one starts.
            Choice::Sweep => [SWEEP, SECOND_SWEEP].iter().any(|&it| self.start(world, it, Op::Sweep(Sweep::new()))),
            Choice::Relay => [RELAY, SECOND_RELAY].iter().any(|&it| self.start(world, it, Op::Relay(Relay::default()))),
            Choice::Prune => [PRUNE, SECOND_PRUNE].iter().any(|&it| self.start(world, it, Op::Prune(Prune::new()))),
            Choice::Observe(surface) => self.look(world, surface),
            Choice::View(surface, run) => self.view(world, surface, run),
            Choice::Fetch(surface, run) => self.fetch(world, surface, run),
            Choice::Regrant(grant, gives) => {
                let fault = if gives { Fault::Regrant } else { Fault::Revoke };
                self.regrant(world, grant, fault)
            }
            Choice::Lower(grant) => self.regrant(world, grant, Fault::Lower),
            Choice::Resend(actor) => self.resend(world, actor),
        }
    }

    fn heal<W: EventSink>(&mut self, _: &mut World<'_, W>) {
        self.busy.append(&mut self.asleep);
        for actor in &mut self.actors {
            actor.skew_ms = 0;
        }
    }

    fn look_again<W: EventSink>(&mut self, world: &mut World<'_, W>) {
        self.read_all(world);
    }

    fn moment(&self, default: Choice) -> Moment {
        self.moment_of(default)
    }

    fn action(&self, choice: Choice) -> Action {
        self.action_of(choice)
    }

    fn choice(&self, action: Action) -> Option<Choice> {
        self.choice_of(action)
    }

    fn digest(&self) -> u64 {
        let mut words = Words(0);
        self.rows().hash(&mut words);
        for run in self.rows().runs() {
            run.completed_at.hash(&mut words);
        }
        words.finish()
    }
}

impl<R: Rules, S: Store> Native<R, S> {
    /// Frees a job whose lease has expired, and wakes the worker that stalled past the lease.
    fn expire(&mut self, job: JobId) {
        if self.store.rows_mut().move_job(job, JobEvent::Expire) {
            self.ready.push_back(job);
        }
        let holds = |actor: &Actor<R::Memory>| matches!(&actor.op, Op::Work(work) if work.lease().job == job);
        let actors = &self.actors;
        if let Some(at) = self.asleep.iter().position(|&actor| holds(&actors[usize::from(actor)])) {
            let actor = self.asleep.remove(at);
            self.busy.push(actor);
        }
    }
}

/// Hashes rows for comparisons within one process; the hash is never published.
struct Words(u64);

impl Hasher for Words {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mix_bytes(self.0, bytes);
    }
}
