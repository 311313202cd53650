//! The book: the contract, clause by clause, with what a real run showed of each.
//!
//! Texts come from `spec/requirements.json`, standings from [`Evidence`]; this file puts them in order. It holds no
//! time of the wall clock: the same checkout gives the same bytes, in each of its forms.

mod evidence;
mod failures;
mod markdown;
mod matrix;
mod page;
mod tables;

use serde::Serialize;

pub use evidence::{Evidence, SEARCH_SEEDS};
pub use failures::Failure;
pub use matrix::{Kill, Proof, Trace};
pub use page::{Bug, Example, Page};

use crate::sweep::Settings;
use crate::table::Table;
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::contract::prose::{self, Excluded, Group, Paragraph, Rule, Term, prose};
use truecount_contract::contract::{self, Profile, ResolutionRow};
use truecount_contract::vectors::CaseResult;

/// The format of the JSON form; raised when it changes its meaning.
pub const FORMAT: u32 = 1;

/// What a reader must know first.
const READING: [&str; 5] = [
    "Every clause is a MUST in this version of the contract. An id is written once and never used again. Sections 1 to \
     11 are numbered as in the contract, so that \"section 2\" in a clause is section 2 here.",
    "The words of a clause are those of `conformance/spec/requirements.json` and of every failure that `truecount` \
     prints, letter for letter.",
    "From: a task (`T008`) of the rollout that the contract grew from, `P` its prose, `+` beyond it.",
    "An example is a vector (input and expected result of a pure function) or the scenario that names the clause first. \
     `truecount check ID` simulates a scenario, `truecount explain CLAUSE` shows where else to look.",
    "A mutant is a known bug, planted on purpose: `M` a bug of a real engine, `T` a false report that we invented, both searched for \
     through the scenarios; `F` a faulty function, judged by the vectors.",
];

/// The book.
#[derive(Debug, Serialize)]
pub struct Book {
    /// The version of this structure, [`FORMAT`].
    pub format: u32,
    /// The title of the contract.
    pub title: String,
    /// The version of the contract.
    pub contract: u32,
    /// The SHA-256 of its `requirements.json`.
    pub spec_sha256: String,
    /// What a reader must know first.
    pub reading: Vec<&'static str>,
    /// What each kind of clause means.
    pub kinds: Vec<Named>,
    /// What each standing means.
    pub standings: Vec<Named>,
    /// The terms of the contract with a meaning of their own.
    pub terms: &'static [Term],
    /// The profiles with their families.
    pub profiles: &'static [Profile],
    /// The resolution that each provider response, or exhausted limit, leads to.
    pub resolutions: &'static [ResolutionRow],
    /// What holds for the whole table of resolutions.
    pub resolutions_note: &'static [String],
    /// The groups of clauses.
    pub chapters: Vec<Chapter>,
    /// Rules for those who judge.
    pub rules: &'static [Rule],
    /// Failures of planted bugs, with their traces.
    pub failures: Vec<Failure>,
    /// The run that the rest is taken from.
    pub run: Run,
    /// Each clause, with what checks it.
    pub traceability: Vec<Trace>,
    /// Each known bug, with what killed it.
    pub kills: Vec<Kill>,
    /// Coverage, sometimes assertions, what is not planted, and further tables.
    pub tables: Vec<Table>,
    /// Follow-ups that this version leaves out.
    pub excluded: &'static [Excluded],
}

/// A name and what it means.
#[derive(Debug, Serialize)]
pub struct Named {
    /// A kind or a standing, as pages write it.
    pub name: &'static str,
    /// One sentence.
    pub means: &'static str,
}

/// A group of clauses.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// The beginning of the ids of its clauses, such as `COUNT`.
    pub id: &'static str,
    /// What it is about.
    pub title: &'static str,
    /// What holds for the whole group; may be empty.
    pub note: &'static Paragraph,
    /// A page for each clause, in the order of the contract.
    pub clauses: Vec<Page>,
}

