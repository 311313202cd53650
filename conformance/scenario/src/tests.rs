//! Tests of the reader: a valid file becomes a fixture, and an invalid file is rejected. Each problem is reported with
//! its rule and its position.

use std::sync::Arc;

use truecount_engine::counts::Key;
use truecount_engine::family::FamilyId;
use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::object::ObjectState;
use truecount_engine::policy::Grant;
use truecount_engine::run::Outcome;
use truecount_engine::unit::{Failure, Resolution, Response, Skip};
use truecount_json::{Document, Limits};
use truecount_sim::fault::Fault;

use super::{Scenario, parse, rule, shaped};

mod bad;

/// A valid file that uses most keys of the format. The rows of [`bad`] change single values in it.
const GOOD: &str = r#"{
  "format": 1,
  "title": "A set that is delivered twice counts once",
  "clauses": ["COUNT-06"],
  "tenants": ["acme", "globex"],
  "actors": ["ada", "mallory"],
  "grants": [{"actor": "ada", "tenant": "acme", "may": "operate"}],
  "objects": {"set-1": "archived", "set-2": "active", "set-{3..9}": "absent"},
  "workers": {"min": 2, "max": 4},
  "runs": [
    {"name": "first", "tenant": "acme", "actor": "ada", "family": "backup_set.restore",
     "request": ["set-2", "set-1", "set-2"], "planning": ["timed_out"],
     "responses": {"set-1": ["throttled", "rejected"]}},
    {"name": "second", "tenant": "acme", "actor": "ada", "family": "backup_set.restore",
     "request": ["set-1"], "after": "first"},
    {"name": "capture", "tenant": "acme", "actor": "system", "family": "baseline.capture",
     "request": ["set-1"], "phases": {"collect": ["throttled"]}},
    {"name": "sync", "tenant": "acme", "actor": "ada", "family": "inventory.sync",
     "request": ["set-{3..5}"]},
    {"name": "again", "tenant": "acme", "actor": "system", "family": "inventory.sync",
     "request": ["set-5", "set-4", "set-3"]},
    {"name": "intruder", "tenant": "acme", "actor": "mallory", "family": "inventory.sync", "request": []}
  ],
  "faults": {"crash_before": 2, "lost_reply": 1},
  "exhaust_limits": false,
  "surfaces": [{"actor": "ada", "tenant": "acme"}],
  "expect": {
    "first": {"outcome": "partially_succeeded",
      "counts": {"total": 2, "processed": 2, "succeeded": 0, "skipped": 1, "failed": 1},
      "units": {"set-2": "skipped(not_archived)", "set-1": "failed(rejected)"}},
    "second": {"outcome": "succeeded", "counts": {"succeeded": 1, "failed": 0, "skipped": 0}},
    "capture": {"outcome": "succeeded"},
    "sync": {"outcome": ["failed"], "counts": {"total": 3, "items": [0, 1]}, "units": {"set-{3..5}": ["failed(not_found)"]}},
    "again": {"same_as": "sync"},
    "intruder": {"refused": true}
  }
}
"#;

