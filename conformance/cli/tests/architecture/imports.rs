//! The rules on imports and names. Imports go one way, the core is deterministic, and product names stay in the family
//! files.
//!
//! `clippy.toml` bans some of the same names. A lint can be switched off where it fires, but these rules cannot.

use crate::source::{Finding, Kind, Source, Token};

// The crates of the workspace, from the bottom up.
const ENGINE: &str = "truecount_engine";
const SIM: &str = "truecount_sim";
const JSON: &str = "truecount_json";
const CONTRACT: &str = "truecount_contract";
const MUTANTS: &str = "truecount_mutants";
const SCENARIO: &str = "truecount_scenario";
const GATE: &str = "truecount_gate";

/// The crates of the workspace that each crate may import.
const WALLS: [(&str, &[&str]); 8] = [
    ("engine/src", &[]),
    ("sim/src", &[ENGINE]),
    ("conformance/json/src", &[]),
    ("conformance/contract/src", &[ENGINE, SIM, JSON]),
    ("conformance/mutants/src", &[ENGINE, SIM, CONTRACT]),
    ("conformance/scenario/src", &[ENGINE, SIM, JSON, CONTRACT, MUTANTS]),
    ("conformance/gate/src", &[ENGINE, SIM, JSON, CONTRACT, MUTANTS, SCENARIO]),
    ("conformance/cli/src", &["truecount", ENGINE, SIM, JSON, CONTRACT, MUTANTS, SCENARIO, GATE]),
];

/// A part, the names that it must not use, and the reason.
type Banned = (&'static str, &'static [&'static str], &'static str);

const FOREIGN: [Banned; 2] = [
    ("engine/src", &["serde", "serde_json"], "the engine uses no wire format; serialise in the crate that needs it"),
    (
        "sim/src",
        &["serde", "serde_json", "fs"],
        "the simulator uses no wire format and reads no files; pass in values, as in `fixture`",
    ),
];

/// Imports go one way, from the command line down to the engine. Each name is banned on its own, not as a path, since
/// `use std::{fs, io}` does not contain `std::fs`.
pub(crate) fn one_way(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (part, names, instead) in FOREIGN {
        for (source, token) in code(sources, &[part]) {
            if token.kind == Kind::Name && names.contains(&token.text.as_str()) {
                findings.push(source.finding(token.line, format!("uses `{}`; {instead}", token.text)));
            }
        }
    }
    for (part, allowed) in WALLS {
        for (source, token) in code(sources, &[part]) {
            let ours = token.kind == Kind::Name && (token.text == "truecount" || token.text.starts_with("truecount_"));
            if ours && !allowed.contains(&token.text.as_str()) {
                let message =
                    format!("uses `{}`, which is not allowed here; move the shared code to a lower layer", token.text);
                findings.push(source.finding(token.line, message));
            }
        }
    }
    findings
}

/// The parts that must behave the same for the same seed on every machine.
const DETERMINISTIC: [&str; 5] = [
    "engine/src",
    "sim/src",
    "conformance/contract/src/invariant",
    "conformance/contract/src/judge",
    "conformance/contract/src/ledger",
];

/// The same seed gives the same simulation. The core uses no hash order, clock, thread or ambient randomness. It also
/// uses no float, because this project must not make the rounding mistakes that it looks for.
pub(crate) fn deterministic(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| judged(source, &DETERMINISTIC)) {
        for (place, token) in source.tokens.iter().enumerate() {
            let path = |end: &str| {
                let rest: Vec<&str> =
                    source.tokens[place + 1..].iter().take(3).map(|token| token.text.as_str()).collect();
                rest == [":", ":", end]
            };
            let instead = match token.text.as_str() {
                "HashMap" | "HashSet" => "its order differs from process to process; use BTreeMap, BTreeSet or a slab",
                "SystemTime" => "pass the time in as `Millis`",
                "Instant" if path("now") => "pass the time in as `Millis`",
                "thread" if path("spawn") => "start no thread here; let the caller start it",
                "thread_rng" => "pass randomness in as a named stream",
                "f32" | "f64" => "compute with integers, as `progress::percent` does",
                _ if token.kind == Kind::Float => "compute with integers, as `progress::percent` does",
                _ => continue,
            };
            findings.push(source.finding(token.line, format!("`{}`: {instead}", token.text)));
        }
    }
    findings
}

/// The product names, in lower case and without underscores, so that they match parts of both type and module names.
const PRODUCT: [&str; 5] = ["backupset", "inventory", "baseline", "reviewpack", "evidence"];

/// The engine, the clauses and the checkers refer to families, units and surfaces in general. The product's own names
/// occur only in the family files and in scenarios.
pub(crate) fn product_names(sources: &[Source]) -> Vec<Finding> {
    let parts = [
        "engine/src",
        "conformance/contract/src/invariant",
        "conformance/contract/src/judge",
        "conformance/contract/src/ledger",
        "conformance/contract/src/clause",
    ];
    let mut findings = Vec::new();
    for (source, token) in code(sources, &parts).filter(|(source, _)| !source.within("engine/src/family")) {
        let plain = token.text.to_lowercase().replace('_', "");
        if let Some(name) = PRODUCT.into_iter().find(|name| plain.contains(name)) {
            let message = format!(
                "`{}` contains the product name `{name}`; use the family's mode, order or effect instead",
                token.text
            );
            findings.push(source.finding(token.line, message));
        }
    }
    findings
}

fn judged(source: &Source, parts: &[&str]) -> bool {
    !source.is_test && parts.iter().any(|part| source.within(part))
}

