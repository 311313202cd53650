//! The number of steps per second, compared with two other simulators. Each run has 16 workers and 256 units, with
//! about four steps per unit.
//!
//! The peers do only the minimum for such a run. Tasks take units from a list, wait or yield four times for each unit,
//! and count the unit. They have no engine, no faults, no checkers and no hash. truecount simulates a restore with
//! everything switched on. The ratio therefore measures how long a user waits, and favours the peers. Both peers also
//! have features that this harness lacks: madsim simulates networks and files, and shuttle replaces real locks and
//! threads.
//!
//! Run with `RUSTFLAGS="--cfg madsim" cargo bench -p truecount-benches --bench peers`.

#[cfg(madsim)]
mod peers {
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::Duration;

    use criterion::{Criterion, Throughput};
    use truecount_benches::{Bench, Switches, scenario};
    use truecount_contract::reference::Reference;
    use truecount_engine::family::FamilyId;

    const WORKERS: u16 = 16;
    const UNITS: u32 = 256;
    const STEPS: u32 = 4;

    pub(super) fn steps(criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("16 workers x 256 units compared with peers");
        group.throughput(Throughput::Elements(u64::from(UNITS * STEPS)));
        let mut seed = 0;
        for (name, waits) in [("madsim, each step a wait of 1 to 50 ms", true), ("madsim, each step a yield", false)] {
            group.bench_function(name, |bencher| {
                bencher.iter(|| {
                    seed += 1;
                    madsim_run(seed, waits);
                });
            });
        }
        group.bench_function("shuttle, threads, random", |bencher| {
            bencher.iter_custom(|schedules| {
                #[expect(clippy::disallowed_methods, reason = "a benchmark measures wall-clock time")]
                let start = std::time::Instant::now();
                // All schedules share one runner, so its start is measured only once.
                shuttle::check_random(shuttle_run, usize::try_from(schedules).unwrap_or(usize::MAX));
                start.elapsed()
            });
        });
        let scenario = scenario(FamilyId::BackupSetRestore, UNITS);
        let reference = Reference::new(&scenario.fixture);
        let mut bench = Bench::new(&scenario, &reference, WORKERS, Switches::ALL);
        let steps = Bench::new(&scenario, &reference, WORKERS, Switches::ALL).steps(8) / 8;
        group.throughput(Throughput::Elements(steps));
        group
            .bench_function("truecount, restore, all on, faults 1 %", |bencher| bencher.iter(|| bench.simulate().hash));
        group.finish();
    }

    /// The number of units that are left, and the number that are counted.
    type Shared = Arc<Mutex<(u32, u32)>>;

    fn take(shared: &Shared) -> bool {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = shared.0 > 0;
        shared.0 -= u32::from(is_left);
        is_left
    }

    /// Counts a unit and returns the number of units counted so far.
    fn count(shared: &Shared) -> u32 {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.1 += 1;
        shared.1
    }

    fn madsim_run(seed: u64, waits: bool) {
        let runtime = madsim::runtime::Runtime::with_seed_and_config(seed, madsim::Config::default());
        runtime.block_on(async move {
            let shared: Shared = Arc::new(Mutex::new((UNITS, 0)));
            let worker = |shared: Shared| async move {
                while take(&shared) {
                    for _ in 0..STEPS {
                        if waits {
                            let wait = madsim::rand::Rng::gen_range(&mut madsim::rand::thread_rng(), 1..=50);
                            madsim::time::sleep(Duration::from_millis(wait)).await;
                        } else {
                            madsim::task::yield_now().await;
                        }
                    }
                    count(&shared);
                }
            };
            let tasks: Vec<_> = (0..WORKERS).map(|_| madsim::task::spawn(worker(Arc::clone(&shared)))).collect();
            for task in tasks {
                task.await.expect("the worker ends");
            }
            assert_eq!(count(&shared), UNITS + 1);
        });
    }

    fn shuttle_run() {
        let shared: Shared = Arc::new(Mutex::new((UNITS, 0)));
        let worker = |shared: Shared| {
            move || {
                while take(&shared) {
                    for _ in 0..STEPS {
                        shuttle::thread::yield_now();
                    }
                    count(&shared);
                }
            }
        };
        let tasks: Vec<_> = (0..WORKERS).map(|_| shuttle::thread::spawn(worker(Arc::clone(&shared)))).collect();
        for task in tasks {
            task.join().expect("the worker ends");
        }
        assert_eq!(count(&shared), UNITS + 1);
    }
}

#[cfg(madsim)]
criterion::criterion_group!(benches, peers::steps);
#[cfg(madsim)]
criterion::criterion_main!(benches);

#[cfg(not(madsim))]
fn main() {
    eprintln!("nothing was measured: run this bench with RUSTFLAGS=\"--cfg madsim\"");
}
