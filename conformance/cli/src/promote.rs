//! `truecount promote`: adds a minimised failure to the corpus as a scenario, if it qualifies.
//!
//! The file must be in canonical form. With its mutant planted, each schedule must violate its stated clause. In the
//! unmodified engine, it must violate nothing. No existing file is overwritten.

use std::fs;
use std::path::PathBuf;

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Root};
use super::{Exit, data, mutant, note, output};
use truecount_contract::clause::ClauseSet;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_gate::report::no_longer;
use truecount_gate::{Finding, Runner, Settings};
use truecount_json::problem::Problem;
use truecount_json::{Limits, disk, escaped, read_text};
use truecount_mutants::{FaultyStore, Mutant, Planted};
use truecount_scenario::{Saved, Scenario, format::File, is_id, write};

/// The default group.
const GROUP: &str = "regressions";

/// The arguments of `promote`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// File written by `shrink --write`
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Id of the new scenario [default: regressions/ followed by the name of the file]
    #[arg(long = "as", value_name = "GROUP/NAME")]
    id: Option<String>,
    /// Planted bug that the scenario shows, if the file does not name it
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
    #[command(flatten)]
    root: Root,
}

/// The reason why a file is not promoted: the exit code and the message.
struct Refused(Exit, String);

/// Checks the file and adds it to the corpus.
pub(super) fn run(arguments: &Arguments) -> Exit {
    match promote(arguments) {
        Ok(path) => {
            data(&format!("promoted {} to {}\n", output::shown(&arguments.file), output::shown(&path)));
            note("`truecount check` now includes this scenario");
            Exit::Held
        }
        Err(Refused(exit, why)) => {
            note(&why);
            exit
        }
    }
}

fn promote(arguments: &Arguments) -> Result<PathBuf, Refused> {
    let shown = output::shown(&arguments.file);
    let unreadable = |problems: Vec<Problem>| {
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Refused(Exit::Input, shown.join("\n\n"))
    };
    // Usage errors come first, since they take precedence over everything that the file may show.
    let id = id(arguments)?;
    let planted = arguments.mutant.as_deref().map(mutant).transpose().map_err(|exit| Refused(exit, String::new()))?;
    let corpus = others(&arguments.root)?;
    if corpus.entries.iter().any(|entry| entry.scenario.id == id) {
        let message = format!("error: a scenario `{id}` already exists");
        return Err(Refused(Exit::Usage, format!("{message}\n  = help: choose another id with --as GROUP/NAME")));
    }
    // The text and the scenario come from one read, since the file may change.
    let text =
        read_text(&arguments.file, &shown, Limits::SCENARIO.bytes).map_err(|problem| unreadable(vec![problem]))?;
    let mut scenario = truecount_scenario::parse(&shown, &id, text.as_bytes()).map_err(unreadable)?;
    let mut file =
        scenario.file.as_deref().cloned().unwrap_or_else(|| unreachable!("the scenario was read from a file"));
    if let Some(other) = corpus.entries.iter().find(|entry| entry.scenario.title == scenario.title) {
        let message = format!("error: the scenario `{}` has the same title", other.scenario.id);
        let help = "choose a different `title` that states what this scenario shows";
        return Err(Refused(Exit::Usage, format!("{message}\n  = help: {help}")));
    }
    canonical(&text, &file, &shown)?;
    if let Some(Mutant { id, .. }) = planted {
        name_mutant(&mut file, id, &shown)?;
        let meant = truecount_scenario::meaning(&file, &scenario.id);
        let help = "set `violates` to the id of the clause that the schedule violates with this mutant";
        scenario =
            meant.ok_or_else(|| refused(&shown, &format!("it does not state which clause {id} violates"), help))?;
    }
    let reference = Reference::new(&scenario.fixture);
    if scenario.schedules.is_empty() {
        return Err(refused(
            &shown,
            "it carries no schedule",
            "`truecount shrink SCENARIO --seed SEED --write FILE` writes one",
        ));
    }
    for saved in &scenario.schedules {
        shows_its_bug(saved, &scenario, &reference, &shown)?;
        holds_without(saved, &scenario, &reference, &shown)?;
    }
    holds_under_seeds(&scenario, &reference, &shown)?;
    land(&arguments.root, &scenario, &file)
}

fn refused(shown: &str, why: &str, help: &str) -> Refused {
    Refused(Exit::Violated, format!("error: {shown} is not promoted: {why}\n  = help: {help}"))
}

/// Returns the id of the new scenario.
fn id(arguments: &Arguments) -> Result<String, Refused> {
    let stem = || arguments.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id = arguments.id.clone().unwrap_or_else(|| format!("{GROUP}/{}", stem()));
    if is_id(&id) {
        return Ok(id);
    }
    let help = "choose an id with --as GROUP/NAME: letters, digits, `-`, `_`, `.` and at least one `/`";
    Err(Refused(Exit::Usage, format!("error: `{}` is not a valid scenario id\n  = help: {help}", escaped(&id))))
}

/// Checks that the file is in canonical form, so that two files differ only in their content.
fn canonical(text: &str, file: &File, shown: &str) -> Result<(), Refused> {
    let form = write::scenario(file);
    if text == form {
        return Ok(());
    }
    let place = text.bytes().zip(form.bytes()).position(|(one, other)| one != other);
    let place = place.unwrap_or_else(|| text.len().min(form.len()));
    let start = form.get(..place).map_or(0, |before| before.rfind('\n').map_or(0, |newline| newline + 1));
    let line = form.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("the end of the file").trim();
    let problem = Problem::in_text("not-canonical", shown, "the file is not in canonical form", text, place..place + 1);
    let problem = problem.expected(format!("`{line}`")).help("write the file as `truecount shrink --write` does");
    Err(Refused(Exit::Input, problem.to_string()))
}

