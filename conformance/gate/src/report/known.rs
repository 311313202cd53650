//! Known failures: failures of a check that a file declares as expected, and what became of each entry.
//!
//! An entry applies to a failing simulation, schedule or exploration if its report names the clause of the entry.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde::Serialize;

use super::{ExploredReport, ScheduleReport};
use crate::explore::Scope;
use crate::sums::ScenarioResult;
use crate::thousands::Thousands;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_scenario::{Date, KnownFailure, Scenario};

/// The known failures of a check.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The name of the file, as shown in reports.
    pub file: &'a str,
    /// The entries of the file.
    pub failures: &'a [KnownFailure],
    /// The date of the check.
    pub today: Date,
    /// The ids of all scenarios, whether the check simulates them or not.
    pub ids: &'a [String],
    /// Whether small scenarios were explored.
    pub explores: bool,
    /// Whether every selected scenario was simulated under at least the default number of seeds.
    pub judged: bool,
}

/// What became of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownStanding {
    /// Something failed as expected.
    Failed,
    /// Nothing failed as expected. This fails the check.
    Passed,
    /// The entry has expired and applies to nothing any more. This fails the check.
    Expired,
    /// Nothing failed as expected, but not everything to which the entry applies was checked.
    NotJudged,
}

/// An entry of the file, and what became of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KnownEntry {
    /// The line of the file, counted from 1.
    pub line: u32,
    /// The id of the clause.
    pub clause: &'static str,
    /// The id of a scenario, or a pattern.
    pub scenario: String,
    /// The reason why the failure is expected.
    pub reason: String,
    /// The last day on which the failure is expected.
    pub expires: String,
    /// What became of the entry.
    pub standing: KnownStanding,
    /// The number of scenarios that failed as expected.
    pub scenarios: u64,
    /// The number of simulations and explorations that failed as expected.
    pub failures: u64,
}

/// What became of the known failures.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct KnownReport {
    /// The name of the file.
    pub file: String,
    /// The entries, in the order of the file.
    pub entries: Vec<KnownEntry>,
}

/// Separates expected failures from new ones, and counts the expected ones for each entry.
pub(super) struct Sorter<'a> {
    known: Option<Known<'a>>,
    /// For each entry, the scenarios that failed and the number of failures.
    counts: RefCell<Vec<(BTreeSet<String>, u64)>>,
    /// The clauses that only expected failures violate.
    violated: RefCell<ClauseSet>,
}

impl<'a> Sorter<'a> {
    pub(super) fn new(known: Option<Known<'a>>) -> Self {
        let entries = known.map_or(0, |known| known.failures.len());
        let counts = RefCell::new(vec![(BTreeSet::new(), 0); entries]);
        Self { known, counts, violated: RefCell::default() }
    }

    /// Returns whether failures of a scenario that are reported under this clause are expected. If they are, counts
    /// them.
    fn expects(&self, id: &str, clause: Clause, failures: u64) -> bool {
        let Some(known) = self.known else { return false };
        let mut expected = false;
        for (entry, counts) in known.failures.iter().zip(self.counts.borrow_mut().iter_mut()) {
            if entry.clause == clause && entry.applies_to(id) && known.today <= entry.expires {
                counts.0.insert(id.to_owned());
                counts.1 += failures;
                expected = true;
            }
        }
        expected
    }

    /// Removes the expected failures from the results of a scenario's seeds, which start with `begin`. Returns the results that remain, and the
    /// number of expected failures.
    pub(super) fn seeds(&self, id: &str, result: &ScenarioResult, begin: u64) -> (ScenarioResult, u64) {
        let mut left = result.clone();
        let mut violated = self.violated.borrow_mut();
        left.named.retain(|clause, named| {
            let expected = self.expects(id, *clause, named.failures);
            if expected {
                violated.extend(named.violated.keys().copied().collect());
            }
            !expected
        });
        if left.named.len() < result.named.len() {
            left.sum_failures(begin);
        }
        let expected = result.failures - left.failures;
        (left, expected)
    }

    /// Marks the schedules of a scenario that failed as expected. Returns their number.
    pub(super) fn schedules(&self, id: &str, schedules: &mut [ScheduleReport]) -> u64 {
        let mut expected = 0;
        for schedule in schedules {
            let clause = schedule.failure.as_ref().and_then(|failure| Clause::from_id(failure.clause?));
            if clause.is_some_and(|clause| self.expects(id, clause, 1)) {
                let failure = schedule.failure.take();
                self.note(failure.iter().flat_map(|failure| &failure.violated));
                schedule.expected = true;
                expected += 1;
            }
        }
        expected
    }

