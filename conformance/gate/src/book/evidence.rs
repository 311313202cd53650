//! The run that a book reports: scenarios swept, vectors judged, bugs searched for. None of it is remembered or quoted.
//!
//! Independent of clocks: the same scenarios and seeds give the same evidence, whatever the number of threads.

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

/// Seeds within which each bug is searched for by default.
pub const SEARCH_SEEDS: u64 = 1_000;

/// What a run showed.
pub struct Evidence<'s> {
    /// The scenarios, in the order of their ids.
    pub scenarios: Vec<&'s Scenario>,
    /// What their sweep gave, one by one.
    pub results: Vec<ScenarioResult>,
    /// The vectors, judged.
    pub cases: Vec<Case>,
    /// The vectors as they are written.
    pub files: Vec<CaseFile>,
    /// The standing of each clause.
    pub standings: Vec<ClauseReport>,
    /// Every planted bug, with what became of the search.
    pub campaigned: Vec<(&'static Mutant, Detection)>,
    /// Every faulty function, with the cases that it failed.
    pub failed: Vec<(&'static Faulty, Vec<Case>)>,
    /// The seeds of a scenario; none for the default, by size.
    pub seeds: Option<u64>,
}

impl<'s> Evidence<'s> {
    /// Sweeps, judges and searches.
    ///
    /// # Errors
    ///
    /// Returns the problem of a vector file, which is a defect of the harness.
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
