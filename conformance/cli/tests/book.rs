//! Tests of the book. Its texts come from the contract, and its standings come from a run. The same checkout gives the
//! same bytes.

mod corpus;
mod program;

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use corpus::Corpus;
use program::{Run, spec, workspace};
use serde_json::Value;
use truecount_contract::clause::{Clause, ClauseSet, Kind};
use truecount_contract::invariant::Violations;
use truecount_contract::vectors::FAULTY;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::Finding;
use truecount_gate::book::{Book, Evidence, Example, Page, Proof};
use truecount_gate::report::{FailureReport, Standing};
use truecount_gate::table::Table;
use truecount_mutants::CATALOGUE;

/// The number of seeds for a book in these tests.
const SEEDS: u64 = 4;

fn evidence(corpus: &Corpus, jobs: usize) -> Evidence<'_> {
    Evidence::gather(&corpus.pairs(), Some(SEEDS), jobs, &()).unwrap_or_else(|problem| panic!("{problem}"))
}

fn json(book: &Book) -> Value {
    serde_json::to_value(book).expect("a book is plain data")
}

fn pages(book: &Book) -> impl Iterator<Item = &Page> {
    book.chapters.iter().flat_map(|chapter| &chapter.clauses)
}

/// Returns the part of a Markdown text that is about a clause.
fn part<'a>(markdown: &'a str, id: &str) -> &'a str {
    let rest = markdown.split(&format!("\n### {id}\n")).nth(1).unwrap_or_else(|| panic!("no page for {id}"));
    rest.split("\n## ").next().and_then(|rest| rest.split("\n### ").next()).unwrap_or_default()
}

/// A failure, the book and the spec show the same text for a clause. Only the text of the spec is binding, so the
/// failure and the book must quote it exactly.
#[test]
fn each_clause_has_the_same_text_in_spec_book_and_failure() {
    let path = workspace().join("conformance/spec/requirements.json");
    let source: Value = serde_json::from_str(&fs::read_to_string(path).expect("the spec")).expect("the spec is JSON");
    let corpus = Corpus::read();
    let book = Book::new(&evidence(&corpus, 2));
    let (markdown, json) = (book.markdown(), json(&book));
    let listed: BTreeMap<&str, &str> = json["chapters"]
        .as_array()
        .expect("chapters")
        .iter()
        .flat_map(|chapter| chapter["clauses"].as_array().expect("clauses"))
        .map(|page| (page["id"].as_str().expect("an id"), page["text"].as_str().expect("words")))
        .collect();

    let (scenario, reference) = corpus.pairs()[0];
    let mut recording = truecount_gate::record(scenario, reference, Standard, Memory::new(), 0);
    let clauses = source["clauses"].as_array().expect("clauses");
    assert_eq!((clauses.len(), listed.len()), (Clause::ALL.len(), Clause::ALL.len()));
    for (clause, row) in Clause::ALL.iter().zip(clauses) {
        let (id, text) = (row["id"].as_str().expect("an id"), row["text"].as_str().expect("words"));
        assert_eq!(listed.get(id), Some(&text));
        assert!(part(&markdown, id).starts_with(&format!("\n> {text}\n")), "{id}: {}", part(&markdown, id));
        let clauses: ClauseSet = [*clause].into_iter().collect();
        recording.simulation.finding = Some(Finding::Violated(Violations { clauses, primary: *clause, at: 1 }));
        let failure = FailureReport::new(scenario, reference, &recording, String::new()).text();
        assert_eq!(failure.lines().next(), Some(format!("FAIL {id}  {text}").as_str()));
    }
}

#[test]
fn sections_are_numbered_as_in_the_contract() {
    let heads = |text: &str| -> Vec<String> {
        let numbered = |line: &&str| line.strip_prefix("## ").is_some_and(|rest| rest.starts_with(char::is_numeric));
        text.lines().filter(numbered).map(str::to_owned).collect()
    };
    let corpus = Corpus::read();
    let book = Book::new(&evidence(&corpus, 2)).markdown();
    assert_eq!(heads(&book), heads(include_str!("../../spec/contract.md")));
    assert_eq!(heads(&book).len(), 11);
}

