//! Compares the search with slower searches, and checks that states with equal fingerprints have equal futures.

use std::collections::{BTreeMap, BTreeSet};

use rstest::rstest;
use truecount_engine::artifact::Digest;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;

use super::*;
use truecount_scenario::parse;

type Planned<'s> = Runner<'s, Planted, FaultyStore, Checkers<'s>>;

/// Returns a scenario whose run is requested by the system, so that no notification is sent and no time needs to pass.
fn tiny(family: &str, objects: &str, fault: &str, workers: u16) -> (Scenario, Reference) {
    let requests = if objects.is_empty() { String::new() } else { "\"one\"".to_owned() };
    let text = format!(
        r#"{{"format": 1, "title": "tiny", "clauses": ["COUNT-06"], "tenants": ["acme"], "objects": {{{objects}}},
            "workers": {{"min": {workers}, "max": {workers}}},
            "runs": [{{"name": "run", "tenant": "acme", "actor": "system", "family": "{family}", "request": [{requests}]}}],
            "faults": {{{fault}}}, "expect": {{"run": {{"outcome": "succeeded"}}}}}}"#
    );
    let scenario = parse("tiny", "tiny", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let reference = Reference::new(&scenario.fixture);
    (scenario, reference)
}

fn search_of<E>(acts: Acts, interchangeable: bool) -> Search<E> {
    let bounds = Bounds { states: 1_000_000, generated: 10_000_000, depth: Scope::DEPTH };
    Search {
        scope: Scope { acts, interchangeable, bounds, until: Until::End },
        fingerprinter: Fingerprinter::default(),
        choices: Vec::new(),
        finding: None,
        violations: Vec::new(),
        engine: std::marker::PhantomData,
    }
}

fn start<'s>(scenario: &'s Scenario, reference: &'s Reference, mutant: Option<&str>) -> Planned<'s> {
    let mutant = mutant.map(|id| Mutant::from_id(id).expect("a mutant"));
    let engine = mutant.map_or((Planted(&Nothing), FaultyStore::new(None)), |mutant| {
        (Planted(mutant.plant), FaultyStore::new(mutant.store))
    });
    begin(scenario, reference, engine, Checkers::new(reference), scenario.fixture.workers.0)
}

/// Plants no bug.
struct Nothing;
impl truecount_mutants::Plant for Nothing {}

/// Searches without fingerprints: two states are equal only if they agree in every byte, including times, fencing
/// tokens and event numbers. Collects the violations and returns the number of states.
fn slowly<'s>(model: &mut Search<Planned<'s>>, start: Planned<'s>, violations: &mut BTreeSet<String>) -> usize {
    let mut known = BTreeSet::new();
    let mut waiting = vec![start];
    while let Some(mut here) = waiting.pop() {
        let whole = format!("{:?} {:?}", here.subject, here.world);
        if !known.insert(Digest::of(whole.as_bytes()).to_string()) {
            continue;
        }
        let mut steps = Vec::new();
        model.steps(&mut here, &mut steps);
        for step in &steps {
            let mut next = here.clone();
            match model.take(&mut next, *step) {
                Taken::Nothing => {}
                Taken::Moved => waiting.push(next),
                Taken::Violation => {
                    violations.extend(model.finding.take().map(|finding| format!("{:?}", finding.clauses())));
                }
            }
        }
        if steps.is_empty() && model.at_rest(&mut here) {
            violations.extend(model.finding.take().map(|finding| format!("{:?}", finding.clauses())));
        }
    }
    known.len()
}

/// A search without fingerprints finds violations of the same clauses, both for the unmodified engine and for planted
/// bugs.
#[rstest]
#[case::delivered_again("inventory.sync", "\"one\": \"active\"", "\"redeliver\": 1")]
#[case::a_conflict("inventory.sync", "\"one\": \"active\"", "\"conflict\": 1")]
#[case::nothing_to_do("inventory.sync", "", "\"redeliver\": 1")]
#[case::a_restore("backup_set.restore", "\"one\": \"archived\"", "\"redeliver\": 1")]
fn a_search_without_fingerprints_finds_the_same_violations(
    #[case] family: &str,
    #[case] objects: &str,
    #[case] fault: &str,
) {
    let (scenario, reference) = tiny(family, objects, fault, 1);
    let mut violated = 0;
    for mutant in [None, Some("M01"), Some("M30"), Some("M31")] {
        let mut violations = BTreeSet::new();
        let slow = slowly(&mut search_of(Acts::None, true), start(&scenario, &reference, mutant), &mut violations);
        let mut model = search_of(Acts::None, true);
        let bounds = model.scope.bounds;
        let explored = search(&mut model, &start(&scenario, &reference, mutant), bounds, &mut ());
        let found: BTreeSet<String> =
            model.violations.iter().map(|finding| format!("{:?}", finding.clauses())).collect();
        assert_eq!(found, violations, "{mutant:?}");
        assert!(explored.cut.is_none() && explored.states as usize <= slow, "{} of {slow} states", explored.states);
        assert!(mutant.is_some() || found.is_empty(), "{found:?}");
        violated += usize::from(!found.is_empty());
    }
    assert!(violated > 0, "no mutant violated a clause");
}

type Plain<'s> = Runner<'s, Standard, Memory, Checkers<'s>>;

/// The future of a state. Each step has an entry with the fingerprint of the next state and a flag for a violated
/// clause. The final `bool` is set if the state is quiescent and violates a clause.
type Future = (Vec<(u128, bool)>, bool);

