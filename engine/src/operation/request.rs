//! Accepts a run, or finds the existing run with the same identity.
//!
//! The policy is checked first: an actor without a grant is refused before any run is looked up (LIFE-06). If the reply
//! is lost, the request is sent again under the same id and finds the run that it created.

use super::{Next, Operation};
use crate::family::family;
use crate::id::RunId;
use crate::rules::Rules;
use crate::run::Identity;
use crate::service::{self, Ordered};
use crate::storage::{Load, Reply, Request};
use crate::time::Millis;

/// The reply to a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RequestReply {
    /// A run was created.
    Accepted {
        run: RunId,
        /// The run to which the initiator's toast links.
        toast: RunId,
    },
    /// An active run has the same identity.
    Deduplicated(RunId),
    /// The policy does not allow the actor to start runs in this tenant.
    Refused,
}

/// A request for a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RequestRun {
    ordered: Ordered,
    identity: Identity,
    granted: bool,
}

impl RequestRun {
    /// Returns the operation for a request.
    pub fn new<R: Rules>(rules: &R, ordered: Ordered) -> Self {
        // The canonical input is the plan made from the input alone, so naming an object twice does not change the
        // identity.
        let digest = rules.identifies(family(ordered.family), &ordered.input);
        let identity = Identity { tenant: ordered.tenant, family: ordered.family, digest };
        let granted = ordered.actor.is_none();
        Self { ordered, identity, granted }
    }

    /// Returns the request.
    pub const fn ordered(&self) -> &Ordered {
        &self.ordered
    }

    fn look(&self) -> Next<RequestReply> {
        match self.ordered.actor {
            Some(actor) if !self.granted => {
                Next::Ask(Request::Load(Load::Grant { actor, tenant: self.ordered.tenant }))
            }
            _ => Next::Ask(Request::Load(Load::Same { request: self.ordered.request, identity: self.identity })),
        }
    }
}

impl<R: Rules> Operation<R> for RequestRun {
    type Output = RequestReply;

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<RequestReply> {
        match reply {
            Reply::Granted(grant) if grant.starts() => {
                self.granted = true;
                self.look()
            }
            Reply::Granted(_) => Next::End(RequestReply::Refused),
            // A request that is sent again, after a lost reply or a crash of its client, finds the run that it created.
            Reply::Found(Some(same)) if rules.is_own(same) => Next::End(accepted(rules, same.run)),
            Reply::Found(Some(same)) if rules.deduplicates() => Next::End(RequestReply::Deduplicated(same.run)),
            Reply::Found(_) => Next::Ask(Request::Accept(service::accept(rules, &self.ordered, self.identity))),
            Reply::Accepted(run) => Next::End(accepted(rules, run)),
            _ => self.look(),
        }
    }
}

fn accepted<R: Rules>(rules: &R, run: RunId) -> RequestReply {
    RequestReply::Accepted { run, toast: rules.toast_link(run) }
}
