//! The budgets of the portfolio, and whether they are met.

use serde::{Deserialize, Serialize};

use super::{Figures, Row};
use crate::attribution::Thread;
use crate::thousands::Thousands;

/// The maximum acceptable median number of seeds to detection.
pub(crate) const MEDIAN: u64 = 50;

/// The maximum acceptable number of seeds to detection in any campaign.
pub(crate) const MAXIMUM: u64 = 2_000;

/// The factor by which the portfolio's median may exceed the median of a single scheduler, and the maximum number of
/// bugs for which it may exceed that factor.
const AHEAD: (u64, usize) = (3, 2);

/// The minimum percentage of bugs that must be reported mostly under their own clause.
const ATTRIBUTED_PERCENT: usize = 95;

/// The figures that are compared with the budgets.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The number of bugs killed under their own clause.
    pub killed: u64,
    /// The median of the medians of all bugs; `None` if at least half of the bugs have no median.
    pub median: Option<u64>,
    /// The ids of the bugs whose own median exceeds the budget.
    pub slow: Vec<String>,
    /// The maximum number of seeds over all campaigns; `None` if a campaign gave up.
    pub maximum: Option<u64>,
    /// The ids of the bugs of which at most half of the failing simulations are reported under their own clause.
    #[serde(default)]
    pub misattributed: Vec<String>,
    /// The bugs among these that public reports describe.
    #[serde(default)]
    pub misattributed_reports: Vec<String>,
    /// The ids of the bugs that are killed too rarely: in fewer than 1 in 1,000 simulations of the scenario that kills
    /// them most often, and by no exploration.
    #[serde(default)]
    pub rare: Vec<String>,
    /// For each scheduler alone, the bugs for which its median is less than a third of the portfolio's median.
    pub ahead: Vec<Ahead>,
}

/// Bugs for which a scheduler alone is far better than the portfolio.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ahead {
    /// The name of the scheduler.
    pub scheduler: String,
    /// The ids of the bugs.
    pub mutants: Vec<String>,
}

impl Summary {
    pub(super) fn new(rows: &[Row]) -> Self {
        let mut medians: Vec<u64> = rows.iter().map(|row| or_never(row.portfolio.median)).collect();
        medians.sort_unstable();
        let slow = rows.iter().filter(|row| or_never(row.portfolio.median) > MEDIAN);
        let schedulers = rows.first().map_or(&[][..], |row| &row.alone[..]);
        let ahead = schedulers.iter().enumerate().map(|(place, alone)| {
            let far = |row: &&Row| row.alone.get(place).is_some_and(|alone| far_better(alone.figures, row.portfolio));
            let mutants = rows.iter().filter(far).map(|row| row.mutant.clone()).collect();
            Ahead { scheduler: alone.scheduler.clone(), mutants }
        });
        Self {
            killed: rows.iter().filter(|row| row.verdict == "killed").count() as u64,
            median: medians.get(medians.len() / 2).copied().filter(|median| *median < u64::MAX),
            slow: slow.map(|row| row.mutant.clone()).collect(),
            maximum: rows.iter().map(|row| or_never(row.portfolio.maximum)).max().filter(|most| *most < u64::MAX),
            misattributed: ids(rows, |row| !row.attribution.is_mostly_own()),
            misattributed_reports: ids(rows, |row| !row.known_from.is_empty() && !row.attribution.is_mostly_own()),
            rare: ids(rows, |row| {
                row.explored.is_none() && !row.attribution.thread.as_ref().is_some_and(Thread::is_thick)
            }),
            ahead: ahead.collect(),
        }
    }

    /// Returns, in words, whether reports name the right clause, whether they do so for each bug that is known from a
    /// public report, and whether no bug is killed too rarely. `bugs` is the number of bugs.
    pub fn requirements(&self, bugs: usize) -> [(String, bool); 3] {
        let own = bugs - self.misattributed.len();
        [
            (
                format!(
                    "{own} of {bugs} bugs have more than half of their failing simulations under their own clause \
                     (at least {ATTRIBUTED_PERCENT} %){}",
                    list(&self.misattributed, "; the others are ")
                ),
                own * 100 >= bugs * ATTRIBUTED_PERCENT,
            ),
            (
                format!(
                    "bugs known from public reports that do not have more than half of their failing simulations under \
                     their own clause: {} (at most 0){}",
                    self.misattributed_reports.len(),
                    list(&self.misattributed_reports, ": ")
                ),
                self.misattributed_reports.is_empty(),
            ),
            (
                format!(
                    "bugs that are killed in fewer than 1 in {} simulations of every scenario, and that no \
                     exploration finds: {} (at most 0){}",
                    Thousands(Thread::SIMULATIONS_MAX),
                    self.rare.len(),
                    list(&self.rare, ": ")
                ),
                self.rare.is_empty(),
            ),
        ]
    }

    /// Returns each budget in words, and whether it is met.
    pub fn budgets(&self) -> Vec<(String, bool)> {
        let number = |number: Option<u64>| number.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let list = |mutants: &[String]| match list(mutants, " (") {
            ids if ids.is_empty() => ids,
            ids => format!("{ids})"),
        };
        let mut budgets = vec![
            (
                format!(
                    "the portfolio's median over all bugs is {} (at most {MEDIAN} seeds); bugs with a median above {MEDIAN}: {}{}",
                    number(self.median),
                    self.slow.len(),
                    list(&self.slow)
                ),
                or_never(self.median) <= MEDIAN,
            ),
            (
                format!(
                    "the portfolio's maximum over all campaigns is {} (at most {MAXIMUM} seeds)",
                    number(self.maximum)
                ),
                or_never(self.maximum) <= MAXIMUM,
            ),
        ];
        let (times, most) = AHEAD;
        budgets.extend(self.ahead.iter().map(|Ahead { scheduler, mutants }| {
            let words = format!(
                "bugs for which the portfolio's median is more than {times} times the median of \
                 {scheduler} alone: {} (at most {most}){}",
                mutants.len(),
                list(mutants)
            );
            (words, mutants.len() <= most)
        }));
        budgets
    }
}

