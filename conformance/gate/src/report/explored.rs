//! Reports on scenarios that were explored completely or up to a bound.

use serde::Serialize;
use truecount_sim::explore::Cut;

use super::FailureReport;
use crate::explore::{Conclusion, Exploration};
use crate::table::{Column, heading, line};
use crate::thousands::Thousands;
use truecount_scenario::Scenario;

/// The report on the exploration of a scenario.
#[derive(Clone, Debug, Serialize)]
pub struct ExploredReport {
    /// The id of the scenario.
    pub id: String,
    /// `exhausted`, `violated`, `unknown` or, if the violation is expected, `known failure`.
    pub verdict: &'static str,
    /// The number of distinct states, summed over all numbers of workers.
    pub states: u64,
    /// The number of steps between states, excluding steps that violate a clause or do not apply.
    pub edges: u64,
    /// The number of generated states, including repetitions.
    pub generated: u64,
    /// The length, in steps, of the longest path that was held in memory.
    pub depth: u32,
    /// The number of worker counts that the scenario allows, and the number of those that were explored to the end.
    pub workers: [u16; 2],
    /// The reason why the verdict is `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// The command that explores further, if the scenario was not exhausted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resume: Option<String>,
    /// A note on a quantity of which only the extreme values were explored, such as clock skew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<&'static str>,
    /// The first violation, with its trace.
    pub failure: Option<FailureReport>,
}

/// Returns the reason why an exploration ended.
fn why(cut: Cut) -> &'static str {
    match cut {
        Cut::Violation => "a clause is violated",
        Cut::States => "the bound on states was reached",
        Cut::Steps => "the bound on generated states was reached",
        Cut::Depth => "the bound on depth was reached (the state may grow without limit)",
        Cut::Asked => "interrupted",
    }
}

const COLUMNS: [Column; 6] = [
    Column::Left("scenario", 32),
    Column::Right("states", 12),
    Column::Right("steps", 12),
    Column::Right("generated", 12),
    Column::Right("depth", 6),
    Column::Left("verdict", 0),
];

impl ExploredReport {
    /// The verdict on an exploration that ended at an expected violation.
    pub(super) const KNOWN: &str = "known failure";

    /// Returns the report on an exploration.
    pub fn new(scenario: &Scenario, exploration: &Exploration, failure: Option<FailureReport>) -> Self {
        let Exploration { states, edges, generated, depth, finished, wanted, sampled, cut, .. } = *exploration;
        let (verdict, why) = match exploration.conclusion() {
            Conclusion::Exhausted => ("exhausted", None),
            Conclusion::Violated => ("violated", None),
            Conclusion::Unknown => ("unknown", cut.map(why)),
        };
        Self {
            id: scenario.id.clone(),
            verdict,
            why,
            resume: None,
            states,
            edges,
            generated,
            depth,
            workers: [wanted, finished],
            sampled: sampled
                .then_some("clocks are skewed by exactly two minutes in either direction, and by no other amount"),
            failure,
        }
    }

    /// Returns a line of the table with the heading [`ExploredReport::heading`].
    pub fn line(&self) -> String {
        let [wanted, finished] = self.workers;
        let mut text = self.verdict.to_owned();
        if let Some(why) = self.why {
            let numbers = if wanted == 1 { "number" } else { "numbers" };
            text.push_str(&format!(": {why}; finished {finished} of {wanted} {numbers} of workers"));
        }
        if let Some(resume) = &self.resume {
            text.push_str(&format!("; resume with: {resume}"));
        }
        if let Some(sampled) = self.sampled {
            text.push_str(&format!(" ({sampled})"));
        }
        let [states, edges, generated] =
            [self.states, self.edges, self.generated].map(|count| Thousands(count).to_string());
        line(&COLUMNS, [&self.id, &states, &edges, &generated, &self.depth, &text])
    }

    /// Returns the headings of the columns.
    pub fn heading() -> String {
        heading(&COLUMNS)
    }

    /// Returns the totals of several explorations as one line.
    pub fn sum(explored: &[Self]) -> String {
        let of = |verdict: &str| explored.iter().filter(|one| one.verdict == verdict).count();
        let states = explored.iter().map(|one| one.states).sum();
        let scenarios = if explored.len() == 1 { "scenario" } else { "scenarios" };
        let mut text = format!("explored {} {scenarios}: {} exhausted", explored.len(), of("exhausted"));
        for verdict in ["violated", Self::KNOWN, "unknown"] {
            if of(verdict) > 0 {
                text.push_str(&format!(", {} {verdict}", of(verdict)));
            }
        }
        let violation = if of("violated") + of(Self::KNOWN) == 0 { ", no violation" } else { "" };
        text.push_str(&format!(", {} states{violation}\n", Thousands(states)));
        text
    }
}
