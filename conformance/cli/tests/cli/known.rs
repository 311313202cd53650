//! Tests of `--known-failures`: what is expected to fail, and what becomes of each entry.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::run::{GOOD, Run, check, check_in, check_line, folder};

/// A folder with the scenario `good`, and a file of known failures outside this folder.
struct Place {
    scenarios: TempDir,
    outside: TempDir,
}

impl Place {
    /// Returns a place whose file of known failures has an entry for each clause and scenario, on a line of its own
    /// from line 4 on. All entries expire at the end of 2026.
    fn new(entries: &[(&str, &str)]) -> Self {
        let entry = |(clause, scenario): &(&str, &str)| {
            format!(
                "    {{\"clause\": \"{clause}\", \"scenario\": \"{scenario}\", \"reason\": \"being fixed\", \"expires\": \"2026-12-31\"}}"
            )
        };
        let entries: Vec<String> = entries.iter().map(entry).collect();
        let text = format!("{{\n  \"format\": 1,\n  \"known_failures\": [\n{}\n  ]\n}}\n", entries.join(",\n"));
        let place = Self { scenarios: folder(&[("good.json", GOOD.as_bytes())]), outside: folder(&[]) };
        std::fs::write(place.file(), text).expect("a file can be written");
        place
    }

    fn file(&self) -> PathBuf {
        self.outside.path().join("known.json")
    }

    /// Runs `check` with the file, judged on this date.
    fn check(&self, today: &str, options: &str) -> Run {
        let line = format!("check {options} --today {today} --known-failures {}", self.file().display());
        check_in(self.scenarios.path(), &line)
    }
}

const DAY: &str = "2026-06-01";

#[test]
fn an_expected_failure_does_not_fail_the_check() {
    let place = Place::new(&[("COUNT-06", "go*")]);
    assert_eq!(check_in(place.scenarios.path(), "check --mutant M01").code, 1);
    let run = place.check(DAY, "--mutant M01");
    assert_eq!(run.code, 0, "{run:?}");
    let line = run.stdout.lines().find(|line| line.starts_with("KNOWN   COUNT-06 in go*: ")).expect("the entry");
    assert!(line.ends_with(" failures in 1 scenario, until 2026-12-31"), "{line}");
    assert!(run.stdout.contains(&format!("  known at  {}:4\n  reason    being fixed\n", place.file().display())));
    assert!(!run.stdout.contains("FAIL") && !run.stdout.contains("<- COUNT-06"), "{}", run.stdout);
    assert!(run.stdout.contains("  violated only by known failures: COUNT-06"), "{}", run.stdout);
    assert!(!run.stdout.contains("0 failures in"), "a scenario that fails has no such bound: {}", run.stdout);
    let report = place.check(DAY, "--mutant M01 --format json").json();
    let scenario = &report["scenarios"][0];
    assert_eq!((&scenario["failures"], &scenario["failure"]), (&0.into(), &Value::Null));
    let entry = &report["known"]["entries"][0];
    assert_eq!((&entry["line"], &entry["standing"]), (&4.into(), &"failed".into()));
    assert_eq!(entry["failures"], scenario["expected"]);
    assert!(scenario["expected"].as_u64() > Some(0), "{scenario}");
}

/// The entry for one clause excuses no failure under another.
#[test]
fn any_other_failure_is_new() {
    let place = Place::new(&[("COUNT-06", "good")]);
    // This bug fails the same scenario under another clause.
    let run = place.check(DAY, "--mutant M40");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("FAIL COUNT-12 "), "{}", run.stdout);
    // With an entry for either clause, only the entry that no failure matches fails the check.
    let both = Place::new(&[("COUNT-06", "good"), ("COUNT-12", "good")]);
    let run = both.check(DAY, "--mutant M01");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("KNOWN   COUNT-06 in good: "), "{}", run.stdout);
    assert!(run.stdout.contains("\nPASSED  COUNT-12 in good: "), "{}", run.stdout);
}

/// The example in the documentation is a file that can be used as it is.
#[test]
fn the_documented_file_makes_the_documented_check_pass() {
    const DOCUMENT: &str = include_str!("../../../../scenarios/README.md");
    let example = DOCUMENT.split("```json\n").find(|block| block.contains("known_failures")).expect("an example");
    let place = Place::new(&[]);
    std::fs::write(place.file(), example.split("```").next().unwrap_or_default()).expect("a file can be written");
    let line = "check restore/late-worker --mutant M01 --known-failures";
    assert!(DOCUMENT.contains(&format!("truecount {line} known.json --today {DAY}")), "the example is not documented");
    let run = check_line(&format!("{line} {} --today {DAY}", place.file().display()));
    assert!(run.code == 0 && run.stdout.starts_with("KNOWN   COUNT-06 in restore/*: "), "{run:?}");
}

