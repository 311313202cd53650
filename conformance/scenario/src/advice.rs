//! General advice for a problem, used if the check that found the problem gave no specific advice.
//!
//! The readers of files and of JSON do not depend on scenarios, so advice about the scenario format is added here.
//! Rules are identified only by their codes.

use super::rule;
use truecount_json::Limits;
use truecount_json::problem::Problem;

/// Adds the expected value and a help text to each problem that lacks them.
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

/// Returns the expected content, unless the message already states it.
fn expected(problem: &Problem) -> Option<String> {
    Some(match problem.rule {
        "file-missing" | "file-unreadable" | "file-directory" => "a file that can be read".to_owned(),
        "file-empty" => "a JSON object".to_owned(),
        "file-encoding" => "text in UTF-8".to_owned(),
        "file-too-large" => format!("at most {} bytes", Limits::SCENARIO.bytes),
        "json-depth" => format!("at most {} levels", Limits::SCENARIO.depth),
        "duplicate-key" => "each key once".to_owned(),
        "json-syntax" if !problem.message.contains("expected") => "JSON as defined in RFC 8259".to_owned(),
        "missing-key" => "all required keys, which are listed in scenarios/README.md".to_owned(),
        rule::UNKNOWN_FAULT => "a fault listed by `truecount list faults`".to_owned(),
        rule::UNKNOWN_MUTANT => "a mutant listed by `truecount list mutants`".to_owned(),
        rule::UNKNOWN_CLAUSE => "a clause listed by `truecount list clauses`".to_owned(),
        _ => return None,
    })
}

/// Returns general advice for a rule, regardless of the content of the file.
fn help(rule: &str) -> &'static str {
    match rule {
        "file-too-large" => "write many objects as a range, such as `set-{1..256}`",
        "json-depth" => "scenarios need far fewer levels; look for repeated brackets",
        "missing-key" => "add the missing key to this object",
        "unknown-key" => "remove it, or rename it to one of these",
        "wrong-type" | "wrong-value" => "scenarios/README.md describes the value of each key",
        rule::TOO_MANY => "reduce the number, or split the scenario in two",
        rule::TOO_MANY_PROBLEMS => "fix the problems above first",
        rule::UNKNOWN_GRANT
        | rule::UNKNOWN_STATE
        | rule::UNKNOWN_FAMILY
        | rule::UNKNOWN_PHASE
        | rule::UNKNOWN_RESPONSE
        | rule::UNKNOWN_FAULT
        | rule::UNKNOWN_OUTCOME
        | rule::UNKNOWN_CAUSE
        | rule::UNKNOWN_COUNT
        | rule::UNKNOWN_RESOLUTION => "use one of these; scenarios/README.md explains them",
        rule::UNKNOWN_SHAPE => "use each of these at most once",
        rule::SHAPES_OF_RUNS => "keep only the run whose plan should vary; `again` and `shared` add a second run",
        rule::SHAPES_OF_TOO_FEW => "request at least three objects, or remove `shapes`",
        rule::SHAPES_OF_TOO_MANY => "request fewer objects, or remove `shapes`",
        rule::SHAPES_WITHOUT_UNITS => {
            "state each unit's resolution under `units`; the expectation for each shape is derived from it"
        }
        rule::SHAPES_WITH_SCHEDULES => "move `schedules` to a scenario without `shapes`, or remove `shapes`",
        rule::SHAPE_DOES_NOT_FIT => "remove the shape; if it adds a run, the name of that run may be too long",
        rule::EXCLUDES_NOTHING => "remove it from `exclude`, or add it to `request`",
        rule::AFTER_ITSELF | rule::AFTER_REFUSED => "remove this `after`, or name a different run",
        rule::NOT_RETRYABLE => "remove it; definite responses are allowed only under `responses`",
        rule::BEYOND_LIMIT => "remove the surplus responses",
        rule::EMPTY_EXPECTATION => "state at least the outcome, such as `{\"outcome\": \"succeeded\"}`",
        rule::EMPTY_SET => "list the possible values, or remove the key",
        rule::SAME_AS_CHAIN | rule::SAME_AS_DIFFERS => {
            "name the run that this request returns, or, if it creates a run of its own, \
             state how that run ends"
        }
        rule::BAD_DECISION => "`truecount replay SCENARIO --seed SEED --write FILE` writes examples of such lines",
        rule::VIOLATES_NOTHING => "add the clause, as in `\"violates\": \"COUNT-06\"`, or omit `mutant`",
        rule::OTHER_SCENARIO => "name the scenario by its id: its path below the root, without `.json`",
        rule::CAUSE_WITHOUT_FAILED => "remove `cause`, or expect the run to fail",
        rule::CAUSE_WITHOUT_EXHAUST => "add this key to the scenario, or remove `cause`",
        _ => "scenarios/README.md explains the format",
    }
}
