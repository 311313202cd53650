//! The book: the contract, clause by clause, with the results for each clause in an actual run.
//!
//! Texts come from `spec/requirements.json`, and the status of each clause comes from [`Evidence`]; this module
//! arranges both. The book contains no wall-clock time: the same checkout gives the same bytes in each format.

mod evidence;
mod failures;
mod markdown;
mod matrix;
mod page;
mod tables;

use serde::Serialize;

pub use evidence::Evidence;
use evidence::SEARCH_SEEDS;
pub use failures::Failure;
pub use matrix::{Kill, Proof, Trace};
pub use page::{Bug, Example, Page};

use crate::sweep::Settings;
use crate::table::Table;
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::contract::prose::{self, Excluded, Group, Paragraph, Rule, Term, prose};
use truecount_contract::contract::{self, Profile, ResolutionRow};
use truecount_contract::vectors::CaseResult;

/// The version of the JSON format, raised when the meaning of the format changes.
pub const FORMAT: u32 = 1;

/// The notes with which the book begins.
const READING: [&str; 5] = [
    "Every clause is a MUST in this version of the contract. An id is assigned once and never reused. Sections 1 to \
     11 are numbered as in the contract, so that \"section 2\" in a clause refers to section 2 \
     of the book.",
    "The text of a clause is the same, letter for letter, as in \
     `conformance/spec/requirements.json` and in every failure that `truecount` prints.",
    "The line \"from\" names the source of a clause. The source is a task (`T008`) of the rollout that the contract grew from, the prose of the rollout document (`P`), or neither (`+`).",
    "An example is a vector (input and expected result of a pure function) or a scenario. Scenarios that \
     list the clause before all others are preferred as examples. \
     `truecount check ID` simulates a scenario, and `truecount explain CLAUSE` lists everything that checks a clause.",
    "A mutant is a known bug, planted on purpose. `M` marks a bug of a real engine and `T` an \
     invented bug. Scenarios detect both. `F` marks a faulty function, which vectors detect.",
];

/// The book.
#[derive(Debug, Serialize)]
pub struct Book {
    /// The version of the format, [`FORMAT`].
    pub format: u32,
    /// The title of the contract.
    pub title: String,
    /// The version of the contract.
    pub contract: u32,
    /// The SHA-256 digest of `requirements.json`.
    pub spec_sha256: String,
    /// The notes with which the book begins.
    pub reading: Vec<&'static str>,
    /// The meaning of each kind of clause.
    pub kinds: Vec<Named>,
    /// The meaning of each standing.
    pub standings: Vec<Named>,
    /// The terms that the contract defines.
    pub terms: &'static [Term],
    /// The profiles with their families.
    pub profiles: &'static [Profile],
    /// The resolution that each provider response, or exhausted limit, leads to.
    pub resolutions: &'static [ResolutionRow],
    /// Notes on the table of resolutions as a whole.
    pub resolutions_note: &'static [String],
    /// The groups of clauses.
    pub chapters: Vec<Chapter>,
    /// Rules for judging an engine.
    pub rules: &'static [Rule],
    /// Failures of planted bugs, with their traces.
    pub failures: Vec<Failure>,
    /// The check on which the results in the book are based.
    pub run: Run,
    /// Each clause, with the number of checks for it.
    pub traceability: Vec<Trace>,
    /// Each known bug, with the scenario or case that killed it.
    pub kills: Vec<Kill>,
    /// Further tables, such as coverage, sometimes assertions and bugs that are not planted.
    pub tables: Vec<Table>,
    /// Follow-ups that this version of the contract excludes.
    pub excluded: &'static [Excluded],
}

/// A name and its meaning.
#[derive(Debug, Serialize)]
pub struct Named {
    /// The name of a kind or standing, as shown in the book.
    pub name: &'static str,
    /// The meaning, in one sentence.
    pub means: &'static str,
}

/// A group of clauses.
#[derive(Debug, Serialize)]
pub struct Chapter {
    /// The prefix of the ids of its clauses, such as `COUNT`.
    pub id: &'static str,
    /// The subject of the group.
    pub title: &'static str,
    /// A note on the group as a whole; may be empty.
    pub note: &'static Paragraph,
    /// A page for each clause, in the order of the contract.
    pub clauses: Vec<Page>,
}

/// The run on which a book reports.
#[derive(Debug, Serialize)]
pub struct Run {
    /// The number of scenarios that were simulated.
    pub scenarios: u64,
    /// The number of simulations of all scenarios.
    pub simulations: u64,
    /// The number of choices that these simulations applied.
    pub steps: u64,
    /// The number of simulations that violated a clause or did not end as expected.
    pub failures: u64,
    /// The number of seeds for a scenario of ordinary size, starting with seed 0.
    pub seeds: u64,
    /// Whether large scenarios were simulated under fewer seeds.
    pub fewer_for_large: bool,
    /// The maximum number of seeds in the search for each bug.
    pub search_seeds: u64,
    /// The number of vector cases with the expected result.
    pub vectors_passed: u64,
    /// The number of vector cases with a different result.
    pub vectors_failed: u64,
    /// The number of vector cases that this version cannot evaluate.
    pub vectors_not_evaluable: u64,
}

impl Book {
    /// Returns the book of a run.
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
    /// Panics if a row and the head differ in their number of cells.
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
