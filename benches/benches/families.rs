//! The number of seeds per second for a small run of each family: 2 workers × 3 units, with all checkers, the hash and
//! faults at 1 %.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use truecount_benches::{Bench, Switches, scenario};
use truecount_contract::reference::Reference;
use truecount_engine::family::FamilyId;

fn families(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("2 workers x 3 units");
    group.throughput(Throughput::Elements(1));
    for id in FamilyId::ALL {
        let scenario = scenario(id, 3);
        let reference = Reference::new(&scenario.fixture);
        let mut bench = Bench::new(&scenario, &reference, 2, Switches::ALL);
        group.bench_function(id.name(), |bencher| bencher.iter(|| bench.simulate().hash));
    }
    group.finish();
}

criterion_group!(benches, families);
criterion_main!(benches);
