//! Tests of scenarios that leave the shape of their plan open. A seed draws the shape, unless the command line names
//! it.

use serde_json::Value;

use super::run::{check, check_line};

#[test]
fn a_drawn_shape_and_a_named_shape_give_the_same_simulation() {
    let drawn = check_line("replay shapes/restore --seed 0");
    assert!(drawn.stdout.contains("  scenario  shapes/restore#duplicates: "), "{}", drawn.stdout);
    let named = check(["replay", "shapes/restore#duplicates", "--seed", "0"]);
    let trace = |text: &str| text.lines().filter(|line| !line.contains("  replay ")).collect::<Vec<_>>().join("\n");
    assert_eq!((drawn.code, trace(&drawn.stdout)), (0, trace(&named.stdout)));
    assert!(named.stdout.contains("replay    truecount replay 'shapes/restore#duplicates' --seed 0"), "{named:?}");
    // A different seed draws a different shape, but a named shape does not change.
    assert!(!check_line("replay shapes/restore --seed 1").stdout.contains("#duplicates"));
    assert!(check(["replay", "shapes/restore#duplicates", "--seed", "1"]).stdout.contains("#duplicates"));
}

#[test]
fn a_failure_is_reported_and_minimised_for_its_shape() {
    let run = check_line("check shapes/restore --mutant M17");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("  scenario  shapes/restore#duplicates: "), "{}", run.stdout);
    assert!(run.stdout.contains("replay    truecount replay shapes/restore --seed 0 --mutant M17"), "{}", run.stdout);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("small.json");
    let path = file.to_str().expect("UTF-8");
    let minimal = check(["shrink", "shapes/restore", "--seed", "0", "--mutant", "M17", "--write", path]);
    assert_eq!(minimal.code, 1, "{minimal:?}");
    let text = std::fs::read_to_string(&file).expect("it was written");
    assert!(!text.contains("\"shapes\"") && text.contains("\"schedules\""), "{text}");
    assert_eq!(check(["replay", path, "--mutant", "M17"]).code, 1);
    assert_eq!(check(["replay", path]).code, 0);
}

#[test]
fn a_report_shows_how_often_each_shape_was_drawn() {
    let report = check_line("check shapes/restore shapes/pack --seeds 64 --format json").json();
    for scenario in report["scenarios"].as_array().expect("scenarios") {
        let shapes = scenario["shapes"].as_array().expect("shapes");
        let seeds: Vec<u64> = shapes.iter().map(|shape| shape["seeds"].as_u64().expect("a number")).collect();
        assert_eq!((shapes.len(), seeds.iter().sum::<u64>()), (8, 64), "{seeds:?}");
        assert_eq!(shapes[4]["shape"], Value::from("duplicates"));
    }
    let text = check_line("check shapes/restore --seeds 64").stdout;
    assert!(text.contains("  shapes of plans drawn: empty "), "{text}");
    assert!(!check_line("check baseline --seeds 1").stdout.contains("shapes of plans"));
}

#[test]
fn a_named_shape_is_checked_and_all_shapes_are_explored() {
    let run = check(["check", "shapes/inventory#one", "--seeds", "8"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("PASS  1 scenario, 8 simulations from seed 0"), "{}", run.stdout);
    // An exploration draws nothing and covers all shapes.
    let run = check_line("explore shapes/inventory --states 20");
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.contains("shapes/inventory#removed") && run.stdout.contains("explored 8 scenarios"), "{run:?}");
}

#[test]
fn an_unknown_shape_is_a_usage_error() {
    for (name, help) in [
        ("shapes/restore#duplicate", "did you mean `shapes/restore#duplicates`?"),
        ("shapes/restore#", "the scenario has the shapes empty, one, two, many, duplicates, again, shared, removed"),
        ("restore/late-worker#one", "the scenario states its plan"),
    ] {
        let run = check(["check", name]);
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{run:?}");
        assert!(run.stderr.contains(help), "{}", run.stderr);
    }
    assert_eq!(check(["check", "shapes/nothing#one"]).code, 64);
}

#[test]
fn a_schedule_names_the_shape_of_its_plan() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("seed.json");
    let path = file.to_str().expect("UTF-8");
    assert_eq!(check(["replay", "shapes/restore", "--seed", "0", "--write", path]).code, 0);
    let saved = std::fs::read_to_string(&file).expect("it was written");
    let alone = check(["replay", "--schedule", path]);
    assert!(alone.stdout.contains("  scenario  shapes/restore#duplicates: "), "{alone:?}");
    assert_eq!(alone.code, 0, "{alone:?}");
    assert_eq!(check(["replay", "shapes/restore", "--schedule", path]).code, 0);
    for other in ["shapes/restore", "shapes/restore#duplicate", "restore/late-worker#one", "shapes/nothing#one"] {
        std::fs::write(&file, saved.replace("shapes/restore#duplicates", other)).expect("a temporary file");
        let run = check(["replay", "--schedule", path]);
        assert_eq!((run.code, run.stdout.as_str()), (65, ""), "{other}: {run:?}");
        assert!(run.stderr.contains("seed.json:3:15"), "{other}: {}", run.stderr);
    }
}
