//! `truecount mutants`: plants each known bug and prints the clause under which it is killed.

use std::path::PathBuf;

use serde::Serialize;

use super::corpus::{Corpus, Root};
use super::jobs::cores;
use super::layout::Layout;
use super::progress::Bar;
use super::{Exit, data, json, matrix, mutant, note};
use truecount_gate::table::{Column, heading, line};
use truecount_gate::{Detection, Terms, search};
use truecount_mutants::{CATALOGUE, Mutant, NOT_EXPRESSIBLE};

/// The arguments of `mutants`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Mutants by id; all by default
    #[arg(value_name = "ID")]
    mutants: Vec<String>,
    /// Maximum number of seeds within which each mutant must be killed; every scenario of at most 64 units is simulated
    /// under each seed
    #[arg(long, value_name = "N", default_value = "1000", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    seeds: u64,
    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Format of the table; Markdown requires --matrix
    #[arg(long, value_enum, default_value = "text")]
    format: Layout,
    /// Print the kill matrix: violated clauses, and seeds to detection under each scheduler
    #[arg(long, conflicts_with = "seeds")]
    matrix: bool,
    /// Number of campaigns under each scheduler for each bug
    #[arg(long, value_name = "N", default_value = "51", requires = "matrix", value_parser = clap::value_parser!(u64).range(1..=1_001))]
    campaigns: u64,
    /// Number of seeds after which a campaign ends without a detection
    #[arg(long, value_name = "N", default_value = "2000", requires = "matrix", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    cap: u64,
    /// Skip the exploration of small scenarios under each bug
    #[arg(long, requires = "matrix", conflicts_with = "write")]
    no_explore: bool,
    /// Write the matrix of all bugs to this file, in the format that the book reads
    #[arg(long, value_name = "FILE", requires = "matrix", conflicts_with = "mutants")]
    write: Option<PathBuf>,
    #[command(flatten)]
    root: Root,
}

/// A line of the table.
#[derive(Serialize)]
struct Row {
    mutant: &'static str,
    name: &'static str,
    clause: String,
    verdict: &'static str,
    /// The number of seeds up to and including the first detection under the clause.
    seeds: Option<u64>,
    /// The number of simulations up to and including that detection, over all scenarios.
    simulations: Option<u64>,
    scenario: Option<String>,
    /// The clauses violated by the first violating event of the simulation that detected the bug.
    violated: Vec<String>,
    /// The first violation of any clause.
    first_violation: Option<String>,
}

/// Plants each bug, and searches for it or runs its campaigns.
pub(super) fn run(arguments: &Arguments) -> Exit {
    if arguments.format == Layout::Markdown && !arguments.matrix {
        note("error: Markdown requires `--matrix`\n  = help: add `--matrix`, or choose another format");
        return Exit::Usage;
    }
    let mut mutants: Vec<&'static Mutant> = Vec::new();
    for id in &arguments.mutants {
        match mutant(id) {
            Ok(mutant) => mutants.push(mutant),
            Err(exit) => return exit,
        }
    }
    if mutants.is_empty() {
        mutants.extend(CATALOGUE);
    }
    let corpus = match Corpus::all(&arguments.root) {
        Ok(corpus) => corpus,
        Err(exit) => return exit,
    };
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    if arguments.matrix {
        let terms = Terms { campaigns: arguments.campaigns, cap: arguments.cap, jobs, explores: !arguments.no_explore };
        let whole = arguments.mutants.is_empty();
        return matrix::run(&corpus, &mutants, terms, whole, arguments.format, arguments.write.as_deref());
    }
    let bar = Bar::new("mutants", 0);
    let detected = search(&corpus.pairs(), &mutants, arguments.seeds, jobs, &bar);
    bar.finish();
    let rows: Vec<Row> = mutants.iter().zip(detected).map(|(mutant, detected)| row(mutant, detected)).collect();
    let survived = rows.iter().filter(|row| row.seeds.is_none()).count();
    match arguments.format {
        Layout::Json => data(&json(&rows)),
        Layout::Markdown | Layout::Text => data(&table(&rows, survived, arguments.mutants.is_empty())),
    }
    if survived == 0 { Exit::Held } else { Exit::Violated }
}

fn row(mutant: &Mutant, detected: Detection) -> Row {
    let verdict = detected.verdict();
    let at = detected.under_its_clause;
    Row {
        mutant: mutant.id,
        name: mutant.name,
        clause: mutant.clause.id().to_owned(),
        verdict,
        seeds: at.as_ref().map(|at| at.seed + 1),
        simulations: at.as_ref().map(|at| at.simulations),
        scenario: at.as_ref().map(|at| at.scenario.clone()),
        violated: at.map_or_else(Vec::new, |at| at.clauses.iter().map(|clause| clause.id().to_owned()).collect()),
        first_violation: detected.first_violation.map(|at| {
            let clauses: Vec<&str> = at.clauses.iter().map(truecount_contract::clause::Clause::id).collect();
            format!("{} at seed {} of {}", clauses.join(" "), at.seed, at.scenario)
        }),
    }
}

const COLUMNS: [Column; 7] = [
    Column::Left("mutant", 8),
    Column::Left("name", 26),
    Column::Left("clause", 9),
    Column::Right("seeds", 6),
    Column::Right("simulations", 11),
    Column::Left("verdict", 13),
    Column::Left("where", 0),
];

fn table(rows: &[Row], survived: usize, whole: bool) -> String {
    let mut text = heading(&COLUMNS);
    for row in rows {
        let [seeds, simulations] =
            [row.seeds, row.simulations].map(|n| n.map_or_else(|| "-".to_owned(), |n| n.to_string()));
        let place = row.scenario.clone().or_else(|| row.first_violation.clone()).unwrap_or_default();
        let Row { mutant, name, clause, verdict, .. } = row;
        text.push_str(&line(&COLUMNS, [mutant, name, clause, &seeds, &simulations, verdict, &place]));
    }
    if whole {
        text.push('\n');
        for (id, name, why) in NOT_EXPRESSIBLE {
            text.push_str(&format!("{id:<8} {name}: not expressible: {why}\n"));
        }
    }
    text.push_str(&format!(
        "\n{} of {} mutants are killed under their own clause\n",
        rows.len() - survived,
        rows.len()
    ));
    text
}
