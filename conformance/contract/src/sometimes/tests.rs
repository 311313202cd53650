//! Each sometimes assertion with a short trace that hits it and a near miss that does not. An assertion that every
//! trace hits, or that no trace can hit, shows nothing.

mod cases;
mod packs;
mod requests;
mod stored;
mod tape;

use std::collections::BTreeSet;

use cases::{BY_FAULT, BY_RUN, Case};
use packs::BY_PACK;
use requests::BY_REQUEST;
use stored::BY_STORAGE;

use super::{Sometimes, SometimesSet};

fn cases() -> impl Iterator<Item = &'static Case> {
    BY_FAULT.iter().chain(BY_RUN).chain(BY_PACK).chain(BY_REQUEST).chain(BY_STORAGE)
}

#[test]
fn each_assertion_is_hit_by_its_example_but_not_by_its_near_miss() {
    for Case { assertion, reached, missed } in cases() {
        assert!(reached().sometimes().contains(*assertion), "{} is not hit by its example", assertion.id());
        assert!(!missed().sometimes().contains(*assertion), "{} is hit by its near miss", assertion.id());
    }
}

#[test]
fn each_assertion_has_a_case() {
    let with: BTreeSet<Sometimes> = cases().map(|case| case.assertion).collect();
    let without: Vec<&str> =
        Sometimes::ALL.iter().filter(|assertion| !with.contains(assertion)).map(|assertion| assertion.id()).collect();
    assert_eq!(without, Vec::<&str>::new(), "these assertions have no example and no near miss");
}

#[test]
fn ids_are_unique_and_sentences_end_with_a_full_stop() {
    let ids: BTreeSet<&str> = Sometimes::ALL.iter().map(|assertion| assertion.id()).collect();
    assert_eq!(ids.len(), Sometimes::ALL.len());
    assert!(Sometimes::ALL.iter().all(|assertion| assertion.sentence().ends_with('.')));
}

#[test]
fn a_set_can_contain_the_first_and_the_last_assertion() {
    let (first, last) = (Sometimes::ALL[0], Sometimes::ALL[Sometimes::ALL.len() - 1]);
    let mut set = SometimesSet::default();
    set.extend([first, last]);
    assert_eq!(set.iter().collect::<Vec<_>>(), [first, last]);
    let mut other = SometimesSet::default();
    other.insert(first);
    assert_eq!(set.beyond(other).iter().collect::<Vec<_>>(), [last]);
    assert_eq!(SometimesSet::default().iter().count(), 0);
}
