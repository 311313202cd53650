//! Runs the same work on several threads, or on fewer if the machine does not allow as many.

/// Runs `work` on this thread and on up to `jobs - 1` others, and waits until each has ended. If a thread cannot be
/// started, the work continues with those that could be. A panic of any thread becomes a panic of this one.
pub(crate) fn on_threads(jobs: usize, work: impl Fn() + Sync) {
    std::thread::scope(|scope| {
        for _ in 1..jobs.max(1) {
            if std::thread::Builder::new().spawn_scoped(scope, &work).is_err() {
                break;
            }
        }
        work();
    });
}
