//! The rounds of a check, from the start or from a checkpoint to the end.
//!
//! This module judges nothing and writes no report.

use std::path::PathBuf;

use truecount_engine::rules::Rules;
use truecount_sim::subject::native::Store;

use super::progress::Bar;
use super::resume::Checkpointer;
use super::second::Second;
use super::stop::{Rule, Stop};
use super::{Exit, executable, interrupt, note};
use truecount_contract::reference::Reference;
use truecount_gate::checkpoint::Identity;
use truecount_gate::report::Interrupted;
use truecount_gate::{Moment, NotSame, Settings, Swept};
use truecount_json::problem::Problem;
use truecount_scenario::Scenario;

/// The options that control how much is simulated, saved and audited.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Rounds {
    #[command(flatten)]
    rule: Rule,
    /// Checkpoint file: resume from it if it exists, and save progress to it. Running the same command again neither
    /// skips nor repeats a seed, however the check ended
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    /// Simulate each seed again in order, in shuffled order and in another process, and compare verdicts, traces and
    /// final rows
    #[arg(long)]
    pub(super) audit: bool,
    /// Simulate the rounds requested on stdin, on behalf of an audit in another process
    #[arg(long, hide = true, conflicts_with_all = ["audit", "resume"])]
    pub(super) second: bool,
}

/// A check that has opened its checkpoint file, if any, and has simulated nothing yet.
pub(super) struct Begun {
    checkpointer: Option<Checkpointer>,
    from: Swept,
    /// The number of simulations whose results were read from the file.
    resumed: u64,
}

/// The result of all rounds.
pub(super) struct Simulated {
    /// The settings for the report, with the number of seeds if it is the same for all scenarios.
    pub(super) settings: Settings,
    /// The aggregated results of all simulations.
    pub(super) swept: Swept,
    /// Simulations that were nondeterministic.
    pub(super) not_same: Vec<NotSame>,
    /// The number of simulations that were audited individually instead of by sample; `None` without an audit.
    pub(super) audited: Option<u64>,
    /// The number of simulations whose results were read from the checkpoint file; `None` if there are none.
    pub(super) resumed: Option<u64>,
    /// The progress of the check, if it was interrupted.
    pub(super) interrupted: Option<Interrupted>,
    /// The exit code for a checkpoint file that could not be written, or [`Exit::Held`].
    pub(super) exit: Exit,
}

impl Rounds {
    /// Returns the settings of a sweep that starts with this seed.
    pub(super) fn settings(&self, first: u64, jobs: usize) -> Settings {
        Settings { first, seeds: self.rule.seeds(), jobs }
    }

    /// Opens the checkpoint file, if one is named. Nothing needs to be simulated for it.
    ///
    /// # Errors
    ///
    /// Returns the exit code of a file that cannot be used, after printing the reason.
    pub(super) fn begin(
        &self,
        scenarios: &[(&Scenario, &Reference)],
        settings: Settings,
        mutant: Option<&str>,
    ) -> Result<Begun, Exit> {
        let Some(path) = &self.resume else {
            return Ok(Begun { checkpointer: None, from: Swept::nothing(scenarios.len()), resumed: 0 });
        };
        let opened = self
            .identity(settings, mutant)
            .and_then(|identity| Checkpointer::open(path, identity, scenarios, settings))
            .map_err(|problem| {
                note(&problem.to_string());
                Exit::Input
            });
        let (checkpointer, from) = opened?;
        let resumed = from.simulations() + from.further();
        Ok(Begun { checkpointer: Some(checkpointer), from, resumed })
    }

