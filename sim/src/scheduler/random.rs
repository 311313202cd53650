//! A uniform draw among all actors that could take the next step. Faults are injected at the rates of the seed's swarm.

use super::inject::{Injector, len};
use super::{Fair, Scheduler};
use crate::choice::{Choice, Open};
use crate::fixture::Fixture;
use crate::stream::{Stream, scale};
use crate::subject::Subject;
use crate::swarm::Swarm;

/// The uniform random scheduler.
#[derive(Clone, Debug)]
pub struct Random {
    injector: Injector,
    fair: Option<Fair>,
}

impl Random {
    /// Returns the scheduler for a seed's stream and swarm over a fixture.
    pub fn new(stream: Stream, swarm: Swarm, fixture: &Fixture) -> Self {
        Self { injector: Injector::new(stream, swarm, fixture), fair: None }
    }
}

impl Scheduler for Random {
    #[inline]
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        if let Some(fair) = &mut self.fair {
            return fair.pick(subject, open);
        }
        let default = open.default_choice()?;
        let (bits, injected) = self.injector.inject(None, open);
        if injected.is_some() {
            return injected;
        }
        let busy = len(open.busy);
        let others = u32::from(open.submit) + u32::from(open.deliver());
        if busy + others == 0 {
            return Some(default);
        }
        let picked = scale(bits, busy + others);
        Some(if picked < busy {
            Choice::Step(open.busy[picked as usize])
        } else if picked == busy && open.submit {
            Choice::Submit
        } else {
            Choice::Deliver
        })
    }

    fn stop_faults(&mut self) {
        self.fair = Some(Fair::default());
    }
}
