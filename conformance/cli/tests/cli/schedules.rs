//! Tests of schedules in a scenario and in a separate file. `replay` simulates both, and decisions that no longer apply
//! are reported.

use std::fs;
use std::path::Path;

use rstest::rstest;

use super::run::{GOOD, changed, check, check_in, check_line, folder};

/// A line of a schedule: the worker with the first delivery of a set stalls before it acknowledges the job.
const STALL: &str = "the job of set-2 of first, acknowledge: stall of the job of set-2 of first";

/// Returns the valid scenario with these schedules, each with a name, a number of workers and its lines.
fn with(schedules: &[(&str, u64, &[&str])]) -> String {
    let one = |(name, workers, lines): &(&str, u64, &[&str])| {
        let lines: Vec<String> = lines.iter().map(|line| format!("\"{line}\"")).collect();
        format!(r#"{{"name": "{name}", "workers": {workers}, "decisions": [{}]}}"#, lines.join(", "))
    };
    let schedules: Vec<String> = schedules.iter().map(one).collect();
    let text = changed(GOOD, "\"crash_before\": 2,", "\"crash_before\": 2, \"stall\": 2,");
    changed(&text, "  \"expect\"", &format!("  \"schedules\": [{}],\n  \"expect\"", schedules.join(",\n    ")))
}

/// Returns a file that contains only a schedule.
fn alone(scenario: &str, line: &str) -> String {
    let schedule = format!(r#"{{"name": "a", "workers": 2, "decisions": ["{line}"]}}"#);
    format!("{{\n  \"format\": 1,\n  \"scenario\": \"{scenario}\",\n  \"schedule\": {schedule}\n}}\n")
}

#[test]
fn the_gate_simulates_and_counts_saved_schedules() {
    let text = with(&[("plain", 1, &[]), ("stall", 2, &[STALL])]);
    let folder = folder(&[("good.json", text.as_bytes())]);
    let run = check_in(folder.path(), "check --seeds 3");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("PASS  1 scenario, 5 simulations from seed 0"), "{}", run.stdout);
    let report = check_in(folder.path(), "check --seeds 3 --format json").json();
    let scenario = &report["scenarios"][0];
    assert_eq!((&scenario["seeds"], &report["families"][0]["simulations"]), (&3.into(), &5.into()));
    let schedules = scenario["schedules"].as_array().expect("a list");
    assert_eq!(schedules[1]["name"], "stall");
    assert_eq!((&schedules[1]["decisions"], &schedules[1]["failed"]), (&1.into(), &false.into()));
    assert_eq!(schedules[1]["idle"], serde_json::json!([]));
    let steps = |value: &serde_json::Value| value["steps"].as_u64().expect("a number");
    let sum = steps(scenario) + steps(&schedules[0]) + steps(&schedules[1]);
    assert_eq!(steps(&report["families"][0]), sum);
}

#[test]
fn a_failing_schedule_is_reported_by_name_before_any_seed() {
    let text = with(&[("zombie", 2, &["the job of set-2 of first, settle: stall of the job of set-2 of first"])]);
    let folder = folder(&[("good.json", text.as_bytes())]);
    let run = check_in(folder.path(), "check --seeds 1 --mutant M16");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("FAIL "), "{}", run.stdout);
    assert!(run.stdout.contains("  schedule  zombie\n") && !run.stdout.contains("  seed  "), "{}", run.stdout);
    assert!(run.stdout.contains("  schedules 1 of 1 failed\n"), "{}", run.stdout);
    let command = run.stdout.lines().find_map(|line| line.strip_prefix("  replay    truecount ")).expect("a command");
    assert!(command.contains("--schedule zombie --mutant M16"), "{command}");
    let again = check_line(command);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stdout.contains("    the job of set-2 of first, settle: stall of the job of set-2 of first\n"));
    let report = check_in(folder.path(), "check --seeds 1 --mutant M16 --format json").json();
    let failure = &report["scenarios"][0]["failure"];
    assert_eq!((&failure["schedule"], failure.get("seed")), (&"zombie".into(), None));
    let clauses = report["clauses"].as_array().expect("a list");
    let violated = clauses.iter().find(|clause| clause["id"] == failure["clause"]).expect("the clause is listed");
    assert_eq!(violated["standing"], "violated");
}

