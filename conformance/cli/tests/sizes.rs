//! Small scenarios have exactly the sizes that their files state. A size consists of the number of states and the
//! number of steps between them.
//!
//! Some mistakes change the sizes even if no clause is violated. Examples are a missing field in a fingerprint, a
//! choice that is no longer listed, a step that does not apply and a repeated request. A change to the engine's steps
//! or to a scenario also changes the sizes. If such a change is intended, write the new sizes.

mod corpus;

use corpus::Corpus;
use truecount_contract::reference::Reference;
use truecount_gate::{Scope, spread, wrong_sizes};
use truecount_scenario::Scenario;

/// The hint for an intended change of a size.
const WRITE: &str = "if the change is intended, run `truecount explore --write-sizes`";

#[test]
fn small_scenarios_have_the_sizes_that_their_files_state() {
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

/// A scenario that is not explored exhaustively must not state a size, because no test would check it.
#[test]
fn exactly_the_small_scenarios_state_a_size() {
    let corpus = Corpus::read();
    let explored = |scenario: &Scenario| scenario.file.as_ref().is_some_and(|file| file.explored.is_some());
    let wrong = corpus.pairs().into_iter().map(|(scenario, _)| scenario);
    let wrong = wrong.filter(|scenario| Scope::is_small(scenario) != explored(scenario));
    assert_eq!(wrong.map(|scenario| &scenario.id).collect::<Vec<_>>(), Vec::<&String>::new(), "{WRITE}");
}
