//! The kill matrix: for each planted bug, the violated clauses and the number of seeds that each scheduler needs to
//! detect it.
//!
//! The *best scenario* of a bug is the scenario in which the portfolio finds the bug most often under the seeds of a
//! pilot. A campaign simulates this scenario, seed after seed, until the bug's own clause is violated. All figures are
//! whole numbers and do not depend on the number of threads.

mod budget;
mod named;
mod table;

use serde::{Deserialize, Serialize};
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_sim::portfolio::Member;

pub use budget::{Ahead, Summary};

use crate::attribution::Attribution;
use crate::campaign::{Campaigned, Campaigns, Terms, campaigns, false_alarms};
use crate::explore::explore_bug;
use crate::model::{MODELS, Model};
use crate::shrink;
use crate::sweep::Progress;
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::reference::Reference;
use truecount_contract::vectors::{self, FAULTY};
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;

/// The version of the JSON format, raised when the meaning of the format changes.
pub const FORMAT: u32 = 1;

/// The matrix that was last written for all mutants under the default terms.
const STORED: &str = include_str!("../../spec/matrix.json");

/// The kill matrix.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// The version of the format, [`FORMAT`].
    pub format: u32,
    /// The number of campaigns of each scheduler for each bug.
    pub campaigns: u64,
    /// The number of seeds after which a campaign gives up. The first seeds of consecutive campaigns are this far
    /// apart.
    pub cap: u64,
    /// A row for each bug.
    pub rows: Vec<Row>,
    /// A row for each model of another engine.
    pub models: Vec<ModelRow>,
    /// The number of clauses under which a bug must be killed: those of kind S, L or V.
    pub clauses: u64,
    /// The ids of the clauses of kind S, L or V under which no bug was killed; empty unless all bugs were searched for.
    pub clauses_without: Vec<String>,
    /// The number of simulations of the unmodified engine under all schedulers; 0 if only some bugs were searched for.
    pub engine_simulations: u64,
    /// The number of these simulations that violated a clause, each a false alarm.
    pub false_alarms: u64,
    /// The figures that are compared with the budgets.
    pub summary: Summary,
}

/// A bug and the results of its campaigns.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The id of the bug.
    pub mutant: String,
    /// The name of the bug.
    pub name: String,
    /// The clause under which the bug must be killed.
    pub clause: String,
    /// The public reports of the bug.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known_from: Vec<String>,
    /// `killed`, `other clause` or `survived`.
    pub verdict: String,
    /// The scenario that the campaigns simulated.
    pub best_scenario: Option<String>,
    /// The clauses violated in the simulations in which the portfolio detected the bug, each with its number of
    /// campaigns. Clauses violated in more campaigns come first.
    pub violated: Vec<ViolatedClause>,
    /// The number of simulations of the portfolio that violated a clause.
    pub violations: u64,
    /// The number of these simulations that violated the bug's own clause at the first violating event.
    pub own: u64,
    /// The number of these simulations whose report names the bug's own clause.
    pub primary: u64,
    /// The clauses that reports name for the bug, over all scenarios, and how often the bug is killed.
    #[serde(default)]
    pub attribution: Attribution,
    /// The first small scenario whose exploration violates the bug's own clause, with the number of states. `None` if
    /// there is no such scenario, or if explorations were not requested.
    pub explored: Option<String>,
    /// The number of seeds to detection under the portfolio.
    pub portfolio: Figures,
    /// The number of seeds to detection under each of the portfolio's schedulers alone.
    pub alone: Vec<Alone>,
    /// The number of decisions in the minimised schedule of the first detection.
    pub minimal: Option<u64>,
    /// The number of simulations of all campaigns.
    pub simulations: u64,
    /// The number of seeds to detection in each campaign of the portfolio, in order; `-` for a campaign that gave up.
    pub seeds: String,
}

/// A clause, and the number of campaigns in which it was violated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViolatedClause {
    /// The id of the clause.
    pub clause: String,
    /// The number of campaigns whose detecting simulation violated the clause.
    pub campaigns: u64,
}

/// The number of seeds to detection, over all campaigns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The median; `None` if at least half of the campaigns gave up.
    pub median: Option<u64>,
    /// The maximum; `None` if a campaign gave up.
    pub maximum: Option<u64>,
    /// The number of campaigns that gave up.
    pub gave_up: u64,
}

