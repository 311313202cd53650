//! The table of the clauses that reports name for each bug. This module computes no figures.

use super::{Matrix, Row};
use crate::attribution::{Attribution, Thread};
use crate::sweep::Settings;
use crate::table::Table;
use crate::thousands::Thousands;

impl Matrix {
    /// Returns the clauses that reports name for each bug. The bugs that are named least often under their own clause
    /// come first.
    pub(super) fn named(&self) -> Table {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|one, other| one.attribution.compare(&other.attribution));
        Table {
            title: "Kill matrix: clauses named in reports".to_owned(),
            about: format!(
                "Each bug is simulated in every scenario of at most 64 units, under at most {} seeds. `own` is the \
                 number of failing simulations whose report names the bug's own clause. `named instead` lists the other \
                 clauses that reports name. The number in parentheses counts the simulations in which the same step \
                 also violated the bug's own clause. `killed` counts the simulations that violated \
                 the bug's own clause. They are simulations of the scenario in which the seeds before \
                 killed the bug most often, under the seeds from {}. `known from` names the public reports of the bug.",
                Settings::DEFAULT,
                Settings::DEFAULT
            ),
            head: ["bug", "clause", "own", "named instead", "killed", "in scenario", "known from"]
                .map(str::to_owned)
                .into(),
            rows: rows.into_iter().map(cells).collect(),
        }
    }
}

fn cells(row: &Row) -> Vec<String> {
    let Attribution { failing, own, others, thread, .. } = &row.attribution;
    let of = |part: &u64, whole: &u64| format!("{} of {}", Thousands(*part), Thousands(*whole));
    let others = others.iter().map(|other| match other.together {
        0 => format!("{} {}", other.clause, Thousands(other.simulations)),
        together => format!("{} {} ({})", other.clause, Thousands(other.simulations), Thousands(together)),
    });
    let others: Vec<String> = others.collect();
    let (killed, scenario) = match thread {
        Some(Thread { scenario, simulations, killed }) => (of(killed, simulations), scenario.clone()),
        None => ("-".to_owned(), "-".to_owned()),
    };
    let others = if others.is_empty() { "-".to_owned() } else { others.join(", ") };
    let known_from = if row.known_from.is_empty() { "-".to_owned() } else { row.known_from.join(", ") };
    let bug = format!("{} {}", row.mutant, row.name);
    vec![bug, row.clause.clone(), of(own, failing), others, killed, scenario, known_from]
}
