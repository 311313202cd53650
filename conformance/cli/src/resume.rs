//! `--resume FILE`: saves the progress of a check, and resumes from it.
//!
//! This module reads the clock to write at most once a second. The content of the file does not depend on the clock.

use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::HumanCount;

use super::{note, output};
use truecount_contract::reference::Reference;
use truecount_gate::checkpoint::{self, BYTES_MAX, Check, DAMAGED, Identity, Known};
use truecount_gate::{Settings, Share, Swept};
use truecount_json::disk::Locked;
use truecount_json::problem::Problem;
use truecount_scenario::Scenario;

/// The minimum time between two writes. A write must reach the disk, which takes longer than a round.
const PAUSE: Duration = Duration::from_secs(1);

/// Keeps a checkpoint file up to date.
pub(super) struct Checkpointer {
    file: Locked,
    identity: Identity,
    scenarios: Vec<Known>,
    written: Option<Instant>,
    problem: Option<Problem>,
}

impl Checkpointer {
    /// Reads the file, or creates it if it does not exist. Also returns the progress so far. The file is locked, so no
    /// other process can save its progress to it.
    ///
    /// # Errors
    ///
    /// Returns a problem if the file cannot be read or written, or if it belongs to a different check.
    pub(super) fn open(
        path: &Path,
        identity: Identity,
        scenarios: &[(&Scenario, &Reference)],
        settings: Settings,
    ) -> Result<(Self, Swept), Problem> {
        let known: Vec<Known> = scenarios.iter().map(|(scenario, _)| Known::new(scenario)).collect();
        let shown = output::shown(path);
        let with_help = |problem: Problem| if problem.help.is_some() { problem } else { problem.help(DAMAGED) };
        let (file, swept) = if let Some(file) = Locked::open(path, &shown).map_err(with_help)? {
            let text = file.read_text(BYTES_MAX).map_err(with_help)?;
            let shares: Vec<Share> = scenarios.iter().map(|(scenario, _)| settings.share_of(scenario)).collect();
            let check = Check { identity: &identity, scenarios: &known, shares: &shares };
            let swept = checkpoint::read(&shown, &text, check)?;
            let [seeds, further] = [swept.seeds(), swept.further()].map(HumanCount);
            note(&format!(
                "progress: resumed from {shown}, after {seeds} seeds of each scenario and {further} further simulations"
            ));
            (file, swept)
        } else {
            let swept = Swept::nothing(scenarios.len());
            let unwritable = |problem: Problem| {
                if problem.help.is_some() {
                    problem
                } else {
                    problem.help("name a file in a folder that can be written")
                }
            };
            let text = checkpoint::text(&identity, &known, &swept);
            let file = Locked::create(path, &shown, text).map_err(unwritable)?;
            note(&format!("progress: {shown} is a new file; starting with seed {}", settings.first));
            (file, swept)
        };
        Ok((Self { file, identity, scenarios: known, written: None, problem: None }, swept))
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

    fn write(&mut self, swept: &Swept) -> Result<(), Problem> {
        let text = checkpoint::text(&self.identity, &self.scenarios, swept);
        self.file.replace(text).map_err(|problem| {
            let help = "the progress up to the previous save is kept; free space, or make the folder writable";
            if problem.help.is_some() { problem } else { problem.help(help) }
        })
    }
}
