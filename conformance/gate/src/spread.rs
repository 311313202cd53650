//! Runs tasks on several threads and returns the results in the order of the tasks.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::threads::on_threads;

/// Runs tasks `0..tasks`, each once, on `jobs` threads. Returns the results in the order of the tasks.
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
    on_threads(jobs, work);
    // A result can be missing only if a task has panicked. In that case, this thread panics too.
    results.into_inner().map(|results| results.into_iter().flatten().collect()).unwrap_or_default()
}
