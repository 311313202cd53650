//! The one progress function: what a surface may show of a run (PROG).
//!
//! Independent of families (it takes their mode), tallies, time and surfaces. What it cannot trust it shows as plain
//! activity: it never clamps, guesses or borrows (PROG-06).

use crate::counts::{Counts, Key};
use crate::mode::Mode;
use crate::run::{Outcome, Status};

/// What a surface shows of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// There is no run, or none that the actor may see. [`progress`] never returns this.
    None,
    /// The run waits for a worker.
    Queued,
    /// The run is active; nothing truthful is known of how far it is.
    Activity,
    /// The run is in the phase of that label.
    Phased(&'static str),
    /// The run has resolved `processed` of `total` units, with `processed <= total` and
    /// `total >= 1`.
    Counted {
        /// Units resolved so far.
        processed: u64,
        /// Units planned.
        total: u64,
        /// See [`percent`].
        percent: u8,
    },
    /// The run has ended.
    Terminal(Outcome),
}

/// Returns what may be shown of a run; every surface calls this, and only this (PROG-07).
///
/// No correct writer leaves a completed run without an outcome, or a running phased run without a label. Both are shown
/// as `activity`, which claims least: to name an outcome would be a guess. An outcome beside a status that is not
/// terminal is ignored.
pub fn progress(
    mode: Mode,
    status: Status,
    outcome: Option<Outcome>,
    phase: Option<&'static str>,
    counts: &Counts,
) -> Progress {
    match (status, mode) {
        (Status::Queued, _) => Progress::Queued,
        (Status::Running, Mode::Counted) => counted(counts).unwrap_or(Progress::Activity),
        (Status::Running, Mode::Phased) => phase.map_or(Progress::Activity, Progress::Phased),
        (Status::Running, Mode::Activity) => Progress::Activity,
        (Status::Completed, _) => outcome.map_or(Progress::Activity, Progress::Terminal),
    }
}

/// Returns the counted view, or `None` if a key is missing or the two contradict each other.
fn counted(counts: &Counts) -> Option<Progress> {
    let processed = counts.get(Key::Processed)?;
    let total = counts.get(Key::Total)?;
    let percent = percent(processed, total)?;
    Some(Progress::Counted { processed, total, percent })
}

/// Returns the integer part of `100 × processed / total`, or `None` unless `total` is at least 1 and `processed` at
/// most `total`.
///
/// Exact for every `u64`, so it is 100 only if nothing is left (PROG-04).
pub fn percent(processed: u64, total: u64) -> Option<u8> {
    if processed > total {
        return None;
    }
    let hundredfold = u128::from(processed) * 100;
    u8::try_from(hundredfold.checked_div(u128::from(total))?).ok()
}

#[cfg(test)]
mod tests;
