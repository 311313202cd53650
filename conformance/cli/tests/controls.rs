//! Tests that no checker is stricter than its clause: engines that the contract allows violate nothing.

mod corpus;

use std::collections::{BTreeMap, BTreeSet};

use corpus::Corpus;
use truecount_contract::clause::Clause;
use truecount_engine::family::{FamilyId, family};
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::{ScenarioResult, Settings, sweep};
use truecount_mutants::{CATALOGUE, CONTROLS, Control, FaultyStore, NONDETERMINISTIC, Planted};

/// The minimum number of controls.
const CONTROLS_MIN: usize = 10;

const SETTINGS: Settings = Settings { first: 0, seeds: Some(8), jobs: 2 };

/// Simulates the corpus under a control.
fn simulated(control: &Control, corpus: &Corpus) -> Vec<ScenarioResult> {
    sweep(&corpus.pairs(), SETTINGS, || (Planted(control.plant), FaultyStore::new(control.store)), &())
}

/// Returns the clauses that reports name, each with a scenario and the number of seeds.
fn named(corpus: &Corpus, results: &[ScenarioResult]) -> BTreeMap<Clause, (String, u64)> {
    let mut named = BTreeMap::new();
    for ((scenario, _), result) in corpus.pairs().iter().zip(results) {
        for (clause, under) in &result.named {
            named.entry(*clause).or_insert_with(|| (scenario.id.clone(), 0)).1 += under.failures;
        }
    }
    named
}

#[test]
fn an_engine_that_the_contract_allows_violates_no_clause() {
    let reference = Corpus::read();
    let standard = sweep(&reference.pairs(), SETTINGS, || (Standard, Memory::new()), &());
    let mut wrong = Vec::new();
    for control in CONTROLS {
        let mut corpus = Corpus::read();
        if let Some(declaration) = control.declares {
            corpus.declare(declaration.declare);
        }
        let results = simulated(control, &corpus);
        for (clause, (scenario, failures)) in named(&corpus, &results) {
            wrong.push(format!("{}: {failures} seeds violate {clause}, for example in {scenario}", control.id));
        }
        // A control that behaves like the engine that ships tests nothing.
        let differs = results.iter().zip(&standard).any(|(result, standard)| result.hash != standard.hash);
        assert!(differs, "{} behaves like the engine that ships", control.id);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(CONTROLS.len() >= CONTROLS_MIN, "there are only {} controls", CONTROLS.len());
}

/// What a profile declares matters: without its declaration, a control violates the clause that it names.
#[test]
fn an_engine_that_needs_a_declaration_violates_a_clause_without_it() {
    let corpus = Corpus::read();
    for control in CONTROLS {
        let Some(declaration) = control.declares else { continue };
        let named = named(&corpus, &simulated(control, &corpus));
        assert!(named.contains_key(&declaration.else_violates), "{}: {named:?}", control.id);
    }
}

/// Only the reference profile declares `prompt`. The same engine is therefore allowed for a family of the profile
/// `queue`, and forbidden for a family of the reference profile. The mutant `T45` is the same engine.
#[test]
fn an_engine_that_is_not_prompt_is_allowed_in_the_profile_queue_alone() {
    let corpus = Corpus::read();
    let prompt = |id: FamilyId| family(id).profile().prompt;
    for control in CONTROLS.iter().filter(|control| ["C01", "C02"].contains(&control.id)) {
        let results = simulated(control, &corpus);
        let failures = |wanted: bool| -> u64 {
            let of = |place: usize| corpus.pairs()[place].0.fixture.runs.iter().any(|run| prompt(run.family));
            results
                .iter()
                .enumerate()
                .filter(|(place, _)| of(*place) == wanted)
                .map(|(_, result)| result.failures)
                .sum()
        };
        assert!(failures(true) > 0, "{} is not detected under the reference profile", control.id);
        assert_eq!(failures(false), 0, "{} is not allowed under the profile `queue`", control.id);
    }
}

#[test]
fn no_control_shares_an_id_or_a_name_with_another_or_with_a_mutant() {
    let mutants = || CATALOGUE.iter().chain(NONDETERMINISTIC);
    let ids = CONTROLS.iter().map(|control| control.id).chain(mutants().map(|mutant| mutant.id));
    assert_eq!(ids.collect::<BTreeSet<_>>().len(), CONTROLS.len() + mutants().count());
    let names: BTreeSet<&str> = CONTROLS.iter().map(|control| control.name).collect();
    assert_eq!(names.len(), CONTROLS.len());
}
