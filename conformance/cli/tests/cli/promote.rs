//! Tests of `promote`. A minimised failure becomes a scenario only if it demonstrates the planted bug that it names.
//! Each reason for a refusal has its own message and exit code.

use std::fs;
use std::path::Path;

use rstest::rstest;
use tempfile::TempDir;

use super::run::{GOOD, Run, changed, check, check_in, check_line, folder};

/// A promoted scenario: with M16, a worker that has lost its job still counts.
const ZOMBIE: &str = include_str!("../../../../scenarios/regressions/zombie-counts.json");

/// Returns a root with one scenario, and a folder for the file to promote.
fn root() -> (TempDir, TempDir) {
    (folder(&[("good.json", GOOD.as_bytes())]), folder(&[]))
}

fn promote(root: &Path, file: &Path, more: &[&str]) -> Run {
    let arguments = ["promote", file.to_str().expect("UTF-8"), "--scenarios-dir", root.to_str().expect("UTF-8")];
    check(arguments.iter().chain(more))
}

/// Promotes this text, and returns the run of the program and the promoted scenario, if any. Checks that a refused file
/// leaves the root unchanged.
fn promoted(text: &str, more: &[&str]) -> (Run, Option<String>) {
    let (root, files) = root();
    let file = files.path().join("zombie.json");
    fs::write(&file, text).expect("a file");
    let run = promote(root.path(), &file, more);
    assert_eq!(fs::read_to_string(&file).expect("the file still exists"), text);
    let landed = fs::read_to_string(root.path().join("regressions/zombie.json")).ok();
    let left = fs::read_dir(root.path()).expect("the root").count();
    assert_eq!((run.code == 0, left), (landed.is_some(), if landed.is_some() { 2 } else { 1 }), "{run:?}");
    (run, landed)
}

