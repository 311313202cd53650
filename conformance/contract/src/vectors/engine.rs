//! The pure functions under test, as pointers, so that a faulty function can replace any of them.
//!
//! The types are wide enough to express mistakes. For example, a map that can hold only the nine keys cannot show that
//! a tenth key was kept. This file does not depend on test cases or files.

use std::collections::BTreeMap;

use truecount_engine::counts::{self, Counts, Key, Raw};
use truecount_engine::family::{FAMILIES, FamilyId, ProfileId, family};
use truecount_engine::id::ObjectId;
use truecount_engine::mode::Mode;
use truecount_engine::plan::Input;
use truecount_engine::progress::{self, Progress};
use truecount_engine::run::{self, Outcome, Status};

/// A function that returns only the entries that are counts.
pub type Normalise = fn(&[(&str, Raw<'_>)]) -> BTreeMap<String, u64>;

/// The functions to which the clauses of kind V apply.
#[derive(Debug, Clone, Copy)]
pub struct Engine {
    /// Returns the stored counts that normalisation keeps.
    pub normalise: Normalise,
    /// Returns what a surface may show about a run, given its family, status, outcome, phase label and counts.
    pub progress: fn(FamilyId, Status, Option<Outcome>, Option<&'static str>, &Counts) -> Progress,
    /// Returns the keys of the plan, in order; `None` if the engine does not run the family.
    pub plan: fn(FamilyId, &Input) -> Option<Vec<ObjectId>>,
    /// Returns the outcome of a run, given whether it failed as a whole and how many units succeeded, failed and were
    /// skipped.
    pub outcome: fn(bool, u64, u64, u64) -> Outcome,
    /// Returns the progress mode of the family with this name; `None` if there is no such family.
    pub mode: fn(&str) -> Option<Mode>,
    /// Returns the names of the families of the reference profile.
    pub families: fn() -> Vec<&'static str>,
    /// Returns the names of the summary keys.
    pub keys: fn() -> Vec<&'static str>,
}

impl Engine {
    /// The functions of `truecount-engine`.
    pub(crate) const STANDARD: Self = Self {
        normalise: |entries| {
            let counts = counts::normalise(entries.iter().copied());
            counts.iter().map(|(key, value)| (key.name().to_owned(), value)).collect()
        },
        progress: |family, status, outcome, phase, counts| {
            progress::progress(family.mode(), status, outcome, phase, counts)
        },
        plan: |id, input| Some(family(id).plan(input).keys().to_vec()),
        outcome: run::outcome,
        mode: |name| FamilyId::from_name(name).map(FamilyId::mode),
        families: || {
            let reference = FAMILIES.iter().filter(|family| family.profile == ProfileId::Reference);
            reference.map(|family| family.name).collect()
        },
        keys: || Key::ALL.map(Key::name).to_vec(),
    };
}
