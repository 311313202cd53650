//! The report as text. It uses no colour.

use super::{
    ClaimStanding, ClauseReport, CoverageReport, ExploredReport, Interrupted, KnownStanding, Report, ScenarioReport,
    Standing, risk, shapes, sometimes,
};
use crate::sweep::Settings;
use crate::table::{Column, heading, line};
use crate::thousands::Thousands;
use truecount_contract::clause::Clause;
use truecount_contract::contract::prose;

const FAMILIES: [Column; 5] = [
    Column::Left("family", 28),
    Column::Right("scenarios", 9),
    Column::Right("simulations", 11),
    Column::Right("steps", 12),
    Column::Left("verdict", 0),
];

const CLAUSES: [Column; 6] = [
    Column::Left("clauses", 7),
    Column::Right("held", 5),
    Column::Right("violated", 8),
    Column::Right("not exercised", 14),
    Column::Right("not evaluable", 14),
    Column::Left("", 0),
];

impl Report {
    /// Returns the report as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for scenario in &self.scenarios {
            let Some(failure) = &scenario.failure else { continue };
            text.push_str(&failure.text());
            let (id, failures, seeds) = (&scenario.id, scenario.failures, scenario.seeds);
            if !scenario.schedules.is_empty() {
                let (failed, schedules) = (scenario.failed_schedules(), scenario.schedules.len());
                text.push_str(&format!("  schedules {failed} of {schedules} failed\n"));
            }
            text.push_str(&format!("  seeds     {failures} of {seeds} failed\n"));
            if scenario.expected > 0 {
                text.push_str(&format!("  known     {} more failed as expected\n", Thousands(scenario.expected)));
            }
            for (clause, seed) in
                scenario.first_violated.iter().filter(|(clause, _)| !failure.violated.contains(clause))
            {
                text.push_str(&format!("  also      {clause} is first violated at seed {seed} of {id}\n"));
            }
            text.push('\n');
        }
        for scenario in &self.scenarios {
            for schedule in scenario.stale() {
                let (id, name) = (&scenario.id, &schedule.name);
                text.push_str(&format!("STALE {id}, schedule {name}: {}\n", schedule.idle_text()));
                for line in &schedule.idle {
                    text.push_str(&format!("    {line}\n"));
                }
                text.push_str("  refresh   remove these lines if the schedule still shows its failure without them; otherwise shrink a failing seed again with --write\n\n");
            }
        }
        for failure in self.explored.iter().filter_map(|explored| explored.failure.as_ref()) {
            text.push_str(&failure.text());
            text.push('\n');
        }
        if let Some(known) = &self.known {
            text.push_str(&known.text());
        }
        for failed in &self.vectors.failed {
            text.push_str(&format!("FAIL vector {failed}\n\n"));
        }
        for defect in &self.nondeterministic {
            text.push_str(&defect.text());
            text.push('\n');
        }
        self.write_families(&mut text);
        text.push('\n');
        self.write_clauses(&mut text);
        text.push('\n');
        if let Some(coverage) = &self.coverage {
            text.push_str(&coverage.text());
            text.push('\n');
        }
        if !self.explored.is_empty() {
            text.push_str(&ExploredReport::sum(&self.explored));
            for (one, why) in self.explored.iter().filter_map(|one| one.why.map(|why| (one, why))) {
                let resume =
                    one.resume.as_ref().map_or_else(String::new, |command| format!("; resume with: {command}"));
                text.push_str(&format!(
                    "  unknown: {}: {why} after {} states{resume}\n",
                    one.id,
                    Thousands(one.states)
                ));
            }
        }
        self.write_sum(&mut text);
        text
    }

    fn write_families(&self, text: &mut String) {
        text.push_str(&heading(&FAMILIES));
        for family in &self.families {
            let verdict = match (family.failures, family.expected) {
                (0, 0) => "held".to_owned(),
                (0, expected) => format!("{expected} failed as expected"),
                (failures, 0) => format!("{failures} failed"),
                (failures, expected) => format!("{failures} failed, {expected} more as expected"),
            };
            let [simulations, steps] = [family.simulations, family.steps].map(Thousands);
            text.push_str(&line(&FAMILIES, [&family.family, &family.scenarios, &simulations, &steps, &verdict]));
        }
    }

    fn write_clauses(&self, text: &mut String) {
        text.push_str(&heading(&CLAUSES));
        let mut groups: Vec<&str> = Clause::ALL.iter().map(|clause| clause.group()).collect();
        groups.dedup();
        for group in groups {
            let of = |standing: Standing| {
                let mine = self.clauses.iter().filter(|clause| clause.id.starts_with(group));
                mine.filter(|clause| clause.standing == standing).count()
            };
            let title =
                Clause::ALL.iter().find(|clause| clause.group() == group).map_or("", |clause| clause.group_title());
            let tests = match of(Standing::Architecture) {
                0 => String::new(),
                count => format!(" ({count} more, covered by source-level checks of this repository)"),
            };
            let standings = [Standing::Held, Standing::Violated, Standing::NotExercised, Standing::NotEvaluable];
            let [held, violated, not_exercised, not_evaluable] = standings.map(of);
            let about = format!(" {title}{tests}");
            text.push_str(&line(&CLAUSES, [&group, &held, &violated, &not_exercised, &not_evaluable, &about]));
        }
        for (standing, words) in [
            (Standing::Violated, "violated"),
            (Standing::KnownFailure, "violated only by known failures"),
            (Standing::NotExercised, "not exercised"),
            (Standing::NotEvaluable, "not evaluable: no checker in this version"),
        ] {
            let ids: Vec<&str> =
                self.clauses.iter().filter(|clause| clause.standing == standing).map(|clause| clause.id).collect();
            // A check of only part of the corpus is not expected to put every clause to the test.
            let printed = standing != Standing::NotExercised || self.judged;
            if !ids.is_empty() && printed {
                text.push_str(&format!("  {words}: {}\n", ids.join(" ")));
            }
        }
        let architectural = self.clauses.iter().filter(|clause| clause.standing == Standing::Architecture).count();
        let excluded: Vec<&str> = prose::prose().excluded.iter().map(|row| row.title.as_str()).collect();
        text.push_str(&format!(
            "  {} clauses: {} scored, {architectural} architectural; follow-ups excluded: {}\n",
            self.clauses.len(),
            self.clauses.len() - architectural,
            excluded.join(", ")
        ));
        let VectorLine(line) = VectorLine::of(self);
        text.push_str(&line);
        text.push_str(&sometimes::text(&self.sometimes, self.judged));
        text.push_str(&shapes::text(&self.scenarios, self.judged));
        for (id, clause) in self.never_exercised() {
            text.push_str(&format!("  {id} names {clause} and never exercises it\n"));
        }
        let not_judged = self.claims(ClaimStanding::NotJudged).len();
        if not_judged > 0 {
            text.push_str(&format!(
                "  {} that a scenario names not exercised (not judged: a simulation failed, or there were fewer seeds \
                 than the default)\n",
                counted(not_judged as u64, "clause")
            ));
        }
        let not_injected = self.not_injected();
        if not_injected > 0 {
            text.push_str(&format!(
                "  {} that a scenario allows not injected (not judged: a simulation failed, or there were fewer than \
                 {} seeds)\n",
                counted(not_injected as u64, "kind of fault").replace("kind of faults", "kinds of fault"),
                Settings::DEFAULT
            ));
        }
    }

    fn write_sum(&self, text: &mut String) {
        let simulations: u64 = self.scenarios.iter().map(ScenarioReport::simulations).sum();
        let steps: u64 = self.scenarios.iter().map(ScenarioReport::all_steps).sum();
        let failed = self.scenarios.iter().filter(|scenario| scenario.fails()).count();
        let stale = self.scenarios.iter().map(|scenario| scenario.stale().count()).sum();
        let verdict = self.verdict.name().to_uppercase();
        text.push_str(&format!(
            "{verdict}  {}, {} from seed {}, {} steps",
            counted(self.scenarios.len() as u64, "scenario"),
            counted(simulations, "simulation"),
            self.seed,
            Thousands(steps)
        ));
        let known = |standing| self.known.as_ref().map_or(0, |known| known.count(standing));
        let explored = self.explored.iter().filter(|one| one.verdict == ExploredReport::KNOWN).count() as u64;
        let expected = explored + self.scenarios.iter().map(|scenario| scenario.expected).sum::<u64>();
        let expected = usize::try_from(expected).unwrap_or(usize::MAX);
        let unreached = |clause: &&ClauseReport| self.judged && clause.standing == Standing::NotExercised;
        for (count, what, why) in [
            (failed, "scenario", " failed"),
            (stale, "schedule", " stale"),
            (expected, "failure", " as expected"),
            (known(KnownStanding::Passed), "known failure", " passed"),
            (known(KnownStanding::Expired), "known failure", " expired"),
            (self.never_exercised().len(), "named clause", " never exercised"),
            (self.explored.iter().filter(|one| one.failure.is_some()).count(), "scenario", " failed in exploration"),
            (self.clauses.iter().filter(unreached).count(), "clause", " never exercised"),
            (
                self.sometimes.iter().filter(|assertion| self.judged && assertion.first.is_none()).count(),
                "sometimes assertion",
                " not hit",
            ),
            (if self.judged { self.never_drawn() } else { 0 }, "shape", " never drawn"),
            (self.coverage.as_ref().filter(|all| all.judged).map_or(0, CoverageReport::empty), "cell", " empty"),
            (self.vectors.failed.len(), "vector", " failed"),
            (self.errors(), "problem", " in files"),
            (self.warnings(), "warning", if self.warnings_denied { " denied" } else { "" }),
            (self.nondeterministic.len(), "simulation", " nondeterministic"),
        ] {
            if count > 0 {
                text.push_str(&format!(", {}{why}", counted(count as u64, what)));
            }
        }
        text.push('\n');
        text.push_str(&risk::text(&self.risks));
        if let Some(seeds) = self.seeds {
            let first = self.seed.parse().unwrap_or(0_u64);
            let last = first.wrapping_add(seeds.saturating_sub(1));
            text.push_str(&format!("      seeds {first} to {last}: {} for each scenario\n", Thousands(seeds)));
        }
        if let Some(simulations) = self.audited {
            let simulations = counted(simulations, "simulation");
            text.push_str(&format!("      audit: {simulations}, each twice in one process and once more in another\n"));
        }
        if let Some(resumed) = self.resumed {
            let resumed = counted(resumed, "simulation");
            text.push_str(&format!("      resumed: the results of {resumed} were read from the checkpoint file\n"));
        }
        if let Some(Interrupted { seeds, further, resume }) = &self.interrupted {
            let (seeds, further) = (Thousands(*seeds), counted(*further, "further simulation"));
            text.push_str(&format!(
                "      interrupted after {seeds} seeds of each scenario and {further}; resume with: {resume}\n"
            ));
        }
        if !self.judged {
            text.push_str(
                "      unexercised clauses and sometimes assertions without a hit are judged only \
                 over the whole corpus with at least the default number of seeds\n",
            );
            for why in &self.not_judged {
                text.push_str(&format!("      not judged here: {why}\n"));
            }
        }
    }
}

/// Returns a number followed by its noun.
fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", Thousands(count), if count == 1 { "" } else { "s" })
}

struct VectorLine(String);

impl VectorLine {
    fn of(report: &Report) -> Self {
        let vectors = &report.vectors;
        let rest = match vectors.not_evaluable {
            0 => String::new(),
            count => format!(", {count} not evaluable"),
        };
        Self(format!("  vectors: {} passed, {} failed{rest}\n", vectors.passed, vectors.failed.len()))
    }
}
