//! VIS: who may see a run.

use truecount_engine::id::{ActorId, RunId, TenantId};
use truecount_engine::index::ix;
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, Shown};

use super::Found;
use crate::clause::Clause;
use crate::ledger::Ledger;

/// A rendering, or a question for one run, under way.
#[derive(Clone, Debug)]
struct Looking {
    view: u16,
    actor: ActorId,
    /// The tenant of the surface; none for a surface with no tenant.
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

impl Vis {
    pub(crate) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { looking } = self;
        fingerprinter.word(looking.len() as u64);
        for Looking { view, actor, tenant, asked, began, seen, shown } in looking {
            fingerprinter.view(*view);
            fingerprinter.place(*began);
            fingerprinter.value(&(actor, tenant, asked, seen, shown));
        }
    }

    pub(crate) fn reset(&mut self) {
        self.looking.clear();
    }

    #[inline]
    pub(crate) fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::ViewBegan { view, actor, tenant } => self.began(view, actor, tenant, None, ledger),
            Event::RunAsked { view, actor, run } => {
                // Of a run that is not there, nobody has a grant; it may come while it is asked for.
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
                match looking.tenant {
                    None => found.check(Clause::VIS_04, false),
                    Some(tenant) => {
                        found.check(Clause::VIS_01, ledger.of(run).tenant == tenant);
                        found.check(Clause::VIS_02, looking.seen.0);
                    }
                }
            }
            Event::ArtifactRead { view: Some(view), run, found: there, .. } => {
                let Some(looking) = self.looking.iter().find(|looking| looking.view == view) else { return };
                if there {
                    found.check(Clause::VIS_02, looking.seen.0);
                } else if looking.seen.1 && published_before(run, looking.began, ledger) {
                    found.check(Clause::ARTF_01, false);
                }
            }
            Event::RunViewed { view, run, shown, tell, .. } => self.viewed(view, run, shown, tell, found),
            Event::ViewEnded { view, .. } => self.ended(view, ledger, found),
            _ => {}
        }
    }

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

    fn viewed(&self, view: u16, _: RunId, shown: Shown, tell: u32, found: &mut Found) {
        let Some(looking) = self.looking.iter().find(|looking| looking.view == view) else { return };
        if looking.seen.0 {
            return;
        }
        // Whether there is such a run or not: the answer is the same, and has nothing in it.
        found.check(Clause::VIS_03, (shown, tell) == (Shown::None, 0));
        found.check(Clause::VIS_02, shown == Shown::None);
    }

    fn ended(&mut self, view: u16, ledger: &Ledger<'_>, found: &mut Found) {
        let Some(at) = self.looking.iter().position(|looking| looking.view == view) else { return };
        let looking = self.looking.remove(at);
        match looking.tenant {
            None if looking.asked.is_none() && ledger.runs.iter().any(|run| run.completed.is_none()) => {
                found.check(Clause::VIS_04, looking.shown.is_empty());
            }
            // A question for one run is no surface.
            Some(tenant) if looking.seen.1 && ledger.views_surface(view) => {
                for (place, note) in ledger.runs.iter().enumerate() {
                    let run = RunId(ix(place));
                    let all_along = note.enqueued_event < looking.began && note.completed.is_none();
                    if all_along && ledger.of(run).tenant == tenant {
                        found.check(Clause::VIS_05, looking.shown.contains(&run));
                    }
                }
            }
            // Who may see nothing at any instant was shown nothing.
            Some(_) if !looking.seen.0 => found.check(Clause::VIS_02, looking.shown.is_empty()),
            _ => {}
        }
    }
}

/// Whether a run had ended with a pack before this point of the trace.
fn published_before(run: RunId, at: u64, ledger: &Ledger<'_>) -> bool {
    let ended = ledger.runs.get(run.index()).and_then(|note| note.completed);
    ended.is_some_and(|ended| ended.at < at && ended.outcome != Some(Outcome::Failed) && ledger.of(run).publishes)
}

/// Whether a grant lets an actor see runs: section 7, in the contract's own words "a policy grants it".
fn sees(grant: Grant) -> bool {
    matches!(grant, Grant::View | Grant::Operate)
}
