//! A request to end a long command: Ctrl-C or a signal from a supervisor.
//!
//! After the first request, the command reports its progress and ends as soon as it reaches a point at which it can
//! stop. A second request ends the command at once.

use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code that a shell reports for a program ended by Ctrl-C.
const ENDED_AT_ONCE: i32 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Starts handling SIGINT, SIGTERM and SIGHUP. The first request prints `ending`.
pub(super) fn listen(ending: &'static str) {
    let on_request = move || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(ENDED_AT_ONCE);
        }
        super::note(&format!("{ending}; interrupt again to end at once"));
    };
    // If no handler can be set, a signal ends the program as usual.
    if let Err(error) = ctrlc::set_handler(on_request) {
        super::note(&format!(
            "note: an interrupt will end the command at once, since no handler could be set: {error}"
        ));
    }
}

/// Ignores interrupts in a child process, so that only the parent process ends it. Ctrl-C reaches every process in the
/// terminal and would otherwise end the child directly.
pub(super) fn ignore() {
    let _ = ctrlc::set_handler(|| {});
}

/// Returns whether a request was made.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
