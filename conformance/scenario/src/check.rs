//! Checks between the parts of a scenario: which actor may request, which run waits for which, which requests are the
//! same, and whether each expectation fits its run.
//!
//! `tally` checks the numbers, and `exact` how exactly a final may be stated.

use std::collections::BTreeSet;

use truecount_engine::id::{ActorId, TenantId};
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_sim::fixture::Surface;

use super::draft::{Asker, Draft};
use super::expect::Stated;
use super::finding::{At, Findings};
use super::intern::Tables;
use super::rule;
use truecount_json::quoted;

/// What is expected of a run, if it is stated.
pub(super) type Entry<'f> = Option<Stated<'f>>;

/// Returns whether one of two runs waits, directly or not, for the other. A run whose `after` is unknown counts as
/// waiting.
pub(super) fn ordered(drafts: &[Draft<'_>], one: usize, other: usize) -> bool {
    let waits = |late: usize, early: usize| {
        // Each step leads to an earlier run, so the walk ends.
        let mut at = late;
        while let Some(before) = drafts.get(at).and_then(|draft| draft.after) {
            at = usize::from(before);
            if at == early {
                return true;
            }
        }
        false
    };
    let lost = |run: usize| drafts.get(run).is_some_and(|draft| draft.lost);
    lost(one) || lost(other) || waits(one, other) || waits(other, one)
}

/// Returns whether a run is expected to be refused.
pub(super) fn refused(entries: &[Entry<'_>], run: usize) -> bool {
    entries.get(run).and_then(Option::as_ref).is_some_and(|stated| stated.said.refused)
}

/// What the policy grants, as far as it was understood.
#[derive(Default)]
pub(super) struct Grants<'f> {
    /// The grants.
    pub(super) list: Vec<(ActorId, TenantId, Grant)>,
    /// Where each is written.
    pub(super) places: Vec<At<'f>>,
    /// Whether every grant was understood; otherwise no actor is reported to lack one.
    pub(super) whole: bool,
}

/// The checks of a scenario, as far as its values were understood.
pub(super) struct Check<'a, 'f> {
    /// The names.
    pub(super) tables: &'a Tables<'f>,
    /// What the policy grants.
    pub(super) grants: &'a Grants<'f>,
    /// Who keeps looking at what.
    pub(super) surfaces: &'a [Surface],
    /// The runs.
    pub(super) drafts: &'a [Draft<'f>],
    /// What is expected of each.
    pub(super) entries: &'a [Entry<'f>],
    /// Whether limits may be used up.
    pub(super) exhaust: bool,
    /// What is wrong.
    pub(super) findings: &'a mut Findings,
}

impl Check<'_, '_> {
    /// Checks that each grant is used by a request or a surface.
    pub(super) fn grants(&mut self) {
        // A run that was not understood may be the one that uses it, and a file without a run gets only that problem.
        if self.drafts.is_empty() || self.drafts.iter().any(|draft| draft.asker.is_none() || draft.tenant.is_none()) {
            return;
        }
        let asks = self.drafts.iter().filter_map(|draft| match draft.asker? {
            Asker::Actor(actor) => Some((actor, draft.tenant?)),
            Asker::System => None,
        });
        let views = self.surfaces.iter().filter_map(|surface| Some((surface.actor, surface.tenant?)));
        let used: BTreeSet<(ActorId, TenantId)> = asks.chain(views).collect();
        for (&(actor, tenant, _), at) in self.grants.list.iter().zip(&self.grants.places) {
            if !used.contains(&(actor, tenant)) {
                self.findings
                    .add(at.opening(), rule::UNUSED_GRANT, "no request and no surface uses this grant")
                    .expected("a run or a surface of that actor in that tenant")
                    .help("remove it, or grant it to an actor that requests a run or views a surface");
            }
        }
    }

    /// Checks every run against what is expected of it.
    pub(super) fn runs(&mut self) {
        for (run, (draft, entry)) in self.drafts.iter().zip(self.entries).enumerate() {
            if let Some(after) = draft.after
                && refused(self.entries, usize::from(after))
            {
                self.findings
                    .add(draft.at.key("after").span(), rule::AFTER_REFUSED, "what is refused never becomes terminal")
                    .expected("a run that is made");
            }
            let Some(stated) = entry else { continue };
            self.permission(draft, stated);
            self.nothing_more(draft, stated);
            self.same_as(run, draft, stated);
            self.cause(stated);
            self.phased(draft, stated);
            self.planned(draft, stated);
        }
    }

    fn permission(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        let (Some(asker), Some(tenant)) = (draft.asker, draft.tenant) else { return };
        let may = match asker {
            Asker::System => true,
            Asker::Actor(actor) => self.grants.list.contains(&(actor, tenant, Grant::Operate)),
        };
        if stated.said.refused && may {
            self.findings
                .add(stated.at.key("refused").span(), rule::NOT_REFUSED, "this actor may operate there")
                .help("take the grant away, or expect how the run ends");
        } else if !stated.said.refused && !may && self.grants.whole {
            self.findings
                .add(stated.at.name(), rule::MUST_BE_REFUSED, "no grant lets this actor operate there")
                .expected("`{\"refused\": true}`")
                .help("or add a grant of `operate` to `grants`");
        }
    }

