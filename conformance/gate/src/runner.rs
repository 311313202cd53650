//! Simulates a scenario, seed after seed or by a schedule, and judges each simulation.

use truecount_engine::rules::Rules;
use truecount_sim::interrupt::Interrupt;
use truecount_sim::log::Log;
use truecount_sim::pooled;
use truecount_sim::portfolio::{Drawn, Member};
use truecount_sim::schedule::Schedule;
use truecount_sim::scheduler::{Pct, Random, Scheduler, Scripted};
use truecount_sim::simulate::{Ended, simulate};
use truecount_sim::stream::Stream;
use truecount_sim::subject::Subject;
use truecount_sim::subject::native::{Native, Store};
use truecount_sim::swarm::Swarm;
use truecount_sim::trace::{EventSink, Recorder};
use truecount_sim::world::World;

use crate::current::Current;
use crate::finding::{Finding, Simulation};
use crate::mismatch::mismatch;
use truecount_contract::judge::Checkers;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// An event sink that contains the checkers.
pub trait Judge<'b>: EventSink {
    /// Returns the checkers.
    fn checkers(&mut self) -> &mut Checkers<'b>;

    /// Resets the sink for another simulation.
    fn start_over(&mut self) {
        self.checkers().reset();
    }
}

impl<'b> Judge<'b> for Checkers<'b> {
    fn checkers(&mut self) -> &mut Self {
        self
    }
}

impl<'b> Judge<'b> for Recorder<Checkers<'b>> {
    fn checkers(&mut self) -> &mut Checkers<'b> {
        &mut self.sink
    }

    fn start_over(&mut self) {
        self.events.clear();
        self.sink.reset();
    }
}

/// Everything that is needed to simulate a scenario, reused from one seed to the next.
pub struct Runner<'s, R: Rules, S, J> {
    /// The scenario and the reference that were passed in. If the scenario leaves the shape of the plan open, each seed
    /// draws its own shape.
    whole: (&'s Scenario, &'s Reference),
    pub(crate) scenario: &'s Scenario,
    reference: &'s Reference,
    pub(crate) subject: Native<R, S>,
    pub(crate) world: World<'s, J>,
    pub(crate) workers: u16,
    only: Option<Member>,
}

