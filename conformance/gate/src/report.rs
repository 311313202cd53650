//! The report of a check: which clauses held, which were violated, and which were not exercised.
//!
//! A report contains no wall-clock time and no rate: the same seeds give the same report, byte for byte.

mod checked;
mod claims;
mod clauses;
mod coverage;
mod explored;
mod failure;
mod faults;
mod known;
mod nondeterministic;
mod risk;
mod schedules;
mod shapes;
mod sometimes;
mod text;
mod verdict;

use std::collections::BTreeMap;

use serde::Serialize;

use known::Sorter;

pub use checked::Checked;
pub use claims::{ClaimReport, ClaimStanding};
pub use clauses::{ClauseReport, Standing, standings};
pub use coverage::{CellReport, CellState, CoverageReport, FamilyCoverage};
pub use explored::ExploredReport;
pub use failure::FailureReport;
pub use faults::{FaultReport, FaultStanding};
pub use known::{Known, KnownEntry, KnownReport, KnownStanding};
pub use nondeterministic::NondeterministicReport;
pub use risk::RiskReport;
pub use schedules::{ScheduleReport, no_longer};
pub use shapes::{Drawn, drawn};
pub(crate) use sometimes::sometimes_reports;
pub use sometimes::{First, SometimesReport};
pub use verdict::Verdict;

use crate::sums::ScenarioResult;
use crate::sweep::Settings;
use truecount_contract::clause::Clause;
use truecount_contract::vectors::{Case, CaseResult};
use truecount_json::problem::Problem;
use truecount_scenario::Scenario;

/// The version of the JSON format, raised when the meaning of the format changes.
pub const FORMAT: u32 = 1;

/// The result of a check.
#[derive(Serialize, Debug)]
pub struct Report {
    /// The version of the format, [`FORMAT`].
    pub format: u32,
    /// The first seed, as text: some JSON readers keep only 53 bits of a number.
    pub seed: String,
    /// The number of seeds of each scenario; `None` if the number depends on the scenario's size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<u64>,
    /// The most severe verdict that applies.
    pub verdict: Verdict,
    /// The progress of the check, if it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<Interrupted>,
    /// Whether the check fails if a clause is not exercised or a sometimes assertion is not hit. This is the case only
    /// for a check of the whole corpus with at least the default number of seeds.
    pub judged: bool,
    /// The reasons why the check is not judged in this way, if it is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_judged: Vec<String>,
    /// A result for each scenario, ordered by id.
    pub scenarios: Vec<ScenarioReport>,
    /// The risk that remains, for each number of seeds, if the check passed. The largest number comes first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<RiskReport>,
    /// The totals for each family that occurs in a scenario.
    pub families: Vec<FamilyReport>,
    /// What became of the known failures, if a file declares any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownReport>,
    /// The standing of each clause.
    pub clauses: Vec<ClauseReport>,
    /// The standing of each sometimes assertion.
    pub sometimes: Vec<SometimesReport>,
    /// The paths that were taken under each kind of fault, if requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageReport>,
    /// Scenarios that were explored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explored: Vec<ExploredReport>,
    /// The results of the vectors.
    pub vectors: VectorReport,
    /// Files that could not be read and warnings about files, followed by warnings about what no simulation shows.
    pub problems: Vec<Problem>,
    /// Whether a warning fails the check.
    pub warnings_denied: bool,
    /// Simulations that were nondeterministic.
    pub nondeterministic: Vec<NondeterministicReport>,
    /// The number of simulations that ran twice in this process and once in another, if an audit was requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audited: Option<u64>,
    /// The number of simulations whose results were read from a checkpoint file, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resumed: Option<u64>,
}

/// A check that was interrupted.
#[derive(Serialize, Clone, Debug)]
pub struct Interrupted {
    /// The number of seeds that were simulated for each scenario. A scenario with fewer seeds was simulated with all of
    /// its seeds.
    pub seeds: u64,
    /// The number of further simulations. Without a checkpoint file, the resumed check performs them again.
    pub further: u64,
    /// The command that resumes the check.
    pub resume: String,
}

