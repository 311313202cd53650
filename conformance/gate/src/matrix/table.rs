//! The kill matrix as tables for a terminal, for Markdown and for the book. This module computes no figures.

use super::{Figures, Matrix, ModelRow, Row};
use crate::campaign::PILOT;
use crate::table::Table;
use crate::thousands::Thousands;

impl Matrix {
    /// Returns the tables of the bugs, followed by the table of the models of other engines if the models were
    /// simulated.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = vec![self.bugs(), self.named()];
        if !self.models.is_empty() {
            tables.push(self.other_engines());
        }
        tables
    }

    /// Returns the summary of the matrix, line by line.
    pub fn sums(&self) -> Vec<String> {
        let mut lines =
            vec![format!("{} of {} mutants are killed under their own clause", self.summary.killed, self.rows.len())];
        if !self.models.is_empty() {
            lines.push(match &self.clauses_without[..] {
                [] => {
                    format!("each of the {} clauses of kind S, L or V has a bug that is killed under it", self.clauses)
                }
                without => format!(
                    "of the {} clauses of kind S, L or V, these have no bug that is killed under them: {}",
                    self.clauses,
                    without.join(" ")
                ),
            });
        }
        if self.engine_simulations > 0 {
            lines.push(format!(
                "false alarms of the unmodified engine: {} in {} simulations, over all schedulers",
                Thousands(self.false_alarms),
                Thousands(self.engine_simulations)
            ));
        }
        let budgets = self.summary.budgets().into_iter().chain(self.summary.requirements(self.rows.len()));
        lines.extend(budgets.map(|(words, held)| {
            let standing = if held { "met" } else { "missed" };
            format!("{standing}: {words}")
        }));
        lines
    }

    fn bugs(&self) -> Table {
        let about = format!(
            "A campaign simulates the bug's best scenario, seed after seed, until the first \
             violating event of a seed violates the bug's own clause. A campaign ends after at most \
             {} seeds. The best scenario is the scenario of at most 64 units in which the \
             portfolio finds the bug most often in a pilot. Ties go to the smallest scenario. The \
             pilot's seeds start at 2^{}, and no campaign simulates them. Each scheduler has {} \
             campaigns, whose first seeds are {} apart. The cell of a scheduler shows median / maximum. \
             `accuracy` is the number of the portfolio's violating simulations that violated the \
             bug's own clause. `primary` is the number of reports that name that clause. \
             `violated` lists the clauses violated at detection, each with the number of \
             campaigns unless all campaigns violated it. `minimal` is the number of decisions in \
             the minimised schedule of the first detection. `simulations` is the total over all \
             campaigns.",
            Thousands(self.cap),
            PILOT.ilog2(),
            self.campaigns,
            Thousands(self.cap),
        );
        let mut head = vec!["bug", "clause", "violated", "accuracy", "primary", "explored", "portfolio"];
        head.extend(
            self.rows.first().into_iter().flat_map(|row| row.alone.iter().map(|alone| alone.scheduler.as_str())),
        );
        head.extend(["minimal", "simulations", "best scenario"]);
        Table {
            title: "Kill matrix: seeds to detection".to_owned(),
            about,
            head: head.into_iter().map(str::to_owned).collect(),
            rows: self.rows.iter().map(|row| self.bug(row)).collect(),
        }
    }

    fn bug(&self, row: &Row) -> Vec<String> {
        let violated = row.violated.iter().map(|violated| match violated.campaigns {
            all if all == self.campaigns => violated.clause.clone(),
            some => format!("{} ({some})", violated.clause),
        });
        let of = |part: u64| format!("{part} of {}", row.violations);
        let mut cells = vec![
            format!("{} {}", row.mutant, row.name),
            row.clause.clone(),
            or_none(violated.collect::<Vec<_>>().join(" ")),
            of(row.own),
            of(row.primary),
            or_none(row.explored.clone().unwrap_or_default()),
            self.figures(row.portfolio),
        ];
        cells.extend(row.alone.iter().map(|alone| self.figures(alone.figures)));
        cells.extend([
            or_none(row.minimal.map(|left| left.to_string()).unwrap_or_default()),
            Thousands(row.simulations).to_string(),
            or_none(row.best_scenario.clone().unwrap_or_else(|| row.verdict.clone())),
        ]);
        cells
    }

    fn other_engines(&self) -> Table {
        let row = |row: &ModelRow| {
            vec![
                format!("{} {}", row.model, row.name),
                row.issue.clone(),
                row.clause.clone(),
                format!("{} of {}", row.own, row.violations),
                self.figures(row.figures),
                format!("{} in {}", row.fixed_false_alarms, Thousands(row.fixed_simulations)),
            ]
        };
        Table {
            title: "Kill matrix: models of other engines".to_owned(),
            about: "Known bugs of other engines, each modelled in a few lines and judged by the \
                    same checkers. The seed decides the order of a model's steps. `fixed` is the \
                    number of false alarms in the same model with the bug fixed."
                .to_owned(),
            head: ["model", "known from", "clause", "accuracy", "seeds", "fixed"].map(str::to_owned).into(),
            rows: self.models.iter().map(row).collect(),
        }
    }

    fn figures(&self, figures: Figures) -> String {
        let cell = |seeds: Option<u64>| match seeds {
            Some(seeds) => Thousands(seeds).to_string(),
            None => format!("> {}", Thousands(self.cap)),
        };
        format!("{} / {}", cell(figures.median), cell(figures.maximum))
    }
}

fn or_none(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}
