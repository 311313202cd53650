//! Shapes of a plan. If a scenario leaves the shape of its plan open, each seed draws one of these shapes.
//!
//! A shape turns the scenario's file into a new file, which the reader treats like any other. The new file has an id,
//! such as `restore/any-plan#duplicates`, by which it can be simulated, explored and minimised. The new expectation is
//! derived, unit by unit, from the original expectation.

use std::collections::BTreeSet;

use truecount_engine::run::Outcome;
use truecount_engine::unit::{Failure, Resolution};
use truecount_sim::fault::Fault;

use super::format::{Expect, File, Named, OneOrSet, Run};
use super::part::{Part, spelled, without};

/// Separates the id of a scenario from the name of a shape.
pub(super) const MARK: char = '#';

/// The maximum number of removals in a simulation of [`Shape::Removed`].
const REMOVALS: u64 = 2;

/// The shape of a plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Shape {
    /// No unit.
    Empty,
    /// One unit.
    One,
    /// Two units.
    Two,
    /// Every unit of the file.
    Many,
    /// Each key is requested twice.
    Duplicates,
    /// A later run plans the same keys again.
    Again,
    /// A second run plans the last key at the same time.
    Shared,
    /// Objects are removed during the run.
    Removed,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 8] =
        [Self::Empty, Self::One, Self::Two, Self::Many, Self::Duplicates, Self::Again, Self::Shared, Self::Removed];

    /// Returns the name used in files and ids.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::One => "one",
            Self::Two => "two",
            Self::Many => "many",
            Self::Duplicates => "duplicates",
            Self::Again => "again",
            Self::Shared => "shared",
            Self::Removed => "removed",
        }
    }

    /// Returns the shape with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.name() == name)
    }

    /// Returns a scenario's file with this shape of its plan. The scenario must have exactly one run, of a family that
    /// plans units.
    pub fn of(self, file: &File) -> File {
        let mut file = spelled(file);
        file.shapes.clear();
        file.explored = None;
        let plan = planned(&file.runs[0]);
        match self {
            Self::Empty => keep(&file, &[]),
            Self::One => keep(&file, &plan[..plan.len().min(1)]),
            Self::Two => keep(&file, &plan[..plan.len().min(2)]),
            Self::Many => file,
            Self::Duplicates => {
                let request = &mut file.runs[0].request;
                request.extend(request.clone().into_iter().rev());
                file
            }
            Self::Again => {
                let after = Some(file.runs[0].name.clone());
                join(&mut file, "again", plan, after);
                file
            }
            Self::Shared => {
                let last = plan.last().cloned().into_iter().collect();
                join(&mut file, "beside", last, None);
                leave_open(&mut file);
                file
            }
            Self::Removed => {
                allow_removal(&mut file);
                file
            }
        }
    }
}

/// Splits a name into the id of a scenario and the name of a shape.
pub fn split(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once(MARK)
}

/// Returns the objects of a run's units, in the order of its request.
fn planned(run: &Run) -> Vec<String> {
    let mut seen: BTreeSet<&String> = run.exclude.iter().collect();
    run.request.iter().filter(|object| seen.insert(object)).cloned().collect()
}

/// Returns the file with only these units in its run.
fn keep(file: &File, plan: &[String]) -> File {
    let gone: Vec<Part> = (0..file.runs[0].request.len())
        .filter(|place| !plan.contains(&file.runs[0].request[*place]))
        .map(|place| Part::Unit(0, place))
        .collect();
    without(file, &gone)
}

/// Adds a run of the same kind for these objects. Its resolutions depend on the first run, so the file expects only
/// that each unit counts once.
fn join(file: &mut File, name: &str, request: Vec<String>, after: Option<String>) {
    let first = &file.runs[0];
    let (name, units) = (format!("{}-{name}", first.name), request.len() as u64);
    let run = Run {
        name: name.clone(),
        request,
        after,
        exclude: Vec::new(),
        responses: Named::default(),
        planning: Vec::new(),
        publishing: Vec::new(),
        phases: Named::default(),
        ..first.clone()
    };
    file.runs.push(run);
    file.expect.0.push((name, Expect { counts: each_once(units), ..Expect::default() }));
}

/// Returns the counts that do not depend on the resolutions of the units.
fn each_once(units: u64) -> Named<OneOrSet<u64>> {
    Named(["total", "processed"].map(|key| (key.to_owned(), OneOrSet::One(units))).into())
}

/// Leaves open how the first run ends, except for the number of units that it counts.
fn leave_open(file: &mut File) {
    let units = planned(&file.runs[0]).len() as u64;
    file.expect.0[0].1 = Expect { counts: each_once(units), ..Expect::default() };
}

/// Allows objects to be removed at any moment. Each unit may then also fail because its object is not found.
fn allow_removal(file: &mut File) {
    let name = Fault::Remove.name();
    if file.faults.iter().all(|(_, known, _)| known != name) {
        file.faults.0.push((name.to_owned(), REMOVALS));
    }
    let units = planned(&file.runs[0]).len() as u64;
    let gone = Resolution::Failed(Failure::NotFound).name();
    let expect = &mut file.expect.0[0].1;
    for (_, ends) in expect.units.iter_mut().flat_map(|units| &mut units.0) {
        let mut values = ends.values().to_vec();
        if !values.iter().any(|value| value == gone) {
            values.push(gone.to_owned());
        }
        *ends = OneOrSet::Set(values);
    }
    expect.counts = each_once(units);
    expect.outcome = Some(OneOrSet::Set(Outcome::ALL.map(|outcome| outcome.name().to_owned()).into()));
}