#[test]
fn the_book_quotes_the_first_two_sections_and_the_rules_of_the_contract() {
    let corpus = Corpus::read();
    let book = Book::new(&evidence(&corpus, 2));
    let text = book.markdown();
    let has = |part: &str| assert!(text.contains(part), "{part}");
    let contract = include_str!("../../spec/contract.md");
    let from = contract.find("\n## 1. Terms\n").expect("section 1");
    let to = contract.find("\n## 3. ").expect("section 3");
    has(&contract[from..to]);
    for profile in book.profiles {
        profile
            .families
            .iter()
            .filter(|row| !row.responses.is_empty())
            .for_each(|row| has(&format!("{}` | ", row.name)));
    }
    book.rules.iter().for_each(|rule| has(&format!(" {}\n\n{}\n", rule.title, rule.text.join(" "))));
    book.excluded.iter().for_each(|left| has(&format!("\n| {} | ", left.title)));
    book.excluded.iter().for_each(|left| has(&format!(" | {} |\n", left.reason)));
}

#[test]
fn each_clause_has_an_example_or_a_note_that_there_is_none() {
    let corpus = Corpus::read();
    let book = Book::new(&evidence(&corpus, 2));
    let text = book.markdown();
    for (clause, page) in Clause::ALL.iter().zip(pages(&book)) {
        assert_eq!(clause.id(), page.id);
        let shown = match &page.example {
            Example::Vector { case, title, .. } => {
                assert!(clause.kinds().contains(&Kind::V) && page.vectors.contains(case), "{clause}");
                format!("- example: vector `{case}`: {title}\n")
            }
            Example::Scenario { id, title } => {
                assert!(page.scenarios.contains(id), "{clause}");
                format!("- example: scenario `{id}`: {title}\n")
            }
            Example::Sources(path) => {
                assert!(clause.kinds().contains(&Kind::A) && workspace().join(path).is_dir(), "{clause}: {path}");
                format!("- example: the sources of this repository, read by `{path}`\n")
            }
            Example::NoExampleYet => {
                assert!(page.scenarios.is_empty() && page.vectors.is_empty(), "{clause} has an example");
                "- example: no example yet\n".to_owned()
            }
        };
        assert!(part(&text, page.id).contains(&shown), "{clause}: {shown}");
        assert!(clause.kinds().contains(&Kind::V) == matches!(page.example, Example::Vector { .. }), "{clause}");
    }
}

#[test]
fn the_standing_of_a_clause_depends_only_on_the_run() {
    let corpus = Corpus::read();
    let mut evidence = evidence(&corpus, 2);
    let standings: Vec<Standing> = evidence.standings.iter().map(|report| report.standing).collect();
    let proofs = |book: &Book| -> Vec<Proof> { book.traceability.iter().map(|trace| trace.proof).collect() };

    let book = Book::new(&evidence);
    assert!(!book.fails());
    for ((trace, page), standing) in book.traceability.iter().zip(pages(&book)).zip(&standings) {
        assert_eq!((trace.clause, trace.proof), (page.id, page.proof));
        let expected = match standing {
            Standing::Held if trace.killed > 0 => Proof::Tested,
            Standing::Held => Proof::Weak,
            Standing::NotExercised => Proof::Untested,
            Standing::Architecture => Proof::Architecture,
            Standing::NotEvaluable => Proof::NotEvaluable,
            Standing::Violated | Standing::KnownFailure => Proof::Violated,
        };
        assert_eq!(trace.proof, expected, "{}", trace.clause);
        let row = format!("| {} |\n", trace.proof.name());
        let text = book.markdown();
        let line = text.lines().find(|line| line.starts_with(&format!("| {} |", trace.clause)));
        assert!(line.is_some_and(|line| format!("{line}\n").ends_with(&row)), "{line:?}");
    }
    for (kind, proof) in [(Kind::A, Proof::Architecture), (Kind::V, Proof::Tested)] {
        let of = |clause: &Clause| clause.kinds() == [kind];
        let all = Clause::ALL.iter().zip(proofs(&book)).filter(|(clause, _)| of(clause));
        all.for_each(|(clause, found)| assert_eq!(found, proof, "{clause}"));
    }

    // Without killed mutants, a tested clause becomes weak, and all other clauses stay the same.
    evidence.campaigned.clear();
    evidence.failed.clear();
    for (before, after) in proofs(&book).into_iter().zip(proofs(&Book::new(&evidence))) {
        assert_eq!(after, if before == Proof::Tested { Proof::Weak } else { before });
    }

    evidence.standings[0].standing = Standing::Violated;
    let book = Book::new(&evidence);
    assert!(book.fails() && book.markdown().contains(", 1 violated.\n"));
}

