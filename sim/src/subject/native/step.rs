//! One step: the pending request is performed, and the actor receives the reply. The actor may crash before or after
//! the request is performed.

use truecount_engine::delivery::JobState;
use truecount_engine::family::{Effect, family};
use truecount_engine::index::narrow;
use truecount_engine::mode::Mode;
use truecount_engine::operation::{Next, Operation};
use truecount_engine::refusal::Refusal;
use truecount_engine::rules::Rules;
use truecount_engine::run::Status;
use truecount_engine::storage::{ArtifactRequest, Ask, Load, Reply, Request, Upkeep, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::Response;

use super::{Native, Op, Rendering, Store};
use crate::fault::Fault;
use crate::trace::{Event, EventSink, Weight};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    /// Starts an operation, to be performed by an actor.
    pub(super) fn begin<W: EventSink>(&mut self, world: &mut World<'_, W>, actor: u16, op: Op) {
        self.actor_mut(actor).op = op;
        self.busy.push(actor);
        self.resume(world, actor, Reply::Begin);
    }

    #[inline]
    pub(super) fn step<W: EventSink>(&mut self, world: &mut World<'_, W>, actor: u16, fault: Option<Fault>) -> bool {
        let Some(request) = self.actor_mut(actor).pending.take() else { return false };
        let fault = fault.filter(|&fault| self.may_alter(world, actor, &request, fault));
        if let Some(fault) = fault {
            world.inject(fault, u32::from(actor));
        }
        let reply = match fault {
            None => self.perform(world, actor, &request, None),
            Some(Fault::CrashBefore) => {
                self.crash(actor);
                return true;
            }
            Some(Fault::CrashAfter) => {
                self.perform(world, actor, &request, None);
                self.crash(actor);
                return true;
            }
            Some(Fault::LostReply) => {
                self.perform(world, actor, &request, None);
                self.lose_reply(world, actor, &request);
                Reply::Unavailable
            }
            Some(Fault::PartialWrite) => match &request {
                Request::Artifact(asked) => self.tear(world, actor, asked),
                _ => Reply::Unavailable,
            },
            Some(Fault::LostRequest) if responses(&request) => {
                self.perform(world, actor, &request, Some(Response::Unavailable))
            }
            Some(Fault::Conflict) => Reply::Refused(Refusal::Conflict),
            Some(Fault::Stall) => {
                self.actor_mut(actor).pending = Some(request);
                self.busy.retain(|&other| other != actor);
                self.asleep.push(actor);
                return true;
            }
            Some(fault) => match fault.responses() {
                Some(response) => self.perform(world, actor, &request, Some(response)),
                None => Reply::Unavailable,
            },
        };
        self.resume(world, actor, reply);
        true
    }

    /// Emits the event for a lost reply, if there is one. The provider has performed the request, but the worker treats
    /// the loss as a retryable response.
    fn lose_reply<W: EventSink>(&self, world: &mut World<'_, W>, worker: u16, request: &Request) {
        let response = Response::TimedOut;
        if let Request::Artifact(request) = request {
            match *request {
                ArtifactRequest::Sources { run, .. } | ArtifactRequest::Stage { run, .. } => {
                    let attempt = world.attempts.at_stage(run);
                    self.on_attempt(world, run, false, Event::Staged { run, attempt, response });
                }
                ArtifactRequest::Publish { run, .. } => {
                    let attempt = world.attempts.at_stage(run);
                    self.on_attempt(world, run, false, Event::Renamed { run, attempt, response, torn: false });
                }
                _ => {}
            }
        }
        if let Request::Ask(Ask { run, unit, attempt, .. }) = *request {
            if self.head(run).family.mode() == Mode::Phased {
                let attempt = world.attempts.at_stage(run);
                let phase = Some(narrow(unit.0));
                self.on_attempt(world, run, false, Event::PlanResponded { run, phase, attempt, response });
            } else {
                let weight = Weight::Transient;
                world.trace.see(Event::Responded { run, unit, worker, attempt, response, weight });
            }
        }
    }

    /// Crashes an actor. The actor loses its memory, and its lease eventually expires. If the actor was sending a
    /// request, the request is sent again, unless it is under way a second time.
    fn crash(&mut self, actor: u16) {
        if let Op::Request(_, place) = self.actor(actor).op {
            let sends = |other: &&u16| matches!(self.actor(**other).op, Op::Request(_, sent) if sent == place);
            if self.busy.iter().filter(sends).count() == 1 {
                self.unsent.push(place);
            }
        }
        self.actor_mut(actor).memory = R::Memory::default();
        self.free(actor);
    }

    fn free(&mut self, actor: u16) {
        let row = self.actor_mut(actor);
        row.op = Op::Idle;
        row.pending = None;
        row.read = None;
        if let Some(at) = self.busy.iter().position(|&other| other == actor) {
            self.busy.swap_remove(at);
        }
        if actor < self.workers {
            self.idle.push(actor);
        }
    }

    /// Returns the rendering that an actor is performing, or `None` if the actor is not rendering.
    fn rendering_mut(&mut self, actor: u16) -> Option<&mut Rendering> {
        match &mut self.actor_mut(actor).op {
            Op::Observe(_, rendering) | Op::View(_, rendering) | Op::Fetch(_, rendering) => Some(rendering),
            Op::Idle | Op::Work(_) | Op::Request(..) | Op::Sweep(_) | Op::Relay(_) | Op::Prune(_) => None,
        }
    }

    #[inline]
    fn resume<W: EventSink>(&mut self, world: &mut World<'_, W>, actor: u16, reply: Reply) {
        // Not `actor_mut`, because the rules are borrowed at the same time.
        let row = &mut self.actors[usize::from(actor)];
        if !matches!(reply, Reply::Unit(_)) {
            row.read = None;
        }
        let now = Millis(world.clock.now.0.saturating_add_signed(row.skew_ms));
        if let (Reply::Refused(Refusal::StaleLease), Op::Work(work)) = (&reply, &row.op) {
            world.trace.see(Event::FencedOff { job: work.lease().job, worker: actor });
        }
        let asks = match &mut row.op {
            Op::Idle => return,
            Op::Work(work) => asked(work.resume(&self.rules, &mut row.memory, reply, now), |()| ()),
            Op::Sweep(sweep) => asked(sweep.resume(&self.rules, &mut row.memory, reply, now), |()| ()),
            Op::Relay(relay) => asked(relay.resume(&self.rules, &mut row.memory, reply, now), |()| ()),
            Op::Prune(prune) => asked(prune.resume(&self.rules, &mut row.memory, reply, now), |()| ()),
            Op::Request(request, place) => {
                let place = *place;
                let next = request.resume(&self.rules, &mut row.memory, reply, now);
                asked(next, |replied| self.on_request_reply(world, place, replied))
            }
            Op::View(view, rendering) => {
                let (rendering, viewer, run) = (*rendering, view.actor(), view.run());
                let next = view.resume(&self.rules, &mut row.memory, reply, now);
                asked(next, |response| self.on_viewed(world, rendering, viewer, run, response))
            }
            Op::Fetch(fetch, rendering) => {
                let (Rendering { number: view, asks, writes }, run) = (*rendering, fetch.run());
                asked(fetch.resume(&self.rules, &mut row.memory, reply, now), |file| {
                    Self::on_read(world, run, Some(view), file.as_ref());
                    world.trace.see(Event::ViewEnded { view, asks, writes });
                })
            }
            Op::Observe(observe, rendering) => {
                let rendering = *rendering;
                let next = observe.resume(&self.rules, &mut row.memory, reply, now);
                asked(next, |items| self.on_shown(world, rendering, &items))
            }
        };
        match asks {
            Some(request) => self.actor_mut(actor).pending = Some(request),
            None => self.free(actor),
        }
    }

    #[inline]
    fn perform<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        request: &Request,
        injected: Option<Response>,
    ) -> Reply {
        let now = world.clock.now;
        match request {
            Request::Load(Load::Unit { .. }) => self.load_unit(world, actor, request, injected),
            Request::Load(Load::Input { run, .. }) => {
                let mut reply = self.store.perform(request, now);
                if let Reply::Input { response: scripted, .. } = &mut reply {
                    let attempt = world.attempts.at_stage(*run);
                    *scripted = injected.or_else(|| self.spec(world, *run).planning_scripted(attempt));
                    let response = scripted.unwrap_or(Response::Done);
                    let responded = Event::PlanResponded { run: *run, phase: None, attempt, response };
                    self.on_attempt(world, *run, response.definite(), responded);
                }
                reply
            }
            Request::Load(_) => {
                let reply = self.store.perform(request, now);
                if let (Some(rendering), Reply::Run(run)) = (self.rendering_mut(actor), &reply) {
                    world.trace.see(Event::ViewRead { view: rendering.number, run: run.head.run });
                }
                reply
            }
            Request::Ask(ask) => {
                if let Some(rendering) = self.rendering_mut(actor) {
                    rendering.asks += 1;
                }
                Reply::Response(self.response(world, actor, ask, injected))
            }
            Request::Artifact(asked) => {
                let reads = matches!(asked, ArtifactRequest::Read { .. });
                if let (Some(rendering), false) = (self.rendering_mut(actor), reads) {
                    rendering.writes += 1;
                }
                self.artifact(world, actor, asked, injected)
            }
            Request::Commit(writes) => match self.store.instead_of(writes) {
                Some(other) => self.commit(world, actor, &Request::Commit(other), &other),
                None => self.commit(world, actor, request, writes),
            },
            Request::Seal(seal) => {
                let jobs = self.rows().jobs().len();
                let started = self.head(seal.run).status == Status::Queued;
                let reply = self.store.perform(request, now);
                if let Reply::Committed { .. } = reply {
                    self.on_seal(world, seal, jobs, started);
                }
                reply
            }
            Request::Accept(accept) => {
                let reply = self.store.perform(request, now);
                if let Reply::Accepted(run) = reply {
                    self.on_accept(world, accept, run);
                }
                reply
            }
        }
    }

    /// Performs a commit, and emits its events.
    #[inline]
    fn commit<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        request: &Request,
        writes: &WriteSet,
    ) -> Reply {
        if let Some(rendering) = self.rendering_mut(actor) {
            rendering.writes += 1;
        }
        let before = writes.effect.map(|effect| self.rows().objects()[effect.object.index()]);
        let letters = self.rows().inbox().len();
        let counts = writes.ack.then(|| self.rows().runs()[writes.run.index()].counts);
        let pruned = (writes.upkeep == Some(Upkeep::Prune)).then(|| self.rows().tables().pruned.to_vec());
        let late = match writes.lease {
            Some(lease) if self.job(lease.job).state == JobState::Ready => Some(lease.job),
            _ => None,
        };
        let reply = self.store.perform(request, world.clock.now);
        if let Reply::Committed { .. } = reply {
            self.on_commit(world, actor, writes, before, letters);
            // Only a faulty engine changes counts when it acknowledges.
            if counts.is_some_and(|counts| counts != self.rows().runs()[writes.run.index()].counts) {
                self.observe(world, writes.run, None);
            }
            self.on_pruned(world, &pruned.unwrap_or_default());
            // A late worker has acknowledged or handed back a job that was waiting to be redelivered.
            if let Some(job) = late
                && self.job(job).state != JobState::Ready
            {
                self.ready.retain(|ready| *ready != job);
            }
        }
        reply
    }

    /// Reads a unit. If the unit's side effect is on a row of the engine, this row also determines the response. An
    /// injected or scripted response takes precedence over the row.
    #[inline]
    fn load_unit<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        request: &Request,
        injected: Option<Response>,
    ) -> Reply {
        let mut reply = self.store.perform(request, world.clock.now);
        if let (Reply::Unit(loaded), Some(other)) = (&reply, self.store.looked_up()) {
            world.trace.see(Event::LookedUp { run: loaded.head.run, unit: loaded.ix, other, worker: actor });
        }
        if let Reply::Unit(loaded) = &mut reply
            && loaded.unit.resolution.is_none()
            && loaded.head.status != Status::Completed
            && family(loaded.head.family).effect == Effect::Rows
        {
            let (run, attempt) = (loaded.head.run, loaded.unit.attempts_used.saturating_add(1));
            let number = world.attempts.at_unit(run, loaded.ix);
            let scripted = injected.or_else(|| self.spec(world, run).scripted(loaded.unit.object, number));
            loaded.response = scripted;
            let response = scripted.unwrap_or_else(|| world.fixture.responses.of(loaded.head.family, loaded.row.state));
            self.actor_mut(actor).read = Some(response);
            let weight = if response.definite() { Weight::Read } else { Weight::Transient };
            world.trace.see(Event::Responded { run, unit: loaded.ix, worker: actor, attempt, response, weight });
        }
        reply
    }

    /// Returns the provider's response. The provider performs the side effect once for each key, and repeats its first
    /// definite response to that key.
    #[inline]
    fn response<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        actor: u16,
        ask: &Ask,
        injected: Option<Response>,
    ) -> Response {
        let Ask { run, unit, attempt, .. } = *ask;
        let spec = self.spec(world, run);
        let family = self.head(run).family;
        if family.mode() == Mode::Phased {
            let attempt = world.attempts.at_stage(run);
            let response = injected.or_else(|| spec.phase_scripted(unit.index(), attempt)).unwrap_or(Response::Done);
            let phase = Some(narrow(unit.0));
            let responded = Event::PlanResponded { run, phase, attempt, response };
            self.on_attempt(world, run, response.definite(), responded);
            return response;
        }
        let responded = |world: &mut World<'_, W>, response: Response| {
            let weight = if response.definite() { Weight::Definite } else { Weight::Transient };
            world.trace.see(Event::Responded { run, unit, worker: actor, attempt, response, weight });
            response
        };
        let known = match injected {
            Some(response) if !response.definite() => Some(response),
            _ => world.provider.remembered(ask),
        };
        if let Some(response) = known {
            return responded(world, response);
        }
        let object = self.rows().units(run).get(unit.index()).map(|row| row.object);
        let scripted = injected.or_else(|| spec.scripted(object?, world.attempts.at_unit(run, unit)));
        let state = || {
            object.map_or(Response::NotFound, |object| world.fixture.responses.of(family, world.provider.state(object)))
        };
        let response = scripted.unwrap_or_else(state);
        if response.definite() {
            world.provider.remember(ask, response);
        }
        if response == Response::Done {
            world.trace.see(Event::EffectDone { run, unit, worker: actor });
            if self.publishes(run) {
                self.stage_entry(world, run, unit);
            }
        }
        responded(world, response)
    }
}

/// Returns whether a request gets a response from the provider or the artifact store.
fn responses(request: &Request) -> bool {
    match request {
        Request::Ask(_) => true,
        Request::Artifact(request) => super::limits::is_publishing(request),
        _ => false,
    }
}

/// Returns the next request of an operation. If the operation has ended, passes its output to `end` and returns `None`.
fn asked<T>(next: Next<T>, end: impl FnOnce(T)) -> Option<Request> {
    match next {
        Next::Ask(request) => Some(request),
        Next::End(output) => {
            end(output);
            None
        }
    }
}
