//! The book as Markdown, for readers and for web pages.
//!
//! This module adds headings and tables, but no facts.

use super::{Book, Chapter, Example, Failure, Page};
use crate::table::{markdown as table, one_line};
use truecount_contract::contract::prose::on_one_line;
use truecount_contract::contract::{self, FamilyRow, document};

/// The maximum number of vector ids on a page. The JSON form lists all of them.
const VECTORS_MAX: usize = 6;

impl Book {
    /// Returns the book as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# {}\n\n", self.title);
        text.push_str(&format!(
            "Written by `truecount spec` from `requirements.json` (SHA-256 `{}`) and from a run, which is described under \
             \"The run\". No part of the book is maintained by hand.\n\n## How to read it\n\n",
            self.spec_sha256
        ));
        for sentence in &self.reading {
            text.push_str(&format!("- {sentence}\n"));
        }
        for (head, names) in [("kind", &self.kinds), ("standing", &self.standings)] {
            let rows = names.iter().map(|named| vec![code(named.name), named.means.to_owned()]);
            text.push_str(&table(&[head, "means"], rows));
        }
        document::terms(&mut text);
        document::profiles_and_resolutions(&mut text);
        Self::responses(&mut text);
        for (place, chapter) in self.chapters.iter().enumerate() {
            write_chapter(&mut text, place + 3, chapter);
        }
        self.rules(&mut text, self.chapters.len() + 3);
        self.failures(&mut text);
        self.run(&mut text);
        self.matrices(&mut text);
        for table in &self.tables {
            text.push_str(&format!("\n{}", table.markdown()));
        }
        let excluded = self
            .excluded
            .iter()
            .map(|left| vec![left.title.clone(), left.number.clone().unwrap_or_else(dash), left.reason.clone()]);
        text.push_str("\n## Excluded follow-ups\n\nEach follow-up that version 1 excludes, with the reason.\n");
        text.push_str(&table(&["follow-up", "number", "reason"], excluded));
        text
    }

    /// Writes the response for an object in each state. The contract gives these responses only as data.
    fn responses(text: &mut String) {
        let row = |row: &FamilyRow| {
            let responses: Vec<String> =
                row.responses.iter().map(|(state, response)| format!("{state}: {}", code(response))).collect();
            vec![code(&row.name), responses.join(", ")]
        };
        let families = contract::families().iter().filter(|row| !row.responses.is_empty());
        text.push_str("\n### Responses by the state of an object\n");
        text.push_str(&table(&["family", "state: response"], families.map(row)));
    }

    fn rules(&self, text: &mut String, section: usize) {
        for (place, rule) in self.rules.iter().enumerate() {
            let head = if place == 0 { format!("## {section}.") } else { "###".to_owned() };
            text.push_str(&format!("\n{head} {}\n\n{}\n", rule.title, on_one_line(&rule.text)));
        }
    }

    fn failures(&self, text: &mut String) {
        if self.failures.is_empty() {
            return;
        }
        text.push_str(
            "\n## Failures\n\nKnown bugs, each with the smallest simulation that shows it. \
             Every line of a trace is an event that is visible from outside, and the arrow marks \
             the violated clause.\n\n\
             Each line of a schedule names an actor, its next action and any fault that is \
             injected at that point. To *seal* a plan is to make it durable with its total and, \
             in some families, a job for each unit. To *settle* a unit is to write its ledger row, \
             which holds the result, and to count the unit in the same commit. To *complete* a run \
             is to end it. A worker holds a job for the duration of its lease, here 60 s. A later \
             delivery revokes the lease. In the last phase of a simulation, all faults stop. From \
             then on, the run must end within the time that its family declares.\n",
        );
        for failure in &self.failures {
            let Failure { mutant, name, does, scenario, title, workers, clause, words, replay, .. } = failure;
            let worker = if *workers == 1 { "worker" } else { "workers" };
            text.push_str(&format!("\n### {mutant} {name}: {does}\n\n{title} (scenario {}).\n\n", code(scenario)));
            text.push_str(&format!(
                "With {workers} {worker}, no fault is injected and the job or actor that has waited longest goes first, except:\n\n"
            ));
            failure.schedule.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
            text.push_str(&format!("\n```text\n{}\n```\n\n", failure.trace.join("\n")));
            text.push_str(&format!("{clause}: {words}\n\n"));
            if let Some(instead) = &failure.instead {
                text.push_str(&format!("In the unmodified engine, the following happens instead: `{instead}`.\n\n"));
            }
            text.push_str(&format!("`{replay}` prints this trace.\n"));
        }
    }

    fn run(&self, text: &mut String) {
        let run = &self.run;
        let fewer = if run.fewer_for_large { ", fewer for scenarios over 1,000 units" } else { "" };
        text.push_str(&format!(
            "\n## The run\n\n- {} scenarios, {} simulations, {} steps; failed simulations: {}\n\
             - seeds for each scenario: {}, from seed 0{fewer}\n\
             - {} vectors passed, {} failed, {} not evaluable\n\
             - seeds for each mutant: at most {}, in every scenario of at most 64 units\n",
            run.scenarios,
            run.simulations,
            run.steps,
            run.failures,
            run.seeds,
            run.vectors_passed,
            run.vectors_failed,
            run.vectors_not_evaluable,
            run.search_seeds
        ));
    }

    fn matrices(&self, text: &mut String) {
        let sums: Vec<String> = self
            .standings
            .iter()
            .map(|named| {
                let of = self.traceability.iter().filter(|trace| trace.proof.name() == named.name).count();
                format!("{of} {}", named.name)
            })
            .collect();
        let (clauses, sums) = (self.traceability.len(), sums.join(", "));
        text.push_str(&format!("\n## Traceability\n\n{clauses} clauses: {sums}.\n"));
        let rows = self.traceability.iter().map(|row| {
            let of = |part: u64, whole: u64| if whole == 0 { dash() } else { format!("{part} of {whole}") };
            vec![
                row.clause.to_owned(),
                of(row.passed, row.vectors),
                row.scenarios.to_string(),
                row.exercised.to_string(),
                of(row.killed, row.mutants),
                row.proof.name().to_owned(),
            ]
        });
        let head = ["clause", "vectors passed", "named by scenarios", "exercised in", "mutants killed", "standing"];
        text.push_str(&table(&head, rows));
        let killed = self.kills.iter().filter(|kill| kill.verdict == "killed").count();
        text.push_str(&format!(
            "\n## Kill matrix\n\n{killed} of {} mutants are killed under their clause. ",
            self.kills.len()
        ));
        text.push_str("A faulty function (`F`) needs no seed; its row counts failed cases instead of simulations.\n");
        let rows = self.kills.iter().map(|kill| {
            let number = |number: Option<u64>| number.map_or_else(dash, |number| number.to_string());
            vec![
                format!("{} {}", kill.mutant, kill.name),
                kill.clause.to_owned(),
                number(kill.seeds),
                number(kill.simulations),
                kill.verdict.to_owned(),
                kill.by.clone().unwrap_or_else(dash),
                or_dash(kill.also.join(" ")),
            ]
        });
        let head = ["mutant", "clause", "seeds", "simulations", "verdict", "shown by", "also violated"];
        text.push_str(&table(&head, rows));
    }
}

