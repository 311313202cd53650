//! Scenarios: files that state the starting point of a simulation and the required end of each run.
//!
//! A file is read in four steps. The JSON reader records where each value is written. [`mod@format`] defines the keys.
//! Names are then replaced by ids, and runs become part of the simulation's [`Fixture`]. Finally, the parts are
//! compared with each other. No scenario may expect a result that is ruled out by its own responses or by section 11 of
//! the contract. All problems that a step finds are reported together, in the order of the file.
//!
//! This crate runs no simulations. Only a simulation shows the result of a scenario.

use std::path::Path;
use std::sync::Arc;

use truecount_sim::fixture::Fixture;

use truecount_contract::contract;
use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, nearest, quoted, read_document};

pub mod schedule;

mod advice;
mod check;
mod date;
mod declaration;
mod draft;
mod everything;
mod exact;
mod expect;
mod faultless;
mod find;
mod finding;
pub mod format;
mod intern;
mod kind;
mod known;
mod lint;
mod name;
mod names;
mod naming;
mod objects;
pub mod part;
pub mod rule;
mod run;
mod saved;
mod scenario;
mod script;
pub mod shape;
mod shaped;
mod tally;
mod version;
mod world;
pub mod write;

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod tests;

pub use date::Date;
pub use declaration::is_whole;
pub use expect::Expectation;
pub use find::{LeftOut, Listing, check_name, find};
pub use known::{KnownFailure, read_known_failures};
pub use name::is_id;
pub use names::Names;
pub use saved::{Standalone, lines, read_schedule};
pub use scenario::{Saved, Scenario, Shaped};
pub use shape::Shape;

use advice::advised;
use check::{Check, Entry};
use draft::Draft;
use expect::Reading;
use finding::{At, Findings};
use format::File;
use intern::{RUNS_MAX, Tables};
use run::Lowering;
use version::check_format;

/// Reads the scenario at `path`. Problems show the path as `shown`.
///
/// # Errors
///
/// Returns at least one problem. The JSON is checked first, then keys and values, then their meaning. If one of these
/// checks finds a problem, the later checks are skipped.
pub fn read(path: &Path, shown: &str, id: &str) -> Result<Scenario, Vec<Problem>> {
    read_document(path, shown, &Limits::SCENARIO).and_then(|document| understand(&document, id)).map_err(advised)
}

/// Reads a scenario from the bytes of a file. Problems show its path as `shown`.
///
/// # Errors
///
/// Returns the same errors as [`read`].
pub fn parse(shown: &str, id: &str, bytes: &[u8]) -> Result<Scenario, Vec<Problem>> {
    Document::parse(shown, bytes, &Limits::SCENARIO).and_then(|document| understand(&document, id)).map_err(advised)
}

/// Returns the scenario for a file that a program built in memory, or `None` if the file is not valid.
pub fn meaning(file: &File, id: &str) -> Option<Scenario> {
    let mut findings = Findings::default();
    whole(file, At::nothing(), id, &mut findings).filter(|_| !findings.has_errors())
}

fn shaped(document: &Document) -> Result<File, Vec<Problem>> {
    check_format(document).map_err(|problem| vec![problem])?;
    document.deserialize_all()
}

fn understand(document: &Document, id: &str) -> Result<Scenario, Vec<Problem>> {
    let file = shaped(document)?;
    let mut findings = Findings::default();
    let scenario = whole(&file, At::root(document), id, &mut findings);
    if let Some(scenario) = scenario.as_ref().filter(|_| !findings.has_errors()) {
        lint::check(&file, &scenario.fixture, &scenario.names, At::root(document), &mut findings);
    }
    match scenario {
        Some(scenario) if !findings.has_errors() => {
            let warnings = advised(findings.into_problems(document));
            Ok(Scenario { warnings, if_not_injected: lint::if_not_injected(&file, document), ..scenario })
        }
        _ => Err(findings.into_problems(document)),
    }
}

/// Returns the scenario with its schedules and shapes if every part was understood. The scenario is valid only if there
/// are no errors.
fn whole(file: &File, at: At<'_>, id: &str, findings: &mut Findings) -> Option<Scenario> {
    let mut scenario = lower(file, at, id, findings)?;
    // Schedules and shapes are read only if the scenario is otherwise valid.
    if !findings.has_errors() {
        scenario.schedules = saved::schedules(file, &scenario, at.key("schedules"), findings);
        scenario.shapes = shaped::shapes(file, &scenario, at.key("shapes"), findings, meaning);
    }
    Some(scenario)
}

