//! A scenario: its id and title, the starting point of a simulation, and the required end of each run.

use std::sync::Arc;

use truecount_sim::fault::Fault;
use truecount_sim::fixture::Fixture;
use truecount_sim::schedule::Schedule;
use truecount_sim::stream::Stream;

use super::expect::{self, Expectation};
use super::format::File;
use super::names::Names;
use super::schedule::Setting;
use super::shape::Shape;
use super::write;
use truecount_contract::clause::Clause;
use truecount_contract::digest::sha256;
use truecount_contract::reference::Reference;
use truecount_json::problem::Problem;

/// The starting point of a simulation, and the required end of each run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The path of the file below the root, with `/` between the parts and without `.json`.
    pub id: String,
    /// One sentence that says what the scenario shows.
    pub title: String,
    /// The ids of the clauses that the scenario tests.
    pub clauses: Vec<String>,
    /// The starting point of the simulation.
    pub fixture: Fixture,
    /// The names of the ids in the fixture.
    pub names: Names,
    /// The expectation for each run, by the index of the run.
    pub expect: Vec<Expectation>,
    /// Schedules that are simulated before any seed.
    pub schedules: Vec<Saved>,
    /// The scenarios from which each seed draws one, if the file leaves the shape of its plan open.
    pub shapes: Vec<Shaped>,
    /// Warnings about the file, in its order. A scenario that was not read from a file has none.
    pub warnings: Vec<Problem>,
    /// The faults that the file allows, in its order, each with the warning to show if no simulation injects it. Empty
    /// if the scenario was not read from a file.
    pub if_not_injected: Vec<(Fault, Problem)>,
    /// The file, or `None` if the scenario was not built from a file.
    pub file: Option<Arc<File>>,
}

/// A saved schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub name: String,
    /// The id of the planted bug that the schedule demonstrates.
    pub mutant: Option<String>,
    /// The clause that the schedule violates in an engine with that bug.
    pub violates: Option<Clause>,
    pub schedule: Schedule,
}

/// A scenario whose plan has a certain shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    pub shape: Shape,
    pub scenario: Scenario,
    /// The facts about the scenario that are known in advance.
    pub reference: Reference,
}

impl Scenario {
    /// Returns the scenario that a seed simulates, with its reference. This is the scenario of the drawn shape, or
    /// `self` if the scenario has no shapes. All shapes are equally likely. Drawing the shape does not affect any other
    /// random choice of the seed. A seed therefore simulates a drawn shape exactly as if that shape were named.
    pub fn drawn<'s>(&'s self, reference: &'s Reference, seed: u64) -> (&'s Self, &'s Reference) {
        self.draw(seed).map_or((self, reference), |shaped| (&shaped.scenario, &shaped.reference))
    }

    /// Returns the shape that a seed draws, or `None` if the scenario has no shapes.
    pub fn draw(&self, seed: u64) -> Option<&Shaped> {
        let many = u32::try_from(self.shapes.len()).ok().filter(|many| *many > 0)?;
        self.shapes.get(Stream::new("shape", &self.fixture.key, seed).below(many) as usize)
    }

    /// Returns a digest of the scenario's id and of its file in canonical form: of everything that determines how a seed
    /// is simulated, judged and reported. A change to whitespace does not change the digest.
    pub fn sha256(&self) -> String {
        let text = self.file.as_deref().map_or_else(String::new, write::scenario);
        sha256(format!("{}\n{text}", self.id).as_bytes())
    }

    /// Returns a digest of everything that a seed may simulate. The id, the title, the clauses and the expectations do
    /// not affect it.
    pub fn simulated(&self) -> String {
        let shapes = self.shapes.iter().map(|shaped| &shaped.scenario.fixture.key);
        let keys: Vec<&str> = std::iter::once(&self.fixture.key).chain(shapes).map(String::as_str).collect();
        sha256(keys.join("\n").as_bytes())
    }

    /// Returns a digest of everything that is expected of a simulation.
    pub fn expected(&self) -> String {
        let shapes = self.shapes.iter().map(|shaped| &shaped.scenario.expect);
        let all: Vec<String> = std::iter::once(&self.expect).chain(shapes).map(|all| expect::text(all)).collect();
        sha256(all.join("\n").as_bytes())
    }

    /// Returns the setting in which the lines of the scenario's schedules are printed and read.
    pub const fn setting<'a>(&'a self, reference: &'a Reference) -> Setting<'a> {
        Setting { names: &self.names, fixture: &self.fixture, reference }
    }
}
