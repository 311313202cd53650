//! Tests of traces in words, over simulations of scenarios in the corpus.

use std::path::Path;

use truecount_contract::reference::Reference;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;
use truecount_sim::trace::Event;

use super::Narrative;
use crate::recording::{Recording, record};

fn scenario(id: &str) -> (Scenario, Reference) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../scenarios/{id}.json"));
    let scenario = truecount_scenario::read(&path, id, id).expect("a scenario of the workspace");
    let reference = Reference::new(&scenario.fixture);
    (scenario, reference)
}

/// Returns the lines of a trace, and checks that each event would have a line of its own if it violated a clause.
fn lines(id: &str, record: impl Fn(&Scenario, &Reference) -> Recording) -> Vec<String> {
    let (scenario, reference) = scenario(id);
    let Recording { events, workers, .. } = record(&scenario, &reference);
    let narrative = |violation| Narrative::new(&scenario, &reference, workers, &events, violation);
    for (number, event) in (1..).zip(&events) {
        let marked = narrative(Some(number));
        let written = marked.leading_to(number, event).write(usize::MAX, Some((number, "HERE")));
        assert!(written.trim_end().ends_with("   <- HERE"), "{event:?} has no line: {written}");
        let line = marked.lines.iter().find(|line| line.event == number).expect("a line for the event");
        assert!(
            !line.text.contains("a fault is injected") || matches!(event, Event::FaultInjected { .. }),
            "{event:?}"
        );
    }
    texts(&narrative(None))
}

fn texts(narrative: &Narrative) -> Vec<String> {
    narrative.lines.iter().map(|line| line.text.clone()).collect()
}

#[test]
fn each_event_that_violates_a_clause_has_a_line_of_its_own() {
    for id in [
        "baseline/capture",
        "pack/every-answer",
        "delete/refused-sets",
        "evidence/items-missing",
        "restore/every-answer",
        "visible/stranger",
        "world/old-rows-are-pruned",
    ] {
        for seed in 0..2 {
            lines(id, |scenario, reference| record(scenario, reference, Standard, Memory::new(), seed));
        }
    }
}

/// A row that no sentence explains has a line that shows its values.
#[test]
fn a_tally_that_differs_from_the_resolutions_is_shown() {
    let mutant = Mutant::from_id("T02").expect("the bug that tallies a failure as a success");
    let lines = lines("inventory/refused-for-good", |scenario, reference| {
        record(scenario, reference, Planted(mutant.plant), FaultyStore::new(mutant.store), 0)
    });
    let failed = lines.iter().position(|line| line.contains(": failed(")).expect("a unit that failed");
    let shown = &lines[failed + 1];
    assert!(shown.contains(" shows running, ") && shown.contains(" succeeded"), "{lines:#?}");
}

/// The reply alone does not show that its link is wrong.
#[test]
fn a_link_to_another_run_is_shown() {
    let mutant = Mutant::from_id("T16").expect("the bug that links to another run");
    let lines = lines("restore/duplicate-ids", |scenario, reference| {
        record(scenario, reference, Planted(mutant.plant), FaultyStore::new(mutant.store), 0)
    });
    let accepted = lines.iter().position(|line| line.ends_with(" is accepted")).expect("an accepted run");
    assert!(lines[accepted + 1].contains(" links to run "), "{lines:#?}");
}

/// Without a bug, a line for a row repeats nothing that the line before it has shown.
#[test]
fn a_row_is_shown_once() {
    for id in ["restore/duplicate-ids", "inventory/crash-anywhere"] {
        for seed in 0..16 {
            let (scenario, reference) = scenario(id);
            let Recording { events, workers, .. } = record(&scenario, &reference, Standard, Memory::new(), seed);
            let lines = texts(&Narrative::new(&scenario, &reference, workers, &events, None));
            let rows: Vec<_> = lines.iter().filter(|line| line.contains(" shows running, ")).collect();
            assert_eq!(rows, Vec::<&String>::new(), "{id}, seed {seed}");
        }
    }
}
