//! Cases as written in their files, for publication. They are neither judged nor rewritten.

use super::{FILES, Written, node_at};
use truecount_json::problem::Problem;
use truecount_json::{Document, Node, Step, from_node};

/// The cases for a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The function, such as `progress`.
    pub function: &'static str,
    /// The cases for the function, in the order of the file.
    pub cases: Vec<CaseText>,
}

/// A case as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseText {
    pub id: &'static str,
    /// The ids of the clauses that the case tests.
    pub clauses: Vec<&'static str>,
    /// A short description of what the case tests.
    pub title: &'static str,
    /// The input, as JSON.
    pub input: &'static str,
    /// The expected result, as JSON.
    pub expect: &'static str,
}

/// Returns the case files, in a fixed order.
///
/// # Errors
///
/// Returns the problem if a file does not contain cases. Such a file is an internal error.
pub fn written() -> Result<Vec<CaseFile>, Problem> {
    FILES.as_deref().map_err(Problem::clone)?.iter().map(read).collect()
}

fn read(file: &'static Document) -> Result<CaseFile, Problem> {
    let written: Written<'static> = file.deserialize()?;
    let function = from_node(node_at(file, &[Step::Key("function")])).map_err(|fault| file.problem(fault))?;
    let text = |node: &Node| file.text().get(node.span.range()).unwrap_or_default();
    let case = |(index, case): (usize, super::WrittenCase<'static>)| {
        let at = |key| text(node_at(file, &[Step::Key("cases"), Step::Index(index), Step::Key(key)]));
        CaseText { id: case.id, clauses: case.clauses, title: case.title, input: at("input"), expect: at("expect") }
    };
    Ok(CaseFile { function, cases: written.cases.into_iter().enumerate().map(case).collect() })
}