#[test]
fn a_minimised_failure_is_written_promoted_and_simulated_by_the_gate() {
    let (root, files) = root();
    let file = files.path().join("late.json");
    let report = check_line("check restore/delivered-twice --mutant M01 --seeds 64 --format json").json();
    let seed = report["scenarios"][0]["failure"]["seed"].as_str().expect("a seed").to_owned();
    let line = format!("shrink restore/delivered-twice --seed {seed} --mutant M01 --write {}", file.display());
    let minimal = check_line(&line);
    assert_eq!(minimal.code, 1, "{minimal:?}");
    assert!(minimal.stdout.contains("\n  fixture   1 of 1 run, "), "{}", minimal.stdout);
    let written = fs::read_to_string(&file).expect("the file");
    let again = check_line(&line);
    assert_eq!(again.code, 1, "{again:?}");
    assert!(again.stderr.contains("error[file-exists]"), "{again:?}");
    assert_eq!(fs::read_to_string(&file).expect("the file"), written);

    let run = promote(root.path(), &file, &["--as", "mine/late"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(fs::read_to_string(root.path().join("mine/late.json")).expect("the promoted scenario"), written);
    let gate = check_in(root.path(), "check mine/late --seeds 8");
    assert_eq!(gate.code, 0, "{gate:?}");
    assert!(gate.stdout.contains("PASS  1 scenario, 9 simulations"), "{}", gate.stdout);
    let replay = check_in(root.path(), "replay mine/late --mutant M01");
    assert_eq!(replay.code, 1, "{replay:?}");
    assert!(replay.stdout.starts_with("FAIL COUNT-06 "), "{}", replay.stdout);

    let taken = promote(root.path(), &file, &["--as", "mine/late"]);
    assert_eq!(taken.code, 64, "{taken:?}");
    assert!(taken.stderr.contains("a scenario `mine/late` already exists"), "{taken:?}");
    let same = promote(root.path(), &file, &["--as", "mine/other"]);
    assert_eq!(same.code, 64, "{same:?}");
    assert!(same.stderr.contains("the scenario `mine/late` has the same title"), "{same:?}");
    assert_eq!(fs::read_to_string(root.path().join("mine/late.json")).expect("the scenario"), written);
}

#[test]
fn a_scenario_that_fails_only_with_its_bug_is_promoted_unchanged() {
    let (run, landed) = promoted(ZOMBIE, &[]);
    assert_eq!((run.code, landed.as_deref()), (0, Some(ZOMBIE)), "{run:?}");
}

#[test]
fn a_bug_named_on_the_command_line_is_written_to_the_file() {
    let text = changed(ZOMBIE, "      \"mutant\": \"M16\",\n", "");
    let (run, landed) = promoted(&text, &["--mutant", "m16"]);
    assert_eq!((run.code, landed.as_deref()), (0, Some(ZOMBIE)), "{run:?}");
}

#[test]
fn a_scenario_that_expects_what_the_tables_rule_out_is_an_input_error() {
    // Counts and units are removed, since the reader would report that they contradict the outcome.
    let text = changed(ZOMBIE, "\"outcome\": \"succeeded\"", "\"outcome\": \"failed\"");
    let (head, rest) = text.split_once(",\n      \"counts\"").expect("counts");
    let (_, tail) = rest.split_once("}\n    }").expect("units");
    let (run, _) = promoted(&format!("{head}\n    }}{tail}"), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    assert!(run.stderr.contains("error[against-tables]: without faults, the outcome is `succeeded`"), "{}", run.stderr);
}

/// Lines of a schedule, one of which never applies in the unmodified engine.
const GONE: &str = "the job of sync, settle: stall of the job of sync\",\n        \"the relay, ask: faults stop\"";

#[rstest]
#[case::the_bug_violates_nothing("\"M16\"", "\"M33\"", "violates nothing, but LIFE-11 was expected")]
#[case::the_bug_violates_another_clause(
    "\"LIFE-11\",\n",
    "\"COUNT-06\",\n",
    "violates LIFE-11, but COUNT-06 was expected"
)]
#[case::a_line_no_longer_applies(
    "the job of sync, settle: stall of the job of sync\"",
    GONE,
    "1 of 2 decisions no longer applies to the unmodified engine:\n    the relay, ask: faults stop"
)]
#[case::nothing_is_violated(
    "      \"mutant\": \"M16\",\n      \"violates\": \"LIFE-11\",\n",
    "",
    "does not state which planted bug it shows"
)]
#[case::the_bug_is_not_named("      \"mutant\": \"M16\",\n", "", "does not state which planted bug it shows")]
fn a_scenario_that_does_not_demonstrate_its_bug_is_refused(#[case] from: &str, #[case] to: &str, #[case] why: &str) {
    let text = changed(ZOMBIE, from, to);
    let (run, _) = promoted(&text, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(run.stderr.contains("is not promoted: ") && run.stderr.contains(why), "{}", run.stderr);
    assert!(run.stderr.contains("\n  = help: "), "{}", run.stderr);
}

#[test]
fn a_scenario_without_a_schedule_or_about_another_bug_is_refused() {
    let (head, _) = ZOMBIE.split_once(",\n  \"schedules\"").expect("schedules");
    let (run, _) = promoted(&format!("{head}\n}}\n"), &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("it carries no schedule") && run.stderr.contains("truecount shrink"), "{run:?}");
    let (run, _) = promoted(ZOMBIE, &["--mutant", "M01"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("names the mutant M16, not M01"), "{run:?}");
    let (run, _) = promoted(ZOMBIE, &["--mutant", "M99"]);
    assert_eq!(run.code, 64, "{run:?}");
}

#[rstest]
#[case::not_canonical("\"format\": 1,\n  \"title\"", "\"format\": 1, \"title\"", "not-canonical", ":2:15")]
#[case::a_mistake("\"device\": \"active\"", "\"device\": \"activ\"", "unknown-state", "")]
#[case::cut_off("\"runs\": [", "\"runs\": [\u{7f}", "json-syntax", "")]
fn an_invalid_file_is_rejected_with_its_position(
    #[case] from: &str,
    #[case] to: &str,
    #[case] rule: &str,
    #[case] place: &str,
) {
    let (run, _) = promoted(&changed(ZOMBIE, from, to), &[]);
    assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    assert!(run.stderr.contains(&format!("error[{rule}]")), "{}", run.stderr);
    assert!(run.stderr.contains(&format!("zombie.json{place}")), "{}", run.stderr);
}

#[rstest]
#[case::no_group("zombie")]
#[case::outside("../zombie")]
#[case::an_empty_part("a//b")]
#[case::absolute("/tmp/zombie")]
#[case::hidden("a/.b")]
fn an_invalid_id_is_a_usage_error(#[case] id: &str) {
    let (run, _) = promoted(ZOMBIE, &["--as", id]);
    assert_eq!(run.code, 64, "{run:?}");
    assert!(run.stderr.contains(&format!("`{id}` is not a valid scenario id")), "{run:?}");
}

#[test]
fn a_missing_file_and_an_unwritable_root_are_reported() {
    let (root, files) = root();
    let none = promote(root.path(), &files.path().join("none.json"), &[]);
    assert_eq!(none.code, 65, "{none:?}");
    assert!(none.stderr.contains("error[file-missing]"), "{none:?}");
    let file = files.path().join("zombie.json");
    fs::write(&file, ZOMBIE).expect("a file");
    // This file has the name of the group's folder, so the folder cannot be created.
    fs::write(root.path().join("regressions"), "").expect("a file");
    let run = promote(root.path(), &file, &[]);
    assert_eq!(run.code, 65, "{run:?}");
    assert!(run.stderr.contains("error[file-unwritable]"), "{run:?}");
}

#[test]
fn a_scenario_with_a_name_that_is_reserved_at_the_root_is_found_after_it_is_promoted() {
    let (root, files) = root();
    let file = files.path().join("zombie.json");
    let title = ZOMBIE.split('"').skip_while(|part| *part != "title").nth(2).expect("a title");
    for id in ["promoted/schema", "promoted/corpus"] {
        fs::write(&file, changed(ZOMBIE, title, id)).expect("a file");
        let run = promote(root.path(), &file, &["--as", id]);
        assert_eq!(run.code, 0, "{run:?}");
        let gate = check_in(root.path(), &format!("check {id} --seeds 2"));
        assert_eq!((gate.code, gate.stdout.contains("PASS  1 scenario, 3 simulations")), (0, true), "{gate:?}");
    }
}

#[test]
fn a_scenario_that_also_fails_without_the_bug_is_not_minimised() {
    let (_root, files) = root();
    let (file, to) = (files.path().join("other.json"), files.path().join("to.json"));
    // The outcome after a rejection is missing.
    let other = [
        (",\n      \"responses\": {\"set-1\": [\"throttled\"]}}", "}"),
        ("\"crash_before\": 2", "\"rejected\": 2"),
        ("\"outcome\": \"succeeded\"", "\"outcome\": [\"succeeded\", \"failed\"]"),
        ("\"succeeded\": 1, \"failed\": 0", "\"succeeded\": [1, 2], \"failed\": [0, 2]"),
        ("\"skipped\": 1", "\"skipped\": [0, 1]"),
    ];
    let other = other.iter().fold(GOOD.to_owned(), |file, (from, to)| changed(&file, from, to));
    fs::write(&file, other).expect("a file");
    let run = check_line(&format!("shrink {} --seed 57 --mutant M34 --write {}", file.display(), to.display()));
    assert_eq!((run.code, run.stdout.as_str(), to.exists()), (1, "", false), "{run:?}");
    assert!(
        run.stderr.contains(" without M34, too, so it does not show this bug\n  = help: `truecount replay "),
        "{run:?}"
    );
}
