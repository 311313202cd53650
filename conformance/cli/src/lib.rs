//! The command line: reads arguments, calls the gate, writes reports. Data goes to stdout, the rest to stderr.
//!
//! The only place that knows exit codes, terminals and the wall clock, which paces what a person is shown and how often
//! progress is kept, and ends a check that was asked to go on for so long. No figure in a report comes from it.

mod again;
mod check;
mod corpus;
mod explain;
mod explore;
mod interrupt;
mod jobs;
mod layout;
mod list;
mod matrix;
mod mutants;
mod progress;
mod promote;
mod replay;
mod resume;
mod rounds;
mod second;
mod seed;
mod shrink;
mod sizes;
mod spec;
mod stop;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use truecount_mutants::Mutant;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Exit {
    /// All scored clauses hold and at least one check ran.
    Held,
    /// Not conforming, or a sometimes assertion was not reached.
    Violated,
    /// Nothing was evaluated, or not all: somebody interrupted it.
    Unknown,
    /// The arguments make no sense.
    Usage,
    /// An input cannot be read.
    Input,
    /// A defect of the harness itself.
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

    /// Returns the one of several causes that decides: a defect before usage before a violated clause before bad input.
    fn worst(self, other: Self) -> Self {
        const ORDER: [Exit; 6] = [Exit::Defect, Exit::Usage, Exit::Violated, Exit::Input, Exit::Unknown, Exit::Held];
        ORDER.into_iter().find(|exit| *exit == self || *exit == other).unwrap_or(self)
    }
}

/// How data is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
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
  1   not conforming, or a sometimes assertion was not reached
  2   nothing was evaluated, or it was interrupted
  64  the arguments make no sense
  65  an input cannot be read
  70  a defect of the harness itself";

#[derive(Subcommand, Debug)]
enum Command {
    /// The gate: simulates scenarios over seeds and checks every clause at every event
    Check(check::Arguments),
    /// Simulates one seed of one scenario again and tells it in words
    Replay(replay::Arguments),
    /// Takes away from a failing seed all that its failure does not need, and tells what is left
    Shrink(shrink::Arguments),
    /// Makes a scenario of the corpus from a minimised failure, if it shows what it says and nothing else fails
    Promote(promote::Arguments),
    /// Reaches every state of small scenarios, and prints how many there are
    Explore(explore::Arguments),
    /// Says what a clause demands, and what checks it
    Explain(explain::Arguments),
    /// Lists scenarios, clauses, families, faults, sometimes assertions or mutants
    List(list::Arguments),
    /// Plants known bugs in the engine and shows that each is killed under its clause
    Mutants(mutants::Arguments),
    /// The book: the contract with examples, and what checks each clause; or its vectors, to be published
    Spec(spec::Arguments),
}

/// Runs the command line and returns its exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for and no error.
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Held };
            let _ = error.print();
            return ExitCode::from(exit.code());
        }
    };
    let exit = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Shrink(arguments) => shrink::run(&arguments),
        Command::Promote(arguments) => promote::run(&arguments),
        Command::Explore(arguments) => explore::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Mutants(arguments) => mutants::run(&arguments),
        Command::Spec(arguments) => spec::run(&arguments),
    };
    ExitCode::from(exit.code())
}

/// Returns the mutant of that id.
fn mutant(id: &str) -> Result<&'static Mutant, Exit> {
    Mutant::from_id(id).ok_or_else(|| {
        note(&format!("error: there is no mutant `{id}`\n  = help: `truecount list mutants` shows them all"));
        Exit::Usage
    })
}

/// The same, or an engine that is nondeterministic, to be planted right away.
fn plantable(id: &str) -> Result<&'static Mutant, Exit> {
    Mutant::or_nondeterministic(id).map_or_else(|| mutant(id), Ok)
}

/// The same, and that is said.
fn planted(id: &str) -> Result<&'static Mutant, Exit> {
    let mutant = plantable(id)?;
    note(&format!("planted {}: {}", mutant.id, mutant.does));
    Ok(mutant)
}

/// Writes data. A reader that has gone away, such as `head`, is no error of ours.
fn data(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes what is not data.
fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", text.trim_end());
}

/// Returns a value as JSON, with a line end.
fn json(value: &impl serde::Serialize) -> String {
    // Our own reports hold nothing that JSON has no form for.
    let mut text = serde_json::to_string_pretty(value).expect("a report is plain data");
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
    fn of_several_causes_the_gravest_decides() {
        assert_eq!(Exit::Violated.worst(Exit::Input), Exit::Violated);
        assert_eq!(Exit::Held.worst(Exit::Unknown), Exit::Unknown);
        assert_eq!(Exit::Input.worst(Exit::Unknown), Exit::Input);
        assert_eq!(Exit::Violated.worst(Exit::Defect), Exit::Defect);
    }
}
