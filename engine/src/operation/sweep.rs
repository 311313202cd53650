//! Repairs work that a crash has left unfinished. The sweeper completes runs whose units are all counted and creates
//! missing jobs. It also clears staged files that no worker will need again.

use super::{Complete, Next, Operation};
use crate::family::family;
use crate::id::{RunId, UnitIx};
use crate::rules::{CompletionTrigger, Rules};
use crate::service;
use crate::storage::{ArtifactRequest, Load, Orphan, Reply, Request, Upkeep};
use crate::time::Millis;

/// One sweep: over all active runs, then over the staging area.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sweep {
    from: RunId,
    completing: Option<Complete>,
    /// Whether the sweep has reached the staging area.
    staging: bool,
}

impl Sweep {
    /// Returns a sweep that starts at the first run.
    pub const fn new() -> Self {
        Self { from: RunId(0), completing: None, staging: false }
    }

    fn look(&self) -> Next<()> {
        Next::Ask(Request::Load(Load::NextActive { from: self.from, tenant: None }))
    }

    fn next_run(&mut self) -> Next<()> {
        self.completing = None;
        self.from.0 += 1;
        self.look()
    }
}

impl Default for Sweep {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Rules> Operation<R> for Sweep {
    type Output = ();

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<()> {
        if let Some(helper) = &mut self.completing {
            return match helper.resume(rules, &reply) {
                Next::Ask(request) => Next::Ask(request),
                Next::End(_) => self.next_run(),
            };
        }
        match reply {
            reply if self.staging => self.clear(rules, &reply),
            Reply::Run(run) => {
                self.from = run.head.run;
                // A run that publishes an artifact is completed by its own job, after publishing.
                let publishes = family(run.head.family).pack.is_some();
                if rules.may_complete(&run) && !publishes {
                    let mut helper = Complete::new(run.head.run, None, CompletionTrigger::Sweep);
                    let begun = helper.resume(rules, &Reply::Begin);
                    self.completing = Some(helper);
                    return match begun {
                        Next::Ask(request) => Next::Ask(request),
                        Next::End(_) => self.next_run(),
                    };
                }
                if !rules.repairs() {
                    return self.next_run();
                }
                Next::Ask(Request::Load(Load::Orphan { run: self.from }))
            }
            Reply::Orphan(Orphan::None) => self.next_run(),
            Reply::Orphan(Orphan::Run) => self.enqueue(rules, None),
            Reply::Orphan(Orphan::Unit(unit)) => self.enqueue(rules, Some(unit)),
            Reply::NoRun => {
                (self.staging, self.from) = (true, RunId(0));
                self.clear(rules, &Reply::Begin)
            }
            // An orphan was repaired, and there may be more, so the same run is loaded again. The same applies after a
            // conflict and after a lost reply.
            _ => self.look(),
        }
    }
}

impl Sweep {
    /// Clears the staging area of a terminal run. The job of an active run may still need its staged files.
    fn clear<R: Rules>(&mut self, rules: &R, reply: &Reply) -> Next<()> {
        let look = |from| Next::Ask(Request::Artifact(ArtifactRequest::NextStaged { from }));
        match reply {
            Reply::Staged(None) => Next::End(()),
            Reply::Staged(Some(run)) => {
                self.from = *run;
                Next::Ask(Request::Load(Load::Run(*run)))
            }
            Reply::Run(run) if !run.active() && rules.repairs() => {
                let keep = if rules.keeps_named() { run.artifact } else { None };
                Next::Ask(Request::Artifact(ArtifactRequest::Discard { run: run.head.run, keep }))
            }
            Reply::Begin => look(self.from),
            // If there was no reply, the next sweep tries again.
            _ => {
                self.from.0 += 1;
                look(self.from)
            }
        }
    }

    fn enqueue<R: Rules>(&self, rules: &R, unit: Option<UnitIx>) -> Next<()> {
        let upkeep = Upkeep::Enqueue { unit, guarded: rules.guards_repairs() };
        Next::Ask(Request::Commit(service::keep_up(self.from, upkeep)))
    }
}
