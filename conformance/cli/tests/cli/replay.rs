//! Tests of `replay` and `shrink`. The trace of a seed is printed line by line and judged in the words of the contract.
//! The output for a seed is always the same.

use serde_json::Value;

use super::run::{GOOD, Run, check_in, check_line, folder};
use super::words::sentence_of;

/// Returns the numbers of the lines in a printed trace.
fn line_numbers(text: &str) -> Vec<usize> {
    text.lines().filter_map(|line| line.trim_start().split_once(". ")?.0.parse().ok()).collect()
}

/// Returns the replay command in a printed simulation, without the name of the program.
fn replay_command(run: &Run) -> String {
    let line = run.stdout.lines().find_map(|line| line.trim_start().strip_prefix("replay"));
    let line = line.unwrap_or_else(|| panic!("no replay command in {}", run.stdout)).trim();
    line.strip_prefix("truecount ").unwrap_or_else(|| panic!("not a truecount command: {line}")).to_owned()
}

#[test]
fn a_passing_simulation_is_printed_in_numbered_lines() {
    let run = check_line("replay restore/delivered-twice --seed 3");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("PASS\n"), "{}", run.stdout);
    let numbers = line_numbers(&run.stdout);
    assert!(numbers.len() > 10, "{}", run.stdout);
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    assert!(run.stdout.contains("seed      3 (0x3)"), "{}", run.stdout);
    assert_eq!(check_line(&replay_command(&run)).stdout, run.stdout);
}

/// Checks a failure that the gate found. Its replay states the clause word for word, and another replay prints the same
/// output.
fn check_failure(mutant: &str, failure: &Value) {
    let text = |key: &str| failure[key].as_str().unwrap_or_else(|| panic!("no {key} in {failure}"));
    let (scenario, clause) = (text("scenario"), text("clause"));
    let seed: u64 = text("seed").parse().expect("a seed");
    let run = check_line(&format!("replay {scenario} --seed {seed} --mutant {mutant}"));
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with(&format!("FAIL {clause}  {}\n", sentence_of(clause))), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("seed      {seed} ({seed:#x})")), "{}", run.stdout);
    if failure["at"].is_u64() {
        assert!(run.stdout.contains(&format!("<- {clause}\n")), "the violating line is not marked: {}", run.stdout);
    } else {
        assert!(run.stdout.contains(text("mismatch")), "{}", run.stdout);
    }
    let command = replay_command(&run);
    assert_eq!(format!("truecount {command}"), text("replay"), "the gate states a different command");
    let again = check_line(&command);
    assert_eq!((again.code, again.stdout), (1, run.stdout));
}

#[test]
fn a_failing_simulation_prints_its_clause_and_can_be_repeated() {
    let run = check_line("check restore/delivered-twice --mutant M01 --seeds 64 --format json");
    assert_eq!(run.code, 1, "{run:?}");
    check_failure("M01", &run.json()["scenarios"][0]["failure"]);
}

#[test]
fn every_failure_that_the_gate_finds_can_be_replayed() {
    for mutant in ["M12", "M16", "M30", "M36", "T01", "T03"] {
        let run = check_line(&format!("check restore delete --mutant {mutant} --seeds 32 --format json"));
        assert_eq!(run.code, 1, "{mutant}: {run:?}");
        let report = run.json();
        let scenarios = report["scenarios"].as_array().expect("a list");
        let failures: Vec<&Value> =
            scenarios.iter().map(|scenario| &scenario["failure"]).filter(|failure| !failure.is_null()).collect();
        assert!(!failures.is_empty(), "{mutant}");
        failures.iter().take(3).for_each(|failure| check_failure(mutant, failure));
    }
}

#[test]
fn a_seed_that_fails_with_a_bug_passes_without_it() {
    let report = check_line("check restore/delivered-twice --mutant M01 --seeds 64 --format json").json();
    let seed = report["scenarios"][0]["failure"]["seed"].as_str().expect("a seed").to_owned();
    let run = check_line(&format!("replay restore/delivered-twice --seed {seed}"));
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn an_invalid_file_does_not_prevent_the_replay_of_a_valid_file() {
    let folder = folder(&[("good.json", GOOD.as_bytes()), ("bad.json", b"{")]);
    let good = check_in(folder.path(), "replay good --seed 3");
    assert_eq!(good.code, 0, "{good:?}");
    let bad = check_in(folder.path(), "replay bad --seed 3");
    assert_eq!(bad.code, 65, "{bad:?}");
    assert!(bad.stderr.contains("bad.json:1:2"), "{}", bad.stderr);
    assert_eq!(bad.stdout, "");
}

#[test]
fn a_failing_seed_is_minimised_to_a_few_decisions() {
    let report = check_line("check restore/late-worker --mutant M01 --format json").json();
    let seed = report["scenarios"][0]["failure"]["seed"].as_str().expect("a seed").to_owned();
    let line = format!("shrink restore/late-worker --seed {seed} --mutant M01");
    let run = check_line(&line);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("FAIL COUNT-06  "), "{}", run.stdout);
    let (_, schedule) = run.stdout.split_once("  minimal   ").expect("a minimal schedule");
    let lines: Vec<&str> = schedule.lines().skip(1).collect();
    let left = schedule.split(' ').next().and_then(|left| left.parse().ok());
    assert_eq!(left, Some(lines.len()), "{schedule}");
    assert!((1..=3).contains(&lines.len()), "{schedule}");
    assert!(lines.iter().any(|line| line.contains(": redeliver the job of set-")), "{schedule}");
    assert_eq!(check_line(&line).stdout, run.stdout, "the output of the second run differs");
}

#[test]
fn a_seed_that_does_not_fail_is_reported_and_not_minimised() {
    let run = check_line("shrink restore/late-worker --seed 1");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("seed 1 of restore/late-worker does not fail"), "{}", run.stderr);
    assert_eq!(check_line("shrink restore --seed 1").code, 64);
    assert_eq!(check_line("shrink restore/late-worker --seed 1 --mutant M99").code, 64);
}

/// A batch is counted unit by unit before it is resolved. Even if a unit is resolved a thousand events after it is
/// counted, the trace must not state that its ledger row is missing.
#[test]
fn a_batch_abandoned_by_a_poison_job_is_printed_with_its_resolutions() {
    let run = check_line("replay inventory/many-abandoned");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("worker 1 counts type-0001: failed(abandoned), now 1000 of 2300"), "{}", run.stdout);
    assert!(!run.stdout.contains("writing no ledger row"), "{}", run.stdout);
    // One delivery ends all batches. Leaving the other batches to the sweeper would violate no clause, but would take
    // time for each batch.
    assert_eq!(run.stdout.matches("worker 1 leases the job of sync").count(), 6, "{}", run.stdout);
}
