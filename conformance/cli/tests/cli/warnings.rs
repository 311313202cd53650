//! Tests of warnings: they are shown like errors, and fail a check only if they are denied.

use super::run::{GOOD, changed, check_in, folder};

/// Returns a valid scenario with an object that no run requests.
fn doubtful() -> String {
    changed(GOOD, r#""set-2": "active""#, r#""set-2": "active", "set-3": "active""#)
}

#[test]
fn a_warning_fails_a_check_only_if_it_is_denied() {
    let folder = folder(&[("good.json", doubtful().as_bytes())]);
    let shown = folder.path().join("good.json");
    let run = check_in(folder.path(), "check --seeds 3");
    assert_eq!(run.code, 0, "{run:?}");
    let block = format!("warning[unused-object]: no run requests `set-3`\n --> {}:8:55\n", shown.display());
    assert!(run.stderr.contains(&block), "{}", run.stderr);
    assert!(run.stdout.contains("PASS  1 scenario, 3 simulations") && run.stdout.contains(", 1 warning\n"), "{run:?}");

    let denied = check_in(folder.path(), "check --seeds 3 --deny-warnings");
    assert_eq!(denied.code, 65, "{denied:?}");
    assert!(denied.stderr.contains(&block), "{}", denied.stderr);
    assert!(denied.stdout.contains("FAIL  1 scenario") && denied.stdout.contains(", 1 warning denied\n"), "{denied:?}");
}

#[test]
fn a_report_lists_warnings() {
    let folder = folder(&[("good.json", doubtful().as_bytes())]);
    for (line, verdict, denied) in [("", "pass", false), (" --deny-warnings", "fail", true)] {
        let report = check_in(folder.path(), &format!("check --seeds 3 --format json{line}")).json();
        assert_eq!((&report["verdict"], &report["warnings_denied"]), (&verdict.into(), &denied.into()));
        let problem = &report["problems"][0];
        assert_eq!((&problem["severity"], &problem["rule"]), (&"warning".into(), &"unused-object".into()));
        assert_eq!((&problem["line"], &problem["column"]), (&8.into(), &55.into()));
    }
}

#[test]
fn without_a_warning_nothing_is_denied() {
    let folder = folder(&[("good.json", GOOD.as_bytes())]);
    let run = check_in(folder.path(), "check --seeds 3 --deny-warnings");
    assert_eq!((run.code, run.stdout.contains("warning")), (0, false), "{run:?}");
}

#[test]
fn a_violation_takes_precedence_over_a_denied_warning_and_an_error_is_no_warning() {
    let wrong = changed(
        &doubtful(),
        r#""outcome": "succeeded",
      "counts": {"total": 2, "processed": 2, "succeeded": 1, "failed": 0, "skipped": 1}"#,
        r#""outcome": ["failed"]"#,
    );
    let violated = folder(&[("good.json", wrong.as_bytes())]);
    assert_eq!(check_in(violated.path(), "check --seeds 3 --deny-warnings").code, 1);
    let invalid = folder(&[("good.json", doubtful().as_bytes()), ("bad.json", b"{")]);
    let run = check_in(invalid.path(), "check --seeds 3");
    assert_eq!(run.code, 65);
    assert!(run.stdout.contains(", 1 problem in files, 1 warning\n"), "{}", run.stdout);
}

#[test]
fn the_corpus_has_no_warnings() {
    let run = super::run::check_line("list scenarios");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
