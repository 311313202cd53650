//! Checks that the sums of a checkpoint file are plausible: that some check could have written them.
//!
//! A file that passes is no evidence of a simulation, since any program can write one. The checks keep later sums from
//! overflowing, and reject sums that contradict each other.

use std::collections::BTreeSet;

use truecount_sim::fault::FaultSet;

use super::{Check, Known};
use crate::sums::{Named, ScenarioResult, Swept};
use crate::tasks::{ROUND, seeds_in};
use truecount_contract::clause::Clause;

/// The maximum of a sum over all scenarios. No check can add as much again, so later sums do not overflow.
const SUM_MAX: u64 = 1 << 62;

/// The maximum number of seeds of a scenario, if the check has no fixed number. At a million seeds per second, it takes
/// nine years to simulate as many.
const SEEDS_MAX: u64 = 1 << 48;

/// Returns a sum of one scenario.
type Sum = fn(&ScenarioResult) -> u64;

/// Checks the sums of a whole check. The error is a message.
pub(super) fn check(swept: &Swept, check: Check<'_>) -> Result<(), String> {
    let Swept { rounds, quiet, .. } = *swept;
    let needed = check.shares.iter().map(|share| share.seeds.div_ceil(ROUND)).max().unwrap_or(0).min(SEEDS_MAX / ROUND);
    if rounds > needed {
        return Err(format!("`rounds` is {rounds}, but the check needs only {needed}"));
    }
    let met: usize = swept.results.iter().map(ScenarioResult::met).sum();
    if quiet > rounds || quiet == rounds && met > 0 {
        return Err(format!("`quiet` is {quiet}, which does not fit {rounds} rounds"));
    }
    for ((known, result), share) in check.scenarios.iter().zip(&swept.results).zip(check.shares) {
        let wanted = seeds_in(share.seeds, rounds);
        if result.seeds != wanted {
            let id = &known.id;
            let stated = result.seeds;
            return Err(format!("`{id}`: `seeds` is {stated}, but {rounds} rounds have {wanted} seeds"));
        }
        row(result, known, check.identity.seed).map_err(|message| format!("`{}`: {message}", known.id))?;
    }
    for (part, result) in &swept.parts {
        let known = &check.scenarios[part.place];
        let id = &known.id;
        let wanted = part.seeds(check.shares).filter(|_| part.round >= rounds && part.round < needed);
        if wanted != Some(result.seeds) {
            return Err(format!("`parts`: no task of `{id}` simulates {} seeds from {}", result.seeds, part.start));
        }
        let first = check.identity.seed.wrapping_add(part.start);
        row(result, known, first).map_err(|message| format!("`{id}`: {message}"))?;
    }
    let sums: [(&str, Sum); 3] =
        [("seeds", |result| result.seeds), ("steps", |result| result.steps), ("events", |result| result.events)];
    for (key, of) in sums {
        let sum =
            swept.results.iter().chain(swept.parts.values()).try_fold(0_u64, |sum, result| sum.checked_add(of(result)));
        if sum.is_none_or(|sum| sum > SUM_MAX) {
            return Err(format!("the sum of all `{key}` is larger than {SUM_MAX}"));
        }
    }
    Ok(())
}

/// Checks the sums of one scenario, whose first seed is `first`. The error is a message.
fn row(result: &ScenarioResult, known: &Known, first: u64) -> Result<(), String> {
    let ScenarioResult { seeds, failures, steps, events, .. } = *result;
    if failures > seeds {
        return Err(format!("`failures` is {failures}, but only {seeds} seeds were simulated"));
    }
    // Each simulation has a step that requests the first run, and an event that shows the request.
    if steps < seeds || events < seeds || seeds == 0 && (steps > 0 || events > 0 || result.hash != 0) {
        return Err(format!("`steps` and `events` are {steps} and {events}, which does not fit {seeds} seeds"));
    }
    let lists = !result.exercised.is_empty() || !result.injected.is_empty() || result.met() > 0;
    if seeds == 0 && lists {
        return Err("clauses, faults, assertions, cells or states are listed, but no seed was simulated".to_owned());
    }
    if let Some(fault) = result.injected.beyond(known.faults).iter().next() {
        return Err(format!("`injected` lists `{}`, which the scenario does not allow", fault.name()));
    }
    let of_cells: FaultSet = result.cells.iter().filter_map(|(cell, _)| cell.column).collect();
    if let Some(fault) = of_cells.beyond(result.injected).iter().next() {
        return Err(format!("`cells` lists `{}`, but `injected` does not", fault.name()));
    }
    let place = |seed: u64| seed.wrapping_sub(first);
    let earliest = result.first_violated.values().map(|seed| place(*seed)).min();
    let failing: BTreeSet<u64> = result.first_violated.values().copied().collect();
    let too_few = failures < failing.len() as u64;
    if (failures > 0) != result.first.is_some() || result.first.map(place) != earliest || too_few {
        return Err("`failures`, `first_failure` and `violated` contradict each other".to_owned());
    }
    if !is_named(result, first) {
        return Err("`failures`, `violated` and `named` contradict each other".to_owned());
    }
    let listed = result.first_violated.values().chain(result.first_reached.values()).copied();
    let reached = result.cells.iter().map(|(_, seed)| seed);
    if let Some(seed) = listed.chain(reached).find(|seed| place(*seed) >= seeds) {
        return Err(format!("the seed {seed} is listed, but it was not simulated"));
    }
    Ok(())
}

/// Returns whether the failures under each named clause give the sums of all failures.
fn is_named(result: &ScenarioResult, first: u64) -> bool {
    let sum = result.named.values().try_fold(0_u64, |sum, named| sum.checked_add(named.failures));
    if sum != Some(result.failures) {
        return false;
    }
    let mut again = result.clone();
    again.sum_failures(first);
    let fails = |(clause, named): (&Clause, &Named)| named.failures > 0 && named.violated.contains_key(clause);
    again.first_violated == result.first_violated && result.named.iter().all(fails)
}
