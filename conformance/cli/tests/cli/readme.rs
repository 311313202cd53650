//! Tests that the README shows the actual output of the program and that no document states a figure that would soon be
//! out of date.

use crate::run::check_line;

const README: &str = include_str!("../../../../README.md");

/// Returns the code block that begins with this line.
fn block(first_line: &str) -> String {
    let rest = README.split("```text\n").find(|rest| rest.starts_with(first_line));
    let rest = rest.unwrap_or_else(|| panic!("the README has no block that begins with `{first_line}`"));
    rest.split("```").next().unwrap_or_default().to_owned()
}

#[test]
fn the_readme_shows_the_output_of_a_failing_check() {
    let run = check_line("check restore/late-worker --mutant M01");
    assert_eq!(run.code, 1, "{run:?}");
    let shown = block("FAIL COUNT-06");
    assert!(run.stdout.starts_with(&shown), "the README shows\n{shown}\nbut the program prints\n{}", run.stdout);
    assert!(README.contains("check restore/late-worker --mutant M01"), "the README does not show the command");
}

#[test]
fn the_gate_in_the_readme_passes() {
    let run = check_line("check --seeds 8");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.lines().any(|line| line.starts_with("PASS  ")), "{}", run.stdout);
}

/// Nouns for things that contributions add. A number before such a noun would soon be out of date.
const COUNTED: [&str; 9] = [
    "scenarios",
    "clauses",
    "kinds of fault",
    "cells",
    "sometimes assertions",
    "planted bugs",
    "mutants",
    "cases",
    "families",
];

#[test]
fn no_document_states_a_figure_that_changes_with_a_contribution() {
    let documents = [
        ("README.md", README),
        ("CHANGELOG.md", include_str!("../../../../CHANGELOG.md")),
        ("CONTRIBUTING.md", include_str!("../../../../CONTRIBUTING.md")),
        ("ARCHITECTURE.md", include_str!("../../../../ARCHITECTURE.md")),
        ("scenarios/README.md", include_str!("../../../../scenarios/README.md")),
    ];
    for (name, text) in documents {
        for (place, line) in text.lines().enumerate() {
            for what in COUNTED {
                let before = line.split(&format!(" {what}")).next().filter(|before| before.len() < line.len());
                let number = before.and_then(|before| before.rsplit(' ').next()).unwrap_or_default();
                let figure = number.len() > 1 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
                assert!(!figure, "{name}:{}: `{number} {what}` changes with contributions; omit the number", place + 1);
            }
        }
    }
}
