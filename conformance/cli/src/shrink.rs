//! `truecount shrink`: minimises the failure of a seed and prints the trace of the minimal failure. With `--write`, it
//! also writes the minimal scenario to a file.

use std::path::{Path, PathBuf};

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Entry, Root, quoted};
use super::{Exit, data, note, optional, output, seed};
use truecount_contract::clause::Clause;
use truecount_gate::record_schedule;
use truecount_gate::report::FailureReport;
use truecount_gate::shrink::{self, MinimizedScenario, NotReproducible};
use truecount_json::disk;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::write;

/// The arguments of `shrink`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Scenario, by id or path
    #[arg(value_name = "SCENARIO")]
    scenario: String,
    /// Failing seed: decimal, 0x…, or a git hash
    #[arg(long, value_name = "SEED", value_parser = seed::read)]
    seed: u64,
    /// Plant this bug in the engine
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
    /// Write the minimal scenario with its schedule to this file, for `promote`
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    #[command(flatten)]
    root: Root,
}

/// Shrinks the failure and prints the result.
pub(super) fn run(arguments: &Arguments) -> Exit {
    // A usage error takes precedence over a file that cannot be read.
    let chosen = optional(arguments.mutant.as_deref())
        .and_then(|mutant| Ok((mutant, Corpus::one(&arguments.root, &arguments.scenario)?.drawn(arguments.seed))));
    let (mutant, entry) = match chosen {
        Ok(chosen) => chosen,
        Err(exit) => return exit,
    };
    match mutant {
        None => print_report(arguments, &entry, None, || (Standard, Memory::new())),
        Some(mutant) => {
            print_report(arguments, &entry, Some(mutant), || (Planted(mutant.plant), FaultyStore::new(mutant.store)))
        }
    }
}

fn print_report<R: Rules, S: Store>(
    arguments: &Arguments,
    entry: &Entry,
    mutant: Option<&'static Mutant>,
    engine: impl Fn() -> (R, S),
) -> Exit {
    let Entry { scenario, reference, .. } = entry;
    let replay = entry.replay_command(arguments.seed, arguments.mutant.as_deref());
    let minimized = match shrink::seed(scenario, reference, arguments.seed, mutant.map(|mutant| mutant.id), &engine) {
        Ok(minimized) => minimized,
        Err(NotReproducible::Passes) => {
            note(&format!("seed {} of {} does not fail: there is nothing to shrink", arguments.seed, scenario.id));
            return Exit::Held;
        }
        Err(NotReproducible::Differs) => {
            note("the seed fails, but its schedule does not fail in the same way: please report this");
            return Exit::Defect;
        }
        Err(NotReproducible::FailsWithout { clause, seed }) => {
            let id = arguments.mutant.as_deref().unwrap_or_default();
            let how = seed.map_or_else(|| "the schedule of the failure".to_owned(), |seed| format!("seed {seed}"));
            note(&format!(
                "error: {how} of {} violates {clause} without {id}, too, so it does not show this bug\n  \
                 = help: `{}` shows how; first fix the engine or the expectation in the scenario",
                scenario.id,
                entry.replay_command(seed.unwrap_or(arguments.seed), None)
            ));
            return Exit::Violated;
        }
        Err(NotReproducible::Lost) => {
            note("the failure disappears once its schedule is part of the scenario: please report this");
            return Exit::Defect;
        }
    };
    let MinimizedScenario { scenario: minimal, reference, schedule, .. } = &minimized.minimal;
    let (recording, _) = record_schedule(minimal, reference, engine(), arguments.seed, schedule);
    data(&FailureReport::new(minimal, reference, &recording, replay).text());
    data(&minimized.text());
    let Some(path) = &arguments.write else { return Exit::Violated };
    let of = format!("seed {} of {}", arguments.seed, scenario.id);
    write_scenario(path, minimized.minimal, mutant, &of, minimized.clause)
}

/// Writes the minimal scenario of a failure to a file, and notes how to promote the file. `of` names the source of the
/// failure. The exit code is that of a failure, whether or not the file could be written.
pub(super) fn write_scenario(
    path: &Path,
    minimal: MinimizedScenario,
    mutant: Option<&Mutant>,
    of: &str,
    clause: Clause,
) -> Exit {
    let file = minimal.into_file(mutant, of, clause);
    if let Err(problem) = disk::create(path, write::scenario(&file)) {
        note(&problem.to_string());
        return Exit::Violated.worst(Exit::Input);
    }
    let (name, word) = (output::shown(path), quoted(&path.to_string_lossy()));
    note(&format!("wrote {name}: give the scenario a title, then run `truecount promote {word}`"));
    Exit::Violated
}
