//! Tests that the gate's report has the same bytes with any number of threads, and that it contains no value from the
//! wall clock.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use rstest::rstest;
use serde_json::Value;

use super::run::{check_line, program};

const SIXTEEN: &str = "check --seed 7 --seeds 16 --format json";

/// Returns all keys below a value.
fn keys<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            found.push(key);
            keys(value, found);
        }),
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn the_report_does_not_depend_on_the_number_of_threads() {
    let runs = [1, 2, 7].map(|jobs| check_line(&format!("{SIXTEEN} --jobs {jobs}")));
    assert_eq!(runs[0].stdout, runs[1].stdout);
    assert_eq!(runs[0].stdout, runs[2].stdout);
    assert!(runs.iter().all(|run| run.code == 0));

    let report = runs[0].json();
    assert_eq!(report["format"], 1);
    assert_eq!(report["seed"], "7");
    assert_eq!(report["verdict"], "pass");
    assert_eq!(report["judged"], false, "the report is judged, although sixteen seeds are too few");
    let scenarios = report["scenarios"].as_array().expect("a list");
    assert!(scenarios.len() >= 40);
    for scenario in scenarios {
        assert_eq!((&scenario["seeds"], &scenario["failures"]), (&16.into(), &0.into()), "{scenario}");
        assert_eq!(scenario["failure"], Value::Null);
        assert!(scenario["steps"].as_u64() > Some(0) && scenario["events"].as_u64() > Some(0), "{scenario}");
    }
    let ids: Vec<&str> = scenarios.iter().filter_map(|scenario| scenario["id"].as_str()).collect();
    assert!(ids.is_sorted() && ids.contains(&"restore/delivered-twice"), "{ids:?}");
}

#[test]
fn the_report_contains_no_figure_from_the_wall_clock() {
    let run = check_line("check restore --seeds 4 --format json");
    let report = run.json();
    let mut found = Vec::new();
    keys(&report, &mut found);
    let clock = ["time", "date", "took", "elapsed", "duration", "rate", "per_s", "second", "millis", "host", "jobs"];
    // The key `sometimes` contains the word `time`, but does not concern time.
    found.retain(|key| *key != "sometimes" && clock.iter().any(|word| key.contains(word)));
    assert!(found.is_empty(), "{found:?}");
    // The speed is printed on stderr, but it is not in the report.
    assert!(run.stderr.contains("simulations/s"), "{}", run.stderr);
    assert!(!run.stdout.contains("simulations/s"), "{}", run.stdout);
    assert!(!check_line("check restore --seeds 4").stdout.contains("simulations/s"));
}

#[test]
fn the_report_of_a_failing_check_does_not_depend_on_the_number_of_threads() {
    for format in ["text", "json"] {
        let line = format!("check restore --seeds 40 --mutant M01 --format {format} --jobs");
        let [one, three] = [1, 3].map(|jobs| check_line(&format!("{line} {jobs}")));
        assert_eq!((one.code, three.code), (1, 1));
        assert_eq!(one.stdout, three.stdout);
    }
}

#[rstest]
#[case::one("restore/duplicate-ids", &["restore/duplicate-ids"])]
#[case::by_path("scenarios/restore/duplicate-ids.json", &["restore/duplicate-ids"])]
#[case::a_group("baseline", &["baseline/capture", "baseline/compare", "baseline/phase-fails"])]
#[case::named_twice("restore/stranger restore/stranger", &["restore/stranger"])]
#[case::in_any_order("restore/stranger delete/for-good", &["delete/for-good", "restore/stranger"])]
#[case::a_family_of_a_group("baseline --family baseline.compare", &["baseline/compare"])]
fn the_named_scenarios_are_simulated(#[case] names: &str, #[case] expected: &[&str]) {
    let run = check_line(&format!("check {names} --seeds 2 --format json"));
    assert_eq!(run.code, 0, "{run:?}");
    let report = run.json();
    let scenarios = report["scenarios"].as_array().expect("a list");
    let ids: Vec<&str> = scenarios.iter().filter_map(|scenario| scenario["id"].as_str()).collect();
    assert_eq!(ids, expected);
}

#[rstest]
#[case::check("check restore --seeds 2", 0)]
#[case::check_json("check restore --seeds 2 --format json", 0)]
#[case::a_check_that_fails("check restore --seeds 40 --mutant M01", 1)]
#[case::list("list", 0)]
#[case::explain("explain COUNT-06", 0)]
#[case::mutants("mutants M01 --seeds 50", 0)]
#[case::help("--help", 0)]
#[case::a_trace_longer_than_a_pipe_holds("replay inventory/twelve-hundred-types --seed 1", 0)]
fn a_closed_pipe_is_not_an_error(#[case] line: &str, #[case] code: i32) {
    for lines_read in [0, 1] {
        let mut child = program()
            .args(line.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        let mut first = String::new();
        if lines_read > 0 {
            stdout.read_line(&mut first).expect("a line");
            assert!(!first.is_empty(), "{line}");
        }
        drop(stdout);
        let mut stderr = String::new();
        child.stderr.take().expect("stderr is a pipe").read_to_string(&mut stderr).expect("UTF-8");
        let status = child.wait().expect("the program ends");
        assert!(!stderr.contains("panicked"), "{stderr}");
        assert_eq!(status.code(), Some(code), "{line}: {stderr}");
    }
}
