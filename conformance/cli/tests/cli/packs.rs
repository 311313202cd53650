//! Tests of `replay --artifacts`: other programs can read the packs that a simulation publishes.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use crate::run::check_line;

fn published(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let run = check_line(&format!("replay pack/same-again --seed 4 --artifacts {}", folder.display()));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let printed = run.stdout.lines().filter(|line| line.starts_with("  pack      "));
    assert_eq!(printed.count(), 2, "{}", run.stdout);
    ["first.zip", "second.zip"]
        .map(|name| (name.to_owned(), fs::read(folder.join(name)).expect("the pack exists")))
        .to_vec()
}

/// Runs a program. If it is not installed, prints a note and returns `None`.
fn other(program: &str, arguments: &[&str], folder: &Path) -> Option<(bool, String)> {
    let Ok(output) = Command::new(program).args(arguments).current_dir(folder).output() else {
        // The note bypasses the output capture of tests, because a test that did not run must not look as if it had
        // passed.
        let note = format!("NOT RUN: `{program}` is not installed\n");
        std::io::stderr().write_all(note.as_bytes()).expect("stderr");
        return None;
    };
    let text = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[test]
fn two_simulations_and_two_runs_of_equal_entries_give_equal_bytes() {
    let folders = [0, 1].map(|_| tempfile::tempdir().expect("a folder"));
    let [one, two] = [0, 1].map(|place| published(folders[place].path()));
    assert_eq!(one, two, "the packs of two processes differ");
    assert_eq!(one[0].1, one[1].1, "the packs of two runs differ");
    assert!(one[0].1.starts_with(b"PK"));
}

#[test]
fn unzip_accepts_a_pack_and_sha256sum_accepts_its_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    published(folder.path());
    let Some((good, text)) = other("unzip", &["-t", "first.zip"], folder.path()) else { return };
    assert!(good && text.contains("No errors detected"), "{text}");
    let (good, text) = other("unzip", &["-q", "first.zip", "-d", "out"], folder.path()).expect("unzip ran before");
    assert!(good, "{text}");
    let out = folder.path().join("out");
    let check = ["--check", "--strict", "MANIFEST.sha256"];
    let Some((good, text)) = other("sha256sum", &check, &out) else { return };
    assert!(good && text.lines().count() == 3, "{text}");
    // The check fails if a file has changed.
    fs::write(out.join("0001-entry-2"), "something else").expect("a file of ours");
    let (good, text) = other("sha256sum", &check, &out).expect("sha256sum ran before");
    assert!(!good, "{text}");
}

#[test]
fn a_simulation_that_publishes_nothing_writes_nothing_and_prints_a_note() {
    let folder = tempfile::tempdir().expect("a folder");
    let run =
        check_line(&format!("replay pack/every-entry-fails --seed 0 --artifacts {}/new", folder.path().display()));
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stderr, "note: the simulation published nothing\n");
    assert_eq!(fs::read_dir(folder.path().join("new")).expect("a folder").count(), 0);
}

#[test]
fn an_unwritable_folder_is_named_in_the_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "mine").expect("a file of ours");
    let run = check_line(&format!("replay pack/same-again --seed 4 --artifacts {}", file.display()));
    assert_eq!(run.code, 65, "{run:?}");
    assert!(run.stderr.contains(&file.display().to_string()), "{run:?}");
    assert_eq!(fs::read_to_string(&file).expect("the file"), "mine");
}
