//! The evidence for a book: the results of sweeping the scenarios, evaluating the vectors and searching for the bugs.
//! New evidence is gathered for every book.
//!
//! The evidence does not depend on clocks: the same scenarios and seeds give the same evidence for any number of
//! threads.

use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;

use crate::report::{ClauseReport, standings};
use crate::search::{Detection, search};
use crate::sums::ScenarioResult;
use crate::sweep::{Progress, Settings};
use truecount_contract::reference::Reference;
use truecount_contract::vectors::{self, Case, CaseFile, FAULTY, Faulty};
use truecount_json::problem::Problem;
use truecount_mutants::{CATALOGUE, Mutant};
use truecount_scenario::Scenario;

/// The default maximum number of seeds in the search for each bug.
pub(crate) const SEARCH_SEEDS: u64 = 1_000;

/// The results on which a book reports.
pub struct Evidence<'s> {
    /// The scenarios, in the order of their ids.
    pub scenarios: Vec<&'s Scenario>,
    /// The result of each scenario, in the same order.
    pub results: Vec<ScenarioResult>,
    /// The results of the vector cases.
    pub cases: Vec<Case>,
    /// The vector files as written.
    pub files: Vec<CaseFile>,
    /// The standing of each clause.
    pub standings: Vec<ClauseReport>,
    /// Every planted bug, with the result of the search for it.
    pub campaigned: Vec<(&'static Mutant, Detection)>,
    /// Every faulty function, with the cases that it fails.
    pub failed: Vec<(&'static Faulty, Vec<Case>)>,
    /// The number of seeds of each scenario; `None` for the default, which depends on the scenario's size.
    pub seeds: Option<u64>,
}

impl<'s> Evidence<'s> {
    /// Sweeps the scenarios, evaluates the vectors and searches for the bugs.
    ///
    /// # Errors
    ///
    /// Returns the problem of a vector file, which is an internal error.
    pub fn gather(
        pairs: &[(&'s Scenario, &'s Reference)],
        seeds: Option<u64>,
        jobs: usize,
        progress: &impl Progress,
    ) -> Result<Self, Problem> {
        let (cases, files) = (vectors::judge()?, vectors::written()?);
        let settings = Settings { first: 0, seeds, jobs };
        let results = crate::sweep(pairs, settings, || (Standard, Memory::new()), progress);
        let mutants: Vec<&'static Mutant> = CATALOGUE.iter().collect();
        let detected = search(pairs, &mutants, seeds.unwrap_or(SEARCH_SEEDS), jobs, progress);
        let judge = |faulty: &'static Faulty| {
            let failed = vectors::judge_with(&faulty.engine)?.into_iter().filter(Case::failed).collect();
            Ok((faulty, failed))
        };
        Ok(Self {
            scenarios: pairs.iter().map(|(scenario, _)| *scenario).collect(),
            standings: standings(&results, &cases),
            results,
            cases,
            files,
            campaigned: mutants.into_iter().zip(detected).collect(),
            failed: FAULTY.iter().map(judge).collect::<Result<_, Problem>>()?,
            seeds,
        })
    }
}
