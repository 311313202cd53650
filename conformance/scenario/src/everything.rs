//! Warnings about expectations that allow everything.
//!
//! An expectation allows everything if none of its keys leaves out a result that the contract's tables and the faults of
//! the scenario permit. Such an expectation cannot be wrong, so it shows nothing. A single value always states
//! something, and so does a cause. In case of doubt, a result counts as permitted.

use truecount_engine::counts::Key;
use truecount_engine::family::FailurePolicy;
use truecount_engine::object::ObjectState;
use truecount_engine::run::Outcome;
use truecount_engine::unit::{Failure, Resolution};
use truecount_sim::fault::Fault;

use super::check::Entry;
use super::draft::Draft;
use super::expect::Stated;
use super::faultless::{Ends, Order, after, creates_run, is_failure, outcomes, resolution};
use super::finding::Findings;
use super::format::OneOrSet;
use super::intern::Tables;
use super::kind::Kind;
use super::rule;
use truecount_contract::contract::resolves;
use truecount_json::quoted;

/// Checks each expectation of a scenario that is otherwise valid.
pub(super) fn check(
    tables: &Tables<'_>,
    drafts: &[Draft<'_>],
    entries: &[Entry<'_>],
    exhaust: bool,
    faults: &[Fault],
    findings: &mut Findings,
) {
    let order = Order::of(tables, drafts, entries);
    for (run, (draft, entry)) in drafts.iter().zip(entries).enumerate() {
        let Some(stated) = entry.as_ref().filter(|stated| creates_run(stated) && has_only_lists(stated)) else {
            continue;
        };
        let Some(kind) = draft.family else { continue };
        let permitted = Permitted::of(run, draft, kind, &World { tables, drafts, order: &order, exhaust, faults });
        if permitted.is_allowed_by(stated, draft, kind) {
            findings
                .warn(
                    stated.at.name(),
                    rule::ALLOWS_EVERYTHING,
                    format!("the expectation for {} allows every possible result", quoted(draft.name)),
                )
                .expected("at least one value that leaves out a possible result")
                .help(advice(kind));
        }
    }
}

/// Returns what an author can state whatever the faults are.
fn advice(kind: Kind) -> &'static str {
    if kind.counts_units() {
        "state `total` and `processed`, which no fault changes, or leave out a result that would be wrong"
    } else {
        "leave out the outcome that would be wrong, or state the cause"
    }
}

/// The scenario in which a run takes place.
struct World<'a, 'f> {
    tables: &'a Tables<'f>,
    drafts: &'a [Draft<'f>],
    order: &'a Order,
    exhaust: bool,
    faults: &'a [Fault],
}

impl World<'_, '_> {
    /// Returns whether a fault or a limit may change a resolution.
    fn may_change(&self) -> bool {
        self.exhaust || self.faults.iter().any(|fault| fault.changes_finals())
    }

    /// Returns the states to which faults may change an object.
    fn by_faults(&self) -> impl Iterator<Item = ObjectState> {
        self.faults.iter().filter_map(|fault| match fault {
            Fault::Archive => Some(ObjectState::Archived),
            Fault::Remove => Some(ObjectState::Absent),
            Fault::Restore => Some(ObjectState::Active),
            _ => None,
        })
    }

    /// Returns the resolutions that a fault or a limit may cause, whatever the state of the object.
    fn ends_by_faults(&self) -> impl Iterator<Item = Resolution> {
        let responses = self.faults.iter().filter_map(|fault| fault.responses());
        let limits = [Failure::RetriesExhausted, Failure::Abandoned].map(Resolution::Failed);
        let limits = limits.into_iter().filter(|_| self.exhaust);
        responses.filter_map(|response| resolves().of(response)).chain(limits)
    }
}

/// The results that the tables and the faults permit for a run.
struct Permitted {
    /// The resolutions of each unit, in the order of the plan.
    ends: Vec<Ends>,
    outcomes: Vec<Outcome>,
}

