//! `truecount check`: the gate.

use truecount_engine::family::FamilyId;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::subject::native::Store;

use super::corpus::{Corpus, Entry, Root};
use super::explore::explore_all;
use super::jobs::cores;
use super::known::{self, KnownFailures};
use super::rounds::{Rounds, Simulated};
use super::selection::Unknown;
use super::{Exit, Format, data, interrupt, json, note, plantable, planted, second, seed, sizes};
use truecount_contract::vectors;
use truecount_gate::report::{Checked, CoverageReport, ExploredReport, FailureReport, Report, ScheduleReport, Verdict};
use truecount_gate::{SavedSimulation, Scope, Settings};
use truecount_mutants::{FaultyStore, Planted};
use truecount_scenario::lines;
use truecount_scenario::{Saved, Scenario};

/// The arguments of `check`.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Scenarios by id (`restore/duplicate-ids`), by group (`restore`) or by path; all by default
    #[arg(value_name = "SCENARIO")]
    scenarios: Vec<String>,
    #[command(flatten)]
    rounds: Rounds,
    /// First seed: decimal, 0x…, or a git hash
    #[arg(long, value_name = "SEED", default_value = "0", value_parser = seed::read)]
    seed: u64,
    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// Check only scenarios with a run of this family
    #[arg(long, value_name = "FAMILY")]
    family: Option<String>,
    /// Show which paths were taken under which faults. If the whole corpus is checked with the default number of seeds,
    /// an empty cell fails the check
    #[arg(long)]
    coverage: bool,
    /// Skip the exploration of small scenarios, which is the first part of the gate
    #[arg(long)]
    no_explore: bool,
    /// Fail if there is a warning about a scenario
    #[arg(long)]
    deny_warnings: bool,
    #[command(flatten)]
    known: known::Options,
    /// Format of the report
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    root: Root,
    /// Plant this bug in the engine, to see the gate fail
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
}

impl Arguments {
    /// Returns whether this process simulates on behalf of an audit in another process.
    pub(super) const fn is_second(&self) -> bool {
        self.rounds.second
    }
}

