//! `truecount shrink`: a failing seed, told with nothing in it that the failure does not need, and as a scenario file.

use std::path::{Path, PathBuf};

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Entry, Root, quoted};
use super::{Exit, data, note, planted, seed};
use truecount_contract::clause::Clause;
use truecount_gate::report::Told;
use truecount_gate::{Least, Nothing, Sizes, least, record_schedule};
use truecount_json::disk;
use truecount_mutants::{Bent, Mutant, Planted};
use truecount_scenario::format::File;
use truecount_scenario::schedule;
use truecount_scenario::write;

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
    /// Writes what is left as a scenario with its schedule to this file, which `promote` takes
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    #[command(flatten)]
    root: Root,
}

/// Shrinks the play and tells what is left.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let entry = match Corpus::one(&arguments.root, &arguments.scenario) {
        Ok(entry) => entry.drawn(arguments.seed),
        Err(exit) => return exit,
    };
    match &arguments.mutant {
        None => tell(arguments, &entry, None, || (Standard, Memory::new())),
        Some(id) => match planted(id) {
            Ok(mutant) => tell(arguments, &entry, Some(mutant), || (Planted(mutant.plant), Bent::new(mutant.store))),
            Err(exit) => exit,
        },
    }
}

fn tell<R: Rules, S: Store>(
    arguments: &Arguments,
    entry: &Entry,
    mutant: Option<&'static Mutant>,
    engine: impl Fn() -> (R, S),
) -> Exit {
    let Entry { scenario, brief, .. } = entry;
    let replay = entry.replay_command(arguments.seed, arguments.mutant.as_deref());
    let least = match least(scenario, brief, arguments.seed, mutant.map(|mutant| mutant.id), &engine) {
        Ok(least) => least,
        Err(Nothing::Holds) => {
            note(&format!("seed {} of {} does not fail: there is nothing to shrink", arguments.seed, scenario.id));
            return Exit::Held;
        }
        Err(Nothing::Unlike) => {
            note("the seed fails, and its schedule does not fail in the same way: please report this");
            return Exit::Defect;
        }
        Err(Nothing::Gone) => {
            note("the failure is gone once its schedule stands in the scenario: please report this");
            return Exit::Defect;
        }
    };
    tell_least(&least, arguments.seed, replay, &engine);
    let Some(path) = &arguments.write else { return Exit::Broken };
    let of = format!("seed {} of {}", arguments.seed, scenario.id);
    write_down(path, least.small.file, mutant, &of, least.clause)
}

/// Writes what is left `of` a failure as a scenario with its schedule; says how it may join the others.
pub(super) fn write_down(path: &Path, mut file: File, mutant: Option<&Mutant>, of: &str, clause: Clause) -> Exit {
    file.title = match mutant {
        Some(mutant) => format!("{}, shrunk from {of}: {}", mutant.id, mutant.does),
        None => format!("Shrunk from {of}: it violates {clause}"),
    };
    if let Err(problem) = disk::create(path, write::scenario(&file)) {
        note(&problem.to_string());
        return Exit::Input;
    }
    let name = path.display().to_string();
    note(&format!("wrote {name}: give it a title, then `truecount promote {}`", quoted(&name)));
    Exit::Broken
}

/// Tells what is left, and how much of what there was.
fn tell_least<R: Rules, S: Store>(least: &Least, seed: u64, replay: String, engine: impl Fn() -> (R, S)) {
    let Least { small, recorded, plays, elsewhere, .. } = least;
    let (recording, _) = record_schedule(&small.scenario, &small.brief, engine(), seed, &small.schedule);
    data(&Told::new(&small.scenario, &small.brief, &recording, replay).text());
    let [was, is] = small.sizes;
    let part = |of: fn(&Sizes) -> usize, one: &str, several: &str| {
        let (is, was) = (of(&is), of(&was));
        format!("{is} of {was} {}", if was == 1 { one } else { several })
    };
    data(&format!(
        "  fixture   {}, {}, {}, {}\n",
        part(|sizes| sizes.runs, "run", "runs"),
        part(|sizes| sizes.units, "unit", "units"),
        part(|sizes| sizes.objects, "object", "objects"),
        part(|sizes| sizes.faults, "kind of fault", "kinds of fault"),
    ));
    let (kept, workers) = (small.schedule.deviations.len(), small.schedule.workers);
    let worker = if workers == 1 { "worker" } else { "workers" };
    let of = match elsewhere {
        None => format!("{kept} of {recorded} decisions"),
        Some((seed, own)) => format!(
            "{kept} decisions of seed {seed} of a smaller scenario: of the {recorded} of this seed, {own} were left"
        ),
    };
    data(&format!("  shrunk    {of}, {workers} {worker}, {plays} plays\n"));
    for line in schedule::lines(&small.schedule, &small.scenario, &small.brief) {
        data(&format!("    {line}\n"));
    }
}