/// The run that a book reports of.
#[derive(Debug, Serialize)]
pub struct Run {
    /// How many scenarios were simulated.
    pub scenarios: u64,
    /// Simulations of all scenarios.
    pub simulations: u64,
    /// Choices applied in them.
    pub steps: u64,
    /// Simulations that violated a clause or did not end as expected.
    pub failures: u64,
    /// Seeds of a scenario of ordinary size, from seed 0.
    pub seeds: u64,
    /// Whether large scenarios got fewer.
    pub fewer_for_large: bool,
    /// Seeds within which each bug was searched for.
    pub search_seeds: u64,
    /// Vector cases with the expected result.
    pub vectors_passed: u64,
    /// Vector cases with another result.
    pub vectors_failed: u64,
    /// Vectors that this version cannot evaluate.
    pub vectors_not_evaluable: u64,
}

impl Book {
    /// Writes the book of a run.
    pub fn new(evidence: &Evidence<'_>) -> Self {
        let kills = matrix::kills(evidence);
        let traceability = matrix::traces(evidence, &kills);
        let page = |(clause, trace): (&Clause, &Trace)| page::page(*clause, evidence, trace, &kills);
        let pages: Vec<Page> = Clause::ALL.iter().zip(&traceability).map(page).collect();
        let chapter = |group: &'static Group| Chapter {
            id: &group.id,
            title: &group.title,
            note: &group.note,
            clauses: pages.iter().filter(|page| page.id.split('-').next() == Some(&group.id)).cloned().collect(),
        };
        let kind = |kind: Kind| Named { name: kind.letter(), means: kind.words() };
        Self {
            format: FORMAT,
            title: prose().title.clone(),
            contract: prose().contract,
            spec_sha256: prose::digest(),
            reading: READING.to_vec(),
            kinds: [Kind::V, Kind::S, Kind::L, Kind::A].map(kind).into(),
            standings: Proof::ALL.map(|(proof, means)| Named { name: proof.name(), means }).into(),
            terms: &prose().terms,
            profiles: contract::profiles(),
            resolutions: contract::resolutions(),
            resolutions_note: &prose().resolutions_after,
            chapters: prose().groups.iter().map(chapter).collect(),
            rules: &prose().rules,
            failures: failures::failures(&evidence.scenarios),
            run: run(evidence),
            traceability,
            kills,
            tables: tables::tables(evidence),
            excluded: &prose().excluded,
        }
    }

    /// Adds a table.
    ///
    /// # Panics
    ///
    /// Panics if a row is not as wide as the head.
    #[must_use]
    pub fn with(mut self, table: Table) -> Self {
        assert!(table.rows.iter().all(|row| row.len() == table.head.len()), "a ragged table: {table:?}");
        self.tables.push(table);
        self
    }

    /// Returns whether the run violated a clause.
    pub fn fails(&self) -> bool {
        let violated = |trace: &Trace| trace.proof == Proof::Violated;
        self.run.failures > 0 || self.run.vectors_failed > 0 || self.traceability.iter().any(violated)
    }
}

fn run(evidence: &Evidence<'_>) -> Run {
    let results = &evidence.results;
    let count = |of: fn(&CaseResult) -> bool| evidence.cases.iter().filter(|case| of(&case.result)).count() as u64;
    Run {
        scenarios: results.len() as u64,
        simulations: results.iter().map(|result| result.seeds).sum(),
        steps: results.iter().map(|result| result.steps).sum(),
        failures: results.iter().map(|result| result.failures).sum(),
        seeds: evidence.seeds.unwrap_or(Settings::DEFAULT),
        fewer_for_large: evidence.seeds.is_none(),
        search_seeds: evidence.seeds.unwrap_or(SEARCH_SEEDS),
        vectors_passed: count(|verdict| *verdict == CaseResult::Passed),
        vectors_failed: count(|verdict| matches!(verdict, CaseResult::Failed { .. })),
        vectors_not_evaluable: count(|verdict| matches!(verdict, CaseResult::NotEvaluable(_))),
    }
}