/// Returns the scenario, still without schedules and shapes, if every part was understood.
fn lower(file: &File, at: At<'_>, id: &str, findings: &mut Findings) -> Option<Scenario> {
    world::check_head(file, at, findings);
    let tables = Tables::of(file, at, findings);
    let workers = world::workers(file, at.key("workers"), findings);
    let (faults, kinds) = world::faults(file, at.key("faults"), findings);
    let grants = world::grants(file, &tables, at.key("grants"), findings);
    world::sizes(file, at.key("explored"), findings);
    let surfaces = world::surfaces(file, &tables, at.key("surfaces"), findings);

    let runs = at.key("runs");
    let mut lowering = Lowering::new(&tables, file.exhaust_limits, findings);
    let drafts: Vec<Draft<'_>> = file
        .runs
        .iter()
        .take(RUNS_MAX)
        .enumerate()
        .map(|(place, run)| lowering.run(place, run, runs.item(place)))
        .collect();

    let entries = entries(file, &tables, &drafts, at.key("expect"), findings);
    let mut check = Check {
        tables: &tables,
        grants: &grants,
        surfaces: &surfaces,
        drafts: &drafts,
        entries: &entries,
        exhaust: file.exhaust_limits,
        findings,
    };
    check.grants();
    check.runs();
    for (draft, stated) in drafts.iter().zip(&entries) {
        if let Some(stated) = stated {
            tally::check(draft, stated, findings);
        }
    }
    exact::settled(&entries, file.exhaust_limits, &kinds, findings);
    exact::undisturbed(&tables, &drafts, &entries, findings);
    // The results without faults are known only if everything else was understood.
    if !findings.has_errors() {
        faultless::check(&tables, &drafts, &entries, findings);
    }
    if !findings.has_errors() {
        everything::check(&tables, &drafts, &entries, file.exhaust_limits, &kinds, findings);
    }

    let mut fixture = Fixture {
        key: String::new(),
        grants: grants.list,
        objects: tables.objects.states(),
        names: published_names(&tables, &drafts),
        runs: drafts.into_iter().map(Draft::into_spec).collect::<Option<_>>()?,
        workers: workers?,
        faults,
        exhaust: file.exhaust_limits,
        surfaces,
        responses: contract::responses(),
    };
    fixture.key = fixture.digest();
    Some(Scenario {
        id: id.to_owned(),
        title: file.title.clone(),
        clauses: file.clauses.clone(),
        expect: entries.into_iter().map(|entry| entry.map(|stated| stated.expected)).collect::<Option<_>>()?,
        fixture,
        names: tables.into_names(file),
        schedules: Vec::new(),
        shapes: Vec::new(),
        warnings: Vec::new(),
        if_not_injected: Vec::new(),
        file: Some(Arc::new(file.clone())),
    })
}

/// Returns the objects' names if any run publishes them.
fn published_names(tables: &Tables<'_>, drafts: &[Draft<'_>]) -> Vec<String> {
    let publishes = drafts.iter().any(|draft| draft.family.is_some_and(kind::Kind::publishes));
    let names = tables.objects.names().map(str::to_owned);
    if publishes { names.collect() } else { Vec::new() }
}

/// Returns the expectation for each run, by the index of the run.
fn entries<'f>(
    file: &'f File,
    tables: &Tables<'f>,
    drafts: &[Draft<'f>],
    at: At<'f>,
    findings: &mut Findings,
) -> Vec<Entry<'f>> {
    let mut entries: Vec<Entry<'f>> = drafts.iter().map(|_| None).collect();
    let mut unknown = Vec::new();
    let mut reading = Reading { tables, findings, left_to_name: name::NAMES_MAX };
    for (number, name, written) in file.expect.iter() {
        let at = at.nth(number);
        let Some(run) = tables.run(at.name(), name, reading.findings).map(usize::from) else {
            unknown.push(name);
            continue;
        };
        if let (Some(draft), Some(entry)) = (drafts.get(run), entries.get_mut(run)) {
            *entry = Some(reading.expectation(written, draft, at));
        }
    }
    for (draft, entry) in drafts.iter().zip(&entries) {
        // A run with a repeated name is already reported as a duplicate.
        let listed = tables.runs.find(draft.name).and_then(|place| drafts.get(usize::from(place)));
        // A misspelt name of an entry is already reported at that entry.
        let meant = unknown.iter().take(RUNS_MAX).any(|name| nearest(name, &[draft.name]).is_some());
        if entry.is_none() && !meant && listed.is_some_and(|first| std::ptr::eq(first, draft)) {
            findings
                .add(
                    at.opening(),
                    rule::MISSING_EXPECTATION,
                    format!("the expectation for {} is missing", quoted(draft.name)),
                )
                .expected(format!("an entry for {}", quoted(draft.name)))
                .help("state how the run ends, or use `refused` or `same_as`");
        }
    }
    entries
}
