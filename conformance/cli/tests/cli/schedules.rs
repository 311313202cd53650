//! Schedules: a scenario carries some, a file holds one, `replay` simulates either, and decisions that no longer apply
//! are reported.

use std::fs;
use std::path::Path;

use rstest::rstest;

use super::run::{GOOD, changed, check, check_in, check_line, folder};

/// The line of a schedule in which the first delivery of a set stalls before it is acknowledged.
const STALL: &str = "the job of set-2 of first, acknowledge: stall of the job of set-2 of first";

/// The good scenario with schedules, of which each has a name, its workers and its lines.
fn with(schedules: &[(&str, u64, &[&str])]) -> String {
    let one = |(name, workers, lines): &(&str, u64, &[&str])| {
        let lines: Vec<String> = lines.iter().map(|line| format!("\"{line}\"")).collect();
        format!(r#"{{"name": "{name}", "workers": {workers}, "decisions": [{}]}}"#, lines.join(", "))
    };
    let schedules: Vec<String> = schedules.iter().map(one).collect();
    let text = changed(GOOD, "\"crash_before\": 2,", "\"crash_before\": 2, \"stall\": 2,");
    changed(&text, "  \"expect\"", &format!("  \"schedules\": [{}],\n  \"expect\"", schedules.join(",\n    ")))
}

/// A file that holds a schedule alone.
fn alone(scenario: &str, line: &str) -> String {
    let schedule = format!(r#"{{"name": "a", "workers": 2, "decisions": ["{line}"]}}"#);
    format!("{{\n  \"format\": 1,\n  \"scenario\": \"{scenario}\",\n  \"schedule\": {schedule}\n}}\n")
}

#[test]
fn the_gate_simulates_what_a_scenario_carries_and_counts_it() {
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
fn a_schedule_that_violates_a_clause_comes_before_any_seed_and_is_named() {
    let text = with(&[("zombie", 2, &["the job of set-2 of first, settle: stall of the job of set-2 of first"])]);
    let folder = folder(&[("good.json", text.as_bytes())]);
    let run = check_in(folder.path(), "check --seeds 1 --mutant M16");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("FAIL "), "{}", run.stdout);
    assert!(run.stdout.contains("  schedule  zombie\n") && !run.stdout.contains("  seed  "), "{}", run.stdout);
    assert!(run.stdout.contains("  schedules 1 of 1 fail\n"), "{}", run.stdout);
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

/// A fixture that no longer shows anything must not be green: it would be taken for evidence.
#[test]
fn a_decision_that_no_longer_applies_fails_the_gate_and_is_shown() {
    let gone = "the job of set-2 of first, acknowledge (9): stall of the job of set-2 of first";
    let folder = folder(&[("good.json", with(&[("rotten", 2, &[STALL, gone])]).as_bytes())]);
    let run = check_in(folder.path(), "check --seeds 3");
    assert_eq!(run.code, 1, "{run:?}");
    let head = format!("STALE good, schedule rotten: 1 of 2 decisions no longer applies\n    {gone}\n  refresh ");
    assert!(run.stdout.contains(&head), "{}", run.stdout);
    assert!(run.stdout.contains(", 1 schedule stale\n"), "{}", run.stdout);
    let report = check_in(folder.path(), "check --seeds 3 --format json").json();
    assert_eq!(report["verdict"], "fail");
    assert_eq!(report["scenarios"][0]["schedules"][0]["idle"], serde_json::json!([gone]));
    // A planted bug leads elsewhere, and that is not the file's fault.
    assert_eq!(check_in(folder.path(), "check --seeds 3 --mutant M33").code, 0);

    let replay = check_in(folder.path(), "replay good");
    assert_eq!(replay.code, 0, "{replay:?}");
    assert!(replay.stderr.contains(&format!("note: 1 of 2 decisions no longer applies:\n    {gone}\n")), "{replay:?}");
}

#[test]
fn replay_takes_the_one_schedule_that_there_is_and_asks_where_there_are_several() {
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
fn what_a_seed_does_is_written_and_simulated_again_from_the_file() {
    let folder = folder(&[]);
    let file = folder.path().join("seed.json");
    let file = file.to_str().expect("UTF-8");
    let seed = check_line(&format!("replay restore/late-worker --seed 47 --mutant m01 --write {file}"));
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
#[case::of_a_scenario_itself(GOOD.to_owned(), "", "unknown-key", ":3:3")]
fn a_file_is_refused(#[case] text: String, #[case] scenario: &str, #[case] rule: &str, #[case] place: &str) {
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
fn a_file_that_is_not_there_is_said() {
    let run = check(["replay", "--schedule", "/none/x.json"]);
    assert_eq!(run.code, 65, "{run:?}");
    assert!(run.stderr.contains("error[file-missing]") && Path::new("/none").metadata().is_err(), "{run:?}");
}
