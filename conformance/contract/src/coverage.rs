//! Coverage: the paths by which units and runs of each family ended, for each kind of injected fault.
//!
//! A cell is a family, a path and a kind of fault. It is reached if the fault is injected into an active run, and the
//! run or one of its units ends by the path. The contract's tables determine the cells. `rule` lists the cells that no
//! simulation can reach, with the reasons. This module does not depend on reports.

mod path;
mod rule;

use truecount_engine::family::FamilyId;
use truecount_engine::id::RunId;
use truecount_engine::index::ix;
use truecount_engine::mode::Mode;
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::Resolution;
use truecount_sim::fault::Fault;

pub use path::Path;
pub use rule::impossible;

use crate::ledger::{Ledger, RunNote};

/// A kind of fault, or no fault.
pub type Column = Option<Fault>;

/// A family, a path and a kind of fault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cell {
    pub family: FamilyId,
    /// How a unit or the run ended.
    pub path: Path,
    /// The injected fault, if any.
    pub column: Column,
}

/// Returns the columns: no fault, followed by each kind of fault.
pub fn fault_columns() -> impl Iterator<Item = Column> {
    std::iter::once(None).chain(Fault::ALL.iter().copied().map(Some))
}

/// The cells that simulations of one scenario have reached.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cells {
    /// For each family and path, one bit for each column. Empty before the first simulation.
    seen: Vec<u64>,
    /// The reached cells, in the order in which they were reached. Each has the first seed that reached it.
    first: Vec<(Cell, u64)>,
}

impl Cells {
    /// Adds the cells that a simulation has reached by its end.
    pub fn take(&mut self, ledger: &Ledger<'_>, seed: u64) {
        if self.seen.is_empty() {
            self.seen.resize(FamilyId::ALL.len() * Path::all().len(), 0);
        }
        for (index, note) in ledger.runs.iter().enumerate() {
            let run = RunId(ix(index));
            let columns = if note.injected == 0 { 1 } else { note.injected << 1 };
            for path in paths(ledger, run, note) {
                self.reach(ledger.of(run).family, path, columns, seed);
            }
        }
    }

    fn reach(&mut self, family: FamilyId, path: Path, columns: u64, seed: u64) {
        let Some(index) = path.place() else { return };
        let reached = &mut self.seen[family as usize * Path::all().len() + index];
        let fresh = columns & !*reached;
        if fresh == 0 {
            return;
        }
        *reached |= columns;
        let cells = fault_columns().enumerate().filter(|(column, _)| fresh >> column & 1 != 0);
        self.first.extend(cells.map(|(_, column)| (Cell { family, path, column }, seed)));
    }

    /// Adds the cells that later seeds have reached.
    pub fn append(&mut self, later: Self) {
        if self.seen.is_empty() {
            *self = later;
            return;
        }
        // Most simulations of a long check reach nothing new.
        let is_fresh = |(mine, theirs): (&u64, &u64)| theirs & !mine != 0;
        if !self.seen.iter().zip(&later.seen).any(is_fresh) {
            return;
        }
        for (cell, seed) in later.first {
            if self.seed_of(cell).is_none() {
                self.first.push((cell, seed));
            }
        }
        self.seen.iter_mut().zip(&later.seen).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Adds a cell with the first seed that reached it.
    pub fn insert(&mut self, cell: Cell, seed: u64) {
        if self.seen.is_empty() {
            self.seen.resize(FamilyId::ALL.len() * Path::all().len(), 0);
        }
        let column = fault_columns().position(|column| column == cell.column).unwrap_or_default();
        self.reach(cell.family, cell.path, 1 << column, seed);
    }

    /// Returns the cells in the order in which they were reached, each with the first seed that reached it.
    pub fn iter(&self) -> impl Iterator<Item = (Cell, u64)> {
        self.first.iter().copied()
    }

    /// Returns the number of cells that were reached.
    pub fn count(&self) -> usize {
        self.first.len()
    }

    /// Returns the first seed that reached a cell.
    pub fn seed_of(&self, cell: Cell) -> Option<u64> {
        self.first.iter().find(|(known, _)| *known == cell).map(|(_, seed)| *seed)
    }
}

/// Returns the paths by which a run and its units ended.
fn paths<'l>(ledger: &'l Ledger<'_>, run: RunId, note: &RunNote) -> impl Iterator<Item = Path> + use<'l> {
    // There are few resolutions, so one bit for each records whether it occurred.
    let of = |ends: u32, resolution| ends | 1_u32 << path::code(resolution);
    let ends = ledger.units(run).iter().filter_map(|unit| unit.resolution).fold(0, of);
    let whole = note.completed.and_then(|completed| match completed.cause {
        Some(cause) => Some(Path::Whole(cause)),
        None if ledger.of(run).mode == Mode::Phased => {
            (completed.outcome == Some(Outcome::Succeeded)).then_some(Path::PhasesDone)
        }
        None => (note.planned == Some(0)).then_some(Path::EmptyPlan),
    });
    let by_unit = move |path: &&Path| matches!(path, Path::Unit(end) if ends >> path::code(*end) & 1 != 0);
    Path::all().iter().filter(by_unit).copied().chain(whole)
}

/// The paths of whole runs, in the order of the coverage table.
const WHOLE: [Path; 6] = [
    Path::EmptyPlan,
    Path::PhasesDone,
    Path::Whole(Cause::PlanningFailed),
    Path::Whole(Cause::PlannerLost),
    Path::Whole(Cause::PublishingFailed),
    Path::Whole(Cause::FailFast),
];

/// Returns the resolutions of the contract's table, in its order.
fn resolutions() -> impl Iterator<Item = Resolution> {
    crate::contract::resolutions().iter().filter_map(|row| Resolution::from_name(row.resolution.as_deref()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use truecount_engine::unit::Skip;

    use super::*;

    #[test]
    fn every_row_of_the_contract_table_has_a_path() {
        let names: BTreeSet<&str> = Path::all().iter().map(|path| path.name()).collect();
        assert_eq!(names.len(), Path::all().len(), "two paths have the same name");
        for row in crate::contract::resolutions() {
            assert!(row.resolution.as_deref().is_none_or(|name| names.contains(name)), "{row:?}");
        }
        for cause in Cause::ALL {
            assert!(Path::all().contains(&Path::Whole(cause)));
        }
    }

    #[test]
    fn each_resolution_has_its_own_code() {
        let codes: BTreeSet<u32> = resolutions().map(path::code).collect();
        assert_eq!(codes.len(), resolutions().count());
        assert!(codes.iter().all(|code| *code < 32));
    }

    #[test]
    fn the_first_seed_of_a_cell_is_kept_and_later_seeds_add_new_cells() {
        let family = FamilyId::BackupSetRestore;
        let path = Path::Unit(Resolution::Skipped(Skip::NotArchived));
        let cell = |column| Cell { family, path, column };
        let part = |seed: u64, columns: u64| {
            let mut cells = Cells { seen: vec![0; FamilyId::ALL.len() * Path::all().len()], first: Vec::new() };
            cells.reach(family, path, columns, seed);
            cells.reach(family, path, columns, seed + 1);
            cells
        };
        let mut cells = part(3, 0b01);
        cells.append(part(8, 0b11));
        let crash = Some(Fault::ALL[0]);
        assert_eq!((cells.seed_of(cell(None)), cells.seed_of(cell(crash))), (Some(3), Some(8)));
        assert_eq!(cells.seed_of(cell(Some(Fault::ClockSkew))), None);
    }
}
