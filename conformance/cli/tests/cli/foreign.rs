//! Tests that foreign text never reaches a terminal as it is: each way in is given control characters, changes of
//! direction, invisible characters and a line that looks like the program's own.

use std::ffi::OsString;
use std::fs;

use super::run::{GOOD, Run, changed, check, check_in, folder};

/// A text that would change the title and the colour of a terminal, reverse a line, and forge a line of a report.
const HOSTILE: &str =
    "x\u{1b}]0;t\u{7}\u{1b}[31m\u{9b}2J\u{202e}\u{2066}\u{200b}\u{2028}\u{61c}\r\nFAIL COUNT-06  forged";

/// Checks that the output has neither active characters nor a forged line.
#[track_caller]
fn is_inert(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        let active = |character: char| {
            let invisible =
                matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            (character.is_control() && character != '\n') || invisible || character == '\u{61c}'
        };
        assert!(!text.contains(active), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("FAIL COUNT-06  forged")), "{text}");
    }
}

#[test]
fn no_argument_reaches_a_terminal_raw() {
    let root = folder(&[("good.json", GOOD.as_bytes())]);
    let file = root.path().join("good.json").display().to_string();
    let lines: &[&[&str]] = &[
        &["check", HOSTILE],
        &["check", &file, "--family", HOSTILE],
        &["check", &file, "--mutant", HOSTILE],
        &["check", &file, "--resume", &format!("{HOSTILE}/x")],
        &["check", &file, "--known-failures", HOSTILE],
        &["check", &file, "--today", HOSTILE],
        &["check", &file, "--seed", HOSTILE],
        &["check", &file, "--seeds", HOSTILE],
        &["check", &file, "--for", HOSTILE],
        &["check", &file, "--jobs", HOSTILE],
        &["check", &file, "--format", HOSTILE],
        &["check", &file, &format!("--{HOSTILE}")],
        &["check", "--scenarios-dir", HOSTILE],
        &["list", HOSTILE],
        &["list", "scenarios", "--scenarios-dir", HOSTILE],
        &["explain", HOSTILE],
        &["explore", HOSTILE],
        &["explore", &file, "--mutant", HOSTILE],
        &["explore", &file, "--second", HOSTILE],
        &["mutants", HOSTILE],
        &["replay", HOSTILE, "--seed", "1"],
        &["replay", &file, "--seed", HOSTILE],
        &["replay", &file, "--schedule", HOSTILE],
        &["replay", &file, "--seed", "1", "--mutant", HOSTILE],
        &["replay", &file, "--seed", "1", "--write", &format!("{HOSTILE}/x")],
        &["shrink", HOSTILE, "--seed", "1"],
        &["shrink", &file, "--seed", HOSTILE],
        &["promote", HOSTILE],
        &["promote", &format!("{HOSTILE}.json"), "--as", "a/b"],
        &["promote", &file, "--as", HOSTILE],
        &["spec", "--check-vectors", HOSTILE],
        &[HOSTILE],
    ];
    for line in lines {
        let run = check(*line);
        assert!(run.code != 0, "{line:?}: {run:?}");
        is_inert(&run);
    }
}

#[test]
fn a_title_with_an_active_character_is_refused_at_its_place() {
    for (written, column, code) in [
        // For a string with escapes, the place is that of the whole string.
        (r"A\u001b[2J set", 12, "U+001B"),
        (r"A set\nFAIL COUNT-06  forged", 12, "U+000A"),
        ("A \u{202e}set", 15, "U+202E"),
        ("A\u{200b} set", 14, "U+200B"),
        ("A\u{2029} set", 14, "U+2029"),
        (r"A\u009b2J", 12, "U+009B"),
    ] {
        let root = folder(&[("one.json", changed(GOOD, "A set", written).as_bytes())]);
        for line in ["check --seeds 2", "list scenarios"] {
            let run = check_in(root.path(), line);
            assert_eq!(run.code, 65, "{run:?}");
            assert!(run.stderr.contains("error[active-character]: the title contains the character"), "{}", run.stderr);
            assert!(
                run.stderr.contains(code) && run.stderr.contains(&format!("one.json:3:{column}\n")),
                "{}",
                run.stderr
            );
            is_inert(&run);
        }
    }
}

