//! Saved schedules, either in a scenario's own file or in a separate file that names its scenario.
//!
//! This module checks the keys. `schedule` reads the lines.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::schedule::{Action, Decision, Schedule};

use super::advice::advised;
use super::finding::{At, Findings};
use super::format::{self, File};
use super::name::is_name;
use super::naming::duplicate;
use super::rule;
use super::scenario::{Saved, Scenario};
use super::version::check_format;
use crate::schedule::{Mistake, Setting};
use truecount_contract::clause::Clause;
use truecount_contract::reference::Reference;
use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, quoted, read_document};
use truecount_mutants::{CATALOGUE, Mutant};

/// The maximum number of schedules in a scenario.
const SCHEDULES_MAX: usize = 64;

/// The maximum number of decisions in a schedule. This is more than any seed takes in a scenario of ordinary size.
pub(crate) const DECISIONS_MAX: usize = 4_096;

/// The keys of a file that holds only a schedule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Alone {
    #[expect(dead_code, reason = "checked before the rest is read")]
    format: u64,
    scenario: String,
    schedule: format::Schedule,
}

/// Returns a schedule as lines.
pub fn lines(schedule: &Schedule, scenario: &Scenario, reference: &Reference) -> Vec<String> {
    let setting = scenario.setting(reference);
    schedule.decisions.iter().map(|decision| setting.line(decision)).collect()
}

/// Reads the schedules of a scenario that is otherwise valid.
pub(super) fn schedules(file: &File, scenario: &Scenario, at: At<'_>, findings: &mut Findings) -> Vec<Saved> {
    if file.schedules.is_empty() {
        return Vec::new();
    }
    let reference = Reference::new(&scenario.fixture);
    let (mut saved, mut seen) = (Vec::new(), BTreeSet::new());
    for (number, written) in file.schedules.iter().enumerate() {
        let at = at.item(number);
        if number == SCHEDULES_MAX {
            findings
                .add(at.opening(), rule::TOO_MANY, format!("more than {SCHEDULES_MAX} schedules"))
                .expected(format!("at most {SCHEDULES_MAX}"));
            break;
        }
        if !seen.insert(&written.name) {
            duplicate(at.key("name").span(), "schedule", &written.name, findings);
        }
        saved.push(schedule(written, scenario, &reference, at, findings));
    }
    saved
}

/// Reads the file at `path`, which holds only a schedule. Problems show its path as `shown`. The result names the
/// scenario and can read the schedule once that scenario is loaded.
///
/// # Errors
///
/// Returns at least one problem.
pub fn read_schedule(path: &Path, shown: &str) -> Result<Standalone, Vec<Problem>> {
    let read = |document: Document| {
        check_format(&document).map_err(|problem| vec![problem])?;
        let alone: Alone = document.deserialize_all()?;
        Ok(Standalone { document, alone })
    };
    read_document(path, shown, &Limits::SCENARIO).and_then(read).map_err(advised)
}

/// A file that holds only a schedule.
#[derive(Debug)]
pub struct Standalone {
    document: Document,
    alone: Alone,
}

impl Standalone {
    /// Returns the id of the scenario that the file names.
    pub fn scenario(&self) -> &str {
        &self.alone.scenario
    }

    /// Returns the schedule, read for the scenario that the file names.
    ///
    /// # Errors
    ///
    /// Returns at least one problem.
    pub fn understand(&self, scenario: &Scenario, reference: &Reference) -> Result<Saved, Vec<Problem>> {
        let (mut findings, at) = (Findings::default(), At::root(&self.document));
        if self.alone.scenario == scenario.id {
            let saved = schedule(&self.alone.schedule, scenario, reference, at.key("schedule"), &mut findings);
            if !findings.has_errors() {
                return Ok(saved);
            }
        } else {
            let other = quoted(&self.alone.scenario);
            findings
                .add(at.key("scenario").span(), rule::OTHER_SCENARIO, format!("this schedule is for {other}"))
                .expected(format!("a schedule for {}", quoted(&scenario.id)))
                .help("name that scenario on the command line, or omit the name");
        }
        Err(advised(findings.into_problems(&self.document)))
    }

    /// Returns the problem for an unknown scenario.
    pub fn unknown(&self, known: &[&str]) -> Problem {
        let mut findings = Findings::default();
        let at = At::root(&self.document).key("scenario");
        findings
            .unknown(at.span(), rule::OTHER_SCENARIO, "scenario", &self.alone.scenario, known.iter().copied())
            .expected("the id of a scenario listed by `truecount list scenarios`");
        let problem = advised(findings.into_problems(&self.document)).pop();
        problem.unwrap_or_else(|| Problem::in_file(rule::OTHER_SCENARIO, self.document.shown(), "no such scenario"))
    }
}

