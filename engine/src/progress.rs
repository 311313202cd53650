//! The one progress function: what a surface may show for a run (PROG).
//!
//! The function does not depend on families (except for their mode), tallies, time or surfaces. Values that contradict
//! each other are shown as plain activity: the function never clamps, guesses or borrows a value (PROG-06).

use crate::counts::{Counts, Key};
use crate::mode::Mode;
use crate::run::{Outcome, Status};

/// The progress that a surface shows for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// There is no run, or none that the actor may see. [`progress`] never returns this.
    None,
    /// The run waits for a worker.
    Queued,
    /// The run is active, but no truthful statement about its progress is possible.
    Activity,
    /// The run is in the phase with this label.
    Phased(&'static str),
    /// The run has resolved `processed` of `total` units, with `processed <= total` and `total >= 1`.
    Counted {
        /// The number of units resolved so far.
        processed: u64,
        /// The number of planned units.
        total: u64,
        /// See [`percent`].
        percent: u8,
    },
    /// The run has ended.
    Terminal(Outcome),
}

/// Returns the progress that may be shown for a run. Every surface calls this function and no other (PROG-07).
///
/// No correct writer leaves a completed run without an outcome, or a running phased run without a label. Such a run is
/// shown as `activity`, since any outcome or label would be a guess. An outcome is ignored if the status is not
/// terminal.
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

/// Returns the counted view, or `None` if a key is missing or the two values contradict each other.
fn counted(counts: &Counts) -> Option<Progress> {
    let processed = counts.get(Key::Processed)?;
    let total = counts.get(Key::Total)?;
    let percent = percent(processed, total)?;
    Some(Progress::Counted { processed, total, percent })
}

/// Returns the integer part of `100 × processed / total`. Returns `None` if `total` is 0 or less than `processed`.
///
/// The result is exact for every `u64`, so it is 100 only if nothing is left (PROG-04).
pub fn percent(processed: u64, total: u64) -> Option<u8> {
    if processed > total {
        return None;
    }
    let hundredfold = u128::from(processed) * 100;
    u8::try_from(hundredfold.checked_div(u128::from(total))?).ok()
}

#[cfg(test)]
mod tests;
