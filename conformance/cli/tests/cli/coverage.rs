//! Tests of `check --coverage` and of the sometimes assertions of every check, as text and as JSON.

use super::run::check_line;

#[test]
fn the_whole_corpus_has_no_empty_cell_and_hits_every_sometimes_assertion() {
    let run = check_line("check --coverage");
    assert_eq!(run.code, 0, "{run:?}");
    let tables = run.stdout.lines().filter(|line| line.contains(" - a b c ")).collect::<Vec<_>>();
    assert!(tables.len() >= 6, "{tables:?}");
    for table in tables {
        let (_, figures) = table.rsplit_once("   ").expect("figures at the end");
        let figures: Vec<&str> = figures.split(' ').collect();
        assert!(matches!(&figures[..], [reached, "of", reachable, "reached"] if reached == reachable), "{table}");
    }
    assert!(!run.stdout.contains("·  ") && !run.stdout.contains("empty:"), "{}", run.stdout);
    let sometimes =
        run.stdout.lines().find(|line| line.starts_with("  sometimes ")).expect("a line on sometimes assertions");
    assert!(sometimes.ends_with(" hit") && !run.stdout.contains("not hit:"), "{sometimes}");
}

#[test]
fn a_part_of_the_corpus_shows_empty_cells_and_is_not_judged() {
    let run = check_line("check restore/stranger --coverage");
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("\nbackup_set.restore "), "{}", run.stdout);
    assert!(!run.stdout.contains("\nbaseline.capture "), "{}", run.stdout);
    assert!(run.stdout.contains("  empty: failed(abandoned) under clock_jump\n"), "{}", run.stdout);
    assert!(run.stdout.contains("empty cells are judged only over the whole corpus"), "{}", run.stdout);
    assert!(run.stdout.contains("hit (not judged)\n"), "{}", run.stdout);
    let plain = check_line("check restore/stranger");
    assert!(!plain.stdout.contains("coverage:"), "a check without --coverage shows the coverage: {}", plain.stdout);
}

#[test]
fn the_json_report_has_each_cell_and_assertion_with_its_first_hit() {
    let line = "check restore/stranger baseline --coverage --format json";
    let [one, two] = [1, 2].map(|jobs| check_line(&format!("{line} --jobs {jobs}")));
    assert_eq!(one.stdout, two.stdout, "the report depends on the number of threads");
    let report = one.json();
    let families = report["coverage"]["families"].as_array().expect("a list");
    let names: Vec<&str> = families.iter().filter_map(|family| family["family"].as_str()).collect();
    assert_eq!(names, ["backup_set.restore", "baseline.capture", "baseline.compare"]);
    let cells = families[0]["cells"].as_array().expect("a list");
    let cell = |path: &str, fault: &str| {
        cells.iter().find(|cell| cell["path"] == path && cell["fault"] == fault).unwrap_or_else(|| panic!("{path}"))
    };
    let reached = cell("succeeded", "unplanned_unit");
    assert_eq!((&reached["state"], &reached["first"]["scenario"]), (&"reached".into(), &"restore/stranger".into()));
    assert!(reached["first"]["seed"].is_string() && reached["reason"].is_null(), "{reached}");
    assert_eq!(cell("failed(abandoned)", "clock_jump")["state"], "empty");
    let impossible = cell("skipped(archived)", "none");
    assert_eq!(impossible["state"], "impossible");
    assert!(impossible["reason"].is_string() && impossible["first"].is_null(), "{impossible}");
    let sometimes = report["sometimes"].as_array().expect("a list");
    let assertion =
        |id: &str| sometimes.iter().find(|assertion| assertion["id"] == id).unwrap_or_else(|| panic!("{id}"));
    assert_eq!(assertion("unplanned-unit-acknowledged")["first"]["scenario"], "restore/stranger");
    assert_eq!(assertion("unplanned-unit-acknowledged")["scenarios"], 1);
    assert!(assertion("abandoned-unit")["first"].is_null() && assertion("abandoned-unit")["sentence"].is_string());
}
