//! Work on several threads, with results in the order of the tasks. Independent of the work.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does each of so many tasks once, on so many threads, and returns their results, by their number.
pub fn spread<T: Send>(tasks: usize, jobs: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..tasks).map(|_| None).collect());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= tasks {
                return;
            }
            let result = task(number);
            if let Ok(mut results) = results.lock() {
                results[number] = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..jobs.max(1) {
            scope.spawn(work);
        }
        work();
    });
    // A task without a result has panicked, and then so has this thread.
    results.into_inner().map(|results| results.into_iter().flatten().collect()).unwrap_or_default()
}
