//! The catalogue of planted bugs. Each entry has an id, a name, a clause, a description, and the rules or hooks that
//! the bug overrides.
//!
//! Bugs whose ids begin with M are those of the published catalogue of real bugs. Bugs whose ids begin with T are our
//! own. Each of our own bugs exploits a possible gap in the contract, or covers a clause that no published bug
//! violates.

mod invented;
mod invented_later;
mod invented_pairs;
mod published;
mod published_later;

use super::Mutant;

/// Declares mutants: id, name, clause and description, then the overridden rules, the store's hooks, or both.
macro_rules! mutants {
    ($seen:vis $list:ident: $(
        $id:literal $name:literal $clause:ident $does:literal
        $(rules { $($rule:item)* })?
        $(store { $($hook:item)* })?
    )*) => {
        /// Every mutant in this file, in order.
        $seen const $list: &[$crate::Mutant] = &[$($crate::Mutant {
            id: $id,
            name: $name,
            does: $does,
            clause: truecount_contract::clause::Clause::$clause,
            plant: {
                struct Engine;
                impl $crate::Plant for Engine { $($($rule)*)? }
                &Engine
            },
            store: $crate::catalogue::mutants!(@store $({ $($hook)* })?),
        },)*];
    };
    (@store) => { None };
    (@store { $($hook:item)* }) => {{
        struct Faulty;
        impl $crate::StoreBug for Faulty { $($hook)* }
        Some(&Faulty)
    }};
}
pub(crate) use mutants;

/// Every mutant.
pub const CATALOGUE: &[Mutant] = &joined::<{ published::ALL.len() + LATER }>();

const LATER: usize =
    invented::ALL.len() + published_later::ALL.len() + invented_later::ALL.len() + invented_pairs::ALL.len();

/// Returns the joined lists.
const fn joined<const N: usize>() -> [Mutant; N] {
    let lists = [published::ALL, invented::ALL, published_later::ALL, invented_later::ALL, invented_pairs::ALL];
    let mut all = [lists[0][0]; N];
    let (mut index, mut list) = (0, 0);
    while list < lists.len() {
        let mut entry = 0;
        while entry < lists[list].len() {
            all[index] = lists[list][entry];
            (index, entry) = (index + 1, entry + 1);
        }
        list += 1;
    }
    all
}
