//! Tests of the published vectors: they are complete, reproducible, written without damage to other files, and usable
//! in other languages.

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use program::{Run, spec};
use serde_json::Value;
use tempfile::TempDir;
use truecount_contract::vectors::publish::{self, Unwritten};
use truecount_contract::vectors::{judge, written};

const CONTRIBUTING: &str = include_str!("../../../CONTRIBUTING.md");

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn run(option: &str, folder: &Path) -> Run {
    spec(&[option.as_ref(), folder.as_os_str()])
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("the file"))
        .unwrap_or_else(|error| panic!("{error}: {}", path.display()))
}

/// Returns the names and contents of the files in a folder.
fn bytes(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path());
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut files: Vec<_> = entries.map(|path| (name(&path), fs::read(&path).expect("a file"))).collect();
    files.sort();
    files
}

#[test]
fn published_vectors_are_reproducible_and_can_be_read_back() {
    let folder = folder();
    let [one, other] = ["one", "deep/other"].map(|name| folder.path().join(name));
    for path in [&one, &other, &one] {
        let wrote = run("--vectors", path);
        assert_eq!(wrote.code, Some(0), "{wrote:?}");
        let read = run("--check-vectors", path);
        assert_eq!(read.code, Some(0), "{read:?}");
        assert!(read.stdout.contains("as the manifest states"), "{}", read.stdout);
    }
    assert_eq!(bytes(&one), bytes(&other));
    assert!(bytes(&one).iter().all(|(name, _)| !name.starts_with('.')), "a partial file is left");
}

#[test]
fn every_case_is_published_in_full() {
    let folder = folder();
    publish::write(folder.path()).expect("an empty folder");
    let manifest = json(&folder.path().join("manifest.json"));
    assert_eq!((&manifest["format"], &manifest["contract"]), (&"truecount-vectors/1".into(), &1.into()));
    assert_eq!(manifest["spec_sha256"].as_str().map(str::len), Some(64));
    let mut published: Vec<(String, Vec<String>)> = Vec::new();
    for (listed, source) in manifest["files"].as_array().expect("files").iter().zip(written().expect("our files")) {
        let file = json(&folder.path().join(listed["name"].as_str().expect("a name")));
        let cases = file["cases"].as_array().expect("cases");
        assert_eq!(listed["cases"], cases.len());
        for (case, source) in cases.iter().zip(&source.cases) {
            assert_eq!((&case["function"], &case["contract"]), (&listed["function"], &1.into()));
            assert_eq!((&case["title"], &case["id"]), (&source.title.into(), &source.id.into()));
            for (key, text) in [("input", source.input), ("expect", source.expect)] {
                assert_eq!(case[key], serde_json::from_str::<Value>(text).expect("JSON"), "{case}");
            }
            let ids = case["clauses"].as_array().expect("clauses").iter();
            let ids = ids.map(|id| id.as_str().expect("an id").to_owned()).collect();
            published.push((case["id"].as_str().expect("an id").to_owned(), ids));
        }
    }
    let judged = judge().expect("our files").into_iter();
    let judged = judged.map(|case| (case.id, case.clauses.iter().map(|clause| clause.id().to_owned()).collect()));
    assert_eq!(published, judged.collect::<Vec<_>>(), "the published cases differ from those that judge the engine");
}

/// Damages a folder of vectors, and returns the run that reads it back.
fn damaged(damage: impl Fn(&Path)) -> Run {
    let folder = folder();
    publish::write(folder.path()).expect("an empty folder");
    damage(folder.path());
    run("--check-vectors", folder.path())
}

