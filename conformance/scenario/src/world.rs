//! Reads these parts of a scenario: title, clauses, number of workers, faults, sizes, grants and surfaces. Other
//! modules read its objects, runs and expectations.

use std::collections::BTreeSet;

use truecount_engine::policy::Grant;
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::fixture::Surface;

use super::check::Grants;
use super::finding::{At, Findings};
use super::format::{Explored, File, Size};
use super::intern::Tables;
use super::naming::{check_text, duplicate};
use super::rule;
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::contract;
use truecount_json::quoted;

/// The maximum number of workers.
const WORKERS_MAX: u16 = 64;
/// The highest permitted limit on the injections of a fault.
const INJECTIONS_MAX: u16 = 1_000;

/// Checks the title and the clauses, and that there is a run.
pub(super) fn check_head(file: &File, at: At<'_>, findings: &mut Findings) {
    if file.title.trim().is_empty() {
        findings
            .add(at.key("title").span(), rule::EMPTY_TITLE, "the title is empty")
            .help("say in a sentence what the scenario shows");
    }
    check_text(&file.title, at.key("title"), "title", findings);
    let (clauses, mut seen) = (at.key("clauses"), BTreeSet::new());
    if file.clauses.is_empty() {
        findings
            .add(clauses.span(), rule::NO_CLAUSE, "the scenario names no clause")
            .expected("the id of at least one clause that the scenario tests")
            .help("`truecount list clauses` lists them");
    }
    for (number, clause) in file.clauses.iter().enumerate() {
        let span = clauses.item(number).span();
        if !contract::clause_ids().any(|id| id == clause) {
            findings.unknown(span, rule::UNKNOWN_CLAUSE, "clause", clause, contract::clause_ids());
        } else if !seen.insert(clause) {
            duplicate(span, "clause", clause, findings);
        } else if let Some(by) = checked_elsewhere(clause) {
            findings
                .add(span, rule::UNTESTABLE_CLAUSE, format!("no simulation can exercise {}: {by}", quoted(clause)))
                .expected("a clause of kind S or L, which concerns what happens in a simulation")
                .help("remove it; `truecount list clauses` lists the clauses and `truecount explain ID` their checks");
        }
    }
    if file.runs.is_empty() {
        findings
            .add(at.key("runs").span(), rule::NO_RUN, "no run is requested")
            .help("add a run; without one there is nothing to judge");
    }
}

/// Returns what checks a clause, if no checker of simulations does.
fn checked_elsewhere(id: &str) -> Option<&'static str> {
    let kinds = Clause::from_id(id)?.kinds();
    if kinds.iter().any(|kind| matches!(kind, Kind::S | Kind::L)) {
        None
    } else if kinds.contains(&Kind::V) {
        Some("it is about a pure function and is checked by vectors")
    } else {
        Some("it is about the sources of this repository and is checked by tests")
    }
}

/// Returns the minimum and maximum number of workers.
pub(super) fn workers(file: &File, at: At<'_>, findings: &mut Findings) -> Option<(u16, u16)> {
    let help = format!("a scenario has 1 to {WORKERS_MAX} workers");
    let mut number = |key: &str, value: u64| within(value, WORKERS_MAX, at.key(key), &help, findings);
    let (least, most) = (number("min", file.workers.min), number("max", file.workers.max));
    let (least, most) = least.zip(most)?;
    if least > most {
        findings
            .add(at.key("min").span(), rule::OUT_OF_RANGE, format!("`min` is {least}, but `max` is {most}"))
            .expected("`min` no greater than `max`")
            .help("lower `min` or raise `max`");
    }
    Some((least, most))
}

