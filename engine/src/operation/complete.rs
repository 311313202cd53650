//! The completion helper, the only way for a run to become terminal. It reads the run, decides whether to complete it,
//! and commits with a guard on the version that it has read.
//!
//! Two workers may both read `processed = total`. Because the version is checked, only one commit succeeds. The other
//! worker reads again and finds that the run is terminal.

use super::Next;
use crate::artifact::Digest;
use crate::delivery::Lease;
use crate::family::family;
use crate::id::RunId;
use crate::rules::{CompletionTrigger, Rules};
use crate::run::Cause;
use crate::service;
use crate::storage::{Load, Reply, Request};

/// The result of the helper.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Completion {
    /// The run is terminal, completed by this helper or by a different one.
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
    /// Set if the run fails as a whole, in which case the counts do not matter.
    failing: Option<Failing>,
    /// The published artifact of the run.
    artifact: Option<Digest>,
}

/// The reason why a run fails as a whole, and the version of the row on which this decision was based. The version
/// detects decisions that are out of date. For example, planner A reads the row and stalls, planner B seals the plan,
/// and A gives up. A must not end the run, since its row has changed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Failing {
    cause: Cause,
    version: u32,
}

impl Complete {
    /// Returns a helper for a run whose units may all have been counted.
    pub const fn new(run: RunId, lease: Option<Lease>, trigger: CompletionTrigger) -> Self {
        Self { run, lease, trigger, failing: None, artifact: None }
    }

    /// Returns a helper that fails the run as a whole, provided that its row is still at this version.
    pub const fn failing(run: RunId, lease: Lease, cause: Cause, version: u32) -> Self {
        Self {
            run,
            lease: Some(lease),
            trigger: CompletionTrigger::Count,
            failing: Some(Failing { cause, version }),
            artifact: None,
        }
    }

    /// Returns a helper for a run that has published its artifact.
    pub const fn publishing(run: RunId, lease: Lease, artifact: Option<Digest>) -> Self {
        // Whether to check for completion was decided before publishing.
        Self { run, lease: Some(lease), trigger: CompletionTrigger::Count, failing: None, artifact }
    }

    /// Receives a reply and returns the next action; the first reply is `Begin`.
    pub fn resume<R: Rules>(&mut self, rules: &R, reply: &Reply) -> Next<Completion> {
        match reply {
            Reply::Run(run) if !run.active() && rules.leaves_terminal(&run.head) => Next::End(Completion::Terminal),
            Reply::Run(run) if self.failing.is_some_and(|failing| failing.version != run.head.version) => {
                Next::End(Completion::NotYet)
            }
            Reply::Run(run) => {
                let phases = family(run.head.family).phases.len();
                // A phased run has no plan. Its job calls the helper only after the last phase.
                let ended = run.head.sealed && rules.fails_fast(run);
                let cause = self.failing.map(|failing| failing.cause).or(ended.then_some(Cause::FailFast));
                let may = cause.is_some() || phases > 0 || rules.may_complete(run);
                let planned = run.head.sealed.then_some(run.head.units);
                if !may || !rules.checks_completion(self.trigger, planned) {
                    return Next::End(Completion::NotYet);
                }
                match service::complete(rules, run, self.lease, cause, self.artifact) {
                    Ok(writes) => Next::Ask(Request::Commit(writes)),
                    Err(_) => Next::End(Completion::NotYet),
                }
            }
            // A run that no longer exists was terminal.
            Reply::Committed { .. } | Reply::NoRun => Next::End(Completion::Terminal),
            // After any other reply, the run is read. For example, a conflict, a lost reply or an outage of storage
            // does not show whether the run is terminal.
            _ => Next::Ask(Request::Load(Load::Run(self.run))),
        }
    }
}