/// Runs the gate.
pub(super) fn run(arguments: &Arguments) -> Exit {
    let mut corpus = match Corpus::read(&arguments.root, &arguments.scenarios) {
        Ok(corpus) => corpus,
        Err(Unknown(message)) => {
            note(&format!("error: {message}"));
            return Exit::Usage;
        }
    };
    if let Some(name) = &arguments.family {
        let Some(family) = FamilyId::from_name(name) else {
            let names: Vec<&str> = FamilyId::ALL.iter().map(|family| family.name()).collect();
            let help = truecount_json::nearest(name, &names).map_or_else(
                || "`truecount list families` lists all families".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            note(&format!("error: there is no family {}\n  = help: {help}", truecount_json::quoted(name)));
            return Exit::Usage;
        };
        corpus.partial = Some("only one family is selected");
        corpus.entries.retain(|entry| entry.scenario.fixture.runs.iter().any(|run| run.family == family));
    }
    let own = corpus.entries.iter().find(|entry| truecount_json::is_own(&entry.path));
    if let Some(entry) = own.filter(|_| arguments.rounds.audit) {
        note(&format!(
            "error: `{}` cannot be audited, since another process would read something else\n  \
             = help: write the scenario to a file",
            truecount_json::escaped(&entry.path.to_string_lossy())
        ));
        return Exit::Usage;
    }
    let known = if arguments.rounds.second {
        None
    } else {
        match arguments.known.read(&arguments.root, &corpus) {
            Ok(known) => known,
            Err(exit) => return exit,
        }
    };
    let known = known.as_ref();
    interrupt::report_first("ending after the simulations so far");
    let jobs = arguments.jobs.map_or_else(cores, usize::from);
    let settings = arguments.rounds.settings(arguments.seed, jobs);
    match &arguments.mutant {
        None => judge(arguments, &corpus, known, settings, || (Standard, Memory::new())),
        Some(id) => match if arguments.rounds.second { plantable(id) } else { planted(id) } {
            Ok(mutant) => {
                judge(arguments, &corpus, known, settings, || (Planted(mutant.plant), FaultyStore::new(mutant.store)))
            }
            Err(exit) => exit,
        },
    }
}

fn judge<R: Rules, S: Store>(
    arguments: &Arguments,
    corpus: &Corpus,
    known: Option<&KnownFailures>,
    settings: Settings,
    engine: impl Fn() -> (R, S) + Sync,
) -> Exit {
    let pairs = corpus.pairs();
    if arguments.rounds.second {
        return second::response(&pairs, settings, &engine);
    }
    let vectors = match vectors::judge() {
        Ok(vectors) => vectors,
        Err(problem) => {
            note(&problem.to_string());
            return Exit::Defect;
        }
    };
    let begun = match arguments.rounds.begin(&pairs, settings, arguments.mutant.as_deref()) {
        Ok(begun) => begun,
        Err(exit) => return exit,
    };
    // Saved schedules are simulated before random seeds.
    let saved = truecount_gate::simulate_saved(&pairs, &engine);
    let explored = explored(arguments, corpus, settings.jobs, &engine);
    let simulated = match arguments.rounds.simulate(begun, &pairs, settings, &engine) {
        Ok(simulated) => simulated,
        Err(exit) => return exit,
    };
    let Simulated { settings, swept, not_same, audited, resumed, interrupted, exit: cause } = simulated;
    let results = &swept.results;
    let report_of = |place: usize, seed: u64| -> FailureReport {
        let ((rules, store), entry) = (engine(), &corpus.entries[place]);
        let (scenario, reference) = entry.scenario.drawn(&entry.reference, seed);
        let replay = entry.replay_command(seed, arguments.mutant.as_deref());
        match truecount_gate::record_until(scenario, reference, (rules, store), seed, interrupt::late()) {
            Some(recording) => FailureReport::new(scenario, reference, &recording, replay),
            None => FailureReport::without_trace(scenario, &results[place], seed, replay),
        }
    };
    let fewer = settings.seeds.is_some_and(|seeds| seeds < Settings::DEFAULT);
    // If no seed was simulated, unexercised clauses do not fail the check. That case has its own exit code.
    let not_judged = [
        corpus.partial,
        results.iter().all(|result| result.seeds == 0).then_some("no seed was simulated"),
        corpus.has_errors().then_some("some files cannot be used"),
        interrupted.is_some().then_some("the check was interrupted"),
        (!not_same.is_empty()).then_some("a simulation is nondeterministic"),
        fewer.then_some("there are fewer seeds than by default"),
    ];
    let not_judged: Vec<&str> = not_judged.into_iter().flatten().collect();
    let coverage = arguments.coverage.then(|| {
        let scenarios: Vec<&Scenario> = pairs.iter().map(|(scenario, _)| *scenario).collect();
        CoverageReport::new(&scenarios, results, not_judged.is_empty())
    });
    let complete = !fewer && interrupted.is_none() && not_same.is_empty();
    let checked = Checked {
        known: known.map(|known| known.of_check(!arguments.no_explore, complete)),
        schedules: schedules(arguments, corpus, &saved, &engine),
        explored,
        vectors: &vectors,
        problems: &corpus.problems,
        warnings_denied: arguments.deny_warnings,
        nondeterministic: &not_same,
        audited,
        resumed,
        coverage,
        interrupted,
        judged: not_judged.is_empty(),
        not_judged,
        ..Checked::of(settings, &pairs, results)
    };
    let report = Report::new(checked, report_of);
    for problem in &report.problems {
        note(&format!("{problem}\n"));
    }
    match arguments.format {
        Format::Json => data(&json(&report)),
        Format::Text => data(&report.text()),
    }
    exit(report.verdict).worst(cause)
}

/// Returns the reports on the schedules of each scenario, in order.
fn schedules<R: Rules, S: Store>(
    arguments: &Arguments,
    corpus: &Corpus,
    saved: &[Vec<SavedSimulation>],
    engine: impl Fn() -> (R, S),
) -> Vec<Vec<ScheduleReport>> {
    let of = |(entry, simulations): (&Entry, &Vec<SavedSimulation>)| {
        let Entry { scenario, reference, .. } = entry;
        let report = |(saved, simulated): (&Saved, &SavedSimulation)| {
            let failure = simulated.simulation.finding.as_ref().map(|_| {
                let (recording, _) = truecount_gate::record_schedule(scenario, reference, engine(), 0, &saved.schedule);
                let replay = entry.replay_schedule_command(&saved.name, arguments.mutant.as_deref());
                FailureReport::new(scenario, reference, &recording, replay).of_schedule(&saved.name)
            });
            // A planted bug may change the course of a simulation. That does not make the schedule stale.
            let bugless = SavedSimulation { simulation: simulated.simulation.clone(), idle: Vec::new() };
            let simulated = if arguments.mutant.is_none() { simulated } else { &bugless };
            let lines = lines(&saved.schedule, scenario, reference);
            ScheduleReport::new(saved, simulated, &lines, failure)
        };
        scenario.schedules.iter().zip(simulations).map(report).collect()
    };
    corpus.entries.iter().zip(saved).map(of).collect()
}

/// Explores every small scenario exhaustively, before any seed is simulated.
fn explored<R: Rules, S: Store>(
    arguments: &Arguments,
    corpus: &Corpus,
    jobs: usize,
    engine: &(impl Fn() -> (R, S) + Sync),
) -> Vec<ExploredReport> {
    if arguments.no_explore {
        return Vec::new();
    }
    let small: Vec<&Entry> = corpus.entries.iter().filter(|entry| Scope::is_small(&entry.scenario)).collect();
    let explored = explore_all(&small, engine, |_| Scope::GATE, jobs, arguments.mutant.as_deref());
    let explored: Vec<ExploredReport> = explored.into_iter().map(|(report, _)| report).collect();
    if arguments.mutant.is_none() {
        sizes::note_wrong(&small, &explored, Scope::GATE.acts);
    }
    explored
}

const fn exit(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Nondeterministic => Exit::Defect,
        Verdict::Violated => Exit::Violated,
        Verdict::Unreadable | Verdict::NothingReadable | Verdict::Warned => Exit::Input,
        Verdict::NothingEvaluated | Verdict::Interrupted | Verdict::NotExplored => Exit::Unknown,
        Verdict::Pass => Exit::Held,
    }
}