pooled!(impl['s, R: Rules, S: Store, J: Clone] Runner<'s, R, S, J> { whole, scenario, reference, subject, world, workers, only });

impl<'s, R: Rules, S: Store, J: Judge<'s>> Runner<'s, R, S, J> {
    /// Returns a runner of a scenario for an engine with these rules and this store.
    pub fn new(scenario: &'s Scenario, reference: &'s Reference, rules: R, store: S, judge: J) -> Self {
        let world = World::new(&scenario.fixture, judge);
        let whole = (scenario, reference);
        Self { whole, scenario, reference, subject: Native::new(rules, store), world, workers: 0, only: None }
    }

    /// Uses one scheduler of the portfolio for all seeds or, with `None`, the scheduler that each seed draws.
    pub(crate) const fn leave_to(&mut self, only: Option<Member>) {
        self.only = only;
    }

    /// Lets a request stop the following simulations before their end.
    pub fn stop_by(&mut self, interrupt: Interrupt) {
        self.world.interrupt = interrupt;
    }

    /// Simulates one seed.
    pub fn simulate(&mut self, seed: u64) -> Simulation {
        self.simulate_logged(seed, &mut ())
    }

    /// Simulates one seed and logs its choices.
    pub fn simulate_logged(&mut self, seed: u64, log: &mut impl Log<Native<R, S>>) -> Simulation {
        (self.scenario, self.reference) = self.whole.0.drawn(self.whole.1, seed);
        self.world.trace.sink.checkers().turn_to(self.reference);
        let fixture = &self.scenario.fixture;
        let Drawn { member, picks, swarm } = Drawn::draw(fixture, seed, self.only);
        let Some(depth) = member.depth() else { return self.simulate_swarm(seed, swarm, log) };
        let (workers, steps_until_heal) = (swarm.workers, swarm.steps_until_heal);
        let mut scheduler = Pct::new(depth, picks, Stream::new("schedule", &fixture.key, seed), swarm, fixture);
        self.perform(seed, workers, &mut scheduler, steps_until_heal, log)
    }

    /// Simulates one seed under the uniform scheduler, with a swarm that the caller drew.
    pub fn simulate_swarm(&mut self, seed: u64, swarm: Swarm, log: &mut impl Log<Native<R, S>>) -> Simulation {
        let fixture = &self.scenario.fixture;
        let (workers, steps_until_heal) = (swarm.workers, swarm.steps_until_heal);
        let mut scheduler = Random::new(Stream::new("schedule", &fixture.key, seed), swarm, fixture);
        self.perform(seed, workers, &mut scheduler, steps_until_heal, log)
    }

    /// Simulates a schedule. The seed is only a label.
    pub fn simulate_schedule(&mut self, seed: u64, workers: u16, scripted: &mut Scripted) -> Simulation {
        // If no decision stops the faults, they stop long after a run without faults would have ended.
        let steps_until_heal = (40 + self.scenario.fixture.units() as u64 * 12) * 8;
        self.perform(seed, workers, scripted, steps_until_heal, &mut ())
    }

    pub(crate) fn perform(
        &mut self,
        seed: u64,
        workers: u16,
        scheduler: &mut impl Scheduler,
        steps_until_heal: u64,
        log: &mut impl Log<Native<R, S>>,
    ) -> Simulation {
        let _current = Current::set(&self.scenario.id, seed);
        self.world.reset(&self.scenario.fixture);
        self.world.trace.sink.start_over();
        self.workers = workers;
        self.subject.reset(&mut self.world, workers);
        let ended = simulate(&mut self.subject, &mut self.world, scheduler, steps_until_heal, log);
        // A simulation without an end cannot be judged.
        let finding = if ended == Ended::Interrupted { None } else { self.judge(ended) };
        let checkers = self.world.trace.sink.checkers();
        let exercised = checkers.found.exercised;
        let reached = checkers.reached.sometimes;
        Simulation {
            seed,
            finding,
            ended,
            hash: self.world.trace.hash,
            steps: self.world.steps,
            events: self.world.trace.events,
            exercised,
            reached,
            injected: self.world.injected.kinds(),
        }
    }

    /// Simulates a saved schedule unchanged. Also returns the indices of the decisions that did not apply.
    pub fn simulate_saved(&mut self, schedule: &Schedule) -> (Simulation, Vec<usize>) {
        let mut scripted = Scripted::new(&schedule.decisions);
        let simulation = self.simulate_schedule(0, schedule.workers, &mut scripted);
        let idle = idle(&simulation, &scripted);
        (simulation, idle)
    }

    /// Judges a simulation at its end, by the checks that need the complete trace and by the expectations of the
    /// scenario.
    pub(crate) fn judge(&mut self, ended: Ended) -> Option<Finding> {
        let checkers = self.world.trace.sink.checkers();
        checkers.end(ended);
        checkers.found.violations().map(Finding::Violated).or_else(|| self.unexpected())
    }

    /// Returns the number of workers in the last simulation.
    pub const fn workers(&self) -> u16 {
        self.workers
    }

    /// Returns a digest of the final rows of the last simulation. Computing it reads every row, so it is used only to
    /// compare two simulations.
    pub fn digest(&self) -> u64 {
        self.subject.digest()
    }

    /// Returns the environment after the last simulation.
    pub fn world(&mut self) -> &mut World<'s, J> {
        &mut self.world
    }

    /// Compares the end of a simulation with what the scenario expects.
    fn unexpected(&mut self) -> Option<Finding> {
        let ledger = &self.world.trace.sink.checkers().ledger;
        mismatch(self.scenario, self.reference, ledger).map(Finding::Unexpected)
    }
}

/// Returns the indices of the decisions that did not apply. If a violated clause ended the simulation early, nothing is
/// known about the remaining decisions, so the list is empty.
pub(crate) fn idle(simulation: &Simulation, scripted: &Scripted) -> Vec<usize> {
    if simulation.ended == Ended::Violation { Vec::new() } else { scripted.idle() }
}
