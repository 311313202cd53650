//! Compares what a scenario expects with the results of its runs without faults.
//!
//! The results follow from the file and from section 2 of the contract: the state of each object, the scripted
//! responses, and the order of the runs. This is a pure function; no engine runs, and no table of the engine is read. If
//! an expectation excludes the result, the file is wrong. What an engine does otherwise is a mistake of the engine.

use truecount_engine::counts::Key;
use truecount_engine::family::FailurePolicy;
use truecount_engine::id::ObjectId;
use truecount_engine::object::ObjectState;
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::{Failure, Resolution};
use truecount_sim::fixture::Script;

use super::check::{Entry, ordered};
use super::draft::Draft;
use super::expect::Stated;
use super::finding::{At, Findings};
use super::intern::Tables;
use super::kind::Kind;
use super::rule;
use truecount_contract::contract::{outcome, resolves};
use truecount_json::{Span, choice, quoted};

/// The possible resolutions of a unit, as a bit set over [`Resolution::ALL`]. A plan may have a million units.
#[derive(Clone, Copy)]
pub(super) struct Ends(u16);

impl Ends {
    pub(super) fn of(ends: impl Iterator<Item = Resolution>) -> Self {
        let place = |end: Resolution| Resolution::ALL.iter().position(|known| *known == end).unwrap_or_default();
        Self(ends.fold(0, |set, end| set | 1 << place(end)))
    }

    fn iter(self) -> impl Iterator<Item = Resolution> {
        Resolution::ALL.into_iter().enumerate().filter(move |(place, _)| self.0 & 1 << place != 0).map(|(_, end)| end)
    }

    pub(super) fn any(self, holds: impl Fn(Resolution) -> bool) -> bool {
        self.iter().any(holds)
    }

    pub(super) fn all(self, holds: impl Fn(Resolution) -> bool) -> bool {
        self.iter().all(holds)
    }
}

/// How a run ends without faults.
enum End {
    /// It fails as a whole.
    Whole(Cause),
    /// All of its phases are done.
    Phases,
    /// Each unit has one of these resolutions, in the order of the plan.
    Units(Vec<Ends>),
}

/// Checks each expectation of a scenario that is otherwise valid.
pub(super) fn check(tables: &Tables<'_>, drafts: &[Draft<'_>], entries: &[Entry<'_>], findings: &mut Findings) {
    let order = Order::of(tables, drafts, entries);
    for (run, (draft, entry)) in drafts.iter().zip(entries).enumerate() {
        let Some(stated) = entry.as_ref().filter(|stated| creates_run(stated)) else { continue };
        let Some(kind) = draft.family else { continue };
        match end(run, draft, kind, drafts, &order, tables) {
            End::Whole(cause) => failed_as_a_whole(stated, cause, findings),
            End::Phases => expect_outcome(stated, &[Outcome::Succeeded], findings),
            End::Units(ends) => {
                if units(tables, draft, stated, &ends, findings) {
                    counts(stated, kind, &ends, findings);
                    expect_outcome(stated, &outcomes(&ends), findings);
                }
            }
        }
    }
}

/// Returns whether a request creates a run of its own.
pub(super) const fn creates_run(stated: &Stated<'_>) -> bool {
    !stated.expected.refused && stated.expected.same_as.is_none()
}

/// The order of the runs that change rows. There are at most 64 runs, so a set of runs is a bit set.
pub(super) struct Order {
    /// For each run, the runs that end before it is requested.
    before: Vec<u64>,
    /// For each run, the runs that may be active at the same time.
    beside: Vec<u64>,
    /// For each object, the runs that may change its row.
    at_work: Vec<u64>,
}

impl Order {
    pub(super) fn of(tables: &Tables<'_>, drafts: &[Draft<'_>], entries: &[Entry<'_>]) -> Self {
        let among = |belongs: &dyn Fn(usize) -> bool| (0..drafts.len()).filter(|run| belongs(*run)).map(bit).sum();
        // A run waits only for an earlier one.
        let before = |run: usize| among(&|other| other < run && ordered(drafts, run, other));
        let beside = |run: usize| among(&|other| other != run && !ordered(drafts, run, other));
        let mut at_work = vec![0; tables.objects.len()];
        for (run, (draft, entry)) in drafts.iter().zip(entries).enumerate() {
            let works = entry.as_ref().is_some_and(creates_run) && draft.changes_rows() && !never_planned(draft);
            for object in draft.units().filter(|_| works).unwrap_or_default() {
                at_work[object.index()] |= bit(run);
            }
        }
        Self {
            before: (0..drafts.len()).map(before).collect(),
            beside: (0..drafts.len()).map(beside).collect(),
            at_work,
        }
    }

