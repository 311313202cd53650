//! The sometimes assertions that a check has hit, and the first simulation that hit each of them.

use serde::Serialize;

use crate::sums::ScenarioResult;
use truecount_contract::sometimes::Sometimes;
use truecount_scenario::Scenario;

/// The standing of a sometimes assertion.
#[derive(Clone, Debug, Serialize)]
pub struct SometimesReport {
    /// The id of the sometimes assertion.
    pub id: &'static str,
    /// The state or event that must occur.
    pub sentence: &'static str,
    /// The number of scenarios that hit the assertion.
    pub scenarios: u64,
    /// The first of these scenarios, with its first seed that hit the assertion. `None` if the assertion was not hit.
    pub first: Option<First>,
}

/// The first simulation that hit an assertion or reached a cell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct First {
    /// The id of the scenario.
    pub scenario: String,
    /// The seed, as text.
    pub seed: String,
}

/// Returns the standing of each sometimes assertion.
pub(crate) fn sometimes_reports<'r>(
    scenarios: impl Iterator<Item = (&'r Scenario, &'r ScenarioResult)>,
) -> Vec<SometimesReport> {
    let mut reports: Vec<SometimesReport> = Sometimes::ALL
        .iter()
        .map(|assertion| SometimesReport {
            id: assertion.id(),
            sentence: assertion.sentence(),
            scenarios: 0,
            first: None,
        })
        .collect();
    for (scenario, result) in scenarios {
        for (assertion, seed) in &result.first_reached {
            let report = &mut reports[*assertion as usize];
            report.scenarios += 1;
            report.first.get_or_insert_with(|| First { scenario: scenario.id.clone(), seed: seed.to_string() });
        }
    }
    reports
}

/// Returns the section on sometimes assertions for the text report.
pub(super) fn text(sometimes: &[SometimesReport], judged: bool) -> String {
    let missing: Vec<&SometimesReport> = sometimes.iter().filter(|assertion| assertion.first.is_none()).collect();
    let mut text = format!("  sometimes {} of {} hit", sometimes.len() - missing.len(), sometimes.len());
    if !judged {
        text.push_str(" (not judged)\n");
        return text;
    }
    text.push('\n');
    for assertion in missing {
        text.push_str(&format!("  not hit: {}: {}\n", assertion.id, assertion.sentence));
    }
    text
}
