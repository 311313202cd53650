//! The parts that can be removed from a scenario file.
//!
//! The expectation for a smaller plan is derived from the expectation for its units, by the formulas of the contract. A
//! value that cannot be derived is left open. This module runs no simulations. The caller decides what a smaller file
//! must still show.

use std::collections::BTreeSet;

use truecount_engine::counts::Key;
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;

use super::format::{Expect, File, Grant, Named, OneOrSet, Run};
use super::kind::Kind;
use super::name::Spelling;
use truecount_contract::contract::outcome;

/// The maximum number of names to which a range is expanded.
const NAMES_MAX: usize = 4_096;

/// A removable part of a file, by index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// A run and its expectation.
    Run(usize),
    /// An object in the request of a run, and everything that the run states about the object.
    Unit(usize, usize),
    /// An object that the options of a run exclude.
    Exclude(usize, usize),
    /// The dependency of a run on an earlier run, stated under `after`.
    After(usize),
    /// The script for a unit of a run.
    Responses(usize, usize),
    /// The scripts for the planning, the phases and the publishing of a run.
    Words(usize),
    Object(usize),
    Grant(usize),
    Surface(usize),
    Actor(usize),
    Tenant(usize),
    /// A kind of fault.
    Fault(usize),
    /// The permission to exhaust limits.
    ExhaustLimits,
}

/// Returns the file with its ranges of names expanded, except for very large ones.
pub fn spelled(file: &File) -> File {
    let mut out = file.clone();
    spell(&mut out.objects);
    for run in &mut out.runs {
        run.request = run.request.iter().flat_map(|text| names(text)).collect();
        run.exclude = run.exclude.iter().flat_map(|text| names(text)).collect();
        spell(&mut run.responses);
    }
    for (_, expect) in &mut out.expect.0 {
        if let Some(units) = &mut expect.units {
            spell(units);
        }
    }
    out
}

fn names(text: &str) -> Vec<String> {
    match Spelling::read(text) {
        Ok(spelling) if spelling.len() <= NAMES_MAX => spelling.names().map(String::from).collect(),
        _ => vec![text.to_owned()],
    }
}

fn spell<T: Clone>(named: &mut Named<T>) {
    let each = |(name, value): &(String, T)| -> Vec<(String, T)> {
        names(name).into_iter().map(|name| (name, value.clone())).collect()
    };
    named.0 = named.0.iter().flat_map(each).collect();
}

/// Returns the file without these parts and with a matching expectation.
pub fn without(file: &File, gone: &[Part]) -> File {
    let gone: BTreeSet<Part> = gone.iter().copied().collect();
    let mut out = file.clone();
    for (place, run) in out.runs.iter_mut().enumerate() {
        keep(&mut run.request, |inner| !gone.contains(&Part::Unit(place, inner)));
        keep(&mut run.exclude, |inner| !gone.contains(&Part::Exclude(place, inner)));
        keep(&mut run.responses.0, |inner| !gone.contains(&Part::Responses(place, inner)));
        if gone.contains(&Part::After(place)) {
            run.after = None;
        }
        if gone.contains(&Part::Words(place)) {
            run.planning.clear();
            run.publishing.clear();
            run.phases.0.clear();
        }
        let requested: BTreeSet<&String> = run.request.iter().collect();
        run.exclude.retain(|object| requested.contains(object));
        let plan = plan(run);
        run.responses.0.retain(|(object, _)| plan.contains(object));
    }
    for (run, before) in out.runs.iter().zip(&file.runs) {
        let expect = out.expect.0.iter_mut().find(|(name, _)| *name == run.name);
        if let Some((_, expect)) = expect
            && plan(run) != plan(before)
        {
            derive_from_units(expect, run);
        }
    }
    keep(&mut out.runs, |place| !gone.contains(&Part::Run(place)));
    let names: BTreeSet<String> = out.runs.iter().map(|run| run.name.clone()).collect();
    out.expect.0.retain(|(name, _)| names.contains(name));
    for run in &mut out.runs {
        run.after = run.after.take().filter(|name| names.contains(name));
    }
    keep(&mut out.objects.0, |place| !gone.contains(&Part::Object(place)));
    keep(&mut out.grants, |place| !gone.contains(&Part::Grant(place)));
    keep(&mut out.surfaces, |place| !gone.contains(&Part::Surface(place)));
    // The reader rejects an unused grant.
    let asked = |grant: &Grant| out.runs.iter().any(|run| run.actor == grant.actor && run.tenant == grant.tenant);
    let looked = |grant: &Grant| {
        out.surfaces.iter().any(|of| of.actor == grant.actor && of.tenant.as_ref() == Some(&grant.tenant))
    };
    out.grants.retain(|grant| asked(grant) || looked(grant));
    keep(&mut out.actors, |place| !gone.contains(&Part::Actor(place)));
    keep(&mut out.tenants, |place| !gone.contains(&Part::Tenant(place)));
    keep(&mut out.faults.0, |place| !gone.contains(&Part::Fault(place)));
    out.exhaust_limits &= !gone.contains(&Part::ExhaustLimits);
    for run in out.runs.iter().filter(|_| !gone.is_empty()) {
        let expect = out.expect.0.iter_mut().find(|(name, _)| *name == run.name);
        if let Some((_, expect)) = expect.filter(|(_, expect)| expect.states_an_end()) {
            state_what_is_known(expect, run, out.exhaust_limits);
        }
    }
    out
}

