//! The engine passes the gate: vectors, saved schedules, simulations, sometimes assertions, coverage and determinism,
//! as `truecount check --coverage` judges them. `sizes.rs` tests the exploration of small scenarios.
//!
//! `cargo mutants` runs this test on many changed engines, and most runs fail. To save time, the test stops at the
//! first violation.

mod corpus;

use corpus::Corpus;
use truecount_contract::vectors;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::report::{Checked, CoverageReport, FailureReport, Report, Verdict};
use truecount_gate::{SavedSimulation, ScenarioResult, Settings, audit, record, simulate_saved, sweep};
use truecount_scenario::Scenario;
use truecount_sim::interrupt::Interrupt;

/// The number of seeds for each scenario, by round. Most bugs need only a few seeds, so the first rounds are small. The
/// last round has as many seeds as the gate.
const ROUNDS: [Option<u64>; 3] = [Some(2), Some(16), None];

#[test]
fn the_engine_passes_the_whole_gate() {
    let vectors = vectors::judge().expect("vectors");
    let failed: Vec<&str> = vectors.iter().filter(|case| case.failed()).map(|case| case.id.as_str()).collect();
    assert_eq!(failed, Vec::<&str>::new());
    let corpus = Corpus::read();
    let pairs = corpus.pairs();
    let report_of = |place: usize, seed: u64| {
        let (scenario, reference) = pairs[place];
        let (scenario, reference) = scenario.drawn(reference, seed);
        let recording = record(scenario, reference, Standard, Memory::new(), seed);
        FailureReport::new(scenario, reference, &recording, format!("truecount replay {} --seed {seed}", scenario.id))
    };
    let saved = simulate_saved(&pairs, || (Standard, Memory::new()));
    assert!(saved.iter().any(|simulations| !simulations.is_empty()), "no scenario has a schedule");
    for ((scenario, _), simulations) in pairs.iter().zip(&saved) {
        for SavedSimulation { simulation, idle } in simulations {
            assert_eq!((&simulation.finding, idle), (&None, &Vec::new()), "{}", scenario.id);
        }
    }
    for seeds in ROUNDS {
        let settings = Settings { first: 0, seeds, jobs: 2 };
        let results: Vec<ScenarioResult> = sweep(&pairs, settings, || (Standard, Memory::new()), &());
        for (place, result) in results.iter().enumerate() {
            if let Some(seed) = &result.first {
                panic!("{}", report_of(place, *seed).text());
            }
        }
        if seeds.is_none() {
            let scenarios: Vec<&Scenario> = pairs.iter().map(|(scenario, _)| *scenario).collect();
            let audits = audit(&pairs, settings, Interrupt::NEVER, || (Standard, Memory::new()));
            let checked = Checked {
                vectors: &vectors,
                nondeterministic: &audits,
                coverage: Some(CoverageReport::new(&scenarios, &results, true)),
                judged: true,
                ..Checked::of(settings, &pairs, &results)
            };
            let report = Report::new(checked, report_of);
            assert_eq!(report.verdict, Verdict::Pass, "{}", report.text());
        }
    }
}
