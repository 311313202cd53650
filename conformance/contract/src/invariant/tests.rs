//! Traces that violate a clause, each beside one that comes close and violates none: a checker that is stricter than its
//! clause is as wrong as one that is blind.

mod count;
mod life;
mod prog;
mod tape;

use crate::clause::Clause;
use tape::Tape;

/// Asserts that a trace violates a clause at the first event that violates any.
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
