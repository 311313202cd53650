//! Tests of how JSON that does not fit a type is reported.

use serde::Deserialize;

use super::super::{Limits, Step};
use super::Document;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the tests only read the problems")]
struct Scenario {
    seed: u32,
    runs: Vec<Run>,
    note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "the tests only read the problems")]
enum Run {
    Stop,
    Wait(u8),
}

/// Checks how the problem is shown if `text` is read as a scenario.
fn check(text: &str, expected: &str) {
    let document = Document::parse("a.json", text, &Limits::default()).expect(text);
    let problem = document.deserialize::<Scenario>().expect_err(text);
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn keys() {
    check(
        "{\n  \"sedes\": 5,\n  \"runs\": []\n}",
        r#"error[unknown-key]: unknown key `sedes`
 --> a.json:2:3
  |
2 |   "sedes": 5,
  |   ^^^^^^^
  |
  = expected: one of `seed`, `runs`, `note`
  = help: did you mean `seed`?"#,
    );
    check(
        "{\n  \"seed\": 5\n}\n",
        "error[missing-key]: missing key `runs`
 --> a.json:1:1
  |
1 | {
  | ^",
    );
}

#[test]
fn types() {
    check(
        "{\n  \"seed\": \"5\",\n  \"runs\": []\n}",
        r#"error[wrong-type]: expected an integer from 0 to 4294967295, found a string
 --> a.json:2:11
  |
2 |   "seed": "5",
  |           ^^^
  |
  = help: write it without quotes: `5`"#,
    );
}

#[test]
fn numbers() {
    check(
        r#"{"seed": -5, "runs": []}"#,
        r#"error[wrong-value]: negative number `-5` is not allowed here
 --> a.json:1:10
  |
1 | {"seed": -5, "runs": []}
  |          ^^
  |
  = expected: an integer from 0 to 4294967295
  = help: remove the `-`"#,
    );
    check(
        r#"{"seed": 1e3, "runs": []}"#,
        r#"error[wrong-value]: expected a plain decimal integer, found `1e3`
 --> a.json:1:10
  |
1 | {"seed": 1e3, "runs": []}
  |          ^^^
  |
  = expected: an integer from 0 to 4294967295
  = help: write out all digits, without a fraction, an exponent or `-0`"#,
    );
}

#[test]
fn variants() {
    check(
        "{\n\t\"seed\": 5,\n\t\"runs\": [\"stop\", \"stpo\"]\n}",
        r#"error[unknown-variant]: unknown variant `stpo`
 --> a.json:3:19
  |
3 |  "runs": ["stop", "stpo"]
  |                   ^^^^^^
  |
  = expected: `stop` or `wait`
  = help: did you mean `stop`?"#,
    );
    check(
        r#"{"seed": 5, "runs": [{"stop": null}]}"#,
        r#"error[wrong-type]: variant `stop` takes no value
 --> a.json:1:31
  |
1 | {"seed": 5, "runs": [{"stop": null}]}
  |                               ^^^^
  |
  = help: write the string "stop" alone"#,
    );
    check(
        r#"{"seed": 5, "runs": ["wait"]}"#,
        r#"error[wrong-type]: variant `wait` is missing its value
 --> a.json:1:22
  |
1 | {"seed": 5, "runs": ["wait"]}
  |                      ^^^^^^
  |
  = expected: an object with the single key `wait` and a value under it"#,
    );
}

#[test]
fn a_root_of_the_wrong_type() {
    check(
        "[]",
        r#"error[wrong-type]: expected an object, found an array
 --> a.json:1:1
  |
1 | []
  | ^^
  |
  = help: an object is written `{"key": value}`"#,
    );
}

#[test]
fn later_checks_report_a_location() {
    let text = "{\n  \"runs\": [\n    {\"units\": [\"a\", \"b\"]}\n  ]\n}\n";
    let document = Document::parse("a.json", text, &Limits::default()).expect(text);
    let pointer = [Step::Key("runs"), Step::Index(0), Step::Key("units"), Step::Index(1)];
    let unit = document.root().at(&pointer).expect("the unit exists");
    let problem = document
        .problem_at(unit.span, "unknown-unit", "no unit is called `b`")
        .expected("`a`")
        .help("declare it under `objects`");
    let expected = r#"error[unknown-unit]: no unit is called `b`
 --> a.json:3:21
  |
3 |     {"units": ["a", "b"]}
  |                     ^^^
  |
  = expected: `a`
  = help: declare it under `objects`"#;
    assert_eq!(problem.to_string(), expected);
    assert_eq!((problem.line(), problem.column()), (Some(3), Some(21)));
    assert_eq!((document.shown(), document.text()), ("a.json", text));
}
