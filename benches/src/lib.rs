//! Fixtures that the benches share. Nothing is measured or judged here. Performance budgets are ratios for people to
//! read; no test enforces a time limit.

use truecount_contract::contract;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_engine::family::FamilyId;
use truecount_engine::object::ObjectState;
use truecount_engine::rules::Standard;
use truecount_engine::storage::Memory;
use truecount_gate::{Runner, Simulation};
use truecount_scenario::{Names, Scenario};
use truecount_sim::fault::{Fault, PerFault};
use truecount_sim::fixture::Fixture;
use truecount_sim::swarm::Swarm;

/// Returns a scenario with one run over this many units. Of every eleven objects, one is active, one is absent, one is
/// unsupported, and the others are archived.
///
/// Every kind of fault that alters a step but not the final result may be injected, without a limit.
pub fn scenario(family: FamilyId, units: u32) -> Scenario {
    let mut faults = PerFault::default();
    for &fault in Fault::ALL.iter().filter(|fault| !fault.changes_finals() && fault.alters_step()) {
        faults.set(fault, u16::MAX);
    }
    let state = |unit: u32| match unit % 11 {
        3 => ObjectState::Active,
        5 => ObjectState::Absent,
        7 => ObjectState::Unsupported,
        _ => ObjectState::Archived,
    };
    let id = format!("bench/{}/{units}", family.name());
    let plain = Fixture::of_one_run(id.clone(), family, (0..units).map(state).collect(), contract::responses());
    let fixture = Fixture { workers: (1, 64), faults, ..plain };
    Scenario {
        id,
        title: "A run to be measured".to_owned(),
        clauses: Vec::new(),
        fixture,
        names: Names::default(),
        expect: Vec::new(),
        schedules: Vec::new(),
        shapes: Vec::new(),
        warnings: Vec::new(),
        if_not_injected: Vec::new(),
        file: None,
    }
}

/// The parts that are switched on.
#[derive(Clone, Copy, Debug)]
pub struct Switches {
    pub checkers: bool,
    /// Whether to hash the trace.
    pub hash: bool,
    /// The probability of a fault at each choice, in units of 2^-32.
    pub faults: u32,
}

impl Switches {
    /// Everything, with faults at 1 %.
    pub const ALL: Self = Self { checkers: true, hash: true, faults: u32::MAX / 100 };
}

/// Simulates one scenario, seed after seed.
pub struct Bench<'s> {
    runner: Runner<'s, Standard, Memory, Checkers<'s>>,
    scenario: &'s Scenario,
    workers: u16,
    switches: Switches,
    seed: u64,
}

impl<'s> Bench<'s> {
    /// Returns a bench for a scenario with this many workers.
    pub fn new(scenario: &'s Scenario, reference: &'s Reference, workers: u16, switches: Switches) -> Self {
        let mut runner = Runner::new(scenario, reference, Standard, Memory::new(), Checkers::new(reference));
        runner.world().trace.hashing = switches.hash;
        runner.world().trace.sink.checking = switches.checkers;
        Self { runner, scenario, workers, switches, seed: 0 }
    }

    /// Simulates the next seed.
    ///
    /// # Panics
    ///
    /// Panics if a clause is violated, because a measurement would then be meaningless.
    pub fn simulate(&mut self) -> Simulation {
        self.seed += 1;
        let units = self.scenario.fixture.units() as u64;
        let swarm = Swarm::even(&self.scenario.fixture, self.workers, self.switches.faults, units * 3);
        let simulation = self.runner.simulate_swarm(self.seed, swarm, &mut ());
        assert!(simulation.finding.is_none(), "seed {}: {:?}", self.seed, simulation.finding);
        simulation
    }

    /// Simulates this many seeds and returns the number of steps.
    pub fn steps(&mut self, seeds: u64) -> u64 {
        (0..seeds).map(|_| self.simulate().steps).sum()
    }
}
