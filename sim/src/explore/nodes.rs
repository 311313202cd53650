//! Distinct states by their fingerprints, each with the step by which it was first reached.
//!
//! This is an open-addressing table. It supports only lookup and insertion, and its order is never used.

use truecount_engine::index::ix;

/// Distinct states.
pub(super) struct Nodes<S> {
    /// For each slot, part of a fingerprint and the number of the state, or [`FREE`]. The number of slots is a power of
    /// two. A slot holds only eight bytes instead of a whole fingerprint, so that more of the table fits into the
    /// cache. This matters because lookups are spread over the whole table.
    table: Vec<(u32, u32)>,
    /// The fingerprint of each state.
    fingerprints: Vec<u128>,
    /// For each state, the state before it and the step between the two; `None` for the first state.
    from: Vec<Option<(u32, S)>>,
}

const FREE: (u32, u32) = (0, u32::MAX);

impl<S> Default for Nodes<S> {
    fn default() -> Self {
        Self { table: vec![FREE; 1 << 10], fingerprints: Vec::new(), from: Vec::new() }
    }
}

impl<S: Copy> Nodes<S> {
    /// Returns the number of states.
    pub(super) fn len(&self) -> u32 {
        ix(self.from.len())
    }

    /// Returns the number of the state with this fingerprint, and whether the state is new.
    pub(super) fn find_or_add(&mut self, fingerprint: u128, from: Option<(u32, S)>) -> (u32, bool) {
        let (start, tag) = place_and_tag(fingerprint);
        let matches = |(other, known): (u32, u32)| other == tag && self.fingerprints[known as usize] == fingerprint;
        let place = place_of(&self.table, start, matches);
        if self.table[place] != FREE {
            return (self.table[place].1, false);
        }
        let fresh = self.len();
        self.table[place] = (tag, fresh);
        self.fingerprints.push(fingerprint);
        self.from.push(from);
        // The table grows when it is two thirds full, so that probe sequences stay short.
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

    /// Returns the steps on the path to a state.
    pub(super) fn path(&self, mut node: u32) -> Vec<S> {
        let mut path = Vec::new();
        while let Some((from, step)) = self.from[node as usize] {
            path.push(step);
            node = from;
        }
        path.reverse();
        path
    }
}

/// Returns the first slot, from `start` on, that is free or for which `matches` holds.
fn place_of(table: &[(u32, u32)], start: usize, matches: impl Fn((u32, u32)) -> bool) -> usize {
    let mask = table.len() - 1;
    let mut place = start & mask;
    while table[place] != FREE && !matches(table[place]) {
        place = (place + 1) & mask;
    }
    place
}

/// Returns the slot at which to start the search for a fingerprint, and the part of the fingerprint that a slot holds.
const fn place_and_tag(fingerprint: u128) -> (usize, u32) {
    (fingerprint as usize, (fingerprint >> 96) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_keep_their_numbers_as_the_table_grows() {
        let mut nodes = Nodes::default();
        // The fingerprints share their low bits, and therefore their slots.
        let fingerprint = |n: u32| u128::from(n) << 64 | u128::from(n % 7);
        for n in 0..5_000 {
            assert_eq!(nodes.find_or_add(fingerprint(n), n.checked_sub(1).map(|before| (before, n))), (n, true));
        }
        for n in 0..5_000 {
            assert_eq!(nodes.find_or_add(fingerprint(n), None), (n, false));
        }
        assert_eq!((nodes.len(), nodes.path(3)), (5_000, vec![1, 2, 3]));
    }
}
