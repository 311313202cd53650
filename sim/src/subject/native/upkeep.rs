//! Events that happen as time passes: leases and back-offs end, and the sweeper, the relay and the retention job run.

use truecount_engine::delivery::{JobEvent, JobState};
use truecount_engine::family::sweeper_interval_ms;
use truecount_engine::id::RunId;
use truecount_engine::operation::{Fetch, Observe, Prune, Relay, Sweep, View};
use truecount_engine::rules::Rules;
use truecount_engine::run::Run;
use truecount_engine::time::Millis;

use super::{Native, OBSERVER, Op, PRUNE, RELAY, Rendering, SWEEP, Store};
use crate::clock::Deadline;
use crate::fixture::Surface;
use crate::trace::{Event, EventSink};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    fn needs_upkeep<W>(&self, world: &World<'_, W>) -> bool {
        self.rows().outbox_waits()
            || world.artifact_store.next_staged(RunId(0)).is_some()
            || self.rows().runs().iter().any(Run::active)
    }

    /// Returns the next point in time at which a lease or a back-off ends or upkeep is due. If only stalled workers
    /// remain, this is the current time.
    pub(super) fn next_deadline<W>(&self, world: &mut World<'_, W>) -> Option<Millis> {
        let rows = self.store.rows();
        // The deadline of a job that was acknowledged or leased again does not matter.
        let interests = |&(_, job, fence): &Deadline| {
            let row = &rows.jobs()[job.index()];
            row.fence == fence && matches!(row.state, JobState::Leased(_) | JobState::Waiting(_))
        };
        let upkeep = self.needs_upkeep(world).then_some(world.upkeep_at);
        let asleep = (!self.asleep.is_empty()).then_some(world.clock.now);
        let next = world.clock.next(interests);
        [next, upkeep].into_iter().flatten().min().or(asleep)
    }

    /// Advances time to the next deadline.
    pub(super) fn jump<W: EventSink>(&mut self, world: &mut World<'_, W>) -> bool {
        let Some(to) = self.next_deadline(world) else { return false };
        world.advance(to);
        self.fire(world);
        // If the lease of a stalled worker ended long ago, no deadline is left that would wake the worker.
        if self.busy.is_empty() && self.ready.is_empty() {
            self.busy.append(&mut self.asleep);
        }
        true
    }

    /// Performs everything that has become due.
    pub(super) fn fire<W: EventSink>(&mut self, world: &mut World<'_, W>) {
        while let Some((_, job, fence)) = world.clock.take_due() {
            let row = self.job(job);
            if row.fence != fence {
                continue;
            }
            match row.state {
                // The holder has renewed the lease in the meantime.
                JobState::Leased(until) if until > world.clock.now => world.clock.due((until, job, fence)),
                JobState::Leased(_) => self.expire(job),
                JobState::Waiting(until) if until > world.clock.now => world.clock.due((until, job, fence)),
                JobState::Waiting(_) => {
                    self.store.rows_mut().move_job(job, JobEvent::Wake);
                    self.ready.push_back(job);
                }
                JobState::Ready | JobState::Acked => {}
            }
        }
        if world.clock.now >= world.upkeep_at {
            world.upkeep_at = world.clock.now + sweeper_interval_ms();
            if self.needs_upkeep(world) {
                self.start(world, SWEEP, Op::Sweep(Sweep::new()));
                self.start(world, RELAY, Op::Relay(Relay::default()));
                self.start(world, PRUNE, Op::Prune(Prune::new()));
            }
        }
    }

    /// Starts an operation on an upkeep actor or the viewer. Returns `false` if the actor is active.
    pub(super) fn start<W: EventSink>(&mut self, world: &mut World<'_, W>, clerk: u16, op: Op) -> bool {
        let actor = self.clerk(clerk);
        if self.actor(actor).op != Op::Idle {
            return false;
        }
        self.begin(world, actor, op);
        true
    }

    /// Renders a surface.
    pub(super) fn look<W: EventSink>(&mut self, world: &mut World<'_, W>, surface: u16) -> bool {
        self.render(world, surface, |Surface { actor, tenant }, rendering| {
            let began = Event::ViewBegan { view: rendering.number, actor, tenant };
            (began, Op::Observe(Observe::new(actor, tenant), rendering))
        })
    }

    /// Requests one run on behalf of the viewer of a surface.
    pub(super) fn view<W: EventSink>(&mut self, world: &mut World<'_, W>, surface: u16, run: RunId) -> bool {
        self.render(world, surface, |Surface { actor, .. }, rendering| {
            let asked = Event::RunAsked { view: rendering.number, actor, run };
            (asked, Op::View(View::new(actor, run), rendering))
        })
    }

    /// Reads the published artifact of one run on behalf of the viewer of a surface.
    pub(super) fn fetch<W: EventSink>(&mut self, world: &mut World<'_, W>, surface: u16, run: RunId) -> bool {
        self.render(world, surface, |Surface { actor, .. }, rendering| {
            let asked = Event::RunAsked { view: rendering.number, actor, run };
            (asked, Op::Fetch(Fetch::new(actor, run), rendering))
        })
    }

    /// Starts a rendering for the viewer of a surface, unless another rendering is active.
    fn render<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        surface: u16,
        begin: impl FnOnce(Surface, Rendering) -> (Event, Op),
    ) -> bool {
        let Some(&surface) = world.fixture.surfaces.get(usize::from(surface)) else { return false };
        if self.actor(self.clerk(OBSERVER)).op != Op::Idle {
            return false;
        }
        let (event, op) = begin(surface, self.rendering());
        world.trace.see(event);
        self.start(world, OBSERVER, op)
    }

    fn rendering(&mut self) -> Rendering {
        let number = self.views;
        self.views = self.views.wrapping_add(1);
        Rendering { number, asks: 0, writes: 0 }
    }
}
