//! Compares the end of a play with what its scenario expects.

use truecount_engine::counts::Key;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;
use truecount_sim::fault::Fault;

use truecount_contract::brief::Brief;
use truecount_contract::invariant::{Ledger, RunNote};
use truecount_scenario::{Expectation, Scenario};

pub(crate) fn mismatch(
    scenario: &Scenario,
    brief: &Brief,
    ledger: &Ledger<'_>,
    place: usize,
    expect: &Expectation,
) -> Option<[String; 3]> {
    let own = ledger.runs.iter().position(|note| note.spec == place);
    let answer = ledger.answers[place];
    // Where grants come and go, so does the right to ask; that who was refused was not granted is LIFE-06's to see.
    let comes_and_goes = scenario.fixture.faults.get(Fault::Revoke) > 0;
    if comes_and_goes && answer.is_none() && own.is_none() {
        return None;
    }
    if expect.refused {
        let refused = ledger.denied[place] && own.is_none();
        return (!refused).then(|| text("the request", "refused", "accepted"));
    }
    if let Some(other) = expect.same_as {
        // The other may have come first and be the same as this one: one run for the two. It may also have ended
        // before this one was sent: then there is a run of its own (LIFE-06 sees that the two do not overlap).
        match answer {
            Some(run) if ledger.answers[usize::from(other)] == Some(run) => return None,
            Some(_) if own.is_some() => {}
            _ => {
                return Some(text(
                    "the request",
                    "answered with the run of the other, or one of its own",
                    "not answered",
                ));
            }
        }
    }
    // Of two requests that are the same, the one that came second has no run of its own.
    let run = own.or_else(|| answer.map(RunId::index));
    let Some(run) = run else { return Some(text("the run", "there", "not there")) };
    let note: &RunNote = &ledger.runs[run];
    let done = note.completed?;
    let actual = done.outcome.map_or("none", Outcome::name);
    if !expect.outcome.is_empty() && !expect.outcome.iter().any(|outcome| Some(*outcome) == done.outcome) {
        let expected = one_of(expect.outcome.iter().map(|outcome| outcome.name().to_owned()));
        return Some(text("the outcome", &expected, actual));
    }
    // Where limits may be used up, the run need not fail as a whole; if it does, it is for this cause.
    let may_be_whole = scenario.fixture.exhaust && done.cause.is_none();
    if expect.cause.is_some() && expect.cause != done.cause && !may_be_whole {
        let name = |cause: Option<truecount_engine::run::Cause>| cause.map_or("none", |cause| cause.name());
        return Some(text("the cause", name(expect.cause), name(done.cause)));
    }
    // A run that fails as a whole leaves units over; how many is nothing that a scenario can state.
    if done.cause.is_some() {
        return None;
    }
    for (key, values) in &expect.counts {
        // An outcome key that is absent reads as 0 (COUNT-10); `total` and `processed` never do (KEYS-04).
        let known = !matches!(key, Key::Total | Key::Processed);
        let actual = note.value(*key).or(known.then_some(0));
        if !values.iter().any(|value| actual == Some(*value)) {
            let expected = one_of(values.iter().map(u64::to_string));
            let actual = actual.map_or_else(|| "absent".to_owned(), |value| value.to_string());
            return Some(text(&format!("the count `{}`", Key::name(*key)), &expected, &actual));
        }
    }
    let plan = &brief.runs[note.spec].plan;
    let id = RunId(ix(run));
    expect.units.iter().find_map(|(object, allowed)| {
        let place = plan.iter().position(|key| key == object)?;
        let unit = ledger.unit(id, UnitIx(ix(place)))?;
        let fits = unit.resolution.is_some_and(|resolution| allowed.contains(&resolution));
        (!fits).then(|| {
            let name = &scenario.names.objects[object.index()];
            let expected = one_of(allowed.iter().map(|resolution| resolution.name().to_owned()));
            text(&format!("the unit `{name}`"), &expected, unit.resolution.map_or("unresolved", Resolution::name))
        })
    })
}

fn text(what: &str, expected: &str, actual: &str) -> [String; 3] {
    [what, expected, actual].map(str::to_owned)
}

fn one_of(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(" or ")
}
