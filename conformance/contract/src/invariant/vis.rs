//! VIS: who may see a run.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use truecount_engine::id::{ActorId, RunId, TenantId};
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, Shown};

use super::{Checker, Found};
use crate::clause::Clause;
use crate::ledger::Ledger;

/// A view in progress, of a surface or of one run.
#[derive(Clone, Debug)]
struct OpenView {
    view: u16,
    actor: ActorId,
    /// The tenant of the surface or of the requested run. `None` for a surface without a tenant, or for a run that does
    /// not exist.
    tenant: Option<TenantId>,
    /// The requested run; `None` for a surface.
    asked: Option<RunId>,
    /// The event at which the view began.
    began: u64,
    /// Two flags: whether the actor was allowed to see the tenant's runs at some instant of the view, and whether this
    /// held at every instant.
    seen: (bool, bool),
    shown: Vec<RunId>,
}

/// The checker for VIS.
#[derive(Debug, Default)]
pub(crate) struct Vis {
    open: Vec<OpenView>,
}

pooled!(Vis { open });

impl Checker for Vis {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::ViewBegan { view, actor, tenant } => self.began(view, actor, tenant, None, ledger),
            Event::RunAsked { view, actor, run } => {
                // No actor has a grant for a run that does not exist. The run may be created before the reply.
                let tenant = ledger.runs.get(run.index()).map(|_| ledger.of(run).tenant);
                self.began(view, actor, tenant, Some(run), ledger);
            }
            Event::Enqueued { run, tenant, .. } => {
                for open in self.open.iter_mut().filter(|open| open.asked == Some(run)) {
                    let now = sees(ledger.grant(open.actor, tenant));
                    (open.tenant, open.seen) = (Some(tenant), (now, now));
                }
            }
            Event::GrantChanged { actor, tenant, grant } => {
                for open in self.open.iter_mut().filter(|l| (l.actor, l.tenant) == (actor, Some(tenant))) {
                    open.seen.0 |= sees(grant);
                    open.seen.1 &= sees(grant);
                }
            }
            Event::Shown { view, run, .. } => {
                let Some(open) = self.open.iter_mut().find(|open| open.view == view) else { return };
                open.shown.push(run);
                vis_01_at_shown(open, run, ledger, found);
                vis_02_at_shown(open, found);
                vis_04_at_shown(open, found);
            }
            Event::ArtifactRead { view: Some(view), run, found: exists, .. } => {
                let Some(open) = self.of(view) else { return };
                artf_01_at_artifact_read(open, run, exists, ledger, found);
                vis_02_at_artifact_read(open, exists, found);
            }
            Event::RunViewed { view, shown, disclosed, .. } => {
                let Some(open) = self.of(view) else { return };
                vis_02_at_run_viewed(open, shown, found);
                vis_03_at_run_viewed(open, shown, disclosed, found);
            }
            Event::ViewEnded { view, .. } => {
                let Some(at) = self.open.iter().position(|open| open.view == view) else { return };
                let open = self.open.remove(at);
                vis_02_at_view_ended(&open, found);
                vis_04_at_view_ended(&open, ledger, found);
                vis_05_at_view_ended(&open, ledger, found);
            }
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.open.clear();
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { open } = self;
        fingerprinter.word(open.len() as u64);
        for OpenView { view, actor, tenant, asked, began, seen, shown } in open {
            fingerprinter.view(*view);
            fingerprinter.place(*began);
            fingerprinter.value(&(actor, tenant, asked, seen, shown));
        }
    }
}

impl Vis {
    fn began(
        &mut self,
        view: u16,
        actor: ActorId,
        tenant: Option<TenantId>,
        asked: Option<RunId>,
        ledger: &Ledger<'_>,
    ) {
        let now = tenant.is_some_and(|tenant| sees(ledger.grant(actor, tenant)));
        self.open.retain(|open| open.view != view);
        let began = ledger.event;
        self.open.push(OpenView { view, actor, tenant, asked, began, seen: (now, now), shown: Vec::new() });
    }

    fn of(&self, view: u16) -> Option<&OpenView> {
        self.open.iter().find(|open| open.view == view)
    }
}

/// 1. A pack is published, and an actor may see its run.
/// 2. The actor requests the pack, but it is not found.
fn artf_01_at_artifact_read(open: &OpenView, run: RunId, exists: bool, ledger: &Ledger<'_>, found: &mut Found) {
    if !exists && open.seen.1 && published_before(run, open.began, ledger) {
        found.violate(Clause::ARTF_01);
    }
}

/// 1. Tenants 1 and 2 each have a run.
/// 2. A surface of tenant 1 shows the run of tenant 2.
fn vis_01_at_shown(open: &OpenView, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(tenant) = open.tenant {
        found.check(Clause::VIS_01, ledger.of(run).tenant == tenant);
    }
}

/// 1. An actor's grant is revoked.
/// 2. A surface begins for that actor and shows a run of the tenant.
fn vis_02_at_shown(open: &OpenView, found: &mut Found) {
    if open.tenant.is_some() {
        found.check(Clause::VIS_02, open.seen.0);
    }
}