/// Returns the limit on the injections of each fault, and the faults that have a limit.
pub(super) fn faults(file: &File, at: At<'_>, findings: &mut Findings) -> (PerFault<u16>, Vec<Fault>) {
    let (mut faults, mut kinds) = (PerFault::default(), Vec::new());
    for (number, name, &injections) in file.faults.iter() {
        let at = at.nth(number);
        let injections = within(injections, INJECTIONS_MAX, at, "omit a fault that is never injected", findings);
        if let Some(fault) = Fault::from_name(name) {
            faults.set(fault, injections.unwrap_or(1));
            kinds.push(fault);
        } else {
            let known = Fault::ALL.iter().map(|fault| fault.name());
            findings.unknown(at.name(), rule::UNKNOWN_FAULT, "fault", name, known);
        }
    }
    (faults, kinds)
}

/// Checks that no recorded size is 0.
pub(super) fn sizes(file: &File, at: At<'_>, findings: &mut Findings) {
    for (scope, Size { states, edges }) in file.explored.iter().flat_map(Explored::sizes) {
        for (key, value) in [("states", states), ("edges", edges)] {
            if value == 0 {
                findings
                    .add(at.key(scope).key(key).span(), rule::OUT_OF_RANGE, "0 is out of range")
                    .expected("a number from 1")
                    .help("`truecount explore --write-sizes` writes the correct sizes");
            }
        }
    }
}

/// Returns the number if it is from 1 to `most`; otherwise, reports it and returns `None`.
fn within(number: u64, most: u16, at: At<'_>, help: &str, findings: &mut Findings) -> Option<u16> {
    let within = u16::try_from(number).ok().filter(|number| (1..=most).contains(number));
    if within.is_none() {
        findings
            .add(at.span(), rule::OUT_OF_RANGE, format!("{number} is out of range"))
            .expected(format!("a number from 1 to {most}"))
            .help(help);
    }
    within
}

/// Returns the grants of the policy.
pub(super) fn grants<'f>(file: &File, tables: &Tables<'_>, at: At<'f>, findings: &mut Findings) -> Grants<'f> {
    let (mut grants, mut seen) = (Grants { whole: true, ..Grants::default() }, BTreeSet::new());
    for (number, grant) in file.grants.iter().enumerate() {
        let at = at.item(number);
        let actor = tables.actor(at.key("actor"), &grant.actor, findings);
        let tenant = tables.tenant(at.key("tenant"), &grant.tenant, findings);
        let known = [Grant::View, Grant::Operate];
        let may = known.into_iter().find(|may| may.name() == grant.may);
        if may.is_none() {
            findings.unknown(at.key("may").span(), rule::UNKNOWN_GRANT, "grant", &grant.may, known.map(Grant::name));
        }
        grants.whole &= actor.is_some() && tenant.is_some() && may.is_some();
        let (Some(actor), Some(tenant)) = (actor, tenant) else { continue };
        if !seen.insert((actor, tenant)) {
            let message = format!("{} already has a grant in {}", quoted(&grant.actor), quoted(&grant.tenant));
            findings.add(at.opening(), rule::DUPLICATE_NAME, message);
        }
        grants.list.push((actor, tenant, may.unwrap_or_default()));
        grants.places.push(at);
    }
    grants
}

/// Returns the surfaces and their viewers.
pub(super) fn surfaces(file: &File, tables: &Tables<'_>, at: At<'_>, findings: &mut Findings) -> Vec<Surface> {
    let (mut surfaces, mut seen) = (Vec::new(), BTreeSet::new());
    for (number, surface) in file.surfaces.iter().enumerate() {
        let at = at.item(number);
        let actor = tables.actor(at.key("actor"), &surface.actor, findings);
        let tenant = surface.tenant.as_ref().map(|tenant| tables.tenant(at.key("tenant"), tenant, findings));
        let (Some(actor), None | Some(Some(_))) = (actor, tenant) else { continue };
        let tenant = tenant.flatten();
        if !seen.insert((actor, tenant)) {
            findings.add(at.opening(), rule::DUPLICATE_NAME, "this actor already views this surface");
        }
        surfaces.push(Surface { actor, tenant });
    }
    surfaces
}