#[test]
fn the_kill_matrix_lists_every_known_bug_with_its_verdict() {
    let corpus = Corpus::read();
    let mut evidence = evidence(&corpus, 2);
    let book = Book::new(&evidence);
    let ids: Vec<&str> = book.kills.iter().map(|kill| kill.mutant).collect();
    let known: Vec<&str> = CATALOGUE.iter().map(|mutant| mutant.id).chain(FAULTY.iter().map(|bug| bug.id)).collect();
    assert_eq!(ids, known);
    let text = book.markdown();
    for kill in &book.kills {
        assert!(text.contains(&format!("\n| {} {} | {} |", kill.mutant, kill.name, kill.clause)), "{kill:?}");
        assert_eq!(kill.by.is_some(), kill.verdict != "survived", "{kill:?}");
        assert!(!kill.also.contains(&kill.clause), "{kill:?}");
    }
    let killed = book.kills.iter().filter(|kill| kill.verdict == "killed").count();
    assert!(text.contains(&format!("\n{killed} of {} mutants are killed under their clause.", known.len())));

    // If no case fails, no faulty function is killed, and the book reports each as survived.
    evidence.failed.iter_mut().for_each(|(_, failed)| failed.clear());
    let book = Book::new(&evidence);
    let functions = book.kills.iter().filter(|kill| kill.mutant.starts_with('F'));
    functions.for_each(|kill| assert_eq!((kill.verdict, &kill.by), ("survived", &None)));
}

#[test]
fn an_added_table_is_in_both_formats() {
    let corpus = Corpus::read();
    let cells = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    let table = Table {
        title: "Peers".to_owned(),
        about: "What was reached.".to_owned(),
        head: cells(["path", "reached by"]),
        rows: vec![cells(["done", "restore/every-answer"])],
    };
    let book = Book::new(&evidence(&corpus, 2)).with(table);
    let text =
        "\n## Peers\n\nWhat was reached.\n\n| path | reached by |\n| --- | --- |\n| done | restore/every-answer |\n";
    let markdown = book.markdown();
    assert!(markdown.find(text) < markdown.find("\n## Excluded follow-ups"), "{markdown}");
    assert!(markdown.contains(text));
    let tables = json(&book)["tables"].as_array().cloned().unwrap_or_default();
    let titles: Vec<&str> = tables.iter().filter_map(|table| table["title"].as_str()).collect();
    let own = ["seeds to detection", "clauses named in reports", "models of other engines"];
    let own = own.map(|title| format!("Kill matrix: {title}"));
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    assert_eq!(titles, [&own[..], &["Coverage", "Sometimes assertions", "Not planted", "Peers"]].concat());
    assert_eq!(tables[6]["rows"][0][1], "restore/every-answer");
}

#[test]
fn the_book_does_not_depend_on_the_number_of_threads() {
    let corpus = Corpus::read();
    let [one, three] = [1, 3].map(|jobs| Book::new(&evidence(&corpus, jobs)));
    assert_eq!(one.markdown(), three.markdown());
    assert_eq!(json(&one), json(&three));
}

#[test]
fn the_program_writes_the_same_book_to_stdout_and_to_a_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for format in ["markdown", "json"] {
        let path = folder.path().join(format);
        let arguments = ["--seeds", "4", "--format", format];
        let [first, second] = [spec(&arguments), spec(&arguments)];
        assert_eq!((first.code, &first.stdout), (Some(0), &second.stdout));
        let out = spec(&[&arguments[..], &["--out", path.to_str().expect("UTF-8")]].concat());
        assert_eq!((out.code, out.stdout.as_str()), (Some(0), ""), "{out:?}");
        assert_eq!(fs::read_to_string(&path).expect("the book"), first.stdout);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "unexpected files are left");
    let book: Value = serde_json::from_str(&spec(&["--seeds", "4", "--format", "json"]).stdout).expect("JSON");
    let corpus = Corpus::read();
    assert_eq!(book, json(&Book::new(&evidence(&corpus, 2))));
}

