//! `truecount list`: lists scenarios, clauses and other named things.

use clap::ValueEnum;
use serde::Serialize;
use truecount_engine::family::FamilyId;
use truecount_sim::fault::Fault;

use super::corpus::{Corpus, Root};
use super::{Exit, Format, data, json};
use truecount_contract::clause::Clause;
use truecount_contract::sometimes::Sometimes;
use truecount_gate::table::aligned;
use truecount_mutants::CATALOGUE;

/// The kinds of things that can be listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum What {
    Scenarios,
    Clauses,
    Families,
    Faults,
    Sometimes,
    Mutants,
}

/// The arguments of `list`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    #[arg(value_enum, default_value = "scenarios")]
    what: What,
    /// Format of the list
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    root: Root,
}

/// A line of a list.
#[derive(Serialize)]
struct Row {
    id: String,
    about: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clauses: Vec<String>,
    /// The public reports of a planted bug.
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    known_from: &'static [&'static str],
}

fn row(id: impl Into<String>, about: impl Into<String>) -> Row {
    Row { id: id.into(), about: about.into(), clauses: Vec::new(), known_from: &[] }
}

/// Prints the list.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let mut exit = Exit::Held;
    let rows: Vec<Row> = match arguments.what {
        What::Scenarios => match Corpus::read(&arguments.root, &[]) {
            Ok(corpus) => {
                corpus.note_problems();
                if corpus.has_errors() {
                    exit = Exit::Input;
                }
                let of = |scenario: &truecount_scenario::Scenario| Row {
                    clauses: scenario.clauses.clone(),
                    ..row(&scenario.id, &scenario.title)
                };
                corpus.entries.iter().map(|entry| of(&entry.scenario)).collect()
            }
            Err(_) => return Exit::Input,
        },
        What::Clauses => Clause::ALL.iter().map(|clause| row(clause.id(), clause.text())).collect(),
        What::Families => FamilyId::ALL.iter().map(|id| row(id.name(), id.mode().name())).collect(),
        What::Faults => Fault::ALL.iter().map(|fault| row(fault.name(), fault.phrase(fault.target().noun()))).collect(),
        What::Sometimes => Sometimes::ALL.iter().map(|assertion| row(assertion.id(), assertion.sentence())).collect(),
        What::Mutants => CATALOGUE
            .iter()
            .map(|mutant| Row {
                clauses: vec![mutant.clause.id().to_owned()],
                known_from: mutant.known_from,
                ..row(mutant.id, mutant.does)
            })
            .collect(),
    };
    match arguments.format {
        Format::Json => data(&json(&rows)),
        Format::Text => {
            let cells = |row: &Row| {
                let clauses =
                    if row.clauses.is_empty() { String::new() } else { format!("  [{}]", row.clauses.join(" ")) };
                let reports = match row.known_from {
                    [] => String::new(),
                    reports => format!("  (known from {})", reports.join(", ")),
                };
                [row.id.clone(), format!("{}{clauses}{reports}", row.about)]
            };
            let rows: Vec<[String; 2]> = rows.iter().map(cells).collect();
            data(&aligned(&rows.iter().map(<[String; 2]>::as_slice).collect::<Vec<_>>()));
        }
    }
    exit
}
