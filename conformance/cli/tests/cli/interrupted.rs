//! Tests of Ctrl-C in commands that have no partial result. They end with 2 and one line.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rstest::rstest;

use super::run::{folder, interrupt, large, program, send};

/// Starts a command that takes long.
fn begun(line: &str) -> Child {
    let mut command = program();
    command.args(line.split_whitespace()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("the program can be started")
}

/// Checks how a command ended: with 2, nothing on stdout and one line about the interruption. `before` was read from
/// stderr so far.
fn check(child: Child, before: &str) {
    let output = child.wait_with_output().expect("a child");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!((output.status.code(), stdout.as_str()), (Some(2), ""), "{before}{stderr}");
    assert_eq!(stderr.trim_end(), "interrupted: the command ended without a result", "{before}");
}

/// The planted bug is printed after the handler was set, and before anything is simulated.
#[rstest]
#[case::replay("replay LARGE --seed 1 --mutant M01", "-INT")]
#[case::shrink("shrink LARGE --seed 1 --mutant M01", "-TERM")]
fn a_command_that_simulates_one_scenario_ends_with_2(#[case] line: &str, #[case] name: &str) {
    let folder = folder(&[("large.json", large(20_000).as_bytes())]);
    let line = line.replace("LARGE", &folder.path().join("large.json").display().to_string());
    let mut child = begun(&line);
    let mut stderr = BufReader::new(child.stderr.take().expect("stderr is a pipe"));
    let mut before = String::new();
    stderr.read_line(&mut before).expect("a line");
    assert!(before.contains("planted M01"), "{before}");
    interrupt(name, &child);
    let mut after = String::new();
    let status = child.wait().expect("a child");
    stderr.read_to_string(&mut after).expect("UTF-8");
    assert_eq!((status.code(), after.trim_end()), (Some(2), "interrupted: the command ended without a result"));
}

#[rstest]
#[case::mutants("mutants --seeds 1000000", "-INT")]
#[case::the_matrix("mutants --matrix", "-TERM")]
#[case::the_book("spec --seeds 1000000", "-HUP")]
fn a_command_over_all_scenarios_ends_with_2(#[case] line: &str, #[case] name: &str) {
    let child = begun(line);
    // Reading the scenarios takes a fraction of this time, and the command takes minutes.
    std::thread::sleep(Duration::from_secs(2));
    interrupt(name, &child);
    check(child, "");
}

/// `nohup` ignores SIGHUP, and a shell ignores SIGINT for a background job of a script.
#[cfg(target_os = "linux")]
#[rstest]
#[case::nohup("HUP")]
#[case::a_background_job("INT")]
#[case::a_supervisor("TERM")]
fn a_signal_that_was_ignored_at_the_start_stays_ignored(#[case] name: &str) {
    let line = "check restore/duplicate-ids --seeds 600 --mutant M07 --audit --format json";
    let script = format!("trap '' {name}; exec \"$0\" {line}");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_truecount")]).current_dir(super::run::workspace());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("`sh` can be started");
    let mut stderr = BufReader::new(child.stderr.take().expect("stderr is a pipe"));
    let mut text = String::new();
    stderr.read_line(&mut text).expect("a line");
    assert!(text.contains("planted M07"), "{text}");
    for _ in 0..3 {
        send(&format!("-{name}"), &child);
    }
    stderr.read_to_string(&mut text).expect("UTF-8");
    let output = child.wait_with_output().expect("a child");
    let report = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!text.contains("interrupt") && !report.contains("interrupted"), "{text}");
    assert_eq!((output.status.code(), report.contains("\"seeds\": 600")), (Some(1), true), "{text}");
}
