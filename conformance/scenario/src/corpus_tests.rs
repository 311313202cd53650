//! Tests of the corpus: every file is valid.

use std::collections::BTreeSet;
use std::path::Path;

use truecount_engine::family::FamilyId;
use truecount_engine::unit::Resolution;
use truecount_sim::fault::Fault;

use super::{Listing, Scenario, find, read};

fn corpus() -> Vec<Scenario> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let Listing { scenarios, problems, left_out } = find(&root);
    assert_eq!((problems, left_out), (vec![], vec![]));
    let read = |(id, path): &(String, std::path::PathBuf)| match read(path, &format!("scenarios/{id}.json"), id) {
        Ok(scenario) => scenario,
        Err(problems) => {
            let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", shown.join("\n\n"))
        }
    };
    scenarios.iter().map(read).collect()
}

#[test]
fn every_scenario_is_valid() {
    let corpus = corpus();
    assert!(corpus.len() >= 40, "{}", corpus.len());
    let warnings: Vec<String> =
        corpus.iter().flat_map(|scenario| &scenario.warnings).map(ToString::to_string).collect();
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn titles_are_unique() {
    let corpus = corpus();
    let titles: BTreeSet<&str> = corpus.iter().map(|scenario| scenario.title.as_str()).collect();
    assert_eq!(titles.len(), corpus.len());
    assert!(corpus.iter().all(|scenario| !scenario.clauses.is_empty()));
}

#[test]
fn the_corpus_covers_every_family_fault_and_resolution() {
    let corpus = corpus();
    let families: BTreeSet<FamilyId> =
        corpus.iter().flat_map(|scenario| &scenario.fixture.runs).map(|run| run.family).collect();
    assert!(FamilyId::ALL.into_iter().all(|id| families.contains(&id)));
    for fault in Fault::ALL {
        assert!(corpus.iter().any(|scenario| scenario.fixture.faults.get(*fault) > 0), "{}", fault.name());
    }
    let ends: BTreeSet<Resolution> = corpus
        .iter()
        .flat_map(|scenario| &scenario.expect)
        .flat_map(|expected| expected.units.iter().flat_map(|(_, ends)| ends.iter().copied()))
        .collect();
    assert_eq!(ends, Resolution::ALL.into_iter().collect());
}

/// Checks the table in `scenarios/README.md` that maps tasks to scenarios.
#[test]
fn every_task_has_existing_scenarios() {
    let readme = include_str!("../../../scenarios/README.md");
    let ids: BTreeSet<String> = corpus().into_iter().map(|scenario| scenario.id).collect();
    let mut tasks = Vec::new();
    for row in readme.lines().filter(|line| line.starts_with("| T0") || line.starts_with("| US")) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [task, asks, scenarios] = cells[..] else { panic!("{row}") };
        let named: Vec<&str> = scenarios.split(", ").map(|id| id.trim_matches('`')).collect();
        assert!(!asks.is_empty() && named.iter().all(|id| ids.contains(*id)), "{row}");
        tasks.push(task.to_owned());
    }
    let expected: Vec<String> = (1..=3).map(|n| format!("US{n}")).chain((8..=20).map(|n| format!("T{n:03}"))).collect();
    assert_eq!(tasks, expected);
}
