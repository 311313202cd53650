//! The table of mistakes: the changes to the valid file, and the rules that are then reported, each with its position.
//! A valid file is reported only under rules that give warnings.

use std::collections::BTreeSet;

use super::{GOOD, parse, rule};

/// Changes to the valid file, and the rules that they violate, each with `line:column`.
struct Bad(&'static [(&'static str, &'static str)], &'static [&'static str]);

const TABLE: &[Bad] = &[
    Bad(&[], &["unused-object 8:55"]),
    Bad(&[(r#""format": 1"#, r#""format": 2"#), (r#""title""#, r#""name""#)], &["unknown-format 2:13"]),
    Bad(&[("A set that is delivered twice counts once", "  ")], &["empty-title 3:12"]),
    Bad(&[("A set that is delivered", "A \\u001b[2Jset\\nFAIL")], &["active-character 3:12"]),
    Bad(&[("A set that is delivered", "A \u{202e}set")], &["active-character 3:15"]),
    Bad(&[("A set that is delivered", "A set\u{200b}")], &["active-character 3:18"]),
    Bad(&[(r#""COUNT-06""#, "")], &["no-clause 4:14"]),
    Bad(&[(r#""COUNT-06""#, r#""COUNT-6", "COUNT-06", "COUNT-06""#)], &["unknown-clause 4:15", "duplicate-name 4:38"]),
    Bad(
        &[(r#""COUNT-06""#, r#""COUNT-06", "KEYS-01", "LIFE-03""#)],
        &["untestable-clause 4:27", "untestable-clause 4:38"],
    ),
    Bad(
        &[(r#""acme", "globex"]"#, r#""acme", "a b", "acme", "system"]"#)],
        &["bad-name 5:23", "duplicate-name 5:30", "bad-name 5:38"],
    ),
    Bad(&[(r#""set-{3..9}""#, r#""set-{9..3}""#)], &["bad-range 8:55"]),
    Bad(&[(r#""set-{3..9}""#, r#""set-{2..9}""#)], &["duplicate-name 8:55"]),
    Bad(&[(r#""set-{3..9}""#, r#""set-{3..1048577}""#)], &["too-many 8:55"]),
    Bad(&[(r#""set-{3..9}": "absent""#, r#""set-{3..9}": "abscent""#)], &["unknown-state 8:69"]),
    Bad(&[(r#""min": 2, "max": 4"#, r#""min": 0, "max": 65"#)], &["out-of-range 9:22", "out-of-range 9:32"]),
    Bad(&[(r#""min": 2, "max": 4"#, r#""min": 3, "max": 2"#)], &["out-of-range 9:22"]),
    Bad(
        &[(r#""crash_before": 2"#, r#""crash_befor": 2"#), (r#""lost_reply": 1"#, r#""lost_reply": 1001"#)],
        &["unknown-fault 24:14", "out-of-range 24:46"],
    ),
    Bad(&[(r#""set-1": "archived""#, r#""set-1": "active""#)], &["against-tables 31:64", "against-tables 31:91"]),
    Bad(
        &[(r#""capture": {"outcome": "succeeded""#, r#""capture": {"outcome": ["succeeded", "failed"]"#)],
        &["unused-object 8:55", "allows-everything 32:5"],
    ),
    // Schedules.
    Bad(
        &[(
            r#""exhaust_limits": false,"#,
            r#""schedules": [{"name": "a", "workers": 2, "mutant": "M1", "decisions": ["", "the relay, ask: the stall"]},
                {"name": "b", "workers": 2, "decisions": ["the relay, ask: stall of the relay"]}],"#,
        )],
        &[
            "violates-nothing 25:45",
            "unknown-mutant 25:55",
            "bad-decision 25:76",
            "bad-decision 25:96",
            "never-injected 26:59",
        ],
    ),
    // Shapes. The file has several runs; `shaped/tests.rs` has cases with one run.
    Bad(&[(r#""exhaust_limits": false,"#, r#""shapes": ["one"],"#)], &["shapes-of-runs 25:3"]),
    // Grants and surfaces.
    Bad(&[(r#""may": "operate"}]"#, r#""may": "oprate"}]"#)], &["unknown-grant 7:56"]),
    Bad(
        &[(r#"{"actor": "ada", "tenant": "acme", "may""#, r#"{"actor": "adah", "tenant": "acmee", "may""#)],
        &["unknown-actor 7:24", "unknown-tenant 7:42"],
    ),
    Bad(
        &[(r#""operate"}]"#, r#""operate"}, {"actor": "ada", "tenant": "acme", "may": "view"}]"#)],
        &["duplicate-name 7:68"],
    ),
    Bad(
        &[(r#""operate"}]"#, r#""operate"}, {"actor": "mallory", "tenant": "globex", "may": "view"}]"#)],
        &["unused-grant 7:68"],
    ),
    Bad(&[(r#""surfaces": ["#, r#""surfaces": [{"actor": "ada", "tenant": "acme"}, "#)], &["duplicate-name 26:52"]),
    // Runs.
    Bad(&[(r#""name": "second""#, r#""name": "first""#)], &["duplicate-name 14:14", "unknown-run 31:5"]),
    Bad(
        &[(
            r#""tenant": "acme", "actor": "system", "family": "b"#,
            r#""tenant": "acne", "actor": "sistem", "family": "b"#,
        )],
        &["unknown-tenant 16:35", "unknown-actor 16:52"],
    ),
    Bad(&[(r#""family": "baseline.capture""#, r#""family": "baseline.captur""#)], &["unknown-family 16:72"]),
    // Options and publishing.
    Bad(
        &[(r#""request": []}"#, r#""request": [], "publishing": ["throttled"]}"#)],
        &["publishing-of-nothing 22:107", "unplanned-responses 22:107"],
    ),
    Bad(
        &[(r#""request": ["set-{3..5}"]}"#, r#""request": ["set-{3..5}"], "exclude": ["set-3"]}"#)],
        &["exclude-without-options 19:33"],
    ),
    Bad(
        &[(
            r#""inventory.sync", "request": []}"#,
            r#""review_pack.generate", "request": ["set-7"], "exclude": ["set-7", "set-8"]}"#,
        )],
        &["excludes-nothing 22:120"],
    ),
    Bad(
        &[(
            r#""inventory.sync", "request": []}"#,
            r#""review_pack.generate", "request": ["set-{7..9}"], "exclude": ["set-7", "set-8", "set-{7..8}"]}"#,
        )],
        &["duplicate-name 22:155"],
    ),
    Bad(&[(r#""request": ["set-1"], "after""#, r#""request": ["set-11"], "after""#)], &["unknown-object 15:18"]),
    Bad(&[(r#""after": "first""#, r#""after": "firts""#)], &["unknown-run 15:37"]),
    Bad(&[(r#""after": "first""#, r#""after": "second""#)], &["after-itself 15:37"]),
    Bad(&[(r#""after": "first""#, r#""after": "sync""#)], &["after-later 15:37"]),
    Bad(
        &[
            (
                r#""request": []}"#,
                r#""request": []}, {"name": "late", "tenant": "acme", "actor": "ada", "family": "inventory.sync", "request": [], "after": "intruder"}"#,
            ),
            (r#""refused": true}"#, r#""refused": true}, "late": {"outcome": "succeeded"}"#),
        ],
        &["after-refused 22:211"],
    ),
    // Scripts.
    Bad(&[(r#"["throttled", "rejected"]"#, r#"["throttled", "archived"]"#)], &["unknown-response 13:43"]),
    Bad(&[(r#"["throttled", "rejected"]"#, r#"["rejected", "throttled"]"#)], &["definite-not-last 13:30"]),
    Bad(&[(r#"["throttled", "rejected"]"#, r#"["throttled", "throttled", "throttled"]"#)], &["attempts-used-up 13:29"]),
    Bad(
        &[(r#"["throttled", "rejected"]"#, r#"["throttled", "throttled", "throttled", "rejected"]"#)],
        &["beyond-limit 13:29"],
    ),
    Bad(&[(r#"["timed_out"]"#, r#"["forbidden"]"#)], &["not-retryable 12:59"]),
    Bad(&[(r#""responses": {"set-1""#, r#""responses": {"set-{1..9}""#)], &["unplanned-responses 13:20"]),
    Bad(
        &[(
            r#""responses": {"set-1": ["throttled", "rejected"]}"#,
            r#""responses": {"set-1": ["throttled", "rejected"], "set-{1..2}": []}"#,
        )],
        &["duplicate-name 13:56"],
    ),
    Bad(
        &[(r#""phases": {"collect""#, r#""planning": ["throttled"], "responses": {"set-1": []}, "phases": {"colect""#)],
        &["planning-of-phased 17:28", "unplanned-responses 17:69", "unknown-phase 17:94"],
    ),
    Bad(
        &[
            (r#""planning": ["timed_out"]"#, r#""phases": {}, "planning": []"#),
            (r#""request": ["set-{3..5}"]"#, r#""request": ["set-{3..5}"], "phases": {"collect": []}"#),
        ],
        &["phases-of-unphased 19:33"],
    ),
    Bad(&[(r#""request": []}"#, r#""request": [], "planning": ["throttled"]}"#)], &["unplanned-responses 22:107"]),
    // Expectations.
    Bad(&[(r#""capture": {"outcome""#, r#""captur": {"outcome""#)], &["unknown-run 32:5"]),
    Bad(&[(r#""capture": {"outcome": "succeeded"},"#, "")], &["missing-expectation 27:13"]),
    Bad(&[(r#""capture": {"outcome": "succeeded"}"#, r#""capture": {}"#)], &["empty-expectation 32:16"]),
    Bad(
        &[(r#""capture": {"outcome": "succeeded"}"#, r#""capture": {"outcome": "suceeded"}"#)],
        &["unknown-outcome 32:28"],
    ),
    Bad(&[(r#""outcome": ["failed"]"#, r#""outcome": []"#)], &["empty-set 33:25"]),
    Bad(&[(r#""outcome": ["failed"]"#, r#""outcome": ["failed", "failed"]"#)], &["duplicate-name 33:36"]),
    Bad(&[(r#""counts": {"total": 3,"#, r#""counts": {"totals": 3,"#)], &["unknown-count 33:48"]),
    Bad(&[(r#""items": [0, 1]"#, r#""items": [0, 1, 0]"#)], &["duplicate-name 33:76"]),
    Bad(&[(r#"["failed(not_found)"]"#, r#"["failed(notfound)"]"#)], &["unknown-resolution 33:103"]),
    Bad(&[(r#""refused": true}"#, r#""refused": true, "outcome": "failed"}"#)], &["expects-more 35:18"]),
    Bad(&[(r#"{"refused": true}"#, r#"{"outcome": "succeeded"}"#)], &["must-be-refused 35:5"]),
    Bad(
        &[(r#""capture": {"outcome": "succeeded"}"#, r#""capture": {"refused": true}"#)],
        &["unplanned-responses 17:28", "not-refused 32:28"],
    ),
    Bad(
        &[(
            r#""capture": {"outcome": "succeeded"}"#,
            r#""capture": {"outcome": "succeeded", "units": {}, "counts": {"total": 0}}"#,
        )],
        &["units-of-phased 32:41", "units-of-phased 32:54"],
    ),
    Bad(&[(r#""same_as": "sync""#, r#""same_as": "again""#)], &["same-as-chain 34:26"]),
    Bad(&[(r#""same_as": "sync""#, r#""same_as": "intruder""#)], &["same-as-chain 34:26", "same-as-differs 34:26"]),
    Bad(&[(r#""same_as": "sync""#, r#""same_as": "capture""#)], &["same-as-differs 34:26"]),
    Bad(
        &[(r#""set-5", "set-4", "set-3"]"#, r#""set-5", "set-4"], "after": "sync""#)],
        &["same-as-ordered 34:26", "same-as-differs 34:26"],
    ),
    Bad(
        &[(r#""outcome": ["failed"]"#, r#""outcome": ["succeeded"], "cause": "unplaned""#)],
        &["cause-without-failed 33:40", "cause-without-exhaust 33:40", "unknown-cause 33:49"],
    ),
    Bad(
        &[
            (r#""after": "first"}"#, r#""after": "first", "failure_policy": "fail_fast"}"#),
            (r#""request": ["set-{3..5}"]"#, r#""request": ["set-{3..5}"], "failure_policy": "fail_slow""#),
        ],
        &["fixed-failure-policy 15:64", "unknown-failure-policy 19:51"],
    ),
    Bad(
        &[(r#""outcome": ["failed"]"#, r#""outcome": ["failed"], "cause": "fail_fast""#)],
        &["cause-without-fail-fast 33:46"],
    ),
    Bad(
        &[(r#""set-2": "skipped(not_archived)", "set-1""#, r#""set-2": "skipped(not_archived)", "set-3""#)],
        &["unit-missing 30:16", "unit-not-planned 30:51"],
    ),
    Bad(
        &[(r#""counts": {"total": 2, "processed": 2"#, r#""counts": {"total": 3, "processed": [0, 1]"#)],
        &["wrong-total 29:27", "wrong-total 29:43"],
    ),
    Bad(
        &[(r#"{"succeeded": 1, "failed": 0, "skipped": 0}"#, r#"{"succeeded": 1, "failed": 1, "skipped": 0}"#)],
        &["counts-disagree 31:40"],
    ),
    Bad(
        &[(r#"{"succeeded": 1, "failed": 0, "skipped": 0}"#, r#"{"succeeded": 0, "failed": 1, "skipped": 0}"#)],
        &["counts-disagree 31:27"],
    ),
    Bad(
        &[
            (r#""outcome": "partially_succeeded""#, r#""outcome": "failed""#),
            (r#""skipped": 1, "failed": 1"#, r#""skipped": 0, "failed": 2"#),
        ],
        &["counts-against-units 28:26", "counts-against-units 29:73", "counts-against-units 29:86"],
    ),
    // Exact finals.
    Bad(
        &[(r#""exhaust_limits": false"#, r#""exhaust_limits": true"#)],
        &[
            "exact-final 28:26",
            "exact-final 29:59",
            "exact-final 29:73",
            "exact-final 29:86",
            "exact-final 30:26",
            "exact-final 30:60",
            "exact-final 31:27",
            "exact-final 31:64",
            "exact-final 31:77",
            "exact-final 31:91",
            "exact-final 32:28",
        ],
    ),
    Bad(
        &[(r#""lost_reply": 1"#, r#""archive": 1"#)],
        &[
            "exact-final 28:26",
            "exact-final 29:59",
            "exact-final 29:73",
            "exact-final 29:86",
            "exact-final 30:26",
            "exact-final 30:60",
            "exact-final 31:27",
            "exact-final 31:64",
            "exact-final 31:77",
            "exact-final 31:91",
            "exact-final 32:28",
        ],
    ),
    Bad(
        &[(r#", "after": "first""#, "")],
        &[
            "exact-shared 28:26",
            "exact-shared 29:59",
            "exact-shared 29:73",
            "exact-shared 29:86",
            "exact-shared 30:60",
            "exact-shared 31:27",
            "exact-shared 31:64",
            "exact-shared 31:77",
            "exact-shared 31:91",
        ],
    ),
];

/// Returns the problems of an invalid file, or the warnings about a valid file, as `rule line:column`.
fn problems(Bad(changes, _): &Bad) -> Vec<String> {
    let mut text = GOOD.to_owned();
    for (from, to) in *changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    let problems = parse("bad.json", "bad", text.as_bytes()).map_or_else(|problems| problems, |valid| valid.warnings);
    let place = |number: Option<u32>| number.unwrap_or(0);
    problems
        .iter()
        .map(|problem| format!("{} {}:{}", problem.rule, place(problem.line()), place(problem.column())))
        .collect()
}

#[test]
fn each_mistake_is_reported_at_the_right_position() {
    for (row, bad) in TABLE.iter().enumerate() {
        assert_eq!(problems(bad), bad.1, "row {row}: {:?}", bad.0);
    }
}

#[test]
fn the_table_covers_every_rule() {
    let found: BTreeSet<String> = TABLE.iter().flat_map(problems).collect();
    let found = |code: &str| found.iter().any(|problem| problem.starts_with(&format!("{code} ")));
    let never_found: Vec<&str> = rule::ALL.iter().map(|(code, _)| *code).filter(|code| !found(code)).collect();
    // These rules have tests of their own.
    assert_eq!(
        never_found,
        [
            rule::TOO_MANY_PROBLEMS,
            rule::NO_RUN,
            rule::UNKNOWN_SHAPE,
            rule::SHAPES_OF_TOO_FEW,
            rule::SHAPES_OF_TOO_MANY,
            rule::SHAPES_WITHOUT_UNITS,
            rule::SHAPES_WITH_SCHEDULES,
            rule::SHAPE_DOES_NOT_FIT,
            rule::FAULT_NOT_INJECTED,
            rule::OTHER_SCENARIO,
        ]
    );
}

#[test]
fn a_scenario_without_runs_is_rejected() {
    let text =
        r#"{"format": 1, "title": "a", "clauses": ["COUNT-06"], "tenants": [], "runs": [], "expect": {"a": {}}}"#;
    let problems = parse("a.json", "a", text.as_bytes()).expect_err("no run is requested");
    let rules: Vec<&str> = problems.iter().map(|problem| problem.rule).collect();
    assert_eq!(rules, [rule::NO_RUN, rule::UNKNOWN_RUN]);
}

#[test]
fn the_limits_on_a_scenario_are_enforced() {
    let names = |noun: &str, most: usize| (0..=most).map(|n| format!("\"{noun}{n}\"")).collect::<Vec<_>>().join(", ");
    let check = |from: &str, to: &str, message: &str| {
        let text = GOOD.replacen(from, to, 1);
        let problems = parse("a.json", "a", text.as_bytes()).expect_err("the limit is exceeded");
        assert!(problems.iter().any(|p| p.rule == rule::TOO_MANY && p.message == message), "{problems:?}");
    };
    check("\"globex\"]", &format!("{}]", names("t", 1_000)), "more than 1000 tenants");
    check("\"mallory\"]", &format!("\"mallory\", {}]", names("a", 1_000)), "more than 1000 actors");
    let run = |n| {
        format!(r#"{{"name": "r{n}", "tenant": "acme", "actor": "ada", "family": "inventory.sync", "request": []}}, "#)
    };
    let runs: String = (0..64).map(run).collect();
    check("\"runs\": [", &format!("\"runs\": [{runs}"), "more than 64 runs");
    let twice = "[\"set-{1..1048576}\", \"set-1\"]";
    let text = GOOD.replacen("\"set-{3..9}\"", "\"set-{3..1048576}\"", 1).replacen("[\"set-{3..5}\"]", twice, 1);
    let problems = parse("a.json", "a", text.as_bytes()).expect_err("the limit is exceeded");
    assert!(problems.iter().any(|problem| problem.rule == rule::TOO_MANY), "{problems:?}");
}

#[test]
fn a_file_with_the_wrong_structure_has_one_problem() {
    let check = |from: &str, to: &str, expected: &str| {
        let text = GOOD.replacen(from, to, 1);
        let problems = parse("a.json", "a", text.as_bytes()).expect_err("the file has the wrong structure");
        let shown: Vec<String> = problems
            .iter()
            .map(|problem| {
                let place = (problem.line().unwrap_or(0), problem.column().unwrap_or(0));
                format!("{} {}:{} {}", problem.rule, place.0, place.1, problem.message)
            })
            .collect();
        assert_eq!(shown, [expected]);
    };
    check(r#""format": 1"#, r#""format": "1""#, "wrong-type 2:13 expected an integer, 0 or more, found a string");
    check(r#""request": []"#, r#""reqest": []"#, "unknown-key 22:92 unknown key `reqest`");
    check(r#""total": 3,"#, r#""total": "3","#, "wrong-type 33:57 expected an integer, 0 or more, found a string");
    check(r#""items": [0, 1]"#, r#""items": [0, -1]"#, "wrong-value 33:73 negative number `-1` is not allowed here");
    check(r#"["failed(not_found)"]"#, "[7]", "wrong-type 33:103 expected a string, found a number");
    check(r#""after": "first""#, r#""after": ["first"]"#, "wrong-type 15:37 expected a string, found an array");
    check(r#""title": "A set that is delivered twice counts once","#, "", "missing-key 1:1 missing key `title`");
    check(r#""refused": true"#, r#""refused": true, "refused": true"#, "duplicate-key 35:35 duplicate key `refused`");
}
