//! Small scenarios have the very sizes that their files carry: how many states there are, and how many steps between them.
//!
//! A field too few in a fingerprint, a choice that is not listed any more, a step that comes to nothing, a question
//! that is asked once too often: all change them, also where no clause is violated. Who changes the engine's steps or a
//! scenario changes them too, looks whether they should, and has the new ones written. Independent of clauses.

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

/// A size is carried by what is searched whole, and by nothing else: otherwise it would be nobody's to see.
#[test]
fn the_small_scenarios_carry_a_size_and_no_others() {
    let corpus = Corpus::read();
    let explored = |scenario: &Scenario| scenario.file.as_ref().is_some_and(|file| file.explored.is_some());
    let wrong = corpus.pairs().into_iter().map(|(scenario, _)| scenario);
    let wrong = wrong.filter(|scenario| Scope::is_small(scenario) != explored(scenario));
    assert_eq!(wrong.map(|scenario| &scenario.id).collect::<Vec<_>>(), Vec::<&String>::new(), "{WRITE}");
}
