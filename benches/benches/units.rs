//! The cost per unit as a run grows from 10 to 1,000,000 units on 16 workers, with faults at 0.1 %. The budget applies
//! to the ratio of the cost in the largest run to that in the smallest.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use truecount_benches::{Bench, Switches, scenario};
use truecount_contract::reference::Reference;
use truecount_engine::family::FamilyId;

fn units(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("per unit, 16 workers");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for id in [FamilyId::BackupSetRestore, FamilyId::InventorySync] {
        for count in [10, 1_000, 100_000, 1_000_000] {
            let scenario = scenario(id, count);
            let reference = Reference::new(&scenario.fixture);
            let switches = Switches { faults: u32::MAX / 1_000, ..Switches::ALL };
            let mut bench = Bench::new(&scenario, &reference, 16, switches);
            group.throughput(Throughput::Elements(u64::from(count)));
            group.bench_function(format!("{} x {count}", id.name()), |bencher| bencher.iter(|| bench.simulate().hash));
        }
    }
    group.finish();
}

criterion_group!(benches, units);
criterion_main!(benches);
