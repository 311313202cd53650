//! Tests of checkpoint files: to which check a file belongs, which files are believed, and who may write them.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use rstest::rstest;
use tempfile::TempDir;

use super::run::{GOOD, Run, changed, check, folder, program};

/// Returns a folder with a scenario, and the path of a checkpoint file that does not exist yet.
fn begin() -> (TempDir, PathBuf) {
    let folder = folder(&[("good.json", GOOD.as_bytes())]);
    let file = folder.path().join("progress");
    (folder, file)
}

fn arguments(folder: &Path, file: &Path, more: &str) -> Vec<String> {
    let more = more.split_whitespace().map(str::to_owned);
    let [folder, file] = [folder, file].map(|path| path.display().to_string());
    ["check".to_owned(), "--no-explore".to_owned(), "--scenarios-dir".to_owned(), folder, "--resume".to_owned(), file]
        .into_iter()
        .chain(more)
        .collect()
}

fn resume(folder: &Path, file: &Path, more: &str) -> Run {
    check(arguments(folder, file, more))
}

/// Changes the sums in a file, and gives the file the digest that the program expects.
fn forge(folder: &Path, file: &Path, more: &str, changes: &[(&str, &str)]) {
    let mut text = fs::read_to_string(file).expect("the file");
    for (from, to) in changes {
        text = changed(&text, from, to);
    }
    fs::write(file, &text).expect("the file is ours");
    let run = resume(folder, file, more);
    assert!(run.code == 65 && run.stderr.contains("error[digest-differs]"), "{run:?}");
    let (_, rest) = run.stderr.split_once("expected: `").expect("the expected digest");
    let digest = &rest[..64];
    let (before, after) = text.split_once("\"sha256\":\"").expect("a digest");
    fs::write(file, format!("{before}\"sha256\":\"{digest}{}", &after[64..])).expect("the file is ours");
}

/// Every message about the file says what to do.
fn refused(run: &Run, rule: &str) {
    assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{run:?}");
    assert!(run.stderr.contains(&format!("error[{rule}]")) && run.stderr.contains("= help: "), "{}", run.stderr);
}

#[test]
fn the_sums_of_another_executable_are_refused() {
    let (folder, file) = begin();
    assert_eq!(resume(folder.path(), &file, "--seeds 40").code, 0);
    let text = fs::read_to_string(&file).expect("the file");
    let (before, after) = text.split_once("\"executable\":\"").expect("the digest of the executable");
    let first = if after.starts_with('0') { '1' } else { '0' };
    let other = format!("{before}\"executable\":\"{first}{}", &after[1..]);
    fs::write(&file, &other).expect("the file is ours");
    let run = resume(folder.path(), &file, "--seeds 40");
    refused(&run, "other-program");
    assert!(run.stderr.contains("another build of the program"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&file).expect("the file"), other);
}

#[test]
fn the_report_states_how_many_simulations_were_read_from_the_file() {
    let (folder, file) = begin();
    let first = resume(folder.path(), &file, "--seeds 40");
    assert!(!first.stdout.contains("resumed"), "{}", first.stdout);
    let again = resume(folder.path(), &file, "--seeds 40");
    assert!(
        again.stdout.contains("\n      resumed: the results of 40 simulations were read from the checkpoint file\n")
    );
    let json = resume(folder.path(), &file, "--seeds 40 --format json");
    assert_eq!(json.json()["resumed"], 40);
}

#[test]
fn a_new_title_or_name_is_the_same_check_and_another_limit_or_expectation_is_not() {
    let (folder, file) = begin();
    assert_eq!(resume(folder.path(), &file, "--seeds 40").code, 0);
    let write = |name: &str, text: &str| {
        fs::remove_file(folder.path().join("good.json"))
            .or_else(|_| fs::remove_file(folder.path().join("new.json")))?;
        fs::write(folder.path().join(name), text)
    };
    write("new.json", &changed(GOOD, "A set that is", "A single set that is")).expect("the folder is writable");
    let run = resume(folder.path(), &file, "--seeds 40 --format json");
    assert_eq!((run.code, &run.json()["resumed"]), (0, &40.into()), "{run:?}");
    for (from, to, message) in [
        ("\"redeliver\": 2", "\"redeliver\": 3", "what `new` simulates has changed"),
        ("\"skipped\": 1", "\"skipped\": [0, 1]", "the expectations of `new` have changed"),
    ] {
        write("new.json", &changed(GOOD, from, to)).expect("the folder is writable");
        // The file has the id of the first file.
        let id = changed(message, "new", "good");
        fs::rename(folder.path().join("new.json"), folder.path().join("good.json")).expect("the folder is writable");
        let run = resume(folder.path(), &file, "--seeds 40");
        refused(&run, "other-scenarios");
        assert!(run.stderr.contains(&id), "{}", run.stderr);
    }
}

