//! Lowers the runs of a scenario to drafts for the fixture.
//!
//! A request has an actor, a tenant, a family, objects and scripts. The module `expect` reads the expectations.

use std::collections::BTreeSet;

use truecount_engine::family::{FailurePolicy, FamilyId};
use truecount_engine::id::{ActorId, ObjectId};
use truecount_engine::plan::{Input, Plan};
use truecount_sim::fixture::Script;

use super::draft::{Draft, Requester};
use super::finding::{At, Findings};
use super::intern::{SYSTEM, Tables};
use super::kind::Kind;
use super::name::{NAMES_MAX, Spelling};
use super::naming::duplicate;
use super::script::{self, Target};
use super::{format, rule};
use truecount_contract::contract;
use truecount_contract::reference::planned;
use truecount_json::quoted;

/// State shared by the lowering of all runs.
pub(super) struct Lowering<'a, 'f> {
    pub(super) tables: &'a Tables<'f>,
    /// Whether limits may be exhausted.
    pub(super) exhaust: bool,
    pub(super) findings: &'a mut Findings,
    /// The number of objects that all requests together may still name.
    requested: usize,
    /// The number of objects that all responses together may still name.
    responded: usize,
}

impl<'a, 'f> Lowering<'a, 'f> {
    /// Prepares to lower a file's runs.
    pub(super) fn new(tables: &'a Tables<'f>, exhaust: bool, findings: &'a mut Findings) -> Self {
        Self { tables, exhaust, findings, requested: NAMES_MAX, responded: NAMES_MAX }
    }

