//! `truecount replay`: simulates one seed or one schedule of a scenario and prints the trace.

use std::fs;
use std::path::{Path, PathBuf};

use truecount_engine::artifact::Digest;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Entry, Root};
use super::{Exit, data, note, optional, output, seed};
use truecount_gate::report::{FailureReport, no_longer};
use truecount_gate::{Recording, record, record_schedule, schedule_of};
use truecount_json::disk;
use truecount_json::nearest;
use truecount_json::problem::Problem;
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::lines;
use truecount_scenario::shape::split;
use truecount_scenario::{Saved, Scenario, format, read_schedule, write};

/// The arguments of `replay`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Scenario, by id or path; optional if a schedule file names it
    #[arg(value_name = "SCENARIO", required_unless_present = "schedule")]
    scenario: Option<String>,
    /// Seed: decimal, 0x…, or a git hash
    #[arg(long, value_name = "SEED", value_parser = seed::read, conflicts_with = "schedule")]
    seed: Option<u64>,
    /// Schedule: the name of a schedule in the scenario, or a file [default: the only schedule of the scenario]
    #[arg(long, value_name = "NAME|FILE")]
    schedule: Option<String>,
    /// Plant this bug in the engine
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
    /// Write the decisions of the seed as a schedule to this file
    #[arg(long, value_name = "FILE", requires = "seed")]
    write: Option<PathBuf>,
    /// Save the packs of the simulation in this folder, each named after its run
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,
    #[command(flatten)]
    root: Root,
}

/// Simulates the seed or the schedule and prints the trace.
pub(super) fn run(arguments: &Arguments) -> Exit {
    // A usage error takes precedence over a file that cannot be read.
    let (mutant, (entry, saved)) =
        match optional(arguments.mutant.as_deref()).and_then(|id| Ok((id, chosen(arguments)?))) {
            Ok(chosen) => chosen,
            Err(exit) => return exit,
        };
    match mutant {
        None => print_report(arguments, &entry, saved.as_ref(), || (Standard, Memory::new())),
        Some(mutant) => {
            print_report(arguments, &entry, saved.as_ref(), || (Planted(mutant.plant), FaultyStore::new(mutant.store)))
        }
    }
}

/// Returns the scenario, and the schedule unless a seed is simulated.
fn chosen(arguments: &Arguments) -> Result<(Entry, Option<Saved>), Exit> {
    let is_file = |name: &&String| Path::new(name).extension().is_some_and(|extension| extension == "json");
    if let Some(file) = arguments.schedule.as_ref().filter(is_file) {
        return from_file(arguments, file).map(|(entry, saved)| (entry, Some(saved)));
    }
    let Some(name) = &arguments.scenario else {
        note(
            "error: a schedule that is given by name requires its scenario\n  \
             = help: use `truecount replay SCENARIO --schedule NAME`",
        );
        return Err(Exit::Usage);
    };
    let entry = Corpus::one(&arguments.root, name)?;
    if let Some(seed) = arguments.seed {
        return Ok((entry.drawn(seed), None));
    }
    let names: Vec<&str> = entry.scenario.schedules.iter().map(|saved| saved.name.as_str()).collect();
    let place = match (&arguments.schedule, &names[..]) {
        (Some(name), _) => {
            let Some(place) = names.iter().position(|known| known == name) else {
                let help = match nearest(name, &names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => {
                        "the scenario carries no schedule; name a file, or use --seed instead".to_owned()
                    }
                    None => {
                        let s = if names.len() == 1 { "" } else { "s" };
                        format!("the scenario has the schedule{s} {}", names.join(", "))
                    }
                };
                note(&format!(
                    "error: {} carries no schedule `{}`\n  = help: {help}",
                    entry.scenario.id,
                    truecount_json::escaped(name)
                ));
                return Err(Exit::Usage);
            };
            place
        }
        (None, [_]) => 0,
        (None, []) => {
            note(&format!(
                "error: {} carries no schedule\n  \
                 = help: use --seed SEED or --schedule FILE to choose what to simulate",
                entry.scenario.id
            ));
            return Err(Exit::Usage);
        }
        (None, _) => {
            let names = names.join(", ");
            note(&format!(
                "error: {} carries several schedules\n  = help: choose one with --schedule: {names}",
                entry.scenario.id
            ));
            return Err(Exit::Usage);
        }
    };
    let saved = entry.scenario.schedules.get(place).cloned();
    Ok((entry, saved))
}

