//! The cost per unit of reading a scenario that states how each unit is resolved, and of a simulation with the final
//! check against it. The budget applies to the ratio of the cost in the largest scenario to that in the smallest.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::Runner;
use truecount_scenario::{Scenario, parse};

/// Returns a scenario with one run, which states the resolution of each unit.
fn stated(units: u32) -> Scenario {
    let text = format!(
        r#"{{"format": 1, "title": "t", "clauses": ["COUNT-07"], "tenants": ["acme"],
            "objects": {{"set-{{1..{units}}}": "archived"}},
            "runs": [{{"name": "run", "tenant": "acme", "actor": "system", "family": "backup_set.restore",
                "request": ["set-{{1..{units}}}"]}}],
            "expect": {{"run": {{"outcome": "succeeded", "counts": {{"total": {units}, "succeeded": {units}}},
                "units": {{"set-{{1..{units}}}": "succeeded"}}}}}}}}"#
    );
    parse("finals.json", "finals", text.as_bytes()).expect("the scenario is valid")
}

fn finals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stated resolutions");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    for units in [1_000, 25_000, 100_000, 1_048_576] {
        group.throughput(Throughput::Elements(u64::from(units)));
        group.bench_function(format!("read x {units}"), |bencher| bencher.iter(|| stated(units)));
        let scenario = stated(units);
        let reference = Reference::new(&scenario.fixture);
        let mut runner = Runner::new(&scenario, &reference, Standard, Memory::new(), Checkers::new(&reference));
        group.bench_function(format!("simulate x {units}"), |bencher| {
            bencher.iter(|| {
                let simulation = runner.simulate(0);
                assert!(simulation.finding.is_none(), "{:?}", simulation.finding);
                simulation.hash
            });
        });
    }
    group.finish();
}

criterion_group!(benches, finals);
criterion_main!(benches);