    /// Marks the explorations that failed as expected.
    pub(super) fn explorations(&self, explored: &mut [ExploredReport]) {
        for one in explored {
            let clause = one.failure.as_ref().and_then(|failure| Clause::from_id(failure.clause?));
            if clause.is_some_and(|clause| self.expects(&one.id, clause, 1)) {
                let failure = one.failure.take();
                self.note(failure.iter().flat_map(|failure| &failure.violated));
                one.verdict = ExploredReport::KNOWN;
            }
        }
    }

    fn note<'c>(&self, ids: impl Iterator<Item = &'c &'static str>) {
        self.violated.borrow_mut().extend(ids.filter_map(|id| Clause::from_id(id)).collect());
    }

    /// Returns the clauses that expected failures violate.
    pub(super) fn violated(&self) -> ClauseSet {
        *self.violated.borrow()
    }

    /// Returns what became of each entry; `None` if there are no known failures. `scenarios` are those of the check.
    pub(super) fn report(self, scenarios: &[&Scenario]) -> Option<KnownReport> {
        let known = self.known?;
        let entry = |(entry, (failed, failures)): (&KnownFailure, &(BTreeSet<String>, u64))| {
            let standing = match failures {
                _ if known.today > entry.expires => KnownStanding::Expired,
                0 if known.is_checked(entry, scenarios) => KnownStanding::Passed,
                0 => KnownStanding::NotJudged,
                _ => KnownStanding::Failed,
            };
            KnownEntry {
                line: entry.line,
                clause: entry.clause.id(),
                scenario: entry.scenario.clone(),
                reason: entry.reason.clone(),
                expires: entry.expires.to_string(),
                standing,
                scenarios: failed.len() as u64,
                failures: *failures,
            }
        };
        let entries = known.failures.iter().zip(self.counts.borrow().iter()).map(entry).collect();
        Some(KnownReport { file: known.file.to_owned(), entries })
    }
}

impl Known<'_> {
    /// Returns whether everything was checked to which an entry applies.
    fn is_checked(&self, entry: &KnownFailure, scenarios: &[&Scenario]) -> bool {
        let selected = |id: &String| scenarios.iter().any(|scenario| scenario.id == *id);
        let explored = |scenario: &&Scenario| self.explores || !Scope::is_small(scenario);
        self.judged
            && self.ids.iter().filter(|id| entry.applies_to(id)).all(selected)
            && scenarios.iter().filter(|scenario| entry.applies_to(&scenario.id)).all(explored)
    }
}

impl KnownReport {
    /// Returns the number of entries with this standing.
    pub(crate) fn count(&self, standing: KnownStanding) -> usize {
        self.entries.iter().filter(|entry| entry.standing == standing).count()
    }

    /// Returns whether an entry fails the check.
    pub(crate) fn fails(&self) -> bool {
        self.count(KnownStanding::Passed) + self.count(KnownStanding::Expired) > 0
    }

    /// Returns a line for each entry.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for entry in &self.entries {
            let KnownEntry { line, clause, scenario, reason, expires, standing, scenarios, failures } = entry;
            let at = format!("{}:{line}", self.file);
            let what = match standing {
                KnownStanding::Failed => {
                    let noun = if *scenarios == 1 { "scenario" } else { "scenarios" };
                    let failures = Thousands(*failures);
                    format!(
                        "KNOWN   {clause} in {scenario}: {failures} failures in {scenarios} {noun}, until {expires}"
                    )
                }
                KnownStanding::Passed => {
                    format!("PASSED  {clause} in {scenario}: nothing fails any more; delete the entry at {at}")
                }
                KnownStanding::Expired => format!(
                    "EXPIRED {clause} in {scenario}: not expected since {expires}; fix the failure and delete the entry at {at}"
                ),
                KnownStanding::NotJudged => {
                    format!("NOT JUDGED {clause} in {scenario}: not everything was checked; expected until {expires}")
                }
            };
            text.push_str(&format!("{what}\n  known at  {at}\n  reason    {reason}\n\n"));
        }
        text
    }
}
