//! The number of states that an exhaustive exploration generates per second, on one thread with all checkers and
//! complete fingerprints. One scenario restores two sets with two workers and no faults. The other restores one set
//! with a redelivery.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use truecount_contract::reference::Reference;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::{Scope, explore};

fn states(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explore");
    group.sample_size(10);
    for name in ["last-two-together", "delivered-once-more"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../scenarios/small/{name}.json"));
        let scenario = truecount_scenario::read(&path, name, name).expect("the scenario is in the workspace");
        let reference = Reference::new(&scenario.fixture);
        let search = || explore(&scenario, &reference, || (Standard, Memory::new()), Scope::GATE, &mut ());
        group.throughput(Throughput::Elements(search().generated));
        group.bench_function(name, |bencher| bencher.iter(|| search().states));
    }
    group.finish();
}

criterion_group!(benches, states);
criterion_main!(benches);