/// Returns the future of a state, and the next states with their fingerprints.
fn future<'s>(model: &mut Search<Plain<'s>>, state: &Plain<'s>) -> (Future, Vec<(u128, Plain<'s>)>) {
    let (mut here, mut steps, mut after, mut states) = (state.clone(), Vec::new(), Vec::new(), Vec::new());
    model.steps(&mut here, &mut steps);
    for step in &steps {
        let mut next = here.clone();
        let taken = model.take(&mut next, *step);
        let fingerprinter = if taken == Taken::Moved { model.fingerprint(&next) } else { 0 };
        if taken != Taken::Nothing {
            after.push((fingerprinter, taken == Taken::Violation));
        }
        if taken == Taken::Moved {
            states.push((fingerprinter, next));
        }
    }
    let violated = steps.is_empty() && model.at_rest(&mut here);
    // It makes no difference which of two equal workers takes a step.
    after.sort_unstable();
    ((after, violated), states)
}

/// Two states with the same fingerprint must have the same choices, which must lead to the same fingerprints. An
/// omission from the fingerprint would violate this for some pair of states.
#[rstest]
#[case("last-two-together", Acts::None)]
#[case("delivered-once-more", Acts::None)]
#[case("under-a-new-job-id", Acts::None)]
#[case("conflict-once", Acts::Single)]
#[case("item-gone", Acts::None)]
#[case("one-entry-pack", Acts::None)]
fn states_with_equal_fingerprints_have_equal_futures(#[case] name: &str, #[case] acts: Acts) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../scenarios/small/{name}.json"));
    let scenario = truecount_scenario::read(&path, name, name).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let reference = Reference::new(&scenario.fixture);
    let mut model = search_of::<Plain<'_>>(acts, true);
    let (least, _) = scenario.fixture.workers;
    let start = begin(&scenario, &reference, (Standard, Memory::new()), Checkers::new(&reference), least);
    let mut known: BTreeMap<u128, Future> = BTreeMap::new();
    let mut waiting = vec![(0, start)];
    let mut again = 0;
    while let Some((fingerprinter, state)) = waiting.pop() {
        if let Some(before) = known.get(&fingerprinter) {
            // One state in sixteen is enough and keeps the test short.
            if fingerprinter % 16 == 0 {
                again += 1;
                assert_eq!(&future(&mut model, &state).0, before);
            }
            continue;
        }
        let (after, states) = future(&mut model, &state);
        known.insert(fingerprinter, after);
        waiting.extend(states);
        if known.len() > 3_000 {
            break;
        }
    }
    assert!(again > 20, "{again} of {} states were reached again", known.len());
}

/// Two sweepers that find the same job missing create it once, and two relays deliver a notice once. Without the guard on
/// a repair, or without the key of a notice, they do not.
#[rstest]
#[case("job-lost", Acts::SecondSweeper, "T66", Clause::LIFE_18)]
#[case("grant-lowered", Acts::SecondRelay, "T67", Clause::NOTE_02)]
fn two_of_a_kind_are_harmless(#[case] name: &str, #[case] acts: Acts, #[case] mutant: &str, #[case] clause: Clause) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../scenarios/small/{name}.json"));
    let scenario = truecount_scenario::read(&path, name, name).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let reference = Reference::new(&scenario.fixture);
    let scope = Scope { acts, ..Scope::GATE };
    let standard = explore(&scenario, &reference, || (Standard, Memory::new()), scope, &mut ());
    assert_eq!(standard.conclusion(), Conclusion::Exhausted);
    let mutant = Mutant::from_id(mutant).expect("a mutant");
    let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
    assert!(explore(&scenario, &reference, engine, scope, &mut ()).violates(clause));
    // With only one of the two components, the bug shows in no state.
    let alone = explore(&scenario, &reference, engine, Scope::GATE, &mut ());
    assert_eq!(alone.conclusion(), Conclusion::Exhausted);
}

/// The states of a large scenario are large, so fewer of them may be held.
#[test]
fn the_depth_of_a_large_scenario_is_smaller() {
    let depth = |path: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../scenarios/{path}.json"));
        let scenario = truecount_scenario::read(&path, "one", "one").unwrap_or_else(|problems| panic!("{problems:#?}"));
        Scope::depth(&scenario)
    };
    assert_eq!(depth("small/conflict-once"), Scope::DEPTH);
    assert!((1..Scope::DEPTH / 2).contains(&depth("inventory/many-abandoned")));
}

/// Treating workers as interchangeable reduces the number of states and changes no verdict.
#[rstest]
#[case("last-two-together", &["M07", "M20"])]
#[case("delivered-once-more", &["M01", "M02"])]
fn interchangeable_workers_change_no_verdict(#[case] name: &str, #[case] mutants: &[&str]) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../scenarios/small/{name}.json"));
    let scenario = truecount_scenario::read(&path, name, name).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let reference = Reference::new(&scenario.fixture);
    let mut violated = 0;
    for mutant in [None].into_iter().chain(mutants.iter().copied().map(Some)) {
        let found = [true, false].map(|interchangeable| {
            let mut model = search_of(Acts::None, interchangeable);
            let bounds = model.scope.bounds;
            let explored = search(&mut model, &start(&scenario, &reference, mutant), bounds, &mut ());
            assert!(explored.cut.is_none());
            let violations: BTreeSet<String> =
                model.violations.iter().map(|finding| format!("{:?}", finding.clauses())).collect();
            (explored.states, explored.cycle.is_some(), violations)
        });
        assert!(found[0].0 < found[1].0, "{mutant:?}: {} and {} states", found[0].0, found[1].0);
        assert_eq!((found[0].1, &found[0].2), (found[1].1, &found[1].2), "{mutant:?}");
        violated += usize::from(!found[0].2.is_empty());
    }
    assert!(violated > 0, "no mutant violated a clause");
}
