//! Cases as their files write them, for those who pass them on: nothing is judged, nothing rewritten.

use super::{FILES, Written, place};
use truecount_json::problem::Problem;
use truecount_json::{Document, Node, Step, from_node};

/// The cases of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The function, such as `progress`.
    pub function: &'static str,
    /// Its cases, in the order of the file.
    pub cases: Vec<CaseText>,
}

/// A case as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseText {
    pub id: &'static str,
    /// The ids of the clauses that it is about.
    pub clauses: Vec<&'static str>,
    /// What it is after.
    pub title: &'static str,
    /// The input, as JSON.
    pub input: &'static str,
    /// The expected result, as JSON.
    pub expect: &'static str,
}

/// Returns the files, in their order.
///
/// # Errors
///
/// Returns the problem of a file that is not one of cases, which is a defect of the harness.
pub fn written() -> Result<Vec<CaseFile>, Problem> {
    FILES.as_deref().map_err(Problem::clone)?.iter().map(read).collect()
}

fn read(file: &'static Document) -> Result<CaseFile, Problem> {
    let written: Written<'static> = file.deserialize()?;
    let function = from_node(place(file, &[Step::Key("function")])).map_err(|fault| file.problem(fault))?;
    let text = |node: &Node| file.text().get(node.span.range()).unwrap_or_default();
    let case = |(index, case): (usize, super::WrittenCase<'static>)| {
        let at = |key| text(place(file, &[Step::Key("cases"), Step::Index(index), Step::Key(key)]));
        CaseText { id: case.id, clauses: case.clauses, title: case.title, input: at("input"), expect: at("expect") }
    };
    Ok(CaseFile { function, cases: written.cases.into_iter().enumerate().map(case).collect() })
}
