//! The scenarios that a command works on: all scenarios below the root, or those given by name or path.

use std::path::{Path, PathBuf};

use super::selection::{Files, Folders, Unknown, Wanted};
use super::{Exit, note};
use truecount_contract::reference::Reference;
use truecount_json::problem::Problem;
use truecount_json::{escaped, is_active, nearest};
use truecount_scenario::{Listing, Scenario, Shaped, check_name, is_whole};

/// The default folder of the scenarios.
const DEFAULT_ROOT: &str = "scenarios";

/// The option that names the folder of the scenarios.
#[derive(clap::Args, Debug)]
pub(super) struct Root {
    /// Folder of the scenarios
    #[arg(long = "scenarios-dir", value_name = "DIR", default_value = DEFAULT_ROOT)]
    path: PathBuf,
}

impl Root {
    /// Returns the folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// A scenario that was read.
pub(super) struct Entry {
    pub scenario: Scenario,
    /// The results that are known in advance.
    pub reference: Reference,
    /// The file that contains the scenario.
    pub path: PathBuf,
    /// The name of the scenario on a command line.
    name: String,
}

/// The scenarios that could be read, and the problems of those that could not.
pub(super) struct Corpus {
    /// The scenarios, ordered by id.
    pub entries: Vec<Entry>,
    /// The problems of the other files, and the warnings about the scenarios that were read.
    pub problems: Vec<Problem>,
    /// The reason why this is not a whole corpus, if it is not.
    pub partial: Option<&'static str>,
}

impl Corpus {
    /// Reads the named scenarios, or all below the root.
    pub(super) fn read(root: &Root, names: &[String]) -> Result<Self, Unknown> {
        let listing = truecount_scenario::find(&root.path);
        let folders = Folders::new(names);
        let left_out = listing.warnings(&root.path, |path| folders.contain(&root.path, path));
        let Listing { scenarios, problems, .. } = listing;
        let files = Files::new(scenarios);
        let wanted = files.select(names)?;
        let is_complete = names.is_empty() || problems.is_empty() && files.are_all_in(&wanted);
        let partial = (!is_complete).then_some("some scenarios are not selected");
        let mut corpus = Self { entries: Vec::new(), problems: Vec::new(), partial };
        // If only some scenarios are selected, the problems of other files are not reported.
        if is_complete {
            corpus.problems = problems.into_iter().map(|problem| with_help(problem, root)).collect();
            corpus.partial = match is_whole(&root.path) {
                Ok(true) => None,
                Ok(false) => Some("no `corpus.json` declares the folder to be a whole corpus"),
                Err(problems) => {
                    corpus.problems.extend(problems);
                    Some("`corpus.json` cannot be read")
                }
            };
        }
        corpus.problems.extend(left_out);
        for Wanted { id, shape, path } in wanted {
            let is_inside = files.contains(&id);
            if !is_inside && let Err(problem) = check_name(&path, &id) {
                corpus.problems.push(problem);
                continue;
            }
            match truecount_scenario::read(&path, &path.to_string_lossy(), &id) {
                Ok(scenario) => {
                    let scenario = match &shape {
                        None => scenario,
                        Some(name) => of_shape(scenario, name)?,
                    };
                    let reference = Reference::new(&scenario.fixture);
                    let name = if is_inside { name_below(root, &scenario.id) } else { quoted(&path.to_string_lossy()) };
                    corpus.problems.extend(scenario.warnings.iter().cloned());
                    corpus.entries.push(Entry { scenario, reference, path, name });
                }
                Err(problems) => corpus.problems.extend(problems),
            }
        }
        Ok(corpus)
    }

    /// Replaces each scenario whose shape is open with one scenario for each of its shapes. Used by commands that draw
    /// no shape.
    pub(super) fn unfold(&mut self, root: &Root) {
        let each = |entry: Entry| {
            let shapes = entry.scenario.shapes.clone();
            // A shape of a file outside the root has no name of its own.
            let is_below = entry.name == name_below(root, &entry.scenario.id);
            let of = |shaped: Shaped| Entry {
                name: if is_below { name_below(root, &shaped.scenario.id) } else { entry.name.clone() },
                scenario: shaped.scenario,
                reference: shaped.reference,
                path: entry.path.clone(),
            };
            if shapes.is_empty() { vec![entry] } else { shapes.into_iter().map(of).collect() }
        };
        self.entries = std::mem::take(&mut self.entries).into_iter().flat_map(each).collect();
    }

    /// Reads all scenarios below the root, for commands that need all of them.
    pub(super) fn all(root: &Root) -> Result<Self, Exit> {
        let Ok(corpus) = Self::read(root, &[]) else { return Err(Exit::Input) };
        corpus.note_problems();
        if corpus.has_errors() {
            return Err(Exit::Input);
        }
        if corpus.entries.is_empty() {
            note(&format!(
                "nothing was evaluated: there is no scenario below `{}`\n  \
                 = help: name the folder with --scenarios-dir DIR",
                escaped(&root.path().to_string_lossy())
            ));
            return Err(Exit::Unknown);
        }
        Ok(corpus)
    }

    /// Returns an empty corpus.
    pub(super) fn empty() -> Self {
        Self { entries: Vec::new(), problems: Vec::new(), partial: Some("there are no scenarios") }
    }

