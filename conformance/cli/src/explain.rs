//! `truecount explain`: prints a clause and everything that checks it.

use super::corpus::{Corpus, Entry, Root};
use super::{Exit, data, note};
use truecount_contract::clause::{Clause, Kind};
use truecount_contract::vectors::{self, FAULTY};
use truecount_json::quoted;
use truecount_mutants::CATALOGUE;

/// The arguments of `explain`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Id of the clause, such as COUNT-06
    #[arg(value_name = "CLAUSE")]
    clause: String,
    #[command(flatten)]
    root: Root,
}

/// The meaning of the marks in an origin.
const ORIGIN: &str = "T: a task of the rollout document; P: the prose of that document; +: neither";

/// Prints the clause and everything that checks it.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let Some(clause) = Clause::from_id(&arguments.clause) else {
        let ids: Vec<&str> = Clause::ALL.iter().map(|clause| clause.id()).collect();
        let near = truecount_json::nearest(&arguments.clause.to_uppercase(), &ids);
        let help = near.map_or_else(
            || "`truecount list clauses` lists all clauses".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        note(&format!("error: there is no clause {}\n  = help: {help}", quoted(&arguments.clause)));
        return Exit::Usage;
    };
    let mut text = format!("{clause}  {}\n\n", clause.text());
    let kinds: Vec<&str> = clause.kinds().iter().map(|kind| kind.words()).collect();
    text.push_str(&format!("  group      {}: {}\n", clause.group(), clause.group_title()));
    text.push_str(&format!("  kind       {}\n", kinds.join("; ")));
    text.push_str(&format!("  from       {} ({ORIGIN})\n", clause.origin().join(" ")));
    if let Some(hint) = clause.hint() {
        text.push_str(&format!("  hint       {hint}\n"));
    }
    if clause.kinds().contains(&Kind::V)
        && let Ok(cases) = vectors::judge()
    {
        let naming = cases.iter().filter(|case| case.clauses.contains(&clause)).count();
        text.push_str(&format!("  vectors    {naming}\n"));
    }
    for mutant in CATALOGUE.iter().filter(|mutant| mutant.clause == clause) {
        text.push_str(&format!("  mutant     {:<8} {}\n", mutant.id, mutant.does));
    }
    for faulty in FAULTY.iter().filter(|faulty| faulty.clause == clause) {
        text.push_str(&format!("  mutant     {:<8} {}\n", faulty.id, faulty.does));
    }
    if clause.kinds().contains(&Kind::A) {
        text.push_str("  sources    checked by `cargo test -p truecount --test architecture`\n");
    }
    if let Ok(corpus) = Corpus::read(&arguments.root, &[]) {
        for Entry { scenario, .. } in &corpus.entries {
            if scenario.clauses.iter().any(|id| id == clause.id()) {
                text.push_str(&format!("  scenario   {}  {}\n", scenario.id, scenario.title));
            }
        }
    }
    data(&text);
    Exit::Held
}
