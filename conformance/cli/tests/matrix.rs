//! Tests of the kill matrix: the stored matrix matches the engine, and a bug counts as killed only under its own
//! clause.

mod corpus;

use corpus::Corpus;
use truecount_contract::clause::Clause;
use truecount_contract::reference::Reference;
use truecount_gate::matrix::Matrix;
use truecount_gate::model::MODELS;
use truecount_gate::{Terms, explore_bug};
use truecount_mutants::{CATALOGUE, Mutant};
use truecount_scenario::Scenario;

/// The hint shown if the engine or the catalogue has changed.
const REFRESH: &str = "run `truecount mutants --matrix --write conformance/spec/matrix.json`";

/// Returns the scenario with this id.
fn only<'c>(corpus: &'c Corpus, id: &str) -> Vec<(&'c Scenario, &'c Reference)> {
    let pairs: Vec<_> = corpus.pairs().into_iter().filter(|(scenario, _)| scenario.id == id).collect();
    assert_eq!(pairs.len(), 1, "there is no scenario `{id}`: {REFRESH}");
    pairs
}

#[test]
fn every_bug_in_the_stored_matrix_is_killed_under_its_clause() {
    let stored = Matrix::stored();
    let ids: Vec<(&str, &str)> = stored.rows.iter().map(|row| (&*row.mutant, &*row.clause)).collect();
    let known: Vec<(&str, &str)> = CATALOGUE.iter().map(|mutant| (mutant.id, mutant.clause.id())).collect();
    assert_eq!(ids, known, "{REFRESH}");
    let models: Vec<&str> = stored.models.iter().map(|row| &*row.model).collect();
    assert_eq!(models, MODELS.iter().map(|model| model.id).collect::<Vec<_>>(), "{REFRESH}");
    assert_eq!((stored.campaigns, stored.cap), (51, 2_000), "{REFRESH}");
    assert!(!stored.fails(), "{REFRESH}");
    assert_eq!((stored.false_alarms, &stored.clauses_without), (0, &Vec::new()));
    for row in &stored.rows {
        assert_eq!((row.portfolio.gave_up, row.own), (0, 51), "{}", row.mutant);
        assert!(
            row.violated.iter().any(|violated| violated.clause == row.clause && violated.campaigns == 51),
            "{}",
            row.mutant
        );
    }
    let missed: Vec<String> =
        stored.summary.budgets().into_iter().filter(|(_, held)| !held).map(|(words, _)| words).collect();
    assert_eq!(missed, Vec::<String>::new());
    let requirements = stored.summary.requirements(stored.rows.len());
    for (words, met) in &requirements[1..] {
        assert!(met, "{words}");
    }
    for (row, mutant) in stored.rows.iter().zip(CATALOGUE) {
        assert_eq!(row.known_from, mutant.known_from, "{}: {REFRESH}", row.mutant);
    }
    let unknown = stored.summary.misattributed.iter().filter(|id| !MISATTRIBUTED.contains(&&***id));
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&String>::new(), "{}", requirements[0].0);
}

/// The bugs of which at most half of the failing simulations are reported under their own clause. The list may only
/// become shorter.
const MISATTRIBUTED: [&str; 4] = ["M09", "M38", "T46", "T87"];

/// A bug that is reported under other clauses alone is not attributed to its own clause, however often it is found.
#[test]
fn reports_that_name_other_clauses_count_against_a_bug() {
    let corpus = Corpus::read();
    let known = Mutant::from_id("M01").expect("the first mutant in the catalogue");
    let wrong: &'static Mutant = Box::leak(Box::new(Mutant { clause: Clause::LIFE_12, ..*known }));
    let pairs = only(&corpus, "restore/late-worker");
    let terms = Terms { campaigns: 1, cap: 100, jobs: 1, explores: false };
    for (mutant, misses) in [(known, false), (wrong, true)] {
        let matrix = Matrix::new(&pairs, &[mutant], terms, false, &());
        let (named, summary) = (&matrix.rows[0].attribution, &matrix.summary);
        assert_eq!(
            (matrix.misses(), summary.misattributed.len(), named.simulations),
            (misses, usize::from(misses), 100)
        );
        let others: Vec<(&str, u64)> = named.others.iter().map(|other| (&*other.clause, other.together)).collect();
        assert_eq!(others, if misses { vec![("COUNT-06", 0)] } else { Vec::new() });
        assert_eq!(named.thread.is_some(), !misses, "{named:?}");
        assert!(named.failing > 0, "{named:?}");
    }
}

