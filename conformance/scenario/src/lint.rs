//! Warnings about the parts of a valid scenario that have no effect.
//!
//! The file is consistent, but its author probably believes that it shows more than it does. A scenario that a program
//! built is not checked.

use truecount_sim::fixture::Fixture;

use super::finding::{At, Findings};
use super::format::File;
use super::name::Spelling;
use super::names::Names;
use super::rule;
use truecount_json::quoted;

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
