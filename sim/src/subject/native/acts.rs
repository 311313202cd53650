//! Changes from outside while the engine works: objects change, grants are revoked, lowered and granted again, requests
//! are sent again, and the clock jumps.

use truecount_engine::id::ObjectId;
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::rules::Rules;
use truecount_engine::time::Millis;

use super::events::capped;
use super::{Native, Op, SECOND_SENDER, Store};
use crate::fault::Fault;
use crate::trace::{Event, EventSink};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    pub(super) fn change<W: EventSink>(
        &mut self,
        world: &mut World<'_, W>,
        object: ObjectId,
        state: ObjectState,
    ) -> bool {
        let fault = match state {
            ObjectState::Archived => Fault::Archive,
            ObjectState::Absent => Fault::Remove,
            ObjectState::Active => Fault::Restore,
            ObjectState::Unsupported | ObjectState::Present => return false,
        };
        if !world.may_inject(fault) || world.provider.state(object) == state {
            return false;
        }
        world.inject(fault, object.0);
        self.store.rows_mut().write_object(object, state);
        world.provider.objects[object.index()] = state;
        world.trace.see(Event::WorldChanged { object, state, by: None });
        true
    }

    /// Revokes a grant of the fixture, lowers it, or grants it again.
    pub(super) fn regrant<W: EventSink>(&mut self, world: &mut World<'_, W>, place: u16, fault: Fault) -> bool {
        let Some(&(actor, tenant, original)) = world.fixture.grants.get(usize::from(place)) else { return false };
        let current = self.rows().grant(actor, tenant);
        let grant = match fault {
            Fault::Regrant => original,
            Fault::Lower if current == Grant::Operate => Grant::View,
            Fault::Lower => return false,
            _ => Grant::None,
        };
        if !world.may_inject(fault) || current == grant {
            return false;
        }
        world.inject(fault, u32::from(place));
        self.store.rows_mut().write_grant(actor, tenant, grant);
        world.trace.see(Event::GrantChanged { actor, tenant, grant });
        true
    }

    /// Sends the request of a client again while it is still under way, as a client does that no longer waits for the
    /// reply. Only one request at a time is under way twice.
    pub(super) fn resend<W: EventSink>(&mut self, world: &mut World<'_, W>, actor: u16) -> bool {
        let second = self.clerk(SECOND_SENDER);
        let Op::Request(_, place) = self.actor(actor).op else { return false };
        if !world.may_inject(Fault::Resend) || self.actor(second).op != Op::Idle {
            return false;
        }
        world.inject(Fault::Resend, u32::from(place));
        self.send(world, place, second);
        true
    }

    pub(super) fn clock_jump<W: EventSink>(&mut self, world: &mut World<'_, W>, by: Millis) -> bool {
        let held = |worker: &&u16| matches!(self.actor(**worker).op, Op::Work(_));
        let spares = |worker: &u16| match &self.actor(*worker).op {
            Op::Work(work) => self.spares_delivery(world, work.lease().job),
            _ => true,
        };
        if !world.may_inject(Fault::ClockJump) || !self.busy.iter().filter(held).all(spares) {
            return false;
        }
        world.inject(Fault::ClockJump, capped(by.0));
        world.advance(world.clock.now + by);
        self.fire(world);
        true
    }
}
