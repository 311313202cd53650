//! Removes the rows of runs that have been terminal for long enough. Nothing on which counting depends is removed
//! earlier (LIFE-14).

use super::{Next, Operation};
use crate::family::retention_ms;
use crate::id::RunId;
use crate::rules::Rules;
use crate::service;
use crate::storage::{Reply, Request, Upkeep};
use crate::time::Millis;

/// One pass over the runs.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Prune {
    from: RunId,
}

impl Prune {
    /// Returns a pass that starts at the first run.
    pub const fn new() -> Self {
        Self { from: RunId(0) }
    }
}

impl<R: Rules> Operation<R> for Prune {
    type Output = ();

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<()> {
        let look = |from| Next::Ask(Request::Load(rules.prunable(from, retention_ms())));
        match reply {
            Reply::Run(run) => {
                // The next look-up skips a run whose rows were pruned. A run whose pruning was refused is found again
                // in this pass or the next.
                self.from = run.head.run;
                Next::Ask(Request::Commit(service::keep_up(run.head.run, Upkeep::Prune)))
            }
            Reply::NoRun => Next::End(()),
            _ => look(self.from),
        }
    }
}