#[test]
fn no_text_of_a_file_reaches_a_terminal_raw() {
    let hostile = serde_json::to_string(HOSTILE).expect("JSON");
    let schedule = |name: &str, line: &str| {
        format!(r#""schedules": [{{"name": {name}, "workers": 1, "decisions": [{line}]}}], "expect""#)
    };
    let scenarios = [
        changed(GOOD, r#""COUNT-02""#, &hostile),
        changed(GOOD, r#"["acme"]"#, &format!("[{hostile}]")),
        changed(GOOD, r#"["ada"]"#, &format!("[{hostile}]")),
        changed(GOOD, r#""operate""#, &hostile),
        changed(GOOD, r#""set-1": "archived""#, &format!("{hostile}: \"archived\"")),
        changed(GOOD, r#""archived""#, &hostile),
        changed(GOOD, r#""name": "first""#, &format!("\"name\": {hostile}")),
        changed(GOOD, r#""backup_set.restore""#, &hostile),
        changed(GOOD, r#""throttled""#, &hostile),
        changed(GOOD, r#""crash_before""#, &hostile),
        changed(GOOD, r#""succeeded""#, &hostile),
        changed(GOOD, r#""format": 1"#, &format!("\"format\": 1, {hostile}: 2")),
        changed(GOOD, r#""expect""#, &schedule(&hostile, "")),
        changed(GOOD, r#""expect""#, &schedule("\"a\"", &hostile)),
        format!("{HOSTILE}{GOOD}"),
    ];
    for scenario in scenarios {
        let root = folder(&[("one.json", scenario.as_bytes())]);
        let run = check_in(root.path(), "check --seeds 2");
        assert_eq!(run.code, 65, "{scenario}: {run:?}");
        is_inert(&run);
    }
}

#[test]
fn no_reason_of_a_known_failure_and_no_checkpoint_reaches_a_terminal_raw() {
    let root = folder(&[("one.json", GOOD.as_bytes())]);
    let hostile = serde_json::to_string(HOSTILE).expect("JSON");
    let file = |key: &str| {
        let of = |name: &str, value: &str| if name == key { hostile.clone() } else { format!("\"{value}\"") };
        format!(
            r#"{{"format": 1, "known_failures": [{{"clause": {}, "scenario": {}, "reason": {}, "expires": {}}}]}}"#,
            of("clause", "COUNT-06"),
            of("scenario", "one"),
            of("reason", "being fixed"),
            of("expires", "2099-12-31")
        )
    };
    let known = folder(&[]);
    let path = known.path().join("known");
    for key in ["clause", "scenario", "reason", "expires"] {
        fs::write(&path, file(key)).expect("a file");
        let run = check_in(root.path(), &format!("check --seeds 2 --known-failures {}", path.display()));
        assert_eq!(run.code, 65, "{key}: {run:?}");
        is_inert(&run);
    }

    let checkpoint = known.path().join("checkpoint");
    let line = format!("check --seeds 2 --no-explore --resume {}", checkpoint.display());
    assert_eq!(check_in(root.path(), &line).code, 0);
    let saved = fs::read_to_string(&checkpoint).expect("a checkpoint");
    let texts: Vec<&str> = saved.split('"').skip(1).step_by(2).collect();
    assert!(texts.len() > 30, "{saved}");
    // The first texts identify the check. The others are results.
    for text in texts.into_iter().take(30) {
        fs::write(&checkpoint, saved.replacen(&format!("\"{text}\""), &hostile, 1)).expect("a checkpoint");
        let run = check_in(root.path(), &line);
        assert_eq!(run.code, 65, "{text}: {run:?}");
        is_inert(&run);
    }
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_or_a_folder_reaches_a_terminal_raw() {
    let root = folder(&[("good.json", GOOD.as_bytes())]);
    let name = HOSTILE.replace('/', "");
    fs::create_dir(root.path().join(&name)).expect("a folder");
    let inner = root.path().join(&name).join("one.json");
    fs::write(&inner, changed(GOOD, "A set", "Again a set")).expect("a file");
    fs::write(root.path().join(format!("{name}.json")), changed(GOOD, "A set", "Once more a set")).expect("a file");
    for line in ["check --seeds 2", "list scenarios", "check good --seeds 2"] {
        is_inert(&check_in(root.path(), line));
    }
    // A single file may be in any folder. The command that replays its failure names the folder.
    let failing: Vec<OsString> =
        ["check", "--seeds", "8", "--no-explore", "--mutant", "T02"].map(OsString::from).into();
    let run = check(failing.into_iter().chain([inner.into_os_string()]));
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("$'"), "{}", run.stdout);
    is_inert(&run);
    // A new checkpoint file and a new schedule are named on stderr.
    let path = |file: &str| root.path().join(&name).join(file).into_os_string();
    let good = root.path().join("good.json").into_os_string();
    for (words, file) in
        [("check --seeds 2 --no-explore --resume", "checkpoint"), ("replay --seed 1 --write", "schedule")]
    {
        let words = words.split(' ').map(OsString::from);
        let run = check(words.chain([path(file), good.clone()]));
        assert_eq!(run.code, 0, "{run:?}");
        is_inert(&run);
    }
    for option in ["--vectors", "--check-vectors", "--contract"] {
        let file = if option == "--contract" { "contract.md" } else { "vectors" };
        let run = check(["spec".into(), option.into(), path(file)]);
        assert_eq!(run.code, 0, "{run:?}");
        is_inert(&run);
    }
}
