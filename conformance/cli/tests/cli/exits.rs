//! Tests of exit codes: each code by itself, and their precedence.

use rstest::rstest;

use super::run::{GOOD, check_in, check_line, folder};

const BAD: &[u8] = b"{";

#[rstest]
#[case::an_option("check --sedes 4", "--seeds")]
#[case::a_command("chek", "check")]
#[case::no_command("", "Usage")]
#[case::a_scenario("check restore/duplicate-idz", "did you mean `restore/duplicate-ids`?")]
#[case::a_scenario_to_replay("replay restore/delivered-twise --seed 3", "did you mean `restore/delivered-twice`?")]
#[case::a_scenario_without_a_similar_one("check zzz", "`truecount list` lists all scenarios")]
#[case::a_group_to_replay("replay restore --seed 3", "name a single one")]
#[case::a_replay_without_a_seed("replay restore/delivered-twice", "--seed SEED or --schedule FILE")]
#[case::a_family("check --family backup_set.restor", "did you mean `backup_set.restore`?")]
#[case::a_mutant("check --mutant M99", "`truecount list mutants` lists all mutants")]
#[case::a_mutant_to_search_for("mutants M01 M99", "`truecount list mutants` lists all mutants")]
#[case::a_mutant_to_replay(
    "replay restore/delivered-twice --seed 3 --mutant M99",
    "`truecount list mutants` lists all mutants"
)]
#[case::a_clause("explain COUNT-66", "did you mean `COUNT-06`?")]
#[case::a_clause_without_a_similar_one("explain nonsense", "`truecount list clauses` lists all clauses")]
#[case::a_list("list mutant", "mutants")]
#[case::a_format("check --format yaml", "json")]
#[case::no_seeds("check --seeds 0", "1..=")]
#[case::seeds_that_are_not_a_number("check --seeds many", "--seeds")]
#[case::a_time_without_unit("check --for 10", "90s, 10m or 2h")]
#[case::a_part_of_a_second("check --for 500ms", "90s, 10m or 2h")]
#[case::no_time("check --for 0s", "90s, 10m or 2h")]
#[case::seeds_and_a_time("check --seeds 4 --for 1s", "cannot be used with")]
#[case::a_time_and_stable("check --for 1s --until-stable", "cannot be used with")]
#[case::seeds_and_stable("check --until-stable --seeds 4", "cannot be used with")]
#[case::no_threads("check --jobs 0", "1..=")]
#[case::too_many_threads("check --jobs 1000000", "1..=")]
#[case::no_states_to_hold("explore --states 0", "--states")]
#[case::a_scenario_to_explore("explore small/late-onse", "did you mean `small/late-once`?")]
#[case::a_mutant_to_explore("explore --mutant M99", "`truecount list mutants` lists all mutants")]
#[case::no_seeds_to_search("mutants --seeds 0", "1..=")]
fn a_usage_error_has_a_hint(#[case] line: &str, #[case] hint: &str) {
    let run = check_line(line);
    assert_eq!(run.code, 64, "{run:?}");
    assert!(run.stderr.contains(hint), "{}", run.stderr);
    assert_eq!(run.stdout, "", "stdout is not empty after a usage error");
}

#[rstest]
#[case::help("--help")]
#[case::help_of_a_command("check --help")]
#[case::version("--version")]
fn help_and_version_are_not_errors(#[case] line: &str) {
    let run = check_line(line);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(!run.stdout.is_empty());
}

#[test]
fn help_names_every_exit_code() {
    let help = check_line("--help").stdout;
    for code in [0, 1, 2, 64, 65, 70] {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{code} "))), "{code}: {help}");
    }
}

#[test]
fn a_pass_is_0_and_a_violated_clause_is_1() {
    let folder = folder(&[("good.json", GOOD.as_bytes())]);
    let held = check_in(folder.path(), "check --seeds 64");
    assert_eq!(held.code, 0, "{held:?}");
    assert!(held.stdout.contains("PASS  1 scenario, 64 simulations"), "{}", held.stdout);
    let violated = check_in(folder.path(), "check --seeds 64 --mutant M01");
    assert_eq!(violated.code, 1, "{violated:?}");
    assert!(violated.stdout.contains("FAIL COUNT-06"), "{}", violated.stdout);
}