#[test]
fn the_default_seeds_are_those_of_check_and_mutants() {
    let run = spec(&["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let book: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&book["run"]["seeds"], &book["run"]["search_seeds"]), (&256.into(), &1_000.into()));
    assert_eq!(book["run"]["failures"], 0);
    let kills = book["kills"].as_array().expect("rows");
    assert!(kills.iter().all(|kill| kill["verdict"] == "killed"), "{kills:#?}");
}

#[test]
fn the_book_of_a_failing_run_is_written_but_an_incomplete_book_is_not() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().to_str().expect("UTF-8");
    let line = ["--seeds", "4", "--scenarios-dir", root];
    let nothing = spec(&line);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(2), ""), "{nothing:?}");

    let good = fs::read_to_string(workspace().join("scenarios/restore/delivered-twice.json")).expect("a scenario");
    // The file allows a fault that removes a set, but expects every set to be restored or skipped.
    let wrong =
        good.replace("{\"redeliver\": 4, \"new_job_id\": 3, \"reorder\": 4}", "{\"redeliver\": 4, \"remove\": 3}");
    let (head, _) = wrong.split_once("\n      \"outcome\": ").expect("an outcome");
    let tail = "\n      \"outcome\": [\"succeeded\"], \"counts\": {\"total\": 3, \"processed\": 3}\n    }\n  }\n}\n";
    fs::write(folder.path().join("wrong.json"), format!("{head}{tail}")).expect("a file");
    let violated = spec(&line);
    assert_eq!(violated.code, Some(1), "{violated:?}");
    assert!(violated.stdout.contains("- standing: violated\n"), "the book was not written: {}", violated.stdout);
    assert!(violated.stderr.contains("`truecount check`"), "{}", violated.stderr);

    fs::write(folder.path().join("bad.json"), "{").expect("a file");
    let bad = spec(&line);
    assert_eq!((bad.code, bad.stdout.as_str()), (Some(65), ""), "{bad:?}");
    assert!(bad.stderr.contains("bad.json:1:2"), "{}", bad.stderr);
}

#[test]
fn an_unwritable_book_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("none/book.md");
    let run = spec(&["--seeds", "1", "--out", path.to_str().expect("UTF-8")]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(65), ""), "{run:?}");
    assert!(run.stderr.contains("none/book.md"), "{}", run.stderr);
    for line in [vec!["--seeds", "0"], vec!["--format", "text"], vec!["--vectors", "x", "--seeds", "4"]] {
        assert_eq!(spec(&line).code, Some(64), "{line:?}");
    }
}

/// Runs the program from the root of the workspace.
fn program(arguments: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_truecount"));
    let output = command.args(arguments).current_dir(workspace()).output().expect("the program can be started");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
    Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The book shows each failure as the gate prints it, so the command for a failure prints the same lines.
#[test]
fn the_failures_in_the_book_match_the_output_of_their_commands() {
    let corpus = Corpus::read();
    let book = Book::new(&evidence(&corpus, 2));
    let markdown = book.markdown();
    let listed: Vec<&str> = book.failures.iter().map(|failure| failure.mutant).collect();
    assert_eq!(listed, ["M02", "M16", "M30"]);
    for failure in &book.failures {
        let arguments: Vec<&str> = failure.replay.split(' ').skip(1).collect();
        let replay = program(&arguments);
        assert_eq!(replay.code, Some(1), "{replay:?}");
        let head = format!("FAIL {}  {}\n", failure.clause, failure.words);
        assert!(replay.stdout.starts_with(&head), "{}", replay.stdout);
        let number =
            |line: &str| line.trim_start().split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        let mut printed: Vec<&str> = replay.stdout.lines().filter(|line| number(line)).map(str::trim).collect();
        // The command also prints what the rest of the commit shows.
        printed.truncate(printed.iter().position(|line| line.contains("<- ")).expect("an arrow") + 1);
        let trace: Vec<&str> = failure.trace.iter().map(|line| line.trim()).collect();
        assert_eq!(trace, printed);
        assert!(trace.last().is_some_and(|last| last.ends_with(&format!("<- {}", failure.clause))), "{trace:?}");
        let text = format!("```text\n{}\n```\n\n{}: {}\n", failure.trace.join("\n"), failure.clause, failure.words);
        assert!(markdown.contains(&text), "{text}");
        for line in &failure.schedule {
            assert!(markdown.contains(&format!("\n- {line}\n")) && replay.stdout.contains(&format!("    {line}\n")));
        }
        // Without the bug, the simulation continues differently, and nothing is violated.
        let sound = program(&arguments[..2]);
        assert_eq!(sound.code, Some(0), "{sound:?}");
        let instead = failure.instead.as_deref().expect("the traces differ");
        assert!(sound.stdout.contains(&format!(" {instead}\n")), "{instead} is not in {}", sound.stdout);
        assert!(!replay.stdout.contains(&format!(" {instead}\n")), "{instead} is in {}", replay.stdout);
    }
}