    /// Simulates the rounds until the check ends.
    ///
    /// # Errors
    ///
    /// Returns the exit code of a check that cannot start or continue, after printing the reason.
    pub(super) fn simulate<R: Rules, S: Store>(
        &self,
        begun: Begun,
        scenarios: &[(&Scenario, &Reference)],
        settings: Settings,
        engine: &(impl Fn() -> (R, S) + Sync),
    ) -> Result<Simulated, Exit> {
        let Begun { mut checkpointer, from, resumed } = begun;
        let mut swept = Swept { watching: self.rule.until_stable, ..from };
        let mut second = if self.audit { Some(start(scenarios)?) } else { None };
        let (mut not_same, mut audited) = (Vec::new(), swept.simulations());
        let mut stop = Stop::new(&self.rule);
        let bar = Bar::new("check", self.total(scenarios, settings, &swept));
        // The earlier process may have ended after the last round but before writing its report.
        let mut more = swept.rounds == 0 || stop.continues(&swept);
        while more {
            let before = swept.rounds;
            // A round that is not audited to its end is not saved.
            let audited_so_far = second.as_ref().map(|_| swept.clone());
            let between = |swept: &Swept, moment| match moment {
                Moment::Task => keep(&mut checkpointer, &mut stop, swept, false),
                Moment::Round => {
                    more = stop.continues(swept);
                    if self.audit {
                        // An audited round is saved only after its audit, so the sweep stops here.
                        return false;
                    }
                    more = keep(&mut checkpointer, &mut stop, swept, !more) && more;
                    more
                }
            };
            swept = truecount_gate::sweep_on(scenarios, settings, swept, interrupt::now(), engine, &bar, between);
            if interrupt::asked() && !swept.complete && (more || self.audit) {
                stop.interrupt();
                keep(&mut checkpointer, &mut stop, audited_so_far.as_ref().unwrap_or(&swept), true);
                break;
            }
            let Some(second) = &mut second else { break };
            if swept.rounds == before {
                break;
            }
            let (simulations, found) = match second.round(scenarios, settings, before, engine) {
                Ok(round) => round,
                Err(_) if interrupt::asked() => {
                    stop.interrupt();
                    keep(&mut checkpointer, &mut stop, audited_so_far.as_ref().unwrap_or(&swept), true);
                    break;
                }
                Err(why) => return Err(defect(&why)),
            };
            audited += simulations;
            if !found.is_empty() {
                stop.end_nondeterministic(&swept);
                not_same = found;
                break;
            }
            more = keep(&mut checkpointer, &mut stop, &swept, !more) && more;
        }
        drop(second);
        let settings = Settings { seeds: stop.seeds(&swept), ..settings };
        let audited = self.audit.then_some(audited);
        if audited.is_none() {
            // Without `--audit`, only a sample is audited, in this process alone.
            not_same = truecount_gate::audit(scenarios, settings, interrupt::now(), engine);
        }
        bar.finish();
        if let Some(words) = stop.words(&swept) {
            note(&words);
        }
        let problem = checkpointer.and_then(Checkpointer::into_problem);
        if let Some(problem) = &problem {
            note(&problem.to_string());
        }
        let exit = if problem.is_some() { Exit::Input } else { Exit::Held };
        let interrupted = stop.interrupted(settings.first, &swept, self.resume.is_some());
        let resumed = (resumed > 0).then_some(resumed);
        // An interrupted check reports everything that it has simulated.
        let swept = if interrupted.is_some() { swept.with_parts() } else { swept };
        Ok(Simulated { settings, swept, not_same, audited, resumed, interrupted, exit })
    }

    /// Returns the identity of the check, as stored in its checkpoint file.
    fn identity(&self, settings: Settings, mutant: Option<&str>) -> Result<Identity, Problem> {
        Ok(Identity {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            executable: executable::digest()?,
            seed: settings.first,
            rule: self.rule.name(),
            mutant: mutant.unwrap_or("none").to_ascii_uppercase(),
            audit: self.audit,
        })
    }

    /// Returns the number of remaining simulations for the progress bar, or 0 if the check has no fixed number of
    /// seeds.
    fn total(&self, scenarios: &[(&Scenario, &Reference)], settings: Settings, from: &Swept) -> u64 {
        if self.rule.is_open() {
            return 0;
        }
        let left = |(scenario, _): &(&Scenario, &Reference)| {
            settings.seeds_of(scenario) - settings.simulated_in(scenario, from.rounds)
        };
        scenarios.iter().map(left).sum::<u64>() - from.further()
    }
}

/// Saves the progress if requested. Returns `false` and ends the check if the progress cannot be saved.
fn keep(checkpointer: &mut Option<Checkpointer>, stop: &mut Stop, swept: &Swept, last: bool) -> bool {
    let kept = checkpointer.as_mut().is_none_or(|checkpointer| checkpointer.keep(swept, last));
    if !kept {
        stop.interrupt();
    }
    kept
}

/// Starts the second process of an audit.
fn start(scenarios: &[(&Scenario, &Reference)]) -> Result<Second, Exit> {
    Second::start(scenarios).map_err(|why| {
        if !interrupt::asked() {
            return defect(&why);
        }
        note("interrupted: the second process has not read its scenarios yet");
        Exit::Unknown
    })
}

fn defect(why: &str) -> Exit {
    note(&format!("error: the second process {why}"));
    Exit::Defect
}