    fn nothing_more(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        let written = stated.written;
        let ends = written.states_an_end();
        if !ends && !written.refused && written.same_as.is_none() {
            self.findings
                .add(stated.at.opening(), rule::EMPTY_EXPECTATION, "nothing is expected here")
                .expected("an outcome, counts or units, or `same_as`, or `refused`");
        }
        let alone = if written.refused { "refused" } else { "same_as" };
        let both = written.refused && written.same_as.is_some();
        if both || (ends && (written.refused || written.same_as.is_some())) {
            self.findings
                .add(
                    stated.at.key(alone).name(),
                    rule::EXPECTS_MORE,
                    format!("`{alone}` allows no other key beside it"),
                )
                .help("such a request makes no run of its own, so there is nothing else to expect");
        }
        if let Some(key) = draft.scripted.filter(|_| written.refused) {
            self.findings
                .add(draft.at.key(key).name(), rule::UNPLANNED_RESPONSES, "a refused request plans nothing")
                .help(format!("leave `{key}` away"));
        }
    }

    fn same_as(&mut self, run: usize, draft: &Draft<'_>, stated: &Stated<'_>) {
        let Some(same) = stated.said.same_as.map(usize::from) else { return };
        let (Some(other), span) = (self.drafts.get(same), stated.at.key("same_as").span()) else { return };
        let name = quoted(other.name);
        if same == run {
            self.findings.add(span, rule::SAME_AS_CHAIN, format!("{name} is itself")).expected("another run");
            return;
        }
        let makes_none = |stated: &Stated<'_>| stated.said.refused || stated.said.same_as.is_some();
        if self.entries.get(same).and_then(Option::as_ref).is_some_and(makes_none) {
            self.findings
                .add(span, rule::SAME_AS_CHAIN, format!("{name} makes no run of its own"))
                .expected("a run whose end is stated");
        }
        if ordered(self.drafts, run, same) {
            self.findings
                .add(span, rule::SAME_AS_ORDERED, format!("{name} is terminal before the other is asked for"))
                .help("take `after` away: only an active run can be found");
        }
        let family = |draft: &Draft<'_>| draft.family.map(|family| family.id);
        let known = draft.tenant.is_some() && draft.plan.is_some() && other.tenant.is_some() && other.plan.is_some();
        let differs = if draft.tenant != other.tenant {
            "another tenant"
        } else if family(draft) != family(other) {
            "another family"
        } else if draft.plan != other.plan {
            // The identity is the digest of the plan, so in request order the order counts.
            "another plan"
        } else if !draft.has_the_scripts_of(other) {
            // Either of the two may be the one that is accepted.
            "another script"
        } else {
            return;
        };
        if known {
            self.findings
                .add(span, rule::SAME_AS_DIFFERS, format!("{name} has {differs}"))
                .expected("the same tenant, family, objects and scripts");
        }
    }

    fn cause(&mut self, stated: &Stated<'_>) {
        let at = stated.at.key("cause");
        if stated.written.cause.is_none() {
            return;
        }
        if !stated.said.outcome.contains(&Outcome::Failed) {
            self.findings
                .add(at.name(), rule::CAUSE_WITHOUT_FAILED, "a run has a cause only where it fails")
                .expected("`failed` among the outcomes");
        }
        if !self.exhaust {
            self.findings
                .add(at.name(), rule::CAUSE_WITHOUT_EXHAUST, "a run fails as a whole only when a limit is reached")
                .expected("`\"exhaust\": true`");
        }
    }

    fn phased(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        if !draft.is_phased() {
            return;
        }
        let written = [("counts", !stated.written.counts.0.is_empty()), ("units", stated.written.units.is_some())];
        for (key, _) in written.into_iter().filter(|(_, written)| *written) {
            self.findings
                .add(stated.at.key(key).name(), rule::UNITS_OF_PHASED, "a phased family plans no units")
                .help(format!("leave `{key}` away"));
        }
    }

    fn planned(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        let Some(units) = draft.units() else { return };
        if stated.written.units.is_none() || draft.is_phased() {
            return;
        }
        let at = stated.at.key("units");
        let mut planned = units.to_vec();
        planned.sort_unstable();
        let mut reported = None;
        for ((object, _), &number) in stated.said.units.iter().zip(&stated.unit_keys) {
            // One object represents its range.
            if planned.binary_search(object).is_err() && reported.replace(number) != Some(number) {
                let name = quoted(self.tables.objects.name(*object));
                self.findings
                    .add(at.nth(number).name(), rule::UNIT_NOT_PLANNED, format!("no unit for {name} is planned"))
                    .expected("an object of the run's `request`")
                    .help("remove it, or request the object");
            }
        }
        let stated_for = |object| stated.said.units.binary_search_by_key(object, |&(stated, _)| stated).is_ok();
        let missing: Vec<_> = planned.iter().filter(|object| !stated_for(object)).collect();
        if let Some(first) = missing.first().filter(|_| stated.units_known) {
            let name = quoted(self.tables.objects.name(**first));
            let others = match missing.len() - 1 {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            self.findings
                .add(at.opening(), rule::UNIT_MISSING, format!("the unit for {name}{others} is left out"))
                .expected("every planned unit, where `units` is given")
                .help("say what it resolves to, or omit `units`");
        }
    }
}
