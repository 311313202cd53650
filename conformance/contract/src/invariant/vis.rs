//! VIS: who may see a run.

use truecount_engine::id::{ActorId, RunId, TenantId};
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, Shown};

use super::{Checker, Found};
use crate::clause::Clause;
use crate::ledger::Ledger;

/// A rendering, or a request for one run, in progress.
#[derive(Clone, Debug)]
struct Looking {
    view: u16,
    actor: ActorId,
    /// The tenant of the surface; none for a surface without one.
    tenant: Option<TenantId>,
    /// The one run that is asked for.
    asked: Option<RunId>,
    /// Where in the trace it began.
    began: u64,
    /// Whether the policy let the actor see the tenant's runs at some instant since, and at every one.
    seen: (bool, bool),
    shown: Vec<RunId>,
}

/// The checker of VIS.
#[derive(Debug, Default)]
pub(crate) struct Vis {
    looking: Vec<Looking>,
}

pooled!(Vis { looking });

impl Checker for Vis {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::ViewBegan { view, actor, tenant } => self.began(view, actor, tenant, None, ledger),
            Event::RunAsked { view, actor, run } => {
                // No actor has a grant for a run that does not exist; it may be created before the reply.
                let tenant = ledger.runs.get(run.index()).map(|_| ledger.of(run).tenant);
                self.began(view, actor, tenant, Some(run), ledger);
            }
            Event::Enqueued { run, tenant, .. } => {
                for looking in self.looking.iter_mut().filter(|looking| looking.asked == Some(run)) {
                    let now = sees(ledger.grant(looking.actor, tenant));
                    (looking.tenant, looking.seen) = (Some(tenant), (now, now));
                }
            }
            Event::GrantChanged { actor, tenant, grant } => {
                for looking in self.looking.iter_mut().filter(|l| (l.actor, l.tenant) == (actor, Some(tenant))) {
                    looking.seen.0 |= sees(grant);
                    looking.seen.1 &= sees(grant);
                }
            }
            Event::Shown { view, run, .. } => {
                let Some(looking) = self.looking.iter_mut().find(|looking| looking.view == view) else { return };
                looking.shown.push(run);
                vis_01_at_shown(looking, run, ledger, found);
                vis_02_at_shown(looking, found);
                vis_04_at_shown(looking, found);
            }
            Event::ArtifactRead { view: Some(view), run, found: exists, .. } => {
                let Some(looking) = self.of(view) else { return };
                artf_01_at_artifact_read(looking, run, exists, ledger, found);
                vis_02_at_artifact_read(looking, exists, found);
            }
            Event::RunViewed { view, shown, disclosed, .. } => {
                let Some(looking) = self.of(view) else { return };
                vis_02_at_run_viewed(looking, shown, found);
                vis_03_at_run_viewed(looking, shown, disclosed, found);
            }
            Event::ViewEnded { view, .. } => {
                let Some(at) = self.looking.iter().position(|looking| looking.view == view) else { return };
                let looking = self.looking.remove(at);
                vis_02_at_view_ended(&looking, found);
                vis_04_at_view_ended(&looking, ledger, found);
                vis_05_at_view_ended(&looking, ledger, found);
            }
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.looking.clear();
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { looking } = self;
        fingerprinter.word(looking.len() as u64);
        for Looking { view, actor, tenant, asked, began, seen, shown } in looking {
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
        self.looking.retain(|looking| looking.view != view);
        let began = ledger.event;
        self.looking.push(Looking { view, actor, tenant, asked, began, seen: (now, now), shown: Vec::new() });
    }

    fn of(&self, view: u16) -> Option<&Looking> {
        self.looking.iter().find(|looking| looking.view == view)
    }
}

/// 1. A pack is published, and an actor may see its run.
/// 2. The actor asks for the pack, and there is none.
fn artf_01_at_artifact_read(looking: &Looking, run: RunId, exists: bool, ledger: &Ledger<'_>, found: &mut Found) {
    if !exists && looking.seen.1 && published_before(run, looking.began, ledger) {
        found.violate(Clause::ARTF_01);
    }
}

