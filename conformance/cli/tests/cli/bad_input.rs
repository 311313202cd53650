//! Tests of invalid files, each next to a valid file. The invalid file is rejected without a panic, and its mistake is
//! reported with a position. The valid scenario is still simulated.

use std::fs;
use std::path::Path;

use rstest::rstest;

use super::run::{GOOD, Run, changed, check_in, folder};

/// Runs the gate over the folder and checks that the valid scenario ran and is in the report.
fn check_good_still_ran(folder: &Path) -> Run {
    let run = check_in(folder, "check --seeds 3 --format json");
    let report = run.json();
    let good = report["scenarios"].as_array().and_then(|list| list.iter().find(|scenario| scenario["id"] == "good"));
    let good = good.unwrap_or_else(|| panic!("the good scenario is not in {report}"));
    assert_eq!((&good["seeds"], &good["failures"]), (&3.into(), &0.into()));
    assert!(good["steps"].as_u64() > Some(0));
    run
}

/// Checks that `name`, an invalid file next to a valid scenario, is rejected with this rule and position.
fn check_rejected(folder: &Path, name: &str, rule: &str, place: &str) {
    let run = check_good_still_ran(folder);
    assert_eq!(run.code, 65, "{run:?}");
    // The block of the problem begins with the rule and ends before the next problem.
    let (_, block) =
        run.stderr.split_once(&format!("error[{rule}]")).unwrap_or_else(|| panic!("no {rule}: {}", run.stderr));
    let block = block.split("\nerror[").next().unwrap_or_default();
    let shown = folder.join(name);
    let arrow = format!("--> {}{place}\n", shown.display());
    assert!(block.contains(&arrow), "{arrow} is not in {block}");
    assert!(block.contains("expected"), "no expected value in {block}");
    assert!(block.contains("= help: "), "no hint in {block}");

    let report = run.json();
    assert_eq!(report["verdict"], "fail");
    let problems = report["problems"].as_array().expect("a list");
    let problem = problems.iter().find(|problem| problem["rule"] == rule).expect("the report also has the problem");
    assert_eq!(problem["file"], shown.display().to_string());
    let at = |key: &str| problem[key].as_u64().map_or_else(String::new, |number| format!(":{number}"));
    assert_eq!(format!("{}{}", at("line"), at("column")), place);
    assert!(problem["help"].is_string(), "{problem}");
}

fn check_content(content: &[u8], rule: &str, place: &str) {
    let folder = folder(&[("bad.json", content), ("good.json", GOOD.as_bytes())]);
    check_rejected(folder.path(), "bad.json", rule, place);
}

#[rstest]
#[case::that_is_not_json(b"hello", "json-syntax", ":1:1")]
#[case::that_is_empty(b"", "file-empty", ":1:1")]
#[case::of_white_space(b" \n\t\r\n ", "file-empty", ":1:1")]
#[case::that_is_not_utf8(b"{\n  \"title\": \"\xff\"}", "file-encoding", ":2:13")]
#[case::in_utf16(b"\xff\xfe{\0}\0", "file-encoding", ":1:1")]
#[case::with_a_character_cut_off(b"{\"a\": \"\xe2\x82", "file-encoding", ":1:8")]
#[case::of_nul_bytes(b"\0\0\0\0", "json-syntax", ":1:1")]
#[case::with_two_values(b"{} {}", "json-syntax", ":1:4")]
#[case::with_a_trailing_comma(b"{\"format\": 1,}", "json-syntax", ":1:13")]
#[case::that_is_a_number(b"1", "wrong-type", ":1:1")]
#[case::that_is_an_empty_object(b"{}", "missing-key", ":1:1")]
fn a_file_is_rejected(#[case] content: &[u8], #[case] rule: &str, #[case] place: &str) {
    check_content(content, rule, place);
}

#[rstest]
#[case::spaces(" ")]
#[case::open_brackets("[")]
#[case::nuls("\0")]
fn fifty_megabytes_are_rejected_for_their_size(#[case] of: &str) {
    // Parsing the brackets would overflow the stack, and the spaces would look like an empty file.
    check_content(of.repeat(50_000_000).as_bytes(), "file-too-large", "");
}

#[rstest]
#[case::arrays("[", "1", "]", ":1:65")]
#[case::arrays_that_never_close("[", "", "", ":1:65")]
#[case::objects("{\"a\":", "1", "}", ":1:321")]
fn deep_nesting_is_rejected(#[case] open: &str, #[case] middle: &str, #[case] close: &str, #[case] place: &str) {
    // There are fewer levels of objects, so that the file is not rejected for its size.
    let levels = if open.len() > 1 { 170_000 } else { 200_000 };
    let text = format!("{}{middle}{}", open.repeat(levels), close.repeat(levels));
    check_content(text.as_bytes(), "json-depth", place);
}

