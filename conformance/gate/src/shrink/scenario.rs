//! Shrinks the scenario of a failure: its runs, units, scripted responses, surfaces, objects, actors and faults.
//!
//! Each part is removed in turn. It stays removed if the schedule still violates the same clause and, for a planted
//! bug, the unmodified engine violates nothing, neither under the schedule nor under the default seeds. The schedule
//! refers to things by name, so it keeps its meaning.

use truecount_engine::rules::{Rules, Standard};
use truecount_engine::storage::Memory;
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::schedule::{Decision, Schedule};
use truecount_sim::subject::native::Store;

use crate::finding::Finding;
use crate::runner::Runner;
use crate::shrink::NotReproducible;
use crate::shrink::reduce::reduce;
use crate::shrink::schedule::{MinimizedSchedule, minimize};
use crate::sweep::Settings;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::format::{File, Workers};
use truecount_scenario::part::{Part, spelled, without};
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

/// The number of seeds, counted from 0, under which each smaller scenario is simulated in the unmodified engine. A part
/// that the expectation needs is usually missed by every seed.
const PROBES: u64 = 2;

/// Shrinks the scenario of a minimal schedule. `mutant` is the id of the bug that is planted in the engine, if any. If
/// there is such a bug, the unmodified engine must violate nothing.
///
/// # Errors
///
/// Returns an error if the scenario does not fail under the schedule, or if the unmodified engine fails as well.
pub fn scenario<R: Rules, S: Store>(
    file: &File,
    id: &str,
    minimized: &MinimizedSchedule,
    mutant: Option<&'static str>,
    engine: impl Fn() -> (R, S),
) -> Result<MinimizedScenario, NotReproducible> {
    let clause = minimized.clause;
    let probes = if mutant.is_some() { (0..PROBES).collect() } else { Vec::new() };
    let mut search = Search { id, clause, holds: mutant.is_some(), idle: true, probes, simulations: 0, engine };
    let original = meaning(file, id).ok_or(NotReproducible::Lost)?;
    let reference = Reference::new(&original.fixture);
    let setting = original.setting(&reference);
    let mut file = spelled(file);
    file.schedules = vec![format::Schedule {
        name: mutant.map_or_else(|| clause.id().to_lowercase(), str::to_lowercase).replace('+', "-"),
        workers: u64::from(minimized.schedule.workers),
        mutant: mutant.map(str::to_owned),
        violates: Some(clause.id().to_owned()),
        decisions: minimized.schedule.decisions.iter().map(|decision| setting.line(decision)).collect(),
    }];
    let (least, most) = original.fixture.workers;
    file.workers = Workers { min: u64::from(least.min(minimized.schedule.workers)), max: u64::from(most) };
    loop {
        let mut smaller = search.minimize(&file)?;
        let mut exercised = ClauseSet::default();
        if let Some(seed) = search.fails_at(&smaller, &mut exercised) {
            // The search begins again with a seed more. There are no more than the default seeds.
            search.probes.push(seed);
            continue;
        }
        if mutant.is_some() && !exercised.contains(clause) {
            // A scenario may not name a clause that it never exercises without the bug.
            smaller.clauses.clone_from(&file.clauses);
            smaller.clauses.retain(|id| exercised.iter().any(|clause| clause.id() == id));
            if smaller.clauses.is_empty() {
                smaller.clauses.extend(exercised.iter().next().map(|clause| clause.id().to_owned()));
            }
        }
        let lost = NotReproducible::Lost;
        let scenario = meaning(&smaller, id).ok_or(lost)?;
        let schedule = scenario.schedules.first().ok_or(lost)?.schedule.clone();
        let reference = Reference::new(&scenario.fixture);
        let sizes = [Sizes::of(&original), Sizes::of(&scenario)];
        let simulations = search.simulations;
        return Ok(MinimizedScenario { file: smaller, scenario, reference, schedule, sizes, simulations });
    }
}

struct Search<'a, E> {
    id: &'a str,
    clause: Clause,
    /// Whether the unmodified engine must violate nothing.
    holds: bool,
    /// Whether the schedule may contain decisions that do not apply in the unmodified engine.
    idle: bool,
    /// The seeds under which the unmodified engine must violate nothing.
    probes: Vec<u64>,
    simulations: u64,
    engine: E,
}

impl<R: Rules, S: Store, E: Fn() -> (R, S)> Search<'_, E> {
    /// Returns the smallest file that still shows the failure.
    fn minimize(&mut self, file: &File) -> Result<File, NotReproducible> {
        self.idle = true;
        if let Some((clause, seed)) = self.fails_without(file) {
            return Err(NotReproducible::FailsWithout { clause, seed });
        }
        if !self.is_good(file) {
            return Err(NotReproducible::Lost);
        }
        if self.holds {
            // If all decisions apply in the unmodified engine, they must still do so in the smaller scenario.
            self.idle = false;
            self.idle = !self.is_good(file);
        }
        let mut smaller = reduce(file.clone(), |file| self.is_good(file));
        self.narrow(&mut smaller, self.clause).ok_or(NotReproducible::Lost)?;
        Ok(smaller)
    }

    /// Returns a clause that the unmodified engine violates although it must not, with the seed; `None` for the seed if
    /// it does so under the schedule.
    fn fails_without(&mut self, file: &File) -> Option<(Clause, Option<u64>)> {
        let scenario = self.holds.then(|| meaning(file, self.id))??;
        let reference = Reference::new(&scenario.fixture);
        let mut runner = Runner::new(&scenario, &reference, Standard, Memory::new(), Checkers::new(&reference));
        self.simulations += 1;
        if let Some(found) = runner.simulate_saved(&scenario.schedules.first()?.schedule).0.finding {
            return Some((found.primary(), None));
        }
        let mut violated = |seed: &u64| {
            self.simulations += 1;
            runner.simulate(*seed).finding.map(|found| (found.primary(), Some(*seed)))
        };
        self.probes.iter().find_map(&mut violated)
    }

    /// Returns the first default seed under which the unmodified engine violates something although it must not. Adds
    /// the clauses of the file that it exercises.
    fn fails_at(&mut self, file: &File, exercised: &mut ClauseSet) -> Option<u64> {
        let scenario = self.holds.then(|| meaning(file, self.id))??;
        let reference = Reference::new(&scenario.fixture);
        let mut runner = Runner::new(&scenario, &reference, Standard, Memory::new(), Checkers::new(&reference));
        exercised.extend(runner.simulate_saved(&scenario.schedules.first()?.schedule).0.exercised);
        self.simulations += 1;
        let mut fails = |seed: &u64| {
            self.simulations += 1;
            let simulation = runner.simulate(*seed);
            exercised.extend(simulation.exercised);
            simulation.finding.is_some()
        };
        (0..Settings::DEFAULT).find(&mut fails)
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
        if simulation.finding.is_some() || !(self.idle || idle.is_empty()) {
            return false;
        }
        let mut holds = |seed: &u64| {
            self.simulations += 1;
            runner.simulate(*seed).finding.is_none()
        };
        self.probes.iter().all(&mut holds)
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
        // An object may have been needed only together with a fault that is no longer there.
        let is_used = |name: &String| file.runs.iter().any(|run| run.request.contains(name));
        let unused = file.objects.0.iter().enumerate().filter(|(_, (name, _))| !is_used(name));
        let unused: Vec<Part> = unused.map(|(place, _)| Part::Object(place)).collect();
        self.try_change(file, |file| *file = without(file, &unused));
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
