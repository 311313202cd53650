//! Lists the files that a new fault touches if it is a step of its own. One list is in CONTRIBUTING.md, and the other
//! is derived from the existing faults of this kind.

use truecount_sim::fault::{Fault, Target};

use crate::source::Source;

const CONTRIBUTING: &str = include_str!("../../../../CONTRIBUTING.md");

/// The file that declares the choices. A fault that has a choice of the same name is a step.
const CHOICES: &str = "sim/src/choice.rs";

/// Returns the files that name every fault that is a step. A new fault of this kind touches the same files.
pub(crate) fn touched(sources: &[Source]) -> Vec<&str> {
    let names = |source: &Source, name: &String| source.tokens.iter().any(|token| token.text == *name);
    let choices = sources.iter().find(|source| source.path == CHOICES);
    let choices = choices.unwrap_or_else(|| panic!("{CHOICES} was not read"));
    // The two faults of a grant are excluded here, since they share a choice that is named after one of them. The
    // faults of an object need no filter. They also share a choice, but it is named after none of them.
    let own = Fault::ALL.iter().filter(|fault| fault.target() != Target::Grant);
    let steps: Vec<String> = own.map(|fault| format!("{fault:?}")).collect();
    let steps: Vec<&String> = steps.iter().filter(|step| names(choices, step)).collect();
    assert!(steps.len() > 1, "{steps:?}");
    let all = sources.iter().filter(|source| !source.is_test && steps.iter().all(|step| names(source, step)));
    let mut paths: Vec<&str> = all.map(|source| &*source.path).collect();
    paths.sort_unstable();
    paths
}

/// Returns the paths in the first column of the table below this heading.
pub(crate) fn listed(heading: &str) -> Vec<&'static str> {
    let section = CONTRIBUTING.split_once(&format!("\n{heading}\n")).map(|(_, rest)| rest);
    let section = section.unwrap_or_else(|| panic!("CONTRIBUTING.md has no `{heading}`"));
    let section = section.split("\n#").next().unwrap_or_default();
    section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
}