#[rstest]
#[case::an_unknown_key("\"title\"", "\"titel\"", "unknown-key", ":3:3")]
#[case::a_doubled_key("\"format\": 1,", "\"format\": 1,\n  \"format\": 1,", "duplicate-key", ":3:3")]
#[case::a_wrong_type("[\"acme\"]", "\"acme\"", "wrong-type", ":5:14")]
#[case::a_number_that_is_too_large(
    "\"crash_before\": 2",
    "\"crash_before\": 99999999999999999999",
    "wrong-value",
    ":13:30"
)]
#[case::an_unknown_object("\"set-2\"],", "\"set-9\"],", "unknown-object", ":10:110")]
#[case::an_unknown_clause("COUNT-06", "COUNT-99", "unknown-clause", ":4:27")]
#[case::an_unknown_run("    \"first\": {", "    \"second\": {", "unknown-run", ":15:5")]
#[case::an_unknown_family("backup_set.restore", "backup_set.restor", "unknown-family", ":10:67")]
#[case::an_unknown_fault("\"redeliver\"", "\"redeliverr\"", "unknown-fault", ":13:33")]
#[case::a_script_for_an_unplanned_unit(
    "\"set-2\"],\n      \"responses\": {\"set-1\"",
    "\"set-1\"],\n      \"responses\": {\"set-2\"",
    "unplanned-responses",
    ":11:21"
)]
#[case::an_unknown_format("\"format\": 1", "\"format\": 2", "unknown-format", ":2:13")]
#[case::a_byte_order_mark("{\n  \"format\"", "\u{feff}{\n  \"format\"", "json-syntax", ":1:1")]
#[case::a_nul_in_a_string("A set", "A \0set", "json-syntax", ":3:15")]
#[case::a_nul_after_the_last_line("  }\n}\n", "  }\n}\n\0", "json-syntax", ":21:1")]
fn a_scenario_is_rejected_with(#[case] from: &str, #[case] to: &str, #[case] rule: &str, #[case] place: &str) {
    check_content(changed(GOOD, from, to).as_bytes(), rule, place);
}

#[test]
fn a_truncated_scenario_is_rejected() {
    for end in (0..GOOD.trim_end().len()).step_by(61) {
        let folder = folder(&[("bad.json", &GOOD.as_bytes()[..end]), ("good.json", GOOD.as_bytes())]);
        let run = check_good_still_ran(folder.path());
        assert_eq!(run.code, 65, "cut at {end}: {run:?}");
        assert!(run.stderr.contains("bad.json:"), "cut at {end}: {}", run.stderr);
        assert!(run.stderr.contains("= help: "), "cut at {end}: {}", run.stderr);
    }
}

#[test]
fn every_invalid_file_is_reported() {
    let files: &[(&str, &[u8])] =
        &[("a.json", b"{"), ("b.json", b""), ("c.json", b"[1]"), ("good.json", GOOD.as_bytes())];
    let folder = folder(files);
    let run = check_good_still_ran(folder.path());
    assert_eq!(run.code, 65);
    assert_eq!(run.json()["problems"].as_array().map(Vec::len), Some(3));
    for name in ["a.json:1:2", "b.json:1:1", "c.json:1:1"] {
        assert!(run.stderr.contains(name), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_folder_with_the_name_of_a_file_is_rejected() {
    let folder = folder(&[("good.json", GOOD.as_bytes())]);
    fs::create_dir(folder.path().join("x.json")).expect("a folder");
    check_rejected(folder.path(), "x.json", "file-directory", "");
}

#[cfg(unix)]
mod unix {
    use std::fs::Permissions;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[rstest]
    #[case::to_itself("x.json", "file-unreadable")]
    #[case::to_nothing("nothing", "file-missing")]
    #[case::to_a_folder(".", "file-directory")]
    fn a_link_is_rejected(#[case] to: &str, #[case] rule: &str) {
        let folder = folder(&[("good.json", GOOD.as_bytes())]);
        symlink(to, folder.path().join("x.json")).expect("a link");
        check_rejected(folder.path(), "x.json", rule, "");
    }

    #[test]
    fn a_link_to_the_folder_that_contains_it_is_not_followed() {
        let folder = folder(&[("good.json", GOOD.as_bytes())]);
        symlink(".", folder.path().join("again")).expect("a link");
        let run = check_good_still_ran(folder.path());
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.json()["scenarios"].as_array().map(Vec::len), Some(1));
        assert!(run.stderr.contains("warning[left-out]: a link to a folder is not followed\n"), "{}", run.stderr);
    }

    #[test]
    fn an_unreadable_file_is_rejected() {
        let folder = folder(&[("good.json", GOOD.as_bytes()), ("x.json", GOOD.as_bytes())]);
        let path = folder.path().join("x.json");
        fs::set_permissions(&path, Permissions::from_mode(0o000)).expect("permissions can be set");
        if fs::read(&path).is_err() {
            check_rejected(folder.path(), "x.json", "file-unreadable", "");
        } else {
            // Root can read every file, so this file is a scenario like any other.
            let run = check_good_still_ran(folder.path());
            assert_eq!(run.code, 0, "{run:?}");
            assert_eq!(run.json()["scenarios"].as_array().map(Vec::len), Some(2));
        }
    }

    #[test]
    fn an_invalid_file_cannot_control_the_terminal() {
        let folder = folder(&[("bad.json", b"{\"a\x1b[31m\": 1}"), ("good.json", GOOD.as_bytes())]);
        let run = check_good_still_ran(folder.path());
        assert_eq!(run.code, 65, "{run:?}");
        assert!(!run.stderr.contains('\u{1b}'), "{:?}", run.stderr);
    }
}
