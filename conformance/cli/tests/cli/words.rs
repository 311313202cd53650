//! Tests of `list` and `explain`. Both print the text of a clause as the contract states it.

use rstest::rstest;
use serde_json::Value;

use super::run::{check_line, workspace};

/// Returns the id and the text of each clause in the spec.
pub(crate) fn clauses() -> Vec<(String, String)> {
    let path = workspace().join("conformance/spec/requirements.json");
    let text = std::fs::read_to_string(path).expect("the spec");
    let spec: Value = serde_json::from_str(&text).expect("the spec is JSON");
    let text = |clause: &Value, key: &str| clause[key].as_str().expect("a text").to_owned();
    let clauses = spec["clauses"].as_array().expect("a list");
    clauses.iter().map(|clause| (text(clause, "id"), text(clause, "text"))).collect()
}

/// Returns the text of a clause, word for word.
pub(crate) fn sentence_of(id: &str) -> String {
    let found = clauses().into_iter().find(|(known, _)| known == id);
    found.unwrap_or_else(|| panic!("there is no clause {id}")).1
}

#[rstest]
#[case::in_lower_case("count-06", "COUNT-06")]
#[case::in_upper_case("COUNT-06", "COUNT-06")]
#[case::in_mixed_case("Life-02", "LIFE-02")]
fn an_explanation_begins_with_the_text_of_the_clause(#[case] asked: &str, #[case] id: &str) {
    let run = check_line(&format!("explain {asked}"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with(&format!("{id}  {}\n", sentence_of(id))), "{}", run.stdout);
    assert!(run.stdout.contains("  mutant "), "no bug that violates the clause: {}", run.stdout);
    assert!(run.stdout.contains("  scenario "), "no scenario about the clause: {}", run.stdout);
}

#[test]
fn every_clause_of_the_spec_can_be_explained() {
    let clauses = clauses();
    assert!(clauses.len() > 50, "{}", clauses.len());
    for (id, sentence) in clauses {
        let run = check_line(&format!("explain {}", id.to_lowercase()));
        assert_eq!(run.code, 0, "{id}: {run:?}");
        assert!(run.stdout.starts_with(&format!("{id}  {sentence}\n")), "{}", run.stdout);
    }
}

#[rstest]
#[case::scenarios("scenarios", "restore/delivered-twice")]
#[case::clauses("clauses", "COUNT-06")]
#[case::families("families", "backup_set.restore")]
#[case::faults("faults", "crash_before")]
#[case::sometimes("sometimes", "zombie-first")]
#[case::mutants("mutants", "M01")]
fn everything_can_be_listed(#[case] what: &str, #[case] one: &str) {
    let text = check_line(&format!("list {what}"));
    assert_eq!((text.code, text.stderr.as_str()), (0, ""));
    let json = check_line(&format!("list {what} --format json"));
    assert_eq!((json.code, json.stderr.as_str()), (0, ""));
    let rows = json.json();
    let rows = rows.as_array().expect("a list");
    let ids: Vec<&str> = rows.iter().filter_map(|row| row["id"].as_str()).collect();
    assert!(ids.contains(&one), "{ids:?}");
    assert_eq!(ids.len(), rows.len());
    let firsts: Vec<&str> = text.stdout.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(firsts, ids, "the formats differ in their rows or in the order of rows");
    let about = |row: &Value| row["about"].as_str().is_some_and(|about| !about.trim().is_empty());
    assert!(rows.iter().all(about), "a row has no description: {rows:?}");
}

#[test]
fn list_shows_the_scenarios_by_default() {
    assert_eq!(check_line("list").stdout, check_line("list scenarios").stdout);
}

#[test]
fn the_clauses_listed_are_those_of_the_spec() {
    let rows = check_line("list clauses --format json").json();
    let rows = rows.as_array().expect("a list");
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let listed: Vec<(String, String)> = rows.iter().map(|row| (text(row, "id"), text(row, "about"))).collect();
    assert_eq!(listed, clauses());
}
