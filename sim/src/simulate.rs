//! The loop that runs every simulation.

use crate::heal::{Healing, heal};
use crate::log::Log;
use crate::scheduler::Scheduler;
use crate::subject::Subject;
use crate::trace::EventSink;
use crate::world::World;

/// The maximum number of consecutive choices that do not apply. If it is exceeded, faults stop.
const IDLE_CHOICES_MAX: u32 = 10_000;

/// The number of choices between two checks for a request to stop.
const INTERRUPT_CHOICES: u32 = 4_096;

/// How a simulation ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ended {
    /// Nothing is left to do.
    Quiescent,
    /// The event sink reported a violation.
    Violation,
    /// Faults had stopped, but the simulation did not converge within its bound on time or steps.
    NotConverged,
    /// A stop was requested from outside. The simulation has no result.
    Interrupted,
}

/// Simulates until nothing is left to do, the event sink reports a violation, or the simulation exceeds its bound on
/// the time or the steps after the heal. A request to stop ends it earlier. `log` receives the choices.
pub fn simulate<S: Subject, W: EventSink>(
    subject: &mut S,
    world: &mut World<'_, W>,
    scheduler: &mut impl Scheduler,
    steps_until_heal: u64,
    log: &mut impl Log<S>,
) -> Ended {
    let mut healing: Option<Healing> = None;
    let mut idle = 0_u32;
    let mut choices = 0_u32;
    loop {
        choices = choices.wrapping_add(1);
        if choices.is_multiple_of(INTERRUPT_CHOICES) && world.interrupt.asked() {
            return Ended::Interrupted;
        }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use truecount_engine::family::FamilyId;
    use truecount_engine::object::ObjectState;
    use truecount_engine::rules::Standard;
    use truecount_engine::storage::Memory;

    use super::*;
    use crate::fixture::{Fixture, ResponseTable};
    use crate::interrupt::Interrupt;
    use crate::scheduler::Fair;
    use crate::subject::native::Native;
    use crate::trace::NoSink;

    static ASKED: AtomicBool = AtomicBool::new(true);

    #[test]
    fn a_request_to_stop_ends_a_simulation_within_4096_choices() {
        let objects = vec![ObjectState::Archived; 2_000];
        let fixture = Fixture::of_one_run("many", FamilyId::BackupSetRestore, objects, ResponseTable::nothing());
        let mut ended = Vec::new();
        for interrupt in [Interrupt::NEVER, Interrupt::by(&ASKED)] {
            let mut world = World::new(&fixture, NoSink);
            world.interrupt = interrupt;
            let mut subject = Native::new(Standard, Memory::new());
            subject.reset(&mut world, 1);
            ended.push((simulate(&mut subject, &mut world, &mut Fair::default(), u64::MAX, &mut ()), world.steps));
        }
        assert_eq!(ended[0].0, Ended::Quiescent);
        assert!(ended[0].1 > 4_096, "{ended:?}");
        assert_eq!(ended[1].0, Ended::Interrupted);
        assert!(ended[1].1 < 4_096, "{ended:?}");
    }
}
