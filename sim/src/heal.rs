//! The second phase of a simulation: faults stop, every actor gets its turn, and the simulation must converge within a
//! bound.

use truecount_engine::delivery::RetryPolicy;
use truecount_engine::family::{family, sweeper_interval_ms};
use truecount_engine::time::Millis;

use crate::fixture::{Fixture, RunSpec};
use crate::scheduler::Scheduler;
use crate::subject::Subject;
use crate::trace::{Event, EventSink};
use crate::world::World;

/// Returns the time within which a run of `units` units must end once faults have stopped (clause LIFE-07). It is
/// computed from the limits that the run's family declares. Each attempt at each unit may wait for its back-off, and
/// each delivery for its lease. The bound is twice the sum.
pub const fn bound_ms(policy: &RetryPolicy, units: u64) -> u64 {
    let units = if units == 0 { 1 } else { units };
    let trying = policy.back_off_max_ms.0.saturating_mul(units).saturating_mul(policy.attempt_limit as u64);
    let delivering = policy.lease_ms.0.saturating_mul(policy.delivery_limit as u64);
    trying.saturating_add(delivering).saturating_mul(2)
}

/// Returns the declared wait after a retryable response to an attempt. `attempt` is its number, from 1. The first wait
/// is doubled for each further attempt, up to the maximum.
pub fn wait_ms(policy: &RetryPolicy, attempt: u8) -> u64 {
    let doubled = (1..attempt).fold(policy.back_off_ms.0, |wait, _| wait.saturating_mul(2));
    doubled.min(policy.back_off_max_ms.0)
}

/// The bound on the second phase.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Healing {
    until: Millis,
    steps: u64,
}

impl Healing {
    /// Returns whether the bound on time or the bound on steps is exceeded. The bound on steps ends cycles in which no
    /// time passes.
    #[inline]
    pub fn exceeded<W: EventSink>(&self, world: &World<'_, W>) -> bool {
        world.clock.now > self.until || world.steps > self.steps
    }
}

/// Stops the faults.
pub fn stop_faults<S: Subject, W: EventSink>(subject: &mut S, world: &mut World<'_, W>) {
    world.healing = true;
    world.trace.see(Event::Healed);
    subject.heal(world);
}

/// Stops the faults in the subject and in the scheduler. Returns the bound on the second phase.
pub fn heal<S: Subject, W: EventSink>(
    subject: &mut S,
    world: &mut World<'_, W>,
    scheduler: &mut impl Scheduler,
) -> Healing {
    stop_faults(subject, world);
    scheduler.stop_faults();
    // The bound for all runs, plus twice the sweeper interval, because the sweeper may first have to find the runs.
    let bound = all_within_ms(world.fixture).saturating_add(2 * sweeper_interval_ms().0);
    let units = world.fixture.units() as u64 + 1;
    Healing { until: Millis(world.clock.now.0.saturating_add(bound)), steps: world.steps + 2_000 + units * 400 }
}

/// Returns an upper bound on the time within which all runs of a fixture end once faults have stopped.
fn all_within_ms(fixture: &Fixture) -> u64 {
    let of = |run: &RunSpec| {
        let family = family(run.family);
        // A phased run has no units, so each phase counts as one unit.
        let units = run.input.objects.len().max(family.phases.len());
        bound_ms(&family.retry, units as u64)
    };
    fixture.runs.iter().map(of).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        attempt_limit: 4,
        delivery_limit: 5,
        back_off_ms: Millis(1_000),
        back_off_max_ms: Millis(3_000),
        lease_ms: Millis(60_000),
    };

    #[test]
    fn the_bound_is_twice_the_time_for_attempts_and_deliveries() {
        assert_eq!(bound_ms(&POLICY, 10), (10 * 4 * 3_000 + 5 * 60_000) * 2);
        assert_eq!(bound_ms(&POLICY, 0), bound_ms(&POLICY, 1), "the bounds for 0 units and for 1 unit differ");
    }

    #[test]
    fn a_wait_doubles_up_to_the_maximum() {
        assert_eq!([1, 2, 3, 255].map(|attempt| wait_ms(&POLICY, attempt)), [1_000, 2_000, 3_000, 3_000]);
    }
}
