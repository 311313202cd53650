//! Warnings about the parts of a valid scenario that have no effect. Whether a fault has no effect is known only after
//! the simulations, so the warning about it is prepared here and shown by the check.
//!
//! The file is consistent, but its author probably believes that it shows more than it does. A scenario that a program
//! built is not checked.

use truecount_sim::fault::Fault;
use truecount_sim::fixture::Fixture;

use super::finding::{At, Findings};
use super::format::File;
use super::name::Spelling;
use super::names::Names;
use super::rule;
use truecount_json::problem::Problem;
use truecount_json::{Document, quoted};

/// Checks a scenario that is otherwise valid.
pub(super) fn check(file: &File, fixture: &Fixture, names: &Names, at: At<'_>, findings: &mut Findings) {
    unused_objects(file, fixture, names, at.key("objects"), findings);
}

/// Warns about objects that no run requests. For a range of names, only the first such object is named.
fn unused_objects(file: &File, fixture: &Fixture, names: &Names, at: At<'_>, findings: &mut Findings) {
    let mut used = vec![false; names.objects.len()];
    for object in fixture.runs.iter().flat_map(|run| &run.input.objects) {
        used[object.index()] = true;
    }
    let is_unused = |name: &str| names.object(name).is_some_and(|object| !used[object.index()]);
    for (number, key, _) in file.objects.iter() {
        let Ok(spelling) = Spelling::read(key) else { continue };
        let mut unused = spelling.names().filter(|name| is_unused(name));
        let Some(first) = unused.next() else { continue };
        let others = match unused.count() {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        findings
            .warn(at.nth(number).name(), rule::UNUSED_OBJECT, format!("no run requests {}{others}", quoted(&first)))
            .expected("an object from the `request` of a run")
            .help("remove it, or request it");
    }
}

/// Returns the faults in the order of the file, each with the warning that no simulation injects it.
pub(super) fn if_not_injected(file: &File, document: &Document) -> Vec<(Fault, Problem)> {
    let at = At::root(document).key("faults");
    let mut findings = Findings::default();
    for (number, name, _) in file.faults.iter() {
        findings
            .warn(at.nth(number).name(), rule::FAULT_NOT_INJECTED, format!("no simulation injects {}", quoted(name)))
            .expected("a fault that at least one simulation of the check injects")
            .help("remove it, or give the scenario what the fault affects, such as a second job or a longer run");
    }
    let faults = file.faults.iter().filter_map(|(_, name, _)| Fault::from_name(name));
    faults.zip(findings.into_problems(document)).collect()
}
