//! `truecount explore`: explores small scenarios exhaustively.

use std::path::{Path, PathBuf};

use indicatif::HumanCount;
use serde::Serialize;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::explore::{Bounds, Cut, Pace};
use truecount_sim::subject::Acts;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Entry, Root};
use super::jobs::cores;
use super::selection::Unknown;
use super::shrink::write_scenario;
use super::{Exit, Format, data, interrupt, json, note, planted, sizes};
use truecount_gate::report::{ExploredReport, FailureReport};
use truecount_gate::shrink::{self, MinimizedSchedule};
use truecount_gate::{Conclusion, Exploration, Scope, explore};
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;
use truecount_scenario::lines;

/// The arguments of `explore`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Scenarios by id, by group or by path; all small scenarios by default
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,
    /// Maximum number of distinct states to hold; applies to each number of workers separately; a state takes about 150
    /// bytes
    #[arg(long, value_name = "N", default_value_t = 4_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    states: u32,
    /// Maximum number of states to generate; applies to each number of workers separately; a state takes about a
    /// microsecond
    #[arg(long, value_name = "N", default_value_t = 100_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    generated: u64,
    /// Maximum number of states to hold on one path; applies to each number of workers separately; a state takes about
    /// 8 kilobytes, or more if the run has many units [default: 10000, or fewer if they would exceed a gigabyte]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    depth: Option<u32>,
    /// The component of which a second one may run beside the first
    #[arg(long, value_enum, default_value = "relay")]
    second: Second,
    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Format of the report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    root: Root,
    /// Plant this bug in the engine
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
    /// Minimise the first failure and write it to this file as a scenario with its schedule, for `promote`
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Write the size of each small scenario into its file, under `explored`
    #[arg(long, conflicts_with_all = ["mutant", "write", "states", "generated", "depth", "format"])]
    write_sizes: bool,
}

/// A component of which two may run at once.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Second {
    Relay,
    Sweeper,
    RetentionJob,
    /// A second relay, sweeper and retention job, which needs many more states
    All,
}

impl Second {
    const fn acts(self) -> Acts {
        match self {
            Self::Relay => Acts::SecondRelay,
            Self::Sweeper => Acts::SecondSweeper,
            Self::RetentionJob => Acts::SecondRetentionJob,
            Self::All => Acts::All,
        }
    }
}

/// Explores the scenarios and prints a report.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let mut corpus = match Corpus::read(&arguments.root, &arguments.scenarios) {
        Ok(corpus) => corpus,
        Err(Unknown(message)) => {
            note(&format!("error: {message}"));
            return Exit::Usage;
        }
    };
    corpus.unfold(&arguments.root);
    if arguments.scenarios.is_empty() {
        corpus.entries.retain(|entry| Scope::is_small(&entry.scenario));
    }
    if arguments.write_sizes {
        return sizes::write(&corpus, arguments.jobs.map_or_else(cores, usize::from));
    }
    interrupt::report_first("ending after the states explored so far");
    match &arguments.mutant {
        None => judge(arguments, &corpus, None, || (Standard, Memory::new())),
        Some(id) => match planted(id) {
            Ok(mutant) => {
                judge(arguments, &corpus, Some(mutant), || (Planted(mutant.plant), FaultyStore::new(mutant.store)))
            }
            Err(exit) => exit,
        },
    }
}

/// The report as JSON.
#[derive(Serialize)]
struct Whole<'a> {
    format: u32,
    explored: &'a [ExploredReport],
}

fn judge<R: Rules, S: Store>(
    arguments: &Arguments,
    corpus: &Corpus,
    mutant: Option<&'static Mutant>,
    engine: impl Fn() -> (R, S) + Sync,
) -> Exit {
    corpus.note_problems();
    let scope = |scenario: &Scenario| {
        let depth = arguments.depth.unwrap_or_else(|| Scope::depth(scenario));
        let bounds = Bounds { states: arguments.states, generated: arguments.generated, depth };
        Scope { acts: arguments.second.acts(), ..Scope::within(bounds) }
    };
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let entries: Vec<&Entry> = corpus.entries.iter().collect();
    let (explored, minimal): (Vec<ExploredReport>, Vec<Option<MinimizedSchedule>>) =
        explore_all(&entries, &engine, scope, jobs, arguments.mutant.as_deref()).into_iter().unzip();
    if mutant.is_none() {
        sizes::note_wrong(&entries, &explored, arguments.second.acts());
    }
    match arguments.format {
        Format::Json => data(&json(&Whole { format: truecount_gate::report::FORMAT, explored: &explored })),
        Format::Text => {
            for failure in explored.iter().filter_map(|one| one.failure.as_ref()) {
                data(&format!("{}\n", failure.text()));
            }
            data(&ExploredReport::heading());
            for one in &explored {
                data(&one.line());
            }
            data(&ExploredReport::sum(&explored));
        }
    }
    let mut exit = if explored.is_empty() { Exit::Unknown } else { Exit::Held };
    if corpus.has_errors() {
        exit = exit.worst(Exit::Input);
    }
    if let Some(path) = &arguments.write {
        let first = explored.iter().position(|one| one.failure.is_some());
        if let Some(first) = first {
            exit = exit.worst(save(path, entries[first], minimal[first].as_ref(), mutant, &engine));
        }
    }
    explored.iter().fold(exit, |exit, one| {
        exit.worst(match one.verdict {
            "exhausted" => Exit::Held,
            "violated" => Exit::Violated,
            _ => Exit::Unknown,
        })
    })
}