    /// Lowers the run at index `place`.
    pub(super) fn run(&mut self, place: usize, run: &'f format::Run, at: At<'f>) -> Draft<'f> {
        let tenant = self.tables.tenant(at.key("tenant"), &run.tenant, self.findings);
        let requester = self.requester(at.key("actor"), &run.actor);
        let family = self.family(at.key("family"), &run.family);
        let failure = self.failure_policy(run, family, at.key("failure_policy"));
        let input = self.request(&run.request, at.key("request"));
        let excluded = self.exclude(run, input.as_deref(), family, at.key("exclude"));
        let input = input.zip(excluded).map(|(objects, excluded)| Input { objects, excluded });
        let after = run.after.as_deref().and_then(|name| self.after(place, name, at.key("after")));
        let after_invalid = run.after.is_some() && after.is_none();
        // This is the contract's plan, not the engine's: a planning bug in the engine must not look like a mistake in
        // the file.
        let plan = family.zip(input.as_ref()).map(|(family, input)| Plan::as_given(&planned(family.row, input)));
        let units = plan.as_ref().filter(|_| family.is_some_and(Kind::counts_units));
        let scripts = self.responses(run, units, family, at.key("responses"));
        let (planning, phases) = (at.key("planning"), at.key("phases"));
        let plan_script = script::read(&run.planning, planning, Target::Whole, family, self.exhaust, self.findings);
        if family.is_some_and(|family| !family.counts_units()) && !run.planning.is_empty() {
            self.findings
                .add(planning.name(), rule::PLANNING_OF_PHASED, format!("{} makes no plan", quoted(&run.family)))
                .help("move the responses to a phase under `phases`");
        }
        let publishing = at.key("publishing");
        let publish_script =
            script::read(&run.publishing, publishing, Target::Whole, family, self.exhaust, self.findings);
        if family.is_some_and(|family| !family.publishes()) && !run.publishing.is_empty() {
            let problem = format!("{} publishes nothing", quoted(&run.family));
            self.findings
                .add(publishing.name(), rule::PUBLISHING_OF_NOTHING, problem)
                .help("remove `publishing` from this run");
        }
        let phase_scripts = family.map_or_else(Vec::new, |family| self.phases(run, family, phases));
        let written = [
            ("responses", run.responses.0.len()),
            ("planning", run.planning.len()),
            ("phases", run.phases.0.len()),
            ("publishing", run.publishing.len()),
        ];
        let scripted = written.into_iter().find(|(_, length)| *length > 0).map(|(key, _)| key);
        let name = run.name.as_str();
        let input = input.unwrap_or_default();
        Draft {
            at,
            name,
            tenant,
            requester,
            family,
            failure,
            after,
            after_invalid,
            plan,
            scripted,
            input,
            scripts,
            plan_script,
            publish_script,
            phase_scripts,
        }
    }

    fn requester(&mut self, at: At<'_>, name: &str) -> Option<Requester> {
        if name == SYSTEM {
            return Some(Requester::System);
        }
        let found = self.tables.actors.find(name);
        if found.is_none() {
            let known = self.tables.actors.names().chain([SYSTEM]);
            self.findings.unknown(at.span(), rule::UNKNOWN_ACTOR, "actor", name, known).unlisted("actors");
        }
        found.map(|actor| Requester::Actor(ActorId(actor)))
    }

    fn family(&mut self, at: At<'_>, name: &str) -> Option<Kind> {
        let Some(family) = Kind::from_name(name) else {
            let known = FamilyId::ALL.map(FamilyId::name);
            let finding = self.findings.unknown(at.span(), rule::UNKNOWN_FAMILY, "family", name, known);
            finding.expected("a family listed by `truecount list families`");
            return None;
        };
        Some(family)
    }

    /// Returns the declared failure policy, or that of the family's profile.
    fn failure_policy(&mut self, run: &format::Run, family: Option<Kind>, at: At<'_>) -> FailurePolicy {
        let default = family.map_or(FailurePolicy::EveryUnit, Kind::failure_policy);
        let Some(name) = &run.failure_policy else { return default };
        let Some(policy) = FailurePolicy::from_name(name) else {
            let known = FailurePolicy::ALL.map(FailurePolicy::name);
            self.findings.unknown(at.span(), rule::UNKNOWN_FAILURE_POLICY, "failure policy", name, known);
            return default;
        };
        if let Some(family) = family
            && policy != default
            && !contract::may_declare(family.id, policy)
        {
            let problem =
                format!("the failure policy of {} is always {}", quoted(family.name()), quoted(default.name()));
            self.findings
                .add(at.span(), rule::FIXED_FAILURE_POLICY, problem)
                .help("remove `failure_policy`, or use `queue.fan_out`");
            return default;
        }
        policy
    }

    fn request(&mut self, written: &[String], at: At<'_>) -> Option<Vec<ObjectId>> {
        let mut input = Some(Vec::with_capacity(written.len()));
        for (number, text) in written.iter().enumerate() {
            let span = at.item(number).span();
            let found = self.tables.objects(span, text, &mut self.requested, self.findings);
            // An unknown object leaves the plan unknown, but the other objects are still checked.
            input = input.zip(found).map(|(mut input, found)| {
                input.extend(found);
                input
            });
        }
        input
    }

    /// Returns the objects that the options of a request exclude.
    fn exclude(
        &mut self,
        run: &format::Run,
        requested: Option<&[ObjectId]>,
        family: Option<Kind>,
        at: At<'_>,
    ) -> Option<Vec<ObjectId>> {
        if family.is_some_and(|family| !family.row.options) && !run.exclude.is_empty() {
            let problem = format!("a request for {} has no options", quoted(&run.family));
            self.findings
                .add(at.name(), rule::EXCLUDE_WITHOUT_OPTIONS, problem)
                .help("remove the objects from `request` instead");
            return Some(Vec::new());
        }
        let excluded = self.request(&run.exclude, at)?;
        self.check_excluded_once(run, at);
        let requested: Option<BTreeSet<ObjectId>> = requested.map(|requested| requested.iter().copied().collect());
        let named = |object: &ObjectId| requested.as_ref().is_none_or(|requested| requested.contains(object));
        if let Some(object) = excluded.iter().find(|object| !named(object)) {
            let name = quoted(self.tables.objects.name(*object));
            self.findings
                .add(at.name(), rule::EXCLUDES_NOTHING, format!("{name} is excluded but not requested"))
                .expected("objects from this run's `request`");
        }
        Some(excluded)
    }

    /// Checks that no object is excluded twice. Every name is known.
    fn check_excluded_once(&mut self, run: &format::Run, at: At<'_>) {
        let mut seen = BTreeSet::new();
        for (number, text) in run.exclude.iter().enumerate() {
            let Ok(spelling) = Spelling::read(text) else { continue };
            // Only one object of a range is reported.
            let mut again = None;
            for name in spelling.names() {
                if seen.contains(&name) {
                    again.get_or_insert(name);
                } else {
                    seen.insert(name);
                }
            }
            if let Some(name) = again {
                duplicate(at.item(number).span(), "excluded object", &name, self.findings);
            }
        }
    }

    fn after(&mut self, place: usize, name: &str, at: At<'_>) -> Option<u16> {
        let found = self.tables.run(at.span(), name, self.findings)?;
        match usize::from(found).cmp(&place) {
            std::cmp::Ordering::Less => return Some(found),
            std::cmp::Ordering::Equal => {
                self.findings.add(at.span(), rule::AFTER_ITSELF, format!("{} waits for itself", quoted(name)));
            }
            std::cmp::Ordering::Greater => {
                self.findings
                    .add(at.span(), rule::AFTER_LATER, format!("{} is listed after this run", quoted(name)))
                    .expected("a run that is listed before this one")
                    .help("list a run before those that wait for it");
            }
        }
        None
    }

    fn responses(&mut self, run: &format::Run, units: Option<&Plan>, family: Option<Kind>, at: At<'_>) -> Vec<Script> {
        let mut planned = units.map(|plan| plan.keys().to_vec()).unwrap_or_default();
        planned.sort_unstable();
        let unplanned = family.is_some_and(|family| !family.counts_units()) || units.is_some();
        let mut scripts: Vec<Script> = Vec::new();
        let mut given = Vec::new();
        for (number, key, written) in run.responses.iter() {
            let at = at.nth(number);
            let script = script::read(written, at, Target::Unit, family, self.exhaust, self.findings);
            let found = self.tables.objects(at.name(), key, &mut self.responded, self.findings);
            for object in found.unwrap_or_default() {
                if unplanned && planned.binary_search(&object).is_err() {
                    let name = quoted(self.tables.objects.name(object));
                    let finding = self.findings.add(
                        at.name(),
                        rule::UNPLANNED_RESPONSES,
                        format!("the run plans no unit for {name}"),
                    );
                    if units.is_some() {
                        finding
                            .expected("an object from this run's `request`")
                            .help("remove the responses, or request the object");
                    } else {
                        finding.help("a phased family has no units; move the responses to a phase under `phases`");
                    }
                    // Only one object of a range is reported.
                    break;
                }
                if scripts.len() <= object.index() {
                    scripts.resize_with(object.index() + 1, Script::default);
                }
                scripts[object.index()].clone_from(&script);
                given.push((object, number));
            }
        }
        self.tables.check_once(given, at, self.findings);
        scripts
    }

    fn phases(&mut self, run: &format::Run, family: Kind, at: At<'_>) -> Vec<Script> {
        let known = &family.row.phases;
        if known.is_empty() && !run.phases.0.is_empty() {
            self.findings
                .add(at.name(), rule::PHASES_OF_UNPHASED, format!("{} has no phases", quoted(&run.family)))
                .help("remove `phases`; use `planning` and `responses` for this family");
            return Vec::new();
        }
        let mut scripts = Vec::new();
        for (number, phase, written) in run.phases.iter() {
            let at = at.nth(number);
            let script = script::read(written, at, Target::Whole, Some(family), self.exhaust, self.findings);
            let Some(place) = known.iter().position(|name| name == phase) else {
                self.findings.unknown(at.name(), rule::UNKNOWN_PHASE, "phase", phase, known.iter().map(String::as_str));
                continue;
            };
            scripts.resize_with(known.len(), Script::default);
            scripts[place] = script;
        }
        scripts
    }
}
