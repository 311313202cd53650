//! What a surface of a tenant shows an actor: the active runs that the policy lets them see, each with its progress.
//!
//! Reads durable rows alone: it asks no provider and writes nothing (PROG-09).

use super::{Next, Operation};
use crate::family::family;
use crate::id::{ActorId, RunId, TenantId};
use crate::progress::Progress;
use crate::rules::Rules;
use crate::storage::{Load, Reply, Request};
use crate::time::Millis;

/// One active run on a surface: what it is, its progress, and the run as its link. No reason, no unit, no diagnostics.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Item {
    /// The run, which is also its link.
    pub run: RunId,
    /// The version of the row that was read.
    pub version: u32,
    /// The progress.
    pub progress: Progress,
    /// A reason or a unit's key; nothing, as it always should be.
    pub diagnostics: bool,
}

/// One rendering of a surface.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Observe {
    actor: ActorId,
    tenant: TenantId,
    granted: bool,
    from: RunId,
    items: Vec<Item>,
}

impl Observe {
    /// Returns the rendering of a tenant's surface for an actor.
    pub const fn new(actor: ActorId, tenant: TenantId) -> Self {
        Self { actor, tenant, granted: false, from: RunId(0), items: Vec::new() }
    }
}

impl<R: Rules> Operation<R> for Observe {
    type Output = Vec<Item>;

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<Vec<Item>> {
        match reply {
            Reply::Granted(grant) if rules.sees(grant) => self.granted = true,
            Reply::Granted(_) | Reply::NoRun => return Next::End(std::mem::take(&mut self.items)),
            Reply::Run(run) => {
                let names = family(run.head.family).map_or(&[][..], |family| family.phases());
                let phase = run.head.phase.and_then(|phase| names.get(usize::from(phase)).copied());
                self.items.push(Item {
                    run: run.head.run,
                    version: run.head.version,
                    progress: rules.shows(&run, phase),
                    diagnostics: rules.shows_diagnostics(),
                });
                self.from = RunId(run.head.run.0 + 1);
            }
            _ => {}
        }
        Next::Ask(Request::Load(if self.granted {
            Load::NextActive { from: self.from, tenant: Some(self.tenant) }
        } else {
            Load::Grant { actor: self.actor, tenant: self.tenant }
        }))
    }
}
