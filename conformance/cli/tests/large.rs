//! Bugs that only a run of more than 255 or more than 1,000 units reveals. The search for planted bugs skips scenarios
//! that large, so these bugs are planted here. Each is detected under the two seeds that `check` simulates by default.

mod corpus;

use corpus::Corpus;
use truecount_contract::clause::Clause;
use truecount_contract::judge::Checkers;
use truecount_engine::counts::Key;
use truecount_engine::family::{Family, Order};
use truecount_engine::plan::{Input, Plan};
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::run::Run;
use truecount_engine::storage::WriteSet;
use truecount_gate::Runner;
use truecount_mutants::{FaultyStore, Plant, Planted, StoreBug};
use truecount_sim::subject::native::Store;

/// Rules under which a plan in the order of the request is cut at 1,000 units, as by a database that limits a query.
struct Cut;

impl Plant for Cut {
    fn plan(&self, family: &Family, input: &Input) -> Plan {
        let plan = Standard.plan(family, input);
        match family.order {
            Order::Requested => Plan::as_given(&plan.keys()[..plan.keys().len().min(1_000)]),
            Order::Sorted => plan,
        }
    }
}

/// Rules without a bug.
struct Nothing;

impl Plant for Nothing {}

/// A store with a count that has too few bits, so the count starts over at 0.
struct Wraps {
    key: Key,
    bits: u32,
}

impl StoreBug for Wraps {
    fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
        store.rows_mut().write_run(writes.run, |run| {
            if let Some(value) = run.counts.get(self.key) {
                run.counts.set(self.key, value % (1 << self.bits));
            }
        });
    }
}

/// Returns the primary clause of the first violation under each of the two seeds.
fn violated(corpus: &Corpus, id: &str, plant: &'static dyn Plant, bug: Option<&'static dyn StoreBug>) -> Vec<Clause> {
    let pairs = corpus.pairs();
    let (scenario, reference) = pairs.iter().find(|(scenario, _)| scenario.id == id).expect("the scenario exists");
    let judge = Checkers::new(reference);
    let mut runner = Runner::new(scenario, reference, Planted(plant), FaultyStore::new(bug), judge);
    let findings = (0..2).map(|seed| runner.simulate(seed).finding);
    findings.filter_map(|finding| finding?.clauses().primary()).collect()
}

#[test]
fn a_plan_that_is_cut_at_a_thousand_units_is_detected_in_each_family_that_keeps_the_order() {
    let corpus = Corpus::read();
    for id in ["queue/thousands-of-keys", "pack/thousand-entries", "add/thousand-policies"] {
        assert_eq!(violated(&corpus, id, &Cut, None), [Clause::COUNT_02; 2], "{id}");
    }
}

#[test]
fn a_count_that_wraps_is_detected_whichever_it_is() {
    let corpus = Corpus::read();
    for key in [Key::Succeeded, Key::Skipped, Key::Failed] {
        let wraps = |bits| -> &'static Wraps { Box::leak(Box::new(Wraps { key, bits })) };
        for (id, bits) in [
            ("pack/thousand-entries", 8),
            ("add/thousand-policies", 8),
            ("queue/thousands-of-keys", 8),
            ("queue/thousands-of-keys", 10),
        ] {
            let clauses = violated(&corpus, id, &Nothing, Some(wraps(bits)));
            assert_eq!(clauses, [Clause::COUNT_10; 2], "{id}: {key:?} in {bits} bits");
        }
    }
}

#[test]
fn counts_that_have_enough_bits_are_not_reported() {
    static WIDE: Wraps = Wraps { key: Key::Skipped, bits: 11 };
    let corpus = Corpus::read();
    assert_eq!(violated(&corpus, "queue/thousands-of-keys", &Nothing, Some(&WIDE)), []);
}
