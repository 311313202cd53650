//! The progress of a long command on stderr: a bar with rate and remaining time on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use truecount_gate::Progress;

/// Shows the progress of a sweep.
pub(super) struct Bar {
    drawn: Option<ProgressBar>,
    what: &'static str,
    total: u64,
    done: AtomicU64,
    began: Instant,
}

/// The number of equal parts into which the work is divided. A plain line follows each part except the last.
const LINES: u64 = 4;

impl Bar {
    /// Returns a bar for this number of simulations. `total` is 0 if the number is unknown.
    #[expect(clippy::disallowed_methods, reason = "the wall clock is used only to show the rate")]
    pub(super) fn new(what: &'static str, total: u64) -> Self {
        let drawn = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr_with_hz(8));
            let template = "{msg} [{bar:30}] {human_pos} of {human_len}  {per_sec}  {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.with_message(what)
        });
        Self { drawn, what, total, done: AtomicU64::new(0), began: Instant::now() }
    }

    /// Removes the bar and notes on stderr how long the command took.
    pub(super) fn finish(self) {
        if let Some(bar) = &self.drawn {
            bar.finish_and_clear();
        }
        let (simulations, took) = (self.done.load(Ordering::Relaxed), self.began.elapsed());
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = HumanCount(simulations.saturating_mul(1_000) / millis);
        let tenths = millis / 100;
        let noun = if simulations == 1 { "simulation" } else { "simulations" };
        super::note(&format!(
            "{}: {} {noun} in {}.{} s ({rate} simulations/s)",
            self.what,
            HumanCount(simulations),
            tenths / 10,
            tenths % 10
        ));
    }
}

impl Progress for Bar {
    fn done(&self, simulations: u64) {
        let before = self.done.fetch_add(simulations, Ordering::Relaxed);
        if let Some(bar) = &self.drawn {
            bar.inc(simulations);
        } else if self.total > 0 {
            let part = |done: u64| done * LINES / self.total;
            let now = part(before + simulations);
            if now > part(before) && now < LINES {
                super::note(&format!(
                    "{}: {} of {} simulations",
                    self.what,
                    HumanCount(before + simulations),
                    HumanCount(self.total)
                ));
            }
        }
    }
}
