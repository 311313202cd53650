//! Expectations that allow everything, and expectations that almost do.

use rstest::rstest;
use truecount_engine::counts::Key;

use crate::part::{Part, without};
use crate::{parse, write};

/// Returns the positions of the warnings about a scenario with these runs and expectations. The expectations are on the
/// fourth line.
fn warnings(runs: &str, rest: &str, expect: &str) -> Vec<u32> {
    let text = format!(
        r#"{{"format": 1, "title": "t", "clauses": ["COUNT-06"], "tenants": ["t"],
"objects": {{"a": "active", "b": "archived"}},{rest}
"runs": [{runs}],
"expect": {{{expect}}}}}"#
    );
    let scenario = parse("f", "f", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let about = scenario.warnings.iter().filter(|warning| warning.rule == "allows-everything");
    about
        .map(|warning| {
            assert_eq!(warning.line(), Some(4), "{warning}");
            assert!(warning.help.is_some() && warning.expected.is_some());
            warning.column().unwrap_or(0)
        })
        .collect()
}

fn run(name: &str, family: &str, objects: &str, more: &str) -> String {
    format!(
        r#"{{"name": "{name}", "tenant": "t", "actor": "system", "family": "{family}", "request": {objects}{more}}}"#
    )
}

const ALL: &str = r#""outcome": ["succeeded", "partially_succeeded", "failed"]"#;

/// Without a limit that may be exhausted, a restore of two sets that faults may remove has no retried or abandoned unit.
const REMOVED: &str = r#""faults": {"remove": 2},"#;

