//! The tasks of a sweep, computed from numbers: in rounds of seeds over all scenarios, so that a sweep that ends
//! between two rounds has simulated a whole prefix of seeds.
//!
//! Independent of scenarios and simulations. Holds nothing that grows with the number of seeds.

/// Seeds of a round, for each scenario.
pub const ROUND: u64 = 32;

/// How much there is to simulate of a scenario.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Share {
    pub(super) seeds: u64,
    /// Seeds that a task takes at once.
    pub(super) chunk: u64,
}

impl Share {
    /// Returns the seeds of a round, by their distance from the first of all.
    pub(super) fn in_round(self, round: u64) -> std::ops::Range<u64> {
        let start = round.saturating_mul(ROUND).min(self.seeds);
        start..start.saturating_add(ROUND).min(self.seeds)
    }

    /// Returns how many tasks a round has of it.
    fn tasks(self, round: u64) -> u64 {
        let seeds = self.in_round(round);
        (seeds.end - seeds.start).div_ceil(self.chunk)
    }
}

/// Returns how many tasks a round has; none once there is nothing left to simulate.
pub(super) fn tasks_in(shares: &[Share], round: u64) -> u64 {
    shares.iter().map(|share| share.tasks(round)).sum()
}

/// Some seeds of one scenario, all of one round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Task {
    /// Its place among all tasks of this sweep, from 0.
    pub(super) number: u64,
    /// The scenario, by its place.
    pub(super) place: usize,
    /// The first seed, by its distance from the first of all.
    pub(super) start: u64,
    pub(super) seeds: u64,
}

/// Hands out the tasks: round by round, in each scenario by scenario.
#[derive(Clone, Debug)]
pub(super) struct Tasks<'s> {
    shares: &'s [Share],
    round: u64,
    place: usize,
    /// Seeds of this scenario and round that are handed out.
    done: u64,
    number: u64,
}

impl<'s> Tasks<'s> {
    /// Returns the tasks from a round on.
    pub(super) const fn new(shares: &'s [Share], round: u64) -> Self {
        Self { shares, round, place: 0, done: 0, number: 0 }
    }
}

impl Iterator for Tasks<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        loop {
            let Some(share) = self.shares.get(self.place) else {
                if tasks_in(self.shares, self.round + 1) == 0 {
                    return None;
                }
                (self.round, self.place, self.done) = (self.round + 1, 0, 0);
                continue;
            };
            let seeds = share.in_round(self.round);
            let start = seeds.start + self.done;
            if start >= seeds.end {
                (self.place, self.done) = (self.place + 1, 0);
                continue;
            }
            let task =
                Task { number: self.number, place: self.place, start, seeds: share.chunk.min(seeds.end - start) };
            self.done += task.seeds;
            self.number += 1;
            return Some(task);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARES: [Share; 3] =
        [Share { seeds: 70, chunk: 32 }, Share { seeds: 0, chunk: 32 }, Share { seeds: 3, chunk: 1 }];

    #[test]
    fn every_seed_of_every_scenario_is_in_one_task_and_rounds_come_in_order() {
        let tasks: Vec<Task> = Tasks::new(&SHARES, 0).collect();
        assert!(tasks.iter().enumerate().all(|(number, task)| task.number == number as u64));
        for (place, share) in SHARES.iter().enumerate() {
            let of = tasks.iter().filter(|task| task.place == place);
            let seeds: Vec<u64> = of.flat_map(|task| task.start..task.start + task.seeds).collect();
            assert_eq!(seeds, (0..share.seeds).collect::<Vec<_>>());
        }
        let rounds: Vec<u64> = tasks.iter().map(|task| task.start / ROUND).collect();
        assert!(rounds.is_sorted(), "{tasks:?}");
        for round in 0..4 {
            let count = rounds.iter().filter(|other| **other == round).count() as u64;
            assert_eq!(count, tasks_in(&SHARES, round), "round {round}");
        }
    }

    #[test]
    fn from_a_later_round_on_the_rest_comes_and_nothing_twice() {
        let all: Vec<Task> = Tasks::new(&SHARES, 0).collect();
        for round in 0..4 {
            let rest: Vec<_> = Tasks::new(&SHARES, round).map(|task| (task.place, task.start, task.seeds)).collect();
            let late = all.iter().filter(|task| task.start >= round * ROUND);
            assert_eq!(rest, late.map(|task| (task.place, task.start, task.seeds)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_end_of_seeds_needs_no_memory_and_nothing_to_simulate_is_not_a_task() {
        let endless = [Share { seeds: u64::MAX, chunk: 32 }];
        let task = Tasks::new(&endless, 1 << 40).nth(1_000).expect("another task");
        assert_eq!((task.number, task.start, task.seeds), (1_000, ((1 << 40) + 1_000) * ROUND, 32));
        assert_eq!(Tasks::new(&[], 0).next(), None);
        assert_eq!(Tasks::new(&[Share { seeds: 0, chunk: 1 }], 0).next(), None);
    }
}
