//! Goals: the whole corpus reaches each, and a check that reaches too few of them is told so and fails.

mod corpus;

use corpus::Corpus;
use truecount::brief::Brief;
use truecount::gate::{Settings, sweep};
use truecount::reached::Goal;
use truecount::report::Report;
use truecount::scenario::Scenario;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;

/// Returns the report of these scenarios under so many seeds, judged as a whole corpus or not.
fn report(pairs: &[(&Scenario, &Brief)], seeds: Option<u64>, judged: bool) -> Report {
    let settings = Settings { first: 0, seeds, jobs: 2 };
    let results = sweep(pairs, settings, || (Standard, Memory::new()), &());
    let vectors = truecount::vectors::judge().expect("the vectors can be read");
    let tell = |_, seed| unreachable!("nothing fails under the standard engine, and yet seed {seed} did");
    Report::new(settings, pairs, &results, &[], &vectors, &[], judged, tell)
}

#[test]
fn the_corpus_reaches_every_goal() {
    let corpus = Corpus::read();
    let report = report(&corpus.pairs(), None, true);
    let missing: Vec<&str> = report.goals.iter().filter(|goal| goal.first.is_none()).map(|goal| goal.id).collect();
    assert_eq!((report.goals.len(), missing), (Goal::ALL.len(), vec![]));
    assert!(!report.is_broken());
}

#[test]
fn a_corpus_that_reaches_too_little_fails_and_says_what_it_missed() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let few: Vec<_> = pairs.into_iter().filter(|(scenario, _)| scenario.id == "delete/nothing-requested").collect();
    assert_eq!(few.len(), 1);
    let judged = report(&few, Some(8), true);
    assert!(judged.is_broken(), "{}", judged.text());
    assert!(judged.text().contains("not reached: zombie-settles-after-reclaim"), "{}", judged.text());
    assert!(!report(&few, Some(8), false).is_broken(), "a part of the corpus is not judged");
}