/// Returns the tokens in these parts, without tests and comments, each with its file.
fn code<'a>(sources: &'a [Source], parts: &[&str]) -> impl Iterator<Item = (&'a Source, &'a Token)> {
    let judged: Vec<&Source> = sources.iter().filter(|source| judged(source, parts)).collect();
    judged.into_iter().flat_map(|source| source.tokens.iter().map(move |token| (source, token)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn lines(rule: fn(&[Source]) -> Vec<Finding>, path: &str, text: &str) -> Vec<String> {
        rule(&[Source::new(path, text)]).iter().map(ToString::to_string).collect()
    }

    #[rstest]
    #[case::serde_in_the_engine("engine/src/run.rs", "use serde::Serialize;", 1)]
    #[case::simulator_in_the_engine("engine/src/run.rs", "fn f() { truecount_sim::simulate() }", 1)]
    #[case::harness_in_the_engine("engine/src/run.rs", "use truecount_contract::clause;", 1)]
    #[case::scenarios_in_the_contract("conformance/contract/src/clause.rs", "use truecount_scenario::Scenario;", 1)]
    #[case::the_contract_in_the_reader("conformance/json/src/node.rs", "use truecount_contract::clause;", 1)]
    #[case::json_in_the_simulator("sim/src/trace.rs", "use serde_json::to_string;", 1)]
    #[case::files_in_the_simulator("sim/src/trace.rs", "use std::fs;", 1)]
    #[case::files_in_a_list("sim/src/trace.rs", "use std::{fs, io};", 1)]
    #[case::the_engine_in_the_simulator("sim/src/trace.rs", "use truecount_engine::run::Run;", 0)]
    #[case::serde_and_fs_in_the_harness("conformance/contract/src/clause.rs", "use serde::Serialize; use std::fs;", 0)]
    #[case::a_comment("engine/src/run.rs", "//! No serde here.\n// truecount\n", 0)]
    #[case::a_test("engine/src/run.rs", "#[cfg(test)] mod tests { use serde::Serialize; }", 0)]
    fn imports(#[case] path: &str, #[case] text: &str, #[case] findings: usize) {
        assert_eq!(lines(one_way, path, text).len(), findings, "{text}");
    }

    #[rstest]
    #[case::map("use std::collections::HashMap;")]
    #[case::set("fn f(x: std::collections::HashSet<u8>) {}")]
    #[case::date("fn f(x: SystemTime) {}")]
    #[case::clock("fn f() { std::time::Instant::now(); }")]
    #[case::thread("fn f() { thread::spawn(|| ()); }")]
    #[case::chance("fn f() { rand::thread_rng(); }")]
    #[case::float_type("fn f(x: f32) {}")]
    #[case::cast("fn f() { x as f64; }")]
    #[case::literal("fn f() { let share = 0.5; }")]
    #[case::suffix("fn f() { g(1f64) }")]
    #[case::in_a_macro("fn f() { assert!(share < 1e-9) }")]
    fn nondeterminism_is_found(#[case] text: &str) {
        for path in ["engine/src/run.rs", "sim/src/clock.rs", "conformance/contract/src/invariant/count.rs"] {
            assert_eq!(lines(deterministic, path, text).len(), 1, "{text}");
        }
        assert_eq!(lines(deterministic, "conformance/contract/src/invariant.rs", text).len(), 1, "{text}");
        assert!(lines(deterministic, "conformance/gate/src/report.rs", text).is_empty(), "{text}");
    }

    #[rstest]
    #[case::field_of_a_field("fn f() { assert!(pair.0.1) }")]
    #[case::longer_name("fn f(f64_free: u8, Instant: u8) { thread::yield_now() }")]
    #[case::string("fn f() { g(\"HashMap\") }")]
    fn deterministic_code_is_not_flagged(#[case] text: &str) {
        assert!(lines(deterministic, "engine/src/run.rs", text).is_empty(), "{text}");
    }

    #[rstest]
    #[case::string("engine/src/rules.rs", "fn f() { name == \"backup_set.restore\" }", 1)]
    #[case::name("engine/src/rules.rs", "fn f() { inventory() }", 1)]
    #[case::variant("engine/src/rules.rs", "fn f() { FamilyId::ReviewPackGenerate }", 1)]
    #[case::checker("conformance/contract/src/invariant/life.rs", "const BASELINE_PHASES: u8 = 3;", 1)]
    #[case::clauses("conformance/contract/src/clause.rs", "fn f() { \"evidence\" }", 1)]
    #[case::family_table("engine/src/family.rs", "fn f() { \"backup_set.restore\" }", 0)]
    #[case::family_file("engine/src/family/inventory.rs", "fn f() { inventory() }", 0)]
    #[case::comment("engine/src/rules.rs", "/// As `backup_set.restore` does.\nfn f() {}", 0)]
    #[case::the_rest_of_the_harness("conformance/scenario/src/lib.rs", "fn f() { \"backup_set.restore\" }", 0)]
    fn products(#[case] path: &str, #[case] text: &str, #[case] findings: usize) {
        assert_eq!(lines(product_names, path, text).len(), findings, "{text}");
    }

    #[test]
    fn a_finding_has_a_position_and_a_suggestion() {
        assert_eq!(
            lines(deterministic, "sim/src/clock.rs", "//! x\n\nuse std::collections::HashSet;\n"),
            [
                "sim/src/clock.rs:3: `HashSet`: its order differs from process to process; use BTreeMap, BTreeSet or a slab"
            ]
        );
    }
}
