//! Reads the shapes of a scenario: each makes a scenario of its own.

use std::collections::BTreeSet;

use super::finding::{At, Findings};
use super::format::File;
use super::naming::duplicate;
use super::rule;
use super::scenario::{Scenario, Shaped};
use super::shape::{MARK, Shape};
use super::tally::counted;
use truecount_contract::reference::Reference;
use truecount_json::quoted;

/// The most units that a plan may have if its shape is drawn: ranges are written out, and each shape is a fixture.
const UNITS_MAX: usize = 256;

/// Reads the shapes of a scenario that is otherwise understood. `meaning` reads the file of a shape.
pub(super) fn shapes(
    file: &File,
    scenario: &Scenario,
    at: At<'_>,
    findings: &mut Findings,
    meaning: impl Fn(&File, &str) -> Option<Scenario>,
) -> Vec<Shaped> {
    if file.shapes.is_empty() {
        return Vec::new();
    }
    let reference = Reference::new(&scenario.fixture);
    let refused = match &reference.runs[..] {
        [run] => match run.plan.len() {
            0..3 => {
                let message = format!("the run plans {}, and `many` is more than two", counted(run.plan.len() as u64));
                Some((rule::SHAPES_OF_TOO_FEW, message))
            }
            3..=UNITS_MAX => None,
            units => Some((rule::SHAPES_OF_TOO_MANY, format!("the run plans {units} units, more than {UNITS_MAX}"))),
        },
        runs => Some((rule::SHAPES_OF_RUNS, format!("there are {} runs, and a shape is drawn for one", runs.len()))),
    };
    if let Some((rule, message)) = refused {
        findings.add(at.name(), rule, message);
        return Vec::new();
    }
    if file.expect.0.iter().any(|(_, expect)| expect.units.is_none()) {
        findings.add(at.name(), rule::SHAPES_WITHOUT_UNITS, "no entry states what each unit resolves to");
        return Vec::new();
    }
    if !file.schedules.is_empty() {
        findings.add(at.name(), rule::SHAPES_WITH_SCHEDULES, "a schedule is for one plan, and here there are several");
        return Vec::new();
    }
    let (mut shapes, mut seen): (Vec<Shaped>, BTreeSet<Shape>) = (Vec::new(), BTreeSet::new());
    for (number, name) in file.shapes.iter().enumerate() {
        let span = at.item(number).span();
        let Some(shape) = Shape::from_name(name) else {
            findings.unknown(span, rule::UNKNOWN_SHAPE, "shape", name, Shape::ALL.map(Shape::name));
            continue;
        };
        if !seen.insert(shape) {
            duplicate(span, "shape", name, findings);
            continue;
        }
        if let Some(scenario) = meaning(&shape.of(file), &format!("{}{MARK}{name}", scenario.id)) {
            shapes.push(Shaped { shape, reference: Reference::new(&scenario.fixture), scenario });
        } else {
            let message = format!("with the shape {} the scenario contradicts itself", quoted(name));
            findings.add(span, rule::SHAPE_DOES_NOT_FIT, message);
        }
    }
    shapes
}

#[cfg(test)]
mod tests;
