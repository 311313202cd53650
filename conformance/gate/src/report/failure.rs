//! A simulation, judged and reported: what a reader needs to understand a failure.

use serde::Serialize;
use truecount_sim::simulate::Ended;

use crate::finding::Finding;
use crate::narrative::Narrative;
use crate::recording::Recording;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// The most lines of a trace in a report.
const LINES: usize = 24;

/// A simulation, judged and reported.
#[derive(Clone, Debug, Serialize)]
pub struct FailureReport {
    /// The id of the scenario.
    pub scenario: String,
    /// What the scenario shows.
    pub title: String,
    /// The seed, as text; none if no seed found it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The schedule, by its name, if it is the simulation of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// How an exploration came upon it, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explored: Option<String>,
    /// The clause to name; none if the simulation holds.
    pub clause: Option<&'static str>,
    /// All clauses violated by the same event.
    pub violated: Vec<&'static str>,
    /// What is wrong, in words, if it is not a clause alone.
    pub mismatch: Option<String>,
    /// The event that violated them, counted from 1.
    pub at: Option<u64>,
    /// The trace of what led there.
    pub trace: Vec<String>,
    /// How to see it again.
    pub replay: String,
    #[serde(skip)]
    seed_hex: String,
    #[serde(skip)]
    whole: String,
    #[serde(skip)]
    text: String,
}

impl FailureReport {
    /// Reports a simulation from its events; `replay` is the command that simulates it again.
    pub fn new(scenario: &Scenario, reference: &Reference, recording: &Recording, replay: String) -> Self {
        let Recording { simulation, events, workers, .. } = recording;
        let mut whole = Narrative::new(scenario, reference, *workers, events);
        if simulation.ended == Ended::NotConverged {
            whole.and_still(scenario, events);
        }
        let clauses: Vec<_> =
            simulation.finding.as_ref().map(|finding| finding.clauses().iter().collect()).unwrap_or_default();
        let primary = simulation.finding.as_ref().map(Finding::primary);
        let at = match &simulation.finding {
            Some(Finding::Violated { at, .. }) => Some((*at).min(events.len() as u64)),
            _ => None,
        };
        let event = at.and_then(|at| events.get(usize::try_from(at).ok()?.checked_sub(1)?));
        let near = match (at, event) {
            (Some(at), Some(event)) => whole.leading_to(at, event),
            _ => whole.clone(),
        };
        let mark = at.zip(primary.map(truecount_contract::clause::Clause::id));
        let mut mismatch = match &simulation.finding {
            Some(Finding::Unexpected(mismatch)) => Some(mismatch.text(&scenario.names)),
            Some(Finding::NotConverged) => {
                Some("faults have stopped, every run has ended, and the simulation can cycle for ever".to_owned())
            }
            _ => None,
        };
        if simulation.ended == Ended::NotConverged {
            mismatch.get_or_insert_with(|| "faults have stopped, and still it did not come to rest in time".to_owned());
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

    /// States that it is the simulation of a schedule, and not of a seed.
    #[must_use]
    pub fn of_schedule(mut self, name: &str) -> Self {
        (self.seed, self.schedule) = (None, Some(name.to_owned()));
        self
    }

    /// States that an exploration found it, and how, and not a seed.
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

    /// Returns the failure with the trace that led to it.
    pub fn text(&self) -> String {
        format!("{}{}{}", self.head(), self.text, self.foot())
    }

    /// Returns the simulation with all that happened.
    pub fn whole_text(&self) -> String {
        format!("{}{}{}", self.head(), self.whole, self.foot())
    }
}
