//! Operations: small state machines that *ask* and *resume*.
//!
//! An operation takes a reply and the time, and returns its next request or its end. It holds no reference to storage,
//! so it can be delayed, killed, cloned and replayed. After a lost reply it loads everything again and assumes nothing.

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

/// What an operation does next.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Next<T> {
    /// It asks, and waits for the reply.
    Ask(Request),
    /// It is over.
    End(T),
}

/// A state machine that asks and resumes.
pub trait Operation<R: Rules> {
    /// What it ends with.
    type Output;

    /// Takes a reply, at the time of its worker's clock, and returns what comes next. The first reply is `Begin`.
    ///
    /// A reply to a request that was not made starts the operation over.
    fn resume(&mut self, rules: &R, memory: &mut R::Memory, reply: Reply, now: Millis) -> Next<Self::Output>;
}
