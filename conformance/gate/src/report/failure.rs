//! The report on one simulation, with everything that a reader needs to understand a failure.

use serde::Serialize;
use truecount_sim::simulate::Ended;

use crate::finding::Finding;
use crate::narrative::Narrative;
use crate::recording::Recording;
use crate::sums::ScenarioResult;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::invariant::Violations;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// The maximum number of trace lines in a report.
const LINES: usize = 24;

/// The report on one simulation.
#[derive(Clone, Debug, Serialize)]
pub struct FailureReport {
    /// The id of the scenario.
    pub scenario: String,
    /// The title, a sentence that describes what the scenario shows.
    pub title: String,
    /// The seed, as text; `None` if the simulation follows a schedule or a path of an exploration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The name of the schedule, if the simulation follows one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// A description of the path, if an exploration found the failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explored: Option<String>,
    /// The clause that the report names; `None` if no clause is violated.
    pub clause: Option<&'static str>,
    /// All clauses that the failure violates.
    pub violated: Vec<&'static str>,
    /// A description of the failure, if the clause alone does not describe it.
    pub mismatch: Option<String>,
    /// The number of the event that violated the clauses, counted from 1.
    pub at: Option<u64>,
    /// The trace that led to the failure.
    pub trace: Vec<String>,
    /// The command that repeats the simulation.
    pub replay: String,
    #[serde(skip)]
    seed_hex: String,
    #[serde(skip)]
    whole: String,
    #[serde(skip)]
    text: String,
}

impl FailureReport {
    /// Returns the report on a recorded simulation; `replay` is the command that repeats the simulation.
    pub fn new(scenario: &Scenario, reference: &Reference, recording: &Recording, replay: String) -> Self {
        let Recording { simulation, events, workers, .. } = recording;
        // A violation that was found at the end of the trace has a number above those of all events.
        let violation = match &simulation.finding {
            Some(Finding::Violated(Violations { at, .. })) => Some(*at),
            _ => None,
        };
        let mut whole = Narrative::new(scenario, reference, *workers, events, violation);
        if simulation.ended == Ended::NotConverged {
            whole.and_still(scenario, events);
        }
        let clauses: Vec<_> =
            simulation.finding.as_ref().map(|finding| finding.clauses().iter().collect()).unwrap_or_default();
        let primary = simulation.finding.as_ref().map(Finding::primary);
        let at = violation.map(|at| at.min(events.len() as u64));
        let event = at.and_then(|at| events.get(usize::try_from(at).ok()?.checked_sub(1)?));
        let near = match (at, event) {
            (Some(at), Some(event)) => whole.leading_to(at, event),
            _ => whole.clone(),
        };
        let mark = at.zip(primary.map(truecount_contract::clause::Clause::id));
        let mut mismatch = match &simulation.finding {
            Some(Finding::Unexpected(mismatch)) => Some(mismatch.text(&scenario.names)),
            Some(Finding::NotConverged) => {
                Some("faults have stopped and every run has ended, but the simulation can cycle for ever".to_owned())
            }
            _ => None,
        };
        if simulation.ended == Ended::NotConverged {
            mismatch
                .get_or_insert_with(|| "faults have stopped, but the simulation did not converge in time".to_owned());
        }
        let text = near.write(LINES, mark);
        Self {
            scenario: scenario.id.clone(),
            title: scenario.title.clone(),
            seed: Some(simulation.seed.to_string()),
            schedule: None,
            seed_hex: format!("{:#x}", simulation.seed),
            explored: None,
            clause: primary.map(truecount_contract::clause::Clause::id),
            violated: clauses.iter().map(|clause| clause.id()).collect(),
            mismatch,
            at,
            trace: text.lines().map(|line| line.trim().to_owned()).collect(),
            replay,
            whole: whole.write(usize::MAX, mark),
            text,
        }
    }

    /// Returns the report on a failing seed that could not be simulated again, with the clauses that it violated.
    pub fn without_trace(scenario: &Scenario, result: &ScenarioResult, seed: u64, replay: String) -> Self {
        let clauses = result.first_violated.iter().filter(|(_, first)| **first == seed);
        let clauses: ClauseSet = clauses.map(|(clause, _)| *clause).collect();
        let named = result.named.iter().find(|(_, named)| named.violated.values().any(|first| *first == seed));
        Self {
            scenario: scenario.id.clone(),
            title: scenario.title.clone(),
            seed: Some(seed.to_string()),
            schedule: None,
            seed_hex: format!("{seed:#x}"),
            explored: None,
            clause: named.map(|(clause, _)| clause.id()),
            violated: clauses.iter().map(Clause::id).collect(),
            mismatch: Some("the check was interrupted before the trace was recorded".to_owned()),
            at: None,
            trace: Vec::new(),
            replay,
            whole: String::new(),
            text: String::new(),
        }
    }

    /// Marks the report as a report on a schedule instead of a seed.
    #[must_use]
    pub fn of_schedule(mut self, name: &str) -> Self {
        (self.seed, self.schedule) = (None, Some(name.to_owned()));
        self
    }

    /// Marks the failure as found by an exploration instead of a seed. `how` describes the path.
    pub fn explored(mut self, how: String) -> Self {
        (self.seed, self.explored) = (None, Some(how));
        self
    }

    fn head(&self) -> String {
        let mut text = match self.clause.and_then(truecount_contract::clause::Clause::from_id) {
            Some(clause) => format!("FAIL {clause}  {}\n", clause.text()),
            None => "PASS\n".to_owned(),
        };
        text.push_str(&format!("  scenario  {}: {}\n", self.scenario, self.title));
        if let Some(schedule) = &self.schedule {
            text.push_str(&format!("  schedule  {schedule}\n"));
        }
        if let Some(how) = &self.explored {
            text.push_str(&format!("  explored  {how}\n"));
        }
        if let Some(seed) = &self.seed {
            text.push_str(&format!("  seed      {seed} ({})\n", self.seed_hex));
        }
        if self.violated.len() > 1 {
            text.push_str(&format!("  violated  {}\n", self.violated.join(" ")));
        }
        if let Some(mismatch) = &self.mismatch {
            text.push_str(&format!("  mismatch  {mismatch}\n"));
        }
        text
    }

    fn foot(&self) -> String {
        let mut text = format!("  replay    {}\n", self.replay);
        if let Some(clause) = self.clause.and_then(truecount_contract::clause::Clause::from_id) {
            if let Some(hint) = clause.hint() {
                text.push_str(&format!("  hint      {hint}\n"));
            }
            text.push_str(&format!("  explain   truecount explain {clause}\n"));
        }
        text
    }

    /// Returns the report with the part of the trace that led to the failure.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.head(), self.text, self.foot())
    }

    /// Returns the report with the whole trace.
    pub fn whole_text(&self) -> String {
        format!("{}{}{}", self.head(), self.whole, self.foot())
    }
}
