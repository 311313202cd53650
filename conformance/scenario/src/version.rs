//! The version of the format that a file is written in.

use super::format::FORMAT;
use super::rule;
use truecount_json::problem::Problem;
use truecount_json::{Document, from_node};

/// Checks the version first: another version may have other keys, and then the version is what is wrong.
pub(super) fn check_format(document: &Document) -> Result<(), Problem> {
    let Some(member) = document.root().member("format") else { return Ok(()) };
    match from_node::<u64>(&member.value) {
        Ok(FORMAT) => Ok(()),
        Ok(other) => {
            let message = format!("format {other} is not known to this version");
            let problem = document.problem_at(member.value.span, rule::UNKNOWN_FORMAT, message);
            let help = "write that, or use a version of truecount that reads this format";
            Err(problem.expected(format!("`\"format\": {FORMAT}`")).help(help))
        }
        // Whatever else it is, it is reported with the other keys and values.
        Err(_) => Ok(()),
    }
}
