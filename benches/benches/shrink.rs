//! The time to shrink the first failure of each planted bug: first the schedule of the failure, then its starting
//! state. There is one measurement for each bug. The budget applies to the median of all measurements.

use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use truecount_contract::reference::Reference;
use truecount_gate::{search, shrink as shrinking};
use truecount_mutants::{CATALOGUE, FaultyStore, Mutant, Planted};
use truecount_scenario::Scenario;

/// The maximum number of seeds under which each bug is simulated.
const SEEDS: u64 = 2_000;

fn shrink(criterion: &mut Criterion) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let read = |(id, path): &(String, PathBuf)| truecount_scenario::read(path, id, id).ok();
    let corpus: Vec<Scenario> = truecount_scenario::find(&root).scenarios.iter().filter_map(read).collect();
    let references: Vec<Reference> = corpus.iter().map(|scenario| Reference::new(&scenario.fixture)).collect();
    let pairs: Vec<(&Scenario, &Reference)> = corpus.iter().zip(&references).collect();
    let mutants: Vec<&'static Mutant> = CATALOGUE.iter().collect();
    let detected = search(&pairs, &mutants, SEEDS, 1, &());
    let mut group = criterion.benchmark_group("shrink");
    group.sample_size(10).warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(200));
    for (mutant, detected) in mutants.into_iter().zip(detected) {
        let Some(sighting) = detected.under_its_clause else { continue };
        let Some(index) = pairs.iter().position(|(scenario, _)| scenario.id == sighting.scenario) else { continue };
        let (scenario, reference) = pairs[index];
        let engine = || (Planted(mutant.plant), FaultyStore::new(mutant.store));
        group.bench_function(mutant.id, |bencher| {
            bencher.iter(|| shrinking::seed(scenario, reference, sighting.seed, Some(mutant.id), engine));
        });
    }
    group.finish();
}

criterion_group!(benches, shrink);
criterion_main!(benches);
