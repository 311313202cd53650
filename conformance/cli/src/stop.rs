//! Decides when a check ends: after a number of seeds, at a time limit, when nothing new is reached, or on request.
//!
//! This is decided at the end of each round.

use std::time::{Duration, Instant};

use indicatif::HumanCount;

use super::again::Again;
use super::interrupt;
use truecount_gate::report::Interrupted;
use truecount_gate::{ROUND, STABLE_ROUNDS, Settings, Swept};

/// The options that control how much is simulated. By default, the number of seeds for a scenario depends on its size.
#[derive(clap::Args, Clone, Debug)]
#[group(multiple = false)]
pub(super) struct Rule {
    /// Number of seeds for each scenario [default: 256, or 2 for scenarios with more than 1,000 units]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub(super) seeds: Option<u64>,
    /// Run rounds of 32 seeds of each scenario for this long, such as 90s, 10m or 2h. With `--resume`, the time starts
    /// again from zero
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub(super) time: Option<Duration>,
    /// Run rounds until 256 consecutive seeds of each scenario reach nothing new: no new sometimes assertion, coverage
    /// cell or abstract state at the end of a run
    #[arg(long)]
    pub(super) until_stable: bool,
}

impl Rule {
    /// Returns the number of seeds of each scenario; `None` if the number depends on the size of the scenario.
    pub(super) fn seeds(&self) -> Option<u64> {
        if self.is_open() { Some(Settings::ENDLESS) } else { self.seeds }
    }

    /// Returns whether a time limit or stability, not a number of seeds, ends the check.
    pub(super) const fn is_open(&self) -> bool {
        self.time.is_some() || self.until_stable
    }

    /// Returns the name of the rule in a checkpoint file. The name omits the duration, so a check can be resumed with a
    /// different duration.
    pub(super) fn name(&self) -> String {
        match self.seeds {
            Some(seeds) => format!("{seeds} seeds"),
            None if self.until_stable => "until stable".to_owned(),
            None if self.time.is_some() => "for a time".to_owned(),
            None => "seeds by size".to_owned(),
        }
    }

    const fn is_by_size(&self) -> bool {
        self.seeds.is_none() && !self.is_open()
    }
}

/// The reason why a check ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cause {
    /// All seeds were simulated.
    Done,
    /// The time limit was reached.
    Time,
    /// Nothing new was reached.
    Stable,
    /// The check was interrupted.
    Interrupted,
    /// A simulation was nondeterministic, so further simulations would show nothing.
    NotSame,
}

/// Decides at the end of each round whether another round follows.
pub(super) struct Stop {
    rule: Rule,
    began: Instant,
    cause: Cause,
}

impl Stop {
    /// Starts the clock for the time limit.
    #[expect(clippy::disallowed_methods, reason = "a time limit refers to the wall clock")]
    pub(super) fn new(rule: &Rule) -> Self {
        Self { rule: rule.clone(), began: Instant::now(), cause: Cause::Done }
    }

    /// Returns whether another round follows. If not, records the cause.
    pub(super) fn continues(&mut self, swept: &Swept) -> bool {
        let cause = if swept.complete {
            Cause::Done
        } else if interrupt::asked() {
            Cause::Interrupted
        } else if self.rule.until_stable && swept.quiet >= STABLE_ROUNDS {
            Cause::Stable
        } else if self.rule.time.is_some_and(|time| self.began.elapsed() >= time) {
            Cause::Time
        } else {
            return true;
        };
        self.cause = cause;
        false
    }

    /// Records that the check is interrupted because of an event outside this module.
    pub(super) const fn interrupt(&mut self) {
        self.cause = Cause::Interrupted;
    }

    /// Records that a nondeterministic simulation ends the check.
    pub(super) fn end_nondeterministic(&mut self, swept: &Swept) {
        self.cause = if swept.complete { Cause::Done } else { Cause::NotSame };
    }

    /// Returns the number of seeds of each scenario for the report; `None` if the number depends on the size of the
    /// scenario.
    pub(super) fn seeds(&self, swept: &Swept) -> Option<u64> {
        match self.cause {
            Cause::Done => self.rule.seeds,
            Cause::Interrupted | Cause::NotSame if self.rule.is_by_size() => None,
            Cause::Interrupted | Cause::NotSame | Cause::Time | Cause::Stable => Some(swept.seeds()),
        }
    }

    /// Returns the progress of an interrupted check for its report; `None` if the check was not interrupted. `first` is
    /// the first seed. If the progress was saved (`is_kept`), the same command line resumes the check.
    pub(super) fn interrupted(&self, first: u64, swept: &Swept, is_kept: bool) -> Option<Interrupted> {
        (self.cause == Cause::Interrupted).then(|| {
            if is_kept {
                return Interrupted { seeds: swept.seeds(), further: swept.further(), resume: Again::default().line() };
            }
            let (done, seed) = (swept.seeds(), first.wrapping_add(swept.seeds()).to_string());
            let mut again = Again { without: &["--seed"], with: vec!["--seed".to_owned(), seed], ..Again::default() };
            if !self.rule.is_open() {
                let left = self.rule.seeds.unwrap_or(Settings::DEFAULT).saturating_sub(done);
                again.without = &["--seed", "--seeds"];
                again.with.extend(["--seeds".to_owned(), left.to_string()]);
            }
            Interrupted { seeds: done, further: swept.further(), resume: again.line() }
        })
    }

    /// Returns a note on why the check ended; `None` if everything requested was simulated or the check was
    /// interrupted.
    pub(super) fn words(&self, swept: &Swept) -> Option<String> {
        let seeds = HumanCount(swept.seeds());
        match self.cause {
            Cause::Done | Cause::Interrupted => None,
            Cause::NotSame => {
                Some(format!("ended after {seeds} seeds of each scenario: a simulation was nondeterministic"))
            }
            Cause::Time => Some(format!("the time limit was reached after {seeds} seeds of each scenario")),
            Cause::Stable => {
                let states: usize = swept.results.iter().map(|result| result.states.count()).sum();
                let (quiet, states) = (HumanCount(swept.quiet * ROUND), HumanCount(states as u64));
                Some(format!(
                    "stable after {seeds} seeds of each scenario: the last {quiet} seeds reached nothing new. \
                     Abstract states reached, counted separately for each scenario: {states}"
                ))
            }
        }
    }
}

/// Parses a duration such as `90s`, `10m` or `2h`.
fn time(text: &str) -> Result<Duration, String> {
    let unit = text.chars().last().and_then(|unit| match unit {
        's' => Some(1),
        'm' => Some(60),
        'h' => Some(3_600),
        _ => None,
    });
    let number =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
    let seconds = unit.and_then(|unit| number(&text[..text.len() - 1])?.checked_mul(unit));
    // Less than a second would not cover a round, and a year is long enough.
    let seconds = seconds.filter(|seconds| (1..=365 * 24 * 3_600).contains(seconds));
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| "expected whole seconds, minutes or hours up to a year, such as 90s, 10m or 2h".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed_in_each_unit() {
        for (text, seconds) in [("90s", 90), ("10m", 600), ("2h", 7_200), ("1s", 1), ("8760h", 31_536_000)] {
            assert_eq!(time(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        let bad =
            ["", "s", "10", "0s", "0h", "500ms", "1.5h", "-1s", "+1s", "1h30m", "10 m", "8761h", "1d", "10M", "\u{e9}"];
        for text in bad.into_iter().chain(["99999999999999999999s", "18446744073709551615h"]) {
            assert!(time(text).is_err_and(|error| error.contains("90s, 10m or 2h")), "{text}");
        }
    }
}
