//! Tests of how a folder is judged as a whole corpus. Only the folder itself decides, not the path by which it is named.

use std::fs;
use std::path::Path;

use rstest::rstest;
use tempfile::TempDir;

use super::run::{GOOD, Run, check, check_line, folder, program};

const DECLARATION: &[u8] = b"{\"format\": 1, \"whole\": true}\n";

/// Returns a whole corpus of one scenario, which leaves almost every clause unexercised.
fn whole() -> TempDir {
    folder(&[("good.json", GOOD.as_bytes()), ("corpus.json", DECLARATION)])
}

fn check_of(root: &str, line: &str) -> Run {
    check(format!("check --format json {line} --scenarios-dir {root}").split_whitespace())
}

fn check_judged(run: &Run) {
    let report = run.json();
    assert_eq!((run.code, &report["judged"], report.get("not_judged")), (1, &true.into(), None), "{}", run.stderr);
}

fn check_not_judged(run: &Run, why: &str) {
    let report = run.json();
    assert_eq!((run.code, &report["judged"]), (0, &false.into()), "{}", run.stderr);
    assert_eq!(report["not_judged"], serde_json::json!([why]));
}

#[test]
fn a_declared_corpus_is_judged_however_its_path_is_written() {
    let root = whole();
    let path = root.path().display().to_string();
    let name = root.path().file_name().expect("a name").to_str().expect("UTF-8");
    for spelled in [path.clone(), format!("{path}/"), format!("{path}/."), format!("{path}/../{name}")] {
        check_judged(&check_of(&spelled, ""));
    }
    #[cfg(unix)]
    {
        let link = folder(&[]);
        let link = link.path().join("link");
        std::os::unix::fs::symlink(root.path(), &link).expect("a link");
        check_judged(&check_of(&link.display().to_string(), ""));
    }
    let here = program().current_dir(root.path()).args(["check", "--scenarios-dir", "."]).output();
    assert_eq!(here.expect("the program can be started").status.code(), Some(1));
}

#[test]
fn a_copy_is_judged_like_the_original() {
    let (root, copy) = (whole(), folder(&[]));
    for entry in fs::read_dir(root.path()).expect("the root") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    check_judged(&check_of(&copy.path().display().to_string(), ""));
    fs::remove_file(copy.path().join("corpus.json")).expect("the declaration");
    let run = check_of(&copy.path().display().to_string(), "");
    check_not_judged(&run, "no `corpus.json` declares the folder to be a whole corpus");
}

#[test]
fn a_selection_of_everything_is_judged_also_with_a_file_more() {
    let (root, other) = (whole(), folder(&[("other.json", GOOD.as_bytes())]));
    let path = root.path().display().to_string();
    check_judged(&check_of(&path, "good"));
    check_judged(&check_of(&path, &path));
    check_judged(&check_of(&path, &format!("good {}/other.json", other.path().display())));
    check_not_judged(
        &check_of(&path, &format!("{}/other.json", other.path().display())),
        "some scenarios are not selected",
    );
}

#[rstest]
#[case::one_family("--family backup_set.restore", "only one family is selected")]
#[case::few_seeds("--seeds 255", "there are fewer seeds than by default")]
fn what_is_not_judged_is_said(#[case] line: &str, #[case] why: &str) {
    let root = whole();
    check_not_judged(&check_of(&root.path().display().to_string(), line), why);
    let line = format!("check {line} --scenarios-dir {}", root.path().display());
    let text = check_line(&line).stdout;
    assert!(text.contains(&format!("      not judged here: {why}\n")), "{text}");
}

#[test]
fn a_declaration_that_cannot_be_read_is_an_input_error() {
    let root = whole();
    fs::write(root.path().join("corpus.json"), "{\"format\": 1, \"hole\": true}").expect("a file");
    let run = check_of(&root.path().display().to_string(), "");
    assert_eq!(run.code, 65, "{run:?}");
    assert!(run.stderr.contains("error[unknown-key]") && run.stderr.contains("corpus.json:1:15"), "{}", run.stderr);
    assert_eq!(run.json()["judged"], false);
}

#[test]
fn the_scenarios_of_this_repository_are_a_whole_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    assert_eq!(truecount_scenario::is_whole(&root), Ok(true));
}
