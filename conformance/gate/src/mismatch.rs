//! Compares the end of a simulation with what its scenario expects.

use std::fmt;

use truecount_engine::counts::Key;
use truecount_engine::id::{ObjectId, RunId};
use truecount_engine::run::{Cause, Outcome};
use truecount_engine::unit::Resolution;
use truecount_sim::fault::Fault;

use truecount_contract::clause::Clause;
use truecount_contract::ledger::{Ledger, RunNote};
use truecount_contract::reference::Reference;
use truecount_scenario::{Expectation, Names, Scenario};

/// A difference between the end of a run and what its scenario expects.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// The index of the run in the scenario.
    pub run: usize,
    /// The part of the run that differs.
    pub what: What,
    /// The values that the scenario allows.
    pub expected: Expected,
    /// The actual value, as shown in reports.
    pub actual: String,
    /// Whether the scenario lets faults exhaust limits, so that the actual value may depend on the schedule even if the
    /// scenario states a single value.
    pub exhaust: bool,
}

/// The part of a run about which a scenario makes a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The reply to the request.
    Request,
    /// Whether the run exists.
    Run,
    Outcome,
    /// The cause, if the run failed as a whole.
    Cause,
    Count(Key),
    /// The resolution of the unit for this object.
    Unit(ObjectId),
}

/// The values that a scenario allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expected {
    /// One value.
    One(String),
    /// Any of several values.
    Set(Vec<String>),
}

impl Mismatch {
    /// Returns the violated clause. If the scenario states a single value and does not let faults exhaust limits, a
    /// mismatch means that the final value depended on the schedule (COUNT-20). Otherwise, it means that no response
    /// allows the value (COUNT-17).
    pub const fn clause(&self) -> Clause {
        match self.expected {
            Expected::One(_) if !self.exhaust => Clause::COUNT_20,
            Expected::One(_) | Expected::Set(_) => Clause::COUNT_17,
        }
    }

    /// Returns the mismatch in words, with the names of the scenario.
    pub fn text(&self, names: &Names) -> String {
        let what = match self.what {
            What::Request => "the request".to_owned(),
            What::Run => {
                return format!("the scenario expects a run for `{}`, but there is none", names.runs[self.run]);
            }
            What::Outcome => "the outcome".to_owned(),
            What::Cause => "the cause".to_owned(),
            What::Count(key) => format!("the count `{}`", Key::name(key)),
            What::Unit(object) => format!("the unit `{}`", names.objects[object.index()]),
        };
        let (run, expected, actual) = (&names.runs[self.run], &self.expected, &self.actual);
        format!("{what} of {run}: the scenario expects {expected}, but the actual result is {actual}")
    }
}

impl Expected {
    fn any_of<T: ToString>(values: impl IntoIterator<Item = T>) -> Self {
        let mut values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
        match values.pop() {
            Some(only) if values.is_empty() => Self::One(only),
            last => {
                values.extend(last);
                Self::Set(values)
            }
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(value) => f.write_str(value),
            Self::Set(values) => f.write_str(&values.join(" or ")),
        }
    }
}

/// Returns the first difference between the end of a simulation and what the scenario expects.
pub(crate) fn mismatch(scenario: &Scenario, reference: &Reference, ledger: &Ledger<'_>) -> Option<Mismatch> {
    scenario.expect.iter().enumerate().find_map(|(run, expect)| {
        let (what, expected, actual) = of_run(scenario, reference, ledger, run, expect)?;
        Some(Mismatch { run, what, expected, actual, exhaust: scenario.fixture.exhaust })
    })
}

type Difference = (What, Expected, String);

fn of_run(
    scenario: &Scenario,
    reference: &Reference,
    ledger: &Ledger<'_>,
    place: usize,
    expect: &Expectation,
) -> Option<Difference> {
    let own = own_runs(ledger, place).next();
    let response = ledger.responses[place];
    // If grants can be revoked or lowered, a request may be refused. LIFE-06 checks that a refused actor had no grant.
    let may_be_revoked = [Fault::Revoke, Fault::Lower].iter().any(|&fault| scenario.fixture.faults.get(fault) > 0);
    if may_be_revoked && response.is_none() && own.is_none() {
        return None;
    }
    if expect.refused {
        let refused = ledger.denied[place] && own.is_none();
        return (!refused).then(|| one(What::Request, "refused", "accepted"));
    }
    if let Some(other) = expect.same_as {
        // If the other request came first and its run is still active, both requests share that run. If that run ended
        // before this request was sent, this request has a run of its own. LIFE-06 checks that the two runs do not
        // overlap.
        match response {
            Some(run) if ledger.responses[usize::from(other)] == Some(run) => return None,
            Some(_) if own.is_some() => {}
            _ => {
                let expected = Expected::any_of(["the other request's run", "a new run"]);
                return Some((What::Request, expected, "no reply".to_owned()));
            }
        }
    }
    // If two requests share one run, only the first of them created it. If a request created several runs, each of them
    // must end as expected.
    let mut runs = own_runs(ledger, place).chain(response.filter(|_| own.is_none())).peekable();
    if runs.peek().is_none() {
        return Some(one(What::Run, "a run", "none"));
    }
    runs.find_map(|run| of_end(scenario, reference, ledger, run, expect))
}

