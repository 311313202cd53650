//! `truecount shrink`: a failing seed, told with nothing in it that the failure does not need.

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Entry, Root};
use super::{Exit, data, note, planted, seed};
use crate::gate::{record_schedule, shrunk};
use crate::mutant::{Bent, Planted};
use crate::report::Told;
use crate::schedule;

/// What to shrink.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The scenario, by id or path
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// The failing seed: decimal, 0x…, or a git hash
    #[arg(long, value_name = "SEED", value_parser = seed::read)]
    seed: u64,
    /// Plants this bug in the engine first
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
    #[command(flatten)]
    root: Root,
}

/// Shrinks the play and tells what is left.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let entry = match Corpus::one(&arguments.root, &arguments.scenario) {
        Ok(entry) => entry,
        Err(exit) => return exit,
    };
    match &arguments.mutant {
        None => tell(arguments, &entry, || (Standard, Memory::new())),
        Some(id) => match planted(id) {
            Ok(mutant) => tell(arguments, &entry, || (Planted(mutant.plant), Bent::new(mutant.store))),
            Err(exit) => exit,
        },
    }
}

fn tell<R: Rules, S: Store>(arguments: &Arguments, entry: &Entry, engine: impl Fn() -> (R, S)) -> Exit {
    let Entry { scenario, brief, .. } = entry;
    let replay = entry.replay_command(arguments.seed, arguments.mutant.as_deref());
    let Some(small) = shrunk(scenario, brief, engine(), arguments.seed) else {
        note(&format!("seed {} of {} does not fail: there is nothing to shrink", arguments.seed, scenario.id));
        return Exit::Held;
    };
    let (recording, _) = record_schedule(scenario, brief, engine(), arguments.seed, &small.schedule);
    data(&Told::new(scenario, brief, &recording, replay).text());
    let (kept, workers) = (small.schedule.deviations.len(), small.schedule.workers);
    let worker = if workers == 1 { "worker" } else { "workers" };
    data(&format!(
        "  shrunk    {} of {} deviations, {workers} {worker}, {} plays\n",
        kept, small.recorded, small.plays
    ));
    for line in schedule::lines(&small.schedule, scenario, brief) {
        data(&format!("    {line}\n"));
    }
    Exit::Broken
}
