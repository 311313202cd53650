//! A request to end a command: Ctrl-C or a signal from a supervisor.
//!
//! By default, a request ends the command at once. A command that can report what it has found so far says so. Its
//! first request then sets a flag, and a second request ends the command at once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{Exit, note};
use truecount_json::disk;
use truecount_sim::interrupt::Interrupt;

static ASKED: AtomicBool = AtomicBool::new(false);

/// Set some time after the first request.
static LATE: AtomicBool = AtomicBool::new(false);

/// The time for recording the failures of an interrupted check.
const GRACE: Duration = Duration::from_millis(800);

/// The note on the first request, for a command that reports what it has found so far.
static ENDING: OnceLock<&str> = OnceLock::new();

/// Starts handling SIGINT, SIGTERM and SIGHUP.
pub(super) fn listen() {
    let on_request = || {
        let Some(ending) = ENDING.get() else { end("interrupted: the command ended without a result") };
        if ASKED.swap(true, Ordering::Relaxed) {
            end("interrupted again: the command ended without a report");
        }
        note(&format!("{ending}; interrupt again to end at once"));
        start_grace();
    };
    // If no handler can be set, a signal ends the program as usual.
    if let Err(error) = ctrlc::set_handler(on_request) {
        note(&format!("note: an interrupt will end the command at once, since no handler could be set: {error}"));
    }
}

/// Sets the second flag after a while. A thread of its own waits, because the thread that handles signals must not.
fn start_grace() {
    let wait = || {
        std::thread::sleep(GRACE);
        LATE.store(true, Ordering::Relaxed);
    };
    if std::thread::Builder::new().spawn(wait).is_err() {
        LATE.store(true, Ordering::Relaxed);
    }
}

/// Lets the first request set the flag instead of ending the command, and print `ending`.
pub(super) fn report_first(ending: &'static str) {
    let _ = ENDING.set(ending);
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

/// Returns the request to stop the simulations under way.
pub(super) const fn now() -> Interrupt {
    Interrupt::by(&ASKED)
}

/// Returns the request to stop a simulation that is recorded for the report of an interrupted check. It comes later, so
/// that most failures are still reported with their traces.
pub(super) const fn late() -> Interrupt {
    Interrupt::by(&LATE)
}

/// Ends the command, after a file that is being written is complete.
fn end(why: &str) -> ! {
    note(why);
    disk::finish();
    std::process::exit(Exit::Unknown.code().into());
}
