//! Tests that the checkers report violations for planted bugs, and for nothing else. Each planted bug is killed under
//! its clause. With no bug planted, the engine in which bugs can be planted behaves exactly like the engine that ships.

mod corpus;

use std::collections::BTreeSet;

use corpus::Corpus;
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::vectors::FAULTY;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::{Settings, search, sweep};
use truecount_mutants::{CATALOGUE, FaultyStore, Mutant, NOT_EXPRESSIBLE, Plant, Planted};

/// The number of seeds within which each bug must be killed.
const SEEDS: u64 = 1_000;

/// A plant that overrides no rule.
struct Nothing;

impl Plant for Nothing {}

#[test]
fn each_planted_bug_is_killed_under_its_clause_within_a_thousand_seeds() {
    let corpus = Corpus::read();
    let mutants: Vec<&'static Mutant> = CATALOGUE.iter().collect();
    let detected = search(&corpus.pairs(), &mutants, SEEDS, 2, &());
    assert_eq!(detected.len(), CATALOGUE.len());
    let survived: Vec<String> = mutants
        .iter()
        .zip(&detected)
        .filter(|(_, detected)| detected.under_its_clause.is_none())
        .map(|(mutant, detected)| {
            format!("{} under {}; first violation: {:?}", mutant.id, mutant.clause, detected.first_violation)
        })
        .collect();
    assert!(survived.is_empty(), "{survived:#?}");
    for (mutant, detected) in mutants.iter().zip(&detected) {
        let (first, own) = (detected.first_violation.as_ref(), detected.under_its_clause.as_ref());
        let simulations = |sighting: Option<&truecount_gate::Sighting>| sighting.map(|sighting| sighting.simulations);
        assert!(
            simulations(first) <= simulations(own),
            "{}: the first violation of any clause came after the first violation of the mutant's own clause",
            mutant.id
        );
        assert!(own.is_some_and(|own| own.clauses.contains(mutant.clause) && own.seed < SEEDS), "{}", mutant.id);
    }
}

#[test]
fn every_clause_has_a_bug_that_violates_it() {
    let planted = |clause: Clause| CATALOGUE.iter().any(|mutant| mutant.clause == clause);
    let faulty = |clause: Clause| FAULTY.iter().any(|faulty| faulty.clause == clause);
    for &clause in Clause::ALL {
        let needs = |kind: &Kind| match kind {
            Kind::S | Kind::L => planted(clause),
            Kind::V => faulty(clause),
            // The source-level tests have snippets that violate these clauses.
            Kind::A => true,
        };
        assert!(clause.kinds().iter().all(needs), "no bug violates {clause}");
    }
    let ids: BTreeSet<&str> = CATALOGUE.iter().map(|mutant| mutant.id).collect();
    assert!(NOT_EXPRESSIBLE.iter().all(|(id, ..)| !ids.contains(id)));
}

#[test]
fn no_two_mutants_share_an_id_or_a_name() {
    let ids: BTreeSet<&str> = CATALOGUE.iter().map(|mutant| mutant.id).collect();
    let names: BTreeSet<&str> = CATALOGUE.iter().map(|mutant| mutant.name).collect();
    assert_eq!((ids.len(), names.len()), (CATALOGUE.len(), CATALOGUE.len()));
}

#[test]
fn the_engine_without_a_planted_bug_behaves_like_the_engine_that_ships() {
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let settings = Settings { first: 0, seeds: Some(32), jobs: 2 };
    let planted = sweep(&pairs, settings, || (Planted(&Nothing), FaultyStore::new(None)), &());
    let standard = sweep(&pairs, settings, || (Standard, Memory::new()), &());
    for (((scenario, _), planted), standard) in pairs.iter().zip(&planted).zip(&standard) {
        assert_eq!((planted.seeds, planted.failures), (32, 0), "{}: {:?}", scenario.id, planted.first);
        // The results contain the hash over the traces of all seeds in order, as well as steps, events and clauses.
        assert_eq!(planted, standard, "{}", scenario.id);
    }
    assert_eq!((planted.len(), standard.len()), (pairs.len(), pairs.len()));
}
