//! The page of a clause: its text, an example, and everything that checks it.
//!
//! The text comes from the contract alone.

use serde::Serialize;
use serde_json::Value;

use super::evidence::Evidence;
use super::matrix::{Kill, Proof, Trace};
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::vectors::{CaseFile, CaseResult, CaseText};

/// The page of a clause in the book.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// The id of the clause.
    pub id: &'static str,
    /// The kinds of check that apply to the clause, by letter.
    pub kinds: Vec<&'static str>,
    /// The kinds of check that apply to the clause, in words.
    pub checked: Vec<&'static str>,
    /// The text of the clause, verbatim.
    pub text: &'static str,
    /// The sources of the clause.
    pub from: &'static [String],
    /// A vector or a scenario that names the clause, if there is one.
    pub example: Example,
    /// How well the clause is tested.
    pub proof: Proof,
    /// The bugs that violate the clause.
    pub mutants: Vec<Bug>,
    /// The ids of the vector cases that name the clause.
    pub vectors: Vec<&'static str>,
    /// The ids of the scenarios that name the clause.
    pub scenarios: Vec<String>,
}

/// A bug that violates a clause.
#[derive(Clone, Debug, Serialize)]
pub struct Bug {
    /// The id of the bug in the catalogue.
    pub id: &'static str,
    /// What the bug does wrong.
    pub does: &'static str,
    /// The result of the search for the bug.
    pub verdict: &'static str,
}

/// An example of a clause.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Example {
    Vector {
        /// The id of the case.
        case: &'static str,
        /// What the case checks.
        title: &'static str,
        /// The name of the function under test.
        function: &'static str,
        /// The input of the function.
        input: Value,
        /// The expected result.
        expect: Value,
        /// The input and the expected result, as written in the file.
        #[serde(skip)]
        written: [&'static str; 2],
    },
    Scenario {
        id: String,
        /// What the scenario shows.
        title: String,
    },
    /// The sources of this repository, as read by the tests below this path.
    Sources(&'static str),
    /// The clause has no example yet.
    NoExampleYet,
}

/// Returns the page of a clause.
pub(super) fn page(clause: Clause, evidence: &Evidence<'_>, trace: &Trace, kills: &[Kill]) -> Page {
    let cases = || evidence.files.iter().flat_map(|file| &file.cases);
    let naming = evidence.scenarios.iter().filter(|scenario| scenario.clauses.iter().any(|id| id == clause.id()));
    let bugs = kills.iter().filter(|kill| kill.clause == clause.id());
    Page {
        id: clause.id(),
        kinds: clause.kinds().iter().map(|kind| kind.letter()).collect(),
        checked: clause.kinds().iter().map(|kind| kind.words()).collect(),
        text: clause.text(),
        from: clause.origin(),
        example: example(clause, evidence),
        proof: trace.proof,
        mutants: bugs.map(|kill| Bug { id: kill.mutant, does: kill.does, verdict: kill.verdict }).collect(),
        vectors: cases().filter(|case| case.clauses.contains(&clause.id())).map(|case| case.id).collect(),
        scenarios: naming.map(|scenario| scenario.id.clone()).collect(),
    }
}

/// Returns the best example of a clause: the case or scenario in whose list of clauses the clause comes earliest.
fn example(clause: Clause, evidence: &Evidence<'_>) -> Example {
    let id = clause.id();
    let vector = || {
        let judged = |case: &CaseText| {
            let of = |verdict: &CaseResult| !matches!(verdict, CaseResult::NotEvaluable(_));
            evidence.cases.iter().any(|known| known.id == case.id && of(&known.result))
        };
        let all = evidence.files.iter().flat_map(|file| file.cases.iter().map(move |case| (file, case)));
        let place = |case: &CaseText| case.clauses.iter().position(|known| *known == id);
        let naming = all.filter_map(|(file, case)| Some(((place(case)?, !judged(case)), file, case)));
        naming.min_by_key(|(rank, ..)| *rank).map(|(_, file, case)| written(file, case))
    };
    let scenario = || {
        let place = |scenario: &truecount_scenario::Scenario| scenario.clauses.iter().position(|known| known == id);
        let naming = evidence.scenarios.iter().filter_map(|scenario| Some((place(scenario)?, scenario)));
        let first = naming.min_by_key(|(place, _)| *place);
        first.map(|(_, scenario)| Example::Scenario { id: scenario.id.clone(), title: scenario.title.clone() })
    };
    let found = clause.kinds().iter().find_map(|kind| match kind {
        Kind::V => vector(),
        Kind::S | Kind::L => scenario(),
        Kind::A => Some(Example::Sources("conformance/cli/tests/architecture")),
    });
    found.unwrap_or(Example::NoExampleYet)
}

fn written(file: &CaseFile, case: &CaseText) -> Example {
    let CaseText { id, title, input, expect, .. } = *case;
    let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    Example::Vector {
        case: id,
        title,
        function: file.function,
        input: value(input),
        expect: value(expect),
        written: [input, expect],
    }
}
