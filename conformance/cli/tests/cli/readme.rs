//! What the README shows is what the program prints: a document that shows another output than the reader gets is not
//! trusted.

use crate::run::check_line;

const README: &str = include_str!("../../../../README.md");

/// Returns the lines between the fence that begins with this line and the next fence.
fn block(first_line: &str) -> String {
    let rest = README.split("```text\n").find(|rest| rest.starts_with(first_line));
    let rest = rest.unwrap_or_else(|| panic!("the README has no block that begins with `{first_line}`"));
    rest.split("```").next().unwrap_or_default().to_owned()
}

#[test]
fn the_failing_run_of_the_readme_is_what_the_program_prints() {
    let run = check_line("check restore/late-worker --mutant M01");
    assert_eq!(run.code, 1, "{run:?}");
    let shown = block("FAIL COUNT-06");
    assert!(run.stdout.starts_with(&shown), "the README shows\n{shown}\nand it prints\n{}", run.stdout);
    assert!(README.contains("check restore/late-worker --mutant M01"), "the README shows the command");
}

#[test]
fn the_gate_of_the_readme_passes() {
    let run = check_line("check --seeds 8");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.lines().any(|line| line.starts_with("PASS  ")), "{}", run.stdout);
}

/// What a contribution adds to: a number of them in prose is wrong with the next one.
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
                assert!(!figure, "{name}:{}: `{number} {what}` changes with the next contribution", place + 1);
            }
        }
    }
}