    /// Returns the other runs that may change the row of an object before a run works on it, or at the same time.
    pub(super) fn others(&self, run: usize, object: ObjectId) -> impl Iterator<Item = usize> {
        let others = self.at_work[object.index()] & (self.before[run] | self.beside[run]);
        (0..self.before.len()).filter(move |other| others & bit(*other) != 0)
    }

    /// Returns the possible states of an object while a run works on it.
    pub(super) fn states(
        &self,
        run: usize,
        object: ObjectId,
        drafts: &[Draft<'_>],
        start: ObjectState,
    ) -> Vec<ObjectState> {
        let at_work = self.at_work[object.index()] & !bit(run);
        let earlier = at_work & self.before[run];
        let members = |set: u64| (0..drafts.len()).filter(move |other| set & bit(*other) != 0);
        let contested = at_work & self.beside[run] != 0 || members(earlier).any(|one| earlier & self.beside[one] != 0);
        if !contested {
            return vec![members(earlier).fold(start, |state, other| after(&drafts[other], object, state))];
        }
        // The runs may take their turns in any order, so each may find what any other leaves.
        let rivals = earlier | at_work & self.beside[run];
        let mut states = vec![start];
        let mut next = 0;
        while let Some(&state) = states.get(next) {
            for other in members(rivals) {
                let left = after(&drafts[other], object, state);
                if !states.contains(&left) {
                    states.push(left);
                }
            }
            next += 1;
        }
        states
    }
}

const fn bit(run: usize) -> u64 {
    1 << run
}

/// Returns whether the planning script exhausts all attempts.
fn never_planned(draft: &Draft<'_>) -> bool {
    draft.family.is_some_and(|kind| is_exhausted(&draft.plan_script, kind))
}

/// Returns whether a script of retryable responses exhausts all attempts.
fn is_exhausted(script: &Script, kind: Kind) -> bool {
    script.iter().take_while(|response| resolves().of(**response).is_none()).count() >= kind.attempt_limit()
}

/// Returns the state of an object after the unit of a run.
pub(super) fn after(draft: &Draft<'_>, object: ObjectId, state: ObjectState) -> ObjectState {
    match draft.family {
        Some(kind) if resolution(draft, kind, object, state) == Resolution::Succeeded => kind.succeeded(state),
        _ => state,
    }
}

/// Returns the resolution of the unit for an object in this state.
pub(super) fn resolution(draft: &Draft<'_>, kind: Kind, object: ObjectId, state: ObjectState) -> Resolution {
    let script = draft.scripts.get(object.index()).map_or(&[][..], |script| &script[..]);
    let unscripted = std::iter::repeat(kind.response(state));
    let responses = script.iter().copied().chain(unscripted).take(kind.attempt_limit());
    let mut resolved = responses.filter_map(|response| resolves().of(response));
    resolved.next().unwrap_or(Resolution::Failed(Failure::RetriesExhausted))
}

fn end(run: usize, draft: &Draft<'_>, kind: Kind, drafts: &[Draft<'_>], order: &Order, tables: &Tables<'_>) -> End {
    if never_planned(draft) || draft.phase_scripts.iter().any(|script| is_exhausted(script, kind)) {
        return End::Whole(Cause::PlanningFailed);
    }
    if !kind.counts_units() {
        return End::Phases;
    }
    let of = |object: &ObjectId| {
        let start = tables.objects.state(*object);
        // Only rows of the engine change while a run works on other objects of the scenario.
        let states = if kind.changes_rows() { order.states(run, *object, drafts, start) } else { vec![start] };
        Ends::of(states.into_iter().map(|state| resolution(draft, kind, *object, state)))
    };
    let ends: Vec<Ends> = draft.units().unwrap_or_default().iter().map(of).collect();
    if draft.failure == FailurePolicy::FailFast && ends.iter().any(|ends| ends.all(is_failure)) {
        return End::Whole(Cause::FailFast);
    }
    // A pack is published unless the run has failed.
    if is_exhausted(&draft.publish_script, kind) && !outcomes(&ends).contains(&Outcome::Failed) {
        return End::Whole(Cause::PublishingFailed);
    }
    End::Units(ends)
}

