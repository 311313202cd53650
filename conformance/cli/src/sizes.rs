//! `truecount explore --write-sizes`: writes the sizes of small scenarios into their files. Also prints a note for each
//! file that states no size, or a size that differs from the result of an exploration.

use std::path::Path;

use truecount_sim::subject::Acts;

use super::corpus::{Corpus, Entry};
use super::{Exit, data, note};
use truecount_gate::report::ExploredReport;
use truecount_gate::{Conclusion, Scope, carried, sizes, spread};
use truecount_json::problem::Problem;
use truecount_json::{Limits, disk, read_document};
use truecount_scenario::format::{Explored, Size};
use truecount_scenario::write;

/// Explores small scenarios and writes their sizes into their files.
pub(super) fn write(corpus: &Corpus, jobs: usize) -> Exit {
    corpus.note_problems();
    let mut exit = if corpus.has_errors() { Exit::Input } else { Exit::Held };
    for entry in &corpus.entries {
        if !Scope::is_small(&entry.scenario) {
            let help = "`scenarios/README.md` defines which scenarios are small";
            note(&format!("error: {} is not small, so its size is not written\n  = help: {help}", entry.scenario.id));
            return Exit::Usage;
        }
    }
    let found = spread(corpus.entries.len(), jobs.min(corpus.entries.len()), |place| {
        let Entry { scenario, reference, .. } = &corpus.entries[place];
        sizes(scenario, reference)
    });
    for (entry, found) in corpus.entries.iter().zip(found) {
        let id = &entry.scenario.id;
        let explored = match found {
            Ok(explored) => explored,
            Err(exploration) => {
                note(&format!(
                    "error: the exploration of {id} did not reach every state, so no size was written\n  \
                     = help: `{}` prints the reason",
                    entry.explore_command(None)
                ));
                let violated = exploration.conclusion() == Conclusion::Violated;
                exit = exit.worst(if violated { Exit::Violated } else { Exit::Unknown });
                continue;
            }
        };
        match write_into(&entry.path, &explored) {
            Ok(true) => data(&format!("wrote the size of {id}\n")),
            Ok(false) => {}
            Err(problems) => {
                for problem in problems {
                    note(&problem.to_string());
                }
                exit = exit.worst(Exit::Input);
            }
        }
    }
    exit
}

/// Writes the sizes into a file. Returns whether the file changed.
fn write_into(path: &Path, explored: &Explored) -> Result<bool, Vec<Problem>> {
    let document = read_document(path, &path.to_string_lossy(), &Limits::SCENARIO)?;
    let text = write::with_sizes(&document, explored);
    if text == document.text() {
        return Ok(false);
    }
    disk::replace(path, text).map_err(|problem| vec![problem])?;
    Ok(true)
}

/// Prints a note on stderr for each exhaustively explored small scenario whose file states no size or states a
/// different size for these `acts`.
pub(super) fn note_wrong(entries: &[&Entry], explored: &[ExploredReport], acts: Acts) {
    for (entry, report) in entries.iter().zip(explored) {
        let scenario = &entry.scenario;
        if report.verdict != "exhausted" || !Scope::is_small(scenario) {
            continue;
        }
        let command = format!("`{} --write-sizes` writes the size", entry.explore_command(None));
        if carried(scenario, Acts::None).is_none() {
            note(&format!("{}: the file does not state the size of this small scenario; {command}", scenario.id));
        }
        let found = Size { states: report.states, edges: report.edges };
        if let Some(size) = carried(scenario, acts).filter(|size| *size != found) {
            let [has, is] = [size, found].map(|Size { states, edges }| format!("{states} states and {edges} edges"));
            note(&format!(
                "{}: {is} were explored, but the file states {has}; if the new size is intended, {command}",
                scenario.id
            ));
        }
    }
}
