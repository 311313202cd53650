//! Steps per second beside two other simulators, in one run: 16 workers, 256 units, some four steps for each.
//!
//! Theirs is the least that such a run can be: tasks that take units from a list, wait a drawn time four times for each,
//! and count it, with no engine, no faults, no checkers and no hash. Ours is a restore with everything on. So the ratio
//! says what a user waits for, and flatters the peers. Both do what this harness does not: madsim simulates networks and
//! files, shuttle takes the place of real locks and threads.
//!
//! `RUSTFLAGS="--cfg madsim" cargo bench -p truecount-benches --bench peers`

#[cfg(madsim)]
mod peers {
    use std::sync::{Arc, Mutex, PoisonError};
    use std::time::Duration;

    use criterion::{Criterion, Throughput};
    use truecount::brief::Brief;
    use truecount_benches::{Bench, Switches, scenario};
    use truecount_engine::family::FamilyId;

    const WORKERS: u16 = 16;
    const UNITS: u32 = 256;
    const STEPS: u32 = 4;

    pub(super) fn steps(criterion: &mut Criterion) {
        let mut group = criterion.benchmark_group("16 workers x 256 units beside peers");
        group.throughput(Throughput::Elements(u64::from(UNITS * STEPS)));
        let mut seed = 0;
        group.bench_function("madsim, each step a wait of 1 to 50 ms", |bencher| {
            bencher.iter(|| {
                seed += 1;
                madsim_run(seed, true)
            });
        });
        group.bench_function("madsim, each step a yield", |bencher| {
            bencher.iter(|| {
                seed += 1;
                madsim_run(seed, false)
            });
        });
        group.bench_function("shuttle, threads, random", |bencher| {
            bencher.iter_custom(|schedules| {
                #[expect(clippy::disallowed_methods, reason = "what takes how long is what is measured")]
                let start = std::time::Instant::now();
                // One runner for all: its own start is not what is measured.
                shuttle::check_random(shuttle_run, usize::try_from(schedules).unwrap_or(usize::MAX));
                start.elapsed()
            });
        });
        let scenario = scenario(FamilyId::BackupSetRestore, UNITS);
        let brief = Brief::new(&scenario.fixture);
        let mut bench = Bench::new(&scenario, &brief, WORKERS, Switches::ALL);
        let steps = Bench::new(&scenario, &brief, WORKERS, Switches::ALL).steps(8) / 8;
        group.throughput(Throughput::Elements(steps));
        group.bench_function("truecount, restore, all on, faults 1 %", |bencher| bencher.iter(|| bench.play().hash));
        group.finish();
    }

    /// The list of units that are left, and the count.
    type Shared = Arc<Mutex<(u32, u32)>>;

    fn next(shared: &Shared) -> Option<u32> {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.0 = shared.0.checked_sub(1)?;
        Some(shared.0)
    }

    fn madsim_run(seed: u64, waits: bool) -> u32 {
        let runtime = madsim::runtime::Runtime::with_seed_and_config(seed, madsim::Config::default());
        runtime.block_on(async move {
            let shared: Shared = Arc::new(Mutex::new((UNITS, 0)));
            let worker = |shared: Shared| async move {
                while next(&shared).is_some() {
                    for _ in 0..STEPS {
                        if waits {
                            let wait = madsim::rand::Rng::gen_range(&mut madsim::rand::thread_rng(), 1..=50);
                            madsim::time::sleep(Duration::from_millis(wait)).await;
                        } else {
                            madsim::task::yield_now().await;
                        }
                    }
                    shared.lock().unwrap_or_else(PoisonError::into_inner).1 += 1;
                }
            };
            let tasks: Vec<_> = (0..WORKERS).map(|_| madsim::task::spawn(worker(Arc::clone(&shared)))).collect();
            for task in tasks {
                task.await.expect("a worker ends");
            }
            let counted = shared.lock().unwrap_or_else(PoisonError::into_inner).1;
            assert_eq!(counted, UNITS);
            counted
        })
    }

    fn shuttle_run() {
        let shared = shuttle::sync::Arc::new(Mutex::new((UNITS, 0)));
        let tasks: Vec<_> = (0..WORKERS)
            .map(|_| {
                let shared = shuttle::sync::Arc::clone(&shared);
                shuttle::thread::spawn(move || {
                    loop {
                        {
                            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                            let Some(left) = u32::checked_sub(shared.0, 1) else { break };
                            shared.0 = left;
                        }
                        for _ in 0..STEPS {
                            shuttle::thread::yield_now();
                        }
                        shared.lock().unwrap_or_else(PoisonError::into_inner).1 += 1;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.join().expect("a worker ends");
        }
        assert_eq!(shared.lock().unwrap_or_else(PoisonError::into_inner).1, UNITS);
    }
}

#[cfg(madsim)]
criterion::criterion_group!(benches, peers::steps);
#[cfg(madsim)]
criterion::criterion_main!(benches);

#[cfg(not(madsim))]
fn main() {
    eprintln!("the peers are built with RUSTFLAGS=\"--cfg madsim\" only");
}