#[test]
fn an_unexpected_outcome_of_a_run_is_1() {
    // No clause about counts applies to a deletion at once, so only the expectation of the scenario shows this bug.
    let run = check_line("check delete/archived-or-gone --seeds 4 --no-explore --mutant M18");
    assert_eq!(run.code, 1, "{run:?}");
    let expected = "the count `total` of delete: the scenario expects 4, but the actual result is 3";
    assert!(run.stdout.contains(expected), "{}", run.stdout);
}

#[rstest]
#[case::at_the_default_seeds("check")]
#[case::at_few_seeds("check --seeds 4")]
#[case::with_a_bug_planted("check --mutant M01")]
#[case::of_one_family("check --family inventory.sync")]
fn a_check_without_scenarios_is_2(#[case] line: &str) {
    let folder = folder(&[("README.md", b"no scenario"), (".hidden.json", BAD), ("schema.json", BAD)]);
    let run = check_in(folder.path(), line);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("NOTHING EVALUATED  0 scenarios, 0 simulations"), "{}", run.stdout);
    let json = check_in(folder.path(), &format!("{line} --format json"));
    assert_eq!((json.code, &json.json()["verdict"]), (2, &"nothing evaluated".into()));
}

#[test]
fn a_search_without_scenarios_is_2() {
    let folder = folder(&[]);
    let run = check_in(folder.path(), "mutants M01 --seeds 4");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("nothing was evaluated"), "{}", run.stderr);
}

#[rstest]
#[case::check("check --seeds 4")]
#[case::list("list")]
#[case::mutants("mutants M01 --seeds 4")]
fn a_missing_folder_is_65_and_the_message_names_the_option(#[case] line: &str) {
    let folder = folder(&[]);
    let run = check_in(&folder.path().join("none"), line);
    assert_eq!(run.code, 65, "{run:?}");
    assert!(run.stderr.contains("error[file-missing]"), "{}", run.stderr);
    assert!(run.stderr.contains("--scenarios-dir DIR"), "{}", run.stderr);
}

/// The precedence is 70, 64, 1, 65, 2. An internal error, 70, cannot be caused from outside, so a unit test of the
/// command line checks it.
#[rstest]
#[case::usage_before_violation("check --seeds 64 --mutant M01 --family none", &[("good.json", GOOD.as_bytes())], 64)]
#[case::usage_before_bad_input("check --seeds 4 --mutant M99", &[("good.json", GOOD.as_bytes()), ("bad.json", BAD)], 64)]
#[case::usage_before_nothing("check --seeds 4 --mutant M99", &[], 64)]
#[case::violation_before_bad_input("check --seeds 64 --mutant M01", &[("good.json", GOOD.as_bytes()), ("bad.json", BAD)], 1)]
#[case::bad_input_before_nothing("check --seeds 4", &[("bad.json", BAD)], 65)]
#[case::bad_input_before_a_pass("check --seeds 4", &[("good.json", GOOD.as_bytes()), ("bad.json", BAD)], 65)]
fn the_gravest_cause_determines_the_exit_code(#[case] line: &str, #[case] files: &[(&str, &[u8])], #[case] code: i32) {
    let folder = folder(files);
    let run = check_in(folder.path(), line);
    assert_eq!(run.code, code, "{run:?}");
    let has_bad = files.iter().any(|(name, _)| *name == "bad.json");
    // A usage error ends the command before anything runs. In all other cases every finding is reported, whichever
    // cause takes precedence.
    assert_eq!(run.stderr.contains("bad.json:1:"), has_bad && code != 64, "{}", run.stderr);
    assert_eq!(run.stdout.contains("FAIL COUNT-06"), code == 1, "{}", run.stdout);
}
