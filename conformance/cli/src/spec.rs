//! `truecount spec`: the book of the contract, and its vectors for other implementations.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::corpus::{Corpus, Root};
use super::progress::Bar;
use super::{Exit, data, jobs, json, note, output};
use truecount_contract::contract::document::document;
use truecount_contract::vectors::publish::{self, Manifest, Unwritten};
use truecount_gate::book::{Book, Evidence};
use truecount_json::disk;

/// The format of the book.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Form {
    /// Human-readable Markdown
    Markdown,
    /// Machine-readable JSON
    Json,
}

/// The arguments of `spec`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Format of the book
    #[arg(long, value_enum, default_value = "markdown")]
    format: Form,
    /// Write the book to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Number of seeds for each scenario and for each mutant [default: as in `check` and `mutants`]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: Option<u64>,
    #[command(flatten)]
    root: Root,
    /// Write the contract (`conformance/spec/contract.md`) instead of the book, to FILE or, if FILE is omitted, to
    /// stdout
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["format", "out", "seeds", "path", "vectors", "check_vectors"])]
    contract: Option<PathBuf>,
    /// Write the vectors to this folder for publication, instead of the book
    #[arg(long, value_name = "DIR", conflicts_with_all = ["format", "out", "seeds", "path", "check_vectors"])]
    vectors: Option<PathBuf>,
    /// Read the vectors in this folder and check every digest, without writing a book
    #[arg(long, value_name = "DIR", conflicts_with_all = ["format", "out", "seeds", "path"])]
    check_vectors: Option<PathBuf>,
}

/// Writes the book, the contract or the vectors.
pub(super) fn run(arguments: &Arguments) -> Exit {
    match (&arguments.contract, &arguments.vectors, &arguments.check_vectors) {
        (Some(path), ..) => write_text(Some(path).filter(|path| *path != "-").map(PathBuf::as_path), &document()),
        (None, Some(folder), _) => write_vectors(folder),
        (None, None, Some(folder)) => check_vectors(folder),
        (None, None, None) => write_book(arguments),
    }
}

/// Writes a text to a file, or to stdout if there is no path.
fn write_text(path: Option<&Path>, text: &str) -> Exit {
    let Some(path) = path else {
        data(text);
        return Exit::Held;
    };
    match disk::replace(path, text) {
        Ok(()) => Exit::Held,
        Err(problem) => {
            note(&problem.to_string());
            Exit::Input
        }
    }
}

fn write_vectors(folder: &Path) -> Exit {
    match publish::write(folder) {
        Ok(manifest) => {
            data(&format!("wrote {} to {}\n", sum(&manifest), output::shown(folder)));
            Exit::Held
        }
        Err(Unwritten::Foreign(problem)) => {
            note(&problem.to_string());
            Exit::Usage
        }
        Err(Unwritten::Failed(problem)) => {
            note(&problem.to_string());
            Exit::Input
        }
    }
}

fn check_vectors(folder: &Path) -> Exit {
    match publish::check(folder) {
        Ok(manifest) => {
            data(&format!("{} in {}, as the manifest states\n", sum(&manifest), output::shown(folder)));
            Exit::Held
        }
        Err(problem) => {
            note(&problem.to_string());
            Exit::Input
        }
    }
}

fn sum(manifest: &Manifest) -> String {
    format!("{} files, {} cases", manifest.files.len(), manifest.cases())
}

fn write_book(arguments: &Arguments) -> Exit {
    // An incomplete book would be mistaken for a complete one, so every scenario must be readable.
    let corpus = match Corpus::all(&arguments.root) {
        Ok(corpus) => corpus,
        Err(exit) => return exit,
    };
    let bar = Bar::new("spec", 0);
    let evidence = Evidence::gather(&corpus.pairs(), arguments.seeds, jobs::cores(), &bar);
    bar.finish();
    let book = match evidence {
        Ok(evidence) => Book::new(&evidence),
        Err(problem) => {
            note(&problem.to_string());
            return Exit::Defect;
        }
    };
    let text = match arguments.format {
        Form::Markdown => book.markdown(),
        Form::Json => json(&book),
    };
    let written = write_text(arguments.out.as_deref(), &text);
    if book.fails() {
        note("a clause was violated: the book names it, and `truecount check` prints the trace");
        return written.worst(Exit::Violated);
    }
    written
}
