//! The scripts of a run: the responses to the successive attempts at a unit, at planning, at a phase.
//!
//! This file checks which responses are possible where, and how many of them are used. Independent of the resolutions
//! that they lead to.

use truecount_engine::family::Family;
use truecount_engine::unit::Response;
use truecount_sim::fixture::Script;

use super::finding::{At, Findings};
use super::rule;
use truecount_json::quoted;

/// The responses after which there is another attempt.
const RETRYABLE: [Response; 3] = [Response::Throttled, Response::TimedOut, Response::Unavailable];
/// The definite responses that a script can end with. Any other follows from the object's state.
const DEFINITE: [Response; 4] = [Response::Rejected, Response::Forbidden, Response::Unsupported, Response::NotFound];

/// Where a script is spoken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scene {
    /// At the attempts at a unit.
    Unit,
    /// At the attempts at planning, or at a phase: there is nothing that could be rejected.
    Whole,
}

/// Reads a script for a run of `family`.
pub(super) fn read(
    written: &[String],
    at: At<'_>,
    scene: Scene,
    family: Option<&Family>,
    exhaust: bool,
    findings: &mut Findings,
) -> Script {
    let known: Vec<&str> = match scene {
        Scene::Unit => RETRYABLE.iter().chain(&DEFINITE).map(|word| word.name()).collect(),
        Scene::Whole => RETRYABLE.iter().map(|word| word.name()).collect(),
    };
    let mut script = Vec::new();
    for (number, name) in written.iter().enumerate() {
        let span = at.item(number).span();
        let Some(word) = Response::from_name(name).filter(|_| known.contains(&name.as_str())) else {
            if scene == Scene::Whole && DEFINITE.iter().any(|word| word.name() == name) {
                findings
                    .add(span, rule::NOT_RETRYABLE, format!("{} is a definite response", quoted(name)))
                    .expected("retryable responses only: there is no unit here");
            } else {
                findings.unknown(span, rule::UNKNOWN_RESPONSE, "response", name, known.iter().copied());
            }
            continue;
        };
        if word.definite() && number + 1 < written.len() {
            findings
                .add(
                    span,
                    rule::DEFINITE_NOT_LAST,
                    format!("{} is definite: there is no attempt after it", quoted(name)),
                )
                .expected("at most one definite response, the last")
                .help("remove the responses after it");
        }
        script.push(word);
    }
    if let Some(family) = family {
        check_length(&script, at, family, exhaust, findings);
    }
    script.into()
}

fn check_length(script: &[Response], at: At<'_>, family: &Family, exhaust: bool, findings: &mut Findings) {
    let limit = usize::from(family.retry.attempt_limit);
    let name = family.id.name();
    let retryable = script.iter().take_while(|word| !word.definite()).count();
    if script.len() > limit {
        // A script beyond the limit would also cost memory for each object of a range.
        findings
            .add(
                at.opening(),
                rule::BEYOND_LIMIT,
                format!("{} responses, but {name} makes {limit} attempts", script.len()),
            )
            .expected(format!("at most {limit} responses"));
    } else if retryable >= limit && !exhaust {
        findings
            .add(at.opening(), rule::ATTEMPTS_USED_UP, format!("{retryable} retryable responses use up all attempts"))
            .expected(format!("fewer than {limit} of them, or `\"exhaust\": true`"))
            .help("with `exhaust_limits`, write the finals as lists");
    }
}
