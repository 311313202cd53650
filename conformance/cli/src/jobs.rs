//! The default number of threads for a command.

/// Returns the number of threads that this machine can run at once.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}