/// The result of a scenario.
#[derive(Serialize, Debug)]
pub struct ScenarioReport {
    /// The path of its file below the root, without `.json`.
    pub id: String,
    /// The title, a sentence that describes what the scenario shows.
    pub title: String,
    /// The families of its runs.
    pub families: Vec<&'static str>,
    /// The number of seeds that were simulated, starting with the first seed.
    pub seeds: u64,
    /// The possible shapes of its plan, each with the number of seeds that drew it. Empty if the scenario states the
    /// plan.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<Drawn>,
    /// The number of seeds that violated a clause or did not end as expected. Known failures are not included.
    pub failures: u64,
    /// The number of seeds and schedules that failed as a known failure states.
    #[serde(skip_serializing_if = "is_zero")]
    pub expected: u64,
    /// The number of choices that were applied, over all seeds.
    pub steps: u64,
    /// The number of events, over all seeds.
    pub events: u64,
    /// A hash of the traces of all seeds, in the order of the seeds.
    pub hash: String,
    /// The clauses that the scenario names, and whether it exercises them.
    pub clauses: Vec<ClaimReport>,
    /// The faults that the scenario allows, and whether a simulation injects them.
    pub faults: Vec<FaultReport>,
    /// The schedules that the scenario carries, each simulated once.
    pub schedules: Vec<ScheduleReport>,
    /// The first failure of a schedule or, if no schedule failed, of a seed.
    pub failure: Option<FailureReport>,
    /// The first seed that violated each clause.
    pub first_violated: BTreeMap<&'static str, String>,
}

/// The totals for a family.
#[derive(Serialize, Debug)]
pub struct FamilyReport {
    /// The name of the family.
    pub family: &'static str,
    /// The number of scenarios with a run of the family.
    pub scenarios: u64,
    /// The number of simulations of these scenarios, both seeds and schedules.
    pub simulations: u64,
    /// The number of choices that these simulations applied.
    pub steps: u64,
    /// The number of simulations that violated a clause or did not end as expected. Known failures are not included.
    pub failures: u64,
    /// The number of simulations that failed as a known failure states.
    #[serde(skip_serializing_if = "is_zero")]
    pub expected: u64,
}

/// The results of the vectors.
#[derive(Serialize, Debug, Default)]
pub struct VectorReport {
    /// The number of cases with the expected result.
    pub passed: u64,
    /// A description of each case that failed.
    pub failed: Vec<String>,
    /// The number of cases that this version cannot evaluate.
    pub not_evaluable: u64,
}

impl Report {
    /// Returns the report of a check. `report_of` takes the index of a scenario and a failing seed, and simulates the
    /// seed again.
    pub fn new(checked: Checked<'_>, report_of: impl Fn(usize, u64) -> FailureReport) -> Self {
        let Checked { settings, scenarios, results, problems, vectors, .. } = checked;
        let sorter = Sorter::new(checked.known);
        let seeds = |((scenario, _), result): (&(&Scenario, _), &ScenarioResult)| {
            sorter.seeds(&scenario.id, result, settings.first)
        };
        let (results, expected): (Vec<ScenarioResult>, Vec<u64>) = scenarios.iter().zip(results).map(seeds).unzip();
        let mut clauses = clauses::standings(&results, vectors);
        let mut schedules = checked.schedules.into_iter();
        let mut nondeterministic: Vec<NondeterministicReport> =
            checked.nondeterministic.iter().map(|found| NondeterministicReport::new(found, scenarios)).collect();
        let mut explored = checked.explored;
        sorter.explorations(&mut explored);
        let mut problems = problems.to_vec();
        let reports: Vec<ScenarioReport> = scenarios
            .iter()
            .zip(&results)
            .enumerate()
            .map(|(place, (&(scenario, _), result))| {
                let mut schedules = schedules.next().unwrap_or_default();
                let expected = expected[place] + sorter.schedules(&scenario.id, &mut schedules);
                let failed = schedules.iter_mut().find_map(|schedule| schedule.failure.take());
                clauses::violate(&mut clauses, failed.iter().flat_map(|failure| &failure.violated));
                let first = result.first.filter(|_| failed.is_none()).and_then(|seed| {
                    let failure = report_of(place, seed);
                    let passes = NondeterministicReport::of_failure(&scenario.id, seed, result, &failure);
                    // A simulation that passes now has no failure to report.
                    let fails = passes.is_none();
                    nondeterministic.extend(passes);
                    fails.then_some(failure)
                });
                let mut report = ScenarioReport {
                    failure: failed.or(first),
                    schedules,
                    expected,
                    ..scenario_report(settings, scenario, result)
                };
                report.clauses = claims::claims(scenario, result, &report);
                report.faults = faults::faults(scenario, result, &report, &mut problems);
                report
            })
            .collect();
        clauses::know(&mut clauses, sorter.violated());
        let mut report = Self {
            format: FORMAT,
            seed: settings.first.to_string(),
            seeds: settings.seeds,
            verdict: Verdict::Pass,
            interrupted: checked.interrupted,
            judged: checked.judged,
            not_judged: checked.not_judged.into_iter().map(str::to_owned).collect(),
            risks: Vec::new(),
            families: family_reports(&reports),
            scenarios: reports,
            known: sorter.report(&scenarios.iter().map(|(scenario, _)| *scenario).collect::<Vec<_>>()),
            clauses,
            sometimes: sometimes_reports(scenarios.iter().map(|(scenario, _)| *scenario).zip(&results)),
            coverage: checked.coverage,
            explored,
            vectors: vector_report(vectors),
            problems,
            warnings_denied: checked.warnings_denied,
            nondeterministic,
            audited: checked.audited,
            resumed: checked.resumed,
        };
        report.verdict = report.judge();
        if report.verdict == Verdict::Pass {
            report.risks = risk::risks(&report.scenarios);
        }
        report
    }

