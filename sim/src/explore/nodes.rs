//! Distinct states by their fingerprints, each with the step by which it was first reached.
//!
//! A table with open places: no more is needed of it than to find and to add, and its order is never asked for.

/// Distinct states.
pub(super) struct Nodes<S> {
    /// Fingerprint and number, in a power of two of places; where the number is [`FREE`] there is none.
    table: Vec<(u128, u32)>,
    /// For each state but the first, the one before and the step.
    from: Vec<Option<(u32, S)>>,
}

const FREE: u32 = u32::MAX;

impl<S> Default for Nodes<S> {
    fn default() -> Self {
        Self { table: vec![(0, FREE); 1 << 10], from: Vec::new() }
    }
}

impl<S: Copy> Nodes<S> {
    /// Returns how many there are.
    pub(super) fn len(&self) -> u32 {
        u32::try_from(self.from.len()).unwrap_or(FREE)
    }

    /// Returns the number of a state, and whether it is new.
    pub(super) fn find_or_add(&mut self, fingerprint: u128, from: Option<(u32, S)>) -> (u32, bool) {
        let place = place_of(&self.table, fingerprint);
        let known = self.table[place].1;
        if known != FREE {
            return (known, false);
        }
        let fresh = self.len();
        self.table[place] = (fingerprint, fresh);
        self.from.push(from);
        // Two thirds full: chains stay short.
        if self.from.len() * 3 > self.table.len() * 2 {
            let mut larger = vec![(0, FREE); self.table.len() * 2];
            for entry in self.table.iter().filter(|(_, number)| *number != FREE) {
                let place = place_of(&larger, entry.0);
                larger[place] = *entry;
            }
            self.table = larger;
        }
        (fresh, true)
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

    /// Returns the steps to a cycle, and those that first reached its other states.
    pub(super) fn around(&self, cycle: &[u32]) -> (Vec<S>, Vec<S>) {
        let first = cycle.iter().copied().min().unwrap_or(0);
        let reached = cycle.iter().filter(|node| **node != first).filter_map(|node| self.from[*node as usize]);
        (self.way(first), reached.map(|(_, step)| step).collect())
    }
}

/// Returns the place of a fingerprint: where it is, or where it would be put.
fn place_of(table: &[(u128, u32)], fingerprint: u128) -> usize {
    let mask = table.len() - 1;
    let mut place = fingerprint as usize & mask;
    while table[place].1 != FREE && table[place].0 != fingerprint {
        place = (place + 1) & mask;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_keep_their_numbers_as_the_table_grows() {
        let mut nodes = Nodes::default();
        // Fingerprints that share their low bits, and so their places.
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
