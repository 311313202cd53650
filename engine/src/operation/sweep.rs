//! Repairs what a crash left: a run all of whose units are counted but which nobody completed, and work that no job
//! carries.

use super::{Complete, Next, Operation};
use crate::id::RunId;
use crate::rules::{Rules, Whence};
use crate::service;
use crate::storage::{Load, Reply, Request, Stray, Upkeep};
use crate::time::Millis;

/// One sweep over all active runs.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sweep {
    from: RunId,
    completing: Option<Complete>,
}

impl Sweep {
    /// Returns a sweep.
    pub const fn new() -> Self {
        Self { from: RunId(0), completing: None }
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
            Reply::Run(run) => {
                self.from = run.head.run;
                if rules.may_complete(&run) {
                    let mut helper = Complete::new(run.head.run, None, Whence::Sweep);
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
                Next::Ask(Request::Load(Load::Stray { run: self.from }))
            }
            Reply::Stray(Stray::None) => self.next_run(),
            Reply::Stray(Stray::Run) => self.enqueue(None),
            Reply::Stray(Stray::Unit(unit)) => self.enqueue(Some(unit)),
            // One stray found, perhaps more: the same run again.
            Reply::Committed { .. } => Next::Ask(Request::Load(Load::Stray { run: self.from })),
            Reply::NoRun => Next::End(()),
            _ => self.look(),
        }
    }
}

impl Sweep {
    fn enqueue(&self, unit: Option<crate::id::UnitIx>) -> Next<()> {
        Next::Ask(Request::Commit(service::keep_up(self.from, Upkeep::Enqueue(unit))))
    }
}
