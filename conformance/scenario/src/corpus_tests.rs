//! Tests of the corpus: every file is valid and allows the result of a simulation without faults.

use std::collections::BTreeSet;
use std::path::Path;

use truecount_engine::family::{FamilyId, family};
use truecount_engine::mode::Mode;
use truecount_engine::object::Row;
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::{Failure, Meaning, Resolution, Response, resolve};
use truecount_sim::fault::Fault;
use truecount_sim::fixture::RunSpec;

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

/// Checks that the expectation allows the result of simulating the runs one after another, without faults.
fn check_plain_end(scenario: &Scenario) {
    let fixture = &scenario.fixture;
    let mut states = fixture.objects.clone();
    for (run, expected) in fixture.runs.iter().zip(&scenario.expect) {
        let family = family(run.family);
        // A run that fails at its first failed unit leaves units unresolved.
        let fails_fast = expected.cause == Some(Cause::FailFast);
        if fails_fast || expected.refused || expected.same_as.is_some() || run.family.mode() == Mode::Phased {
            continue;
        }
        let limit = family.retry.attempt_limit;
        let never =
            |word: fn(&RunSpec, u8) -> Option<Response>| (1..=limit).all(|attempt| word(run, attempt).is_some());
        if never(RunSpec::planning_scripted) || never(RunSpec::publishing_scripted) {
            assert_eq!(expected.outcome, [Outcome::Failed], "{}", scenario.id);
            continue;
        }
        for &object in family.plan(&run.input).keys() {
            let state = states[object.index()];
            let responses = fixture.responses.of(run.family, state);
            let end =
                (1..=limit).find_map(|attempt| match resolve(run.scripted(object, attempt).unwrap_or(responses)) {
                    Meaning::Resolved(end) => Some(end),
                    Meaning::Retry => None,
                });
            let end = end.unwrap_or(Resolution::Failed(Failure::RetriesExhausted));
            if end == Resolution::Succeeded {
                let becomes = family.read(Row { state, version: 0 }).becomes;
                states[object.index()] = becomes.unwrap_or(state);
            }
            let allowed = expected.units.iter().find(|(unit, _)| *unit == object);
            let name = &scenario.names.objects[object.index()];
            assert!(allowed.is_some_and(|(_, ends)| ends.contains(&end)), "{} {name}: {}", scenario.id, end.name());
        }
    }
}

#[test]
fn every_scenario_is_valid_and_allows_the_result_without_faults() {
    let corpus = corpus();
    assert!(corpus.len() >= 40, "{}", corpus.len());
    corpus.iter().for_each(check_plain_end);
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
