//! Tests of the licences and the sources of all dependencies, also those of other platforms and of tests.
//!
//! `cargo deny` checks more, but it is not installed everywhere. The permitted licences are those of `deny.toml`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use rstest::rstest;
use serde_json::Value;

const RULES: &str = include_str!("../../../deny.toml");

/// The only registry from which packages may come.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Returns the licences that `deny.toml` permits.
fn permitted() -> BTreeSet<&'static str> {
    let (_, section) = RULES.split_once("[licenses]").expect("a section about licences");
    let (list, _) = section.split_once(']').expect("a list");
    list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\",")).collect()
}

/// Returns the packages of the lock file.
fn packages() -> Vec<Value> {
    let metadata = |options: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
        command.args(["metadata", "--format-version", "1", "--locked"]).args(options);
        command.output().expect("cargo can be started")
    };
    // Without a network, only the packages of this platform are there.
    let host = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let mut output = metadata(&[]);
    if !output.status.success() {
        output = metadata(&["--offline", "--filter-platform", &host]);
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let all: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    all["packages"].as_array().expect("a list").clone()
}

/// Returns whether a licence expression can be satisfied with the permitted licences. `OR` may also be written `/`, and
/// an exception after `WITH` only permits more.
fn is_permitted(expression: &str, permitted: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, permitted) && rest.is_empty()
}

/// Reads a choice of terms from the start of `words`.
fn any(words: &mut &[&str], permitted: &BTreeSet<&str>) -> bool {
    let mut found = all(words, permitted);
    while let ["OR", rest @ ..] = *words {
        *words = rest;
        found |= all(words, permitted);
    }
    found
}

/// Reads terms that apply together from the start of `words`.
fn all(words: &mut &[&str], permitted: &BTreeSet<&str>) -> bool {
    let mut found = one(words, permitted);
    while let ["AND", rest @ ..] = *words {
        *words = rest;
        found &= one(words, permitted);
    }
    found
}

/// Reads a licence, or an expression in brackets, from the start of `words`.
fn one(words: &mut &[&str], permitted: &BTreeSet<&str>) -> bool {
    match *words {
        ["(", rest @ ..] => {
            *words = rest;
            let found = any(words, permitted);
            let closed = words.first() == Some(&")");
            *words = words.get(1..).unwrap_or_default();
            found && closed
        }
        [licence, "WITH", _, rest @ ..] | [licence, rest @ ..] => {
            *words = rest;
            permitted.contains(licence)
        }
        [] => false,
    }
}

#[test]
fn every_dependency_has_a_permitted_licence_and_comes_from_the_registry() {
    let (permitted, packages) = (permitted(), packages());
    assert!(permitted.contains("MIT") && packages.len() > 50, "{permitted:?}, {} packages", packages.len());
    let mut wrong = Vec::new();
    for package in &packages {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        // The crates of this workspace have no source.
        if !package["source"].is_null() && text("source") != REGISTRY {
            wrong.push(format!("{} {} comes from {}", text("name"), text("version"), text("source")));
        }
        if !is_permitted(text("license"), &permitted) {
            wrong.push(format!("{} {} has the licence `{}`", text("name"), text("version"), text("license")));
        }
    }
    assert!(wrong.is_empty(), "{}\n`deny.toml` lists the permitted licences", wrong.join("\n"));
}

#[rstest]
#[case::one("MIT", true)]
#[case::another("GPL-3.0", false)]
#[case::none("", false)]
#[case::a_choice("GPL-3.0 OR MIT", true)]
#[case::an_old_choice("MIT/GPL-3.0", true)]
#[case::both("MIT AND Zlib", true)]
#[case::both_with_one_that_is_not_permitted("MIT AND GPL-3.0", false)]
#[case::and_binds_closer("GPL-3.0 AND MIT OR Zlib", true)]
#[case::brackets("(GPL-3.0 OR MIT) AND Zlib", true)]
#[case::brackets_that_do_not_help("GPL-3.0 AND (MIT OR Zlib)", false)]
#[case::an_exception("Zlib WITH anything", true)]
#[case::an_open_bracket("(MIT", false)]
#[case::words_after_the_end("MIT Zlib", false)]
fn licence_expressions_are_evaluated(#[case] expression: &str, #[case] expected: bool) {
    assert_eq!(is_permitted(expression, &BTreeSet::from(["MIT", "Zlib"])), expected);
}
