//! Reads the published artifact of a run. An artifact may be requested at any time. The run's row states whether an
//! artifact was published, and names its file.

use super::{Next, Operation};
use crate::artifact::Bytes;
use crate::id::{ActorId, RunId};
use crate::rules::Rules;
use crate::run::{Outcome, Run};
use crate::storage::{ArtifactRequest, Load, Reply, Request};
use crate::time::Millis;

/// A request for the artifact of one run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Fetch {
    actor: ActorId,
    run: RunId,
    read: Option<Box<Run>>,
}

impl Fetch {
    /// Returns an actor's request for the artifact of a run.
    pub const fn new(actor: ActorId, run: RunId) -> Self {
        Self { actor, run, read: None }
    }

    /// Returns the requested run.
    pub const fn run(&self) -> RunId {
        self.run
    }

    fn file<R: Rules>(rules: &R, run: &Run) -> Next<Option<Bytes>> {
        let failed = run.outcome == Some(Outcome::Failed);
        let named = if run.active() || failed { None } else { run.artifact };
        match named {
            None if !rules.serves_unnamed() => Next::End(None),
            digest => Next::Ask(Request::Artifact(ArtifactRequest::Read { run: run.head.run, digest })),
        }
    }
}

impl<R: Rules> Operation<R> for Fetch {
    /// The file, or `None` if there is no file or the actor may not see the run. The reply is the same in both cases.
    type Output = Option<Bytes>;

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<Option<Bytes>> {
        match (reply, &self.read) {
            (Reply::NoRun, _) => Next::End(None),
            (Reply::Run(run), Some(_)) if !rules.asks_for_grant_again() => Self::file(rules, &run),
            (Reply::Run(run), _) => {
                let tenant = rules.reader_tenant(&run);
                self.read = Some(Box::new(run));
                Next::Ask(Request::Load(Load::Grant { actor: self.actor, tenant }))
            }
            (Reply::Granted(grant), Some(run)) if rules.sees(grant) => Self::file(rules, run),
            (Reply::Granted(_), Some(_)) => Next::End(None),
            (Reply::File(file), _) => Next::End(file),
            _ => Next::Ask(Request::Load(Load::Run(self.run))),
        }
    }
}