fn schedule(
    written: &format::Schedule,
    scenario: &Scenario,
    reference: &Reference,
    at: At<'_>,
    findings: &mut Findings,
) -> Saved {
    if !is_name(&written.name) {
        findings
            .add(at.key("name").span(), rule::BAD_NAME, format!("{} is not a valid name", quoted(&written.name)))
            .expected("1 to 64 letters, digits, `-`, `_` and `.`, starting with a letter or a digit");
    }
    let workers = workers(written.workers, scenario, at.key("workers"), findings);
    let mutant = written.mutant.as_deref().and_then(|id| mutant(id, at.key("mutant"), findings));
    let violates = written.violates.as_deref().and_then(|id| clause(id, at.key("violates"), findings));
    if written.mutant.is_some() && written.violates.is_none() {
        findings
            .add(at.key("mutant").name(), rule::VIOLATES_NOTHING, "the clause that this bug violates is missing")
            .expected("`violates` with the id of a clause, since `mutant` is given");
    }
    let lines = at.key("decisions");
    if written.decisions.len() > DECISIONS_MAX {
        findings
            .add(lines.opening(), rule::TOO_MANY, format!("more than {DECISIONS_MAX} decisions"))
            .expected(format!("at most {DECISIONS_MAX}"))
            .help("`truecount shrink` keeps only the decisions that a failure needs");
    }
    let setting = scenario.setting(reference);
    let mut reading = Reading { scenario, workers, injections: PerFault::default(), findings };
    let decisions = written.decisions.iter().take(DECISIONS_MAX).enumerate();
    let decisions = decisions.filter_map(|(number, line)| reading.line(setting, line, lines.item(number))).collect();
    Saved { name: written.name.clone(), mutant, violates, schedule: Schedule { workers, decisions } }
}

fn workers(written: u64, scenario: &Scenario, at: At<'_>, findings: &mut Findings) -> u16 {
    let (least, most) = scenario.fixture.workers;
    let workers = u16::try_from(written).ok().filter(|workers| (least..=most).contains(workers));
    if workers.is_none() {
        findings
            .add(at.span(), rule::OUT_OF_RANGE, format!("{written} is out of range"))
            .expected(format!("a number of workers that the scenario allows, from {least} to {most}"))
            .help("change this number, or the scenario's `workers`");
    }
    workers.unwrap_or(least)
}

fn mutant(id: &str, at: At<'_>, findings: &mut Findings) -> Option<String> {
    let mutant = Mutant::from_id(id).filter(|mutant| mutant.id == id);
    if mutant.is_none() {
        findings.unknown(at.span(), rule::UNKNOWN_MUTANT, "mutant", id, CATALOGUE.iter().map(|mutant| mutant.id));
    }
    mutant.map(|mutant| mutant.id.to_owned())
}

fn clause(id: &str, at: At<'_>, findings: &mut Findings) -> Option<Clause> {
    let clause = Clause::from_id(id);
    if clause.is_none() {
        findings.unknown(at.span(), rule::UNKNOWN_CLAUSE, "clause", id, Clause::ALL.iter().map(|clause| clause.id()));
    }
    clause
}

/// State shared by the lines of one schedule.
struct Reading<'a> {
    scenario: &'a Scenario,
    workers: u16,
    /// The number of injections of each kind of fault so far.
    injections: PerFault<u16>,
    findings: &'a mut Findings,
}

impl Reading<'_> {
    fn line(&mut self, setting: Setting<'_>, line: &str, at: At<'_>) -> Option<Decision> {
        let decision = match setting.read(line) {
            Ok(decision) => decision,
            Err(Mistake { range, message, expected, help }) => {
                let finding = self.findings.add(at.part(&range), rule::BAD_DECISION, message).expected(expected);
                if let Some(help) = help {
                    finding.help(help);
                }
                return None;
            }
        };
        if let Action::ClockSkew(worker, _) = decision.action
            && worker >= self.workers
        {
            let message = format!("there is no worker {}", u32::from(worker) + 1);
            self.findings
                .add(at.span(), rule::OUT_OF_RANGE, message)
                .expected(format!("a worker from 1 to {}", self.workers))
                .help("change the number, or the schedule's `workers`");
        }
        if let Some(fault) = decision.action.fault() {
            self.inject(fault, at);
        }
        Some(decision)
    }

    fn inject(&mut self, fault: Fault, at: At<'_>) {
        let injections = self.injections.get(fault).saturating_add(1);
        self.injections.set(fault, injections);
        let most = self.scenario.fixture.faults.get(fault);
        if injections > most {
            let name = quoted(fault.name());
            let message = match most {
                0 => format!("{name} is not among the scenario's `faults`"),
                _ => format!("with this line, the schedule injects {name} {injections} times"),
            };
            self.findings
                .add(at.span(), rule::NEVER_INJECTED, message)
                .expected(format!("no more injections of {name} than `faults` allows"))
                .help(format!("set `\"{}\": {injections}` in `faults`, or remove the line", fault.name()));
        }
    }
}
