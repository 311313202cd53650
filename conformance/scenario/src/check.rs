//! Checks across several parts of a scenario: permissions, dependencies between runs, requests for the same run, and
//! whether each expectation fits its run.
//!
//! `tally` checks the numbers. `exact` checks whether final results may be stated exactly.

use std::collections::BTreeSet;

use truecount_engine::family::FailurePolicy;
use truecount_engine::id::{ActorId, TenantId};
use truecount_engine::policy::Grant;
use truecount_engine::run::{Cause, Outcome};
use truecount_sim::fixture::Surface;

use super::draft::{Draft, Requester};
use super::expect::Stated;
use super::finding::{At, Findings};
use super::intern::Tables;
use super::rule;
use truecount_json::quoted;

/// The expectation for a run, if the file states one.
pub(super) type Entry<'f> = Option<Stated<'f>>;

/// Returns whether one of two runs waits for the other, directly or indirectly. A run whose `after` is not valid is
/// assumed to wait for the other.
pub(super) fn ordered(drafts: &[Draft<'_>], one: usize, other: usize) -> bool {
    let waits = |late: usize, early: usize| {
        // Each step leads to an earlier run, so the loop ends.
        let mut at = late;
        while let Some(before) = drafts.get(at).and_then(|draft| draft.after) {
            at = usize::from(before);
            if at == early {
                return true;
            }
        }
        false
    };
    let unknown = |run: usize| drafts.get(run).is_some_and(|draft| draft.after_invalid);
    unknown(one) || unknown(other) || waits(one, other) || waits(other, one)
}

/// Returns whether a run is expected to be refused.
pub(super) fn refused(entries: &[Entry<'_>], run: usize) -> bool {
    entries.get(run).and_then(Option::as_ref).is_some_and(|stated| stated.expected.refused)
}

/// The grants that were understood.
#[derive(Default)]
pub(super) struct Grants<'f> {
    pub(super) list: Vec<(ActorId, TenantId, Grant)>,
    /// The location of each grant in the file.
    pub(super) places: Vec<At<'f>>,
    /// Whether every grant was understood. If not, missing grants are not reported.
    pub(super) whole: bool,
}

/// Checks the parts of a scenario that were understood.
pub(super) struct Check<'a, 'f> {
    pub(super) tables: &'a Tables<'f>,
    pub(super) grants: &'a Grants<'f>,
    pub(super) surfaces: &'a [Surface],
    pub(super) drafts: &'a [Draft<'f>],
    /// The expectation for each run.
    pub(super) entries: &'a [Entry<'f>],
    /// Whether limits may be exhausted.
    pub(super) exhaust: bool,
    pub(super) findings: &'a mut Findings,
}

impl Check<'_, '_> {
    /// Checks that each grant is used by a request or a surface.
    pub(super) fn grants(&mut self) {
        // A run that was not understood may use the grant. For a file without runs, only the lack of runs is reported.
        if self.drafts.is_empty() || self.drafts.iter().any(|draft| draft.requester.is_none() || draft.tenant.is_none())
        {
            return;
        }
        let asks = self.drafts.iter().filter_map(|draft| match draft.requester? {
            Requester::Actor(actor) => Some((actor, draft.tenant?)),
            Requester::System => None,
        });
        let views = self.surfaces.iter().filter_map(|surface| Some((surface.actor, surface.tenant?)));
        let used: BTreeSet<(ActorId, TenantId)> = asks.chain(views).collect();
        for (&(actor, tenant, _), at) in self.grants.list.iter().zip(&self.grants.places) {
            if !used.contains(&(actor, tenant)) {
                self.findings
                    .add(at.opening(), rule::UNUSED_GRANT, "no request and no surface uses this grant")
                    .expected("a run or a surface for this actor in this tenant")
                    .help("remove it, or give it to an actor that requests a run or views a surface");
            }
        }
    }

    /// Checks every run against its expectation.
    pub(super) fn runs(&mut self) {
        for (run, (draft, entry)) in self.drafts.iter().zip(self.entries).enumerate() {
            if let Some(after) = draft.after
                && refused(self.entries, usize::from(after))
            {
                self.findings
                    .add(draft.at.key("after").span(), rule::AFTER_REFUSED, "a refused request creates no run")
                    .expected("a run whose request is not refused");
            }
            let Some(stated) = entry else { continue };
            self.permission(draft, stated);
            self.nothing_more(draft, stated);
            self.same_as(run, draft, stated);
            self.cause(draft, stated);
            self.phased(draft, stated);
            self.planned(draft, stated);
        }
    }

    fn permission(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        let (Some(requester), Some(tenant)) = (draft.requester, draft.tenant) else { return };
        let may = match requester {
            Requester::System => true,
            Requester::Actor(actor) => self.grants.list.contains(&(actor, tenant, Grant::Operate)),
        };
        if stated.expected.refused && may {
            self.findings
                .add(stated.at.key("refused").span(), rule::NOT_REFUSED, "this actor may operate in this tenant")
                .help("remove the grant, or state how the run ends");
        } else if !stated.expected.refused && !may && self.grants.whole {
            self.findings
                .add(stated.at.name(), rule::MUST_BE_REFUSED, "no grant allows this actor to operate in this tenant")
                .expected("`{\"refused\": true}`")
                .help("alternatively, add an `operate` grant to `grants`");
        }
    }

