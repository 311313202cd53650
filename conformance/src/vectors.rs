//! stub
use crate::clause::Clause;
use crate::problem::Problem;
/// x
pub struct Case {
    /// x
    pub id: String,
    /// x
    pub clauses: Vec<Clause>,
    /// x
    pub title: String,
    /// x
    pub verdict: Verdict,
}
/// x
#[derive(PartialEq)]
pub enum Verdict {
    /// x
    Passed,
    /// x
    Failed {
        /// x
        expected: String,
        /// x
        actual: String,
    },
    /// x
    NotEvaluable(String),
}
/// x
pub fn judge() -> Result<Vec<Case>, Problem> {
    Ok(vec![])
}
