//! `--resume FILE`: saves the progress of a check, and resumes from it.
//!
//! This module reads the clock to write at most once a second. The content of the file does not depend on the clock.

use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::HumanCount;

use super::note;
use truecount_contract::reference::Reference;
use truecount_gate::checkpoint::{self, BYTES_MAX, Identity, Known};
use truecount_gate::{Settings, Swept};
use truecount_json::disk;
use truecount_json::problem::Problem;
use truecount_json::read_text;
use truecount_scenario::Scenario;

/// The minimum time between two writes. A write must reach the disk, which takes longer than a round.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps a checkpoint file up to date.
pub(super) struct Checkpointer<'a> {
    path: &'a Path,
    identity: Identity,
    scenarios: Vec<Known>,
    written: Option<Instant>,
    problem: Option<Problem>,
}

impl<'a> Checkpointer<'a> {
    /// Reads the file, or creates it if it does not exist. Also returns the progress so far.
    ///
    /// # Errors
    ///
    /// Returns a problem if the file cannot be read or written, or if it belongs to a different check.
    pub(super) fn open(
        path: &'a Path,
        identity: Identity,
        scenarios: &[(&Scenario, &Reference)],
        settings: Settings,
    ) -> Result<(Self, Swept), Problem> {
        let known = scenarios.iter().map(|(scenario, _)| Known::new(scenario)).collect();
        let checkpointer = Self { path, identity, scenarios: known, written: None, problem: None };
        let shown = path.display().to_string();
        match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let swept = Swept::nothing(scenarios.len());
                checkpointer.write(&swept)?;
                note(&format!("progress: {shown} is a new file; starting with seed {}", settings.first));
                Ok((checkpointer, swept))
            }
            // Opening a pipe would wait for a writer, and a device cannot be replaced.
            Ok(_) if path.metadata().is_ok_and(|of| !of.is_file() && !of.is_dir()) => Err(Problem::special(shown)
                .expected("a regular file, because progress is saved by replacing it")
                .help("name a file that does not exist yet")),
            _ => {
                let text = read_text(path, &shown, BYTES_MAX)?;
                let simulated = |place: usize, rounds| {
                    scenarios.get(place).map_or(0, |(scenario, _)| settings.simulated_in(scenario, rounds))
                };
                let swept =
                    checkpoint::read(&shown, &text, &checkpointer.identity, &checkpointer.scenarios, simulated)?;
                let seeds = HumanCount(swept.seeds());
                note(&format!("progress: resumed from {shown}, after {seeds} seeds of each scenario"));
                Ok((checkpointer, swept))
            }
        }
    }

    /// Saves the progress if `last` is set or if the previous write was long enough ago. Returns `false` if the write
    /// failed.
    #[expect(
        clippy::disallowed_methods,
        reason = "limits how often the file is written; the content does not depend on the clock"
    )]
    pub(super) fn keep(&mut self, swept: &Swept, last: bool) -> bool {
        if !last && self.written.is_some_and(|written| written.elapsed() < PAUSE) {
            return true;
        }
        let kept = self.write(swept);
        self.written = Some(Instant::now());
        self.problem = kept.err();
        self.problem.is_none()
    }

    /// Returns the problem that prevented the file from being written, if any.
    pub(super) fn into_problem(self) -> Option<Problem> {
        self.problem
    }

    fn write(&self, swept: &Swept) -> Result<(), Problem> {
        disk::replace(self.path, checkpoint::text(&self.identity, &self.scenarios, swept))
    }
}
