//! Tests of the lines of a schedule: each line is read back unchanged, even if names look like words of the language.
//! Mistakes are reported with their position.

use std::sync::LazyLock;

use proptest::prelude::*;
use truecount_engine::id::ObjectId;
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;
use truecount_sim::fault::Fault;
use truecount_sim::schedule::{Action, Decision, JobName, Moment, Point, RunName, Who};

use super::Setting;
use crate::{Scenario, parse};
use truecount_contract::reference::Reference;

/// A scenario whose names are words of the schedule language.
const TEXT: &str = r#"{
  "format": 1, "title": "Odd names", "clauses": ["COUNT-06"],
  "tenants": ["no", "tenant", "in"],
  "actors": ["the", "unplanned_unit", "viewer", "clock_skew", "grant"],
  "grants": [{"actor": "the", "tenant": "no", "may": "operate"}, {"actor": "unplanned_unit", "tenant": "in", "may": "view"}],
  "objects": {"of": "archived", "the": "archived", "unit": "archived", "job": "active", "becomes": "active", "1": "archived"},
  "workers": {"min": 1, "max": 9},
  "runs": [
    {"name": "a", "tenant": "no", "actor": "the", "family": "backup_set.restore", "request": ["unit", "of", "the", "1"]},
    {"name": "of", "tenant": "no", "actor": "system", "family": "backup_set.delete", "request": ["job", "becomes"]},
    {"name": "unit", "tenant": "in", "actor": "system", "family": "baseline.capture", "request": ["of"]},
    {"name": "job", "tenant": "in", "actor": "system", "family": "inventory.sync", "request": ["the", "of"]}
  ],
  "surfaces": [{"actor": "the", "tenant": "no"}, {"actor": "unplanned_unit", "tenant": "in"}, {"actor": "unplanned_unit"},
    {"actor": "viewer"}, {"actor": "clock_skew", "tenant": "tenant"}],
  "expect": {"a": {"outcome": ["succeeded"]}, "of": {"outcome": ["succeeded"]}, "unit": {"outcome": ["succeeded"]},
    "job": {"outcome": ["succeeded"]}}
}"#;

static ODD: LazyLock<(Scenario, Reference)> = LazyLock::new(|| {
    let scenario = parse("odd.json", "odd", TEXT.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let reference = Reference::new(&scenario.fixture);
    (scenario, reference)
});

fn odd() -> Setting<'static> {
    ODD.0.setting(&ODD.1)
}

fn run() -> impl Strategy<Value = RunName> {
    (0..4_u16, prop_oneof![Just(0), any::<u16>()]).prop_map(|(request, nth)| RunName { request, nth })
}

fn job() -> impl Strategy<Value = JobName> {
    let unit = prop_oneof![Just(None), (0..6_u32).prop_map(Some), any::<u32>().prop_map(Some)];
    (run(), unit, prop_oneof![Just(0), any::<u16>()]).prop_map(|(run, unit, nth)| JobName { run, unit, nth })
}

/// The values drawn for the slots of a phrase. From these values, the table of phrases builds one value of each phrase,
/// so the tests also cover a phrase that is added later.
#[derive(Clone, Debug)]
pub(super) struct Slots {
    pub(super) job: JobName,
    pub(super) lease: u32,
    pub(super) request: u16,
    pub(super) who: Who,
    pub(super) point: Point,
    pub(super) fault: Fault,
    pub(super) run: RunName,
    pub(super) any_run: Option<RunName>,
    pub(super) object: ObjectId,
    pub(super) state: ObjectState,
    pub(super) duration: Millis,
    pub(super) offset: i32,
    pub(super) worker: u16,
    pub(super) viewer: u16,
    pub(super) grant: u16,
}

fn slots(who: impl Strategy<Value = Who>) -> impl Strategy<Value = Slots> {
    let injected: Vec<Fault> = Fault::ALL.iter().copied().filter(|fault| fault.alters_step()).collect();
    let lease = prop_oneof![Just(1), any::<u32>()];
    let steps = (job(), lease, 0..4_u16, who, prop::sample::select(Point::ALL), prop::sample::select(injected));
    let objects = (0..6_u32, prop::sample::select(ObjectState::ALL.to_vec()));
    let clocks = any::<(u64, i32, u16)>();
    let others = (run(), prop::option::of(run()), objects, clocks, 0..5_u16, 0..2_u16);
    (steps, others).prop_map(|((job, lease, request, who, point, fault), others)| {
        let (run, any_run, (object, state), (by, offset, worker), viewer, grant) = others;
        let (object, duration) = (ObjectId(object), Millis(by));
        Slots {
            job,
            lease,
            request,
            who,
            point,
            fault,
            run,
            any_run,
            object,
            state,
            duration,
            offset,
            worker,
            viewer,
            grant,
        }
    })
}

fn one_of<T: Copy + std::fmt::Debug>(
    slots: impl Strategy<Value = Slots>,
    phrases: fn(&Slots) -> Vec<T>,
) -> impl Strategy<Value = T> {
    (slots, any::<prop::sample::Index>()).prop_map(move |(slots, row)| *row.get(&phrases(&slots)))
}

fn who() -> impl Strategy<Value = Who> {
    one_of(slots(Just(Who::Viewer)), Slots::who)
}

fn moment() -> impl Strategy<Value = Moment> {
    one_of(slots(who()), Slots::moment)
}

fn action() -> impl Strategy<Value = Action> {
    one_of(slots(who()), Slots::action)
}

