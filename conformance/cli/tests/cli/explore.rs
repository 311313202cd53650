//! Tests of `truecount explore`: its results, its bounds, and the files that it writes.

use std::fs;

use serde_json::Value;

use super::run::{GOOD, check_in, check_line as run, folder};

#[test]
fn an_exhausted_scenario_is_reported_with_its_size() {
    let done = run("explore small/conflict-once small/last-two-together");
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("small/conflict-once                    17,676       91,526"), "{}", done.stdout);
    assert!(
        done.stdout.ends_with("explored 2 scenarios: 2 exhausted, 63,044 states, no violation\n"),
        "{}",
        done.stdout
    );
}

#[test]
fn a_planted_bug_is_found_reported_and_minimised() {
    let done = run("explore small/worker-dies-once --mutant M01");
    assert_eq!(done.code, 1, "{done:?}");
    for part in [
        "FAIL COUNT-06",
        "with 1 worker; minimised to",
        "<- COUNT-06",
        "truecount explore small/worker-dies-once --mutant M01",
    ] {
        assert!(done.stdout.contains(part), "{part}: {}", done.stdout);
    }
    assert!(done.stdout.contains("1 violated"), "{}", done.stdout);
}

/// With M32, the relay never marks a letter as sent, so upkeep cycles for ever although every run has ended.
#[test]
fn a_simulation_that_never_converges_is_a_violation() {
    let done = run("explore small/conflict-once --mutant M32");
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("FAIL NOTE-03"), "{}", done.stdout);
}

#[test]
fn a_search_that_reaches_its_bound_is_reported_as_unknown() {
    let cases = [
        ("--states 500", "states", "--states 5000"),
        ("--generated 2000", "generated states", "--generated 20000"),
        ("--depth 20", "depth", "--depth 200"),
    ];
    for (bound, named, further) in cases {
        let done = run(&format!("explore small/conflict-once {bound}"));
        assert_eq!(done.code, 2, "{done:?}");
        let why = format!("unknown: the bound on {named} was reached");
        assert!(done.stdout.contains(&why), "{done:?}");
        assert!(done.stdout.contains("; finished 0 of 1 number of workers;"), "{done:?}");
        let resume = format!("resume with: truecount explore small/conflict-once {further}\n");
        assert!(done.stdout.contains(&resume), "{done:?}");
        assert!(done.stdout.contains("0 exhausted, 1 unknown"), "{done:?}");
    }
}

/// With T58, nothing completes a phased run, and the sweeper creates a job for it again and again. The exploration abandons such a growing path before it fills the machine's memory.
#[test]
fn a_path_that_grows_for_ever_is_abandoned() {
    let done = run("explore small/phase-again --mutant T58");
    assert_eq!(done.code, 2, "{done:?}");
    assert!(done.stdout.contains("the bound on depth was reached (the state may grow without limit)"), "{done:?}");
}

/// As long as no fault delays the run, its lateness is part of the state. The lateness is capped, so that the states of
/// a run that never ends can recur.
#[test]
fn a_run_that_never_ends_is_a_violation() {
    let done = run("explore small/nothing-to-do --mutant M36");
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("FAIL LIFE-07"), "{done:?}");
}

/// A failure found by an exploration has no seed, but it can be written as a scenario.
#[test]
fn a_failure_is_written_as_a_scenario_that_can_be_promoted() {
    let (root, files) = (folder(&[("good.json", GOOD.as_bytes())]), folder(&[]));
    let file = files.path().join("lost.json");
    let explore = |mutant: &str| {
        run(&format!("explore small/worker-dies-once small/item-gone {mutant} --write {}", file.display()))
    };
    let held = explore("");
    assert_eq!((held.code, file.exists()), (0, false), "{held:?}");
    let violated = explore("--mutant M01");
    assert_eq!(violated.code, 1, "{violated:?}");
    let written = fs::read_to_string(&file).expect("the file");
    assert!(written.contains("M01, minimised from an exploration of small/worker-dies-once"), "{written}");
    let again = explore("--mutant M01");
    assert_eq!(again.code, 1, "{again:?}");
    assert_eq!(fs::read_to_string(&file).expect("the file"), written);
    let promoted = check_in(root.path(), &format!("promote {}", file.display()));
    assert_eq!(promoted.code, 0, "{promoted:?}");
    assert!(root.path().join("regressions/lost.json").exists());
}