#[test]
fn a_changed_or_missing_file_is_named() {
    let changed = |file: &'static str, from: &'static str, to: &'static str| {
        damaged(move |folder| {
            let text = fs::read_to_string(folder.join(file)).expect("the file");
            assert!(text.contains(from), "{from} is not in {file}");
            fs::write(folder.join(file), text.replacen(from, to, 1)).expect("the file");
        })
    };
    let missing = |file: &'static str| damaged(move |folder| fs::remove_file(folder.join(file)).expect("the file"));
    for (run, file, rule) in [
        (changed("progress.json", "\"percent\": 25", "\"percent\": 26"), "progress.json", "digest-differs"),
        (changed("plan.json", "\n", "\n\n"), "plan.json", "digest-differs"),
        (missing("outcome.json"), "outcome.json", "file-missing"),
        (missing("manifest.json"), "manifest.json", "file-missing"),
        (changed("manifest.json", "vectors/1", "vectors/2"), "manifest.json", "unknown-format"),
        (changed("manifest.json", "\"interpretation\": 1", "\"interpretation\": 2"), "manifest.json", "unknown-format"),
        (changed("manifest.json", "\"contract\": 1", "\"contract\": 2"), "manifest.json", "other-contract"),
        (changed("manifest.json", "\"cases\": 84", "\"cases\": 85"), "normalise.json", "other-cases"),
        (changed("manifest.json", "\"plan.json\"", "\"../plan.json\""), "manifest.json", "file-name"),
        (changed("manifest.json", "\"files\"", "\"file\""), "manifest.json", "unknown-key"),
        (changed("manifest.json", "{", "["), "manifest.json", "json-syntax"),
    ] {
        assert_eq!((run.code, run.stdout.as_str()), (Some(65), ""), "{file}: {run:?}");
        assert!(run.stderr.contains(file) && run.stderr.contains(&format!("error[{rule}]")), "{rule}: {}", run.stderr);
    }
}

#[test]
fn a_manifest_without_files_is_rejected() {
    let run = damaged(|folder| {
        let path = folder.join("manifest.json");
        let mut manifest = json(&path);
        manifest["files"] = Value::Array(Vec::new());
        fs::write(path, manifest.to_string()).expect("the file");
    });
    assert_eq!(run.code, Some(65), "{run:?}");
    assert!(run.stderr.contains("error[no-cases]"), "{}", run.stderr);
}

#[test]
fn a_folder_with_other_files_is_left_unchanged() {
    for (name, text) in [
        ("notes.txt", "mine"),
        ("plan.json", "{}"),
        ("manifest.json", r#"{"name": "an app", "format": "web/1"}"#),
        ("manifest.json", "no JSON"),
    ] {
        let folder = folder();
        fs::write(folder.path().join(name), text).expect("a file");
        let before = bytes(folder.path());
        let run = run("--vectors", folder.path());
        assert_eq!((run.code, run.stdout.as_str()), (Some(64), ""), "{name}: {run:?}");
        assert!(run.stderr.contains("the folder is not empty"), "{}", run.stderr);
        assert_eq!(bytes(folder.path()), before);
    }
}

#[test]
fn an_earlier_publication_is_brought_up_to_date() {
    let folder = folder();
    publish::write(folder.path()).expect("an empty folder");
    let fresh = bytes(folder.path());
    let path = folder.path().join("manifest.json");
    let mut manifest = json(&path);
    // An earlier version published an additional file. Its manifest also lists a file outside the folder, which must
    // not be removed.
    let mut old = manifest["files"][0].clone();
    for name in ["retired.json", "../kept.json"] {
        old["name"] = name.into();
        manifest["files"].as_array_mut().expect("files").push(old.clone());
    }
    fs::write(&path, manifest.to_string()).expect("the manifest");
    fs::write(folder.path().join("retired.json"), "{}").expect("a file");
    fs::write(folder.path().join("plan.json"), "{").expect("a file");
    fs::write(folder.path().join("README.md"), "mine").expect("a file");
    publish::write(folder.path()).expect("an earlier publication");
    assert_eq!(fs::read(folder.path().join("README.md")).expect("the file"), b"mine", "an unrelated file was changed");
    fs::remove_file(folder.path().join("README.md")).expect("the file");
    assert_eq!(bytes(folder.path()), fresh);
}

/// A writer was killed before it wrote the manifest. The partial manifest shows that the folder belongs to truecount,
/// but the folder does not count as published.
#[test]
fn an_interrupted_publication_can_be_repeated() {
    let folder = folder();
    publish::write(folder.path()).expect("an empty folder");
    let whole = bytes(folder.path());
    fs::rename(folder.path().join("manifest.json"), folder.path().join(".manifest.json.partial")).expect("renamed");
    fs::remove_file(folder.path().join("families.json")).expect("the last file");
    assert_eq!(run("--check-vectors", folder.path()).code, Some(65), "a folder without a manifest was accepted");
    publish::write(folder.path()).expect("the next writer continues");
    assert_eq!(bytes(folder.path()), whole);

    // The writer was killed even earlier, while it wrote the partial manifest.
    let folder = self::folder();
    fs::write(folder.path().join(".manifest.json.partial"), "{\"form").expect("half a manifest");
    publish::write(folder.path()).expect("no file is published yet");
    assert_eq!(bytes(folder.path()), whole);
}

#[test]
fn a_file_in_place_of_the_folder_is_an_error() {
    let folder = folder();
    let path = folder.path().join("file");
    fs::write(&path, "x").expect("a file");
    assert!(matches!(publish::write(&path), Err(Unwritten::Failed(_))));
    assert_eq!(run("--vectors", &path).code, Some(65));
    assert_eq!(fs::read(&path).expect("the file"), b"x");
}

/// Returns the first code block after the line of CONTRIBUTING.md that begins with this file's name, in the section on
/// vectors.
fn block(name: &str) -> &'static str {
    let section = CONTRIBUTING.split("\n## Run the vectors in your language\n").nth(1).expect("the section");
    let section = section.split("\n## ").next().expect("its text");
    let rest = section.split(&format!("\n`{name}`, ")).nth(1).unwrap_or_else(|| panic!("no block for {name}"));
    let code = rest.split("\n```").nth(1).expect("a fence");
    code.split_once('\n').expect("the language, and code").1
}

