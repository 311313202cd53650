//! Tests of long checks that are interrupted by Ctrl-C or killed, and then resumed. The report is the same as that of
//! an uninterrupted check.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use super::run::{Run, check_line, folder, interrupt, large, program, send};

/// A check with enough seeds to still be running when it is interrupted after its first rounds.
const LONG: &str = "check restore/duplicate-ids baseline/capture --seeds 12000 --coverage --format json --jobs 2";

/// Starts a check and waits until its checkpoint file states that a further round was simulated.
fn begun(line: &str, file: &Path) -> Child {
    let before = rounds(file);
    let mut command = program();
    command.args(line.split_whitespace()).arg("--resume").arg(file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started");
    // The loop also ends if the process does. The exit code then shows that the process was not interrupted.
    while rounds(file) <= before && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child
}

/// Returns the number of rounds that a checkpoint file states.
fn rounds(file: &Path) -> u64 {
    // The file is replaced atomically, so a reader never reads a partial file.
    let Ok(text) = fs::read_to_string(file) else { return 0 };
    let file: Value = serde_json::from_str(&text).expect("the file is complete at any moment");
    file["rounds"].as_u64().expect("a number")
}

fn ended(child: Child) -> Run {
    let output = child.wait_with_output().expect("a child");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn to_the_end(line: &str, file: &Path) -> Run {
    check_line(&format!("{line} --resume {}", file.display()))
}

/// Returns the report of a resumed check without the number of simulations that were read from the file. This is the
/// only difference from the report of an uninterrupted check.
fn without_resumed(run: &Run) -> String {
    let is_other = |line: &&str| !line.trim_start().starts_with("resumed: ") && !line.starts_with("  \"resumed\": ");
    let lines: Vec<&str> = run.stdout.lines().filter(is_other).collect();
    assert_eq!(lines.len() + 1, run.stdout.lines().count(), "{run:?}");
    // In JSON, the number is the last member.
    let text = lines.join("\n") + "\n";
    if run.stdout.starts_with('{') { text.replace(",\n}\n", "\n}\n") } else { text }
}

fn file() -> (TempDir, std::path::PathBuf) {
    let folder = folder(&[]);
    let file = folder.path().join("progress.json");
    (folder, file)
}

#[rstest]
#[case::ctrl_c("-INT")]
#[case::a_supervisor("-TERM")]
fn a_resumed_check_gives_the_same_report_as_an_uninterrupted_check(#[case] signal: &str) {
    let (_folder, file) = file();
    for _ in 0..2 {
        let child = begun(LONG, &file);
        interrupt(signal, &child);
        let run = ended(child);
        assert_eq!(run.code, 2, "{run:?}");
        let report = run.json();
        assert_eq!(report["verdict"], "unknown: interrupted");
        assert_eq!(report["judged"], false);
        let seeds = report["interrupted"]["seeds"].as_u64().expect("a number");
        assert!(seeds > 0 && seeds < 12_000 && seeds == rounds(&file) * 32, "{seeds} in {}", rounds(&file));
        let simulated = report["scenarios"].as_array().expect("a list").iter();
        let simulated: Vec<u64> = simulated.map(|scenario| scenario["seeds"].as_u64().expect("a number")).collect();
        assert!(simulated.iter().all(|simulated| *simulated >= seeds), "{simulated:?} in {seeds}");
        let further = report["interrupted"]["further"].as_u64().expect("a number");
        assert_eq!(simulated.iter().sum::<u64>(), 2 * seeds + further);
        let resume = report["interrupted"]["resume"].as_str().expect("a command");
        assert_eq!(resume, format!("truecount {LONG} --resume {}", file.display()));
    }
    let run = to_the_end(LONG, &file);
    assert!(run.stderr.contains("resumed from"), "{}", run.stderr);
    let whole = check_line(LONG);
    assert_eq!((run.code, whole.code), (0, 0), "{run:?}");
    assert_eq!(without_resumed(&run), whole.stdout);
    let resumed = run.json()["resumed"].as_u64().expect("a number");
    assert!(resumed > 0 && resumed < 24_000, "{resumed}");
    // Nothing is left to simulate, and the same report is printed again.
    let again = to_the_end(LONG, &file);
    assert_eq!((&again.json()["resumed"], without_resumed(&again)), (&24_000.into(), whole.stdout));
}

/// The report is longer than the pipe, and nothing reads it. The first signal therefore cannot end the check.
#[test]
fn a_second_ctrl_c_ends_a_check_at_once() {
    let (_folder, file) = file();
    let mut command = program();
    command.args("check --no-explore --seeds 100000 --format json --jobs 2 --resume".split(' ')).arg(&file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started");
    while !file.exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let mut stdout = child.stdout.take().expect("stdout is a pipe");
    interrupt("-INT", &child);
    // The check ends its simulations and blocks. Otherwise, the first byte of the report would be the end of the pipe.
    std::io::Read::read_exact(&mut stdout, &mut [0]).expect("the report has begun");
    interrupt("-INT", &child);
    let run = ended(child);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("ending after the simulations so far; interrupt again to end at once"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("interrupted again: the command ended without a report"), "{}", run.stderr);
    drop(stdout);
}

/// The first scenario is not small, so its exploration is still running when the signal arrives.
#[test]
fn an_interrupted_exploration_reports_its_extent() {
    let mut command = program();
    command.args("explore restore/late-worker small/conflict-once --jobs 1".split(' '));
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started");
    std::thread::sleep(std::time::Duration::from_secs(2));
    interrupt("-INT", &child);
    let run = ended(child);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("unknown: interrupted; finished 0 of 2 numbers of workers"), "{}", run.stdout);
    assert!(run.stdout.contains("explored 2 scenarios: 0 exhausted, 2 unknown"), "{}", run.stdout);
}

#[test]
fn a_killed_check_can_be_resumed() {
    let (_folder, file) = file();
    let child = begun(LONG, &file);
    send("-KILL", &child);
    assert_eq!(ended(child).code, -1, "the check was not ended by the signal");
    assert_eq!(without_resumed(&to_the_end(LONG, &file)), check_line(LONG).stdout);
}

/// Returns the number of completed tasks of the unfinished round that a checkpoint file states.
fn parts(file: &Path) -> usize {
    let Ok(text) = fs::read_to_string(file) else { return 0 };
    let file: Value = serde_json::from_str(&text).expect("the file is complete at any moment");
    file["parts"].as_array().map_or(0, Vec::len)
}

/// Starts a check of one large scenario, of which a round takes long.
fn begun_large(folder: &Path, file: &Path, units: u32, line: &str) -> Child {
    fs::write(folder.join("large.json"), large(units)).expect("the folder is writable");
    let mut command = program();
    command.arg("check").arg(folder.join("large.json")).args(line.split_whitespace()).arg("--resume").arg(file);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started")
}

/// A single simulation takes longer than the time that is allowed here, and a round takes much longer.
#[rstest]
#[case::a_check("--seeds 64 --jobs 2")]
#[case::an_audit("--seeds 64 --jobs 2 --audit")]
fn ctrl_c_ends_a_check_in_the_middle_of_a_simulation(#[case] line: &str) {
    let (folder, file) = file();
    let mut child = begun_large(folder.path(), &file, 200_000, line);
    while !file.exists() && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(300));
    interrupt("-INT", &child);
    for _ in 0..500 {
        if child.try_wait().expect("a child").is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let status = child.try_wait().expect("a child");
    if status.is_none() {
        child.kill().expect("the child is ours");
    }
    let run = ended(child);
    assert_eq!(status.and_then(|status| status.code()), Some(2), "{run:?}");
    // The second process of an audit may still be reading. In that case, there is nothing to report.
    let words = if line.contains("--audit") { "interrupt" } else { "interrupted after 0 seeds of each scenario and " };
    assert!(format!("{}{}", run.stdout, run.stderr).contains(words), "{run:?}");
}

/// Each process completes at least one simulation and is killed long before the end of the first round.
#[test]
fn a_check_that_is_killed_repeatedly_makes_progress() {
    let (folder, file) = file();
    for kills in 1..=3 {
        let mut child = begun_large(folder.path(), &file, 5_000, "--seeds 24 --jobs 1 --format json");
        while parts(&file) < kills && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        send("-KILL", &child);
        assert_eq!(ended(child).code, -1, "the check was not ended by the signal");
    }
    assert!((3..24).contains(&parts(&file)) && rounds(&file) == 0, "{}", parts(&file));
    let line = format!("check {} --seeds 24 --format json", folder.path().join("large.json").display());
    let run = to_the_end(&line, &file);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.json()["resumed"].as_u64() >= Some(3), "{run:?}");
    assert_eq!(without_resumed(&run), check_line(&line).stdout);
}

#[test]
fn an_interrupted_check_with_a_violation_exits_with_1() {
    let (_folder, file) = file();
    let line = "check restore/late-worker baseline/capture --seeds 6000 --mutant M01";
    let child = begun(line, &file);
    interrupt("-INT", &child);
    let run = ended(child);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("FAIL COUNT-06") && run.stdout.contains("interrupted after"), "{}", run.stdout);
    assert_eq!(without_resumed(&to_the_end(line, &file)), check_line(line).stdout);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_as_a_checkpoint() {
    let (_folder, file) = file();
    let made = Command::new("mkfifo").arg(&file).status().expect("mkfifo can be started");
    assert!(made.success());
    let run = check_line(&format!("{LONG} --resume {}", file.display()));
    assert_eq!(run.code, 65, "{run:?}");
    assert!(
        run.stderr.contains("error[not-a-file]: this is a pipe, a socket or a device, not a regular file"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_audit_can_be_resumed() {
    let (_folder, file) = file();
    let line = "check restore/duplicate-ids --seeds 2000 --audit --format json";
    let child = begun(line, &file);
    interrupt("-INT", &child);
    let run = ended(child);
    assert_eq!((run.code, &run.json()["verdict"]), (2, &"unknown: interrupted".into()), "{run:?}");
    assert_eq!(without_resumed(&to_the_end(line, &file)), check_line(line).stdout);
    let run = to_the_end(&line.replace(" --audit", ""), &file);
    assert_eq!(run.code, 65, "a check without an audit did not reject the checkpoint of an audit: {run:?}");
}

#[test]
fn an_interrupted_check_becomes_stable_at_the_same_seed() {
    let (_folder, file) = file();
    let line = "check pack/every-answer --until-stable --format json";
    let child = begun(line, &file);
    interrupt("-INT", &child);
    assert!([0, 2].contains(&ended(child).code), "the check neither became stable nor was interrupted");
    assert_eq!(without_resumed(&to_the_end(line, &file)), check_line(line).stdout);
}

#[test]
fn an_interrupted_check_without_a_checkpoint_prints_a_command_for_the_rest() {
    // The program installs its signal handler before it prints the planted bug. Whether a clause is violated before the
    // signal arrives depends on timing.
    let mut command = program();
    command.args("check restore/duplicate-ids --seeds 1000000 --seed 9 --mutant M07".split(' '));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program can be started");
    let mut stderr = std::io::BufReader::new(child.stderr.take().expect("stderr is a pipe"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stderr, &mut line).expect("a line");
    assert!(line.contains("planted M07"), "{line}");
    interrupt("-INT", &child);
    let run = ended(child);
    assert!([1, 2].contains(&run.code), "{run:?}");
    let printed = run.stdout.lines().find_map(|line| line.trim().strip_prefix("interrupted after "));
    let (seeds, rest) = printed.and_then(|printed| printed.split_once(' ')).expect("the number of seeds");
    let seeds: u64 = seeds.replace(',', "").parse().expect("a number");
    let (first, left) = (9 + seeds, 1_000_000 - seeds);
    let expected =
        format!("resume with: truecount check --seed {first} --seeds {left} restore/duplicate-ids --mutant M07");
    assert!(rest.ends_with(&expected), "{rest}");
}

#[rstest]
#[case::not_json("{", "json-syntax")]
#[case::nothing("", "file-empty")]
#[case::something_else("{\"format\": 1}", "no-checkpoint")]
fn a_file_that_is_not_a_checkpoint_is_rejected_and_left_unchanged(#[case] text: &str, #[case] rule: &str) {
    let (_folder, file) = file();
    fs::write(&file, text).expect("a temporary file");
    let run = to_the_end("check baseline/capture --seeds 40", &file);
    assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    assert!(
        run.stderr.contains(&format!("error[{rule}]")) && run.stderr.contains("progress.json:1:"),
        "{}",
        run.stderr
    );
    assert_eq!(fs::read_to_string(&file).expect("the file"), text);
}

#[rstest]
#[case::other_seeds("check baseline/capture --seeds 41", "other-settings")]
#[case::another_first_seed("check baseline/capture --seeds 40 --seed 1", "other-settings")]
#[case::another_stop_rule("check baseline/capture --until-stable", "other-settings")]
#[case::another_bug("check baseline/capture --seeds 40 --mutant M01", "other-settings")]
#[case::another_scenario("check baseline/compare --seeds 40", "other-scenarios")]
#[case::more_scenarios("check baseline --seeds 40", "other-scenarios")]
fn the_checkpoint_of_another_check_is_rejected(#[case] line: &str, #[case] rule: &str) {
    let (_folder, file) = file();
    assert_eq!(to_the_end("check baseline/capture --seeds 40", &file).code, 0);
    let before = fs::read(&file).expect("the file");
    let run = to_the_end(line, &file);
    assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    assert!(run.stderr.contains(&format!("error[{rule}]")) && run.stderr.contains("= help: "), "{}", run.stderr);
    assert_eq!(fs::read(&file).expect("the file"), before);
}

#[test]
fn an_unwritable_checkpoint_is_rejected_before_any_simulation() {
    let (folder, _) = file();
    for path in [folder.path().to_owned(), folder.path().join("none/progress.json")] {
        let run = to_the_end("check baseline/capture --seeds 40", &path);
        assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    }
}
