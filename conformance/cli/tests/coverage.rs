//! Tests of coverage. Under every kind of fault, the units and runs of every family end in every way that is listed as
//! possible. No simulation reaches a cell that is listed as impossible.

mod corpus;

use corpus::Corpus;
use truecount_contract::coverage::{Cell, Path, fault_columns, impossible};
use truecount_engine::family::FamilyId;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::report::{CellState, CoverageReport};
use truecount_gate::{ScenarioResult, Settings, sweep};
use truecount_scenario::Scenario;

fn simulate(corpus: &Corpus, jobs: usize) -> (Vec<&Scenario>, Vec<ScenarioResult>) {
    let pairs = corpus.pairs();
    let settings = Settings { first: 0, seeds: None, jobs };
    let results = sweep(&pairs, settings, || (Standard, Memory::new()), &());
    (pairs.into_iter().map(|(scenario, _)| scenario).collect(), results)
}

#[test]
fn the_corpus_reaches_exactly_the_possible_cells_at_the_default_seeds() {
    let corpus = Corpus::read();
    let (scenarios, results) = simulate(&corpus, 2);
    let report = CoverageReport::new(&scenarios, &results, true);
    assert!(!report.fails(), "{}", report.text());
    assert_eq!(report.families.len(), FamilyId::ALL.len());
    for family in FamilyId::ALL {
        for (path, column) in Path::all().iter().flat_map(|path| fault_columns().map(move |column| (*path, column))) {
            let cell = Cell { family, path, column };
            let reached = results.iter().any(|result| result.cells.seed_of(cell).is_some());
            assert_eq!(reached, impossible(cell).is_none(), "{cell:?}: {:?}", impossible(cell));
        }
    }
    assert!(report.families.iter().all(|family| family.reached == family.reachable && family.reachable > 0));
    // With any number of threads, a cell is attributed to the first simulation that reaches it, in the order of
    // scenarios and seeds.
    let (_, alone) = simulate(&corpus, 1);
    assert_eq!(alone, results);
}

#[test]
fn empty_cells_are_listed_and_make_only_a_judged_report_fail() {
    let corpus = Corpus::read();
    let (scenarios, results) = simulate(&corpus, 2);
    let part: Vec<(&Scenario, ScenarioResult)> =
        scenarios.into_iter().zip(results).filter(|(scenario, _)| scenario.id == "restore/duplicate-ids").collect();
    let (scenarios, results): (Vec<&Scenario>, Vec<ScenarioResult>) = part.into_iter().unzip();
    let unjudged = CoverageReport::new(&scenarios, &results, false);
    assert!(unjudged.empty() > 0 && !unjudged.fails());
    let text = unjudged.text();
    assert!(text.contains("  empty: failed(abandoned) under clock_jump\n"), "{text}");
    assert!(text.contains("  empty cells are judged only over the whole corpus"), "{text}");
    assert!(!text.contains("\nbaseline.capture"), "the report has a table for a family that was not simulated: {text}");
    let cells = &unjudged.families[0].cells;
    let state = |path: &str, fault: &str| {
        cells.iter().find(|cell| cell.path == path && cell.fault == fault).map(|cell| cell.state)
    };
    assert_eq!(state("skipped(not_archived)", "redeliver"), Some(CellState::Reached));
    assert_eq!(state("skipped(archived)", "none"), Some(CellState::Impossible));
    let judged = CoverageReport::new(&scenarios, &results, true);
    assert!(judged.fails());
    assert_eq!(judged.families.len(), FamilyId::ALL.len(), "a family that was not simulated is missing");
}
