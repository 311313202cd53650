//! Tests of shapes: the scenario for each shape, the draw of a shape for each seed, and the rejection of scenarios that
//! cannot have shapes.

use super::*;
use crate::{parse, write};
use truecount_json::{Document, Limits};

const FILE: &str = r#"{"format": 1, "title": "t", "clauses": ["COUNT-06"], "tenants": ["acme"],
    "objects": {"set-1": "archived", "set-2": "active", "set-{3..4}": "absent"},
    "runs": [{"name": "run", "tenant": "acme", "actor": "system", "family": "backup_set.restore",
        "request": ["set-2", "set-1", "set-2", "set-{3..4}"], "responses": {"set-1": ["throttled"]}}],
    "shapes": ["empty", "one", "two", "many", "duplicates", "again", "shared", "removed"],
    "expect": {"run": {"outcome": "partially_succeeded",
        "counts": {"total": 4, "processed": 4, "succeeded": 1, "failed": 2, "skipped": 1},
        "units": {"set-1": "succeeded", "set-2": "skipped(not_archived)", "set-{3..4}": "failed(not_found)"}}}}"#;

fn open() -> Scenario {
    parse("f", "g/f", FILE.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn each_shape_gives_a_scenario_with_a_derived_expectation() {
    let scenario = open();
    let resolutions: Vec<String> = scenario
        .shapes
        .iter()
        .map(|Shaped { scenario, reference, .. }| {
            let plans: Vec<usize> = reference.runs.iter().map(|run| run.plan.len()).collect();
            let first = &scenario.expect[0];
            let outcomes: Vec<&str> = first.outcome.iter().map(|outcome| outcome.name()).collect();
            let values = |key: &str| first.counts.iter().find(|(known, _)| known.name() == key).map(|(_, v)| v[0]);
            let of = [values("total"), values("succeeded"), values("failed")];
            format!("{} {plans:?} {} {of:?}", scenario.id, outcomes.join("|"))
        })
        .collect();
    assert_eq!(
        resolutions,
        [
            "g/f#empty [0] succeeded [Some(0), Some(0), Some(0)]",
            "g/f#one [1] succeeded [Some(1), Some(0), Some(0)]",
            "g/f#two [2] succeeded [Some(2), Some(1), Some(0)]",
            "g/f#many [4] partially_succeeded [Some(4), Some(1), Some(2)]",
            "g/f#duplicates [4] partially_succeeded [Some(4), Some(1), Some(2)]",
            "g/f#again [4, 4] partially_succeeded [Some(4), Some(1), Some(2)]",
            "g/f#shared [4, 1]  [Some(4), None, None]",
            "g/f#removed [4] succeeded|partially_succeeded|failed [Some(4), None, None]",
        ]
    );
    assert_eq!(scenario.shapes[4].scenario.fixture.runs[0].input.objects.len(), 10);
}

#[test]
fn every_shape_is_drawn_and_a_seed_always_draws_the_same_shape() {
    let scenario = open();
    let reference = Reference::new(&scenario.fixture);
    let draw = |seed| scenario.drawn(&reference, seed).0.id.clone();
    let drawn: Vec<String> = (0..64).map(draw).collect();
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), Shape::ALL.len());
    assert_eq!(drawn, (0..64).map(draw).collect::<Vec<_>>());
    // For a named shape, there is nothing left to draw.
    let one = &scenario.shapes[1];
    assert!((0..64).all(|seed| one.scenario.drawn(&one.reference, seed).0.id == "g/f#one"));
}

#[test]
fn the_file_of_a_shape_can_be_written_and_read_back() {
    let scenario = open();
    let document = Document::parse("f", FILE.as_bytes(), &Limits::SCENARIO).expect("JSON");
    let file = crate::shaped(&document).expect("a valid file");
    for Shaped { shape, scenario, .. } in &scenario.shapes {
        let text = write::scenario(&shape.of(&file));
        let read = parse("f", &scenario.id, text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:#?}"));
        // A shape may request fewer objects than the file lists, which gives a warning only in a file.
        // A shape names no clause of its own, and its faults are judged for all shapes together.
        let read = Scenario { warnings: Vec::new(), if_not_injected: Vec::new(), clauses: Vec::new(), ..read };
        assert_eq!(&read, scenario);
    }
}

/// Returns the rules that a scenario with shapes violates.
fn problems(name: &str, family: &str, request: &str, units: &str, rest: &str) -> Vec<String> {
    let text = format!(
        r#"{{"format": 1, "title": "t", "clauses": ["COUNT-06"], "tenants": ["acme"], "objects": {{"set-{{1..300}}": "archived"}},
            "runs": [{{"name": "{name}", "tenant": "acme", "actor": "system", "family": "{family}", "request": [{request}]}}],
            {rest}, "expect": {{"{name}": {{"outcome": "succeeded"{units}}}}}}}"#
    );
    let problems = parse("f", "f", text.as_bytes()).expect_err("the scenario is rejected");
    problems.iter().map(|problem| problem.rule.to_owned()).collect()
}

const RESTORE: &str = "backup_set.restore";
const THREE: [&str; 2] = ["\"set-{1..3}\"", ", \"units\": {\"set-{1..3}\": \"succeeded\"}"];
const MANY: [&str; 2] = ["\"set-{1..300}\"", ", \"units\": {\"set-{1..300}\": \"succeeded\"}"];
const SCHEDULE: &str =
    r#""schedules": [{"name": "s", "workers": 1, "decisions": ["before time passes: the sweeper runs"]}]"#;

#[test]
fn a_scenario_that_cannot_have_shapes_is_rejected() {
    let one = "\"shapes\": [\"one\"]";
    let [request, units] = THREE;
    assert_eq!(problems("run", RESTORE, request, units, "\"shapes\": [\"oen\"]"), [rule::UNKNOWN_SHAPE]);
    assert_eq!(problems("run", RESTORE, request, units, "\"shapes\": [\"one\", \"one\"]"), [rule::DUPLICATE_NAME]);
    assert_eq!(problems("run", RESTORE, "\"set-1\"", "", one), [rule::SHAPES_OF_TOO_FEW]);
    assert_eq!(problems("run", "baseline.compare", "", "", one), [rule::SHAPES_OF_TOO_FEW]);
    assert_eq!(problems("run", RESTORE, MANY[0], MANY[1], one), [rule::SHAPES_OF_TOO_MANY]);
    assert_eq!(problems("run", RESTORE, request, "", one), [rule::SHAPES_WITHOUT_UNITS]);
    assert_eq!(problems("run", RESTORE, request, units, &format!("{one}, {SCHEDULE}")), [rule::SHAPES_WITH_SCHEDULES]);
    // The name of the run that this shape adds is too long.
    assert_eq!(
        problems(&"r".repeat(60), RESTORE, request, units, "\"shapes\": [\"one\", \"again\"]"),
        [rule::SHAPE_DOES_NOT_FIT]
    );
}
