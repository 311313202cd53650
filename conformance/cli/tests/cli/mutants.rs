//! Tests of `truecount mutants`: the reports of killed and of surviving bugs, and the kill matrix.

use serde_json::Value;

use super::run::{GOOD, check_in, check_line, folder};

/// Returns the rows of a JSON report without `--matrix`.
fn rows(report: &Value) -> &[Value] {
    report.as_array().expect("a list")
}

#[test]
fn killed_bugs_are_reported_with_their_seeds_and_scenario() {
    let text = check_line("mutants M01 M27 --seeds 50");
    assert_eq!(text.code, 0, "{text:?}");
    assert!(text.stdout.ends_with("2 of 2 mutants are killed under their own clause\n"), "{}", text.stdout);
    let report = check_line("mutants m01 m27 --seeds 50 --format json").json();
    let of = |key: &str| rows(&report).iter().map(|row| row[key].as_str().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(of("mutant"), ["M01", "M27"]);
    assert_eq!(of("clause"), ["COUNT-06", "LIFE-02"]);
    assert_eq!(of("verdict"), ["killed", "killed"]);
    for row in rows(&report) {
        let seeds = row["seeds"].as_u64().expect("the number of seeds until the bug was killed");
        assert!((1..=50).contains(&seeds), "{row}");
        assert!(row["violated"].as_array().is_some_and(|violated| violated.contains(&row["clause"])), "{row}");
        assert!(row["scenario"].is_string(), "{row}");
    }
}

#[test]
fn the_matrix_does_not_depend_on_the_number_of_threads() {
    let [one, three] = [1, 3].map(|jobs| check_line(&format!("mutants --seeds 3 --jobs {jobs}")));
    assert_eq!((one.code, one.stdout), (three.code, three.stdout));
}

#[test]
fn the_matrix_is_written_as_text_markdown_and_json() {
    let line = "mutants M01 M08 --matrix --campaigns 3 --cap 30 --no-explore";
    let text = check_line(line);
    assert!(
        text.stdout.starts_with("bug ") && text.stdout.contains("\n2 of 2 mutants are killed under their own clause\n"),
        "{text:?}"
    );
    assert!(text.stdout.contains("\nmet: the portfolio's median over all bugs is "), "{}", text.stdout);
    // The first table has a row for each bug, and so has the table of the clauses that reports name.
    assert_eq!(text.stdout.matches("\nM01 blind-increment").count(), 2, "{}", text.stdout);
    let page = check_line(&format!("{line} --format markdown"));
    assert!(page.stdout.contains("\n## Kill matrix: clauses named in reports\n"), "{}", page.stdout);
    assert!(page.stdout.contains("\n| M01 blind-increment | COUNT-06 | "), "{}", page.stdout);
    let report = check_line(&format!("{line} --format json")).json();
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0]["verdict"], &rows[0]["explored"]), (2, &"killed".into(), &Value::Null));
    let alone: Vec<&str> =
        rows[1]["alone"].as_array().expect("a list").iter().filter_map(|of| of["scheduler"].as_str()).collect();
    assert_eq!(alone, ["uniform", "pct2", "pct3", "swarm"]);
    // Each campaign ends at the first violation of the bug's own clause. Violations of other clauses come on top.
    assert_eq!(rows[1]["own"], 3, "{}", rows[1]);
    assert!(rows[1]["violations"].as_u64() >= rows[1]["own"].as_u64(), "{}", rows[1]);
    let named = &rows[0]["attribution"];
    assert!(named["failing"].as_u64() >= named["own"].as_u64() && named["simulations"].as_u64() > Some(30), "{named}");
    assert_eq!(named["thread"]["simulations"], 30, "{named}");
    assert_eq!(report["engine_simulations"], 0, "the unmodified engine was simulated for a part of the catalogue");
}

/// The command fails if reports name the clause of a bug too rarely, and only then.
#[test]
fn the_exit_code_of_the_matrix_follows_the_clauses_that_reports_name() {
    let run = check_line("mutants M01 M27 --matrix --campaigns 1 --cap 30 --no-explore");
    let met = "\nmet: 2 of 2 bugs have more than half of their failing simulations under their own clause";
    assert!(run.code == 0 && run.stdout.contains(met), "{run:?}");
    let run = check_line("mutants M01 M27 --matrix --campaigns 1 --cap 30 --no-explore --format json");
    assert_eq!((run.code, &run.json()["summary"]["misattributed"]), (0, &Value::Array(Vec::new())), "{run:?}");
}

#[test]
fn the_matrix_shows_where_exploration_finds_a_bug() {
    let row = &check_line("mutants M07 --matrix --campaigns 1 --cap 10 --format json").json()["rows"][0];
    assert!(
        row["explored"].as_str().is_some_and(|text| text.starts_with("small/") && text.ends_with(" states")),
        "{row}"
    );
}

#[test]
fn a_bug_that_no_campaign_finds_survives() {
    let folder = folder(&[("unwatched.json", GOOD.as_bytes())]);
    let run = check_in(folder.path(), "mutants M38 --matrix --campaigns 1 --cap 5 --format json");
    assert_eq!(run.code, 1, "{run:?}");
    let row = &run.json()["rows"][0];
    assert_eq!((&row["verdict"], &row["best_scenario"], &row["seeds"]), (&"survived".into(), &Value::Null, &"".into()));
}

#[test]
fn contradictory_options_of_the_matrix_are_usage_errors() {
    for line in ["--format markdown", "--matrix --seeds 5", "--campaigns 5", "--matrix M01 --write x.json"] {
        let run = check_line(&format!("mutants {line}"));
        assert_eq!((run.code, run.stdout.as_str()), (64, ""), "{line}: {run:?}");
    }
}

#[test]
fn a_bug_survives_a_search_with_too_few_seeds() {
    // The number of seeds that a bug needs depends on what each seed draws. The test therefore looks up a bug that
    // needs several seeds instead of naming one.
    let report = check_line("mutants --format json").json();
    let slow = rows(&report).iter().find(|row| row["seeds"].as_u64() > Some(1));
    let slow = slow.expect("at least one bug needs more than one seed");
    let (id, seeds) = (slow["mutant"].as_str().expect("an id"), slow["seeds"].as_u64().expect("a number"));

    let enough = check_line(&format!("mutants {id} --seeds {seeds}"));
    assert_eq!(enough.code, 0, "{enough:?}");
    let too_few = format!("mutants {id} --seeds {}", seeds - 1);
    let text = check_line(&too_few);
    assert_eq!(text.code, 1, "{text:?}");
    assert!(text.stdout.ends_with("0 of 1 mutants are killed under their own clause\n"), "{}", text.stdout);
    let report = check_line(&format!("{too_few} --format json")).json();
    let row = &rows(&report)[0];
    assert!(row["verdict"] == "survived" || row["verdict"] == "other clause", "{row}");
    assert_eq!((&row["seeds"], &row["scenario"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_bug_that_no_scenario_can_show_survives() {
    // No surface is viewed, so an incorrect surface is never observed.
    let folder = folder(&[("unwatched.json", GOOD.as_bytes())]);
    let run = check_in(folder.path(), "mutants M38 --seeds 20 --format json");
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(rows(&run.json())[0]["verdict"], "survived");
}

#[test]
fn an_invalid_file_is_rejected_before_the_search() {
    let folder = folder(&[("good.json", GOOD.as_bytes()), ("bad.json", b"{")]);
    let run = check_in(folder.path(), "mutants M01 --seeds 20");
    assert_eq!((run.code, run.stdout.as_str()), (65, ""));
    assert!(run.stderr.contains("bad.json:1:2"), "{}", run.stderr);
}
