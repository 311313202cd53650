//! Shrinks the scenario of a failure: its runs, units, scripted responses, surfaces, objects, actors and faults.
//!
//! Each part is removed in turn. It stays removed if the schedule still violates the same clause and, for a planted
//! bug, the unmodified engine violates nothing. The schedule refers to things by name, so it keeps its meaning.

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::schedule::{Decision, Schedule};
use truecount_sim::subject::native::Store;

use crate::finding::Finding;
use crate::runner::Runner;
use crate::shrink::reduce::reduce;
use crate::shrink::schedule::{MinimizedSchedule, minimize};
use truecount_contract::clause::Clause;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::format::{File, Workers};
use truecount_scenario::part::spelled;
use truecount_scenario::{Scenario, format, meaning};

/// A minimal scenario for a failure, with its schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MinimizedScenario {
    /// The scenario as a file, with the schedule.
    pub file: File,
    /// The scenario that the file describes.
    pub scenario: Scenario,
    /// The results that are known in advance.
    pub reference: Reference,
    /// The remaining decisions, as the file carries them.
    pub schedule: Schedule,
    /// The sizes of the original and of the minimal scenario.
    pub sizes: [Sizes; 2],
    /// The number of simulations that shrinking took.
    pub simulations: u64,
}

/// The size of a scenario.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sizes {
    /// The number of requested runs.
    pub runs: usize,
    /// The total number of objects that the runs request.
    pub units: usize,
    /// The number of objects in the environment.
    pub objects: usize,
    /// The number of kinds of fault that may be injected.
    pub faults: usize,
}

impl Sizes {
    fn of(scenario: &Scenario) -> Self {
        let fixture = &scenario.fixture;
        let faults = Fault::ALL.iter().filter(|fault| fixture.faults.get(**fault) > 0).count();
        Self { runs: fixture.runs.len(), units: fixture.units(), objects: fixture.objects.len(), faults }
    }
}

/// Shrinks the scenario of a minimal schedule. `mutant` is the id of the bug that is planted in the engine, if any. If
/// there is such a bug, the unmodified engine must violate nothing. Returns `None` if the scenario does not fail under
/// the schedule.
pub fn scenario<R: Rules, S: Store>(
    file: &File,
    id: &str,
    minimized: &MinimizedSchedule,
    mutant: Option<&'static str>,
    engine: impl Fn() -> (R, S),
) -> Option<MinimizedScenario> {
    let mut search =
        Search { id, clause: minimized.clause, holds: mutant.is_some(), idle: true, simulations: 0, engine };
    let original = meaning(file, id)?;
    let reference = Reference::new(&original.fixture);
    let setting = original.setting(&reference);
    let mut file = spelled(file);
    file.schedules = vec![format::Schedule {
        name: mutant.map_or_else(|| minimized.clause.id().to_lowercase(), str::to_lowercase).replace('+', "-"),
        workers: u64::from(minimized.schedule.workers),
        mutant: mutant.map(str::to_owned),
        violates: Some(minimized.clause.id().to_owned()),
        decisions: minimized.schedule.decisions.iter().map(|decision| setting.line(decision)).collect(),
    }];
    let (least, most) = original.fixture.workers;
    file.workers = Workers { min: u64::from(least.min(minimized.schedule.workers)), max: u64::from(most) };
    search.idle = search.is_idle(&file)?;
    file = reduce(file, |file| search.is_good(file));
    search.narrow(&mut file, minimized.clause)?;
    let scenario = meaning(&file, id)?;
    let (reference, schedule) = (Reference::new(&scenario.fixture), scenario.schedules.first()?.schedule.clone());
    let sizes = [Sizes::of(&original), Sizes::of(&scenario)];
    Some(MinimizedScenario { file, scenario, reference, schedule, sizes, simulations: search.simulations })
}

struct Search<'a, E> {
    id: &'a str,
    clause: Clause,
    /// Whether the unmodified engine must violate nothing.
    holds: bool,
    /// Whether the schedule may contain decisions that do not apply in the unmodified engine.
    idle: bool,
    simulations: u64,
    engine: E,
}

impl<R: Rules, S: Store, E: Fn() -> (R, S)> Search<'_, E> {
    /// Returns whether a decision of a file's schedule does not apply in the unmodified engine; `None` if the file does
    /// not show the failure.
    fn is_idle(&mut self, file: &File) -> Option<bool> {
        self.is_good(file).then(|| {
            self.holds && {
                self.idle = false;
                !self.is_good(file)
            }
        })
    }

    /// Returns whether a file still shows the failure.
    fn is_good(&mut self, file: &File) -> bool {
        let Some(scenario) = meaning(file, self.id) else { return false };
        let Some(saved) = scenario.schedules.first() else { return false };
        let reference = Reference::new(&scenario.fixture);
        let (rules, store) = (self.engine)();
        let mut runner = Runner::new(&scenario, &reference, rules, store, Checkers::new(&reference));
        self.simulations += 1;
        let violated = runner.simulate_saved(&saved.schedule).0.finding.as_ref().map(Finding::primary);
        if violated != Some(self.clause) {
            return false;
        }
        if !self.holds {
            return true;
        }
        let mut runner = Runner::new(&scenario, &reference, Standard, Memory::new(), Checkers::new(&reference));
        self.simulations += 1;
        let (simulation, idle) = runner.simulate_saved(&saved.schedule);
        simulation.finding.is_none() && (self.idle || idle.is_empty())
    }

    /// Applies a change if the changed file still shows the failure.
    fn try_change(&mut self, file: &mut File, change: impl FnOnce(&mut File)) {
        let mut changed = file.clone();
        change(&mut changed);
        if changed != *file && self.is_good(&changed) {
            *file = changed;
        }
    }

    /// Narrows the remaining file. Shrinks the decisions once more, reduces the clauses to the violated clause, and
    /// sets the workers to the default. Limits each fault to its number of injections in the schedule.
    fn narrow(&mut self, file: &mut File, clause: Clause) -> Option<()> {
        let scenario = meaning(file, self.id)?;
        let reference = Reference::new(&scenario.fixture);
        let setting = scenario.setting(&reference);
        let (rules, store) = (self.engine)();
        let mut runner = Runner::new(&scenario, &reference, rules, store, Checkers::new(&reference));
        let (schedule, simulations) = minimize(&mut runner, clause, &scenario.schedules.first()?.schedule)?;
        self.simulations += simulations;
        let lines = schedule.decisions.iter().map(|decision| setting.line(decision)).collect();
        self.try_change(file, |file| {
            file.workers.min = file.workers.min.min(u64::from(schedule.workers));
            file.schedules[0].workers = u64::from(schedule.workers);
            file.schedules[0].decisions = lines;
        });
        self.try_change(file, |file| file.workers = Workers::default());
        let injections = injections(&schedule.decisions);
        self.try_change(file, |file| {
            for (name, most) in &mut file.faults.0 {
                *most = Fault::from_name(name).map_or(*most, |fault| u64::from(injections.get(fault)).max(1));
            }
        });
        let about = vec![clause.id().to_owned()];
        self.try_change(file, |file| file.clauses = about);
        Some(())
    }
}

/// Returns the number of injections of each kind of fault in a schedule.
fn injections(decisions: &[Decision]) -> PerFault<u16> {
    let mut injections: PerFault<u16> = PerFault::default();
    for fault in decisions.iter().filter_map(|decision| decision.action.fault()) {
        injections.set(fault, injections.get(fault).saturating_add(1));
    }
    injections
}
