//! What the README shows is what the program prints: a document that shows another output than the reader gets is a
//! document that nobody trusts.

use crate::run::check_line;

const README: &str = include_str!("../../../README.md");

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
    assert!(README.contains("check restore/late-worker --mutant M01"), "the README says how to see it");
}

#[test]
fn the_sum_of_the_readme_is_that_of_the_gate() {
    let run = check_line("check");
    assert_eq!(run.code, 0, "{run:?}");
    let sum = block("PASS  ");
    assert!(run.stdout.contains(sum.trim_end()), "the README shows\n{sum}\nand it prints\n{}", run.stdout);
}
