//! The tasks of a sweep, in rounds of seeds over all scenarios. A sweep that ends between two rounds has simulated the
//! first seeds of each scenario without a gap.
//!
//! Tasks are computed from numbers alone, so memory use does not grow with the number of seeds.

/// The number of seeds of each scenario in a round.
pub const ROUND: u64 = 32;

/// Returns the number of seeds that are simulated in this number of rounds for a scenario with this many seeds.
pub(super) fn seeds_in(seeds: u64, rounds: u64) -> u64 {
    rounds.saturating_mul(ROUND).min(seeds)
}

/// The number of seeds for a scenario, and their division into tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Share {
    pub(super) seeds: u64,
    /// The maximum number of seeds in a task.
    pub(super) chunk: u64,
}

impl Share {
    /// Returns the seeds of a round, as offsets from the first seed of the sweep.
    pub(super) fn in_round(self, round: u64) -> std::ops::Range<u64> {
        let start = round.saturating_mul(ROUND).min(self.seeds);
        start..start.saturating_add(ROUND).min(self.seeds)
    }

    /// Returns the number of tasks of the scenario in a round.
    fn tasks(self, round: u64) -> u64 {
        let seeds = self.in_round(round);
        (seeds.end - seeds.start).div_ceil(self.chunk)
    }
}

/// Returns the number of tasks in a round; 0 once no seeds are left.
pub(super) fn tasks_in(shares: &[Share], round: u64) -> u64 {
    shares.iter().map(|share| share.tasks(round)).sum()
}

/// Some seeds of one scenario in one round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Task {
    /// The index among all tasks of the sweep.
    pub(super) number: u64,
    /// The index of the scenario.
    pub(super) place: usize,
    /// The first seed, as an offset from the first seed of the sweep.
    pub(super) start: u64,
    pub(super) seeds: u64,
}

/// An iterator over the tasks, ordered by round and, within each round, by scenario.
#[derive(Clone, Debug)]
pub(super) struct Tasks<'s> {
    shares: &'s [Share],
    round: u64,
    place: usize,
    /// The number of seeds already returned for the current scenario and round.
    done: u64,
    number: u64,
}

impl<'s> Tasks<'s> {
    /// Returns the tasks of this round and of all later rounds.
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
    fn each_seed_is_in_one_task_and_rounds_are_in_order() {
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
    fn iteration_can_start_at_a_later_round() {
        let all: Vec<Task> = Tasks::new(&SHARES, 0).collect();
        for round in 0..4 {
            let rest: Vec<_> = Tasks::new(&SHARES, round).map(|task| (task.place, task.start, task.seeds)).collect();
            let late = all.iter().filter(|task| task.start >= round * ROUND);
            assert_eq!(rest, late.map(|task| (task.place, task.start, task.seeds)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn endless_seeds_need_no_memory_and_empty_shares_have_no_tasks() {
        let endless = [Share { seeds: u64::MAX, chunk: 32 }];
        let task = Tasks::new(&endless, 1 << 40).nth(1_000).expect("another task");
        assert_eq!((task.number, task.start, task.seeds), (1_000, ((1 << 40) + 1_000) * ROUND, 32));
        assert_eq!(Tasks::new(&[], 0).next(), None);
        assert_eq!(Tasks::new(&[Share { seeds: 0, chunk: 1 }], 0).next(), None);
    }
}
