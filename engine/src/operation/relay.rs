//! Brings outbox entries to the inbox, oldest first. Keyed there, so that one sent twice is there once.

use super::{Next, Operation};
use crate::rules::Rules;
use crate::service;
use crate::storage::{Load, Reply, Request, Upkeep};
use crate::time::Millis;

/// One pass over the outbox.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Relay;

impl<R: Rules> Operation<R> for Relay {
    type Output = ();

    fn resume(&mut self, _: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<()> {
        match reply {
            Reply::Outbox(None) => Next::End(()),
            Reply::Outbox(Some(notice)) => {
                Next::Ask(Request::Commit(service::keep_up(notice.run, Upkeep::Relay(notice))))
            }
            _ => Next::Ask(Request::Load(Load::Outbox)),
        }
    }
}
