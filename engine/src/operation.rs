//! Operations: small state machines that make requests and resume with the replies.
//!
//! An operation receives a reply and the time, and returns its next request or its result. It holds no reference to
//! storage, so it can be delayed, killed, cloned and replayed. After a lost reply it loads everything again and assumes
//! nothing.

mod complete;
mod fetch;
mod observe;
mod prune;
mod publish;
mod relay;
mod request;
mod sweep;
mod work;

pub use complete::{Complete, Completion};
pub use fetch::Fetch;
pub use observe::{Item, Observe, RunReply, View};
pub use prune::Prune;
pub use publish::{Publication, Publish};
pub use relay::Relay;
pub use request::{RequestReply, RequestRun};
pub use sweep::Sweep;
pub use work::Work;

use crate::rules::Rules;
use crate::storage::{Reply, Request};
use crate::time::Millis;

/// The next action of an operation.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Next<T> {
    /// The operation makes a request and waits for the reply.
    Ask(Request),
    /// The operation has ended.
    End(T),
}

/// A state machine that makes requests and resumes with the replies.
pub trait Operation<R: Rules> {
    /// The result of the operation.
    type Output;

    /// Receives a reply and the time by the worker's clock, and returns the next action. The first reply is `Begin`.
    ///
    /// If the reply does not belong to the last request, the operation starts over.
    fn resume(&mut self, rules: &R, memory: &mut R::Memory, reply: Reply, now: Millis) -> Next<Self::Output>;
}
