//! The command line: reads arguments, calls the gate and writes reports. Data goes to stdout, everything else to
//! stderr.
//!
//! This is the only crate that uses exit codes, terminals and the wall clock. The clock determines when progress is
//! shown and checkpoints are written, and it ends a check that has a time limit. No figure in a report depends on it. The
//! date determines which known failures have expired, unless `--today` gives a date.

mod again;
mod check;
mod corpus;
mod defect;
mod executable;
mod explain;
mod explore;
mod ignored;
mod interrupt;
mod jobs;
mod known;
mod layout;
mod list;
mod matrix;
mod mutants;
mod output;
mod progress;
mod promote;
mod replay;
mod resume;
mod rounds;
mod second;
mod seed;
mod selection;
mod shrink;
mod sizes;
mod spec;
mod stop;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use output::{data, note};
use truecount_json::quoted;
use truecount_mutants::Mutant;

/// The exit code of a command.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// All scored clauses hold and at least one check ran.
    Held,
    /// A clause was violated, or a sometimes assertion was not hit.
    Violated,
    /// Nothing was evaluated, or the command was interrupted.
    Unknown,
    /// A usage error.
    Usage,
    /// An input error, or a file or an output that could not be written.
    Input,
    /// An internal error.
    Defect,
}

impl Exit {
    const fn code(self) -> u8 {
        match self {
            Self::Held => 0,
            Self::Violated => 1,
            Self::Unknown => 2,
            Self::Usage => 64,
            Self::Input => 65,
            Self::Defect => 70,
        }
    }

    /// Returns the exit code that takes precedence. `ORDER` lists the codes in descending order of precedence.
    fn worst(self, other: Self) -> Self {
        const ORDER: [Exit; 6] = [Exit::Defect, Exit::Usage, Exit::Violated, Exit::Input, Exit::Unknown, Exit::Held];
        ORDER.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }
}

/// The format in which a command writes data.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// Human-readable text
    Text,
    /// Machine-readable JSON
    Json,
}

/// A correctness gate for counted progress: the "37 of 120" that a job engine shows while it works.
#[derive(Parser, Debug)]
#[command(name = "truecount", version, propagate_version = true, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   all scored clauses hold and at least one check ran
  1   a clause was violated or not exercised, by the corpus or by a scenario that
      names it, a known failure has expired or no longer occurs, a sometimes
      assertion was not hit, a coverage cell is empty, or a mutant survived
  2   nothing was evaluated, the command was interrupted, or an exploration
      reached its bound
  64  usage error
  65  input error, a warning with --deny-warnings, or a file or an output that
      cannot be written
  70  internal error, such as nondeterminism
If several apply, the order of precedence is 70, 64, 1, 65, 2.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Run the gate: simulate scenarios over seeds, check every clause at every event, and print a report
    Check(check::Arguments),
    /// Simulate one seed or schedule of a scenario again and print its trace
    Replay(replay::Arguments),
    /// Minimise a failing seed and print the counterexample
    Shrink(shrink::Arguments),
    /// Add a scenario written by `shrink` to the corpus, if it fails with its mutant and passes without it
    Promote(promote::Arguments),
    /// Explore small scenarios exhaustively and print the number of states or a counterexample
    Explore(explore::Arguments),
    /// Print what a clause demands and what checks it
    Explain(explain::Arguments),
    /// List scenarios, clauses, families, faults, sometimes assertions or mutants
    List(list::Arguments),
    /// Plant known bugs in the engine and print the clause under which each is killed
    Mutants(mutants::Arguments),
    /// Print the book (the contract with examples and the checks of each clause), or write the test vectors
    Spec(spec::Arguments),
}

/// Runs the command line and returns its exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A request for the help or the version is not an error.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Held };
            output::print_parsing(error);
            return ExitCode::from(exit.worst(output::exit()).code());
        }
    };
    ignored::keep();
    match &arguments.command {
        Command::Check(arguments) if arguments.is_second() => interrupt::ignore(),
        _ => interrupt::listen(),
    }
    let exit = defect::guarded(|| match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Shrink(arguments) => shrink::run(&arguments),
        Command::Promote(arguments) => promote::run(&arguments),
        Command::Explore(arguments) => explore::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Mutants(arguments) => mutants::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
    });
    ExitCode::from(exit.worst(output::exit()).code())
}

/// Returns the mutant with this id, or prints an error.
fn mutant(id: &str) -> Result<&'static Mutant, Exit> {
    Mutant::from_id(id).ok_or_else(|| {
        let id = quoted(id);
        note(&format!("error: {id} is not a mutant\n  = help: `truecount list mutants` lists all mutants"));
        Exit::Usage
    })
}

/// Returns the mutant or the nondeterministic engine with this id, or prints an error.
fn plantable(id: &str) -> Result<&'static Mutant, Exit> {
    Mutant::or_nondeterministic(id).map_or_else(|| mutant(id), Ok)
}

/// Does the same as [`planted`] if an id is given.
fn optional(id: Option<&str>) -> Result<Option<&'static Mutant>, Exit> {
    id.map(planted).transpose()
}

/// Does the same as [`plantable`], and prints the planted bug on stderr.
fn planted(id: &str) -> Result<&'static Mutant, Exit> {
    let mutant = plantable(id)?;
    note(&format!("planted {}: {}", mutant.id, mutant.does));
    Ok(mutant)
}

/// Returns a value as JSON, with a line end after it.
fn json(value: &impl serde::Serialize) -> String {
    // Reports contain nothing that cannot be written as JSON.
    let text = serde_json::to_string_pretty(value).expect("a report is plain data");
    // `serde_json` does not escape U+007F to U+009F. In JSON, they occur only within strings.
    let escaped = |character: char| match character {
        '\u{7f}'..='\u{9f}' => format!("\\u{:04x}", u32::from(character)),
        character => character.to_string(),
    };
    let mut text: String = text.chars().map(escaped).collect();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn json_keeps_control_characters_as_escapes() {
        let title = "a\u{1b}\u{7f}\u{9b}é";
        let text = json(&title);
        assert_eq!(output::inert(&text), text);
        assert_eq!(serde_json::from_str::<String>(&text).expect("JSON"), title);
    }

    #[test]
    fn the_most_severe_cause_determines_the_exit_code() {
        assert_eq!(Exit::Violated.worst(Exit::Input), Exit::Violated);
        assert_eq!(Exit::Held.worst(Exit::Unknown), Exit::Unknown);
        assert_eq!(Exit::Input.worst(Exit::Unknown), Exit::Input);
        assert_eq!(Exit::Violated.worst(Exit::Defect), Exit::Defect);
    }
}
