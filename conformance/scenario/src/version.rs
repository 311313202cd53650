//! The version of the format that a file is written in.

use super::format::FORMAT;
use super::rule;
use truecount_json::problem::Problem;
use truecount_json::{Document, from_node};

/// Checks the version before anything else. A different version may have different keys, which must not be reported as
/// mistakes.
pub(super) fn check_format(document: &Document) -> Result<(), Problem> {
    let Some(member) = document.root().member("format") else { return Ok(()) };
    match from_node::<u64>(&member.value) {
        Ok(FORMAT) => Ok(()),
        Ok(other) => {
            let message = format!("this version of truecount does not support format {other}");
            let problem = document.problem_at(member.value.span, rule::UNKNOWN_FORMAT, message);
            let help = "use this format, or use a version of truecount that supports the format of the file";
            Err(problem.expected(format!("`\"format\": {FORMAT}`")).help(help))
        }
        // Any other value is reported together with the other keys and values.
        Err(_) => Ok(()),
    }
}
