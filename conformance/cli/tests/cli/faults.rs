//! Tests that some simulation injects each fault that a scenario allows.

use serde_json::json;

use super::run::{GOOD, Run, changed, check_in, folder, large};

/// Returns a valid scenario that allows a fault of the artifact store, although its run stores no artifact.
fn doubtful() -> String {
    changed(GOOD, r#""crash_before": 2"#, r#""crash_before": 2, "disk_full": 1"#)
}

/// Returns the check of a scenario of its own.
fn check_one(scenario: &str, line: &str) -> Run {
    let folder = folder(&[("one.json", scenario.as_bytes())]);
    check_in(folder.path(), line)
}

/// Returns the standing of each fault.
fn standings(run: &Run) -> serde_json::Value {
    run.json()["scenarios"][0]["faults"].clone()
}

#[test]
fn a_fault_that_no_simulation_injects_is_a_warning() {
    let folder = folder(&[("one.json", doubtful().as_bytes())]);
    let shown = folder.path().join("one.json");
    let block =
        format!("warning[fault-not-injected]: no simulation injects `disk_full`\n  --> {}:13:33\n", shown.display());
    for (line, code, sum) in
        [("check", 0, "PASS  1 scenario"), ("check --deny-warnings --seeds 256", 65, "FAIL  1 scenario")]
    {
        let run = check_in(folder.path(), line);
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.stderr.contains(&block) && run.stderr.contains("= help: remove it, or "), "{}", run.stderr);
        assert!(run.stdout.contains(sum) && run.stdout.contains(", 1 warning"), "{}", run.stdout);
    }
    let report = check_in(folder.path(), "check --format json");
    let problem = &report.json()["problems"][0];
    assert_eq!((&problem["severity"], &problem["rule"]), (&"warning".into(), &"fault-not-injected".into()));
    assert_eq!((&problem["line"], &problem["column"]), (&13.into(), &33.into()));
    let expected = json!([
        {"fault": "crash_before", "standing": "injected"},
        {"fault": "redeliver", "standing": "injected"},
        {"fault": "disk_full", "standing": "never_injected"},
    ]);
    assert_eq!(standings(&report), expected);
}

#[test]
fn faults_that_are_injected_give_no_warning() {
    let run = check_one(GOOD, "check --deny-warnings");
    assert_eq!((run.code, run.stderr.contains("warning")), (0, false), "{run:?}");
    assert!(!run.stdout.contains("not injected"), "{}", run.stdout);
}

/// The warnings about a file come first.
#[test]
fn warnings_about_faults_follow_those_about_files() {
    let unused = changed(&doubtful(), r#""set-2": "active""#, r#""set-2": "active", "set-3": "active""#);
    let more = changed(&unused, r#""redeliver": 2"#, r#""redeliver": 2, "partial_write": 1"#);
    let other = changed(&unused, "A set that is", "Once more, a set that is");
    let folder = folder(&[("a.json", more.as_bytes()), ("b.json", other.as_bytes())]);
    let report = check_in(folder.path(), "check --format json").json();
    let problems = report["problems"].as_array().expect("a list").iter();
    let shown: Vec<String> = problems
        .map(|problem| {
            let file = problem["file"].as_str().and_then(|path| path.rsplit('/').next()).expect("a path");
            format!("{file}:{} {}", problem["column"], problem["rule"].as_str().expect("a rule"))
        })
        .collect();
    let expected = [
        "a.json:55 unused-object",
        "b.json:55 unused-object",
        "a.json:33 fault-not-injected",
        "a.json:65 fault-not-injected",
        "b.json:33 fault-not-injected",
    ];
    assert_eq!(shown, expected);
}

#[test]
fn with_fewer_than_256_seeds_nothing_is_judged_and_the_report_says_so() {
    let two_seeds = changed(&large(1_001), r#""crash_before": 1"#, r#""crash_before": 1, "disk_full": 1"#);
    for (scenario, line) in [(doubtful(), "check --seeds 255 --deny-warnings"), (two_seeds, "check --deny-warnings")] {
        let run = check_one(&scenario, line);
        assert_eq!((run.code, run.stderr.contains("warning")), (0, false), "{run:?}");
        assert!(run.stdout.contains(" that a scenario allows not injected (not judged: "), "{}", run.stdout);
        let report = check_one(&scenario, &format!("{line} --format json"));
        assert_eq!(standings(&report)[2], json!({"fault": "disk_full", "standing": "not_judged"}));
    }
}

/// A failure ends a simulation early, before it may inject a fault.
#[test]
fn a_failed_check_judges_no_fault() {
    let run = check_one(&doubtful(), "check --mutant T02 --deny-warnings");
    assert_eq!((run.code, run.stderr.contains("warning")), (1, false), "{run:?}");
}

/// A fault that was injected before a check was resumed counts, and threads make no difference.
#[test]
fn the_warnings_depend_neither_on_threads_nor_on_a_resumed_check() {
    let folder = folder(&[("one.json", doubtful().as_bytes())]);
    let file = folder.path().join("progress");
    let [one, other] = [1, 3].map(|jobs| check_in(folder.path(), &format!("check --format json --jobs {jobs}")));
    let warning = |run: &Run| run.stderr.split_once("warning").map(|(_, warning)| warning.to_owned());
    assert!(warning(&one).is_some());
    assert_eq!((&one.stdout, warning(&one)), (&other.stdout, warning(&other)));
    let resume = format!("check --format json --resume {}", file.display());
    for line in [&resume, &resume] {
        let run = check_in(folder.path(), line);
        assert_eq!((standings(&run), &run.json()["problems"]), (standings(&one), &one.json()["problems"]), "{run:?}");
    }
    assert!(std::fs::read_to_string(&file).expect("the file").contains(r#""injected":["crash_before","redeliver"]"#));
}
