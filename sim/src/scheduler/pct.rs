//! Priorities with few changes: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
//! Guarantees of Finding Bugs", ASPLOS 2010.
//!
//! A bug of depth d needs d steps in a certain order. Every actor gets a random priority, and the actor with the
//! highest priority takes the next step. At d - 1 random points within the expected length of a simulation, the actor
//! that then has the highest priority drops below all others. With n actors and k steps, one simulation finds such a
//! bug with a probability of at least 1 / (n × k^(d - 1)). A scheduler that draws an actor at each step may need
//! exponentially many simulations. Such a scheduler rarely lets one actor wait while another does all of its work.
//!
//! An actor here is one operation, so a worker counts as a new actor each time it takes another job. Delivering a job
//! and sending a request have priorities of their own. Faults are injected into the step of the actor whose turn it is,
//! at the rates of the seed's swarm.

use truecount_engine::index::ix;

use super::inject::Injector;
use super::{Fair, Scheduler};
use crate::choice::{Choice, Open};
use crate::fixture::Fixture;
use crate::stream::Stream;
use crate::subject::Subject;
use crate::swarm::Swarm;

/// The maximum number of priority changes, which is enough for bugs of depth 4.
const CHANGES_MAX: u32 = 3;

/// The scheduler that uses priorities.
#[derive(Clone, Debug)]
pub struct Pct {
    injector: Injector,
    priorities: Priorities,
    fair: Option<Fair>,
}

/// An actor that could take the next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Submit,
    Deliver,
    Actor(u16),
}

/// The priorities of the actors.
#[derive(Clone, Debug)]
struct Priorities {
    /// For each actor, the pick at which it was last busy, and its priority.
    actors: Vec<(u32, u32)>,
    submit: u32,
    deliver: u32,
    /// Number of picks so far.
    picks: u32,
    /// The picks at which the actor with the highest priority is demoted. The index in the list is the actor's new
    /// priority.
    changes: [u32; CHANGES_MAX as usize],
}

impl Pct {
    /// Returns the scheduler for bugs of this depth, from 1 to 4, in simulations with about `picks` picks.
    pub fn new(depth: u8, picks: u32, mut stream: Stream, swarm: Swarm, fixture: &Fixture) -> Self {
        let priorities = Priorities::new(depth, picks, &mut stream);
        Self { injector: Injector::new(stream, swarm, fixture), priorities, fair: None }
    }
}

/// Draws a priority higher than any that an actor gets by demotion.
fn fresh(stream: &mut Stream) -> u32 {
    CHANGES_MAX + stream.below(u32::MAX - CHANGES_MAX)
}

impl Priorities {
    fn new(depth: u8, picks: u32, stream: &mut Stream) -> Self {
        let mut changes = [u32::MAX; CHANGES_MAX as usize];
        assert!(depth > 0, "the depth of a bug must be at least 1");
        for change in changes.iter_mut().take(usize::from(depth) - 1) {
            *change = stream.below(picks);
        }
        let [submit, deliver] = [(); 2].map(|()| fresh(stream));
        Self { actors: Vec::new(), submit, deliver, picks: 0, changes }
    }

    /// Returns the actor whose turn it is, or `None` if no actor can take a step.
    fn turn(&mut self, open: &Open<'_>, stream: &mut Stream) -> Option<Who> {
        self.picks += 1;
        // An actor that was not busy at the last pick is a new actor.
        for &actor in open.busy {
            let place = usize::from(actor);
            if place >= self.actors.len() {
                self.actors.resize(place + 1, (0, 0));
            }
            let (seen, priority) = &mut self.actors[place];
            if *seen == 0 || *seen + 1 != self.picks {
                *priority = fresh(stream);
            }
            *seen = self.picks;
        }
        let mut who = self.highest(open)?;
        while let Some(lowest) = self.changes.iter().position(|&at| at < self.picks) {
            self.changes[lowest] = u32::MAX;
            self.fall(who, ix(lowest));
            who = self.highest(open)?;
        }
        Some(who)
    }

    fn highest(&self, open: &Open<'_>) -> Option<Who> {
        let of = |&actor: &u16| (self.actors[usize::from(actor)].1, Who::Actor(actor));
        let submit = open.submit.then_some((self.submit, Who::Submit));
        let deliver = open.deliver().then_some((self.deliver, Who::Deliver));
        let all = open.busy.iter().map(of).chain(submit).chain(deliver);
        all.max_by_key(|(priority, _)| *priority).map(|(_, who)| who)
    }

    fn fall(&mut self, who: Who, lowest: u32) {
        match who {
            Who::Submit => self.submit = lowest,
            Who::Deliver => self.deliver = lowest,
            Who::Actor(actor) => self.actors[usize::from(actor)].1 = lowest,
        }
    }
}