/// The name, program and file extension of each language, and a change that makes `progress` wrong.
const LANGUAGES: [(&str, &str, &str, [&str; 2]); 3] = [
    ("Python", "python3", "py", ["done > total", "done > total + 1"]),
    ("Node", "node", "mjs", ["processed > total", "processed > total + 1"]),
    ("PHP", "php", "php", ["$done > $total", "$done > $total + 1"]),
];

/// Runs a consumer of the vectors. Returns `None` if the language is not installed.
fn consume(program: &str, folder: &Path, script: &str) -> Option<(Option<i32>, String)> {
    let mut command = Command::new(program);
    // Without this variable, Python would cache a compiled function that is about to change.
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(script).arg("vectors").current_dir(folder).stdin(Stdio::null());
    let output = command.output().ok()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((output.status.code(), text(&output.stdout) + &text(&output.stderr)))
}

#[test]
fn the_documented_consumers_pass_a_correct_function_and_fail_a_faulty_one() {
    let mut ran = BTreeSet::new();
    for (language, program, end, [right, wrong]) in LANGUAGES {
        let folder = folder();
        let manifest = publish::write(&folder.path().join("vectors")).expect("a new folder");
        let asked = |file: &&publish::Listed| ["normalise", "progress"].contains(&&*file.function);
        let asked: u64 = manifest.files.iter().filter(asked).map(|file| file.cases).sum();
        let (script, mine) = (format!("run.{end}"), format!("mine.{end}"));
        let good = block(&mine);
        assert!(good.contains(right), "{language}: `{right}` is not in {mine}");
        fs::write(folder.path().join(&script), block(&script)).expect("the consumer");
        fs::write(folder.path().join(&mine), good).expect("the functions");
        if Command::new(program).arg("--version").stdin(Stdio::null()).output().is_err() {
            // The note bypasses the output capture of tests, because a test that did not run must not look as if it had
            // passed.
            let note = format!("NOT RUN: the consumer for {language}; `{program}` is not installed\n");
            std::io::stderr().write_all(note.as_bytes()).expect("stderr");
            continue;
        }
        let (code, text) = consume(program, folder.path(), &script).expect("it is installed");
        assert_eq!(code, Some(0), "{language}: {text}");
        let sum = format!("{asked} passed, 0 failed, {} not run", manifest.cases() - asked);
        assert!(text.contains(&sum), "{language}: {text}");

        fs::write(folder.path().join(&mine), good.replacen(right, wrong, 1)).expect("the functions");
        let (code, text) = consume(program, folder.path(), &script).expect("it is installed");
        assert_eq!(code, Some(1), "{language}: {text}");
        assert!(text.contains("progress/more-than-all") && text.contains("PROG-06"), "{language}: {text}");
        assert!(!text.contains(" 0 failed"), "{language}: {text}");
        ran.insert(language);
    }
    // If none of the languages were installed, the test would check nothing.
    assert!(!ran.is_empty(), "none of the languages is installed");
}