/// Returns the ids of the bugs to which a condition applies.
fn ids(rows: &[Row], condition: impl Fn(&Row) -> bool) -> Vec<String> {
    rows.iter().filter(|row| condition(row)).map(|row| row.mutant.clone()).collect()
}

/// Returns the ids after an introduction, or nothing if there are none.
fn list(mutants: &[String], introduction: &str) -> String {
    if mutants.is_empty() { String::new() } else { format!("{introduction}{}", mutants.join(" ")) }
}

fn or_never(seeds: Option<u64>) -> u64 {
    seeds.unwrap_or(u64::MAX)
}

fn far_better(alone: Figures, portfolio: Figures) -> bool {
    alone.median.is_some_and(|alone| or_never(portfolio.median) > alone.saturating_mul(AHEAD.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::Attribution;
    use crate::matrix::Alone;

    fn row(mutant: &str, verdict: &str, portfolio: [Option<u64>; 2], alone: [Option<u64>; 2]) -> Row {
        let figures = |[median, maximum]: [Option<u64>; 2]| Figures { median, maximum, gave_up: 0 };
        Row {
            mutant: mutant.to_owned(),
            verdict: verdict.to_owned(),
            portfolio: figures(portfolio),
            alone: vec![Alone { scheduler: "pct2".to_owned(), figures: figures(alone) }],
            ..Row::default()
        }
    }

    #[test]
    fn met_budgets_are_reported_as_met() {
        let fast = |mutant| row(mutant, "killed", [Some(1), Some(9)], [Some(1), Some(5)]);
        let late = row("c", "killed", [Some(60), Some(2_000)], [Some(20), None]);
        let summary = Summary::new(&[fast("a"), fast("b"), late]);
        assert_eq!((summary.killed, summary.median, summary.maximum), (3, Some(1), Some(2_000)));
        assert_eq!(summary.slow, ["c"]);
        assert!(summary.budgets().iter().all(|(_, held)| *held), "{:?}", summary.budgets());
        assert_eq!(summary.ahead[0].mutants, Vec::<String>::new(), "`c` is listed, but 60 is only three times 20");
    }

    #[test]
    fn missed_budgets_are_reported_as_missed() {
        let slow = |mutant| row(mutant, "killed", [Some(61), None], [Some(20), Some(30)]);
        let never = row("d", "survived", [None, None], [None, None]);
        let summary = Summary::new(&[slow("a"), slow("b"), slow("c"), never]);
        assert_eq!((summary.killed, summary.median, summary.maximum), (3, Some(61), None));
        assert_eq!(summary.ahead[0].mutants, ["a", "b", "c"]);
        assert!(summary.budgets().iter().all(|(_, held)| !held), "{:?}", summary.budgets());
    }

    #[test]
    fn half_of_the_failing_simulations_is_not_enough() {
        let named = |mutant: &str, own, failing, killed| Row {
            mutant: mutant.to_owned(),
            attribution: Attribution {
                simulations: 100,
                failing,
                own,
                others: Vec::new(),
                thread: Some(Thread { scenario: String::new(), simulations: 2_000, killed }),
            },
            ..Row::default()
        };
        let mut rows: Vec<Row> = (0..19).map(|number| named(&number.to_string(), 51, 100, 2)).collect();
        rows.push(named("half", 50, 100, 1));
        let summary = Summary::new(&rows);
        assert_eq!(
            (&summary.misattributed[..], &summary.rare[..]),
            (&["half".to_owned()][..], &["half".to_owned()][..])
        );
        let [attributed, reported, rare] = summary.requirements(rows.len());
        assert!(reported.1, "no bug is known from a public report");
        assert!(attributed.1 && !rare.1, "19 of 20 bugs are 95 %, and 1 in 2,000 simulations is less than 1 in 1,000");
        assert!(attributed.0.starts_with("19 of 20 bugs ") && attributed.0.ends_with("; the others are half"));
        let unexplored = rows.pop().expect("the last row");
        let explored = Row { explored: Some("small/one: 5 states".to_owned()), ..unexplored };
        let summary = Summary::new(&[explored, named("never", 0, 0, 2)]);
        assert_eq!(summary.misattributed, ["half", "never"]);
        let [attributed, _, rare] = summary.requirements(2);
        assert!(!attributed.1 && rare.1, "exploration finds the bug");
    }

    #[test]
    fn a_bug_that_is_known_from_a_report_must_be_attributed_to_its_clause() {
        let known = |own| Row {
            mutant: "known".to_owned(),
            known_from: vec!["owner/name#1".to_owned()],
            attribution: Attribution { simulations: 10, failing: 10, own, others: Vec::new(), thread: None },
            ..Row::default()
        };
        for (own, met) in [(5, false), (6, true)] {
            let [_, reported, _] = Summary::new(&[known(own)]).requirements(1);
            assert_eq!(reported.1, met, "{}", reported.0);
            assert_eq!(reported.0.ends_with(": known"), !met, "{}", reported.0);
        }
    }
}