/// Sets this bug as the mutant of every schedule that names no mutant.
fn name_mutant(file: &mut File, id: &str, shown: &str) -> Result<(), Refused> {
    for schedule in &mut file.schedules {
        let named = schedule.mutant.get_or_insert_with(|| id.to_owned());
        if named != id {
            let why = format!("its schedule `{}` names the mutant {named}, not {id}", schedule.name);
            return Err(refused(shown, &why, "omit --mutant"));
        }
    }
    Ok(())
}

/// Checks that, with its mutant planted, a schedule violates its stated clause.
fn shows_its_bug(saved: &Saved, scenario: &Scenario, reference: &Reference, shown: &str) -> Result<(), Refused> {
    let name = &saved.name;
    let (Some(id), Some(violates)) = (saved.mutant.as_deref(), saved.violates) else {
        let why = format!(
            "its schedule `{name}` does not state which planted bug it shows or which clause that bug violates"
        );
        return Err(refused(shown, &why, "set both `mutant` and `violates`, or name the bug with --mutant"));
    };
    let Some(mutant) = Mutant::from_id(id) else {
        return Err(refused(shown, &format!("`{id}` is not a mutant"), "`truecount list mutants` lists all mutants"));
    };
    let found = finding(saved, scenario, reference, (Planted(mutant.plant), FaultyStore::new(mutant.store))).0;
    match found.as_ref().map(Finding::primary) {
        Some(clause) if clause == violates => Ok(()),
        other => {
            let what = other.map_or_else(|| "violates nothing".to_owned(), |clause| format!("violates {clause}"));
            let why = format!("with {id}, its schedule `{name}` {what}, but {violates} was expected");
            Err(refused(shown, &why, "correct `mutant` and `violates`, or shrink a seed that violates this clause"))
        }
    }
}

/// Checks that a schedule violates nothing in the unmodified engine, and that all of its decisions apply there.
fn holds_without(saved: &Saved, scenario: &Scenario, reference: &Reference, shown: &str) -> Result<(), Refused> {
    let name = &saved.name;
    let (found, idle) = finding(saved, scenario, reference, (Standard, Memory::new()));
    if let Some(found) = found {
        let why = format!("its schedule `{name}` violates {} in the unmodified engine", found.primary());
        return Err(refused(shown, &why, "first fix the engine or the expectation in the scenario"));
    }
    if idle.is_empty() {
        return Ok(());
    }
    let decisions = &saved.schedule.decisions;
    let lines: Vec<String> =
        idle.iter().map(|place| format!("\n    {}", scenario.setting(reference).line(&decisions[*place]))).collect();
    let what = no_longer(idle.len(), decisions.len() as u64);
    let why = format!("in its schedule `{name}`, {what} to the unmodified engine:{}", lines.concat());
    Err(refused(
        shown,
        &why,
        "remove these lines if the schedule still shows the bug without them, or shrink another seed",
    ))
}

fn finding<R: Rules, S: Store>(
    saved: &Saved,
    scenario: &Scenario,
    reference: &Reference,
    engine: (R, S),
) -> (Option<Finding>, Vec<usize>) {
    let (rules, store) = engine;
    let mut runner = Runner::new(scenario, reference, rules, store, Checkers::new(reference));
    let (simulation, idle) = runner.simulate_saved(&saved.schedule);
    (simulation.finding, idle)
}

/// Checks that the unmodified engine violates nothing under the default number of seeds, and that the seeds or the
/// schedules exercise each clause that the scenario names.
fn holds_under_seeds(scenario: &Scenario, reference: &Reference, shown: &str) -> Result<(), Refused> {
    let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
    let mut exercised = ClauseSet::default();
    for saved in &scenario.schedules {
        exercised.extend(runner.simulate_saved(&saved.schedule).0.exercised);
    }
    for seed in 0..Settings::DEFAULT {
        let simulation = runner.simulate(seed);
        exercised.extend(simulation.exercised);
        if let Some(found) = simulation.finding {
            let why = format!("seed {seed} violates {} in the unmodified engine", found.primary());
            return Err(refused(shown, &why, &format!("`truecount replay {shown} --seed {seed}` prints the trace")));
        }
    }
    let is_exercised = |id: &String| exercised.iter().any(|clause| clause.id() == id);
    if let Some(id) = scenario.clauses.iter().find(|id| !is_exercised(id)) {
        return Err(refused(shown, &format!("it names {id} and never exercises it"), "remove the id from `clauses`"));
    }
    Ok(())
}

/// Returns the scenarios below the root.
fn others(root: &Root) -> Result<Corpus, Refused> {
    Corpus::all(root).or_else(|exit| match exit {
        // A new root contains no scenario yet.
        Exit::Unknown => Ok(Corpus::empty()),
        other => {
            Err(Refused(other, format!("error: the scenarios below {} cannot be read", output::shown(root.path()))))
        }
    })
}

/// Writes the file below the root.
fn land(root: &Root, scenario: &Scenario, file: &File) -> Result<PathBuf, Refused> {
    let path = root.path().join(format!("{}.json", scenario.id));
    let failed = |problem: Problem| Refused(Exit::Input, problem.to_string());
    if let Some(folder) = path.parent() {
        let unwritable = |error| failed(Problem::unwritable(output::shown(folder), &error));
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    disk::create(&path, write::scenario(file)).map_err(failed)?;
    Ok(path)
}
