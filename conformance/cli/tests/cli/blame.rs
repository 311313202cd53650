//! Tests that a bug of the engine is reported under a clause, and never as a mistake in a scenario's file.

use std::collections::BTreeSet;

use rstest::rstest;

use super::run::check_line;

/// The bugs show without any fault, so that a reader that asked the engine would find every file wrong.
#[rstest]
#[case::a_plan_with_duplicates("M17", "restore/duplicate-ids shapes/restore rollout", &["COUNT-02"])]
#[case::a_plan_without_its_last_unit("M18", "restore rollout queue", &["COUNT-02"])]
#[case::wrong_tallies("T02", "restore evidence rollout", &["COUNT-10"])]
#[case::a_wrong_outcome("T03", "restore evidence rollout", &["COUNT-20", "LIFE-04"])]
fn a_bug_that_shows_without_faults_violates_a_clause(
    #[case] mutant: &str,
    #[case] scenarios: &str,
    #[case] clauses: &[&str],
) {
    let run = check_line(&format!("check {scenarios} --seeds 4 --no-explore --format json --mutant {mutant}"));
    assert_eq!(run.code, 1, "{run:?}");
    let report = run.json();
    assert_eq!(report["problems"], serde_json::json!([]));
    let failures = report["scenarios"].as_array().expect("a list").iter().filter(|one| !one["failure"].is_null());
    let found: BTreeSet<&str> = failures.filter_map(|one| one["failure"]["clause"].as_str()).collect();
    assert!(clauses.iter().any(|clause| found.contains(clause)), "{found:?}");
}