/// A schedule that no longer shows anything must not pass, because its pass would be taken for evidence.
#[test]
fn a_decision_that_no_longer_applies_fails_the_gate_and_is_shown() {
    let gone = "the job of set-2 of first, acknowledge (9): stall of the job of set-2 of first";
    let folder = folder(&[("good.json", with(&[("outdated", 2, &[STALL, gone])]).as_bytes())]);
    let run = check_in(folder.path(), "check --seeds 3");
    assert_eq!(run.code, 1, "{run:?}");
    let head = format!("STALE good, schedule outdated: 1 of 2 decisions no longer applies\n    {gone}\n  refresh ");
    assert!(run.stdout.contains(&head), "{}", run.stdout);
    assert!(run.stdout.contains(", 1 schedule stale\n"), "{}", run.stdout);
    let report = check_in(folder.path(), "check --seeds 3 --format json").json();
    assert_eq!(report["verdict"], "fail");
    assert_eq!(report["scenarios"][0]["schedules"][0]["idle"], serde_json::json!([gone]));
    // A planted bug changes the simulation, so a decision that does not apply is not a mistake in the file.
    assert_eq!(check_in(folder.path(), "check --seeds 3 --mutant T36").code, 0);

    let replay = check_in(folder.path(), "replay good");
    assert_eq!(replay.code, 0, "{replay:?}");
    assert!(replay.stderr.contains(&format!("note: 1 of 2 decisions no longer applies:\n    {gone}\n")), "{replay:?}");
}

#[test]
fn replay_needs_the_name_of_a_schedule_only_if_there_are_several() {
    let folder = folder(&[("one.json", with(&[("stall", 2, &[STALL])]).as_bytes()), ("good.json", GOOD.as_bytes())]);
    let one = check_in(folder.path(), "replay one");
    assert_eq!(one.code, 0, "{one:?}");
    assert!(one.stdout.contains("  schedule  stall\n") && one.stdout.contains("stalls past its lease"), "{one:?}");
    assert_eq!(check_in(folder.path(), "replay one --schedule stall").stdout, one.stdout);
    let none = check_in(folder.path(), "replay good");
    assert_eq!(none.code, 64, "{none:?}");
    assert!(none.stderr.contains("good carries no schedule") && none.stderr.contains("--seed"), "{none:?}");
    let wrong = check_in(folder.path(), "replay one --schedule stal");
    assert_eq!(wrong.code, 64, "{wrong:?}");
    assert!(wrong.stderr.contains("did you mean `stall`?"), "{wrong:?}");
    fs::write(folder.path().join("one.json"), with(&[("a", 1, &[]), ("b", 1, &[])])).expect("a file");
    let several = check_in(folder.path(), "replay one");
    assert_eq!(several.code, 64, "{several:?}");
    assert!(several.stderr.contains("choose one with --schedule: a, b"), "{several:?}");
    for line in ["replay", "replay one --schedule a --seed 1", "replay --schedule a", "replay one --write x.json"] {
        assert_eq!(check_in(folder.path(), line).code, 64, "{line}");
    }
}

#[test]
fn a_seed_can_be_saved_and_replayed_from_the_file() {
    let folder = folder(&[]);
    let file = folder.path().join("seed.json");
    let file = file.to_str().expect("UTF-8");
    let seed = check_line(&format!("replay restore/late-worker --seed 14 --mutant m01 --write {file}"));
    assert_eq!(seed.code, 1, "{seed:?}");
    let again = check_line(&format!("replay --schedule {file} --mutant M01"));
    assert_eq!(again.code, 1, "{again:?}");
    let trace = |text: &str| text.lines().filter(|line| line.contains(" ms  ")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(trace(&seed.stdout), trace(&again.stdout));
    assert!(again.stderr.contains("note: the schedule violates COUNT-06 with --mutant M01"), "{again:?}");
    assert!(!again.stderr.contains("no longer"), "{again:?}");
    assert_eq!(check_line(&format!("replay --schedule {file}")).code, 0);
}

#[rstest]
#[case::of_another_scenario(alone("restore/late-worke", "x"), "restore/late-worker", "other-scenario", ":3:15")]
#[case::of_no_scenario(alone("restore/late-worke", "x"), "", "other-scenario", ":3:15")]
#[case::of_another_format(alone("restore/late-worker", "x").replace('1', "2"), "", "unknown-format", ":2:13")]
#[case::malformed(alone("restore/late-worker", "the sweeper, ask: hop"), "", "bad-decision", ":4:76")]
#[case::cut_off("{\"format\": 1".to_owned(), "", "json-syntax", ":1:13")]
#[case::that_is_a_scenario(GOOD.to_owned(), "", "unknown-key", ":3:3")]
fn a_schedule_file_is_rejected(#[case] text: String, #[case] scenario: &str, #[case] rule: &str, #[case] place: &str) {
    let folder = folder(&[("x.json", text.as_bytes())]);
    let file = folder.path().join("x.json");
    let file = file.to_str().expect("UTF-8");
    let run = check_line(&format!("replay {scenario} --schedule {file}"));
    assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    assert!(run.stderr.contains(&format!("error[{rule}]")), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("--> {file}{place}\n")), "{}", run.stderr);
    assert!(run.stderr.contains("expected") && run.stderr.contains("= help: "), "{}", run.stderr);
}

#[test]
fn a_missing_schedule_file_is_reported() {
    let run = check(["replay", "--schedule", "/none/x.json"]);
    assert_eq!(run.code, 65, "{run:?}");
    assert!(run.stderr.contains("error[file-missing]") && Path::new("/none").metadata().is_err(), "{run:?}");
}
