//! Source-level tests of the architecture: the clauses of kind A, the direction of imports, tidiness and language.
//!
//! Each rule is a function from sources to findings, with a comment that states its purpose. The module of a rule also
//! tests the rule on snippets that it must reject. This file applies the rules to the sources of the workspace.

mod chains;
mod cycles;
mod docs;
mod imports;
mod language;
mod modules;
mod recipe;
mod rows;
mod source;
mod tidy;

use std::collections::BTreeSet;

use source::{Finding, Source, members, root, workspace};

/// Fails with all findings of a rule, so that one run shows everything there is to fix.
#[track_caller]
fn keep(rule: fn(&[Source]) -> Vec<Finding>) {
    let findings = rule(&workspace());
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

#[test]
fn life_03_only_the_run_service_builds_write_sets() {
    keep(rows::built_by_the_service);
}

#[test]
fn life_03_only_storage_writes_rows() {
    keep(rows::written_by_storage);
}

#[test]
fn prog_11_neither_mode_nor_percent_is_stored() {
    keep(rows::no_progress_stored);
}

#[test]
fn imports_go_one_way() {
    keep(imports::one_way);
}

#[test]
fn there_is_no_cycle_of_sibling_modules() {
    keep(cycles::no_cycles);
}

#[test]
fn there_is_no_cycle_of_crates() {
    let read = |member: &String| std::fs::read_to_string(root().join(member).join("Cargo.toml")).expect("a manifest");
    let manifests: Vec<String> = members().iter().map(read).collect();
    assert_eq!(cycles::no_cycle_of_crates(&manifests), BTreeSet::new());
}

#[test]
fn the_core_is_deterministic() {
    keep(imports::deterministic);
}

#[test]
fn product_names_occur_only_in_the_family_files() {
    keep(imports::product_names);
}

#[test]
fn chains_of_combinators_are_short() {
    keep(chains::short_chains);
}

#[test]
fn no_filter_ignores_its_value() {
    keep(chains::no_blind_filters);
}

#[test]
fn every_public_item_is_documented() {
    keep(docs::documented);
}

#[test]
fn no_documentation_only_repeats_a_name() {
    keep(docs::no_echoes);
}

#[test]
fn each_file_states_its_purpose() {
    keep(tidy::header);
}

#[test]
fn no_file_is_too_long_to_read() {
    keep(tidy::length);
}

#[test]
fn there_is_no_unfinished_work() {
    keep(tidy::left_over);
}

/// If a fault is added, the compiler flags only some of the files that must be edited. For example, nothing flags a
/// fault that a swarm never draws. Such a fault is just never injected.
#[test]
fn the_recipe_for_a_new_step_fault_lists_the_files_to_edit() {
    let sources = workspace();
    let mut listed = recipe::listed("### A fault that is a step of its own");
    listed.sort_unstable();
    assert_eq!(listed, recipe::touched(&sources), "the table in CONTRIBUTING.md does not list the touched files");
}

#[test]
fn no_text_uses_a_refused_word() {
    let lines: Vec<String> = language::refused_words().iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

#[test]
fn every_exception_to_the_refused_words_is_in_use() {
    assert_eq!(language::unused_meanings(), Vec::<&str>::new(), "these exceptions are unused: remove them");
}

/// Without sources, every rule would hold, so this test checks that the sources are read.
#[test]
fn the_sources_are_read() {
    let sources = workspace();
    for path in [
        "engine/src/service.rs",
        "sim/src/simulate.rs",
        "conformance/contract/src/clause.rs",
        "conformance/cli/tests/spec.rs",
    ] {
        assert!(sources.iter().any(|source| source.path == path), "{path} was not read");
    }
    let tests = |path: &str| sources.iter().find(|source| source.path == path).map(|source| source.is_test);
    assert_eq!(tests("engine/src/counts/tests.rs"), Some(true));
    assert_eq!(tests("conformance/json/src/document/syntax_tests.rs"), Some(true));
    assert_eq!(tests("conformance/cli/tests/spec.rs"), Some(true));
    assert_eq!(tests("engine/src/counts.rs"), Some(false));
}
