//! The rounds of a check: from where an earlier process left off, if it did, to whatever ends them.
//!
//! Judges nothing, and writes no report.

use std::path::PathBuf;

use truecount_engine::rules::Rules;
use truecount_sim::subject::native::Store;

use super::progress::Bar;
use super::resume::Keeper;
use super::stop::{Rule, Stop};
use super::{Exit, note};
use crate::brief::Brief;
use crate::gate::{self, Audit, Settings, Swept};
use crate::kept::Identity;
use crate::report::Interrupted;
use crate::scenario::Scenario;

/// How much is played, and what is done beside it.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Rounds {
    #[command(flatten)]
    rule: Rule,
    /// Keeps in this file what has been done, and goes on from it where it is there: whatever ends the check, the same
    /// command line loses no seed and plays none twice
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
}

/// What the rounds came to.
pub(super) struct Played {
    /// What a report is of: of how many seeds, if there is one number.
    pub(super) settings: Settings,
    /// The sums.
    pub(super) swept: Swept,
    /// Plays that were not the same twice.
    pub(super) not_same: Vec<Audit>,
    /// Where somebody ended it.
    pub(super) interrupted: Option<Interrupted>,
    /// What ended it with another cause than the sums: a file that can no longer be written.
    pub(super) exit: Exit,
}

impl Rounds {
    /// Returns the settings of a sweep that begins with this seed.
    pub(super) fn settings(&self, first: u64, jobs: usize) -> Settings {
        Settings { first, seeds: self.rule.seeds(), jobs }
    }

    /// Plays.
    ///
    /// # Errors
    ///
    /// Returns the exit code of a check that cannot begin; why is said.
    pub(super) fn play<R: Rules, S: Store>(
        &self,
        scenarios: &[(&Scenario, &Brief)],
        settings: Settings,
        mutant: Option<&str>,
        engine: &(impl Fn() -> (R, S) + Sync),
    ) -> Result<Played, Exit> {
        let (mut keeper, from) = match &self.resume {
            None => (None, Swept::nothing(scenarios.len())),
            Some(path) => {
                let identity = self.identity(scenarios, settings, mutant, engine);
                let opened = Keeper::open(path, identity, scenarios, settings);
                let (keeper, from) = opened.map_err(|problem| {
                    note(&problem.to_string());
                    Exit::Input
                })?;
                (Some(keeper), from)
            }
        };
        let from = Swept { watching: self.rule.until_stable, ..from };
        let mut stop = Stop::new(&self.rule);
        let bar = Bar::new("check", self.total(scenarios, settings, &from));
        let mut between = |swept: &Swept| {
            let more = stop.goes_on(swept);
            let kept = keeper.as_mut().is_none_or(|keeper| keeper.keep(swept, !more));
            if !kept {
                stop.interrupt();
            }
            more && kept
        };
        // The process before may have been ended between the last round and its report.
        let begun = from.rounds > 0;
        let swept = if begun && !between(&from) {
            from
        } else {
            gate::sweep_on(scenarios, settings, from, engine, &bar, between)
        };
        let settings = Settings { seeds: stop.seeds(&swept), ..settings };
        let not_same = gate::audit(scenarios, settings, engine);
        bar.finish();
        if let Some(words) = stop.words(&swept) {
            note(&words);
        }
        let problem = keeper.and_then(Keeper::into_problem);
        if let Some(problem) = &problem {
            note(&problem.to_string());
        }
        let exit = if problem.is_some() { Exit::Input } else { Exit::Held };
        let interrupted = stop.interrupted(settings.first, &swept, self.resume.is_some());
        Ok(Played { settings, swept, not_same, interrupted, exit })
    }

    /// Returns which check it is.
    fn identity<R: Rules, S: Store>(
        &self,
        scenarios: &[(&Scenario, &Brief)],
        settings: Settings,
        mutant: Option<&str>,
        engine: impl Fn() -> (R, S),
    ) -> Identity {
        Identity {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            plays: gate::probe(scenarios, settings.first, engine),
            seed: settings.first,
            rule: self.rule.name(),
            mutant: mutant.unwrap_or("none").to_ascii_uppercase(),
            audit: false,
        }
    }

    /// Returns how many plays are left, for the bar. No end is no number that it could run up to.
    fn total(&self, scenarios: &[(&Scenario, &Brief)], settings: Settings, from: &Swept) -> u64 {
        if self.rule.is_open() {
            return 0;
        }
        let left = |(scenario, _): &(&Scenario, &Brief)| {
            settings.seeds_of(scenario) - settings.played_in(scenario, from.rounds)
        };
        scenarios.iter().map(left).sum()
    }
}
