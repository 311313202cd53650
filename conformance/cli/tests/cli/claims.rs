//! Tests that a scenario must exercise each clause that it names.

use super::run::{GOOD, Run, changed, check_in, folder};

/// Returns the check of a scenario of its own.
fn check_one(scenario: &str, line: &str) -> Run {
    let folder = folder(&[("one.json", scenario.as_bytes())]);
    check_in(folder.path(), line)
}

/// A scenario that names clauses about surfaces and packs, but has neither.
fn about_other_things() -> String {
    changed(GOOD, r#""COUNT-02", "COUNT-06""#, r#""VIS-01", "COUNT-06", "ARTF-02""#)
}

#[test]
fn a_clause_that_is_named_and_never_exercised_fails_the_check() {
    let run = check_one(&about_other_things(), "check");
    assert_eq!(run.code, 1, "{run:?}");
    let lines = "  one names VIS-01 and never exercises it\n  one names ARTF-02 and never exercises it\n";
    assert!(run.stdout.contains(lines), "{}", run.stdout);
    assert!(run.stdout.contains("FAIL  1 scenario") && run.stdout.contains(", 2 named clauses never exercised\n"));
    assert!(!run.stdout.contains("names COUNT-06"), "{}", run.stdout);
}

#[test]
fn a_request_that_is_refused_exercises_nothing_about_its_run() {
    let refused = changed(GOOD, r#"[{"actor": "ada", "tenant": "acme", "may": "operate"}]"#, "[]");
    let refused = changed(
        &refused,
        r#""outcome": "succeeded",
      "counts": {"total": 2, "processed": 2, "succeeded": 1, "failed": 0, "skipped": 1}"#,
        r#""refused": true"#,
    );
    let refused = changed(&refused, ",\n      \"responses\": {\"set-1\": [\"throttled\"]}", "");
    let run =
        check_one(&changed(&refused, r#""COUNT-02", "COUNT-06""#, r#""COUNT-06", "LIFE-02", "LIFE-06""#), "check");
    assert_eq!(run.code, 1, "{run:?}");
    let lines = "  one names COUNT-06 and never exercises it\n  one names LIFE-02 and never exercises it\n";
    assert!(run.stdout.contains(lines), "{}", run.stdout);
}

#[test]
fn a_report_states_the_standing_of_each_named_clause() {
    let standings = |scenario: &str, line: &str| {
        let report = check_one(scenario, line).json();
        let clauses = report["scenarios"][0]["clauses"].as_array().expect("a list").clone();
        let of = |row: &serde_json::Value| format!("{} {}", row["clause"], row["standing"]).replace('"', "");
        clauses.iter().map(of).collect::<Vec<String>>()
    };
    let judged = standings(&about_other_things(), "check --format json");
    assert_eq!(judged, ["VIS-01 never_exercised", "COUNT-06 exercised", "ARTF-02 never_exercised"]);
    let few = standings(&about_other_things(), "check --seeds 255 --format json");
    assert_eq!(few, ["VIS-01 not_judged", "COUNT-06 exercised", "ARTF-02 not_judged"]);
}

#[test]
fn at_fewer_seeds_than_the_default_nothing_is_judged_and_the_report_says_so() {
    let run = check_one(&about_other_things(), "check --seeds 255");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.stdout.contains("never exercises"), "{}", run.stdout);
    assert!(run.stdout.contains("  2 clauses that a scenario names not exercised (not judged"), "{}", run.stdout);
}

#[test]
fn two_seeds_are_the_default_for_a_large_plan() {
    let large = changed(
        &about_other_things(),
        r#"{"set-1": "archived", "set-2": "active"}"#,
        r#"{"set-{1..1001}": "archived"}"#,
    );
    let large = changed(&large, r#"["set-1", "set-2"]"#, r#"["set-{1..1001}"]"#);
    let large = changed(
        &large,
        r#"{"total": 2, "processed": 2, "succeeded": 1, "failed": 0, "skipped": 1}"#,
        r#"{"total": 1001, "processed": 1001}"#,
    );
    assert_eq!(check_one(&large, "check --seeds 1").code, 0);
    assert_eq!(check_one(&large, "check --seeds 2").code, 1);
}
