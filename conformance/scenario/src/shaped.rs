//! Reads the shapes of a scenario. Each shape gives a scenario of its own.

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

/// The maximum number of units in a plan with shapes. It is low because ranges are expanded and each shape has its own
/// fixture.
const UNITS_MAX: usize = 256;

/// Reads the shapes of a scenario that is otherwise valid. `meaning` turns the file of a shape into a scenario.
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
                let message =
                    format!("the run plans {}, but shapes need at least three", counted(run.plan.len() as u64));
                Some((rule::SHAPES_OF_TOO_FEW, message))
            }
            3..=UNITS_MAX => None,
            units => Some((
                rule::SHAPES_OF_TOO_MANY,
                format!("the run plans {units} units, but shapes allow at most {UNITS_MAX}"),
            )),
        },
        runs => Some((rule::SHAPES_OF_RUNS, format!("there are {} runs, but shapes need exactly one", runs.len()))),
    };
    if let Some((rule, message)) = refused {
        findings.add(at.name(), rule, message);
        return Vec::new();
    }
    if file.expect.0.iter().any(|(_, expect)| expect.units.is_none()) {
        findings.add(
            at.name(),
            rule::SHAPES_WITHOUT_UNITS,
            "the expectation does not state what each unit resolves to",
        );
        return Vec::new();
    }
    if !file.schedules.is_empty() {
        findings.add(
            at.name(),
            rule::SHAPES_WITH_SCHEDULES,
            "a schedule needs a fixed plan, but `shapes` leaves the plan open",
        );
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
            // The file names its clauses for all of its shapes together. A single shape need not exercise them.
            let scenario = Scenario { clauses: Vec::new(), ..scenario };
            shapes.push(Shaped { shape, reference: Reference::new(&scenario.fixture), scenario });
        } else {
            let message = format!("the shape {} makes the scenario contradict itself", quoted(name));
            findings.add(span, rule::SHAPE_DOES_NOT_FIT, message);
        }
    }
    shapes
}

#[cfg(test)]
mod tests;
