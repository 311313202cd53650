//! Tests of the audit. Nondeterminism is an internal error, whether the second simulation runs in the same process or
//! in another one. The report names the first event that differs.

use rstest::rstest;

use super::run::{Run, check_line};

/// Returns the only simulation that is reported as nondeterministic.
fn report(run: &Run) -> serde_json::Value {
    let report = run.json();
    assert_eq!(report["verdict"], "fail");
    let found = report["nondeterministic"].as_array().expect("a list").clone();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(report["scenarios"].as_array().expect("a list").iter().all(|scenario| scenario["failures"] == 0));
    found[0].clone()
}

#[rstest]
#[case::text("check baseline restore/duplicate-ids --seeds 40 --audit", "text")]
#[case::json("check --family review_pack.generate --seeds 33 --seed 7 --audit", "json")]
#[case::a_planted_bug("check restore/late-worker --seeds 40 --audit --mutant M01", "text")]
#[case::by_path("check scenarios/delete/for-good.json --until-stable --audit --coverage", "json")]
fn an_audit_without_findings_adds_only_one_line_to_the_report(#[case] line: &str, #[case] format: &str) {
    let audited = check_line(&format!("{line} --format {format}"));
    let plain = check_line(&format!("{} --format {format}", line.replace(" --audit", "")));
    assert_eq!(audited.code, plain.code, "{audited:?}");
    if format == "json" {
        let (mut report, plain) = (audited.json(), plain.json());
        let simulations =
            report["scenarios"].as_array().expect("a list").iter().filter_map(|one| one["seeds"].as_u64());
        assert_eq!(report["audited"].as_u64(), Some(simulations.sum()));
        report.as_object_mut().expect("an object").remove("audited");
        assert_eq!(report, plain);
    } else {
        let is_audit = |line: &&str| line.starts_with("      audit: ");
        assert_eq!(audited.stdout.lines().filter(is_audit).count(), 1, "{}", audited.stdout);
        let rest: Vec<&str> = audited.stdout.lines().filter(|line| !is_audit(line)).collect();
        assert_eq!(rest, plain.stdout.lines().collect::<Vec<_>>());
    }
}

#[test]
fn state_that_outlives_a_simulation_is_detected_in_every_check() {
    for line in ["check restore/late-worker --seeds 8", "check restore/late-worker --seeds 40 --audit"] {
        // N01 depends on whether a counter over all simulations is odd or even. With one thread, at least one
        // simulation is certain to run once with an odd and once with an even counter.
        let run = check_line(&format!("{line} --jobs 1 --mutant N01 --format json"));
        assert_eq!(run.code, 70, "{run:?}");
        let report = run.json();
        let found = &report["nondeterministic"][0];
        assert_eq!(
            (&found["scenario"], &found["again_in"]),
            (&"restore/late-worker".into(), &"the same process".into())
        );
        assert!(found["differs"].as_array().expect("a list").contains(&"trace".into()), "{found}");
        let [once, again] = ["once", "again"].map(|side| found[side].as_str().expect("words"));
        assert!(once != again && found["event"].as_u64() > Some(1), "{found}");
        let text = check_line(&format!("{line} --jobs 1 --mutant N01")).stdout;
        for word in ["DEFECT nondeterministic: restore/late-worker under seed ", "  event     ", once, again] {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
    }
}

#[test]
fn dependence_on_the_process_is_detected_only_by_another_process() {
    let line = "check pack/same-again --seeds 40 --mutant N02 --format json";
    let sample = check_line(line);
    assert_eq!(sample.code, 0, "nondeterminism was reported within one process: {sample:?}");
    let run = check_line(&format!("{line} --audit"));
    assert_eq!(run.code, 70, "{run:?}");
    let found = report(&run);
    assert_eq!((&found["scenario"], &found["again_in"]), (&"pack/same-again".into(), &"another process".into()));
    // Both simulations are the same up to the pack, which has a different digest.
    let [once, again] = ["once", "again"].map(|side| found[side].as_str().expect("words"));
    let published = |words: &str| words.contains("Published { run: RunId(") || words.contains("ArtifactRead { run: ");
    assert!(once != again && published(once) && published(again), "{found}");
    assert!(found["others"].as_u64() > Some(0), "{found}");
    assert!(run.stderr.contains("ended after 32 seeds of each scenario"), "{}", run.stderr);
}

#[test]
fn nondeterministic_engines_are_not_listed() {
    for line in ["list mutants", "check --help", "--help"] {
        assert!(!check_line(line).stdout.contains("N01"), "{line}");
    }
    let search = check_line("mutants N01");
    assert_eq!(search.code, 64, "`mutants` accepted a nondeterministic engine: {search:?}");
}
