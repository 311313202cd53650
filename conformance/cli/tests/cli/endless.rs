//! Tests of paths that are not regular files, or are much too long. Each command rejects them at once: it neither waits
//! for the end of such a file nor reads it into memory.
#![cfg(unix)]

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rstest::rstest;
use tempfile::TempDir;

use super::run::{GOOD, Run, check_line, folder, program};

/// The time within which a command must end. It includes the start of the program on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs a command with this text on stdin, and ends it after the limit.
fn limited(command: &mut Command, stdin: &str) -> Run {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let written = child.stdin.take().expect("stdin is a pipe").write_all(stdin.as_bytes());
    let mut left = LIMIT;
    while child.try_wait().expect("a child").is_none() {
        if left.is_zero() {
            child.kill().expect("the child still runs");
            panic!("{command:?} did not end");
        }
        std::thread::sleep(Duration::from_millis(10));
        left = left.saturating_sub(Duration::from_millis(10));
    }
    let output = child.wait_with_output().expect("a child");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let code = output.status.code().unwrap_or_else(|| panic!("killed: {}\n{stderr}", output.status));
    // A command that rejects its arguments may end before it reads stdin.
    assert!(written.is_ok() || code != 0, "{written:?}");
    Run { code, stdout, stderr }
}

/// Returns a folder with this path in it: a pipe without a writer, a device, or a file of four gigabytes.
fn endless(kind: &str) -> (TempDir, PathBuf) {
    let folder = folder(&[]);
    let path = folder.path().join("x.json");
    match kind {
        "pipe" => {
            let made = Command::new("mkfifo").arg(&path).status().expect("`mkfifo` can be started");
            assert!(made.success());
        }
        "device" => symlink("/dev/zero", &path).expect("a link"),
        _ => File::create(&path).and_then(|file| file.set_len(1 << 32)).expect("a sparse file"),
    }
    (folder, path)
}

#[rstest]
fn a_file_without_an_end_is_rejected(
    #[values("pipe", "device", "4 GiB")] kind: &str,
    #[values(
        "check X --seeds 1 --no-explore",
        "check restore/duplicate-ids --seeds 1 --no-explore --resume X",
        "explore X",
        "explore X --write-sizes",
        "promote X",
        "replay X --seed 1",
        "replay --schedule X",
        "replay restore/duplicate-ids --schedule X",
        "shrink X --seed 1"
    )]
    line: &str,
) {
    let (_folder, path) = endless(kind);
    // The address space is limited to a few times what the program needs.
    let line = line.replace('X', &path.display().to_string());
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -v 1000000; exec \"$0\" {line}"), env!("CARGO_BIN_EXE_truecount")]);
    let run = limited(command.current_dir(super::run::workspace()), "");
    assert_eq!(run.code, 65, "{run:?}");
    let rule = if kind == "4 GiB" { "file-too-large" } else { "not-a-file" };
    assert!(run.stderr.contains(&format!("error[{rule}]")), "{run:?}");
}

#[rstest]
fn vectors_without_an_end_are_rejected(
    #[values("pipe", "device", "4 GiB")] kind: &str,
    #[values("plan.json", "manifest.json")] name: &str,
) {
    let vectors = folder(&[]);
    let written = check_line(&format!("spec --vectors {}", vectors.path().display()));
    assert_eq!(written.code, 0, "{written:?}");
    let (_folder, path) = endless(kind);
    fs::remove_file(vectors.path().join(name)).expect("the file exists");
    symlink(path, vectors.path().join(name)).expect("a link");
    let run = limited(program().args(["spec", "--check-vectors"]).arg(vectors.path()), "");
    let rule = if kind == "4 GiB" { "file-too-large" } else { "not-a-file" };
    assert_eq!((run.code, run.stderr.contains(&format!("error[{rule}]"))), (65, true), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_scenario_can_be_read_from_stdin_but_not_audited() {
    let line = ["check", "/dev/stdin", "--seeds", "3", "--no-explore"];
    let run = limited(program().args(line), GOOD);
    assert_eq!((run.code, run.stdout.contains("PASS  1 scenario, 3 simulations")), (0, true), "{run:?}");
    let audited = limited(program().args(line).arg("--audit"), GOOD);
    assert_eq!((audited.code, audited.stdout.as_str()), (64, ""), "{audited:?}");
    let why = "error: `/dev/stdin` cannot be audited, since another process would read something else\n  = help: ";
    assert!(audited.stderr.contains(why), "{}", audited.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_of_the_kernel_is_not_read() {
    if Path::new("/proc/kmsg").exists() {
        let run = limited(program().args(["check", "/proc/kmsg"]), "");
        assert_eq!((run.code, run.stderr.contains("error[file-empty]")), (65, true), "{run:?}");
    }
}
