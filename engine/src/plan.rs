//! A plan: the ordered, distinct keys of a run's units, and the digest that identifies it.
//!
//! This module does not depend on families: each family decides its own order.

use crate::hash::mix;
use crate::id::ObjectId;

/// The objects and options in a request.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Input {
    /// The objects to work on, as requested.
    pub objects: Vec<ObjectId>,
    /// The objects that the options of the request exclude. Only families with such options use this field.
    pub excluded: Vec<ObjectId>,
}

impl Input {
    /// Returns an input with these objects and no options.
    pub const fn of(objects: Vec<ObjectId>) -> Self {
        Self { objects, excluded: Vec::new() }
    }
}

/// The maximum number of units in a run.
pub const UNITS_MAX: usize = 1 << 20;

/// The ordered, distinct keys of a run's units.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Plan(Vec<ObjectId>);

impl Plan {
    /// Returns the distinct keys in the order of their names. Names are interned in this order, so the ids are sorted.
    pub fn sorted(requested: &[ObjectId]) -> Self {
        let mut keys = requested.to_vec();
        keys.sort_unstable();
        keys.dedup();
        Self(keys)
    }

    /// Returns the distinct keys in the order in which they were first requested.
    pub fn in_request_order(requested: &[ObjectId]) -> Self {
        // Most requests name no object twice, and need only the sorted copy.
        let distinct = Self::sorted(requested);
        if distinct.0.len() == requested.len() {
            return Self(requested.to_vec());
        }
        let mut taken = vec![false; distinct.0.len()];
        let first_time = |key: &ObjectId| {
            let Ok(place) = distinct.0.binary_search(key) else {
                unreachable!("every requested key is in the sorted copy")
            };
            !std::mem::replace(&mut taken[place], true)
        };
        Self(requested.iter().copied().filter(first_time).collect())
    }

    /// Returns a plan with exactly these keys. No family uses this, since a repeated key would be two units.
    pub fn as_given(keys: &[ObjectId]) -> Self {
        Self(keys.to_vec())
    }

    /// Returns the keys in order.
    pub fn keys(&self) -> &[ObjectId] {
        &self.0
    }

    /// Returns a digest of the keys and their order, the same on every machine.
    pub fn digest(&self) -> u64 {
        digest(&self.0)
    }
}

/// Returns a digest of the keys and their order, the same on every machine. The digest depends on interned ids, so it
/// is meaningful only together with the table of names.
pub fn digest(keys: &[ObjectId]) -> u64 {
    keys.iter().fold(keys.len() as u64, |digest, key| mix(digest, u64::from(key.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ids(numbers: &[u32]) -> Vec<ObjectId> {
        numbers.iter().map(|&n| ObjectId(n)).collect()
    }

    #[test]
    fn a_key_requested_twice_is_one_unit() {
        assert_eq!(Plan::in_request_order(&ids(&[5, 2, 5, 9, 2])).keys(), ids(&[5, 2, 9]));
        assert_eq!(Plan::sorted(&ids(&[5, 2, 5, 9, 2])).keys(), ids(&[2, 5, 9]));
    }

    #[test]
    fn the_order_and_number_of_keys_change_the_digest() {
        let digests = [&[1, 2][..], &[2, 1], &[1, 2, 0], &[], &[0], &[0, 0]].map(|keys| digest(&ids(keys)));
        for (i, one) in digests.iter().enumerate() {
            assert!(digests[i + 1..].iter().all(|other| other != one));
        }
    }

    proptest! {
        #[test]
        fn plans_are_distinct_complete_and_in_order(numbers in proptest::collection::vec(0u32..40, 0..60)) {
            let requested = ids(&numbers);
            let plan = Plan::in_request_order(&requested);
            let mut naive: Vec<ObjectId> = Vec::new();
            for key in &requested {
                if !naive.contains(key) {
                    naive.push(*key);
                }
            }
            prop_assert_eq!(plan.keys(), &naive[..]);
            naive.sort_unstable();
            let sorted = Plan::sorted(&requested);
            prop_assert_eq!(sorted.keys(), &naive[..]);
        }
    }
}