#[test]
fn an_entry_that_no_longer_fails_must_be_deleted() {
    let place = Place::new(&[("COUNT-12", "good"), ("COUNT-06", "*")]);
    let run = place.check(DAY, "");
    assert_eq!(run.code, 1, "{run:?}");
    for (line, what) in [(4, "COUNT-12 in good"), (5, "COUNT-06 in *")] {
        let at = place.file().display().to_string();
        let passed = format!("PASSED  {what}: nothing fails any more; delete the entry at {at}:{line}\n");
        assert!(run.stdout.contains(&passed), "{}", run.stdout);
    }
    assert!(run.stdout.contains(", 2 known failures passed"), "{}", run.stdout);
    let report = place.check(DAY, "--format json").json();
    assert_eq!((&report["verdict"], &report["known"]["entries"][1]["standing"]), (&"fail".into(), &"passed".into()));
}

#[test]
fn an_entry_is_not_judged_by_a_partial_check() {
    let place = Place::new(&[("COUNT-06", "good")]);
    let run = place.check(DAY, "--seeds 32");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("NOT JUDGED COUNT-06 in good: "), "{}", run.stdout);
    // The pattern also applies to scenarios that are not selected.
    let place = Place::new(&[("COUNT-06", "restore/*")]);
    let line = format!("check restore/duplicate-ids --known-failures {}", place.file().display());
    let run = check_line(&format!("{line} --today {DAY}"));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("NOT JUDGED COUNT-06 in restore/*: "), "{}", run.stdout);
}

#[test]
fn an_expired_entry_excuses_nothing() {
    let place = Place::new(&[("COUNT-06", "good")]);
    assert_eq!(place.check("2026-12-31", "--mutant M01").code, 0);
    let run = place.check("2027-01-01", "--mutant M01");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("FAIL COUNT-06 "), "{}", run.stdout);
    let expired = format!("delete the entry at {}:4\n", place.file().display());
    assert!(run.stdout.contains("EXPIRED COUNT-06 in good: not expected since 2026-12-31; fix"), "{}", run.stdout);
    assert!(run.stdout.contains(&expired), "{}", run.stdout);
    // An expired entry fails the check even if nothing fails, whatever the number of seeds.
    assert_eq!(place.check("2027-01-01", "--seeds 1").code, 1);
}

/// An exploration ends at the first violation, so an expected violation ends it as well.
#[test]
fn a_violation_that_an_exploration_finds_can_be_expected() {
    let place = Place::new(&[("COUNT-06", "small/delivered-once-more")]);
    let line = "check small/delivered-once-more --mutant M01 --seeds 1";
    assert_eq!(check_line(line).code, 1);
    let run = check_line(&format!("{line} --known-failures {} --today {DAY}", place.file().display()));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("explored 1 scenario: 0 exhausted, 1 known failure, "), "{}", run.stdout);
}

#[test]
fn a_resumed_check_knows_its_failures() {
    let place = Place::new(&[("COUNT-06", "good")]);
    let saved = place.outside.path().join("progress.json");
    let options = format!("--mutant M01 --format json --seeds 300 --resume {}", saved.display());
    let [first, again] = [0, 1].map(|_| place.check(DAY, &options));
    assert_eq!((first.code, again.code), (0, 0), "{first:?} {again:?}");
    assert_eq!(first.json()["known"], again.json()["known"]);
}

#[test]
fn an_audit_starts_a_second_process_that_needs_no_known_failures() {
    let place = Place::new(&[("COUNT-06", "good")]);
    assert_eq!(place.check(DAY, "--mutant M01 --audit --seeds 32").code, 0);
}

#[test]
fn a_file_that_is_not_valid_is_an_input_error() {
    let place = Place::new(&[("COUNT-99", "good"), ("COUNT-06", "god"), ("COUNT-06", "pack/*")]);
    let run = place.check(DAY, "");
    assert_eq!((run.code, run.stdout.as_str()), (65, ""));
    for (rule, position) in [("unknown-clause", "4:16"), ("unknown-scenario", "5:40"), ("unknown-scenario", "6:40")] {
        assert!(run.stderr.contains(&format!("error[{rule}]")), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("known.json:{position}\n")), "{position}: {}", run.stderr);
    }
    assert!(run.stderr.contains("did you mean `good`?"), "{}", run.stderr);
    let run = check(["check", "--known-failures", "/nowhere.json"]);
    assert!(run.code == 65 && run.stderr.contains("error[file-missing]"), "{run:?}");
    for line in ["check --today 2026-01-01", "check --known-failures x.json --today 2026-02-30"] {
        assert_eq!(check_line(line).code, 64, "{line}");
    }
}