/// The figures of one scheduler.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alone {
    /// The name of the scheduler.
    pub scheduler: String,
    /// The number of seeds to detection under this scheduler alone.
    pub figures: Figures,
}

/// A model of another engine and the results of its campaigns.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRow {
    /// The id of the model.
    pub model: String,
    /// The name of the model.
    pub name: String,
    /// The issue that describes the bug.
    pub issue: String,
    /// The clause under which the bug must be killed.
    pub clause: String,
    /// The number of simulations that violated a clause.
    pub violations: u64,
    /// The number of these simulations that violated the bug's own clause at the first violating event.
    pub own: u64,
    /// The number of seeds to detection for the model with its bug.
    pub figures: Figures,
    /// The number of simulations of the fixed variant.
    pub fixed_simulations: u64,
    /// The number of these simulations that violated a clause, each a false alarm.
    pub fixed_false_alarms: u64,
}

impl Matrix {
    /// Runs all campaigns for these mutants. If `whole` is set, the mutants are the entire catalogue. In that case,
    /// also runs the models, counts the false alarms of the unmodified engine, and lists the clauses under which no bug
    /// was killed.
    pub fn new(
        scenarios: &[(&Scenario, &Reference)],
        mutants: &[&'static Mutant],
        terms: Terms,
        whole: bool,
        progress: &impl Progress,
    ) -> Self {
        let campaigned = campaigns(scenarios, mutants, terms, progress);
        let left = |place: usize| {
            let Campaigned { best_scenario, portfolio, .. } = &campaigned[place];
            let (scenario, reference) = scenarios[(*best_scenario)?];
            let seed = portfolio.found.iter().flatten().next()?.seed;
            let mutant = mutants[place];
            let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
            let minimized = shrink::seed(scenario, reference, seed, Some(mutant.id), engine).ok()?;
            Some(minimized.minimal.schedule.decisions.len() as u64)
        };
        let minimal = crate::spread::spread(mutants.len(), terms.jobs, left);
        let attributed = crate::spread::spread(mutants.len(), terms.jobs, |place| {
            Attribution::of(scenarios, mutants[place], campaigned[place].best_scenario, terms, progress)
        });
        let explored = crate::spread::spread(mutants.len(), terms.jobs, |place| {
            let (scenario, states) = terms.explores.then(|| explore_bug(scenarios, mutants[place])).flatten()?;
            Some(format!("{}: {states} states", scenarios[scenario].0.id))
        });
        let rows: Vec<Row> = (0..mutants.len())
            .map(|place| Row {
                attribution: attributed[place].clone(),
                explored: explored[place].clone(),
                ..row(mutants[place], &campaigned[place], minimal[place], |best_scenario| {
                    &scenarios[best_scenario].0.id
                })
            })
            .collect();
        let models =
            if whole { MODELS.iter().map(|model| model_row(model, terms, progress)).collect() } else { Vec::new() };
        let judged: Vec<Clause> = Clause::ALL.iter().copied().filter(|clause| needs_a_bug(*clause)).collect();
        let without = judged.iter().filter(|clause| whole && !has_a_bug(**clause, &rows));
        let engine = || (Standard, Memory::new());
        let (engine_simulations, false_alarms) =
            if whole { false_alarms(scenarios, terms.jobs, engine, progress) } else { (0, 0) };
        Self {
            format: FORMAT,
            campaigns: terms.campaigns,
            cap: terms.cap,
            clauses: judged.len() as u64,
            clauses_without: without.map(|clause| clause.id().to_owned()).collect(),
            engine_simulations,
            false_alarms,
            summary: Summary::new(&rows),
            rows,
            models,
        }
    }

    /// Returns the stored matrix, which the book shows.
    ///
    /// # Panics
    ///
    /// Panics if the stored file is not a valid [`Matrix`]. A test checks that the file is valid.
    pub fn stored() -> Self {
        serde_json::from_str(STORED).expect("the stored matrix is valid")
    }

    /// Returns whether too many bugs are reported mostly under clauses other than their own, or any bug is killed too
    /// rarely.
    pub fn misses(&self) -> bool {
        self.summary.requirements(self.rows.len()).iter().any(|(_, met)| !met)
    }

    /// Returns whether any bug was not killed under its own clause, any clause has no bug that was killed under it, or
    /// a false alarm occurred.
    pub fn fails(&self) -> bool {
        self.rows.iter().any(|row| row.verdict != "killed")
            || self.models.iter().any(|row| row.figures.gave_up == self.campaigns || row.fixed_false_alarms > 0)
            || !self.clauses_without.is_empty()
            || self.false_alarms > 0
    }
}

/// Returns whether a trace or a vector can violate this clause.
fn needs_a_bug(clause: Clause) -> bool {
    clause.kinds().iter().any(|kind| *kind != Kind::A)
}

/// Returns whether any bug is killed under this clause. Campaigns kill mutants, and vectors kill faulty functions.
fn has_a_bug(clause: Clause, rows: &[Row]) -> bool {
    let planted = rows.iter().any(|row| row.clause == clause.id() && row.verdict == "killed");
    let judged = || {
        FAULTY.iter().filter(|violated| violated.clause == clause).any(|violated| {
            let cases = vectors::judge_with(&violated.engine).unwrap_or_default();
            cases.iter().any(|case| case.failed() && case.clauses.contains(&clause))
        })
    };
    planted || judged()
}

fn row<'s>(mutant: &Mutant, campaigned: &Campaigned, minimal: Option<u64>, id: impl Fn(usize) -> &'s String) -> Row {
    let Campaigned { best_scenario, portfolio, alone } = campaigned;
    let found = || portfolio.found.iter().flatten();
    let times = |clause: &Clause| found().filter(|found| found.clauses.contains(*clause)).count() as u64;
    let mut violated: Vec<ViolatedClause> = Clause::ALL
        .iter()
        .map(|clause| ViolatedClause { clause: clause.id().to_owned(), campaigns: times(clause) })
        .filter(|violated| violated.campaigns > 0)
        .collect();
    violated.sort_by_key(|violated| std::cmp::Reverse(violated.campaigns));
    let verdict = match (found().next(), portfolio.violations) {
        (Some(_), _) => "killed",
        (None, 1..) => "other clause",
        (None, 0) => "survived",
    };
    let seeds =
        |found: &Option<crate::campaign::Found>| found.map_or_else(|| "-".to_owned(), |found| found.seeds.to_string());
    Row {
        mutant: mutant.id.to_owned(),
        name: mutant.name.to_owned(),
        clause: mutant.clause.id().to_owned(),
        known_from: mutant.known_from.iter().map(|report| (*report).to_owned()).collect(),
        verdict: verdict.to_owned(),
        best_scenario: best_scenario.map(|best_scenario| id(best_scenario).clone()),
        violated,
        violations: portfolio.violations,
        own: portfolio.own,
        primary: portfolio.primary,
        attribution: Attribution::default(),
        explored: None,
        portfolio: figures(portfolio),
        alone: Member::ALL
            .iter()
            .zip(alone)
            .map(|(member, of)| Alone { scheduler: member.name().to_owned(), figures: figures(of) })
            .collect(),
        minimal,
        simulations: portfolio.simulations + alone.iter().map(|alone| alone.simulations).sum::<u64>(),
        seeds: portfolio.found.iter().map(seeds).collect::<Vec<_>>().join(" "),
    }
}

fn figures(campaigns: &Campaigns) -> Figures {
    Figures {
        median: campaigns.median(),
        maximum: campaigns.maximum(),
        gave_up: campaigns.found.iter().filter(|found| found.is_none()).count() as u64,
    }
}

fn model_row(model: &Model, terms: Terms, progress: &impl Progress) -> ModelRow {
    let violations = |seed| model.simulate(seed, false).map(|violations| (violations.clauses, violations.primary));
    let killed = crate::campaign::run_with(model.clause, terms, violations, progress);
    let fixed_simulations = terms.campaigns * 64;
    ModelRow {
        model: model.id.to_owned(),
        name: model.name.to_owned(),
        issue: model.issue.to_owned(),
        clause: model.clause.id().to_owned(),
        violations: killed.violations,
        own: killed.own,
        figures: figures(&killed),
        fixed_simulations,
        fixed_false_alarms: (0..fixed_simulations).filter(|seed| model.simulate(*seed, true).is_some()).count() as u64,
    }
}