fn decision() -> impl Strategy<Value = Decision> {
    (moment(), prop_oneof![Just(1), 1..=u32::MAX], action()).prop_map(|(moment, occurrence, action)| Decision {
        moment,
        occurrence,
        action,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_decision_is_read_back(decision in decision()) {
        let setting = odd();
        let line = setting.line(&decision);
        prop_assert_eq!(setting.read(&line), Ok(decision), "{}", line);
        // Additional spaces make no difference.
        prop_assert_eq!(setting.read(&format!(" {} ", line.replace(' ', "  "))), Ok(decision));
    }

    #[test]
    fn a_damaged_line_is_read_as_a_decision_or_a_mistake(decision in decision(), at in 0..200_usize, swap: bool) {
        let setting = odd();
        let line = setting.line(&decision);
        let mut words: Vec<&str> = line.split(' ').collect();
        let place = at % words.len();
        if swap { words.swap(place, 0) } else { words.truncate(place) }
        let damaged = words.join(" ");
        match setting.read(&damaged) {
            // Whatever can be read is a decision, so it can be printed and read back.
            Ok(read) => prop_assert_eq!(setting.read(&setting.line(&read)), Ok(read)),
            Err(mistake) => prop_assert!(mistake.range.end <= damaged.len() && damaged.get(mistake.range).is_some()),
        }
    }

    #[test]
    fn the_reader_never_panics(line in "\\PC{0,60}") {
        let _ = odd().read(&line);
    }
}

/// Checks the wrong part of a line, the message, the help, and a part of the expected text.
#[track_caller]
fn check(line: &str, wrong: &str, message: &str, expected: &str, help: Option<&str>) {
    let mistake = odd().read(line).expect_err(line);
    let found = (&line[mistake.range.clone()], mistake.message.as_str(), mistake.help.as_deref());
    assert_eq!(found, (wrong, message, help), "{line}");
    assert!(mistake.expected.contains(expected), "{line}: {}", mistake.expected);
}

#[test]
fn mistakes_are_reported_with_their_position() {
    let check_short = |line, wrong, message, expected| check(line, wrong, message, expected, None);
    check_short("", "", "the line ends too soon", "`the job of ...`");
    check_short("before time passes", "", "the line ends too soon", "`:`");
    check_short("before time passes: faults stop now", "now", "unexpected `now`", "the end of the line");
    check_short("before time passes (0): faults stop", "0", "`0` is out of range", "from 1 to 4294967295");
    check_short("before time passes (x): faults stop", "x", "`x` is not valid here", "from 1 to");
    check_short("before time goes by: faults stop", "goes", "`goes` is not valid here", "`passes`");
    check_short("before time passes: hop", "hop", "`hop` is not valid here", "an action");
    check_short("before time passes: clock_jump of -1 ms", "-1", "`-1` is not valid here", "milliseconds");
    check_short("before time passes: clock_skew of worker 0 by 5 ms", "0", "`0` is out of range", "from 1 to 65536");
    check_short(
        "before time passes: clock_skew of worker 1 by 3000000000 ms",
        "3000000000",
        "`3000000000` is not valid here",
        "`-500`",
    );
    check_short(
        "before time passes: viewer in no views the surface",
        "viewer",
        "`viewer` does not view this surface",
        "`surfaces`",
    );
    check_short(
        "before time passes: the grant of clock_skew in no is revoked",
        "clock_skew",
        "`clock_skew` has no grant in this tenant",
        "`grants`",
    );
    check_short(
        "before time passes: the job of 1 of of goes first",
        "1",
        "the run plans no unit for `1`",
        "`job` or `becomes`",
    );
    check_short("the sweeper, ask: stall of the job of a (run 0)", "0", "`0` is out of range", "a run number");
    check(
        "the sweeper, aks: faults stop",
        "aks",
        "`aks` is not valid here",
        "one of `load run`",
        Some("did you mean `ask`?"),
    );
    check(
        "the sweeper, lod run: faults stop",
        "lod",
        "`lod` is not valid here",
        "`load run`",
        Some("did you mean `load run`?"),
    );
    check(
        "the job of jobb, ask: faults stop",
        "jobb",
        "unknown run `jobb`",
        "one of `a`, `of`",
        Some("did you mean `job`?"),
    );
    check(
        "the sweeper, ask: crash_aftr of the sweeper",
        "crash_aftr",
        "unknown fault `crash_aftr`",
        "one of",
        Some("did you mean `crash_after`?"),
    );
    check(
        "the sweeper, ask: becoms becomes active",
        "becoms",
        "unknown object `becoms`",
        "`becomes`",
        Some("did you mean `becomes`?"),
    );
    check(
        "the sweeper, ask: becomes becomes activ",
        "activ",
        "unknown state `activ`",
        "`active`",
        Some("did you mean `active`?"),
    );
    // Phrases that match equally far are all listed as valid. A lone article is not a match.
    check(
        "before time passes: viewer in no tenant looks",
        "looks",
        "`looks` is not valid here",
        "`views the surface`, `asks for` or `reads the pack of`",
        None,
    );
    check("before time passes: the swepper runs", "the", "`the` is not valid here", "an action", None);
    // If the rest of the phrase matches, the unknown name is the mistake.
    check(
        "the sweeper, ask: viewr in no tenant views the surface",
        "viewr",
        "unknown actor `viewr`",
        "`viewer`",
        Some("did you mean `viewer`?"),
    );
    // Redelivery alters no step of an actor.
    check("the sweeper, ask: redeliver of the sweeper", "of", "`of` is not valid here", "`the job of ...`", None);
}
