//! The aggregated results of a scenario in a checkpoint file. Clauses, assertions, families, paths and faults are
//! stored by name, because their numbers may differ between versions of the program.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use truecount_engine::family::FamilyId;
use truecount_sim::fault::Fault;

use super::Known;
use crate::states::States;
use crate::sums::{Named, ScenarioResult};
use truecount_contract::clause::Clause;
use truecount_contract::coverage::{Cell, Cells, Path};
use truecount_contract::sometimes::Sometimes;

/// The name of the column for runs without an injected fault.
const NO_FAULT: &str = "none";

/// The sums of a scenario.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) simulated: String,
    pub(super) expected: String,
    seeds: u64,
    failures: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_failure: Option<u64>,
    hash: u64,
    steps: u64,
    events: u64,
    exercised: Vec<String>,
    injected: Vec<String>,
    violated: BTreeMap<String, u64>,
    /// For each clause that reports name, the number of failing seeds, and the first seed that violated each clause.
    named: BTreeMap<String, (u64, BTreeMap<String, u64>)>,
    sometimes: BTreeMap<String, u64>,
    /// Each cell as its family, path and fault, with the first seed that reached it. The cells are in the order in
    /// which they were reached.
    cells: Vec<(String, String, String, u64)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    states: Vec<u32>,
}

impl Row {
    /// Returns the row for the results of a scenario.
    pub(super) fn new(known: &Known, result: &ScenarioResult) -> Self {
        let cell = |(cell, seed): (Cell, u64)| {
            let fault = cell.column.map_or(NO_FAULT, Fault::name);
            (cell.family.name().to_owned(), cell.path.name().to_owned(), fault.to_owned(), seed)
        };
        Self {
            id: known.id.clone(),
            simulated: known.simulated.clone(),
            expected: known.expected.clone(),
            seeds: result.seeds,
            failures: result.failures,
            first_failure: result.first,
            hash: result.hash,
            steps: result.steps,
            events: result.events,
            exercised: result.exercised.iter().map(|clause| clause.id().to_owned()).collect(),
            injected: result.injected.iter().map(|fault| fault.name().to_owned()).collect(),
            violated: ids(&result.first_violated),
            named: result
                .named
                .iter()
                .map(|(clause, named)| (clause.id().to_owned(), (named.failures, ids(&named.violated))))
                .collect(),
            sometimes: result
                .first_reached
                .iter()
                .map(|(assertion, seed)| (assertion.id().to_owned(), *seed))
                .collect(),
            cells: result.cells.iter().map(cell).collect(),
            states: result.states.words().collect(),
        }
    }

    /// Returns the aggregated results in the row.
    ///
    /// # Errors
    ///
    /// Returns the first unknown name.
    pub(super) fn result(self) -> Result<ScenarioResult, String> {
        let mut result = ScenarioResult {
            seeds: self.seeds,
            failures: self.failures,
            first: self.first_failure,
            hash: self.hash,
            steps: self.steps,
            events: self.events,
            states: self.states.into_iter().collect::<States>(),
            ..ScenarioResult::default()
        };
        for id in self.exercised {
            result.exercised.insert(Clause::from_id(&id).ok_or(id)?);
        }
        for name in self.injected {
            result.injected.insert(Fault::from_name(&name).ok_or(name)?);
        }
        result.first_violated = clauses(self.violated)?;
        for (id, (failures, violated)) in self.named {
            let named = Named { failures, violated: clauses(violated)? };
            result.named.insert(Clause::from_id(&id).ok_or(id)?, named);
        }
        for (id, seed) in self.sometimes {
            result.reach(Sometimes::ALL.iter().copied().find(|assertion| assertion.id() == id).ok_or(id)?, seed);
        }
        let mut cells = Cells::default();
        for (family, path, fault, seed) in self.cells {
            let family = FamilyId::from_name(&family).ok_or(family)?;
            let path = Path::all().iter().copied().find(|known| known.name() == path).ok_or(path)?;
            let column = if fault == NO_FAULT { None } else { Some(Fault::from_name(&fault).ok_or(fault)?) };
            cells.insert(Cell { family, path, column }, seed);
        }
        result.cells = cells;
        Ok(result)
    }
}

/// Returns the first seeds by the ids of the clauses.
fn ids(violated: &BTreeMap<Clause, u64>) -> BTreeMap<String, u64> {
    violated.iter().map(|(clause, seed)| (clause.id().to_owned(), *seed)).collect()
}

/// Returns the first seeds by clause, or the first unknown id.
fn clauses(ids: BTreeMap<String, u64>) -> Result<BTreeMap<Clause, u64>, String> {
    ids.into_iter().map(|(id, seed)| Ok((Clause::from_id(&id).ok_or(id)?, seed))).collect()
}
