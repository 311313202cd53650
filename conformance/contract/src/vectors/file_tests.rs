//! Vector files that must not be used for judging. Each is rejected with a line and a reason.

use rstest::rstest;

use super::{Engine, judge_files};
use truecount_json::problem::Problem;
use truecount_json::{Document, Limits};

const GOOD: &str = r#"{"format": 1, "function": "outcome", "cases": [
  {"id": "outcome/one", "clauses": ["LIFE-04"], "title": "one",
   "input": {"run_failed": false, "succeeded": 1, "failed": 0, "skipped": 0}, "expect": "succeeded"}
]}"#;

/// Judges files with these texts. The documents are leaked, because `judge_files` requires documents that live as long
/// as the program.
fn judge(texts: &[&str]) -> Result<usize, Problem> {
    let parse = |text: &&str| {
        Document::parse("a.json", *text, &Limits::SCENARIO).map_err(|mut problems| problems.swap_remove(0))
    };
    let files: Vec<Document> = texts.iter().map(parse).collect::<Result<_, _>>()?;
    judge_files(files.leak(), &Engine::STANDARD).map(|cases| cases.len())
}

#[test]
fn a_valid_file_is_judged() {
    assert_eq!(judge(&[GOOD]), Ok(1));
}

#[rstest]
#[case::not_json("\"format\": 1", "\"format\" 1", "json-syntax", 1)]
#[case::other_format("\"format\": 1", "\"format\": 2", "unknown-format", 1)]
#[case::unknown_function("\"outcome\", \"cases\"", "\"guess\", \"cases\"", "unknown-variant", 1)]
#[case::unknown_clause("LIFE-04", "LIFE-99", "unknown-clause", 2)]
#[case::clause_in_another_spelling("LIFE-04", "life-04", "unknown-clause", 2)]
#[case::clause_of_another_kind("LIFE-04", "LIFE-01", "unfit-clause", 2)]
#[case::no_clause("[\"LIFE-04\"]", "[]", "no-clause", 2)]
#[case::unknown_key("\"title\"", "\"note\": 1, \"title\"", "unknown-key", 2)]
#[case::missing_key("\"title\": \"one\",", "", "missing-key", 2)]
#[case::input_of_another_function("\"skipped\": 0", "\"skipped\": 0, \"family\": \"x\"", "unknown-key", 3)]
#[case::impossible_expectation("\"expect\": \"succeeded\"", "\"expect\": \"fine\"", "wrong-value", 3)]
fn an_invalid_file_is_reported(#[case] good: &str, #[case] bad: &str, #[case] rule: &str, #[case] line: u32) {
    let problem = judge(&[&GOOD.replacen(good, bad, 1)]).expect_err(bad);
    assert_eq!((problem.rule, problem.line()), (rule, Some(line)), "{problem}");
}

#[test]
fn an_id_in_two_files_is_reported() {
    let problem = judge(&[GOOD, GOOD]).expect_err("the same id in two files");
    assert_eq!((problem.rule, problem.line()), ("duplicate-case", Some(2)), "{problem}");
}

#[test]
fn a_normalise_input_that_is_not_json_is_reported() {
    let text = r#"{"format": 1, "function": "normalise", "cases": [
  {"id": "normalise/odd", "clauses": ["KEYS-03"], "title": "odd", "input": "{\"total\": ", "expect": {}}
]}"#;
    let problem = judge(&[text]).expect_err("the string is not JSON");
    assert_eq!((problem.rule, problem.line()), ("vector-input", Some(2)), "{problem}");
}
