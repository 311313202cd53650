//! The static vectors (kind V): cases for the pure functions of the contract, each with the result that the function
//! must return.
//!
//! The files under `vectors/` are embedded. Our functions are judged by these files, as are the functions of any other
//! implementation. This module reads the files. `function` judges the cases for each function, and [`Engine`] contains
//! the functions under test.

mod engine;
mod faulty;
mod function;
pub mod publish;
mod word;
mod written;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;
use serde::de::IgnoredAny;

pub use engine::{Engine, Normalise};
pub use faulty::{FAULTY, Faulty};
use function::Function;
pub use written::{CaseFile, CaseText, written};

use crate::clause::{Clause, Kind};
use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, Node, Step, from_node};

/// The supported version of the format.
const FORMAT: u32 = 1;

/// The files, each with the name that is shown with its problems.
const TEXTS: [(&str, &str); 5] = [
    ("vectors/normalise.json", include_str!("../../vectors/normalise.json")),
    ("vectors/progress.json", include_str!("../../vectors/progress.json")),
    ("vectors/plan.json", include_str!("../../vectors/plan.json")),
    ("vectors/outcome.json", include_str!("../../vectors/outcome.json")),
    ("vectors/families.json", include_str!("../../vectors/families.json")),
];

/// The parsed files. They live as long as the program. A phase label that is read from a file is therefore `'static`,
/// as the progress function requires.
static FILES: LazyLock<Result<Vec<Document>, Problem>> = LazyLock::new(|| {
    let parse = |(shown, text): (&str, &str)| {
        Document::parse(shown, text, &Limits::SCENARIO).map_err(|mut problems| problems.swap_remove(0))
    };
    TEXTS.into_iter().map(parse).collect()
});

/// A case with its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The id, such as `plan/inventory-sorted`; unique across all files.
    pub id: String,
    /// The clauses that the case tests. There is at least one, and each is of kind V.
    pub clauses: Vec<Clause>,
    /// A short description of what the case tests.
    pub title: String,
    /// The result of the functions under test.
    pub result: CaseResult,
}

impl Case {
    /// Returns whether the result differs from the expected one.
    pub fn failed(&self) -> bool {
        matches!(self.result, CaseResult::Failed { .. })
    }
}

/// The result of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseResult {
    /// The result is the expected one.
    Passed,
    /// The result differs from the expected result. Both are JSON, as in the vector file.
    Failed {
        /// The expected result.
        expected: String,
        /// The actual result.
        actual: String,
    },
    /// The case could not be run, for this reason. It must never be counted as passed.
    NotEvaluable(String),
}

/// Judges our engine by every case, in the order of files and cases.
///
/// # Errors
///
/// Returns the first [`Problem`] of a vector file. Such a problem is an internal error, not a fault of an engine. It is
/// one of the following:
///
/// - The file is not JSON or not in this format.
/// - The function is unknown.
/// - A case names no clause, an unknown clause, or a clause that is not of kind V.
/// - Two cases have the same id.
pub fn judge() -> Result<Vec<Case>, Problem> {
    judge_with(&Engine::STANDARD)
}

/// Judges these functions by every case, in the order of files and cases.
///
/// # Errors
///
/// As for [`judge`].
pub fn judge_with(engine: &Engine) -> Result<Vec<Case>, Problem> {
    judge_files(FILES.as_deref().map_err(Problem::clone)?, engine)
}

fn judge_files(files: &'static [Document], engine: &Engine) -> Result<Vec<Case>, Problem> {
    let mut ids = BTreeSet::new();
    let mut cases = Vec::new();
    for file in files {
        judge_file(file, engine, &mut ids, &mut cases)?;
    }
    Ok(cases)
}

/// A file as written. The types of `input` and `expect` depend on the function, so they are read from their nodes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    #[serde(rename = "format")]
    _format: u32,
    function: Function,
    #[serde(borrow)]
    cases: Vec<WrittenCase<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenCase<'a> {
    id: &'a str,
    #[serde(borrow)]
    clauses: Vec<&'a str>,
    title: &'a str,
    #[serde(rename = "input")]
    _input: IgnoredAny,
    #[serde(rename = "expect")]
    _expect: IgnoredAny,
}

fn judge_file(
    file: &'static Document,
    engine: &Engine,
    ids: &mut BTreeSet<&'static str>,
    judged: &mut Vec<Case>,
) -> Result<(), Problem> {
    // The format is checked before the fields. A later format may have other keys, and an unknown key would be the
    // wrong problem to report.
    if let Some(node) = file.root().at(&[Step::Key("format")])
        && let Ok(version) = from_node::<u32>(node)
        && version != FORMAT
    {
        let problem = file.problem_at(node.span, "unknown-format", format!("format {version} is not supported"));
        return Err(problem.expected(format!("format {FORMAT}")));
    }
    let written: Written<'static> = file.deserialize()?;
    for (index, case) in written.cases.into_iter().enumerate() {
        let at = |key| node_at(file, &[Step::Key("cases"), Step::Index(index), Step::Key(key)]);
        if !ids.insert(case.id) {
            let message = format!("the case id `{}` is used twice", case.id);
            return Err(file.problem_at(at("id").span, "duplicate-case", message));
        }
        let clauses = clauses(file, at("clauses"), &case.clauses)?;
        let result = written.function.judge(engine, at("input"), at("expect"));
        let result = result.map_err(|fault| file.problem(fault))?;
        judged.push(Case { id: case.id.to_owned(), clauses, title: case.title.to_owned(), result });
    }
    Ok(())
}

/// Returns the clauses with these ids; `node` is the list of ids in the file.
fn clauses(file: &Document, node: &Node, ids: &[&str]) -> Result<Vec<Clause>, Problem> {
    if ids.is_empty() {
        return Err(file.problem_at(node.span, "no-clause", "the case names no clause"));
    }
    let known = |(index, id): (usize, &&str)| {
        let span = || node.at(&[Step::Index(index)]).unwrap_or(node).span;
        // Only one spelling of an id is accepted, so that a search for `KEYS-01` finds every case that tests the
        // clause.
        let Some(clause) = Clause::from_id(id).filter(|clause| clause.id() == *id) else {
            return Err(file.problem_at(span(), "unknown-clause", format!("`{id}` is not the id of a clause")));
        };
        if !clause.kinds().contains(&Kind::V) {
            let message = format!("{id} cannot be checked by vectors");
            return Err(file.problem_at(span(), "unfit-clause", message).expected("a clause of kind V"));
        }
        Ok(clause)
    };
    ids.iter().enumerate().map(known).collect()
}

/// Returns the node at a path that deserialisation has already followed.
fn node_at<'a>(file: &'a Document, path: &[Step<'_>]) -> &'a Node {
    file.root().at(path).unwrap_or_else(|| unreachable!("a file that was read as cases has {path:?}"))
}

#[cfg(test)]
mod file_tests;