#[cfg(test)]
mod tests {
    use truecount_engine::storage::Memory;

    use super::*;
    use truecount_contract::reference::Reference;
    use truecount_gate::{Conclusion, Exploration, explore, sweep};
    use truecount_sim::explore::Bounds;

    /// The exit code of the more severe of two verdicts takes precedence.
    #[test]
    fn verdicts_and_exit_codes_have_the_same_order() {
        let verdicts = [
            Verdict::Nondeterministic,
            Verdict::Violated,
            Verdict::Unreadable,
            Verdict::NothingReadable,
            Verdict::Warned,
            Verdict::NothingEvaluated,
            Verdict::Interrupted,
            Verdict::NotExplored,
            Verdict::Pass,
        ];
        assert!(verdicts.is_sorted());
        for (place, graver) in verdicts.into_iter().enumerate() {
            for verdict in &verdicts[place..] {
                assert_eq!(exit(graver).worst(exit(*verdict)), exit(graver), "{graver:?} before {verdict:?}");
            }
        }
        let codes = verdicts.map(|verdict| exit(verdict).code());
        assert_eq!(codes, [70, 1, 65, 65, 65, 2, 2, 2, 0]);
    }

    /// An exploration that reached its bound shows nothing. A gate that passed nevertheless would claim that no clause
    /// can be violated.
    #[test]
    fn an_exploration_that_reaches_its_bound_makes_the_gate_unknown() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/small/conflict-once.json");
        let scenario = truecount_scenario::read(&path, "one", "one").expect("a scenario of the workspace");
        let reference = Reference::new(&scenario.fixture);
        let pairs = [(&scenario, &reference)];
        let settings = Settings { first: 0, seeds: Some(1), jobs: 1 };
        let results = sweep(&pairs, settings, || (Standard, Memory::new()), &());
        let report_of = |_, _| unreachable!("no seed fails");
        let searched = |bounds| {
            explore(&scenario, &reference, || (Standard, Memory::new()), Scope { bounds, ..Scope::GATE }, &mut ())
        };
        let bounded = searched(Bounds { states: 50, ..Scope::GATE.bounds });
        assert_eq!(bounded.conclusion(), Conclusion::Unknown);
        let cases = [
            (searched(Scope::GATE.bounds), "pass", Exit::Held, "1 exhausted"),
            (
                bounded,
                "unknown: not explored",
                Exit::Unknown,
                "unknown: one: the bound on states was reached after 50 states",
            ),
            (Exploration::not_begun(&scenario), "unknown: not explored", Exit::Unknown, "interrupted after 0 states"),
        ];
        for (exploration, verdict, code, failure) in cases {
            let explored = vec![ExploredReport::new(&scenario, &exploration, None)];
            let report = Report::new(Checked { explored, ..Checked::of(settings, &pairs, &results) }, report_of);
            assert_eq!((report.verdict.name(), exit(report.verdict)), (verdict, code));
            assert!(report.text().contains(failure), "{}", report.text());
        }
    }
}