/// If this fails, the stored matrix describes an earlier version of the engine.
#[test]
fn the_stored_matrix_matches_the_engine() {
    let corpus = Corpus::read();
    // The sample has every sixteenth mutant. It also has mutants whose simulations often violate a different clause
    // before their own.
    let often = ["M08", "T14", "T36"];
    let sample: Vec<&'static Mutant> = CATALOGUE
        .iter()
        .enumerate()
        .filter(|(place, mutant)| place % 16 == 0 || often.contains(&mutant.id))
        .map(|(_, mutant)| mutant)
        .collect();
    assert!(sample.len() >= 8);
    let matrix = Matrix::stored();
    for mutant in sample {
        let stored = matrix.rows.iter().find(|row| row.mutant == mutant.id).expect("a row for each mutant");
        // Only the scenario named in the row is simulated, so the matrix stays valid if a new scenario kills the bug
        // sooner.
        let pairs = only(&corpus, stored.best_scenario.as_deref().unwrap_or_default());
        let terms = Terms { campaigns: 3, cap: 2_000, jobs: 2, explores: false };
        let live = Matrix::new(&pairs, &[mutant], terms, false, &());
        let row = &live.rows[0];
        assert_eq!(
            (&row.best_scenario, row.minimal),
            (&stored.best_scenario, stored.minimal),
            "{}: {REFRESH}",
            row.mutant
        );
        let first: Vec<&str> = stored.seeds.split(' ').take(3).collect();
        assert_eq!(row.seeds, first.join(" "), "{}: {REFRESH}", row.mutant);
    }
}

#[test]
fn the_matrix_does_not_depend_on_the_number_of_threads() {
    let corpus = Corpus::read();
    let mutants: Vec<&'static Mutant> = ["M08", "M30"].into_iter().filter_map(Mutant::from_id).collect();
    let with = |jobs| {
        Matrix::new(&corpus.pairs(), &mutants, Terms { campaigns: 2, cap: 50, jobs, explores: false }, false, &())
    };
    assert_eq!(with(1), with(3));
}

/// A bug that violates only other clauses is not killed, however often it does so.
#[test]
fn a_violation_of_another_clause_does_not_kill_a_bug() {
    let corpus = Corpus::read();
    let known = Mutant::from_id("M01").expect("the first mutant in the catalogue");
    let wrong: &'static Mutant = Box::leak(Box::new(Mutant { clause: Clause::LIFE_12, ..*known }));
    let small = |scenario: &Scenario| scenario.id == "restore/late-worker";
    let pairs: Vec<_> = corpus.pairs().into_iter().filter(|(scenario, _)| small(scenario)).collect();
    let matrix = Matrix::new(&pairs, &[wrong], Terms { campaigns: 3, cap: 20, jobs: 1, explores: false }, false, &());
    assert!(matrix.fails());
    assert_eq!((&*matrix.rows[0].verdict, &matrix.rows[0].best_scenario), ("survived", &None));
}

#[test]
fn the_stored_matrix_matches_the_explorations() {
    let corpus = Corpus::read();
    for id in ["M07", "M20", "M32", "T15"] {
        let mutant = Mutant::from_id(id).expect("a mutant");
        let stored = Matrix::stored();
        let row = stored.rows.iter().find(|row| row.mutant == id).expect("a row");
        let explored = row.explored.as_deref().unwrap_or_default();
        let pairs = only(&corpus, explored.split(": ").next().unwrap_or_default());
        let (place, states) = explore_bug(&pairs, mutant).unwrap_or_else(|| panic!("exploration does not find {id}"));
        assert_eq!(explored, format!("{}: {states} states", pairs[place].0.id), "{id}: {REFRESH}");
    }
    let found = Matrix::stored().rows.iter().filter(|row| row.explored.is_some()).count();
    assert!(found >= 40, "exploration finds only {found} of {} bugs", CATALOGUE.len());
}