/// States the results that are known whatever the remaining faults are. Without a fault, or with an outcome that is left
/// open, an expectation might otherwise allow everything.
fn state_what_is_known(expect: &mut Expect, run: &Run, exhausts: bool) {
    let Some(family) = Kind::from_name(&run.family) else { return };
    if !family.counts_units() {
        if !exhausts && expect.outcome.is_some() {
            expect.outcome = Some(OneOrSet::One(Outcome::Succeeded.name().to_owned()));
        }
        return;
    }
    // A range that is too long to be expanded is not counted.
    if run.request.iter().any(|text| text.contains('{')) {
        return;
    }
    for key in [Key::Total, Key::Processed] {
        if !expect.counts.iter().any(|(_, name, _)| name == key.name()) {
            expect.counts.0.push((key.name().to_owned(), OneOrSet::One(plan(run).len() as u64)));
        }
    }
}

fn keep<T>(list: &mut Vec<T>, kept: impl Fn(usize) -> bool) {
    let mut places = 0..;
    list.retain(|_| places.next().is_some_and(&kept));
}

/// Returns the objects of a run's units, regardless of order.
fn plan(run: &Run) -> BTreeSet<String> {
    run.request.iter().filter(|object| !run.exclude.contains(object)).cloned().collect()
}

/// Derives the expectation for a run from its units. A value that cannot be derived is left open.
fn derive_from_units(expect: &mut Expect, run: &Run) {
    // A phased run has the same results for any objects.
    if !Kind::from_name(&run.family).is_some_and(Kind::counts_units) {
        return;
    }
    let plan = plan(run);
    if let Some(units) = &mut expect.units {
        units.0.retain(|(object, _)| plan.contains(object));
    }
    let ends = exact_ends(expect);
    let adding = |key: Key| -> Option<u64> {
        let family = Kind::from_name(&run.family)?;
        Some(ends.as_ref()?.iter().filter(|end| family.adds(**end, key)).count() as u64)
    };
    let counts = std::mem::take(&mut expect.counts.0);
    for (name, value) in counts {
        let value = match Key::from_name(&name) {
            Some(Key::Total | Key::Processed) => Some(OneOrSet::One(plan.len() as u64)),
            Some(key) => value.exact().and_then(|_| adding(key)).map(OneOrSet::One),
            None => Some(value),
        };
        expect.counts.0.extend(value.map(|value| (name, value)));
    }
    if let Some(written) = &mut expect.outcome {
        let sums = [Key::Succeeded, Key::Failed, Key::Skipped].map(adding);
        *written = if let (Some(_), [Some(succeeded), Some(failed), Some(skipped)]) = (written.exact(), sums) {
            OneOrSet::One(outcome(false, [succeeded, skipped, failed]).name().to_owned())
        } else {
            OneOrSet::Set(Outcome::ALL.map(|outcome| outcome.name().to_owned()).into())
        };
    }
}

/// Returns the resolution of each unit, or `None` if a resolution is not stated exactly.
fn exact_ends(expect: &Expect) -> Option<Vec<Resolution>> {
    let units = expect.units.as_ref()?;
    units.0.iter().map(|(_, ends)| ends.exact().and_then(|end| Resolution::from_name(end))).collect()
}
