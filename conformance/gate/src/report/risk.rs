//! How often scenarios could still fail although no seed failed: the 95 % upper bound on the failure rate.
//!
//! All figures are computed with integers and rounded up.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ScenarioReport;
use crate::thousands::Thousands;

/// The maximum number of scenarios that a line lists by id.
const LISTED_MAX: usize = 4;

/// Scenarios that were simulated under the same number of seeds, none of which failed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RiskReport {
    /// The number of seeds of each scenario.
    pub seeds: u64,
    /// The ids of the scenarios.
    pub scenarios: Vec<String>,
    /// The 95 % upper bound on the failure rate of each of these scenarios: a percentage, as text so that it is exact.
    pub upper_bound_percent: String,
}

/// Returns a report for each number of seeds, largest first. Scenarios that failed are left out, even if a known
/// failure states it, and so are those without seeds.
pub(super) fn risks(scenarios: &[ScenarioReport]) -> Vec<RiskReport> {
    let mut groups: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for scenario in
        scenarios.iter().filter(|scenario| scenario.seeds > 0 && !scenario.fails() && scenario.expected == 0)
    {
        groups.entry(scenario.seeds).or_default().push(scenario.id.clone());
    }
    let report = |(seeds, scenarios)| RiskReport { seeds, scenarios, upper_bound_percent: upper_bound_percent(seeds) };
    groups.into_iter().rev().map(report).collect()
}

/// Returns a line for each report. The first line also states the smaller numbers of seeds.
pub(super) fn text(risks: &[RiskReport]) -> String {
    let Some((first, fewer)) = risks.split_first() else { return String::new() };
    let bound = "95 % upper bound on the failure rate:";
    let except: Vec<String> =
        fewer.iter().map(|risk| format!("{} for {}", Thousands(risk.seeds), list(&risk.scenarios))).collect();
    let except = if except.is_empty() { String::new() } else { format!(" ({})", except.join("; ")) };
    let seeds = Thousands(first.seeds);
    let mut text = format!("      0 failures in {seeds} seeds each{except}; {bound} {} %\n", first.upper_bound_percent);
    for RiskReport { seeds, scenarios, upper_bound_percent } in fewer {
        let (seeds, scenarios) = (Thousands(*seeds), list(scenarios));
        text.push_str(&format!("      0 failures in {seeds} seeds of {scenarios}; {bound} {upper_bound_percent} %\n"));
    }
    text
}

/// Returns the ids, or only their number if they are many.
fn list(ids: &[String]) -> String {
    if ids.len() > LISTED_MAX { format!("{} scenarios", ids.len()) } else { ids.join(", ") }
}

/// The number of trials from which the rule of three applies. Below, it would be far above the exact bound.
const THREE_MIN: u64 = 100;

/// Returns the 95 % upper bound on the rate of failures after this many trials without one, as a percentage. It is
/// rounded up to two significant digits or one decimal place, whichever is more precise.
///
/// The exact bound is the rate `p` for which `(1 - p)^trials` is 5 %. From [`THREE_MIN`] trials, the bound is `3 / trials`
/// (the rule of three), which is slightly larger.
fn upper_bound_percent(trials: u64) -> String {
    if trials < THREE_MIN {
        // Tenths of a percent. The bound is never below 2.9 %, so it has at least two significant digits.
        let tenths = (0..=1_000).find(|tenths| is_enough(*tenths, trials)).unwrap_or(1_000);
        return format!("{}.{}", tenths / 10, tenths % 10);
    }
    let scaled = |decimals: u32| (300 * 10_u128.pow(decimals)).div_ceil(u128::from(trials));
    let decimals = (1..20).find(|decimals| scaled(*decimals) >= 10).unwrap_or(20);
    let unit = 10_u128.pow(decimals);
    let (whole, fraction) = (scaled(decimals) / unit, scaled(decimals) % unit);
    format!("{whole}.{fraction:0width$}", width = decimals as usize)
}

/// Returns whether this many trials without a failure have a probability of at most 5 % if each fails with this rate,
/// in tenths of a percent.
fn is_enough(tenths: u128, trials: u64) -> bool {
    const ONE: u128 = 10_u128.pow(18);
    let held = (1_000 - tenths) * (ONE / 1_000);
    // Each product is rounded up, so the probability is never too small.
    let all = (0..trials).fold(ONE, |all, _| (all * held).div_ceil(ONE));
    all * 20 <= ONE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_trials_have_the_exact_bound() {
        // 1 - 0.05, 1 - 0.05^(1/2) = 0.7764 and 1 - 0.05^(1/3) = 0.6316, rounded up.
        for (trials, bound) in [(0, "100.0"), (1, "95.0"), (2, "77.7"), (3, "63.2"), (32, "9.0"), (99, "3.0")] {
            assert_eq!(upper_bound_percent(trials), bound, "{trials} trials");
        }
    }

    #[test]
    fn the_rule_of_three_is_rounded_up() {
        assert_eq!(upper_bound_percent(100), "3.0");
        assert_eq!(upper_bound_percent(256), "1.2");
        assert_eq!(upper_bound_percent(300), "1.0");
        assert_eq!(upper_bound_percent(8_000), "0.038");
        assert_eq!(upper_bound_percent(u64::MAX), "0.000000000000000017");
    }

    #[test]
    fn each_number_of_seeds_has_its_own_bound() {
        let risk = |seeds, scenarios: &[&str]| RiskReport {
            seeds,
            scenarios: scenarios.iter().map(|id| (*id).to_owned()).collect(),
            upper_bound_percent: upper_bound_percent(seeds),
        };
        assert_eq!(text(&[]), "");
        let one = risk(256, &["a/one"]);
        assert_eq!(
            text(std::slice::from_ref(&one)),
            "      0 failures in 256 seeds each; 95 % upper bound on the failure rate: 1.2 %\n"
        );
        assert_eq!(
            text(&[one, risk(2, &["a/two", "b/two"])]),
            "      0 failures in 256 seeds each (2 for a/two, b/two); 95 % upper bound on the failure rate: 1.2 %\n      \
             0 failures in 2 seeds of a/two, b/two; 95 % upper bound on the failure rate: 77.7 %\n"
        );
        assert!(text(&[risk(9, &["a"]), risk(2, &["a", "b", "c", "d", "e"])]).contains("(2 for 5 scenarios)"));
    }
}
