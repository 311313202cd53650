//! What a file may expect of its runs without faults, in the words of its messages.

use rstest::rstest;

use crate::parse;

/// Returns the messages about a scenario with these runs and expectations, each with its position in the line of the
/// expectations.
fn messages(runs: &str, rest: &str, expect: &str) -> Vec<String> {
    let text = format!(
        r#"{{"format": 1, "title": "t", "clauses": ["COUNT-06"], "tenants": ["t"],
"objects": {{"a": "active", "b": "archived", "c": "absent", "p": "present", "u": "unsupported"}},{rest}
"runs": [{runs}],
"expect": {{{expect}}}}}"#
    );
    let problems = parse("f", "f", text.as_bytes()).map_or_else(|problems| problems, |_| Vec::new());
    problems
        .iter()
        .map(|problem| {
            assert_eq!((problem.rule, problem.line()), ("against-tables", Some(4)), "{problem}");
            format!("{} {}", problem.column().unwrap_or(0), problem.message)
        })
        .collect()
}

/// Returns a run of a family over these objects.
fn run(name: &str, family: &str, objects: &str, more: &str) -> String {
    format!(
        r#"{{"name": "{name}", "tenant": "t", "actor": "system", "family": "{family}", "request": {objects}{more}}}"#
    )
}

#[rstest]
#[case::of_a_row("backup_set.restore", r#"["b"]"#, r#""b": "succeeded""#, "")]
#[case::of_another_row(
    "backup_set.restore",
    r#"["a"]"#,
    r#""a": "succeeded""#,
    "33 without faults, the unit `a` is `skipped(not_archived)`"
)]
#[case::of_a_row_that_is_not_there(
    "backup_set.delete",
    r#"["c"]"#,
    r#""c": "skipped(archived)""#,
    "33 without faults, the unit `c` is `failed(not_found)`"
)]
#[case::of_a_policy("backup_set.add_policies", r#"["p"]"#, r#""p": "skipped(already_present)""#, "")]
#[case::of_a_provider(
    "inventory.sync",
    r#"["u"]"#,
    r#""u": "failed(not_found)""#,
    "33 without faults, the unit `u` is `skipped(not_applicable)`"
)]
#[case::in_a_list(
    "backup_set.restore",
    r#"["a"]"#,
    r#""a": ["succeeded", "failed(rejected)"]"#,
    "33 without faults, the unit `a` is `skipped(not_archived)`"
)]
#[case::among_others("backup_set.restore", r#"["a"]"#, r#""a": ["succeeded", "skipped(not_archived)"]"#, "")]
fn a_unit_is_resolved_as_the_tables_state(
    #[case] family: &str,
    #[case] objects: &str,
    #[case] units: &str,
    #[case] expected: &str,
) {
    let found = messages(&run("r", family, objects, ""), "", &format!(r#""r": {{"units": {{{units}}}}}"#));
    assert_eq!(found.concat(), expected);
}

#[rstest]
#[case::counts(r#""counts": {"succeeded": 1, "skipped": 1, "deleted": 1}"#, &[])]
#[case::a_tally(r#""counts": {"deleted": 2}"#, &["40 without faults, the count `deleted` is `1`"])]
#[case::a_key_that_the_family_does_not_tally(r#""counts": {"created": 1}"#, &["40 without faults, the count `created` is `0`"])]
#[case::a_list(r#""counts": {"deleted": [0, 2], "failed": [0, 1]}"#, &["40 without faults, the count `deleted` is `1`"])]
#[case::an_outcome(r#""outcome": "failed""#, &["29 without faults, the outcome is `succeeded`"])]
#[case::a_list_of_outcomes(r#""outcome": ["failed", "succeeded"]"#, &[])]
fn counts_and_the_outcome_follow_from_the_units(#[case] expect: &str, #[case] expected: &[&str]) {
    let found = messages(&run("r", "backup_set.delete", r#"["a", "b"]"#, ""), "", &format!(r#""r": {{{expect}}}"#));
    assert_eq!(found, expected);
}

#[rstest]
#[case::that_is_definite(r#", "responses": {"a": ["throttled", "rejected"]}"#, "", "failed(rejected)")]
#[case::that_leaves_an_attempt(r#", "responses": {"a": ["throttled", "throttled"]}"#, "", "succeeded")]
#[case::that_exhausts_the_attempts(
    r#", "responses": {"a": ["throttled", "timed_out", "unavailable"]}"#,
    r#""exhaust_limits": true,"#,
    "failed(retries_exhausted)"
)]
fn a_script_takes_precedence_over_the_state(#[case] more: &str, #[case] rest: &str, #[case] end: &str) {
    let runs = run("r", "inventory.sync", r#"["a"]"#, more);
    let stated = |end: &str| messages(&runs, rest, &format!(r#""r": {{"units": {{"a": ["{end}"]}}}}"#));
    assert_eq!(stated(end), [""; 0]);
    assert_eq!(stated("skipped(archived)"), [format!("33 without faults, the unit `a` is `{end}`")]);
}

#[test]
fn a_later_run_finds_what_an_earlier_run_left() {
    let runs = [
        run("r", "backup_set.restore", r#"["b"]"#, ""),
        run("s", "backup_set.force_delete", r#"["b"]"#, r#", "after": "r""#),
        run("t", "backup_set.delete", r#"["b"]"#, r#", "after": "s""#),
    ];
    let expect = |end: &str| {
        format!(
            r#""r": {{"outcome": "succeeded"}}, "s": {{"outcome": "succeeded"}}, "t": {{"units": {{"b": "{end}"}}}}"#
        )
    };
    assert_eq!(messages(&runs.join(","), "", &expect("failed(not_found)")), [""; 0]);
    assert_eq!(
        messages(&runs.join(","), "", &expect("skipped(archived)")),
        ["95 without faults, the unit `b` is `failed(not_found)`"]
    );
}

#[test]
fn runs_at_the_same_time_may_each_come_first() {
    let runs = [run("r", "backup_set.restore", r#"["b"]"#, ""), run("s", "backup_set.restore", r#"["b", "a"]"#, "")];
    let expect = |units: &str| format!(r#""r": {{"outcome": ["succeeded"]}}, "s": {{"units": {{{units}}}}}"#);
    for end in ["succeeded", "skipped(not_archived)"] {
        let units = format!(r#""b": ["{end}"], "a": "skipped(not_archived)""#);
        assert_eq!(messages(&runs.join(","), "", &expect(&units)), [""; 0], "{end}");
    }
    let units = r#""b": ["failed(not_found)"], "a": "skipped(not_archived)""#;
    assert_eq!(
        messages(&runs.join(","), "", &expect(units)),
        ["66 without faults, the unit `b` is `succeeded` or `skipped(not_archived)`"]
    );
    let counts = |value: &str| {
        messages(
            &runs.join(","),
            "",
            &format!(r#""r": {{"outcome": ["succeeded"]}}, "s": {{"counts": {{"skipped": {value}}}}}"#),
        )
    };
    assert_eq!(counts("[2]"), [""; 0]);
    assert_eq!(counts("[0, 3]"), ["73 without faults, the count `skipped` is `1 to 2`"]);
}

#[rstest]
#[case::planning("inventory.sync", r#", "planning": ["throttled", "throttled", "throttled"]"#, "planning_failed")]
#[case::a_phase(
    "baseline.capture",
    r#", "phases": {"store": ["throttled", "throttled", "throttled"]}"#,
    "planning_failed"
)]
#[case::publishing(
    "review_pack.generate",
    r#", "publishing": ["throttled", "throttled", "throttled"]"#,
    "publishing_failed"
)]
fn a_run_whose_attempts_are_scripted_away_fails_as_a_whole(
    #[case] family: &str,
    #[case] more: &str,
    #[case] cause: &str,
) {
    let stated = |outcome: &str, cause: &str| {
        let expect = format!(r#""r": {{"outcome": ["{outcome}"], "cause": "{cause}"}}"#);
        messages(&run("r", family, r#"["a"]"#, more), r#""exhaust_limits": true,"#, &expect)
    };
    assert_eq!(stated("failed", cause), [""; 0]);
    assert_eq!(stated("failed", "planner_lost"), [format!("50 without faults, the cause is `{cause}`")]);
}

#[test]
fn a_fail_fast_run_fails_at_a_unit_that_fails() {
    let runs = run("r", "queue.fan_out", r#"["a", "c"]"#, r#", "failure_policy": "fail_fast""#);
    let stated = |outcome: &str| messages(&runs, "", &format!(r#""r": {{"outcome": "{outcome}"}}"#));
    assert_eq!(stated("failed"), [""; 0]);
    assert_eq!(stated("partially_succeeded"), ["29 without faults, the outcome is `failed`"]);
    let runs = run("r", "queue.fan_out", r#"["a", "c"]"#, "");
    let stated = |outcome: &str| messages(&runs, "", &format!(r#""r": {{"outcome": "{outcome}"}}"#));
    assert_eq!(stated("partially_succeeded"), [""; 0]);
}
