//! Distinct states by their fingerprints, each with the step by which it was first reached.
//!
//! An open-addressing table: it only needs to find and to add, and its order is never used.

use truecount_engine::index::ix;

/// Distinct states.
pub(super) struct Nodes<S> {
    /// Part of a fingerprint and the number of its state, in a power of two of slots; [`FREE`] if there is none. Eight
    /// bytes each, not the whole fingerprint: lookups are spread over the whole table, so as much of it as possible
    /// should stay in the cache.
    table: Vec<(u32, u32)>,
    /// The fingerprint of each state.
    fingerprints: Vec<u128>,
    /// For each state but the first, the one before and the step.
    from: Vec<Option<(u32, S)>>,
}

const FREE: (u32, u32) = (0, u32::MAX);

impl<S> Default for Nodes<S> {
    fn default() -> Self {
        Self { table: vec![FREE; 1 << 10], fingerprints: Vec::new(), from: Vec::new() }
    }
}

impl<S: Copy> Nodes<S> {
    /// Returns how many there are.
    pub(super) fn len(&self) -> u32 {
        ix(self.from.len())
    }

    /// Returns the number of a state, and whether it is new.
    pub(super) fn find_or_add(&mut self, fingerprint: u128, from: Option<(u32, S)>) -> (u32, bool) {
        let (start, tag) = place_and_tag(fingerprint);
        let is_it = |(other, known): (u32, u32)| other == tag && self.fingerprints[known as usize] == fingerprint;
        let place = place_of(&self.table, start, is_it);
        if self.table[place] != FREE {
            return (self.table[place].1, false);
        }
        let fresh = self.len();
        self.table[place] = (tag, fresh);
        self.fingerprints.push(fingerprint);
        self.from.push(from);
        // Two thirds full: chains stay short.
        if self.from.len() * 3 > self.table.len() * 2 {
            self.grow();
        }
        (fresh, true)
    }

    fn grow(&mut self) {
        self.table = vec![FREE; self.table.len() * 2];
        for (number, fingerprint) in (0..).zip(&self.fingerprints) {
            let (start, tag) = place_and_tag(*fingerprint);
            let place = place_of(&self.table, start, |_| false);
            self.table[place] = (tag, number);
        }
    }

    /// Returns the steps to a state.
    pub(super) fn way(&self, mut node: u32) -> Vec<S> {
        let mut way = Vec::new();
        while let Some((from, step)) = self.from[node as usize] {
            way.push(step);
            node = from;
        }
        way.reverse();
        way
    }
}

/// Returns the first slot, from this one on, that is free or holds what is searched for.
fn place_of(table: &[(u32, u32)], start: usize, is_it: impl Fn((u32, u32)) -> bool) -> usize {
    let mask = table.len() - 1;
    let mut place = start & mask;
    while table[place] != FREE && !is_it(table[place]) {
        place = (place + 1) & mask;
    }
    place
}

/// Returns the slot at which to start the search for a fingerprint, and the part of it that the slot holds.
const fn place_and_tag(fingerprint: u128) -> (usize, u32) {
    (fingerprint as usize, (fingerprint >> 96) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_keep_their_numbers_as_the_table_grows() {
        let mut nodes = Nodes::default();
        // Fingerprints that share their low bits, and so their slots.
        let fingerprint = |n: u32| u128::from(n) << 64 | u128::from(n % 7);
        for n in 0..5_000 {
            assert_eq!(nodes.find_or_add(fingerprint(n), n.checked_sub(1).map(|before| (before, n))), (n, true));
        }
        for n in 0..5_000 {
            assert_eq!(nodes.find_or_add(fingerprint(n), None), (n, false));
        }
        assert_eq!((nodes.len(), nodes.way(3)), (5_000, vec![1, 2, 3]));
    }
}
