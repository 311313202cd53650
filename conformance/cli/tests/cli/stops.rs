//! Tests of the conditions that end a check, such as a time limit or stability. The simulated seeds are consecutive and
//! can be simulated again.

use rstest::rstest;
use serde_json::Value;

use super::run::{Run, check_line};

/// Returns the number of seeds in a JSON report, which is the same for all scenarios.
fn seeds(run: &Run) -> u64 {
    let report = run.json();
    let seeds = report["seeds"].as_u64().expect("a number");
    let of = |scenario: &Value| scenario["seeds"].as_u64();
    assert!(report["scenarios"].as_array().expect("a list").iter().all(|scenario| of(scenario) == Some(seeds)));
    seeds
}

#[rstest]
#[case::a_time("restore/duplicate-ids delete/for-good", "--for 1s", "the time limit was reached after")]
#[case::nothing_new("restore/duplicate-ids pack/every-answer", "--until-stable", "stable after")]
#[case::nothing_new_from_another_seed("baseline delete/for-good", "--until-stable --seed 0x51ed", "stable after")]
#[case::a_bug("restore/late-worker", "--until-stable --mutant M01", "stable after")]
fn simulating_the_same_seeds_again_gives_the_same_report(#[case] names: &str, #[case] rule: &str, #[case] why: &str) {
    let run = check_line(&format!("check {names} {rule} --format json --coverage"));
    let seeds = seeds(&run);
    assert!(seeds > 0 && seeds.is_multiple_of(32), "{seeds}");
    assert!(run.stderr.contains(why), "{}", run.stderr);
    let other = rule.replace("--for 1s", "").replace("--until-stable", "");
    let again = check_line(&format!("check {names} {other} --seeds {seeds} --format json --coverage"));
    assert_eq!((run.code, &run.stdout), (again.code, &again.stdout));
}

#[test]
fn the_end_of_a_stable_check_does_not_depend_on_the_number_of_threads() {
    let runs = [1, 2, 7].map(|jobs| check_line(&format!("check baseline --until-stable --jobs {jobs}")));
    assert_eq!(runs[0].code, 0, "{:?}", runs[0]);
    assert_eq!(runs[0].stdout, runs[1].stdout);
    assert_eq!(runs[0].stdout, runs[2].stdout);
}

#[test]
fn the_report_states_the_simulated_seeds_and_the_bound_on_the_failure_rate() {
    let run = check_line("check restore/duplicate-ids --until-stable --seed 7");
    let stable = check_line("check restore/duplicate-ids --until-stable --seed 7 --format json");
    let seeds = seeds(&stable);
    assert!(seeds >= 256, "the check was stable after only {seeds} seeds, fewer than 256");
    let line = format!("      seeds 7 to {}: {seeds} for each scenario\n", seeds + 6);
    assert!(run.stdout.contains(&line), "{}", run.stdout);
    let risk = format!("0 failures in {seeds} seeds each; 95 % upper bound on the failure rate: ");
    assert!(run.stdout.contains(&risk), "{}", run.stdout);
    let plain = check_line("check restore/duplicate-ids");
    assert!(
        !plain.stdout.contains("of each scenario"),
        "the report must not state one number of seeds for all scenarios: {}",
        plain.stdout
    );
}

#[test]
fn a_check_without_scenarios_ends_at_once() {
    let run = check_line("check baseline --family inventory.sync --for 8760h");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("NOTHING EVALUATED"), "{}", run.stdout);
}
