//! `truecount mutants --matrix`: campaigns for each bug under each scheduler, and whether the budgets are met.

use std::path::Path;

use super::corpus::Corpus;
use super::layout::Layout;
use super::progress::Bar;
use super::{Exit, data, json, note};
use truecount_gate::Terms;
use truecount_gate::matrix::Matrix;
use truecount_gate::table::Table;
use truecount_json::disk;
use truecount_mutants::Mutant;

/// Runs the campaigns and writes the matrix.
pub(super) fn run(
    corpus: &Corpus,
    mutants: &[&'static Mutant],
    terms: Terms,
    whole: bool,
    layout: Layout,
    file: Option<&Path>,
) -> Exit {
    let bar = Bar::new("matrix", 0);
    let matrix = Matrix::new(&corpus.pairs(), mutants, terms, whole, &bar);
    bar.finish();
    let lines = |head: &str| {
        let sums = matrix.sums().into_iter().map(|line| format!("{head}{line}"));
        sums.collect::<Vec<_>>().join("\n")
    };
    match layout {
        Layout::Json => data(&json(&matrix)),
        Layout::Text => {
            let tables: Vec<String> = matrix.tables().iter().map(Table::text).collect();
            data(&format!("{}\n{}\n", tables.join("\n"), lines("")));
        }
        Layout::Markdown => {
            let tables: Vec<String> = matrix.tables().iter().map(Table::markdown).collect();
            data(&format!("{}\n{}\n", tables.join("\n"), lines("- ")));
        }
    }
    let exit = if matrix.fails() || matrix.misses() { Exit::Violated } else { Exit::Held };
    if let Some(file) = file
        && let Err(problem) = disk::replace(file, json(&matrix))
    {
        note(&problem.to_string());
        return exit.worst(Exit::Input);
    }
    exit
}
