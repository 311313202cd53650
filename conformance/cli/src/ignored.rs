//! Keeps signals without effect that were ignored when the program was started.
//!
//! `nohup` ignores SIGHUP, and a shell ignores SIGINT for a background job of a script. The handler of interrupts would
//! take these signals back. Whether a signal was ignored can be read without unsafe code only on Linux.

#[cfg(target_os = "linux")]
use nix::sys::signal::{SigSet, Signal};

/// Blocks each signal that would interrupt the program but was ignored when the program was started. Threads and child
/// processes inherit this, so no thread may have been started before.
#[cfg(target_os = "linux")]
pub(super) fn keep() {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return };
    let ignored = ignored(&status);
    let is_ignored = |signal: &Signal| ignored >> (*signal as u32 - 1) & 1 == 1;
    let blocked: SigSet = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().filter(is_ignored).collect();
    // If a signal cannot be blocked, it interrupts the program as usual.
    let _ = blocked.thread_block();
}

/// Does nothing, since it is not known which signals were ignored.
#[cfg(not(target_os = "linux"))]
pub(super) fn keep() {}

/// Returns the set of ignored signals that the status of a process states. The lowest bit is signal 1.
#[cfg(target_os = "linux")]
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_ignored_signals_are_read_from_the_status() {
        assert_eq!(ignored("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t01\n"), 0x1001);
        for other in ["", "SigIgn:", "SigIgn:\tx"] {
            assert_eq!(ignored(other), 0);
        }
    }
}
