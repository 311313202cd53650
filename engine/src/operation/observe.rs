//! A tenant's surface as shown to an actor: the active runs that the policy lets the actor see, each with its progress.
//!
//! The operation only reads durable rows. It makes no request to the provider and writes nothing (PROG-09).

use super::{Next, Operation};
use crate::family::family;
use crate::id::{ActorId, RunId, TenantId};
use crate::progress::Progress;
use crate::rules::Rules;
use crate::run::Run;
use crate::service;
use crate::storage::{Load, Reply, Request};
use crate::time::Millis;

/// One active run on a surface, with its progress and its link. An item contains no reason, no unit and no diagnostics.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Item {
    /// The run, which is also the target of the link.
    pub run: RunId,
    /// The version of the row that was read.
    pub version: u32,
    pub progress: Progress,
    /// Whether a reason or the key of a unit is disclosed. Always `false` under standard rules.
    pub diagnostics: bool,
}

/// One rendering of a surface.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Observe {
    actor: ActorId,
    tenant: Option<TenantId>,
    granted: bool,
    from: RunId,
    items: Vec<Item>,
}

impl Observe {
    /// Returns the rendering of a surface for an actor. `tenant` is `None` for a surface without a tenant.
    pub const fn new(actor: ActorId, tenant: Option<TenantId>) -> Self {
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
                self.items.push(item(rules, &run));
                self.from = RunId(run.head.run.0 + 1);
                if rules.notes_views() {
                    return Next::Ask(Request::Commit(service::note_view(run.head.run)));
                }
            }
            _ => {}
        }
        Next::Ask(Request::Load(match self.tenant {
            None if rules.blanks_tenantless() => return Next::End(Vec::new()),
            Some(tenant) if !self.granted => Load::Grant { actor: self.actor, tenant },
            // Without a tenant, there is no grant to check.
            tenant if rules.scopes_surfaces() => Load::NextActive { from: self.from, tenant },
            _ => Load::NextActive { from: self.from, tenant: None },
        }))
    }
}

/// The reply to a request for one run.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RunReply {
    /// The run, with its progress.
    Found(Item),
    /// There is no such run, or the actor may not see it. The variant has no field, so the reply is the same in both
    /// cases.
    NotFound,
    /// The run exists, but the actor may not see it. Standard rules never give this reply.
    Forbidden,
}

/// A request for one run, by its canonical address.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct View {
    actor: ActorId,
    run: RunId,
    read: Option<Box<Run>>,
}

impl View {
    /// Returns an actor's request for a run.
    pub const fn new(actor: ActorId, run: RunId) -> Self {
        Self { actor, run, read: None }
    }

    /// Returns the requested run.
    pub const fn run(&self) -> RunId {
        self.run
    }

    /// Returns the requesting actor.
    pub const fn actor(&self) -> ActorId {
        self.actor
    }
}

impl<R: Rules> Operation<R> for View {
    type Output = RunReply;

    fn resume(&mut self, rules: &R, _: &mut R::Memory, reply: Reply, _: Millis) -> Next<RunReply> {
        match (reply, &self.read) {
            (Reply::NoRun, _) => Next::End(RunReply::NotFound),
            (Reply::Run(run), _) => {
                let tenant = run.identity.tenant;
                self.read = Some(Box::new(run));
                Next::Ask(Request::Load(Load::Grant { actor: self.actor, tenant }))
            }
            (Reply::Granted(grant), Some(run)) => Next::End(match rules.sees(grant) {
                true => RunReply::Found(item(rules, run)),
                false if rules.hides_existence() => RunReply::NotFound,
                false => RunReply::Forbidden,
            }),
            _ => Next::Ask(Request::Load(Load::Run(self.run))),
        }
    }
}

fn item<R: Rules>(rules: &R, run: &Run) -> Item {
    let names = family(run.head.family).phases;
    let phase = run.head.phase.and_then(|phase| names.get(usize::from(phase)).copied());
    Item {
        run: run.head.run,
        version: run.head.version,
        progress: rules.shows(run, phase),
        diagnostics: rules.shows_diagnostics(),
    }
}
