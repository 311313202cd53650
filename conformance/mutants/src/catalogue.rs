//! The catalogue of planted bugs. Each entry has an id, a name, a clause, a description, and the rules or hooks that
//! the bug overrides.
//!
//! Bugs whose ids begin with M are those of the published catalogue of real bugs. Bugs whose ids begin with T are our
//! own. Each of our own bugs exploits a possible gap in the contract, covers a clause that no published bug violates, or
//! models a public bug report, which the entry then names.

mod deliveries;
mod fail_fast;
mod invented;
mod invented_later;
mod invented_pairs;
mod limits;
mod lost_replies;
mod phases;
mod published;
mod published_later;
mod reported;
mod reported_later;
mod stored;

use super::Mutant;

/// Declares mutants: id, name, clause and description, then the public reports of the bug, if any, and the overridden
/// rules, the store's hooks, or both.
macro_rules! mutants {
    ($seen:vis $list:ident: $(
        $id:literal $name:literal $clause:ident $does:literal
        $(known_from $($report:literal)+;)?
        $(rules { $($rule:item)* })?
        $(store { $($hook:item)* })?
    )*) => {
        /// Every mutant in this file, in order.
        $seen const $list: &[$crate::Mutant] = &[$($crate::Mutant {
            id: $id,
            name: $name,
            does: $does,
            clause: truecount_contract::clause::Clause::$clause,
            known_from: &[$($($report),+)?],
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
pub(crate) use invented_later::report_carried;
pub(crate) use mutants;

/// The lists of the files.
const LISTS: [&[Mutant]; 13] = [
    published::ALL,
    invented::ALL,
    published_later::ALL,
    invented_later::ALL,
    invented_pairs::ALL,
    fail_fast::ALL,
    deliveries::ALL,
    limits::ALL,
    lost_replies::ALL,
    phases::ALL,
    stored::ALL,
    reported::ALL,
    reported_later::ALL,
];

/// Every mutant.
pub const CATALOGUE: &[Mutant] = &joined::<{ count() }>();

const fn count() -> usize {
    let (mut count, mut list) = (0, 0);
    while list < LISTS.len() {
        (count, list) = (count + LISTS[list].len(), list + 1);
    }
    count
}

/// Returns the joined lists.
const fn joined<const N: usize>() -> [Mutant; N] {
    let mut all = [LISTS[0][0]; N];
    let (mut index, mut list) = (0, 0);
    while list < LISTS.len() {
        let mut entry = 0;
        while entry < LISTS[list].len() {
            all[index] = LISTS[list][entry];
            (index, entry) = (index + 1, entry + 1);
        }
        list += 1;
    }
    all
}
