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

/// A figure that nobody compares is a figure that rots.
#[test]
fn the_figures_of_readme_and_changelog_are_those_of_the_program() {
    let changelog = include_str!("../../../CHANGELOG.md");
    let listed = |what: &str| check_line(&format!("list {what} --format json")).json().as_array().map_or(0, Vec::len);
    let report = check_line("check --coverage --format json").json();
    let families = report["coverage"]["families"].as_array().expect("a list").clone();
    let cells: u64 = families.iter().filter_map(|family| family["reachable"].as_u64()).sum();
    let cells = format!("{},{:03} cells", cells / 1_000, cells % 1_000);
    let vectors = report["vectors"]["passed"].as_u64().expect("a number");
    let [clauses, faults, goals, mutants, scenarios] =
        ["clauses", "faults", "goals", "mutants", "scenarios"].map(listed);
    for figure in [
        format!("a contract of {clauses} clauses"),
        format!("{faults} kinds of fault"),
        format!("by {vectors} cases"),
        cells,
        format!("{goals} goals"),
        format!("{mutants} planted bugs"),
    ] {
        assert!(README.contains(&figure), "the README does not say `{figure}`");
    }
    for figure in [
        format!("{clauses} clauses"),
        format!("{goals} states"),
        format!("{mutants} planted bugs"),
        format!("{vectors} cases"),
        format!("and {scenarios} scenarios"),
    ] {
        assert!(changelog.contains(&figure), "the CHANGELOG does not say `{figure}`");
    }
}
