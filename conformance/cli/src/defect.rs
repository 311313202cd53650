//! Panics: each is an internal error, with a message that names the simulation.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook};

use super::{Exit, note};

/// Runs a command. A panic of any of its threads is reported and gives [`Exit::Defect`].
pub(super) fn guarded(command: impl FnOnce() -> Exit) -> Exit {
    set_hook(Box::new(|info| note(&message(info))));
    // After a panic, nothing of the command is used.
    catch_unwind(AssertUnwindSafe(command)).unwrap_or(Exit::Defect)
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let mut text = format!("error: internal error: {}", info.payload_as_str().unwrap_or("an unknown panic"));
    if let Some(place) = info.location() {
        text.push_str(&format!("\n  --> {place}"));
    }
    if let Some(simulation) = truecount_gate::current() {
        text.push_str(&format!("\n  = in: {simulation}"));
    }
    text.push_str("\n  = help: please report this, with the command line");
    text
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use truecount_contract::reference::Reference;
    use truecount_engine::rules::Standard;
    use truecount_engine::storage::Memory;
    use truecount_gate::{Settings, spread, sweep};

    use super::*;

    #[test]
    fn a_panic_is_an_internal_error() {
        assert_eq!(guarded(|| Exit::Violated), Exit::Violated);
        assert_eq!(guarded(|| panic!("a defect")), Exit::Defect);
        let results = || spread(4, 2, |task| assert!(task != 3, "a defect"));
        assert_eq!(guarded(|| if results().is_empty() { Exit::Unknown } else { Exit::Held }), Exit::Defect);
    }

    #[test]
    fn a_panic_ends_a_sweep_without_an_end() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/small/conflict-once.json");
        let scenario = truecount_scenario::read(&path, "one", "one").expect("a scenario of the workspace");
        let reference = Reference::new(&scenario.fixture);
        let settings = Settings { first: 0, seeds: Some(Settings::ENDLESS), jobs: 2 };
        let panicked = AtomicBool::new(false);
        let engine = || {
            assert!(panicked.swap(true, Ordering::Relaxed), "a defect of one thread");
            (Standard, Memory::new())
        };
        let swept = || sweep(&[(&scenario, &reference)], settings, engine, &());
        assert_eq!(guarded(|| if swept().is_empty() { Exit::Unknown } else { Exit::Held }), Exit::Defect);
    }
}
