//! The coverage of a check: for each family, a table of paths and kinds of fault, with the first simulation that
//! reached each cell.

use std::collections::BTreeMap;

use serde::Serialize;

use super::sometimes::First;
use truecount_engine::family::FamilyId;

use crate::sums::ScenarioResult;
use truecount_contract::coverage::{Cell, Column, Path, fault_columns, impossible};
use truecount_scenario::Scenario;

/// The coverage of a check.
#[derive(Clone, Debug, Serialize)]
pub struct CoverageReport {
    /// Whether an empty cell fails the check. This is the case only for a check of the whole corpus with at least the
    /// default number of seeds.
    pub judged: bool,
    /// A table for each family that was simulated.
    pub families: Vec<FamilyCoverage>,
}

/// The cells of a family.
#[derive(Clone, Debug, Serialize)]
pub struct FamilyCoverage {
    /// The name of the family.
    pub family: &'static str,
    /// The number of cells that were reached.
    pub reached: usize,
    /// The number of cells that a simulation can reach.
    pub reachable: usize,
    /// Every cell, ordered by path and then by kind of fault.
    pub cells: Vec<CellReport>,
}

/// A path under a kind of fault.
#[derive(Clone, Debug, Serialize)]
pub struct CellReport {
    /// The path by which a unit or the run ended.
    pub path: &'static str,
    /// The kind of fault that was injected, or `none`.
    pub fault: &'static str,
    /// `reached`, `empty` or `impossible`.
    pub state: CellState,
    /// The first scenario and seed that reached the cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<First>,
    /// The reason why no simulation can reach the cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
}

/// The standing of a cell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// A simulation reached the cell.
    Reached,
    /// A simulation could have reached the cell, but none did.
    Empty,
    /// No simulation can reach the cell.
    Impossible,
}

impl CoverageReport {
    /// Returns the coverage that the simulations of these scenarios reached.
    pub fn new(scenarios: &[&Scenario], results: &[ScenarioResult], judged: bool) -> Self {
        let families = FamilyId::ALL
            .into_iter()
            .filter(|family| {
                judged || scenarios.iter().any(|one| one.fixture.runs.iter().any(|run| run.family == *family))
            })
            .map(|family| {
                let cells: Vec<CellReport> = Path::all()
                    .iter()
                    .flat_map(|&path| fault_columns().map(move |column| Cell { family, path, column }))
                    .map(|cell| CellReport::new(cell, scenarios, results))
                    .collect();
                let of = |state| cells.iter().filter(|cell| cell.state == state).count();
                let reached = of(CellState::Reached);
                FamilyCoverage { family: family.name(), reached, reachable: reached + of(CellState::Empty), cells }
            })
            .collect();
        Self { judged, families }
    }

    /// Returns whether an empty cell fails the check.
    pub fn fails(&self) -> bool {
        self.judged && self.empty() > 0
    }

    /// Returns the number of empty cells.
    pub fn empty(&self) -> usize {
        self.families.iter().map(|family| family.reachable - family.reached).sum()
    }

    /// Returns the tables as text.
    pub fn text(&self) -> String {
        let mut text =
            String::from("coverage: how units and runs ended, by the kind of fault that was injected into the run\n");
        text.push_str("  x reached   · empty   blank: no simulation can reach the cell\n");
        let mut line = String::new();
        for (place, column) in fault_columns().enumerate() {
            let entry = format!("  {} {}", letter(place), name(column));
            if line.len() + entry.len() > 116 {
                text.push_str(&format!("{line}\n"));
                line.clear();
            }
            line.push_str(&entry);
        }
        text.push_str(&format!("{line}\n"));
        for family in &self.families {
            family.write(&mut text);
        }
        if !self.judged {
            text.push_str(
                "  empty cells are judged only over the whole corpus \
                 with at least the default number of seeds\n",
            );
        }
        text
    }
}

impl CellReport {
    fn new(cell: Cell, scenarios: &[&Scenario], results: &[ScenarioResult]) -> Self {
        let seed = |(scenario, result): (&&Scenario, &ScenarioResult)| {
            let seed = result.cells.seed_of(cell)?.to_string();
            Some(First { scenario: scenario.id.clone(), seed })
        };
        let first = scenarios.iter().zip(results).find_map(seed);
        let reason = if first.is_some() { None } else { impossible(cell) };
        let state = match (&first, reason) {
            (Some(_), _) => CellState::Reached,
            (None, Some(_)) => CellState::Impossible,
            (None, None) => CellState::Empty,
        };
        Self { path: cell.path.name(), fault: name(cell.column), state, first, reason }
    }
}

impl FamilyCoverage {
    fn write(&self, text: &mut String) {
        let heads: Vec<String> = (0..fault_columns().count()).map(|column| format!(" {}", letter(column))).collect();
        text.push_str(&format!(
            "\n{:<28}{}   {} of {} reached\n",
            self.family,
            heads.concat(),
            self.reached,
            self.reachable
        ));
        for row in self.cells.chunk_by(|one, next| one.path == next.path) {
            if row.iter().all(|cell| cell.state == CellState::Impossible) {
                continue;
            }
            let mark = |cell: &CellReport| match cell.state {
                CellState::Reached => " x",
                CellState::Empty => " ·",
                CellState::Impossible => "  ",
            };
            let marks: String = row.iter().map(mark).collect();
            text.push_str(format!("  {:<26}{marks}", row[0].path).trim_end());
            text.push('\n');
        }
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for reason in self.cells.iter().filter_map(|cell| cell.reason) {
            *reasons.entry(reason).or_default() += 1;
        }
        for (reason, cells) in reasons {
            text.push_str(&format!("  {cells} blank: {reason}\n"));
        }
        for cell in self.cells.iter().filter(|cell| cell.state == CellState::Empty) {
            text.push_str(&format!("  empty: {} under {}\n", cell.path, cell.fault));
        }
    }
}

fn name(column: Column) -> &'static str {
    column.map_or("none", |fault| fault.name())
}

/// Returns the heading of a column: `-` for no fault, then letters.
fn letter(column: usize) -> char {
    const HEADS: &[u8] = b"-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    HEADS.get(column).copied().map_or('?', char::from)
}
