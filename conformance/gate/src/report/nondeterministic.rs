//! Reports on nondeterministic simulations. A report shows where two simulations of one seed differ, with both sides in
//! words.

use serde::Serialize;

use super::FailureReport;
use crate::audit::{Mark, NotSame, Place};
use crate::sums::ScenarioResult;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// A nondeterministic simulation. The cause is a defect in the harness or a nondeterministic engine.
#[derive(Clone, Debug, Serialize)]
pub struct NondeterministicReport {
    /// The id of the scenario.
    pub scenario: String,
    /// The seed, as text.
    pub seed: String,
    /// Where the second simulation took place: `the same process` or `another process`.
    pub again_in: &'static str,
    /// The parts that differ: verdict, trace, number of events, final rows.
    pub differs: Vec<&'static str>,
    /// The first event that differs, counted from 1; `None` if all events are the same.
    pub event: Option<u64>,
    /// The words for this event in the first simulation; `None` if all events are the same.
    pub once: Option<String>,
    /// The words for this event in the second simulation; `None` if all events are the same.
    pub again: Option<String>,
    /// The number of events in the first and in the second simulation, if both are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<[u64; 2]>,
    /// The number of other nondeterministic seeds of the scenario in the same round.
    pub others: u64,
}

impl NondeterministicReport {
    /// Returns the report on a nondeterministic simulation of one of these scenarios.
    pub fn new(found: &NotSame, scenarios: &[(&Scenario, &Reference)]) -> Self {
        let [once, again] = found.marks;
        let parts = |mark: &Mark| [mark.verdict, mark.hash, mark.events, mark.digest];
        let pairs = parts(&once).into_iter().zip(parts(&again));
        let names = ["verdict", "trace", "events", "final rows"].into_iter().zip(pairs);
        let differs = names.filter(|(_, (once, again))| once != again).map(|(name, _)| name);
        let side = |place: usize| found.event.as_ref().map(|(_, sides)| sides[place].clone());
        Self {
            scenario: scenarios[found.place].0.id.clone(),
            seed: found.seed.to_string(),
            again_in: match found.again {
                Place::Here => "the same process",
                Place::Elsewhere => "another process",
            },
            differs: differs.collect(),
            event: found.event.as_ref().map(|(event, _)| *event),
            once: side(0),
            again: side(1),
            events: Some([once.events, again.events]),
            others: found.others,
        }
    }

    /// Returns the report on a failing seed that does not fail in the same way when it is simulated again for its
    /// report; `None` if it does. The failure may have been read from a checkpoint file that is not genuine.
    pub(super) fn of_failure(id: &str, seed: u64, result: &ScenarioResult, failure: &FailureReport) -> Option<Self> {
        let clauses = result.first_violated.iter().filter(|(_, first)| **first == seed);
        let recorded: Vec<&str> = clauses.map(|(clause, _)| clause.id()).collect();
        if recorded == failure.violated {
            return None;
        }
        let words = |clauses: &[&str]| match clauses {
            [] => "the simulation passes".to_owned(),
            clauses => format!("the simulation violates {}", clauses.join(" ")),
        };
        Some(Self {
            scenario: id.to_owned(),
            seed: seed.to_string(),
            again_in: "the same process",
            differs: vec!["verdict"],
            event: None,
            once: Some(words(&recorded)),
            again: Some(words(&failure.violated)),
            events: None,
            others: 0,
        })
    }

    /// Returns the report as text.
    pub(super) fn text(&self) -> String {
        let Self { scenario, seed, again_in, .. } = self;
        let mut text = format!("DEFECT nondeterministic: {scenario} under seed {seed}, repeated in {again_in}\n");
        text.push_str(&format!("  differs   {}\n", self.differs.join(", ")));
        match (self.event, self.events) {
            (Some(event), Some([here, there])) => text
                .push_str(&format!("  event     {event} is the first to differ, out of {here} and {there} events\n")),
            (None, Some([here, _])) => {
                text.push_str(&format!("  event     no event differs: all {here} are the same\n"));
            }
            (_, None) => {}
        }
        if let (Some(once), Some(again)) = (&self.once, &self.again) {
            text.push_str(&format!("  once      {once}\n  again     {again}\n"));
        }
        if self.others > 0 {
            text.push_str(&format!("  also      other nondeterministic seeds of this scenario: {}\n", self.others));
        }
        text
    }
}
