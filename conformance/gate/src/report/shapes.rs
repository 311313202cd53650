//! Counts the seeds that drew each shape, for scenarios that leave the shape of their plan open.
//!
//! The shape depends on the seed alone, so this module draws it again instead of reading a stored value.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ScenarioReport;
use truecount_scenario::{Scenario, Shape};

/// A shape that a scenario allows, and the number of seeds that drew it.
#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drawn {
    /// The name of the shape.
    pub shape: &'static str,
    /// The number of seeds that drew the shape; may be 0.
    pub seeds: u64,
}

/// Returns the number of seeds that drew each shape of a scenario, for the `seeds` seeds from `first`. The shapes are
/// in the order of the file.
pub fn drawn(scenario: &Scenario, first: u64, seeds: u64) -> Vec<Drawn> {
    let mut counts: BTreeMap<Shape, u64> = BTreeMap::new();
    for shaped in (0..seeds).map_while(|offset| scenario.draw(first.wrapping_add(offset))) {
        *counts.entry(shaped.shape).or_default() += 1;
    }
    let seeds = |shape| counts.get(&shape).copied().unwrap_or(0);
    scenario.shapes.iter().map(|of| Drawn { shape: of.shape.name(), seeds: seeds(of.shape) }).collect()
}

/// Returns the number of draws of each shape over all scenarios. If the check is judged, also lists the shapes that a
/// scenario allows but no seed drew.
pub(super) fn text(scenarios: &[ScenarioReport], judged: bool) -> String {
    let all = || scenarios.iter().flat_map(|scenario| scenario.shapes.iter().map(move |drawn| (scenario, drawn)));
    let of = |shape: Shape| {
        let seeds: u64 = all().filter(|(_, drawn)| drawn.shape == shape.name()).map(|(_, drawn)| drawn.seeds).sum();
        format!("{} {seeds}", shape.name())
    };
    if all().next().is_none() {
        return String::new();
    }
    let mut text = format!("  shapes of plans drawn: {}\n", Shape::ALL.map(of).join(", "));
    for (scenario, Drawn { shape, .. }) in all().filter(|(_, drawn)| judged && drawn.seeds == 0) {
        text.push_str(&format!("  never drawn: the shape {shape} of {}\n", scenario.id));
    }
    text
}