    /// Reads the scenario to which a name refers. The name must refer to exactly one.
    pub(super) fn one(root: &Root, name: &str) -> Result<Entry, Exit> {
        let mut corpus = Self::read(root, &[name.to_owned()]).map_err(|Unknown(message)| {
            note(&format!("error: {message}"));
            Exit::Usage
        })?;
        corpus.note_problems();
        match (corpus.entries.pop(), corpus.entries.len(), !corpus.has_errors()) {
            (Some(entry), 0, _) => Ok(entry),
            (_, _, false) => Err(Exit::Input),
            (last, others, true) => {
                let count = others + usize::from(last.is_some());
                note(&format!(
                    "error: `{}` refers to {count} scenarios\n  = help: name a single one; `truecount list` lists all scenarios",
                    escaped(name)
                ));
                Err(Exit::Usage)
            }
        }
    }

    /// Returns whether a file could not be used.
    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// Prints the problems and warnings.
    pub(super) fn note_problems(&self) {
        for problem in &self.problems {
            note(&format!("{problem}\n"));
        }
    }

    /// Returns the scenarios with their references, as the gate expects them.
    pub(super) fn pairs(&self) -> Vec<(&Scenario, &Reference)> {
        self.entries.iter().map(|entry| (&entry.scenario, &entry.reference)).collect()
    }
}

impl Entry {
    /// Returns the scenario with the shape that this seed draws, or the same scenario if its shape is not open. The
    /// name does not change, since the seed determines the shape.
    pub(super) fn drawn(self, seed: u64) -> Self {
        let (scenario, reference) = self.scenario.drawn(&self.reference, seed);
        Self { scenario: scenario.clone(), reference: reference.clone(), path: self.path, name: self.name }
    }

    /// Returns the scenario for one of the shapes, by index. The name does not change.
    pub(super) fn of_shape(mut self, place: usize) -> Self {
        let Shaped { scenario, reference, .. } = self.scenario.shapes.swap_remove(place);
        Self { scenario, reference, ..self }
    }

    /// Returns the command that explores the scenario again.
    pub(super) fn explore_command(&self, mutant: Option<&str>) -> String {
        let mutant = mutant.map_or_else(String::new, |id| format!(" --mutant {}", quoted(id)));
        format!("truecount explore {}{mutant}", self.name)
    }

    /// Returns the command that simulates a seed of the scenario again.
    pub(super) fn replay_command(&self, seed: u64, mutant: Option<&str>) -> String {
        format!("truecount replay {} --seed {seed}{}", self.name, planting(mutant))
    }

    /// Returns the command that simulates a schedule again. `schedule` is the name of a schedule that the scenario
    /// carries, or the path of a file.
    pub(super) fn replay_schedule_command(&self, schedule: &str, mutant: Option<&str>) -> String {
        format!("truecount replay {} --schedule {}{}", self.name, quoted(schedule), planting(mutant))
    }
}

fn planting(mutant: Option<&str>) -> String {
    mutant.map_or_else(String::new, |id| format!(" --mutant {}", quoted(id)))
}

/// Returns the scenario for one of the shapes, by name.
fn of_shape(scenario: Scenario, name: &str) -> Result<Scenario, Unknown> {
    let names: Vec<&str> = scenario.shapes.iter().map(|shaped| shaped.shape.name()).collect();
    let Some(place) = names.iter().position(|known| *known == name) else {
        let help = match nearest(name, &names) {
            Some(near) => format!("did you mean `{}#{near}`?", scenario.id),
            None if names.is_empty() => "the scenario states its plan and has no shapes; use its id alone".to_owned(),
            None => format!("the scenario has the shapes {}", names.join(", ")),
        };
        return Err(Unknown(format!(
            "`{}` has no shape {}\n  = help: {help}",
            scenario.id,
            truecount_json::quoted(name)
        )));
    };
    let mut scenario = scenario;
    Ok(scenario.shapes.swap_remove(place).scenario)
}

fn with_help(problem: Problem, root: &Root) -> Problem {
    if problem.help.is_some() {
        return problem;
    }
    let now = escaped(&root.path.to_string_lossy());
    problem.help(format!(
        "run the command from the root of a checkout, or name the folder with --scenarios-dir DIR (currently `{now}`)"
    ))
}

fn name_below(root: &Root, id: &str) -> String {
    if root.path == Path::new(DEFAULT_ROOT) {
        quoted(id)
    } else {
        format!("{} --scenarios-dir {}", quoted(id), quoted(&root.path.to_string_lossy()))
    }
}

/// Returns a word, quoted for a shell if necessary.
pub(super) fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./+=@%:,".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else if word.contains(is_active) {
        format!("$'{}'", word.chars().map(in_dollar_quotes).collect::<String>())
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Returns a character as a shell reads it between `$'` and `'`.
fn in_dollar_quotes(character: char) -> String {
    match character {
        '\'' | '\\' => format!("\\{character}"),
        character if is_active(character) => format!("\\U{:08x}", u32::from(character)),
        character => character.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_with_active_characters_is_one_line_that_a_shell_reads_back() {
        assert_eq!(quoted("a\n\u{202e}'b\\"), r"$'a\U0000000a\U0000202e\'b\\'");
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, shown) in [("restore/x-1", "restore/x-1"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("", "''")] {
            assert_eq!(quoted(word), shown);
        }
    }
}
