//! The loop that runs every simulation.

use crate::heal::{Healing, heal};
use crate::log::Log;
use crate::scheduler::Scheduler;
use crate::subject::Subject;
use crate::trace::EventSink;
use crate::world::World;

/// The maximum number of consecutive choices that do not apply. If it is exceeded, faults stop.
const IDLE_CHOICES_MAX: u32 = 10_000;

/// How a simulation ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ended {
    /// Nothing is left to do.
    Quiescent,
    /// The event sink reported a violation.
    Violation,
    /// Faults had stopped, but the simulation did not converge within its bound on time or steps.
    NotConverged,
}

/// Simulates until nothing is left to do, the event sink reports a violation, or the simulation exceeds its bound on
/// the time or the steps after the heal. `log` receives the choices.
pub fn simulate<S: Subject, W: EventSink>(
    subject: &mut S,
    world: &mut World<'_, W>,
    scheduler: &mut impl Scheduler,
    steps_until_heal: u64,
    log: &mut impl Log<S>,
) -> Ended {
    let mut healing: Option<Healing> = None;
    let mut idle = 0_u32;
    loop {
        let open = subject.open(world);
        // This heal is not logged. A scheduler that stops the faults itself follows either a schedule or the path of an
        // exploration. The decisions of a schedule already include the heal. A path may have steps after the heal,
        // which the log would drop if it received the heal. The caller that logs a path simulates the logged schedule
        // to check that it fails in the same way.
        if healing.is_none() && scheduler.stops_faults(subject, &open) {
            healing = Some(heal(subject, world, scheduler));
            continue;
        }
        let Some(choice) = scheduler.pick(subject, &open) else {
            subject.look_again(world);
            return if world.trace.sink.violated() { Ended::Violation } else { Ended::Quiescent };
        };
        log.before(subject, &open, choice);
        let applied = subject.apply(world, choice);
        log.after(applied);
        scheduler.choice_taken(applied, &world.injected);
        world.steps += u64::from(applied);
        idle = if applied { 0 } else { idle + 1 };
        if world.trace.sink.violated() {
            return Ended::Violation;
        }
        match &healing {
            Some(healing) if healing.exceeded(world) => return Ended::NotConverged,
            // A scheduler that proposes only choices that do not apply must not hold up the simulation for ever.
            None if world.steps >= steps_until_heal || idle > IDLE_CHOICES_MAX => {
                let open = subject.open(world);
                // If nothing is left to do, there is nothing to heal.
                if open.default_choice().is_some() {
                    log.heals(subject, &open);
                    healing = Some(heal(subject, world, scheduler));
                }
            }
            _ => {}
        }
    }
}
