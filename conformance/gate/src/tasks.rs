//! The tasks of a sweep, in rounds of seeds over all scenarios. A sweep that ends between two rounds has simulated the
//! first seeds of each scenario without a gap.
//!
//! Tasks are computed from numbers alone, so memory use does not grow with the number of seeds.

use std::collections::BTreeSet;

/// The number of seeds of each scenario in a round.
pub const ROUND: u64 = 32;

/// Returns the number of seeds that are simulated in this number of rounds for a scenario with this many seeds.
pub(super) fn seeds_in(seeds: u64, rounds: u64) -> u64 {
    rounds.saturating_mul(ROUND).min(seeds)
}

/// The number of seeds for a scenario, and their division into tasks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Share {
    pub seeds: u64,
    /// The maximum number of seeds in a task.
    pub chunk: u64,
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
    /// The index of the scenario.
    pub(super) place: usize,
    /// The first seed, as an offset from the first seed of the sweep.
    pub(super) start: u64,
    pub(super) seeds: u64,
}

impl Task {
    /// Returns the part of a sweep that the task simulates.
    pub(super) const fn part(self) -> Part {
        Part { round: self.start / ROUND, place: self.place, start: self.start }
    }
}

/// A part of a sweep: the seeds of one task. Parts are ordered as their tasks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Part {
    pub round: u64,
    /// The index of the scenario.
    pub place: usize,
    /// The first seed, as an offset from the first seed of the sweep.
    pub start: u64,
}

impl Part {
    /// Returns the number of seeds of the part, if a task with these seeds exists.
    pub(super) fn seeds(self, shares: &[Share]) -> Option<u64> {
        let share = shares.get(self.place)?;
        let seeds = share.in_round(self.round);
        let offset = self.start.checked_sub(seeds.start).filter(|_| self.start < seeds.end)?;
        offset.is_multiple_of(share.chunk).then(|| share.chunk.min(seeds.end - self.start))
    }
}

/// An iterator over the tasks, ordered by round and, within each round, by scenario.
#[derive(Clone, Debug)]
pub(super) struct Tasks<'s> {
    shares: &'s [Share],
    round: u64,
    place: usize,
    /// The number of seeds already returned for the current scenario and round.
    begun: u64,
    /// The tasks to leave out: the index of the scenario and the first seed of each.
    done: BTreeSet<(usize, u64)>,
}

impl<'s> Tasks<'s> {
    /// Returns the tasks of this round and of all later rounds.
    pub(super) const fn new(shares: &'s [Share], round: u64) -> Self {
        Self { shares, round, place: 0, begun: 0, done: BTreeSet::new() }
    }

    /// Leaves out tasks, each of which is given by the index of its scenario and its first seed.
    pub(super) fn without(self, done: BTreeSet<(usize, u64)>) -> Self {
        Self { done, ..self }
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
                (self.round, self.place, self.begun) = (self.round + 1, 0, 0);
                continue;
            };
            let seeds = share.in_round(self.round);
            let start = seeds.start + self.begun;
            if start >= seeds.end {
                (self.place, self.begun) = (self.place + 1, 0);
                continue;
            }
            let task = Task { place: self.place, start, seeds: share.chunk.min(seeds.end - start) };
            self.begun += task.seeds;
            if !self.done.remove(&(task.place, task.start)) {
                return Some(task);
            }
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
        assert!(tasks.iter().map(|task| task.part()).is_sorted());
        assert!(tasks.iter().all(|task| task.part().seeds(&SHARES) == Some(task.seeds)));
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
    fn tasks_that_are_done_are_left_out() {
        let all: Vec<Task> = Tasks::new(&SHARES, 0).collect();
        let done = [all[1], all[3]].map(|task| (task.place, task.start)).into_iter().collect();
        let left: Vec<Task> = Tasks::new(&SHARES, 0).without(done).collect();
        assert_eq!(left.len(), all.len() - 2);
        assert!(all.iter().enumerate().all(|(place, task)| left.contains(task) != [1, 3].contains(&place)));
    }

    #[test]
    fn a_part_that_no_task_simulates_has_no_seeds() {
        for (place, start) in [(0, 33), (0, 70), (1, 0), (2, 3), (3, 0), (0, u64::MAX)] {
            assert_eq!(Part { round: start / ROUND, place, start }.seeds(&SHARES), None, "{place} {start}");
        }
    }

    #[test]
    fn endless_seeds_need_no_memory_and_empty_shares_have_no_tasks() {
        let endless = [Share { seeds: u64::MAX, chunk: 32 }];
        let task = Tasks::new(&endless, 1 << 40).nth(1_000).expect("another task");
        assert_eq!((task.start, task.seeds), (((1 << 40) + 1_000) * ROUND, 32));
        assert_eq!(Tasks::new(&[], 0).next(), None);
        assert_eq!(Tasks::new(&[Share { seeds: 0, chunk: 1 }], 0).next(), None);
    }
}
