//! Steps per second for a restore of 256 units with 16 workers. The cases switch off the faults, the checkers, the
//! hash, or the last two. Compare only figures from the same run.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use truecount_benches::{Bench, Switches, scenario};
use truecount_contract::reference::Reference;
use truecount_engine::family::FamilyId;

const SEEDS: u64 = 8;

fn steps(criterion: &mut Criterion) {
    let scenario = scenario(FamilyId::BackupSetRestore, 256);
    let reference = Reference::new(&scenario.fixture);
    let all = Switches::ALL;
    let mut group = criterion.benchmark_group("restore 16 workers x 256 units");
    for (name, switches) in [
        ("all on, faults 1 %", all),
        ("no faults", Switches { faults: 0, ..all }),
        ("no checkers", Switches { checkers: false, ..all }),
        ("no hash", Switches { hash: false, ..all }),
        ("neither checkers nor hash", Switches { checkers: false, hash: false, ..all }),
    ] {
        let mut bench = Bench::new(&scenario, &reference, 16, switches);
        // Seeds differ in their number of steps, so the throughput is an average over several seeds.
        let steps = Bench::new(&scenario, &reference, 16, switches).steps(SEEDS) / SEEDS;
        group.throughput(Throughput::Elements(steps));
        group.bench_function(name, |bencher| bencher.iter(|| bench.simulate().hash));
    }
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