fn from_file(arguments: &Arguments, file: &str) -> Result<(Entry, Saved), Exit> {
    let refuse = |problems: Vec<Problem>| {
        for problem in problems {
            note(&format!("{problem}\n"));
        }
        Exit::Input
    };
    let alone = read_schedule(Path::new(file), file).map_err(refuse)?;
    let entry = if let Some(name) = &arguments.scenario {
        Corpus::one(&arguments.root, name)?
    } else {
        let found = truecount_scenario::find(arguments.root.path());
        let ids: Vec<&str> = found.scenarios.iter().map(|(id, _)| id.as_str()).collect();
        let (id, _) = split(alone.scenario()).unwrap_or((alone.scenario(), ""));
        if !ids.contains(&id) {
            return Err(refuse(vec![alone.unknown(&ids)]));
        }
        Corpus::one(&arguments.root, id)?
    };
    // A schedule is valid for one plan. If the scenario leaves the shape open, the schedule names the shape.
    let shapes: Vec<&str> = entry.scenario.shapes.iter().map(|shaped| shaped.scenario.id.as_str()).collect();
    let entry = match shapes.iter().position(|id| *id == alone.scenario()) {
        Some(place) => entry.of_shape(place),
        None if shapes.is_empty() => entry,
        None => return Err(refuse(vec![alone.unknown(&shapes)])),
    };
    let mut saved = alone.understand(&entry.scenario, &entry.reference).map_err(refuse)?;
    file.clone_into(&mut saved.name);
    Ok((entry, saved))
}

fn print_report<R: Rules, S: Store>(
    arguments: &Arguments,
    entry: &Entry,
    saved: Option<&Saved>,
    engine: impl Fn() -> (R, S),
) -> Exit {
    let Entry { scenario, reference, .. } = entry;
    let mutant = arguments.mutant.as_deref();
    let mut exit = Exit::Held;
    let recording = if let Some(saved) = saved {
        let (recording, idle) = record_schedule(scenario, reference, engine(), 0, &saved.schedule);
        let replay = entry.replay_schedule_command(&saved.name, mutant);
        data(&FailureReport::new(scenario, reference, &recording, replay).of_schedule(&saved.name).whole_text());
        print_schedule(saved, entry, &idle);
        recording
    } else {
        let seed = arguments.seed.unwrap_or_default();
        let (rules, store) = engine();
        let recording = record(scenario, reference, rules, store, seed);
        data(&FailureReport::new(scenario, reference, &recording, entry.replay_command(seed, mutant)).whole_text());
        if let Some(path) = &arguments.write
            && let Err(problem) = save(path, entry, mutant, seed, engine)
        {
            note(&problem.to_string());
            exit = Exit::Input;
        }
        recording
    };
    if recording.simulation.finding.is_some() {
        exit = exit.worst(Exit::Violated);
    }
    if let Some(folder) = &arguments.artifacts
        && let Err(problem) = write_packs(folder, scenario, &recording)
    {
        note(&problem.to_string());
        exit = exit.worst(Exit::Input);
    }
    exit
}

/// Prints the lines of a schedule, and notes on stderr which lines did not apply.
fn print_schedule(saved: &Saved, entry: &Entry, idle: &[usize]) {
    let lines = lines(&saved.schedule, &entry.scenario, &entry.reference);
    let workers = saved.schedule.workers;
    data(&format!("  decisions with {workers} worker{}\n", if workers == 1 { "" } else { "s" }));
    for line in &lines {
        data(&format!("    {line}\n"));
    }
    if !idle.is_empty() {
        let idle_lines: Vec<String> = idle.iter().map(|place| format!("\n    {}", lines[*place])).collect();
        note(&format!("note: {}:{}", no_longer(idle.len(), lines.len() as u64), idle_lines.concat()));
    }
    if let (Some(mutant), Some(violates)) = (&saved.mutant, saved.violates) {
        note(&format!("note: the schedule violates {violates} with --mutant {mutant}"));
    }
}

/// Writes the decisions of a seed to a file as a schedule.
fn save<R: Rules, S: Store>(
    path: &Path,
    entry: &Entry,
    mutant: Option<&str>,
    seed: u64,
    engine: impl Fn() -> (R, S),
) -> Result<(), Problem> {
    let Entry { scenario, reference, .. } = entry;
    let (taken, violated) = schedule_of(scenario, reference, engine(), seed);
    let written = format::Schedule {
        name: format!("seed-{seed}"),
        workers: u64::from(taken.workers),
        mutant: violated.and(mutant).and_then(Mutant::from_id).map(|mutant| mutant.id.to_owned()),
        violates: violated.map(|clause| clause.id().to_owned()),
        decisions: lines(&taken, scenario, reference),
    };
    disk::create(path, write::standalone(&scenario.id, &written))?;
    let count = written.decisions.len();
    let s = if count == 1 { "" } else { "s" };
    note(&format!("wrote {count} decision{s} to {}", output::shown(path)));
    Ok(())
}

fn write_packs(folder: &Path, scenario: &Scenario, recording: &Recording) -> Result<(), Problem> {
    fs::create_dir_all(folder).map_err(|error| Problem::unwritable(output::shown(folder), &error))?;
    for (request, bytes) in &recording.artifacts {
        let path = folder.join(format!("{}.zip", scenario.names.runs[*request]));
        disk::replace(&path, bytes)?;
        data(&format!("  pack      {} ({} bytes, SHA-256 {})\n", output::shown(&path), bytes.len(), Digest::of(bytes)));
    }
    if recording.artifacts.is_empty() {
        note("note: the simulation published nothing");
    }
    Ok(())
}
