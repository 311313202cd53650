//! A scenario: what a simulation starts from, its id and title, and how it must end.

use std::sync::Arc;

use truecount_sim::fixture::Fixture;
use truecount_sim::schedule::Schedule;
use truecount_sim::stream::Stream;

use super::expect::Expectation;
use super::format::File;
use super::names::Names;
use super::schedule::Setting;
use super::shape::Shape;
use super::write;
use truecount_contract::clause::Clause;
use truecount_contract::digest::sha256;
use truecount_contract::reference::Reference;

/// What a simulation starts from, and how it must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// The path of its file below the root, with `/` between the parts and without `.json`.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The clauses it is about.
    pub clauses: Vec<String>,
    /// What the simulation starts from.
    pub fixture: Fixture,
    /// What the ids of the fixture are called.
    pub names: Names,
    /// How each run ends, by the place of the run.
    pub expect: Vec<Expectation>,
    /// Schedules that are simulated before any seed.
    pub schedules: Vec<Saved>,
    /// The scenarios of which each seed draws one, if the file leaves the shape of its plan open.
    pub shapes: Vec<Shaped>,
    /// The file that states it; none if a program made the scenario.
    pub file: Option<Arc<File>>,
}

/// A schedule that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub name: String,
    /// The planted bug that it shows, by its id.
    pub mutant: Option<String>,
    /// The clause that it violates in an engine with that bug.
    pub violates: Option<Clause>,
    pub schedule: Schedule,
}

/// A scenario whose plan has a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    pub shape: Shape,
    pub scenario: Scenario,
    /// What is known of it in advance.
    pub reference: Reference,
}

impl Scenario {
    /// Returns the scenario that a seed simulates, with its reference: the one of the shape that it draws, or this one
    /// if no shape is left open. Shapes are equally likely. They are drawn independently of everything else, so that a
    /// seed simulates a shape as it does if that shape is named.
    pub fn drawn<'s>(&'s self, reference: &'s Reference, seed: u64) -> (&'s Self, &'s Reference) {
        self.draw(seed).map_or((self, reference), |shaped| (&shaped.scenario, &shaped.reference))
    }

    /// Returns the shape that a seed draws; none if no shape is left open.
    pub fn draw(&self, seed: u64) -> Option<&Shaped> {
        let many = u32::try_from(self.shapes.len()).ok().filter(|many| *many > 0)?;
        self.shapes.get(Stream::new("shape", &self.fixture.name, seed).below(many) as usize)
    }

    /// Returns a digest of everything that it states: of its id, which decides what a seed draws, and of its file in
    /// canonical form. Only files that differ in nothing but their spacing have the same one.
    pub fn sha256(&self) -> String {
        let text = self.file.as_deref().map_or_else(String::new, write::scenario);
        sha256(format!("{}\n{text}", self.id).as_bytes())
    }

    /// Returns what the lines of its schedules stand for.
    pub const fn setting<'a>(&'a self, reference: &'a Reference) -> Setting<'a> {
        Setting { names: &self.names, fixture: &self.fixture, reference }
    }
}
