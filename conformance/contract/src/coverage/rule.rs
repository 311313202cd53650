//! The cells that no simulation can reach, each with its reason. Every other cell needs a scenario.

use truecount_engine::family::{FailurePolicy, FamilyId};
use truecount_engine::object::ObjectState;
use truecount_engine::run::Cause;
use truecount_engine::unit::{Failure, Resolution, Response};
use truecount_sim::fault::Fault;

use super::{Cell, Column, Path};
use crate::contract::{self, FamilyRow};

const NO_UNITS: &str = "the family has phases but no units";
const NO_PHASES: &str = "the family has units but no phases";
const NO_ARTIFACT: &str = "the family publishes no artifact";
const NO_FAIL_FAST: &str = "the family attempts every unit";
const NO_SUCH_RESPONSE: &str = "the provider never gives this response for this family";
const NOTHING_LOST: &str = "without a fault, no delivery is lost";
const NO_ATTEMPT: &str = "no unit is attempted, so no response can be injected";
const NO_OBJECT: &str = "the plan contains no object that could change";
const ONE_JOB: &str = "one job carries all units, so no job is created for an unplanned unit";
const NOTHING_STAGED: &str = "nothing is staged before the plan is sealed";
const NOT_SEALED: &str = "a unit is unplanned only once the plan is sealed, but the plan is never sealed";

/// Returns the reason why no simulation can reach a cell, or `None` if a simulation can reach it.
pub fn impossible(cell: Cell) -> Option<&'static str> {
    let row = &contract::families()[cell.family as usize];
    no_such_path(row, cell.family, cell.path).or_else(|| no_such_fault(row, cell.path, cell.column))
}

fn no_such_path(row: &FamilyRow, family: FamilyId, path: Path) -> Option<&'static str> {
    let phased = row.mode == "phased";
    match path {
        Path::Unit(_) | Path::EmptyPlan if phased => Some(NO_UNITS),
        Path::Unit(resolution) => (!can_resolve_to(family, row, resolution)).then_some(NO_SUCH_RESPONSE),
        Path::PhasesDone => (!phased).then_some(NO_PHASES),
        Path::Whole(Cause::PublishingFailed) => (row.artifact.as_deref() != Some("pack")).then_some(NO_ARTIFACT),
        Path::Whole(Cause::FailFast) => {
            (!contract::may_declare(family, FailurePolicy::FailFast)).then_some(NO_FAIL_FAST)
        }
        Path::EmptyPlan | Path::Whole(Cause::PlanningFailed | Cause::PlannerLost) => None,
    }
}

/// Returns whether a unit of a family can have this resolution because of an object's state, a provider response or a
/// limit.
fn can_resolve_to(family: FamilyId, row: &FamilyRow, resolution: Resolution) -> bool {
    if let Resolution::Failed(Failure::RetriesExhausted | Failure::Abandoned | Failure::Forbidden | Failure::Rejected) =
        resolution
    {
        return true;
    }
    let means = |response| contract::resolves().of(response) == Some(resolution);
    // A provider may respond that a unit is unsupported, whatever the object's state.
    means(Response::Unsupported)
        || ObjectState::ALL.into_iter().any(|state| means(contract::responses().of(family, state)))
        || row.responses.values().filter_map(|word| Response::from_name(word)).any(means)
}