#[test]
fn the_json_report_does_not_depend_on_the_number_of_threads() {
    let [one, two] = ["1", "2"].map(|jobs| {
        let done = run(&format!("explore small/conflict-once small/answered-late --format json --jobs {jobs}"));
        assert_eq!(done.code, 0, "{done:?}");
        done.stdout
    });
    assert_eq!(one, two);
    let whole: Value = serde_json::from_str(&one).expect("JSON");
    assert_eq!(whole["explored"][1]["states"], 17_676, "{whole:#}");
    assert_eq!(whole["explored"][1]["verdict"], "exhausted");
}

#[test]
fn the_gate_explores_small_scenarios_first_and_reports_them() {
    let done = run("check small/conflict-once restore/late-worker --seeds 2");
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("explored 1 scenario: 1 exhausted, 3,612 states"), "{}", done.stdout);
    let done = run("check small/conflict-once --seeds 2 --no-explore");
    assert!(!done.stdout.contains("explored"), "{}", done.stdout);
    let done = run("check small/worker-dies-once --seeds 1 --mutant M01");
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.stdout.contains("failed in exploration"), "{}", done.stdout);
}

/// A small scenario without a size. It is not in canonical form: a run is on one line, and some spaces are missing.
const SMALL: &str = r#"{
  "format": 1, "title": "One type counts once", "clauses": ["COUNT-06"], "tenants": ["acme"], "actors": ["ada"],
  "grants": [{"actor":"ada", "tenant":"acme", "may":"operate"}],
  "objects": {"type-1": "active"}, "workers": {"min": 1, "max": 1},
  "runs": [{"name": "run", "tenant": "acme", "actor": "ada", "family": "inventory.sync", "request": ["type-1"]}],
  "expect": {"run": {"outcome": "succeeded"}}
}
"#;

#[test]
fn writing_a_size_changes_nothing_else_in_the_file() {
    let root = folder(&[("one.json", SMALL.as_bytes())]);
    let path = root.path().join("one.json");
    let read = || fs::read_to_string(&path).expect("the file");
    for command in ["explore", "check --seeds 1"] {
        let missing = check_in(root.path(), command);
        assert_eq!(missing.code, 0, "{missing:?}");
        assert!(missing.stderr.contains("one: the file does not state the size"), "{missing:?}");
        assert!(missing.stderr.contains("`truecount explore one --scenarios-dir"), "{missing:?}");
        assert!(missing.stderr.contains("--write-sizes` writes the size"), "{missing:?}");
    }
    let written = check_in(root.path(), "explore --write-sizes");
    assert_eq!((written.code, &*written.stdout), (0, "wrote the size of one\n"), "{written:?}");
    let text = read();
    let before = SMALL.strip_suffix("\n}\n").expect("the end of the file");
    let size = text.strip_prefix(before).and_then(|rest| rest.strip_suffix("\n}\n")).expect("the rest is unchanged");
    assert!(size.starts_with(",\n  \"explored\": {\n    \"work\": {\"states\": "), "{size}");

    let again = check_in(root.path(), "explore --write-sizes");
    assert_eq!((again.code, &*again.stdout, read() == text), (0, "", true), "{again:?}");
    let quiet = check_in(root.path(), "explore");
    assert!(!quiet.stderr.contains("one: "), "{quiet:?}");

    fs::write(&path, text.replacen("\"states\": ", "\"states\": 1", 3)).expect("the file");
    for command in ["explore", "check --seeds 1"] {
        let wrong = check_in(root.path(), command);
        assert_eq!(wrong.code, 0, "{wrong:?}");
        assert!(wrong.stderr.contains("edges were explored, but the file states 1"), "{wrong:?}");
    }
    let right = check_in(root.path(), "explore --write-sizes");
    assert_eq!((right.code, read() == text), (0, true), "{right:?}");
}

#[test]
fn no_size_is_written_for_a_scenario_that_is_not_small() {
    let refused = run("explore restore/late-worker --write-sizes");
    assert_eq!(refused.code, 64, "{refused:?}");
    assert!(refused.stderr.contains("restore/late-worker is not small"), "{refused:?}");
    let refused = run("explore small/late-once --write-sizes --mutant M01");
    assert_eq!(refused.code, 64, "{refused:?}");
}
