//! The completion helper, the only way to a terminal run. It reads the counts, decides, and commits with the version
//! that it read.
//!
//! Two workers may both read `processed = total`. The version lets one commit through; the other reads again and finds
//! the run terminal.

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
    /// Set if the run fails as a whole: then the counts do not matter.
    failing: Option<Failing>,
    /// What the run has published.
    artifact: Option<Digest>,
}

/// Why a run fails as a whole, and the version of the row that it was read from. Planner A reads and stalls; planner B
/// seals the plan; A gives up. What A read is out of date, and must not end the run.
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
        // Whether to check at all was decided before anything was published.
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
                // A phased run has no plan. Its job comes here after the last phase and not before.
                let may = self.failing.is_some() || phases > 0 || rules.may_complete(run);
                let planned = run.head.sealed.then_some(run.head.units);
                if !may || !rules.checks_completion(self.trigger, planned) {
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
            // A conflict, a lost reply, an outage of storage: the result of the commit is unknown, so read.
            _ => Next::Ask(Request::Load(Load::Run(self.run))),
        }
    }
}