#[test]
fn a_valid_file_becomes_a_fixture() {
    let scenario = parse("good.json", "restore/good", GOOD.as_bytes()).expect("the file is valid");
    assert_eq!(scenario.id, "restore/good");
    assert_eq!(scenario.names.objects[..3], ["set-1", "set-2", "set-3"]);
    assert_eq!(scenario.names.object("set-9"), Some(ObjectId(8)));
    let warnings: Vec<String> = scenario.warnings.iter().map(ToString::to_string).collect();
    assert!(warnings[0].starts_with("warning[unused-object]: no run requests `set-6` and 3 more\n"), "{warnings:?}");
    assert_eq!(warnings.len(), 1);

    let fixture = &scenario.fixture;
    assert_eq!(fixture.grants, [(ActorId(0), TenantId(0), Grant::Operate)]);
    assert_eq!(fixture.objects[..3], [ObjectState::Archived, ObjectState::Active, ObjectState::Absent]);
    assert_eq!((fixture.objects.len(), fixture.workers, fixture.surfaces.len()), (9, (2, 4), 1));
    assert_eq!(fixture.faults.get(Fault::CrashBefore), 2);
    assert_eq!(fixture.faults.get(Fault::Stall), 0);
    assert_eq!(fixture.responses.of(FamilyId::BackupSetRestore, ObjectState::Active), Response::NotArchived);

    let first = &fixture.runs[0];
    assert_eq!(first.input.objects[..], [ObjectId(1), ObjectId(0), ObjectId(1)]);
    let responses = [1, 2, 3].map(|attempt| first.scripted(ObjectId(0), attempt));
    assert_eq!(responses, [Some(Response::Throttled), Some(Response::Rejected), None]);
    assert_eq!((first.scripted(ObjectId(1), 1), first.planning_scripted(1)), (None, Some(Response::TimedOut)));
    assert_eq!((first.actor, fixture.runs[2].actor), (Some(ActorId(0)), None));
    assert_eq!(fixture.runs[1].after, Some(0));
    assert_eq!(fixture.runs[2].phase_scripted(0, 1), Some(Response::Throttled));
    assert_eq!(fixture.runs[2].phase_scripted(1, 1), None);
    assert_eq!(fixture.runs[3].input.objects[..], [ObjectId(2), ObjectId(3), ObjectId(4)]);

    let [first, .., sync, again, intruder] = &scenario.expect[..] else { panic!("expected six runs") };
    assert_eq!(first.outcome, [Outcome::PartiallySucceeded]);
    assert_eq!(first.counts[1], (Key::Processed, vec![2]));
    assert_eq!(first.units[0], (ObjectId(0), vec![Resolution::Failed(Failure::Rejected)]));
    assert_eq!(first.units[1], (ObjectId(1), vec![Resolution::Skipped(Skip::NotArchived)]));
    assert_eq!(sync.counts[1], (Key::Items, vec![0, 1]));
    assert_eq!(sync.units.len(), 3);
    assert_eq!((again.same_as, intruder.refused), (Some(3), true));
}

/// Only a check can show the warning, because only simulations show which faults are injected.
#[test]
fn each_fault_has_a_warning_for_the_case_that_it_is_never_injected() {
    let scenario = parse("good.json", "good", GOOD.as_bytes()).expect("the file is valid");
    let warnings: Vec<String> = scenario
        .if_not_injected
        .iter()
        .map(|(fault, warning)| format!("{} {:?} {:?}", fault.name(), warning.line(), warning.column()))
        .collect();
    assert_eq!(warnings, ["crash_before Some(24) Some(14)", "lost_reply Some(24) Some(33)"]);
    assert!(scenario.if_not_injected.iter().all(|(_, warning)| warning.rule == rule::FAULT_NOT_INJECTED));
    assert!(!scenario.warnings.iter().any(|warning| warning.rule == rule::FAULT_NOT_INJECTED));
}

#[test]
fn objects_are_numbered_in_the_order_of_their_names() {
    let text = GOOD
        .replace("\"set-1\": \"archived\", \"set-2\": \"active\"", "\"set-2\": \"active\", \"set-1\": \"archived\"");
    let [one, other] = [GOOD, &text].map(|text| parse("a.json", "a", text.as_bytes()).expect("the file is valid"));
    let meant = |scenario: Scenario| (scenario.fixture, scenario.names, scenario.expect);
    assert_eq!(meant(one), meant(other));
}

