//! The result of shrinking, in words.

use truecount_contract::clause::Clause;
use truecount_mutants::Mutant;
use truecount_scenario::format::File;
use truecount_scenario::lines;

use super::scenario::{MinimizedScenario, Sizes};
use super::seed::Minimized;

impl Minimized {
    /// Returns the sizes before and after shrinking, and the remaining decisions, one on each line.
    pub fn text(&self) -> String {
        let Self { minimal, recorded, simulations, elsewhere, .. } = self;
        let [was, is] = minimal.sizes;
        let part = |of: fn(&Sizes) -> usize, one: &str, several: &str| {
            let (is, was) = (of(&is), of(&was));
            format!("{is} of {was} {}", if was == 1 { one } else { several })
        };
        let mut text = format!(
            "  fixture   {}, {}, {}, {}\n",
            part(|sizes| sizes.runs, "run", "runs"),
            part(|sizes| sizes.units, "unit", "units"),
            part(|sizes| sizes.objects, "object", "objects"),
            part(|sizes| sizes.faults, "kind of fault", "kinds of fault"),
        );
        let (kept, workers) = (minimal.schedule.decisions.len(), minimal.schedule.workers);
        let worker = if workers == 1 { "worker" } else { "workers" };
        let decisions = |number: usize| if number == 1 { "decision" } else { "decisions" };
        let of = match elsewhere {
            None => format!("{kept} of {recorded} {}", decisions(*recorded)),
            Some((seed, own)) => format!(
                "{kept} {} of seed {seed} in a smaller scenario \
                 (the given seed needed {own} of its {recorded} decisions)",
                decisions(kept)
            ),
        };
        text.push_str(&format!("  minimal   {of}, {workers} {worker}, {simulations} simulations\n"));
        for line in lines(&minimal.schedule, &minimal.scenario, &minimal.reference) {
            text.push_str(&format!("    {line}\n"));
        }
        text
    }
}

impl MinimizedScenario {
    /// Returns the file with a title that states `of`, the source of the failure.
    pub fn into_file(self, mutant: Option<&Mutant>, of: &str, clause: Clause) -> File {
        let title = match mutant {
            Some(mutant) => format!("{}, minimised from {of}: {}", mutant.id, mutant.does),
            None => format!("Minimised from {of}: violates {clause}"),
        };
        File { title, explored: None, ..self.file }
    }
}