/// 1. An actor's grant is revoked.
/// 2. The actor requests the pack of a run and reads it.
fn vis_02_at_artifact_read(open: &OpenView, exists: bool, found: &mut Found) {
    if exists {
        found.check(Clause::VIS_02, open.seen.0);
    }
}

/// 1. An actor's grant is revoked.
/// 2. The actor requests one run and is shown its progress.
fn vis_02_at_run_viewed(open: &OpenView, shown: Shown, found: &mut Found) {
    if !open.seen.0 {
        found.check(Clause::VIS_02, shown == Shown::None);
    }
}

/// Exercised when a view ends and its actor had no grant at any instant of the view. If the view had shown a run,
/// `vis_02_at_shown` or `vis_02_at_run_viewed` would have reported a violation.
fn vis_02_at_view_ended(open: &OpenView, found: &mut Found) {
    if open.tenant.is_some() && !open.seen.0 {
        found.exercise(Clause::VIS_02);
    }
}

/// 1. An actor without a grant requests a run that exists.
/// 2. The reply is "forbidden", while a run that does not exist gives "not found".
fn vis_03_at_run_viewed(open: &OpenView, shown: Shown, disclosed: u32, found: &mut Found) {
    if !open.seen.0 {
        found.check(Clause::VIS_03, (shown, disclosed) == (Shown::None, 0));
    }
}

/// 1. A surface is opened without a tenant.
/// 2. It shows a run.
fn vis_04_at_shown(open: &OpenView, found: &mut Found) {
    if open.tenant.is_none() {
        found.violate(Clause::VIS_04);
    }
}

/// Exercised when a surface without a tenant ends while a run is active. If the surface had shown a run,
/// `vis_04_at_shown` would have reported a violation.
fn vis_04_at_view_ended(open: &OpenView, ledger: &Ledger<'_>, found: &mut Found) {
    let active = || ledger.runs.iter().any(|run| run.completed.is_none());
    if open.tenant.is_none() && open.asked.is_none() && active() {
        found.exercise(Clause::VIS_04);
    }
}

/// 1. An actor may see a tenant's runs, and one of them is active.
/// 2. A surface of the tenant begins and ends without showing that run.
fn vis_05_at_view_ended(open: &OpenView, ledger: &Ledger<'_>, found: &mut Found) {
    // A view of one run is not a surface.
    let Some(tenant) = open.tenant.filter(|_| open.seen.1 && ledger.views_surface(open.view)) else { return };
    for (run, note) in ledger.numbered() {
        let all_along = note.enqueued_event < open.began && note.completed.is_none();
        if all_along && ledger.of(run).tenant == tenant {
            found.check(Clause::VIS_05, open.shown.contains(&run));
        }
    }
}

/// Returns whether a run had ended with a pack before this event.
fn published_before(run: RunId, at: u64, ledger: &Ledger<'_>) -> bool {
    let ended = ledger.runs.get(run.index()).and_then(|note| note.completed);
    ended.is_some_and(|ended| ended.at < at && ended.outcome != Some(Outcome::Failed) && ledger.of(run).publishes)
}

/// Returns whether a grant lets an actor see runs. In the contract's words: "a policy grants access" (section 7).
const fn sees(grant: Grant) -> bool {
    matches!(grant, Grant::View | Grant::Operate)
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use crate::invariant::tests::tape::{ADA, BEN, PACK, RUN, TENANT, packed, requested};

    let read = |found| {
        let (run, view, whole) = (RUN, Some(0), found);
        Event::ArtifactRead { run, view, found, whole, entries: 0, held: 0, digest: 1 }
    };
    let viewed = |shown, disclosed| Event::RunViewed { view: 0, actor: ADA, run: RUN, shown, disclosed };
    let published = || packed().complete(0, Outcome::Succeeded, None).and(Event::Published { run: RUN, digest: 1 });
    let queued = || requested(&[PACK]);
    vec![
        ("artf_01_at_artifact_read", published().asked(BEN).and(read(false))),
        ("vis_01_at_shown", queued().surface(BEN, Some(TenantId(1))).shows(Shown::Queued)),
        ("vis_02_at_shown", queued().surface(ADA, Some(TENANT)).shows(Shown::Queued)),
        ("vis_02_at_artifact_read", queued().asked(ADA).and(read(true))),
        ("vis_02_at_run_viewed", queued().asked(ADA).and(viewed(Shown::Queued, 0))),
        ("vis_02_at_view_ended", queued().surface(ADA, Some(TENANT)).view_ended()),
        ("vis_03_at_run_viewed", queued().asked(ADA).and(viewed(Shown::None, 1))),
        ("vis_04_at_shown", queued().surface(BEN, None).shows(Shown::Queued)),
        ("vis_04_at_view_ended", queued().surface(BEN, None).view_ended()),
        ("vis_05_at_view_ended", queued().surface(BEN, Some(TENANT)).view_ended()),
    ]
}