/// Returns the runs that a request has created.
fn own_runs<'l>(ledger: &'l Ledger<'_>, place: usize) -> impl Iterator<Item = RunId> + 'l {
    ledger.numbered().filter(move |(_, note)| note.spec == place).map(|(run, _)| run)
}

/// Returns the first difference between the end of a run and what its scenario expects.
fn of_end(
    scenario: &Scenario,
    reference: &Reference,
    ledger: &Ledger<'_>,
    id: RunId,
    expect: &Expectation,
) -> Option<Difference> {
    let note: &RunNote = ledger.run(id);
    let done = note.completed?;
    let actual = done.outcome.map_or("none", Outcome::name);
    if !expect.outcome.is_empty() && !expect.outcome.iter().any(|outcome| Some(*outcome) == done.outcome) {
        let expected = Expected::any_of(expect.outcome.iter().map(|outcome| outcome.name()));
        return Some((What::Outcome, expected, actual.to_owned()));
    }
    // If limits may be exhausted, the run need not fail as a whole. If it does, it must have the expected cause.
    let may_be_whole = scenario.fixture.exhaust && done.cause.is_none();
    if expect.cause.is_some() && expect.cause != done.cause && !may_be_whole {
        let name = |cause: Option<Cause>| cause.map_or("none", Cause::name);
        return Some(one(What::Cause, name(expect.cause), name(done.cause)));
    }
    // A run that fails as a whole leaves units unresolved, and a scenario cannot state how many.
    if done.cause.is_some() {
        return None;
    }
    for (key, values) in &expect.counts {
        // An absent outcome key reads as 0 (COUNT-10). An absent `total` or `processed` does not read as 0 (KEYS-04).
        let known = !matches!(key, Key::Total | Key::Processed);
        let actual = note.value(*key).or(known.then_some(0));
        if !values.iter().any(|value| actual == Some(*value)) {
            let actual = actual.map_or_else(|| "absent".to_owned(), |value| value.to_string());
            return Some((What::Count(*key), Expected::any_of(values), actual));
        }
    }
    expect.units.iter().find_map(|(object, allowed)| {
        let unit = ledger.unit(id, reference.runs[note.spec].unit(*object)?)?;
        let fits = unit.resolution.is_some_and(|resolution| allowed.contains(&resolution));
        (!fits).then(|| {
            let expected = Expected::any_of(allowed.iter().map(|resolution| resolution.name()));
            let actual = unit.resolution.map_or("unresolved", Resolution::name);
            (What::Unit(*object), expected, actual.to_owned())
        })
    })
}

fn one(what: What, expected: &str, actual: &str) -> Difference {
    (what, Expected::One(expected.to_owned()), actual.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use truecount_contract::judge::Checkers;
    use truecount_engine::id::RequestId;
    use truecount_sim::fixture::RunSpec;
    use truecount_sim::trace::{Event, EventSink};

    use super::*;

    fn of(expected: Expected, exhaust: bool) -> Mismatch {
        Mismatch { run: 0, what: What::Request, expected, actual: "none".to_owned(), exhaust }
    }

    #[test]
    fn only_a_single_value_without_exhausted_limits_violates_count_20() {
        let single = || Expected::any_of(["this or that"]);
        let several = || Expected::any_of(["this", "that"]);
        assert_eq!(
            of(single(), false).clause(),
            Clause::COUNT_20,
            "a single value that contains `or` was taken for several values"
        );
        assert_eq!(of(single(), true).clause(), Clause::COUNT_17);
        assert_eq!(of(several(), false).clause(), Clause::COUNT_17);
        assert_eq!(several().to_string(), "this or that");
    }

    #[test]
    fn each_run_of_a_request_must_end_as_expected() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/small/phase-again.json");
        let scenario = truecount_scenario::read(&path, "again", "again").expect("a scenario without problems");
        let reference = Reference::new(&scenario.fixture);
        let (request, RunSpec { tenant, actor, family, .. }) = (RequestId(0), scenario.fixture.runs[0].clone());
        let ended = |outcomes: &[Outcome]| {
            let mut checkers = Checkers::new(&reference);
            checkers.see(&Event::Requested { request, actor, tenant, family, granted: true });
            for (run, outcome) in (0..).map(RunId).zip(outcomes) {
                checkers.see(&Event::Enqueued { request, run, tenant, family });
                checkers.see(&Event::Completed { run, outcome: Some(*outcome), cause: None, lease: None });
            }
            mismatch(&scenario, &reference, &checkers.ledger).map(|mismatch| mismatch.what)
        };
        assert_eq!(ended(&[Outcome::Succeeded, Outcome::Succeeded]), None);
        assert_eq!(ended(&[Outcome::Succeeded, Outcome::Failed]), Some(What::Outcome));
        assert_eq!(ended(&[]), Some(What::Run));
    }

    #[test]
    fn a_mismatch_is_shown_with_the_names_of_its_scenario() {
        let names = Names { objects: vec!["set-1".to_owned()], runs: vec!["restore".to_owned()], ..Names::default() };
        let expected = Expected::any_of(["skipped(active)", "succeeded"]);
        let mismatch = Mismatch { what: What::Unit(ObjectId(0)), ..of(expected, false) };
        assert_eq!(
            mismatch.text(&names),
            "the unit `set-1` of restore: the scenario expects skipped(active) or succeeded, but the actual result is none"
        );
    }
}
