//! The scenarios of the workspace, for tests that simulate all of them.

use std::path::Path;

use truecount_contract::reference::{Reference, RunReference};
use truecount_scenario::{Listing, Scenario};

/// The scenarios, in the order of their ids, each with its reference.
pub(crate) struct Corpus(Vec<(Scenario, Reference)>);

impl Corpus {
    /// Reads all scenarios. Panics if one of them is not valid.
    pub(crate) fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
        let Listing { scenarios: found, problems, .. } = truecount_scenario::find(&root);
        assert!(problems.is_empty(), "{problems:#?}");
        assert!(!found.is_empty(), "the corpus is empty");
        let read = |(id, path): &(String, std::path::PathBuf)| {
            let scenario = truecount_scenario::read(path, id, id).unwrap_or_else(|problems| panic!("{problems:#?}"));
            let reference = Reference::new(&scenario.fixture);
            (scenario, reference)
        };
        Self(found.iter().map(read).collect())
    }

    /// Changes what the profiles declare for the runs of all scenarios, including those of all shapes.
    #[allow(dead_code, reason = "not every test program that includes this module changes what profiles declare")]
    pub(crate) fn declare(&mut self, declare: fn(&mut RunReference)) {
        for (scenario, reference) in &mut self.0 {
            let shapes = scenario.shapes.iter_mut().map(|shaped| &mut shaped.reference);
            for reference in shapes.chain([reference]) {
                reference.runs.iter_mut().for_each(declare);
            }
        }
    }

    /// Returns the scenarios in the form that the gate expects.
    pub(crate) fn pairs(&self) -> Vec<(&Scenario, &Reference)> {
        self.0.iter().map(|(scenario, reference)| (scenario, reference)).collect()
    }
}
