//! Failures in words: scenarios of the corpus whose schedules show a known bug, simulated with and without the bug.
//!
//! Only the list of these scenarios is maintained by hand. Events, clauses and the correct behaviour come from the two
//! simulations.

use serde::Serialize;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;

use crate::narrative::Narrative;
use crate::recording::record_schedule;
use crate::report::FailureReport;
use truecount_contract::reference::Reference;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::lines;
use truecount_scenario::{Saved, Scenario};

/// The scenarios that the book shows. Their bugs are familiar to most users of a job queue.
const SHOWN: [&str; 3] =
    ["regressions/worker-local-dedupe", "regressions/zombie-counts", "regressions/completion-lost"];

/// A failure in words.
#[derive(Debug, Clone, Serialize)]
pub struct Failure {
    /// The id of the planted bug.
    pub mutant: &'static str,
    /// The name of the planted bug.
    pub name: &'static str,
    /// What the bug does wrong.
    pub does: &'static str,
    /// The id of the scenario.
    pub scenario: String,
    /// What the scenario shows.
    pub title: String,
    pub workers: u16,
    /// The decisions that differ from the default. By default, no fault is injected, and the job or actor that has
    /// waited longest goes first.
    pub schedule: Vec<String>,
    /// The trace, line by line; the last line shows the violation of the clause.
    pub trace: Vec<String>,
    /// The line in the trace of the unmodified engine at the first difference between the two traces.
    pub instead: Option<String>,
    /// The id of the violated clause.
    pub clause: &'static str,
    /// The text of the clause, verbatim.
    pub words: &'static str,
    /// The command that replays the failure.
    pub replay: String,
}

/// Returns the failures that are shown in the book.
pub(super) fn failures(scenarios: &[&Scenario]) -> Vec<Failure> {
    let found = |id: &&str| scenarios.iter().find(|scenario| scenario.id == **id);
    SHOWN.iter().filter_map(found).filter_map(|scenario| failure(scenario, scenario.schedules.first()?)).collect()
}

/// Returns numbered lines with their numbers aligned.
fn aligned(lines: &[String]) -> Vec<String> {
    let width = lines.len().to_string().len();
    let pad = |line: &String| width.saturating_sub(line.find('.').unwrap_or(width));
    lines.iter().map(|line| format!("{}{line}", " ".repeat(pad(line)))).collect()
}

fn failure(scenario: &Scenario, saved: &Saved) -> Option<Failure> {
    let (mutant, clause) = (Mutant::from_id(saved.mutant.as_deref()?)?, saved.violates?);
    let reference = Reference::new(&scenario.fixture);
    let violated = (Planted(mutant.plant), FaultyStore::new(mutant.store));
    let (violated, _) = record_schedule(scenario, &reference, violated, 0, &saved.schedule);
    let (sound, _) = record_schedule(scenario, &reference, (Standard, Memory::new()), 0, &saved.schedule);
    let replay = format!("truecount replay {} --mutant {}", scenario.id, mutant.id);
    let report = FailureReport::new(scenario, &reference, &violated, replay.clone());
    let [violated, sound] = [&violated, &sound]
        .map(|simulation| Narrative::new(scenario, &reference, simulation.workers, &simulation.events, None));
    let mut pairs = sound.lines.iter().zip(violated.lines.iter().map(Some).chain(std::iter::repeat(None)));
    let parts = pairs.find(|(sound, violated)| violated.is_none_or(|violated| violated.text != sound.text));
    Some(Failure {
        mutant: mutant.id,
        name: mutant.name,
        does: mutant.does,
        scenario: scenario.id.clone(),
        title: scenario.title.clone(),
        workers: saved.schedule.workers,
        schedule: lines(&saved.schedule, scenario, &reference),
        trace: aligned(&report.trace),
        instead: parts.map(|(line, _)| format!("{} ms  {}", line.at_ms, line.text)),
        clause: clause.id(),
        words: clause.text(),
        replay,
    })
}
