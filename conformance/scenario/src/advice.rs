//! What an author can do about a problem, if the check that found it could not say more precisely.
//!
//! The readers of files and of JSON are independent of scenarios, so what a scenario must contain is added here. This
//! file has rules by name, and not how they are checked.

use super::rule;
use truecount_json::Limits;
use truecount_json::problem::Problem;

/// Adds to each problem what is expected and what to do, unless it has them.
pub(super) fn advised(problems: Vec<Problem>) -> Vec<Problem> {
    problems.into_iter().map(advise).collect()
}

fn advise(mut problem: Problem) -> Problem {
    if problem.expected.is_none() {
        problem.expected = expected(&problem);
    }
    if problem.help.is_none() {
        problem.help = Some(help(problem.rule).to_owned());
    }
    problem
}

/// Returns what would have been correct, if the message does not say so.
fn expected(problem: &Problem) -> Option<String> {
    Some(match problem.rule {
        "file-missing" | "file-unreadable" | "file-directory" => "a file that can be read".to_owned(),
        "file-empty" => "a JSON object".to_owned(),
        "file-encoding" => "text in UTF-8".to_owned(),
        "file-too-large" => format!("at most {} bytes", Limits::SCENARIO.bytes),
        "json-depth" => format!("at most {} levels", Limits::SCENARIO.depth),
        "duplicate-key" => "each key once".to_owned(),
        "json-syntax" if !problem.message.contains("expected") => "JSON, as RFC 8259 has it".to_owned(),
        "missing-key" => "every key that scenarios/README.md calls needed".to_owned(),
        rule::UNKNOWN_FAULT => "one of those that `truecount list faults` shows".to_owned(),
        rule::UNKNOWN_MUTANT => "one of those that `truecount list mutants` shows".to_owned(),
        rule::UNKNOWN_CLAUSE => "one of those that `truecount list clauses` shows".to_owned(),
        _ => return None,
    })
}

/// Returns what to do about a violated rule, whatever the file contains.
fn help(rule: &str) -> &'static str {
    match rule {
        "file-too-large" => "write many objects as a range, such as `set-{1..256}`",
        "json-depth" => "no scenario needs nearly as many: look for brackets that are repeated",
        "missing-key" => "add what is missing to this object",
        "unknown-key" => "remove it, or rename it to one of these",
        "wrong-type" | "wrong-value" => "scenarios/README.md lists what belongs under each key",
        rule::TOO_MANY => "shorten it, or write two scenarios",
        rule::TOO_MANY_PROBLEMS => "fix those above first",
        rule::UNKNOWN_GRANT
        | rule::UNKNOWN_STATE
        | rule::UNKNOWN_FAMILY
        | rule::UNKNOWN_PHASE
        | rule::UNKNOWN_RESPONSE
        | rule::UNKNOWN_FAULT
        | rule::UNKNOWN_OUTCOME
        | rule::UNKNOWN_CAUSE
        | rule::UNKNOWN_COUNT
        | rule::UNKNOWN_RESOLUTION => "take one of these; scenarios/README.md explains them",
        rule::UNKNOWN_SHAPE => "take one of these, each once",
        rule::SHAPES_OF_RUNS => "keep the one run whose plan may look otherwise; `again` and `shared` add the other",
        rule::SHAPES_OF_TOO_FEW => "request three objects or more, or remove `shapes`",
        rule::SHAPES_OF_TOO_MANY => "request fewer objects; what only many units show needs no shapes",
        rule::SHAPES_WITHOUT_UNITS => {
            "say under `units` what each resolves to: what each shape ends with follows from it"
        }
        rule::SHAPES_WITH_SCHEDULES => "move `schedules` to a scenario whose plan is written out, or remove `shapes`",
        rule::SHAPE_DOES_NOT_FIT => "remove the shape; where it adds a run, the name of that one may be too long",
        rule::EXCLUDES_NOTHING => "remove it here, or request it",
        rule::AFTER_ITSELF | rule::AFTER_REFUSED => "remove this `after`, or name another run",
        rule::NOT_RETRYABLE => "remove it; `responses` takes such responses, for a single object",
        rule::BEYOND_LIMIT => "remove the responses after that",
        rule::EMPTY_EXPECTATION => "say at least how the run ends: `{\"outcome\": \"succeeded\"}`",
        rule::EMPTY_SET => "list what is possible, or remove the key",
        rule::SAME_AS_CHAIN | rule::SAME_AS_DIFFERS => {
            "name the run that this request leads to, or say how its own ends"
        }
        rule::BAD_DECISION => "`truecount replay SCENARIO --seed SEED --write FILE` shows how such lines read",
        rule::VIOLATES_NOTHING => "add `\"violates\": \"COUNT-06\"`, with the clause, or omit `mutant`",
        rule::OTHER_SCENARIO => "name the scenario by its id, which is its path below the root, without `.json`",
        rule::CAUSE_WITHOUT_FAILED => "remove the cause, or let the run fail",
        rule::CAUSE_WITHOUT_EXHAUST => "add that to the scenario, or remove the cause",
        _ => "scenarios/README.md explains the format",
    }
}