#[test]
fn a_failure_that_is_made_up_is_70() {
    let (folder, file) = begin();
    assert_eq!(resume(folder.path(), &file, "--seeds 40").code, 0);
    let failure = ("\"failures\":0", "\"failures\":1,\"first_failure\":7");
    let violated = ("\"violated\":{}", "\"violated\":{\"COUNT-06\":7}");
    let named = ("\"named\":{}", "\"named\":{\"COUNT-06\":[1,{\"COUNT-06\":7}]}");
    forge(folder.path(), &file, "--seeds 40", &[failure, violated, named]);
    let run = resume(folder.path(), &file, "--seeds 40");
    assert_eq!(run.code, 70, "{run:?}");
    assert!(!run.stdout.contains("\nPASS") && !run.stdout.starts_with("PASS"), "{}", run.stdout);
    assert!(run.stdout.contains("DEFECT nondeterministic: good under seed 7"), "{}", run.stdout);
    assert!(
        run.stdout.contains("once      the simulation violates COUNT-06\n  again     the simulation passes"),
        "{}",
        run.stdout
    );
}

/// The program wraps no number and does not panic, whatever a file states.
#[rstest]
#[case::seeds("--seeds 40", "rounds", 31_250_001)]
#[case::all_seeds("--seeds 40", "rounds", u64::MAX)]
#[case::stable_rounds("--until-stable", "quiet", u64::MAX)]
#[case::rounds_until_stable("--until-stable", "rounds", u64::MAX)]
#[case::steps("--seeds 40", "steps", u64::MAX)]
#[case::failures("--seeds 40", "failures", 41)]
fn implausible_sums_are_refused(#[case] rule: &str, #[case] key: &str, #[case] value: u64) {
    let (folder, file) = begin();
    let run = resume(folder.path(), &file, rule);
    assert_eq!(run.code, 0, "{run:?}");
    let text = fs::read_to_string(&file).expect("the file");
    let (_, after) = text.split_once(&format!("\"{key}\":")).expect("the key");
    let (stated, _) = after.split_once(',').expect("another key");
    forge(folder.path(), &file, rule, &[(&format!("\"{key}\":{stated},"), &format!("\"{key}\":{value},"))]);
    refused(&resume(folder.path(), &file, rule), "implausible-sums");
}

#[rstest]
#[case::empty(b"", "file-empty")]
#[case::not_text(b"\xff\xfe", "file-encoding")]
#[case::syntax(b"{", "json-syntax")]
#[case::another_type(b"{\"format\": \"truecount-progress/1\", \"rounds\": \"2\"}", "no-checkpoint")]
#[case::a_missing_key(b"{\"format\": \"truecount-progress/1\"}", "no-checkpoint")]
#[case::something_else(b"[1]", "no-checkpoint")]
#[case::another_format(b"{\"format\": \"truecount-progress/2\"}", "unknown-format")]
#[case::a_scenario(GOOD.as_bytes(), "no-checkpoint")]
fn each_message_about_a_file_has_a_hint(#[case] content: &[u8], #[case] rule: &str) {
    let (folder, file) = begin();
    fs::write(&file, content).expect("the folder is writable");
    let run = resume(folder.path(), &file, "--seeds 40");
    refused(&run, rule);
    let is_scenario = content == GOOD.as_bytes();
    assert_eq!(run.stderr.contains("this is a scenario, not a checkpoint file"), is_scenario, "{}", run.stderr);
    assert_eq!(fs::read(&file).expect("the file"), content);
}

#[test]
fn a_folder_a_long_file_and_a_missing_folder_are_refused_with_a_hint() {
    let (folder, file) = begin();
    refused(&resume(folder.path(), folder.path(), "--seeds 40"), "file-directory");
    refused(&resume(folder.path(), &folder.path().join("none/progress"), "--seeds 40"), "file-unwritable");
    let long = fs::File::create(&file).expect("the folder is writable");
    long.set_len(1 << 27).expect("a sparse file");
    refused(&resume(folder.path(), &file, "--seeds 40"), "file-too-large");
}

/// Starts a check that takes long, and waits until it has created its file.
fn begun(folder: &Path, file: &Path) -> Child {
    let mut command = program();
    command.args(arguments(folder, file, "--seeds 1000000 --jobs 1")).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().expect("the program can be started");
    while !file.exists() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child
}

#[test]
fn a_second_process_is_refused_while_the_first_uses_the_file() {
    let (folder, file) = begin();
    let mut child = begun(folder.path(), &file);
    for more in ["--seeds 1000000", "--seeds 40"] {
        refused(&resume(folder.path(), &file, more), "file-in-use");
    }
    // The lock ends with the process, and no other file remains.
    child.kill().expect("the child is ours");
    child.wait().expect("a child");
    fs::write(folder.path().join(".progress.partial"), "half").expect("the folder is writable");
    refused(&resume(folder.path(), &file, "--seeds 40"), "other-settings");
    fs::remove_file(&file).expect("the file exists");
    assert_eq!(resume(folder.path(), &file, "--seeds 40").code, 0);
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2);
}

#[test]
fn the_file_keeps_its_permissions() {
    let (folder, file) = begin();
    let mut child = begun(folder.path(), &file);
    while fs::read(&file).expect("the file").is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("the child is ours");
    child.wait().expect("a child");
    // While a check runs, it may replace the file at any moment.
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("the file is ours");
    let before = fs::read(&file).expect("the file");
    let mut child = begun(folder.path(), &file);
    while fs::read(&file).expect("the file") == before && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().expect("the child is ours");
    child.wait().expect("a child");
    assert_eq!(file.metadata().expect("the file").permissions().mode() & 0o777, 0o600);
}
