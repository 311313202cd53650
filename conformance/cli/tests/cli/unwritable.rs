//! Tests of output that cannot be written. It fails every command, and a graver cause keeps its exit code.
#![cfg(target_os = "linux")]

use std::fs::{File, OpenOptions};
use std::process::Stdio;

use rstest::rstest;

use super::run::{check_line, folder, program};

/// A device without space left.
fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").expect("Linux has this device")
}

/// Runs the program with a stdout that cannot be written. Returns its exit code and stderr.
fn run_into(stdout: impl Into<Stdio>, line: &str) -> (Option<i32>, String) {
    let output = program().args(line.split_whitespace()).stdout(stdout).output().expect("the program can be started");
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[rstest]
#[case::check("check restore/late-worker --seeds 2 --no-explore")]
#[case::check_as_json("check restore/late-worker --seeds 2 --no-explore --format json")]
#[case::spec("spec --contract")]
#[case::list("list clauses")]
#[case::explain("explain COUNT-06")]
#[case::replay("replay restore/late-worker --seed 1")]
#[case::mutants("mutants M01 --seeds 64")]
#[case::matrix("mutants M01 --matrix --campaigns 1 --cap 64 --no-explore")]
#[case::explore("explore small/conflict-once")]
#[case::version("--version")]
#[case::help("--help")]
#[case::help_of_a_command("help check")]
fn data_that_cannot_be_written_is_65(#[case] line: &str) {
    let (code, stderr) = run_into(full(), line);
    assert_eq!(code, Some(65), "{line}: {stderr}");
    assert_eq!(stderr.matches("error: the output cannot be written: ").count(), 1, "{stderr}");
    assert!(stderr.contains("= help: "), "{stderr}");
}

#[test]
fn a_violation_takes_precedence_over_data_that_cannot_be_written() {
    for line in
        ["check restore/late-worker --no-explore --mutant M01", "shrink restore/late-worker --seed 14 --mutant M01"]
    {
        let (code, stderr) = run_into(full(), line);
        assert_eq!(code, Some(1), "{line}: {stderr}");
        assert!(stderr.contains("error: the output cannot be written: "), "{stderr}");
    }
}

/// The reader of the pipe is closed before the program writes, as by `head`.
#[rstest]
#[case::held("check restore/late-worker --seeds 2 --no-explore", 0)]
#[case::violated("check restore/late-worker --no-explore --mutant M01", 1)]
fn a_closed_pipe_is_not_an_error(#[case] line: &str, #[case] code: i32) {
    let (reader, writer) = std::io::pipe().expect("a pipe can be created");
    drop(reader);
    let (found, stderr) = run_into(writer, line);
    assert_eq!(found, Some(code), "{stderr}");
    assert!(!stderr.contains("cannot be written"), "{stderr}");
}

#[rstest]
#[case::replay("replay restore/late-worker --seed 14 --mutant M01 --write")]
#[case::packs("replay restore/late-worker --seed 14 --mutant M01 --artifacts")]
#[case::shrink("shrink restore/late-worker --seed 14 --mutant M01 --write")]
#[case::explore("explore small/worker-dies-once --mutant M01 --write")]
fn a_violation_takes_precedence_over_a_file_that_cannot_be_written(#[case] line: &str) {
    let folder = folder(&[("file", b"")]);
    let below_a_file = folder.path().join("file/x.json");
    let run = check_line(&format!("{line} {}", below_a_file.display()));
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stderr.contains("error[file-unwritable]"), "{run:?}");
}

#[test]
fn an_unwritable_file_alone_is_65() {
    let folder = folder(&[("file", b"")]);
    let below_a_file = folder.path().join("file/x.json");
    let run = check_line(&format!("replay restore/late-worker --seed 14 --write {}", below_a_file.display()));
    assert_eq!(run.code, 65, "{run:?}");
}

/// A file that cannot be read is 65, and an unknown planted bug is 64.
#[rstest]
#[case::replay("replay FILE --seed 1 --mutant M99")]
#[case::replay_a_schedule("replay --schedule FILE --mutant M99")]
#[case::shrink("shrink FILE --seed 1 --mutant M99")]
#[case::promote("promote FILE --mutant M99")]
#[case::check("check FILE --mutant M99")]
#[case::explore("explore FILE --mutant M99")]
fn a_usage_error_takes_precedence_over_an_unreadable_file(#[case] line: &str) {
    let folder = folder(&[("bad.json", b"{")]);
    let run = check_line(&line.replace("FILE", &folder.path().join("bad.json").display().to_string()));
    assert_eq!(run.code, 64, "{run:?}");
}
