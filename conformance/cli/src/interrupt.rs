//! Somebody asks a long command to end: with Ctrl-C, or as a supervisor does.
//!
//! The first time it is asked to come to an end by itself, and says what was done. The second time it ends at once.

use std::sync::atomic::{AtomicBool, Ordering};

/// How a shell sees a program that a Ctrl-C has ended.
const ENDED_AT_ONCE: i32 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Begins to listen for SIGINT, SIGTERM and SIGHUP. Whoever asks is told how it ends.
pub(super) fn listen(ending: &'static str) {
    let heard = move || {
        if ASKED.swap(true, Ordering::Relaxed) {
            std::process::exit(ENDED_AT_ONCE);
        }
        super::note(&format!("{ending}; once more ends it at once"));
    };
    // Where nobody can listen, a signal ends the program as it always did.
    if let Err(error) = ctrlc::set_handler(heard) {
        super::note(&format!("note: an interruption will end this at once: {error}"));
    }
}

/// Leaves it to another process to hear: a Ctrl-C reaches all that a terminal has started.
pub(super) fn ignore() {
    let _ = ctrlc::set_handler(|| {});
}

/// Returns whether somebody has asked.
pub(super) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
