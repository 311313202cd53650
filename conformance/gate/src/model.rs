//! Models of other engines. Each reproduces, in a few lines, a known bug that no rule of our engine can express. The
//! models are judged by the same checkers.
//!
//! A model emits the events of a trace in an order that the seed determines. Each model has a fixed variant, which must
//! violate nothing. If this were not checked, a checker that fails every simulation would seem to detect the bug.
//! Models use neither scenario files nor our engine.

mod pods_for_indexes;
mod stage;
mod stale_view;

use truecount_sim::stream::Stream;

use stage::Stage;
use truecount_contract::clause::Clause;
use truecount_contract::invariant::Violations;

/// A model of another engine with a bug.
pub struct Model {
    /// The id in the kill matrix.
    pub id: &'static str,
    /// The name in the kill matrix.
    pub name: &'static str,
    /// What the model does wrong.
    pub does: &'static str,
    /// The issue that describes the bug.
    pub issue: &'static str,
    /// The clause under which the bug must be killed.
    pub clause: Clause,
    run: fn(&mut Stream, bool, &mut Stage<'_>),
}

/// Every model.
pub const MODELS: &[Model] = &[
    Model {
        id: "K01",
        name: "stale-view-counts-twice",
        does: "a controller counts an ended pod again because its view is stale",
        issue: "kubernetes/kubernetes#105200",
        clause: Clause::COUNT_06,
        run: stale_view::run,
    },
    Model {
        id: "K02",
        name: "pods-for-indexes",
        does: "an indexed job counts succeeded pods instead of completed indexes",
        issue: "kubernetes/kubernetes#99865",
        clause: Clause::LIFE_05,
        run: pods_for_indexes::run,
    },
];

impl Model {
    /// Simulates a seed. Returns the violations; `None` if nothing is violated. `fixed` selects the variant without the bug.
    pub fn simulate(&self, seed: u64, fixed: bool) -> Option<Violations> {
        let mut order = Stream::new("model", self.id, seed);
        stage::judge(|stage| (self.run)(&mut order, fixed, stage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bug_is_killed_under_its_clause_and_its_fixed_variant_violates_nothing() {
        for model in MODELS {
            let own = (0..64).filter(|seed| {
                model.simulate(*seed, false).is_some_and(|violated| violated.clauses.contains(model.clause))
            });
            assert!(own.count() > 8, "{}", model.id);
            for seed in 0..2_000 {
                assert_eq!(model.simulate(seed, true), None, "{} seed {seed}", model.id);
            }
        }
    }

    /// Each bug depends on the order of steps. A bug that showed under every order would be killed by any test.
    #[test]
    fn each_bug_shows_only_under_some_orders() {
        for model in MODELS {
            assert!((0..64).any(|seed| model.simulate(seed, false).is_none()), "{}", model.id);
        }
    }

    #[test]
    fn every_violation_includes_the_clause_of_the_bug() {
        for model in MODELS {
            for violated in (0..256).filter_map(|seed| model.simulate(seed, false)) {
                assert!(violated.clauses.contains(model.clause), "{}: {violated:?}", model.id);
            }
        }
    }
}
