//! Reads the expectation for each run, value by value.
//!
//! `check`, `exact` and `tally` check whether an expectation can be met.

use std::collections::BTreeSet;

use truecount_engine::counts::Key;
use truecount_engine::id::ObjectId;
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::Resolution;

use super::draft::Draft;
use super::finding::{At, Findings};
use super::format::{Expect, OneOrSet};
use super::intern::Tables;
use super::naming::duplicate;
use super::rule;

/// The expected end of a run. An empty field expects nothing.
///
/// A run that fails as a whole leaves units unresolved. In that case, only the outcome and the cause are judged, and
/// the outcome must allow `failed`. If `cause` is stated and `failed` is the only outcome, the run must fail as a
/// whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expectation {
    /// The possible outcomes.
    pub outcome: Vec<Outcome>,
    /// The cause if the run fails as a whole.
    pub cause: Option<Cause>,
    /// The possible values of final counts.
    pub counts: Vec<(Key, Vec<u64>)>,
    /// The possible resolutions of each planned unit, in the order of object ids. The list is complete or empty.
    pub units: Vec<(ObjectId, Vec<Resolution>)>,
    /// The index of the run that the request returns if that run is active. In that case, the request creates no run of
    /// its own.
    pub same_as: Option<u16>,
    /// Whether the request is refused.
    pub refused: bool,
}

/// Returns a text that is the same for the same expectations, in whatever order their values are listed.
pub(super) fn text(expectations: &[Expectation]) -> String {
    let of = |expectation: &Expectation| {
        let Expectation { outcome, cause, counts, units, same_as, refused } = expectation;
        let mut lines: Vec<String> =
            counts.iter().map(|(key, values)| format!("count {} {:?}", key.name(), sorted(values.clone()))).collect();
        lines.sort_unstable();
        let unit = |(object, ends): &(ObjectId, Vec<Resolution>)| {
            format!("unit {} {:?}", object.0, sorted(ends.iter().map(|end| end.name()).collect()))
        };
        lines.extend(units.iter().map(unit));
        let outcome = sorted(outcome.iter().map(|outcome| outcome.name()).collect());
        let cause = cause.map(Cause::name);
        format!("outcome {outcome:?} cause {cause:?} same_as {same_as:?} refused {refused}\n{}", lines.join("\n"))
    };
    expectations.iter().map(of).collect::<Vec<_>>().join("\n\n")
}

fn sorted<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values
}

/// An expectation with its source in the file.
pub(super) struct Stated<'f> {
    pub(super) written: &'f Expect,
    pub(super) at: At<'f>,
    pub(super) expected: Expectation,
    /// For each of `expected.units`, in the same order, the index of its key in the file.
    pub(super) unit_keys: Vec<usize>,
    /// Whether every value in `units` was understood.
    pub(super) units_known: bool,
}

/// The state that is shared while all expectations are read.
pub(super) struct Reading<'a, 'f> {
    pub(super) tables: &'a Tables<'f>,
    pub(super) findings: &'a mut Findings,
    /// The number of objects that may still be named, over the `units` of all expectations.
    pub(super) left_to_name: usize,
}

impl<'f> Reading<'_, 'f> {
    /// Reads the expectation for a run.
    pub(super) fn expectation(&mut self, written: &'f Expect, draft: &Draft<'_>, at: At<'f>) -> Stated<'f> {
        let mut stated =
            Stated { written, at, expected: Expectation::default(), unit_keys: Vec::new(), units_known: true };
        if let Some(outcome) = &written.outcome {
            let known = Outcome::ALL.map(Outcome::name);
            stated.expected.outcome =
                self.set(outcome, at.key("outcome"), rule::UNKNOWN_OUTCOME, "outcome", &known, Outcome::from_name);
        }
        if let Some(cause) = &written.cause {
            let causes = Cause::ALL;
            stated.expected.cause = causes.into_iter().find(|known| known.name() == cause);
            if stated.expected.cause.is_none() {
                let known = causes.map(Cause::name);
                self.findings.unknown(at.key("cause").span(), rule::UNKNOWN_CAUSE, "cause", cause, known);
            }
        }
        for (number, key, values) in written.counts.iter() {
            let at = at.key("counts").nth(number);
            self.check_filled(values.values().is_empty(), at);
            let mut seen = BTreeSet::new();
            for (number, value) in values.values().iter().enumerate() {
                if !seen.insert(value) {
                    duplicate(at.item(number).span(), "value", &value.to_string(), self.findings);
                }
            }
            if let Some(key) = Key::from_name(key) {
                stated.expected.counts.push((key, values.values().to_vec()));
            } else {
                self.findings.unknown(at.name(), rule::UNKNOWN_COUNT, "count", key, Key::ALL.map(Key::name));
            }
        }
        // A phased family has no units. `check` reports any that are stated, so they are not read.
        if !draft.is_phased() {
            self.units(&mut stated);
        }
        if let Some(name) = &written.same_as {
            stated.expected.same_as = self.tables.run(at.key("same_as").span(), name, self.findings);
        }
        stated.expected.refused = written.refused;
        stated
    }

    fn units(&mut self, stated: &mut Stated<'f>) {
        let Some(units) = &stated.written.units else { return };
        let at = stated.at.key("units");
        let known = Resolution::ALL.map(Resolution::name);
        let mut read = Vec::new();
        for (number, key, ends) in units.iter() {
            let at = at.nth(number);
            let ends = self.set(ends, at, rule::UNKNOWN_RESOLUTION, "resolution", &known, Resolution::from_name);
            let objects = self.tables.objects(at.name(), key, &mut self.left_to_name, self.findings);
            stated.units_known &= objects.is_some() && !ends.is_empty();
            read.extend(objects.unwrap_or_default().into_iter().map(|object| (object, number, ends.clone())));
        }
        read.sort_by_key(|&(object, number, _)| (object, number));
        self.tables.check_once(read.iter().map(|&(object, number, _)| (object, number)).collect(), at, self.findings);
        read.dedup_by_key(|&mut (object, ..)| object);
        stated.unit_keys = read.iter().map(|&(_, number, _)| number).collect();
        stated.expected.units = read.into_iter().map(|(object, _, ends)| (object, ends)).collect();
    }

    /// Reads one value or a list of values.
    fn set<T: PartialEq>(
        &mut self,
        written: &OneOrSet<String>,
        at: At<'_>,
        rule: &'static str,
        noun: &str,
        known: &[&str],
        read: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let mut set = Vec::new();
        self.check_filled(written.values().is_empty(), at);
        for (number, name) in written.values().iter().enumerate() {
            let span = if written.exact().is_some() { at.span() } else { at.item(number).span() };
            match read(name) {
                None => {
                    self.findings.unknown(span, rule, noun, name, known.iter().copied());
                }
                Some(value) if set.contains(&value) => duplicate(span, noun, name, self.findings),
                Some(value) => set.push(value),
            }
        }
        set
    }

    fn check_filled(&mut self, empty: bool, at: At<'_>) {
        if empty {
            self.findings.add(at.span(), rule::EMPTY_SET, "the list is empty").expected("at least one possible value");
        }
    }
}

impl Expect {
    /// Returns whether the expectation states how a run ends.
    pub(super) fn states_an_end(&self) -> bool {
        self.outcome.is_some() || self.cause.is_some() || !self.counts.0.is_empty() || self.units.is_some()
    }
}
