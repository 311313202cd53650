//! Scripts for a run: the responses to successive attempts at a unit, at planning, at publishing or at a phase.
//!
//! This module checks which responses are possible in a script, and how many of them can be used.

use truecount_engine::unit::Response;
use truecount_sim::fixture::Script;

use super::finding::{At, Findings};
use super::kind::Kind;
use super::rule;
use truecount_json::quoted;

/// The responses that are followed by another attempt.
const RETRYABLE: [Response; 3] = [Response::Throttled, Response::TimedOut, Response::Unavailable];
/// The definite responses with which a script can end. Any other definite response follows from the object's state.
const DEFINITE: [Response; 4] = [Response::Rejected, Response::Forbidden, Response::Unsupported, Response::NotFound];

/// The kind of work to which a script applies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// A unit, whose response can also be definite.
    Unit,
    /// Planning, publishing or a phase, where there is no unit that could be rejected.
    Whole,
}

/// Reads a script for a run of `family`.
pub(super) fn read(
    written: &[String],
    at: At<'_>,
    target: Target,
    family: Option<Kind>,
    exhaust: bool,
    findings: &mut Findings,
) -> Script {
    let known: Vec<&str> = match target {
        Target::Unit => RETRYABLE.iter().chain(&DEFINITE).map(|response| response.name()).collect(),
        Target::Whole => RETRYABLE.iter().map(|response| response.name()).collect(),
    };
    let mut script = Vec::new();
    for (number, name) in written.iter().enumerate() {
        let span = at.item(number).span();
        let Some(response) = Response::from_name(name).filter(|_| known.contains(&name.as_str())) else {
            if target == Target::Whole && DEFINITE.iter().any(|response| response.name() == name) {
                findings
                    .add(span, rule::NOT_RETRYABLE, format!("{} is a definite response", quoted(name)))
                    .expected("only retryable responses, because there is no unit to reject");
            } else {
                findings.unknown(span, rule::UNKNOWN_RESPONSE, "response", name, known.iter().copied());
            }
            continue;
        };
        if response.definite() && number + 1 < written.len() {
            findings
                .add(span, rule::DEFINITE_NOT_LAST, format!("{} is definite, so no attempt follows it", quoted(name)))
                .expected("at most one definite response, at the end")
                .help("remove the responses after it");
        }
        script.push(response);
    }
    if let Some(family) = family {
        check_length(&script, at, family, exhaust, findings);
    }
    script.into()
}

fn check_length(script: &[Response], at: At<'_>, family: Kind, exhaust: bool, findings: &mut Findings) {
    let limit = family.attempt_limit();
    let name = family.name();
    let retryable = script.iter().take_while(|response| !response.definite()).count();
    if script.len() > limit {
        // No attempt would use the surplus responses, and they would take memory for each object of a range.
        findings
            .add(
                at.opening(),
                rule::BEYOND_LIMIT,
                format!("there are {} responses, but {name} makes only {limit} attempts", script.len()),
            )
            .expected(format!("at most {limit} responses"));
    } else if retryable >= limit && !exhaust {
        findings
            .add(at.opening(), rule::ATTEMPTS_USED_UP, format!("{retryable} retryable responses exhaust all attempts"))
            .expected(format!("fewer than {limit} retryable responses, or `\"exhaust_limits\": true`"))
            .help("with `exhaust_limits`, state each final result as a list of possible values");
    }
}