fn no_such_fault(row: &FamilyRow, path: Path, column: Column) -> Option<&'static str> {
    let lost = matches!(path, Path::Unit(Resolution::Failed(Failure::Abandoned)) | Path::Whole(Cause::PlannerLost));
    let Some(fault) = column else { return lost.then_some(NOTHING_LOST) };
    let phased = row.mode == "phased";
    let unplanned = matches!(path, Path::Whole(Cause::PlanningFailed | Cause::PlannerLost));
    match fault {
        Fault::Rejected | Fault::Forbidden | Fault::Unsupported => {
            (phased || unplanned || path == Path::EmptyPlan).then_some(NO_ATTEMPT)
        }
        Fault::Archive | Fault::Remove | Fault::Restore => (phased || path == Path::EmptyPlan).then_some(NO_OBJECT),
        Fault::PartialWrite | Fault::DiskFull if row.artifact.as_deref() != Some("pack") => Some(NO_ARTIFACT),
        Fault::PartialWrite | Fault::DiskFull => unplanned.then_some(NOTHING_STAGED),
        Fault::UnplannedUnit if !row.fan_out => Some(ONE_JOB),
        Fault::UnplannedUnit => unplanned.then_some(NOT_SEALED),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn reason(family: FamilyId, path: &str, column: Column) -> Option<&'static str> {
        let path = *Path::all().iter().find(|known| known.name() == path).expect("the path is in the table");
        impossible(Cell { family, path, column })
    }

    #[rstest]
    #[case::reachable(FamilyId::BackupSetRestore, "skipped(not_archived)", None, None)]
    #[case::no_such_response(FamilyId::BackupSetDelete, "skipped(not_archived)", None, Some(NO_SUCH_RESPONSE))]
    #[case::archived(FamilyId::BackupSetDelete, "skipped(archived)", Some(Fault::ClockJump), None)]
    #[case::force_delete(FamilyId::BackupSetForceDelete, "skipped(archived)", None, Some(NO_SUCH_RESPONSE))]
    #[case::forbidden(FamilyId::InventorySync, "failed(forbidden)", None, None)]
    #[case::phases(FamilyId::BaselineCapture, "phases done", Some(Fault::Stall), None)]
    #[case::no_phases(FamilyId::BackupSetRestore, "phases done", None, Some(NO_PHASES))]
    #[case::no_units(FamilyId::BaselineCompare, "succeeded", None, Some(NO_UNITS))]
    #[case::no_artifact(FamilyId::BackupSetRestore, "publishing_failed", None, Some(NO_ARTIFACT))]
    #[case::every_unit(FamilyId::BackupSetRestore, "fail_fast", None, Some(NO_FAIL_FAST))]
    #[case::fail_fast(FamilyId::QueueFanOut, "fail_fast", None, None)]
    #[case::pack(FamilyId::ReviewPackGenerate, "publishing_failed", None, None)]
    #[case::full_disk(FamilyId::ReviewPackGenerate, "succeeded", Some(Fault::DiskFull), None)]
    #[case::no_file(FamilyId::BackupSetRestore, "succeeded", Some(Fault::DiskFull), Some(NO_ARTIFACT))]
    #[case::nothing_staged(
        FamilyId::ReviewPackGenerate,
        "planning_failed",
        Some(Fault::PartialWrite),
        Some(NOTHING_STAGED)
    )]
    #[case::nothing_lost(FamilyId::BackupSetRestore, "failed(abandoned)", None, Some(NOTHING_LOST))]
    #[case::lost(FamilyId::BackupSetRestore, "failed(abandoned)", Some(Fault::CrashBefore), None)]
    #[case::one_job(FamilyId::InventorySync, "succeeded", Some(Fault::UnplannedUnit), Some(ONE_JOB))]
    #[case::never_sealed(FamilyId::BackupSetRestore, "planner_lost", Some(Fault::UnplannedUnit), Some(NOT_SEALED))]
    #[case::sealed_empty(FamilyId::BackupSetRestore, "empty plan", Some(Fault::UnplannedUnit), None)]
    #[case::no_attempt(FamilyId::BackupSetRestore, "empty plan", Some(Fault::Rejected), Some(NO_ATTEMPT))]
    #[case::no_object(FamilyId::InventorySync, "empty plan", Some(Fault::Remove), Some(NO_OBJECT))]
    #[case::planned_object(FamilyId::InventorySync, "planning_failed", Some(Fault::Remove), None)]
    fn a_cell_is_reachable_or_has_a_reason(
        #[case] family: FamilyId,
        #[case] path: &str,
        #[case] column: Column,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(reason(family, path, column), expected);
    }
}