/// Returns the outcomes that these possible resolutions allow.
pub(super) fn outcomes(ends: &[Ends]) -> Vec<Outcome> {
    let units = ends.len() as u64;
    let may_fail = ends.iter().filter(|ends| ends.any(is_failure)).count() as u64;
    let must_fail = ends.iter().filter(|ends| ends.all(is_failure)).count() as u64;
    let mut outcomes = Vec::new();
    for failed in must_fail..=may_fail {
        let outcome = outcome(false, [units - failed, 0, failed]);
        if !outcomes.contains(&outcome) {
            outcomes.push(outcome);
        }
    }
    outcomes
}

pub(super) const fn is_failure(end: Resolution) -> bool {
    matches!(end, Resolution::Failed(_))
}

fn failed_as_a_whole(stated: &Stated<'_>, cause: Cause, findings: &mut Findings) {
    expect_outcome(stated, &[Outcome::Failed], findings);
    if stated.expected.cause.is_some_and(|expected| expected != cause) {
        differs(stated.at.key("cause").span(), "the cause", &[cause.name()], findings);
    }
}

fn expect_outcome(stated: &Stated<'_>, possible: &[Outcome], findings: &mut Findings) {
    let expected = &stated.expected.outcome;
    if !expected.is_empty() && !expected.iter().any(|outcome| possible.contains(outcome)) {
        let names: Vec<&str> = possible.iter().map(|outcome| outcome.name()).collect();
        differs(stated.at.key("outcome").span(), "the outcome", &names, findings);
    }
}

/// Checks the stated resolutions. Returns whether all of them are possible.
fn units(tables: &Tables<'_>, draft: &Draft<'_>, stated: &Stated<'_>, ends: &[Ends], findings: &mut Findings) -> bool {
    let planned = draft.units().unwrap_or_default().iter().copied();
    let mut planned: Vec<(ObjectId, Ends)> = planned.zip(ends.iter().copied()).collect();
    planned.sort_unstable_by_key(|(object, _)| *object);
    let mut reported = None;
    for ((object, allowed), &number) in stated.expected.units.iter().zip(&stated.unit_keys) {
        let Ok(place) = planned.binary_search_by_key(object, |(object, _)| *object) else { continue };
        let possible = planned[place].1;
        // Only one object of a range is reported.
        if !possible.any(|end| allowed.contains(&end)) && reported.replace(number) != Some(number) {
            let names: Vec<&str> = possible.iter().map(Resolution::name).collect();
            let what = format!("the unit {}", quoted(tables.objects.name(*object)));
            differs(stated.at.key("units").nth(number).span(), &what, &names, findings);
        }
    }
    reported.is_none()
}

/// Checks the stated counts.
fn counts(stated: &Stated<'_>, kind: Kind, ends: &[Ends], findings: &mut Findings) {
    for (number, name, values) in stated.written.counts.iter() {
        let Some(key) = Key::from_name(name).filter(|key| !matches!(key, Key::Total | Key::Processed)) else {
            continue;
        };
        let adds = |end| kind.adds(end, key);
        let least = ends.iter().filter(|ends| ends.all(adds)).count() as u64;
        let most = ends.iter().filter(|ends| ends.any(adds)).count() as u64;
        if !values.values().iter().any(|value| (least..=most).contains(value)) {
            let possible = if least == most { least.to_string() } else { format!("{least} to {most}") };
            let at: At<'_> = stated.at.key("counts").nth(number);
            differs(at.span(), &format!("the count {}", quoted(name)), &[&possible], findings);
        }
    }
}

fn differs(span: Span, what: &str, possible: &[&str], findings: &mut Findings) {
    findings
        .add(span, rule::AGAINST_TABLES, format!("without faults, {what} is {}", choice(possible)))
        .expected(format!("{}, alone or in a list", choice(possible)))
        .help("fix whichever is wrong: this value, the state of an object, or a scripted response");
}

#[cfg(test)]
mod tests;