    /// Returns the most severe verdict that applies.
    fn judge(&self) -> Verdict {
        let nothing = self.scenarios.iter().all(|scenario| scenario.seeds == 0);
        if !self.nondeterministic.is_empty() {
            Verdict::Nondeterministic
        } else if self.is_violated() {
            Verdict::Violated
        } else if self.errors() > 0 {
            if nothing { Verdict::NothingReadable } else { Verdict::Unreadable }
        } else if self.warnings_denied && self.warnings() > 0 {
            Verdict::Warned
        } else if nothing {
            Verdict::NothingEvaluated
        } else if self.interrupted.is_some() {
            Verdict::Interrupted
        } else if self.is_unknown() {
            Verdict::NotExplored
        } else {
            Verdict::Pass
        }
    }

    /// Returns whether an exploration ended before its scenario was exhausted, so that the remaining states are
    /// unknown.
    fn is_unknown(&self) -> bool {
        self.explored.iter().any(|explored| explored.why.is_some())
    }

    /// Returns the number of problems with files that could not be used.
    pub(crate) fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.is_error()).count()
    }

    /// Returns the number of warnings about files.
    pub(crate) fn warnings(&self) -> usize {
        self.problems.len() - self.errors()
    }

    /// Returns the number of shapes that a scenario allows but no seed drew.
    pub(crate) fn never_drawn(&self) -> usize {
        self.scenarios.iter().flat_map(|scenario| &scenario.shapes).filter(|drawn| drawn.seeds == 0).count()
    }

    /// Returns the number of faults that scenarios allow and nothing injected, although this is not judged.
    pub(crate) fn not_injected(&self) -> usize {
        let faults = self.scenarios.iter().flat_map(|scenario| &scenario.faults);
        faults.filter(|fault| fault.standing == FaultStanding::NotJudged).count()
    }

    /// Returns each clause that a scenario names and does not exercise, after the scenario's id.
    pub(crate) fn never_exercised(&self) -> Vec<(&str, &str)> {
        self.claims(ClaimStanding::NeverExercised)
    }

    /// Returns the clauses with this standing, each after the id of the scenario that names it.
    pub(crate) fn claims(&self, standing: ClaimStanding) -> Vec<(&str, &str)> {
        let all =
            self.scenarios.iter().flat_map(|scenario| scenario.clauses.iter().map(move |claim| (scenario, claim)));
        let with = all.filter(|(_, claim)| claim.standing == standing);
        with.map(|(scenario, claim)| (scenario.id.as_str(), claim.clause.as_str())).collect()
    }

    /// Returns whether something failed, a schedule is stale, or a judged check is incomplete. A judged check is
    /// incomplete if it left a clause unexercised, an assertion without a hit, a shape undrawn or a cell empty.
    fn is_violated(&self) -> bool {
        let unreached = |clause: &ClauseReport| clause.standing == Standing::NotExercised;
        self.scenarios.iter().any(|scenario| scenario.fails() || scenario.stale().next().is_some())
            || self.explored.iter().any(|explored| explored.failure.is_some())
            || self.clauses.iter().any(|clause| clause.standing == Standing::Violated)
            || self.known.as_ref().is_some_and(KnownReport::fails)
            || !self.never_exercised().is_empty()
            || self.judged && self.clauses.iter().any(unreached)
            || self.judged && self.sometimes.iter().any(|assertion| assertion.first.is_none())
            || self.judged && self.never_drawn() > 0
            || self.coverage.as_ref().is_some_and(CoverageReport::fails)
    }
}

