//! What a scenario expects of each run, read value by value.
//!
//! Whether an expectation can be met is checked in `check`, `exact` and `tally`.

use truecount_engine::counts::Key;
use truecount_engine::id::ObjectId;
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::Resolution;

use super::draft::Draft;
use super::finding::{At, Findings};
use super::format::{Expect, OneOrSet};
use super::intern::Tables;
use super::rule;

/// How a run ends. What is empty is not stated.
///
/// A run that fails as a whole leaves units unresolved: then only the outcome, which must allow `failed`, and the cause
/// are judged. If `cause` is stated and `failed` is the only outcome, the run must fail as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expectation {
    /// The possible outcomes.
    pub outcome: Vec<Outcome>,
    /// Why it fails as a whole, if it does.
    pub cause: Option<Cause>,
    /// The possible values of final counts.
    pub counts: Vec<(Key, Vec<u64>)>,
    /// What each planned unit may resolve to, in the order of the ids: all of them, or none stated.
    pub units: Vec<(ObjectId, Vec<Resolution>)>,
    /// The run, by its place, that the request finds if it is active then; in that case the request makes no run of its
    /// own.
    pub same_as: Option<u16>,
    /// Whether the request is refused.
    pub refused: bool,
}

/// An expectation with what was written for it.
pub(super) struct Stated<'f> {
    /// What was written.
    pub(super) written: &'f Expect,
    /// Where.
    pub(super) at: At<'f>,
    /// The expectation.
    pub(super) said: Expectation,
    /// For each of `said.units`, the number of its key in the file; in the same order.
    pub(super) unit_keys: Vec<usize>,
    /// Whether every word of `units` was understood.
    pub(super) units_known: bool,
}

/// What the reading of expectations shares.
pub(super) struct Reading<'a, 'f> {
    /// The names.
    pub(super) tables: &'a Tables<'f>,
    /// What is wrong.
    pub(super) findings: &'a mut Findings,
    /// How many more objects all `units` together may name.
    pub(super) left_to_name: usize,
}

impl<'f> Reading<'_, 'f> {
    /// Reads what is expected of a run.
    pub(super) fn expectation(&mut self, written: &'f Expect, draft: &Draft<'_>, at: At<'f>) -> Stated<'f> {
        let mut stated = Stated { written, at, said: Expectation::default(), unit_keys: Vec::new(), units_known: true };
        if let Some(outcome) = &written.outcome {
            let known = Outcome::ALL.map(Outcome::name);
            stated.said.outcome =
                self.set(outcome, at.key("outcome"), rule::UNKNOWN_OUTCOME, "outcome", &known, Outcome::from_name);
        }
        if let Some(cause) = &written.cause {
            let causes = Cause::ALL;
            stated.said.cause = causes.into_iter().find(|known| known.name() == cause);
            if stated.said.cause.is_none() {
                let known = causes.map(Cause::name);
                self.findings.unknown(at.key("cause").span(), rule::UNKNOWN_CAUSE, "cause", cause, known);
            }
        }
        for (number, key, values) in written.counts.iter() {
            let at = at.key("counts").nth(number);
            self.check_filled(values.values().is_empty(), at);
            if let Some(key) = Key::from_name(key) {
                stated.said.counts.push((key, values.values().to_vec()));
            } else {
                self.findings.unknown(at.name(), rule::UNKNOWN_COUNT, "count", key, Key::ALL.map(Key::name));
            }
        }
        // A phased family has no units, and `check` reports that; then there is no use in reading them.
        if !draft.is_phased() {
            self.units(&mut stated);
        }
        if let Some(name) = &written.same_as {
            stated.said.same_as = self.tables.run(at.key("same_as").span(), name, self.findings);
        }
        stated.said.refused = written.refused;
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
        stated.said.units = read.into_iter().map(|(object, _, ends)| (object, ends)).collect();
    }

    /// Reads a word or a list of words.
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
                Some(value) if set.contains(&value) => super::naming::duplicate(span, noun, name, self.findings),
                Some(value) => set.push(value),
            }
        }
        set
    }

    fn check_filled(&mut self, empty: bool, at: At<'_>) {
        if empty {
            self.findings
                .add(at.span(), rule::EMPTY_SET, "nothing is possible here")
                .expected("at least one value in the list");
        }
    }
}

impl Expect {
    /// Returns whether it states how a run ends.
    pub(super) fn states_an_end(&self) -> bool {
        self.outcome.is_some() || self.cause.is_some() || !self.counts.0.is_empty() || self.units.is_some()
    }
}
