//! Each checker function has a trace of its own, next to the function in its file. If the function finds violations,
//! the first violating event of the trace is one that the function receives. If the function only exercises its clause,
//! the first event that exercises the clause is one that the function receives. If the body of a function were removed,
//! the test of its trace would fail.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::Trace;
use crate::clause::Clause;
use crate::invariant::{artf, count, keys, life, note, prog, vis};

fn traces() -> Vec<Trace> {
    let groups = [keys::traces, count::traces, life::traces, prog::traces, vis::traces, note::traces, artf::traces];
    groups.into_iter().flat_map(|traces| traces()).collect()
}

/// Splits the name of a checker function into its clause and its event.
fn parsed(name: &str) -> (Clause, &str) {
    let (clause, event) = name.split_once("_at_").expect("a checker is named after a clause and an event");
    let id = clause.to_uppercase().replace('_', "-");
    (Clause::from_id(&id).expect("a checker is named after a clause"), event)
}

/// Returns the events that a function with this name receives.
fn received(event: &str) -> Vec<String> {
    let several: &[&str] = match event {
        "written" => &["Counted", "Resolved", "Planned", "Started", "Completed", "Acked", "HandedBack"],
        "shown" => &["Shown", "RunViewed"],
        "staged" => &["Staged", "Renamed"],
        _ => return vec![event.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect()],
    };
    several.iter().map(ToString::to_string).collect()
}

#[test]
fn each_checker_function_detects_its_trace() {
    let sources = sources();
    for (name, tape) in traces() {
        let (clause, event) = parsed(name);
        let exercises = sources.iter().any(|source| only_exercises(source, name));
        let first = tape.first(clause, !exercises);
        let expected = received(event);
        assert!(first.as_ref().is_some_and(|first| expected.contains(first)), "{name}: {first:?}");
    }
}

#[test]
fn each_checker_function_has_a_trace() {
    let sources = sources();
    let named: BTreeSet<&str> = sources.iter().flat_map(|source| functions(source)).collect();
    let traced: BTreeSet<&str> = traces().into_iter().map(|(name, _)| name).collect();
    assert!(named.len() > 50, "the sources were not found");
    assert_eq!(named, traced);
}

/// Returns the sources of the checkers.
fn sources() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/invariant")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry of a folder").path();
            match path.extension() {
                Some(_) => sources.push(fs::read_to_string(&path).expect("a source file")),
                None if path.ends_with("tests") => {}
                None => folders.push(path),
            }
        }
    }
    sources
}

/// Returns the names of the checker functions that a source defines.
fn functions(source: &str) -> impl Iterator<Item = &str> {
    let names = source.split("fn ").skip(1).map(|rest| rest.split(['(', '<']).next().unwrap_or_default());
    names.filter(|name| name.contains("_at_") && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// Returns whether a source defines a function that exercises its clause, but never finds a violation.
fn only_exercises(source: &str, name: &str) -> bool {
    let Some(at) = source.find(&format!("fn {name}(")) else { return false };
    let body = source[at..].split("\n}\n").next().unwrap_or_default();
    body.contains(".exercise(") && !body.contains(".violate(") && !body.contains(".check(")
}