    fn nothing_more(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        let written = stated.written;
        let ends = written.states_an_end();
        if !ends && !written.refused && written.same_as.is_none() {
            self.findings
                .add(stated.at.opening(), rule::EMPTY_EXPECTATION, "the expectation is empty")
                .expected("an outcome, counts, units, `same_as` or `refused`");
        }
        let alone = if written.refused { "refused" } else { "same_as" };
        let both = written.refused && written.same_as.is_some();
        if both || (ends && (written.refused || written.same_as.is_some())) {
            self.findings
                .add(
                    stated.at.key(alone).name(),
                    rule::EXPECTS_MORE,
                    format!("`{alone}` cannot be combined with other keys"),
                )
                .help("remove the other keys: such a request creates no run of its own");
        }
        if let Some(key) = draft.scripted.filter(|_| written.refused) {
            self.findings
                .add(draft.at.key(key).name(), rule::UNPLANNED_RESPONSES, "a refused request plans nothing")
                .help(format!("remove `{key}`"));
        }
    }

    fn same_as(&mut self, run: usize, draft: &Draft<'_>, stated: &Stated<'_>) {
        let Some(same) = stated.expected.same_as.map(usize::from) else { return };
        let (Some(other), span) = (self.drafts.get(same), stated.at.key("same_as").span()) else { return };
        let name = quoted(other.name);
        if same == run {
            self.findings
                .add(span, rule::SAME_AS_CHAIN, format!("{name} is the request itself"))
                .expected("a different run");
            return;
        }
        let makes_none = |stated: &Stated<'_>| stated.expected.refused || stated.expected.same_as.is_some();
        if self.entries.get(same).and_then(Option::as_ref).is_some_and(makes_none) {
            self.findings
                .add(span, rule::SAME_AS_CHAIN, format!("{name} creates no run of its own"))
                .expected("a request that creates its own run");
        }
        if ordered(self.drafts, run, same) {
            self.findings
                .add(span, rule::SAME_AS_ORDERED, format!("this run and {name} are never active at the same time"))
                .help("remove `after`: a request returns an existing run only if that run is active");
        }
        let family = |draft: &Draft<'_>| draft.family.map(|family| family.id);
        let known = draft.tenant.is_some() && draft.plan.is_some() && other.tenant.is_some() && other.plan.is_some();
        let differs = if draft.tenant != other.tenant {
            "a different tenant"
        } else if family(draft) != family(other) {
            "a different family"
        } else if draft.plan != other.plan {
            // The digest of the plan is part of a run's identity, so the order matters if the plan keeps the order of
            // the request.
            "a different plan"
        } else if draft.failure != other.failure {
            "a different failure policy"
        } else if !draft.has_the_scripts_of(other) {
            // Either of the two requests may create the run.
            "a different script"
        } else {
            return;
        };
        if known {
            self.findings
                .add(span, rule::SAME_AS_DIFFERS, format!("{name} has {differs}"))
                .expected("the same tenant, family, objects and scripts");
        }
    }

    fn cause(&mut self, draft: &Draft<'_>, stated: &Stated<'_>) {
        let at = stated.at.key("cause");
        if stated.written.cause.is_none() {
            return;
        }
        if !stated.expected.outcome.contains(&Outcome::Failed) {
            self.findings
                .add(at.name(), rule::CAUSE_WITHOUT_FAILED, "a run has a cause only if it fails")
                .expected("`failed` among the outcomes");
        }
        if stated.expected.cause == Some(Cause::FailFast) {
            if draft.failure != FailurePolicy::FailFast {
                self.findings
                    .add(at.span(), rule::CAUSE_WITHOUT_FAIL_FAST, "this run attempts every unit")
                    .expected("`\"failure_policy\": \"fail_fast\"` in the run");
            }
        } else if !self.exhaust {
            self.findings
                .add(
                    at.name(),
                    rule::CAUSE_WITHOUT_EXHAUST,
                    "a run can fail as a whole only if limits may be exhausted",
                )
                .expected("`\"exhaust_limits\": true`");
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
                .help(format!("remove `{key}`"));
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
        for ((object, _), &number) in stated.expected.units.iter().zip(&stated.unit_keys) {
            // Only one object of a range is reported.
            if planned.binary_search(object).is_err() && reported.replace(number) != Some(number) {
                let name = quoted(self.tables.objects.name(*object));
                self.findings
                    .add(at.nth(number).name(), rule::UNIT_NOT_PLANNED, format!("the run plans no unit for {name}"))
                    .expected("an object from the run's `request`")
                    .help("remove this entry, or request the object");
            }
        }
        let stated_for = |object| stated.expected.units.binary_search_by_key(object, |&(stated, _)| stated).is_ok();
        let missing: Vec<_> = planned.iter().filter(|object| !stated_for(object)).collect();
        if let Some(first) = missing.first().filter(|_| stated.units_known) {
            let name = quoted(self.tables.objects.name(**first));
            let others = match missing.len() - 1 {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            self.findings
                .add(at.opening(), rule::UNIT_MISSING, format!("`units` omits {name}{others}"))
                .expected("every planned unit, if `units` is given")
                .help("state what each omitted unit resolves to, or remove `units`");
        }
    }
}