/// An edit that changes more than whitespace changes the digest, since a resumed check must simulate the same
/// scenarios.
#[test]
fn an_edit_to_a_scenario_changes_its_digest() {
    let schedule = r#""schedules": [{"name": "late", "workers": 2, "decisions": []}]"#;
    let saved = GOOD.trim_end().trim_end_matches('}').to_owned() + ", " + schedule + "}";
    let edits = [
        ("delivered twice counts", "delivered twice, counts"),
        ("\"clauses\": [\"COUNT-06\"]", "\"clauses\": [\"COUNT-07\"]"),
        ("\"may\": \"operate\"", "\"may\": \"view\""),
        ("\"set-{3..9}\": \"absent\"", "\"set-{3..10}\": \"absent\""),
        ("\"max\": 4", "\"max\": 5"),
        ("[\"throttled\", \"rejected\"]", "[\"timed_out\", \"rejected\"]"),
        ("\"collect\": [\"throttled\"]", "\"collect\": [\"timed_out\"]"),
        ("\"crash_before\": 2", "\"crash_before\": 3"),
        ("\"exhaust_limits\": false", "\"exhaust_limits\": true"),
        ("[{\"actor\": \"ada\", \"tenant\": \"acme\"}]", "[]"),
        ("\"items\": [0, 1]", "\"items\": [0, 2]"),
        ("\"name\": \"late\"", "\"name\": \"later\""),
        ("\"decisions\": []", "\"decisions\": [\"clock +1 ms\"]"),
    ];
    let digest = |id: &str, text: &str| {
        let document = Document::parse("a.json", text, &Limits::SCENARIO).expect("JSON");
        let file = Some(Arc::new(shaped(&document).expect("keys and values of the format")));
        let good = parse("good.json", id, GOOD.as_bytes()).expect("the file is valid");
        Scenario { file, ..good }.sha256()
    };
    let was = digest("a", &saved);
    assert_eq!(digest("a", &saved.replace('\n', " \r\n\t")), was);
    assert_ne!(digest("b", &saved), was);
    for (from, to) in edits {
        assert!(saved.contains(from), "{from}");
        assert_ne!(digest("a", &saved.replacen(from, to, 1)), was, "{to}");
    }
}

#[test]
fn omitted_keys_have_defaults() {
    let text = r#"{"format": 1, "title": "Nothing", "clauses": ["COUNT-06"], "tenants": ["acme"],
        "runs": [{"name": "a", "tenant": "acme", "actor": "system", "family": "inventory.sync", "request": []}],
        "expect": {"a": {"outcome": "succeeded"}}}"#;
    let fixture = parse("a.json", "a", text.as_bytes()).expect("the file is valid").fixture;
    assert_eq!((fixture.workers, fixture.exhaust, fixture.objects.len()), ((1, 3), false, 0));
    assert!(Fault::ALL.iter().all(|fault| fixture.faults.get(*fault) == 0));
}

#[test]
fn a_file_can_have_a_million_objects() {
    let text = GOOD.replace("set-{3..9}", "set-{3..1048576}");
    let scenario = parse("a.json", "a", text.as_bytes()).expect("the file is valid");
    assert_eq!(scenario.fixture.objects.len(), 1 << 20);
}

#[test]
fn a_problem_states_the_valid_values() {
    let text = GOOD.replace("\"set-1\": [\"throttled\"", "\"set-1\": [\"throtled\"");
    let problems = parse("a.json", "a", text.as_bytes()).expect_err("the response is unknown");
    let [problem] = &problems[..] else { panic!("expected one problem, found {problems:?}") };
    let expected = r#"error[unknown-response]: unknown response `throtled`
  --> a.json:13:30
   |
13 |      "responses": {"set-1": ["throtled", "rejected"]}},
   |                              ^^^^^^^^^^
   |
   = expected: one of `throttled`, `timed_out`, `unavailable`, `rejected`, `forbidden`, `unsupported`, `not_found`
   = help: did you mean `throttled`?"#;
    assert_eq!(problem.to_string(), expected);
}

#[test]
fn surplus_problems_are_counted_but_not_shown() {
    let many = "\"unknown\", ".repeat(300);
    let text = GOOD.replace("[\"set-1\"], \"after\"", &format!("[{many}\"set-1\"], \"after\""));
    let problems = parse("a.json", "a", text.as_bytes()).expect_err("the objects are unknown");
    let last = problems.last().expect("there are problems");
    assert_eq!((problems.len(), last.rule), (257, rule::TOO_MANY_PROBLEMS));
    assert_eq!(last.message, "44 more problems are not shown");
}