/// Writes a failure to a file as a scenario, if a schedule can express its path.
fn save<R: Rules, S: Store>(
    path: &Path,
    entry: &Entry,
    minimal: Option<&MinimizedSchedule>,
    mutant: Option<&'static Mutant>,
    engine: &impl Fn() -> (R, S),
) -> Exit {
    let scenario = &entry.scenario;
    let minimal = minimal.zip(scenario.file.as_deref()).and_then(|(schedule, file)| {
        let smaller = shrink::scenario(file, &scenario.id, schedule, mutant.map(|mutant| mutant.id), engine).ok()?;
        Some((smaller, schedule.clause))
    });
    let Some((minimal, clause)) = minimal else {
        note(&format!("nothing was written: no schedule can express the path to the failure of {}", scenario.id));
        return Exit::Violated;
    };
    write_scenario(path, minimal, mutant, &format!("an exploration of {}", scenario.id), clause)
}

/// Explores scenarios on several threads. The results are in the order of the scenarios, each with its minimal failure
/// if a schedule can express the failure.
pub(super) fn explore_all<R: Rules, S: Store>(
    entries: &[&Entry],
    engine: &(impl Fn() -> (R, S) + Sync),
    scope: impl Fn(&Scenario) -> Scope + Sync,
    jobs: usize,
    mutant: Option<&str>,
) -> Vec<(ExploredReport, Option<MinimizedSchedule>)> {
    truecount_gate::spread(entries.len(), jobs.min(entries.len()), |place| {
        let entry = entries[place];
        let scope = scope(&entry.scenario);
        let mut watch = Watch { id: &entry.scenario.id, printed: 0 };
        let exploration = if interrupt::asked() {
            Exploration::not_begun(&entry.scenario)
        } else {
            explore(&entry.scenario, &entry.reference, engine, scope, &mut watch)
        };
        let again = format!("{}{}", entry.explore_command(mutant), second(scope.acts));
        let violation = exploration.violations.first();
        let failure = violation.map(|violation| report(entry, engine, violation, again.clone()));
        let (failure, minimal) = failure.unzip();
        let mut report = ExploredReport::new(&entry.scenario, &exploration, failure);
        if exploration.conclusion() == Conclusion::Unknown {
            report.resume = Some(format!("{again}{}", further(exploration.cut, scope.bounds)));
        }
        (report, minimal.flatten())
    })
}

/// Returns the option for the component of which a second one may run, unless it is the default.
const fn second(acts: Acts) -> &'static str {
    match acts {
        Acts::None | Acts::Single | Acts::SecondRelay => "",
        Acts::SecondSweeper => " --second sweeper",
        Acts::SecondRetentionJob => " --second retention-job",
        Acts::All => " --second all",
    }
}

/// Returns the option that raises the bound that an exploration reached.
fn further(cut: Option<Cut>, bounds: Bounds) -> String {
    match cut {
        Some(Cut::States) => format!(" --states {}", bounds.states.saturating_mul(10)),
        Some(Cut::Steps) => format!(" --generated {}", bounds.generated.saturating_mul(10)),
        Some(Cut::Depth) => format!(" --depth {}", bounds.depth.saturating_mul(10)),
        Some(Cut::Asked | Cut::Violation) | None => String::new(),
    }
}

/// Returns the report on the path to a violated clause. If a schedule can express the path, the path is minimised and
/// the schedule is returned as well.
fn report<R: Rules, S: Store>(
    entry: &Entry,
    engine: &impl Fn() -> (R, S),
    violation: &truecount_gate::Violation,
    again: String,
) -> (FailureReport, Option<MinimizedSchedule>) {
    let Entry { scenario, reference, .. } = entry;
    let workers = if violation.workers == 1 { "worker" } else { "workers" };
    let count = violation.steps.len();
    let steps = if count == 1 { "step" } else { "steps" };
    let mut how = format!("{count} {steps} with {} {workers}", violation.workers);
    // After an interrupt, there is no time to minimise the path.
    let minimized = if interrupt::asked() { None } else { shrink::path(scenario, reference, engine(), violation) };
    let Some(minimized) = minimized else {
        let recording = truecount_gate::record_path(scenario, reference, engine(), violation);
        return (FailureReport::new(scenario, reference, &recording, again).explored(how), None);
    };
    how.push_str(match minimized.schedule.decisions.len() {
        0 => "; no decision is needed",
        1 => "; minimised to 1 decision:",
        _ => "; minimised to these decisions:",
    });
    for line in lines(&minimized.schedule, scenario, reference) {
        how.push_str(&format!("\n            {line}"));
    }
    let (recording, _) = truecount_gate::record_schedule(scenario, reference, engine(), 0, &minimized.schedule);
    (FailureReport::new(scenario, reference, &recording, again).explored(how), Some(minimized))
}

/// Reports the progress of a long exploration on stderr, and ends the exploration on request.
struct Watch<'a> {
    id: &'a str,
    printed: u64,
}

/// The number of generated states between two lines of progress.
const LINES: u64 = 5_000_000;

impl Pace for Watch<'_> {
    fn continues(&mut self, states: u32, generated: u64) -> bool {
        if generated / LINES > self.printed {
            self.printed = generated / LINES;
            let [states, generated] = [u64::from(states), generated].map(HumanCount);
            note(&format!("explore: {}: {states} states, {generated} generated", self.id));
        }
        !interrupt::asked()
    }
}
