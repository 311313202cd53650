//! Scenarios with the right structure but arbitrary values, so that the reader gets as far as checking their meaning.
//!
//! This module contains the keys, and some of the valid and invalid values.

use proptest::prelude::*;
use proptest::sample::select;
use truecount_engine::family::FAMILIES;

const TENANTS: &[&str] = &["acme", "globex", "nowhere", "a b"];
const ACTORS: &[&str] = &["ada", "grace", "system", "unknown", ""];
const OBJECTS: &[&str] = &["set-1", "set-2", "set-{1..3}", "set-{2..9}", "set-{3..1}", "set-{1..300}", "none", "{"];
const RUNS: &[&str] = &["first", "second", "third", "frist"];
const STATES: &[&str] = &["active", "archived", "present", "unsupported", "absent", "gone"];
const WORDS: &[&str] = &["throttled", "timed_out", "unavailable", "rejected", "forbidden", "not_found", "archived"];
const PHASES: &[&str] = &["collect", "normalise", "store", "load", "compare", "report", "rest"];
const FAULTS: &[&str] = &["crash_before", "redeliver", "stall", "archive", "restore", "revoke", "crash"];
const OUTCOMES: &[&str] = &["succeeded", "partially_succeeded", "failed", "won"];
const ENDS: &[&str] = &["succeeded", "skipped(archived)", "skipped(not_archived)", "failed(not_found)", "failed"];
const COUNTS: &[&str] = &["total", "processed", "succeeded", "failed", "skipped", "items", "totals"];
const NUMBERS: &[&str] = &["0", "1", "2", "3", "9", "64", "1001", "18446744073709551615"];

type Text = BoxedStrategy<String>;

fn word(words: &'static [&'static str]) -> Text {
    select(words).prop_map(|word| format!("\"{word}\"")).boxed()
}

/// The name of a family, or a misspelt name.
fn family() -> Text {
    let names: Vec<&str> = FAMILIES.iter().map(|family| family.name).chain(["backup_set.resotre"]).collect();
    select(names).prop_map(|name| format!("\"{name}\"")).boxed()
}

fn number() -> Text {
    select(NUMBERS).prop_map(str::to_owned).boxed()
}

fn list(of: Text, most: usize) -> Text {
    prop::collection::vec(of, 0..=most).prop_map(|elements| format!("[{}]", elements.join(", "))).boxed()
}

/// One value, or a list of possible values.
fn one_or_set(of: &Text) -> Text {
    prop_oneof![3 => of.clone(), 1 => list(of.clone(), 3)].boxed()
}

/// An object with each of these names at most once, since a repeated name would stop the reader early.
fn map(names: &'static [&'static str], of: Text, most: usize) -> Text {
    let members = (prop::sample::subsequence(names, 0..=most), prop::collection::vec(of, most));
    members
        .prop_map(|(names, values)| {
            let members: Vec<String> =
                names.iter().zip(values).map(|(name, value)| format!("\"{name}\": {value}")).collect();
            format!("{{{}}}", members.join(", "))
        })
        .boxed()
}

/// An object with the needed keys and some of the optional ones.
fn object(needed: Vec<(&'static str, Text)>, optional: Vec<(&'static str, Text)>) -> Text {
    let mut members: Vec<Text> = Vec::new();
    for (key, value) in needed {
        members.push(value.prop_map(move |value| format!("\"{key}\": {value}")).boxed());
    }
    for (key, value) in optional {
        let given = value.prop_map(move |value| format!("\"{key}\": {value}"));
        members.push(prop_oneof![Just(String::new()), given].boxed());
    }
    members
        .prop_map(|members| {
            let members: Vec<String> = members.into_iter().filter(|member| !member.is_empty()).collect();
            format!("{{{}}}", members.join(",\n"))
        })
        .boxed()
}

fn run() -> Text {
    let words = || list(word(WORDS), 4);
    object(
        vec![
            ("name", word(RUNS)),
            ("tenant", word(TENANTS)),
            ("actor", word(ACTORS)),
            ("family", family()),
            ("request", list(word(OBJECTS), 3)),
        ],
        vec![
            ("after", word(RUNS)),
            ("responses", map(OBJECTS, words(), 3)),
            ("planning", words()),
            ("phases", map(PHASES, words(), 2)),
        ],
    )
}

fn expectation() -> Text {
    object(
        vec![],
        vec![
            ("outcome", one_or_set(&word(OUTCOMES))),
            ("cause", word(&["planning_failed", "planner_lost", "bad_luck"])),
            ("counts", map(COUNTS, one_or_set(&number()), 5)),
            ("units", map(OBJECTS, one_or_set(&word(ENDS)), 3)),
            ("same_as", word(RUNS)),
            ("refused", word(&[""]).prop_map(|_| "true".to_owned()).boxed()),
        ],
    )
}

/// Draws a scenario with the right structure.
pub(crate) fn shaped() -> impl Strategy<Value = String> {
    let may = || word(&["view", "operate", "own"]);
    let grant = object(vec![("actor", word(ACTORS)), ("tenant", word(TENANTS)), ("may", may())], vec![]);
    let surface = object(vec![("actor", word(ACTORS))], vec![("tenant", word(TENANTS))]);
    object(
        vec![
            ("format", Just("1".to_owned()).boxed()),
            ("title", word(&["A set counts once", " "])),
            ("clauses", list(word(&["COUNT-06", "COUNT-07", "COUNT-6"]), 2)),
            ("tenants", Just("[\"acme\", \"globex\"]".to_owned()).boxed()),
            ("actors", Just("[\"ada\", \"grace\"]".to_owned()).boxed()),
            ("objects", map(OBJECTS, word(STATES), 4)),
            ("runs", list(run(), 3)),
            ("expect", map(RUNS, expectation(), 3)),
        ],
        vec![
            ("grants", list(grant, 3)),
            ("surfaces", list(surface, 2)),
            ("workers", object(vec![], vec![("min", number()), ("max", number())])),
            ("faults", map(FAULTS, number(), 3)),
            ("exhaust_limits", Just("true".to_owned()).boxed()),
        ],
    )
}
