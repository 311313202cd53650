//! Small scenarios have exactly the sizes that their files carry: how many states, and how many steps between them.
//!
//! A missing field in a fingerprint, a choice that is no longer listed, a step that does not apply, a repeated request:
//! all change them, even if no clause is violated. A change of the engine's steps or of a scenario changes them too;
//! check that it should, and write the new ones. Independent of clauses.

mod corpus;

use corpus::Corpus;
use truecount_contract::reference::Reference;
use truecount_gate::{Scope, spread, wrong_sizes};
use truecount_scenario::Scenario;

/// What to do about sizes that should be others.
const WRITE: &str = "if it should be so, run `truecount explore --write-sizes`";

#[test]
fn small_scenarios_have_the_sizes_that_their_files_carry() {
    let corpus = Corpus::read();
    let wrong = |(scenario, reference): (&Scenario, &Reference)| -> Vec<String> {
        let wrong = wrong_sizes(scenario, reference);
        let found = wrong.iter().map(|(scope, found)| {
            let (conclusion, states, edges) = (found.conclusion(), found.states, found.edges);
            format!("{}, {scope}: {conclusion:?}, {states} states, {edges} edges", scenario.id)
        });
        found.collect()
    };
    let pairs = corpus.pairs();
    let wrong = spread(pairs.len(), 2, |place| wrong(pairs[place]));
    assert_eq!(wrong.concat(), Vec::<String>::new(), "{WRITE}");
}

/// Exactly the scenarios that are explored exhaustively carry a size: otherwise no test would check it.
#[test]
fn the_small_scenarios_carry_a_size_and_no_others() {
    let corpus = Corpus::read();
    let explored = |scenario: &Scenario| scenario.file.as_ref().is_some_and(|file| file.explored.is_some());
    let wrong = corpus.pairs().into_iter().map(|(scenario, _)| scenario);
    let wrong = wrong.filter(|scenario| Scope::is_small(scenario) != explored(scenario));
    assert_eq!(wrong.map(|scenario| &scenario.id).collect::<Vec<_>>(), Vec::<&String>::new(), "{WRITE}");
}
