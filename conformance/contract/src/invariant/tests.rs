//! Traces that violate a clause, each paired with a similar trace that violates none. A checker that is stricter than
//! its clause is as wrong as one that misses a violation.

mod count;
mod functions;
mod life;
mod prog;
pub(super) mod tape;

use crate::clause::Clause;
use tape::Tape;

/// A handmade trace, with the name of the checker function that it tests.
pub(super) type Trace = (&'static str, Tape);

/// Asserts that the first violating event of a trace violates `clause`.
#[track_caller]
fn violates(clause: Clause, tape: Tape) {
    let violated = tape.violated();
    assert!(violated.contains(clause), "{clause} is not among {violated:?}");
}

/// Asserts that a trace violates no clause.
#[track_caller]
fn holds(tape: Tape) {
    let violated = tape.violated();
    assert!(violated.is_empty(), "{violated:?}");
}