#[rstest]
#[case::any_outcome(ALL, true)]
#[case::any_outcome_in_another_order(r#""outcome": ["failed", "partially_succeeded", "succeeded"]"#, true)]
#[case::no_failure(r#""outcome": ["succeeded", "partially_succeeded"]"#, false)]
#[case::any_count(r#""counts": {"failed": [0, 1, 2]}"#, true)]
#[case::not_every_count(r#""counts": {"failed": [0, 1]}"#, false)]
#[case::the_total(r#""counts": {"total": 2, "failed": [0, 1, 2]}"#, false)]
#[case::the_total_in_a_list(r#""counts": {"total": [1, 2], "failed": [0, 1, 2]}"#, true)]
#[case::one_value(r#""counts": {"created": [0]}"#, false)]
#[case::any_resolution(
    r#""units": {"a": ["skipped(not_archived)", "failed(not_found)"], "b": ["succeeded", "failed(not_found)"]}"#,
    true
)]
#[case::a_resolution_left_out(
    r#""units": {"a": ["skipped(not_archived)", "failed(not_found)"], "b": ["succeeded", "failed(rejected)"]}"#,
    false
)]
#[case::one_resolution(r#""units": {"a": ["skipped(not_archived)", "failed(not_found)"], "b": ["succeeded"]}"#, false)]
fn an_expectation_allows_everything_if_each_of_its_keys_does(#[case] expect: &str, #[case] warns: bool) {
    let run = run("r", "backup_set.restore", r#"["a", "b"]"#, "");
    let found = |expect: &str| warnings(&run, REMOVED, &format!(r#""r": {{{expect}}}"#));
    let expected: &[u32] = if warns { &[12] } else { &[] };
    assert_eq!(found(expect), expected);
    if !expect.contains("outcome") {
        assert_eq!(found(&format!("{ALL}, {expect}")), expected);
        let narrow = r#""outcome": ["succeeded", "partially_succeeded"]"#;
        assert_eq!(found(&format!("{narrow}, {expect}")), [0; 0]);
    }
}

/// What is permitted depends on the faults, the limits and the other runs.
#[rstest]
#[case::by_no_fault("", r#""a": ["skipped(not_archived)", "succeeded"]"#, true)]
#[case::by_archiving(r#""faults": {"archive": 1},"#, r#""a": ["skipped(not_archived)", "succeeded"]"#, true)]
#[case::by_removing(REMOVED, r#""a": ["skipped(not_archived)", "succeeded"]"#, false)]
#[case::by_rejecting(r#""faults": {"rejected": 1},"#, r#""a": ["skipped(not_archived)", "succeeded"]"#, false)]
#[case::by_a_limit(
    r#""exhaust_limits": true,"#,
    r#""a": ["skipped(not_archived)", "failed(retries_exhausted)"]"#,
    false
)]
#[case::by_each_limit(
    r#""exhaust_limits": true,"#,
    r#""a": ["skipped(not_archived)", "failed(retries_exhausted)", "failed(abandoned)"]"#,
    true
)]
fn faults_and_limits_permit_more(#[case] rest: &str, #[case] units: &str, #[case] warns: bool) {
    let run = run("r", "backup_set.restore", r#"["a"]"#, "");
    let found = warnings(&run, rest, &format!(r#""r": {{"units": {{{units}}}}}"#));
    assert_eq!(!found.is_empty(), warns);
}

#[test]
fn another_run_permits_more() {
    let runs = [run("r", "backup_set.restore", r#"["b"]"#, ""), run("s", "backup_set.restore", r#"["b", "a"]"#, "")];
    let found = |units: &str| {
        let of_s = format!(r#""s": {{"units": {{"a": ["skipped(not_archived)", "succeeded"], "b": {units}}}}}"#);
        warnings(&runs.join(","), "", &format!(r#""r": {{"outcome": ["succeeded"]}}, {of_s}"#))
    };
    assert_eq!(found(r#"["succeeded", "failed(rejected)"]"#), [0; 0]);
    assert_eq!(found(r#"["succeeded", "skipped(not_archived)"]"#), [45]);
}

#[rstest]
#[case::without_limits("", "", r#""outcome": ["succeeded", "failed"]"#, true)]
#[case::one_outcome("", "", r#""outcome": "succeeded""#, false)]
#[case::both_outcomes(r#""exhaust_limits": true,"#, "", r#""outcome": ["succeeded", "failed"]"#, false)]
#[case::each_outcome(r#""exhaust_limits": true,"#, "", ALL, true)]
#[case::a_cause(
    r#""exhaust_limits": true,"#,
    "",
    r#""outcome": ["succeeded", "partially_succeeded", "failed"], "cause": "planning_failed""#,
    false
)]
fn a_phased_run_has_only_an_outcome(#[case] rest: &str, #[case] more: &str, #[case] expect: &str, #[case] warns: bool) {
    let run = run("r", "baseline.capture", r#"["a"]"#, more);
    assert_eq!(!warnings(&run, rest, &format!(r#""r": {{{expect}}}"#)).is_empty(), warns);
}

#[test]
fn a_failure_policy_permits_a_failed_run() {
    let responses = r#", "failure_policy": "fail_fast", "responses": {"a": ["rejected"]}"#;
    let found = |more: &str, expect: &str| {
        let run = run("r", "queue.fan_out", r#"["a", "b"]"#, more);
        warnings(&run, "", &format!(r#""r": {{"outcome": {expect}}}"#))
    };
    assert_eq!(found("", r#"["succeeded", "failed"]"#), [12]);
    assert_eq!(found(responses, r#"["failed", "succeeded"]"#), [0; 0]);
    assert_eq!(found(responses, r#"["failed", "partially_succeeded"]"#), [12]);
}

/// A request without a run of its own has nothing to allow.
#[test]
fn only_runs_are_judged() {
    let runs = [run("r", "inventory.sync", r#"["a"]"#, ""), run("s", "inventory.sync", r#"["a"]"#, "")];
    assert_eq!(warnings(&runs.join(","), "", r#""r": {"outcome": "succeeded"}, "s": {"same_as": "r"}"#), [0; 0]);
}

/// A smaller file has an expectation that may be wider, but still states something.
#[test]
fn a_smaller_file_does_not_allow_everything() {
    let smaller = |family: &str, expect: &str, gone: &[Part]| {
        let run = run("r", family, r#"["a", "b"]"#, "");
        let text = format!(
            r#"{{"format": 1, "title": "t", "clauses": ["COUNT-06"], "tenants": ["t"],
"objects": {{"a": "active", "b": "active"}}, "exhaust_limits": true, "runs": [{run}], "expect": {{"r": {{"outcome": {expect}}}}}}}"#
        );
        let scenario = parse("f", "f", text.as_bytes()).expect("a valid file");
        let file = scenario.file.as_deref().expect("the file");
        let text = write::scenario(&without(file, gone));
        let read = parse("f", "f", text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"));
        assert!(read.warnings.iter().all(|warning| warning.rule != "allows-everything"), "{text}");
        read.expect
    };
    let both = r#"["succeeded", "failed"]"#;
    for gone in [&[Part::Unit(0, 1)][..], &[Part::ExhaustLimits], &[Part::Unit(0, 1), Part::ExhaustLimits]] {
        let phased = smaller("baseline.capture", both, gone);
        let expected = if gone.len() == 1 && gone[0] != Part::ExhaustLimits { 2 } else { 1 };
        assert_eq!((phased[0].outcome.len(), phased[0].counts.len()), (expected, 0));
        let counted = smaller("backup_set.restore", both, gone);
        let units = if gone[0] == Part::ExhaustLimits { 2 } else { 1 };
        assert_eq!(counted[0].counts, [(Key::Total, vec![units]), (Key::Processed, vec![units])]);
    }
}