impl Scheduler for Pct {
    fn pick<S: Subject>(&mut self, subject: &S, open: &Open<'_>) -> Option<Choice> {
        if let Some(fair) = &mut self.fair {
            return fair.pick(subject, open);
        }
        let default = open.default_choice()?;
        let Self { injector, priorities, .. } = self;
        let who = priorities.turn(open, &mut injector.stream);
        let (turn, choice) = match who {
            Some(Who::Actor(actor)) => (Some(actor), Choice::Step(actor)),
            Some(Who::Submit) => (None, Choice::Submit),
            Some(Who::Deliver) => (None, Choice::Deliver),
            None => (None, default),
        };
        let (_, injected) = injector.inject(turn, open);
        Some(injected.unwrap_or(choice))
    }

    fn stop_faults(&mut self) {
        self.fair = Some(Fair::default());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn open(busy: &[u16]) -> Open<'_> {
        Open { submit: false, ready: 0, idle: false, busy, deadline: false, workers: 4, jobs: 0, runs: 0 }
    }

    fn priorities(depth: u8, picks: u32, seed: u64) -> (Priorities, Stream) {
        let mut stream = Stream::new("schedule", "pct", seed);
        (Priorities::new(depth, picks, &mut stream), stream)
    }

    /// Returns the actor at each of `picks` picks while all actors in `busy` stay busy.
    fn turns(depth: u8, picks: u32, seed: u64, busy: &[u16]) -> Vec<u16> {
        let (mut priorities, mut stream) = priorities(depth, picks, seed);
        let turn = |_| match priorities.turn(&open(busy), &mut stream) {
            Some(Who::Actor(actor)) => actor,
            other => panic!("expected a step of an actor, but got {other:?}"),
        };
        (0..picks).map(turn).collect()
    }

    fn switches(turns: &[u16]) -> usize {
        turns.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    #[test]
    fn there_are_at_most_depth_minus_one_switches_between_actors() {
        let mut falls = BTreeSet::new();
        for seed in 0..200 {
            assert_eq!(switches(&turns(1, 20, seed, &[0, 1, 2])), 0, "the order changed at depth 1");
            let two = turns(2, 20, seed, &[0, 1, 2]);
            let at = two.iter().position(|actor| *actor != two[0]);
            // A demotion at the very first pick is not visible as a switch: no actor has taken a step yet.
            assert_eq!(switches(&two), usize::from(at.is_some()), "{two:?}");
            falls.insert(at);
            assert!(switches(&turns(3, 20, seed, &[0, 1, 2])) <= 2);
        }
        assert_eq!(falls.len(), 20, "not every pick had a demotion: {falls:?}");
        let both = (0..200).filter(|seed| switches(&turns(3, 20, *seed, &[0, 1, 2])) == 2).count();
        assert!(both > 100, "{both}");
    }

    #[test]
    fn every_order_of_three_actors_occurs() {
        let order = |seed| {
            let (mut priorities, mut stream) = priorities(1, 8, seed);
            let mut left = vec![0, 1, 2];
            let mut order = Vec::new();
            while let Some(Who::Actor(actor)) = priorities.turn(&open(&left), &mut stream) {
                left.retain(|other| *other != actor);
                order.push(actor);
            }
            order
        };
        assert_eq!((0..100).map(order).collect::<BTreeSet<_>>().len(), 6);
    }

    #[test]
    fn a_worker_with_its_next_job_is_a_new_actor() {
        let first = |seed| {
            let (mut priorities, mut stream) = priorities(1, 8, seed);
            let mut turn = |busy: &[u16]| priorities.turn(&open(busy), &mut stream);
            let before = turn(&[0, 1]);
            // Worker 1 keeps its job. Worker 0 finishes a job and takes another.
            turn(&[1]);
            (before, turn(&[0, 1]))
        };
        assert_eq!((0..100).map(first).map(|(a, b)| a == b).collect::<BTreeSet<_>>().len(), 2);
    }

    /// The kind of bug for which priorities are meant: all work of one actor falls between two steps of another.
    #[test]
    fn priorities_find_a_long_wait_that_a_uniform_draw_misses() {
        let long = 24;
        let hidden = |turn: &mut dyn FnMut(&[u16]) -> u16| {
            let mut left = [long; 2];
            let mut in_one_go = 0;
            while left[1] > 0 && left[0] > 0 {
                let busy: Vec<u16> = (0..2).filter(|actor| left[usize::from(*actor)] > 0).collect();
                let actor = turn(&busy);
                left[usize::from(actor)] -= 1;
                in_one_go = if actor == 1 { in_one_go + 1 } else { 0 };
            }
            in_one_go == long && (1..long).contains(&left[0])
        };
        let found = (0..200).filter(|seed| {
            let (mut priorities, mut stream) = priorities(2, 2 * long, *seed);
            hidden(&mut |busy| match priorities.turn(&open(busy), &mut stream) {
                Some(Who::Actor(actor)) => actor,
                other => panic!("expected a step of an actor, but got {other:?}"),
            })
        });
        assert!(found.count() > 20);
        let mut stream = Stream::new("schedule", "uniform", 0);
        let drawn = (0..200).filter(|_| hidden(&mut |busy| busy[stream.below(ix(busy.len())) as usize]));
        assert_eq!(drawn.count(), 0);
    }
}