impl Permitted {
    fn of(run: usize, draft: &Draft<'_>, kind: Kind, world: &World<'_, '_>) -> Self {
        let of = |object| {
            let start = world.tables.objects.state(object);
            let mut states =
                if kind.changes_rows() { world.order.states(run, object, world.drafts, start) } else { vec![start] };
            if world.may_change() {
                states.push(start);
                states.extend(world.by_faults());
                // An earlier run may find an object that a fault has changed, or fail and leave the object as it is.
                let mut next = 0;
                while let Some(&state) = states.get(next) {
                    for other in world.order.others(run, object).filter(|_| kind.changes_rows()) {
                        let left = after(&world.drafts[other], object, state);
                        if !states.contains(&left) {
                            states.push(left);
                        }
                    }
                    next += 1;
                }
            }
            let unchanged = states.into_iter().map(|state| resolution(draft, kind, object, state));
            Ends::of(unchanged.chain(world.ends_by_faults()))
        };
        let units = if kind.counts_units() { draft.units().unwrap_or_default() } else { &[] };
        let ends: Vec<Ends> = units.iter().copied().map(of).collect();
        let mut outcomes = outcomes(&ends);
        // A limit ends a run as a whole, and so does a failed unit of a run that is to fail fast.
        let may_fail = ends.iter().any(|ends| ends.any(is_failure));
        if world.exhaust || draft.failure == FailurePolicy::FailFast && may_fail {
            outcomes.push(Outcome::Failed);
        }
        // A phased run that may succeed or fail has nothing else to state, so a list of both outcomes is as narrow as it
        // can be.
        if !kind.counts_units() && outcomes.len() > 1 {
            outcomes.push(Outcome::PartiallySucceeded);
        }
        Self { ends, outcomes }
    }

    /// Returns whether no key of an expectation leaves out a permitted result.
    fn is_allowed_by(&self, stated: &Stated<'_>, draft: &Draft<'_>, kind: Kind) -> bool {
        let expected = &stated.expected;
        let allows_outcomes = || self.outcomes.iter().all(|outcome| expected.outcome.contains(outcome));
        (expected.outcome.is_empty() || allows_outcomes())
            && expected.counts.iter().all(|(key, values)| self.counts(kind, *key).all(|count| values.contains(&count)))
            && (expected.units.is_empty() || self.units(draft, stated))
    }

    /// Returns the permitted values of a count.
    fn counts(&self, kind: Kind, key: Key) -> std::ops::RangeInclusive<u64> {
        let units = self.ends.len() as u64;
        if matches!(key, Key::Total | Key::Processed) {
            return units..=units;
        }
        let adds = |end| kind.adds(end, key);
        let least = self.ends.iter().filter(|ends| ends.all(adds)).count() as u64;
        least..=self.ends.iter().filter(|ends| ends.any(adds)).count() as u64
    }

    /// Returns whether the stated resolutions include all that are permitted.
    fn units(&self, draft: &Draft<'_>, stated: &Stated<'_>) -> bool {
        let mut planned: Vec<_> = draft.units().unwrap_or_default().iter().copied().zip(&self.ends).collect();
        planned.sort_unstable_by_key(|(object, _)| *object);
        let mut planned = planned.into_iter().zip(&stated.expected.units);
        planned.all(|((_, permitted), (_, allowed))| permitted.all(|end| allowed.contains(&end)))
    }
}

/// Returns whether an expectation states only lists of several values. A single value always states something.
fn has_only_lists(stated: &Stated<'_>) -> bool {
    let written = stated.written;
    written.cause.is_none()
        && written.outcome.as_ref().is_none_or(is_list)
        && written.counts.iter().all(|(_, _, values)| is_list(values))
        && written.units.as_ref().is_none_or(|units| units.iter().all(|(_, _, ends)| is_list(ends)))
}

/// Returns whether several values are stated.
fn is_list<T>(values: &OneOrSet<T>) -> bool {
    values.values().len() > 1
}

#[cfg(test)]
mod tests;
