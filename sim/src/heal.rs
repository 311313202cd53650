//! The second phase: faults stop, everybody gets a turn, and the world must come to rest within its bound.

use truecount_engine::time::Millis;

use crate::play::bound_ms;
use crate::scheduler::Scheduler;
use crate::subject::Subject;
use crate::trace::{Event, Witness};
use crate::world::{UPKEEP_MS, World};

/// How long healing may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Healing {
    until: Millis,
    steps: u64,
}

impl Healing {
    /// Returns whether the time or the steps are used up. Steps bound what goes round without time passing.
    #[inline]
    pub fn exceeded<W: Witness>(&self, world: &World<'_, W>) -> bool {
        world.clock.now > self.until || world.steps > self.steps
    }
}

/// Stops the faults.
pub fn heal<S: Subject, W: Witness>(
    subject: &mut S,
    world: &mut World<'_, W>,
    scheduler: &mut impl Scheduler,
) -> Healing {
    world.healing = true;
    world.trace.see(Event::Healed);
    scheduler.calm();
    subject.heal(world);
    // The bound of the runs, and twice the upkeep that may have to find them first.
    let bound = bound_ms(world.fixture).saturating_add(2 * UPKEEP_MS.0);
    let units = world.fixture.units() as u64 + 1;
    Healing { until: Millis(world.clock.now.0.saturating_add(bound)), steps: world.steps + 2_000 + units * 400 }
}