/// 1. Tenants 1 and 2 each have a run.
/// 2. A surface of tenant 1 shows the run of tenant 2.
fn vis_01_at_shown(looking: &Looking, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(tenant) = looking.tenant {
        found.check(Clause::VIS_01, ledger.of(run).tenant == tenant);
    }
}

/// 1. An actor's grant is revoked.
/// 2. A surface begins for that actor, and shows a run of the tenant.
fn vis_02_at_shown(looking: &Looking, found: &mut Found) {
    if looking.tenant.is_some() {
        found.check(Clause::VIS_02, looking.seen.0);
    }
}

/// 1. An actor's grant is revoked.
/// 2. The actor asks for the pack of a run, and reads it.
fn vis_02_at_artifact_read(looking: &Looking, exists: bool, found: &mut Found) {
    if exists {
        found.check(Clause::VIS_02, looking.seen.0);
    }
}

/// 1. An actor's grant is revoked.
/// 2. The actor asks for one run, and is shown its progress.
fn vis_02_at_run_viewed(looking: &Looking, shown: Shown, found: &mut Found) {
    if !looking.seen.0 {
        found.check(Clause::VIS_02, shown == Shown::None);
    }
}

/// 1. An actor has no grant from the beginning of a view to its end.
/// 2. The view has shown a run.
fn vis_02_at_view_ended(looking: &Looking, found: &mut Found) {
    if looking.tenant.is_some() && !looking.seen.0 {
        found.check(Clause::VIS_02, looking.shown.is_empty());
    }
}

/// 1. An actor without a grant requests a run that exists.
/// 2. The reply is "forbidden", while a run that does not exist gives "not found".
fn vis_03_at_run_viewed(looking: &Looking, shown: Shown, disclosed: u32, found: &mut Found) {
    if !looking.seen.0 {
        found.check(Clause::VIS_03, (shown, disclosed) == (Shown::None, 0));
    }
}

/// 1. A surface is opened without a tenant.
/// 2. It shows a run.
fn vis_04_at_shown(looking: &Looking, found: &mut Found) {
    if looking.tenant.is_none() {
        found.violate(Clause::VIS_04);
    }
}

/// Exercised by a surface without a tenant, while a run is active, that has shown none.
fn vis_04_at_view_ended(looking: &Looking, ledger: &Ledger<'_>, found: &mut Found) {
    let active = || ledger.runs.iter().any(|run| run.completed.is_none());
    if looking.tenant.is_none() && looking.asked.is_none() && active() {
        found.check(Clause::VIS_04, looking.shown.is_empty());
    }
}

/// 1. An actor may see a tenant's runs, and one of them is active.
/// 2. A surface of the tenant begins and ends, and has not shown that run.
fn vis_05_at_view_ended(looking: &Looking, ledger: &Ledger<'_>, found: &mut Found) {
    // A view of one run is not a surface.
    let Some(tenant) = looking.tenant.filter(|_| looking.seen.1 && ledger.views_surface(looking.view)) else { return };
    for (run, note) in ledger.numbered() {
        let all_along = note.enqueued_event < looking.began && note.completed.is_none();
        if all_along && ledger.of(run).tenant == tenant {
            found.check(Clause::VIS_05, looking.shown.contains(&run));
        }
    }
}

/// Whether a run had ended with a pack before this point of the trace.
fn published_before(run: RunId, at: u64, ledger: &Ledger<'_>) -> bool {
    let ended = ledger.runs.get(run.index()).and_then(|note| note.completed);
    ended.is_some_and(|ended| ended.at < at && ended.outcome != Some(Outcome::Failed) && ledger.of(run).publishes)
}

/// Returns whether a grant lets an actor see runs: in the contract's words, "a policy grants access" (section 7).
const fn sees(grant: Grant) -> bool {
    matches!(grant, Grant::View | Grant::Operate)
}
