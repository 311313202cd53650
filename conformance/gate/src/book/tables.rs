//! The tables of the book: the matrices, coverage, sometimes assertions, and bugs that cannot be planted.

use super::evidence::Evidence;
use crate::matrix::Matrix;
use crate::report::{CellReport, CellState, CoverageReport, FamilyCoverage, SometimesReport, sometimes_reports};
use crate::table::Table;
use truecount_mutants::NOT_EXPRESSIBLE;

/// Returns the tables of the book.
pub(super) fn tables(evidence: &Evidence<'_>) -> Vec<Table> {
    let mut tables = Matrix::stored().tables();
    tables.extend([coverage(evidence), sometimes(evidence), absent()]);
    tables
}

fn table(title: &str, about: String, head: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table { title: title.to_owned(), about, head: head.iter().map(|name| (*name).to_owned()).collect(), rows }
}

/// Returns, for each family and path, the number of kinds of fault under which the path was reached.
fn coverage(evidence: &Evidence<'_>) -> Table {
    let report = CoverageReport::new(&evidence.scenarios, &evidence.results, true);
    let path = |family: &FamilyCoverage, cells: &[CellReport]| {
        let of = |state| cells.iter().filter(|cell| cell.state == state).count();
        let (reached, empty) = (of(CellState::Reached), of(CellState::Empty));
        let first = cells.iter().find_map(|cell| cell.first.as_ref());
        let first = first.map_or_else(|| "–".to_owned(), |first| format!("{} seed {}", first.scenario, first.seed));
        let row = vec![
            family.family.to_owned(),
            cells[0].path.to_owned(),
            format!("{reached} of {}", reached + empty),
            first,
        ];
        (reached + empty > 0).then_some(row)
    };
    let rows = report.families.iter().flat_map(|family| {
        family.cells.chunk_by(|one, next| one.path == next.path).filter_map(move |cells| path(family, cells))
    });
    let about = format!(
        "How units and runs of each family ended, and under how many kinds of fault, counting \"none\" as a kind. Cells that \
         simulations could have reached but did not: {}. `truecount check --coverage` shows every cell, and states for \
         each blank cell why no simulation can reach it.",
        report.empty()
    );
    table("Coverage", about, &["family", "path", "kinds of fault", "first reached by"], rows.collect())
}

/// Returns each sometimes assertion with the first simulation that hit it.
fn sometimes(evidence: &Evidence<'_>) -> Table {
    let sometimes = sometimes_reports(evidence.scenarios.iter().copied().zip(&evidence.results));
    let reached = sometimes.iter().filter(|assertion| assertion.first.is_some()).count();
    let row = |assertion: &SometimesReport| {
        let first = assertion.first.as_ref();
        let first = first.map_or_else(|| "–".to_owned(), |first| format!("{} seed {}", first.scenario, first.seed));
        vec![assertion.id.to_owned(), assertion.sentence.to_owned(), first]
    };
    let about = format!(
        "States that must occur somewhere in the gate; an assertion that is never hit fails the gate. {reached} of {} were hit.",
        sometimes.len()
    );
    table(
        "Sometimes assertions",
        about,
        &["assertion", "what must occur", "first hit by"],
        sometimes.iter().map(row).collect(),
    )
}

/// Returns the bugs that are missing from the kill matrix, each with the reason.
fn absent() -> Table {
    let bugs = NOT_EXPRESSIBLE.iter().map(|(id, name, why)| vec![format!("{id} {name}"), (*why).to_owned()]);
    let about = "Known bugs that cannot be planted in version 1.".to_owned();
    table("Not planted", about, &["bug", "why"], bugs.collect())
}
