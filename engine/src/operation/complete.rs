//! The completion helper: the only way to terminal. Reads the counts, decides, commits with the version it read.
//!
//! Two finishers may both read `processed = total`; the version lets one commit through, and the other reads again
//! and finds the run terminal.

use super::Next;
use crate::artifact::Digest;
use crate::delivery::Lease;
use crate::family::family;
use crate::id::RunId;
use crate::rules::{CompletionTrigger, Rules};
use crate::run::Cause;
use crate::service;
use crate::storage::{Load, Reply, Request};

/// How the helper ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Completion {
    /// The run is terminal, by this helper or another.
    Terminal,
    /// There is work left.
    NotYet,
}

/// The completion helper.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Complete {
    run: RunId,
    lease: Option<Lease>,
    trigger: CompletionTrigger,
    /// Set where the run fails as a whole: then nothing needs to be counted.
    failing: Option<Failing>,
    /// What the run has published.
    artifact: Option<Digest>,
}

/// Why a run fails as a whole, and the version of the row that it was read from. Planner A reads, stalls; planner B
/// seals the plan; A gives up: what A knows is of a run that is no more, and must not end the one that is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Failing {
    cause: Cause,
    version: u32,
}

impl Complete {
    /// Returns a helper for a run whose units may all be counted.
    pub const fn new(run: RunId, lease: Option<Lease>, trigger: CompletionTrigger) -> Self {
        Self { run, lease, trigger, failing: None, artifact: None }
    }

    /// Returns a helper for a run that fails as a whole, unless its row has changed since this version.
    pub const fn failing(run: RunId, lease: Lease, cause: Cause, version: u32) -> Self {
        Self {
            run,
            lease: Some(lease),
            trigger: CompletionTrigger::Count,
            failing: Some(Failing { cause, version }),
            artifact: None,
        }
    }

    /// Returns a helper for a run that has published what it made.
    pub const fn publishing(run: RunId, lease: Lease, artifact: Option<Digest>) -> Self {
        // Whether to look at all was decided before anything was published.
        Self { run, lease: Some(lease), trigger: CompletionTrigger::Count, failing: None, artifact }
    }

    /// Takes a reply and returns what comes next; the first reply is `Begin`.
    pub fn resume<R: Rules>(&mut self, rules: &R, reply: &Reply) -> Next<Completion> {
        match reply {
            Reply::Run(run) if !run.active() && rules.leaves_terminal(&run.head) => Next::End(Completion::Terminal),
            Reply::Run(run) if self.failing.is_some_and(|failing| failing.version != run.head.version) => {
                Next::End(Completion::NotYet)
            }
            Reply::Run(run) => {
                let phases = family(run.head.family).phases.len();
                // A phased run has no plan; its job comes here after the last phase and not before.
                let may = self.failing.is_some() || phases > 0 || rules.may_complete(run);
                let planned = run.head.sealed.then_some(run.head.units);
                if !may || !rules.looks_for_completion(self.trigger, planned) {
                    return Next::End(Completion::NotYet);
                }
                match service::complete(
                    rules,
                    run,
                    self.lease,
                    self.failing.map(|failing| failing.cause),
                    self.artifact,
                ) {
                    Ok(writes) => Next::Ask(Request::Commit(writes)),
                    Err(_) => Next::End(Completion::NotYet),
                }
            }
            // A run that is gone has been terminal.
            Reply::Committed { .. } | Reply::NoRun => Next::End(Completion::Terminal),
            // A conflict, a lost reply, storage down: what became of the commit is not known, so read.
            _ => Next::Ask(Request::Load(Load::Run(self.run))),
        }
    }
}
