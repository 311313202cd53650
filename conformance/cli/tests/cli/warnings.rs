//! Tests of warnings: they are shown like errors, and fail a check only if they are denied.

use super::run::{GOOD, Run, changed, check_in, folder};

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
fn an_expectation_that_allows_everything_is_a_warning() {
    let exact = r#""outcome": "succeeded",
      "counts": {"total": 2, "processed": 2, "succeeded": 1, "failed": 0, "skipped": 1}"#;
    let open = changed(GOOD, exact, r#""outcome": ["succeeded", "partially_succeeded"]"#);
    let folder = folder(&[("good.json", open.as_bytes())]);
    let shown = folder.path().join("good.json");
    let run = check_in(folder.path(), "check --seeds 3 --deny-warnings");
    assert_eq!(run.code, 65, "{run:?}");
    let block = format!(
        "warning[allows-everything]: the expectation for `first` allows every possible result\n  --> {}:15:5\n",
        shown.display()
    );
    assert!(run.stderr.contains(&block) && run.stderr.contains("= help: state `total` and "), "{}", run.stderr);
    std::fs::write(&shown, changed(&open, r#""partially_succeeded"]"#, r#""failed"], "counts": {"total": 2}"#))
        .expect("a file");
    assert_eq!(check_in(folder.path(), "check --seeds 3 --deny-warnings").code, 0);
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
    let doubtful = doubtful();
    let violated = folder(&[("good.json", doubtful.as_bytes())]);
    assert_eq!(check_in(violated.path(), "check --seeds 3 --deny-warnings --mutant T02").code, 1);
    let invalid = folder(&[("good.json", doubtful.as_bytes()), ("bad.json", b"{")]);
    let run = check_in(invalid.path(), "check --seeds 3");
    assert_eq!(run.code, 65);
    assert!(run.stdout.contains(", 1 problem in files, 1 warning\n"), "{}", run.stdout);
}

#[test]
fn the_corpus_has_no_warnings() {
    let run = super::run::check_line("list scenarios");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

/// Returns the names of the entries that the problems of a report state as left out.
fn left_out(run: &Run) -> Vec<String> {
    let report = run.json();
    let problems = report["problems"].as_array().expect("a list").iter();
    let left_out = problems.filter(|problem| problem["rule"] == "left-out" && problem["severity"] == "warning");
    left_out.map(|problem| problem["file"].as_str().expect("a path").to_owned()).collect()
}

#[cfg(unix)]
#[test]
fn what_is_left_out_of_a_folder_is_a_warning() {
    let (root, other) = (folder(&[("good.json", GOOD.as_bytes())]), folder(&[("more.json", GOOD.as_bytes())]));
    let path = |name: &str| root.path().join(name);
    std::fs::create_dir(path("group")).expect("a folder");
    std::fs::write(path("group/good.json"), changed(GOOD, "A set", "Again a set")).expect("a file");
    std::fs::write(path("group/other.JSON"), GOOD).expect("a file");
    std::os::unix::fs::symlink(other.path(), path("link")).expect("a link");
    assert!(std::process::Command::new("mkfifo").arg(path("pipe.json")).status().expect("mkfifo").success());
    let shown = |names: &[&str]| names.iter().map(|name| path(name).display().to_string()).collect::<Vec<_>>();

    let all = check_in(root.path(), "check --seeds 3 --format json");
    assert_eq!((all.code, left_out(&all)), (0, shown(&["group/other.JSON", "link", "pipe.json"])), "{all:?}");
    assert_eq!(check_in(root.path(), "check --seeds 3 --deny-warnings").code, 65);
    let text = check_in(root.path(), "check --seeds 3");
    assert!(text.stdout.contains(", 3 warnings\n"), "{}", text.stdout);
    for name in shown(&["group/other.JSON", "link", "pipe.json"]) {
        assert!(text.stderr.contains(&format!("--> {name}\n")), "{}", text.stderr);
    }
    // A check of a folder shows the warnings about this folder alone.
    for name in ["group", &path("group").display().to_string()] {
        let group = check_in(root.path(), &format!("check {name} --seeds 3 --format json"));
        assert_eq!((group.code, left_out(&group)), (0, shown(&["group/other.JSON"])), "{group:?}");
    }
    let one = check_in(root.path(), "check group/good --seeds 3 --format json");
    assert_eq!((one.code, left_out(&one)), (0, vec![]), "{one:?}");
}

#[test]
fn many_entries_that_are_left_out_are_counted() {
    let root = folder(&[("good.json", GOOD.as_bytes())]);
    for number in 0..1_000 {
        std::fs::write(root.path().join(format!("x-{number:03}.Json")), "{}").expect("a file");
    }
    let run = check_in(root.path(), "check --seeds 3 --format json");
    let left_out = left_out(&run);
    assert_eq!((run.code, left_out.len()), (0, 21), "{left_out:?}");
    assert_eq!(left_out[20], root.path().display().to_string());
    assert!(run.stderr.contains("warning[left-out]: 980 more entries are left out\n"), "{}", run.stderr);
}