fn write_chapter(text: &mut String, section: usize, chapter: &Chapter) {
    text.push_str(&format!("\n## {section}. {} – {}\n", chapter.id, chapter.title));
    if !chapter.note.is_empty() {
        text.push_str(&format!("\n{}\n", on_one_line(chapter.note)));
    }
    for page in &chapter.clauses {
        write_page(text, page);
    }
}

fn write_page(text: &mut String, page: &Page) {
    text.push_str(&format!("\n### {}\n\n> {}\n\n", page.id, page.text));
    text.push_str(&format!("- {}: {}\n", page.kinds.concat(), page.checked.join("; ")));
    text.push_str(&format!("- from: {}\n", page.from.join(" ")));
    text.push_str(&format!("- standing: {}\n", page.proof.name()));
    match &page.example {
        Example::Vector { case, title, function, written: [input, expect], .. } => text.push_str(&format!(
            "- example: vector {}: {title}\n\n  ```text\n  {function}\n    input   {}\n    expect  {}\n  ```\n\n",
            code(case),
            one_line(input),
            one_line(expect)
        )),
        Example::Scenario { id, title } => text.push_str(&format!("- example: scenario {}: {title}\n", code(id))),
        Example::Sources(path) => {
            text.push_str(&format!("- example: the sources of this repository, read by {}\n", code(path)));
        }
        Example::NoExampleYet => text.push_str("- example: no example yet\n"),
    }
    if page.mutants.is_empty() {
        text.push_str("- mutants: none\n");
    }
    for bug in &page.mutants {
        text.push_str(&format!("- mutant {}: {} ({})\n", code(bug.id), bug.does, bug.verdict));
    }
    let listed: Vec<String> = page.vectors.iter().take(VECTORS_MAX).map(|id| code(id)).collect();
    let rest = match page.vectors.len().saturating_sub(VECTORS_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let scenarios: Vec<String> = page.scenarios.iter().map(|id| code(id)).collect();
    for (what, ids) in [("vectors", listed), ("scenarios", scenarios)] {
        let rest = if what == "vectors" { rest.as_str() } else { "" };
        let ids = if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
        text.push_str(&format!("- {what}: {ids}{rest}\n"));
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn dash() -> String {
    "–".to_owned()
}

fn or_dash(text: String) -> String {
    if text.is_empty() { dash() } else { text }
}