impl ScenarioReport {
    /// Returns the number of simulations.
    pub fn simulations(&self) -> u64 {
        self.seeds + self.schedules.len() as u64
    }

    /// Returns the number of choices that were applied.
    pub(crate) fn all_steps(&self) -> u64 {
        self.steps + self.schedules.iter().map(|schedule| schedule.steps).sum::<u64>()
    }

    /// Returns the number of schedules that failed, except for known failures.
    pub(crate) fn failed_schedules(&self) -> u64 {
        self.schedules.iter().filter(|schedule| schedule.failed && !schedule.expected).count() as u64
    }

    /// Returns whether a seed or a schedule failed, except for known failures.
    pub fn fails(&self) -> bool {
        self.failures > 0 || self.failed_schedules() > 0
    }

    /// Returns the schedules that no longer show the failure for which they were saved.
    pub fn stale(&self) -> impl Iterator<Item = &ScheduleReport> {
        self.schedules.iter().filter(|schedule| schedule.is_stale())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Returns the report on the seeds of a scenario.
fn scenario_report(settings: Settings, scenario: &Scenario, result: &ScenarioResult) -> ScenarioReport {
    ScenarioReport {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        families: families(scenario),
        seeds: result.seeds,
        shapes: drawn(scenario, settings.first, result.seeds),
        failures: result.failures,
        expected: 0,
        steps: result.steps,
        events: result.events,
        hash: format!("{:#018x}", result.hash),
        clauses: Vec::new(),
        faults: Vec::new(),
        schedules: Vec::new(),
        failure: None,
        first_violated: result.first_violated.iter().map(|(clause, seed)| (clause.id(), seed.to_string())).collect(),
    }
}

fn families(scenario: &Scenario) -> Vec<&'static str> {
    let mut names: Vec<&str> = scenario.fixture.runs.iter().map(|run| run.family.name()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn family_reports(scenarios: &[ScenarioReport]) -> Vec<FamilyReport> {
    let names = truecount_engine::family::FamilyId::ALL.map(truecount_engine::family::FamilyId::name);
    let of = |family: &'static str| {
        let with = || scenarios.iter().filter(move |scenario| scenario.families.contains(&family));
        FamilyReport {
            family,
            scenarios: with().count() as u64,
            simulations: with().map(ScenarioReport::simulations).sum(),
            steps: with().map(ScenarioReport::all_steps).sum(),
            failures: with().map(|scenario| scenario.failures + scenario.failed_schedules()).sum(),
            expected: with().map(|scenario| scenario.expected).sum(),
        }
    };
    names.into_iter().map(of).filter(|family| family.scenarios > 0).collect()
}

fn vector_report(cases: &[Case]) -> VectorReport {
    let mut report = VectorReport::default();
    for case in cases {
        match &case.result {
            CaseResult::Passed => report.passed += 1,
            CaseResult::NotEvaluable(_) => report.not_evaluable += 1,
            CaseResult::Failed { expected, actual } => {
                let clauses: Vec<&str> = case.clauses.iter().map(|clause: &Clause| clause.id()).collect();
                let (id, title) = (&case.id, &case.title);
                report.failed.push(format!("{id} ({}): {title}: expected {expected}, got {actual}", clauses.join(" ")));
            }
        }
    }
    report
}
