//! Checks that the numbers in an expectation agree with the plan, with each other and with the units.
//!
//! Only exact values are compared. The outcome is derived from the numbers as LIFE-04 requires.
//! Responses are not considered: this module uses the resolution that is stated for a unit.

use truecount_engine::counts::Key;
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;

use super::draft::Draft;
use super::expect::Stated;
use super::finding::{At, Findings};
use super::kind::Kind;
use super::rule;
use truecount_contract::contract::outcome;
use truecount_json::quoted;

/// Each unit adds 1 to exactly one of these keys.
const OUTCOMES: [Key; 3] = [Key::Succeeded, Key::Failed, Key::Skipped];

/// Checks the expected numbers of a run.
pub(super) fn check(draft: &Draft<'_>, stated: &Stated<'_>, findings: &mut Findings) {
    let (Some(family), Some(units)) = (draft.family, draft.units()) else { return };
    // A request without a run of its own and a family without units have no numbers. The module `check` reports numbers
    // that are stated nevertheless.
    if draft.is_phased() || stated.expected.refused || stated.expected.same_as.is_some() {
        return;
    }
    let units = units.len() as u64;
    totals(stated, units, findings);
    match exact_units(stated) {
        Some(ends) if ends.len() as u64 == units => against_units(stated, family, &ends, findings),
        _ => against_each_other(stated, units, findings),
    }
}

fn totals(stated: &Stated<'_>, units: u64, findings: &mut Findings) {
    let counts = stated.at.key("counts");
    for (number, key, value) in stated.written.counts.iter() {
        let fixed = key == Key::Total.name() || key == Key::Processed.name();
        if fixed && !value.values().is_empty() && !value.values().contains(&units) {
            findings
                .add(counts.nth(number).span(), rule::WRONG_TOTAL, format!("the run plans {}", counted(units)))
                .expected(format!("{} {units}", quoted(key)))
                .help("an object that is requested twice is one unit");
        }
    }
}

/// Checks the three outcome counts, if all of them are exact, against the plan and the outcome.
fn against_each_other(stated: &Stated<'_>, units: u64, findings: &mut Findings) {
    let value = |key: Key| exact_count(stated, key).map(|(_, value)| value);
    let [Some(succeeded), Some(failed), Some(skipped)] = OUTCOMES.map(value) else { return };
    let sum = succeeded.checked_add(failed).and_then(|sum| sum.checked_add(skipped));
    if sum != Some(units) {
        let message =
            format!("{succeeded} succeeded, {failed} failed and {skipped} skipped do not add up to {}", counted(units));
        findings
            .add(stated.at.key("counts").name(), rule::COUNTS_DISAGREE, message)
            .expected(format!("{} in total, as planned", counted(units)))
            .help("an object that is requested twice is one unit");
        return;
    }
    let end = outcome(false, [succeeded, skipped, failed]);
    expect_outcome(stated, end, rule::COUNTS_DISAGREE, findings);
}

/// Checks exact counts and an exact outcome against the units, whose resolutions are all exact.
fn against_units(stated: &Stated<'_>, family: Kind, ends: &[Resolution], findings: &mut Findings) {
    let adding = |key: Key| ends.iter().filter(|end| family.adds(**end, key)).count() as u64;
    for key in Key::ALL.into_iter().filter(|key| !matches!(key, Key::Total | Key::Processed)) {
        if let Some((at, value)) = exact_count(stated, key)
            && value != adding(key)
        {
            let name = quoted(key.name());
            findings
                .add(at.span(), rule::COUNTS_AGAINST_UNITS, format!("{name} is {value}, which contradicts the units"))
                .expected(format!("{name} {}", adding(key)))
                .help("fix whichever is wrong: this count, or what the units resolve to");
        }
    }
    let [succeeded, failed, skipped] = OUTCOMES.map(adding);
    let end = outcome(false, [succeeded, skipped, failed]);
    expect_outcome(stated, end, rule::COUNTS_AGAINST_UNITS, findings);
}

fn expect_outcome(stated: &Stated<'_>, end: Outcome, rule: &'static str, findings: &mut Findings) {
    let exact = stated.written.outcome.as_ref().is_some_and(|outcome| outcome.exact().is_some());
    if let [outcome] = stated.expected.outcome[..]
        && exact
        && outcome != end
    {
        let message = format!("the outcome {} contradicts the other expected results", quoted(outcome.name()));
        findings
            .add(stated.at.key("outcome").span(), rule, message)
            .expected(quoted(end.name()))
            .help("fix whichever is wrong: the outcome, or the counts or units that determine it");
    }
}

/// Returns the resolution of each unit, or `None` if a resolution is not stated exactly.
fn exact_units(stated: &Stated<'_>) -> Option<Vec<Resolution>> {
    let units = stated.written.units.as_ref().filter(|_| stated.units_known)?;
    if units.0.iter().any(|(_, ends)| ends.exact().is_none()) {
        return None;
    }
    stated.expected.units.iter().map(|(_, ends)| ends.first().copied()).collect()
}

fn exact_count<'f>(stated: &Stated<'f>, key: Key) -> Option<(At<'f>, u64)> {
    let (number, _, value) = stated.written.counts.iter().find(|(_, name, _)| *name == key.name())?;
    value.exact().map(|value| (stated.at.key("counts").nth(number), *value))
}

/// Returns the number with its noun, such as `1 unit` or `2 units`.
pub(super) fn counted(units: u64) -> String {
    format!("{units} {}", if units == 1 { "unit" } else { "units" })
}
