//! Tests of sometimes assertions. At the default seeds, the corpus hits every assertion, but a part of the corpus need
//! not.

mod corpus;

use corpus::Corpus;
use truecount_contract::sometimes::Sometimes;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::report::{Checked, Report, Verdict};
use truecount_gate::{ScenarioResult, Settings, sweep};
use truecount_scenario::Scenario;

fn report(corpus: &Corpus, judged: bool, of: impl Fn(&Scenario) -> bool) -> Report {
    let pairs: Vec<_> = corpus.pairs().into_iter().filter(|(scenario, _)| of(scenario)).collect();
    let settings = Settings { first: 0, seeds: None, jobs: 2 };
    let results: Vec<ScenarioResult> = sweep(&pairs, settings, || (Standard, Memory::new()), &());
    let vectors = truecount_contract::vectors::judge().expect("vectors");
    let checked = Checked { vectors: &vectors, judged, ..Checked::of(settings, &pairs, &results) };
    Report::new(checked, |place, seed| panic!("{} fails at seed {seed}", pairs[place].0.id))
}

#[test]
fn the_corpus_hits_every_sometimes_assertion_at_the_default_seeds() {
    let report = report(&Corpus::read(), true, |_| true);
    let missing: Vec<&str> =
        report.sometimes.iter().filter(|assertion| assertion.first.is_none()).map(|assertion| assertion.id).collect();
    assert_eq!(missing, Vec::<&str>::new());
    assert_eq!((report.sometimes.len(), report.verdict), (Sometimes::ALL.len(), Verdict::Pass));
    assert!(report.sometimes.iter().all(|assertion| assertion.scenarios > 0));
    let count = Sometimes::ALL.len();
    assert!(report.text().contains(&format!("  sometimes {count} of {count} hit\n")), "{}", report.text());
}

#[test]
fn a_part_of_the_corpus_is_not_judged_by_sometimes_assertions() {
    let corpus = Corpus::read();
    let part = |scenario: &Scenario| scenario.id.starts_with("baseline/");
    let unjudged = report(&corpus, false, part);
    assert!(unjudged.sometimes.iter().any(|assertion| assertion.first.is_none()));
    assert_eq!(unjudged.verdict, Verdict::Pass);
    assert!(unjudged.text().contains("hit (not judged)\n") && !unjudged.text().contains("not hit:"));
    // If the same simulations are judged as if they were the whole corpus, the check fails. The report names each
    // sometimes assertion that was not hit.
    let judged = report(&corpus, true, part);
    assert_eq!((judged.verdict, judged.verdict.name()), (Verdict::Violated, "fail"));
    for assertion in judged.sometimes.iter().filter(|assertion| assertion.first.is_none()) {
        assert!(
            judged.text().contains(&format!("  not hit: {}: {}\n", assertion.id, assertion.sentence)),
            "{}",
            assertion.id
        );
    }
    assert!(judged.text().contains(" sometimes assertions not hit"), "{}", judged.text());
}
