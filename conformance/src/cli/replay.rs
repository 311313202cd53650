//! `truecount replay`: one seed of one scenario, told in words.

use std::fs;
use std::path::{Path, PathBuf};

use truecount_engine::artifact::Digest;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;

use super::corpus::{Corpus, Entry, Root};
use super::{Exit, data, note, planted, seed};
use crate::disk;
use crate::gate::{Recording, record};
use crate::mutant::{Bent, Planted};
use crate::problem::Problem;
use crate::report::Told;
use crate::scenario::Scenario;

/// What to play again.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The scenario, by id or path
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The seed: decimal, 0x…, or a git hash
    #[arg(long, value_name = "SEED", value_parser = seed::read)]
    seed: u64,
    /// Plants this bug in the engine first
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
    /// Writes the packs that the play publishes to this folder, each under the name of its run
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    #[command(flatten)]
    root: Root,
}

/// Tells the play.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let entry = match Corpus::one(&arguments.root, &arguments.scenario) {
        Ok(entry) => entry,
        Err(exit) => return exit,
    };
    let Entry { scenario, brief, .. } = &entry;
    let recording = if let Some(id) = &arguments.mutant {
        let mutant = match planted(id) {
            Ok(mutant) => mutant,
            Err(exit) => return exit,
        };
        record(scenario, brief, Planted(mutant.plant), Bent::new(mutant.store), arguments.seed)
    } else {
        record(scenario, brief, Standard, Memory::new(), arguments.seed)
    };
    let failed = recording.play.finding.is_some();
    let replay = entry.replay_command(arguments.seed, arguments.mutant.as_deref());
    let told = Told::new(scenario, brief, &recording, replay);
    data(&told.whole_text());
    if let Some(folder) = &arguments.artifacts
        && let Err(problem) = write(folder, scenario, &recording)
    {
        note(&problem.to_string());
        return Exit::Input;
    }
    if failed { Exit::Broken } else { Exit::Held }
}

fn write(folder: &Path, scenario: &Scenario, recording: &Recording) -> Result<(), Problem> {
    fs::create_dir_all(folder).map_err(|error| Problem::unwritable(folder.display().to_string(), &error))?;
    for (request, bytes) in &recording.artifacts {
        let path = folder.join(format!("{}.zip", scenario.names.runs[*request]));
        disk::replace(&path, bytes)?;
        data(&format!("  pack      {} ({} bytes, SHA-256 {})\n", path.display(), bytes.len(), Digest::of(bytes)));
    }
    if recording.artifacts.is_empty() {
        note("note: the play published nothing");
    }
    Ok(())
}
