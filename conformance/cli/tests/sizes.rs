//! Small scenarios have these very sizes: how many states there are, and how many steps between them.
//!
//! A field too few in a fingerprint, a choice that is not listed any more, a step that comes to nothing, a question
//! that is asked once too often: all change them, also where no clause is violated. Who changes the engine's steps or a
//! scenario changes them too, looks whether they should, and writes down the new ones. Independent of clauses.

mod corpus;

use corpus::Corpus;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::{Conclusion, Scope, explore};
use truecount_sim::explore::Bounds;
use truecount_sim::subject::Acts;

use Acts::{All, None, Single};

/// A scenario, what somebody may do in it at any moment, its states, the steps between them.
const SIZES: [(&str, Acts, u64, u64); 24] = [
    ("small/answered-late", None, 629, 1_361),
    ("small/answered-late", Single, 6_804, 24_891),
    ("small/conflict-once", None, 239, 579),
    ("small/conflict-once", Single, 3_612, 15_220),
    ("small/conflict-once", All, 17_676, 91_526),
    ("small/delivered-once-more", None, 1_387, 3_793),
    ("small/item-gone", None, 1_148, 2_655),
    ("small/last-two-together", None, 394, 894),
    ("small/last-two-together", Single, 9_224, 39_990),
    ("small/late-once", None, 31_910, 132_460),
    ("small/nothing-to-do", None, 4_671, 14_643),
    ("small/one-entry-pack", None, 17_639, 59_271),
    ("small/phase-again", None, 3_725, 11_505),
    ("small/phase-unanswered", None, 706, 1_648),
    ("small/queue-worker-crashes-once", None, 8_084, 25_452),
    ("small/reply-lost-once", None, 543, 1_339),
    ("small/sets-deleted-together", None, 221, 490),
    ("small/storage-away-once", None, 501, 1_256),
    ("small/storage-away-once", Single, 6_340, 27_460),
    ("small/two-types-once-more", None, 546, 1_499),
    ("small/type-removed", None, 1_024, 2_337),
    ("small/under-a-new-job-id", None, 1_954, 5_356),
    ("small/worker-dies-before", None, 7_117, 22_957),
    ("small/worker-dies-once", None, 7_470, 23_394),
];

#[test]
fn scopes_have_these_very_sizes() {
    let corpus = Corpus::read();
    let small: Vec<_> = corpus.pairs().into_iter().filter(|(scenario, _)| Scope::is_small(scenario)).collect();
    let bounds = Bounds { states: 1_000_000, generated: 10_000_000, depth: Scope::DEPTH };
    let mut wrong = Vec::new();
    for (id, acts, states, edges) in SIZES {
        let (scenario, reference) =
            small.iter().find(|(scenario, _)| scenario.id == id).unwrap_or_else(|| panic!("{id}"));
        let scope = Scope { acts, ..Scope::within(bounds) };
        let explored = explore(scenario, reference, || (Standard, Memory::new()), scope, &mut ());
        if (explored.conclusion(), explored.states, explored.edges) != (Conclusion::Exhausted, states, edges) {
            let (verdict, states, edges) = (explored.conclusion(), explored.states, explored.edges);
            wrong.push(format!("{verdict:?}: (\"{id}\", {acts:?}, {states}, {edges}),"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "if it should be so, write this down");
}

/// A scenario is listed as it joins: otherwise its size would be nobody's to see.
#[test]
fn every_small_scenario_has_its_size_written_down() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let small =
        pairs.iter().filter(|(scenario, _)| Scope::is_small(scenario)).map(|(scenario, _)| scenario.id.as_str());
    let listed = |id: &&str| SIZES.iter().any(|(of, acts, ..)| of == id && *acts == None);
    assert_eq!(small.filter(|id| !listed(id)).collect::<Vec<_>>(), Vec::<&str>::new(), "add a row with `None`");
}
