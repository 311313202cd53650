//! One play of one scenario under one seed, and its judgement.

use truecount_engine::artifact::{Bytes, Digest};
use truecount_engine::counts::Key;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::rules::Rules;
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;
use truecount_sim::fault::Fault;
use truecount_sim::play::{Ended, Record, play};
use truecount_sim::pooled;
use truecount_sim::portfolio::{Member, Plays};
use truecount_sim::schedule::Schedule;
use truecount_sim::scheduler::{Pct, Random, Scheduler, Scripted};
use truecount_sim::shelf::short;
use truecount_sim::stream::Stream;
use truecount_sim::subject::Subject;
use truecount_sim::subject::native::{Native, Store};
use truecount_sim::swarm::Swarm;
use truecount_sim::trace::{Event, Recorder, Witness};
use truecount_sim::world::World;

use truecount_contract::brief::Brief;
use truecount_contract::clause::{Clause, ClauseSet};
use truecount_contract::invariant::{Checkers, Ledger, RunNote};
use truecount_contract::reached::GoalSet;
use truecount_scenario::{Expectation, Scenario};

/// What is wrong with a play.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// Clauses were broken, all by one event.
    Broken {
        /// The clauses.
        clauses: ClauseSet,
        /// The event, counted from 1.
        at: u64,
    },
    /// The clauses held, but the end is not what the scenario expects.
    Unexpected {
        /// The run, by its place in the scenario.
        run: usize,
        /// What about it.
        what: String,
        /// What the scenario allows.
        expected: String,
        /// What it was.
        actual: String,
        /// Whether the scenario states one value: then the schedule decided a final (COUNT-20); otherwise the world did
        /// not allow it (COUNT-17).
        exact: bool,
    },
    /// Faults have stopped, and the world can go round for ever, with every run complete.
    Restless,
}

impl Finding {
    /// Returns the clauses that are broken.
    pub fn clauses(&self) -> ClauseSet {
        match self {
            Self::Broken { clauses, .. } => *clauses,
            Self::Unexpected { exact: true, .. } => [Clause::COUNT_20].into_iter().collect(),
            Self::Unexpected { exact: false, .. } => [Clause::COUNT_17].into_iter().collect(),
            // What is never done is not done within the bound.
            Self::Restless => [Clause::LIFE_07].into_iter().collect(),
        }
    }

    /// Returns the one clause that a report names.
    pub fn primary(&self) -> Clause {
        self.clauses().primary().unwrap_or(Clause::COUNT_20)
    }
}

/// The judgement of one play.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Play {
    /// The seed.
    pub seed: u64,
    /// What is wrong, if anything.
    pub finding: Option<Finding>,
    /// How it ended.
    pub ended: Ended,
    /// The hash of the trace.
    pub hash: u64,
    /// Choices that were applied.
    pub steps: u64,
    /// Events that were witnessed.
    pub events: u64,
    /// Clauses that were put to the test.
    pub exercised: ClauseSet,
    /// Goals that were reached.
    pub reached: GoalSet,
}

/// A witness that holds the checkers.
pub trait Judge<'b>: Witness {
    /// Returns the checkers.
    fn checkers(&mut self) -> &mut Checkers<'b>;

    /// Starts over.
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
        &mut self.witness
    }

    fn start_over(&mut self) {
        self.events.clear();
        self.witness.reset();
    }
}

/// All that is needed to play a scenario seed after seed, kept from one to the next.
pub struct Rig<'s, R: Rules, S, J> {
    /// What it was made for: where that leaves the shape of the plan open, each seed draws what is played.
    whole: (&'s Scenario, &'s Brief),
    pub(super) scenario: &'s Scenario,
    brief: &'s Brief,
    pub(super) subject: Native<R, S>,
    pub(super) world: World<'s, J>,
    pub(super) workers: u16,
    only: Option<Member>,
}

pooled!(impl['s, R: Rules, S: Store, J: Clone] Rig<'s, R, S, J> { whole, scenario, brief, subject, world, workers, only });

impl<'s, R: Rules, S: Store, J: Judge<'s>> Rig<'s, R, S, J> {
    /// Returns the rig of a scenario for an engine under these rules over this store.
    pub fn new(scenario: &'s Scenario, brief: &'s Brief, rules: R, store: S, judge: J) -> Self {
        let world = World::new(&scenario.fixture, judge);
        let whole = (scenario, brief);
        Self { whole, scenario, brief, subject: Native::new(rules, store), world, workers: 0, only: None }
    }

    /// Leaves all seeds to one scheduler of the portfolio, or again to the one that each draws.
    pub const fn leave_to(&mut self, only: Option<Member>) {
        self.only = only;
    }

    /// Plays one seed.
    pub fn play(&mut self, seed: u64) -> Play {
        self.play_recorded(seed, &mut ())
    }

    /// Plays one seed, and has it taken down.
    pub fn play_recorded(&mut self, seed: u64, record: &mut impl Record<Native<R, S>>) -> Play {
        (self.scenario, self.brief) = self.whole.0.drawn(self.whole.1, seed);
        self.world.trace.witness.checkers().turn_to(self.brief);
        let fixture = &self.scenario.fixture;
        let Plays { member, picks, swarm } = Plays::draw(fixture, seed, self.only);
        let Some(depth) = member.depth() else { return self.play_swarm(seed, swarm, record) };
        let (workers, steps_until_heal) = (swarm.workers, swarm.steps_until_heal);
        let mut scheduler = Pct::new(depth, picks, Stream::new("schedule", &fixture.name, seed), swarm, fixture);
        self.perform(seed, workers, &mut scheduler, steps_until_heal, record)
    }

    /// Plays one seed uniformly, with a swarm that somebody else drew.
    pub fn play_swarm(&mut self, seed: u64, swarm: Swarm, record: &mut impl Record<Native<R, S>>) -> Play {
        let fixture = &self.scenario.fixture;
        let (workers, steps_until_heal) = (swarm.workers, swarm.steps_until_heal);
        let mut scheduler = Random::new(Stream::new("schedule", &fixture.name, seed), swarm, fixture);
        self.perform(seed, workers, &mut scheduler, steps_until_heal, record)
    }

    /// Plays a schedule. The seed only names the play.
    pub fn play_schedule(&mut self, seed: u64, workers: u16, scripted: &mut Scripted) -> Play {
        // Where nothing is left that stops the faults, they stop long after a calm run would have ended.
        let steps_until_heal = (40 + self.scenario.fixture.units() as u64 * 12) * 8;
        self.perform(seed, workers, scripted, steps_until_heal, &mut ())
    }

    pub(super) fn perform(
        &mut self,
        seed: u64,
        workers: u16,
        scheduler: &mut impl Scheduler,
        steps_until_heal: u64,
        record: &mut impl Record<Native<R, S>>,
    ) -> Play {
        self.world.reset(&self.scenario.fixture);
        self.world.trace.witness.start_over();
        self.workers = workers;
        self.subject.reset(&mut self.world, workers);
        let ended = play(&mut self.subject, &mut self.world, scheduler, steps_until_heal, record);
        let finding = self.judge(ended);
        let checkers = self.world.trace.witness.checkers();
        let exercised = checkers.found.exercised;
        let reached = checkers.reached.goals;
        Play {
            seed,
            finding,
            ended,
            hash: self.world.trace.hash,
            steps: self.world.steps,
            events: self.world.trace.events,
            exercised,
            reached,
        }
    }

    /// Plays a schedule that was saved, as it is; also returns the deviations, by their places, that came to nothing.
    pub fn play_saved(&mut self, schedule: &Schedule) -> (Play, Vec<usize>) {
        let mut scripted = Scripted::new(&schedule.deviations);
        let play = self.play_schedule(0, schedule.workers, &mut scripted);
        let idle = idle(&play, &scripted);
        (play, idle)
    }

    /// Judges the end of a play: what only the end can show, and what the scenario expects.
    pub(super) fn judge(&mut self, ended: Ended) -> Option<Finding> {
        let checkers = self.world.trace.witness.checkers();
        checkers.end(ended);
        let found = &checkers.found;
        let broken = found.at.map(|at| Finding::Broken { clauses: found.violated, at });
        broken.or_else(|| self.unexpected())
    }

    /// Returns how many workers the last play had.
    pub const fn workers(&self) -> u16 {
        self.workers
    }

    /// Returns a digest of the rows as the last simulation left them, comparable within one process. It reads every row,
    /// so it is taken only where two simulations are compared.
    pub fn digest(&self) -> u64 {
        self.subject.digest()
    }

    /// Returns the world after the last play.
    pub fn world(&mut self) -> &mut World<'s, J> {
        &mut self.world
    }

    /// Holds the end of a play against what the scenario expects.
    fn unexpected(&mut self) -> Option<Finding> {
        let ledger = &self.world.trace.witness.checkers().ledger;
        self.scenario.expect.iter().enumerate().find_map(|(place, expect)| {
            mismatch(self.scenario, self.brief, ledger, place, expect).map(|[what, expected, actual]| {
                let exact = !self.scenario.fixture.exhaust && expected.find(" or ").is_none();
                Finding::Unexpected { run: place, what, expected, actual, exact }
            })
        })
    }
}

/// A play that a broken clause has cut short says nothing of the deviations that were still to come.
fn idle(play: &Play, scripted: &Scripted) -> Vec<usize> {
    if play.ended == Ended::Alarmed { Vec::new() } else { scripted.idle() }
}

fn mismatch(
    scenario: &Scenario,
    brief: &Brief,
    ledger: &Ledger<'_>,
    place: usize,
    expect: &Expectation,
) -> Option<[String; 3]> {
    let own = ledger.runs.iter().position(|note| note.spec == place);
    let answer = ledger.answers[place];
    // Where grants come and go, so does the right to ask; that who was refused was not granted is LIFE-06's to see.
    let comes_and_goes = scenario.fixture.faults.get(Fault::Revoke) > 0;
    if comes_and_goes && answer.is_none() && own.is_none() {
        return None;
    }
    if expect.refused {
        let refused = ledger.denied[place] && own.is_none();
        return (!refused).then(|| text("the request", "refused", "accepted"));
    }
    if let Some(other) = expect.same_as {
        // The other may have come first and be the same as this one: one run for the two. It may also have ended
        // before this one was sent: then there is a run of its own (LIFE-06 sees that the two do not overlap).
        match answer {
            Some(run) if ledger.answers[usize::from(other)] == Some(run) => return None,
            Some(_) if own.is_some() => {}
            _ => {
                return Some(text(
                    "the request",
                    "answered with the run of the other, or one of its own",
                    "not answered",
                ));
            }
        }
    }
    // Of two requests that are the same, the one that came second has no run of its own.
    let run = own.or_else(|| answer.map(RunId::index));
    let Some(run) = run else { return Some(text("the run", "there", "not there")) };
    let note: &RunNote = &ledger.runs[run];
    let done = note.completed?;
    let actual = done.outcome.map_or("none", Outcome::name);
    if !expect.outcome.is_empty() && !expect.outcome.iter().any(|outcome| Some(*outcome) == done.outcome) {
        let expected = one_of(expect.outcome.iter().map(|outcome| outcome.name().to_owned()));
        return Some(text("the outcome", &expected, actual));
    }
    // Where limits may be used up, the run need not fail as a whole; if it does, it is for this cause.
    let may_be_whole = scenario.fixture.exhaust && done.cause.is_none();
    if expect.cause.is_some() && expect.cause != done.cause && !may_be_whole {
        let name = |cause: Option<truecount_engine::run::Cause>| cause.map_or("none", |cause| cause.name());
        return Some(text("the cause", name(expect.cause), name(done.cause)));
    }
    // A run that fails as a whole leaves units over; how many is nothing that a scenario can state.
    if done.cause.is_some() {
        return None;
    }
    for (key, values) in &expect.counts {
        // An outcome key that is absent reads as 0 (COUNT-10); `total` and `processed` never do (KEYS-04).
        let known = !matches!(key, Key::Total | Key::Processed);
        let actual = note.value(*key).or(known.then_some(0));
        if !values.iter().any(|value| actual == Some(*value)) {
            let expected = one_of(values.iter().map(u64::to_string));
            let actual = actual.map_or_else(|| "absent".to_owned(), |value| value.to_string());
            return Some(text(&format!("the count `{}`", Key::name(*key)), &expected, &actual));
        }
    }
    let plan = &brief.runs[note.spec].plan;
    let id = RunId(ix(run));
    expect.units.iter().find_map(|(object, allowed)| {
        let place = plan.iter().position(|key| key == object)?;
        let unit = ledger.unit(id, UnitIx(ix(place)))?;
        let fits = unit.resolution.is_some_and(|resolution| allowed.contains(&resolution));
        (!fits).then(|| {
            let name = &scenario.names.objects[object.index()];
            let expected = one_of(allowed.iter().map(|resolution| resolution.name().to_owned()));
            text(&format!("the unit `{name}`"), &expected, unit.resolution.map_or("unresolved", Resolution::name))
        })
    })
}

fn text(what: &str, expected: &str, actual: &str) -> [String; 3] {
    [what, expected, actual].map(str::to_owned)
}

fn one_of(values: impl Iterator<Item = String>) -> String {
    values.collect::<Vec<_>>().join(" or ")
}

/// A play with everything that happened in it.
pub struct Recording {
    /// The judgement.
    pub play: Play,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Workers there were.
    pub workers: u16,
    /// What was published under a name that a terminal run has: the request that made the run, by its place, and the
    /// file.
    pub artifacts: Vec<(usize, Bytes)>,
}

/// Plays one seed again and keeps everything.
pub fn record<R: Rules, S: Store>(scenario: &Scenario, brief: &Brief, rules: R, store: S, seed: u64) -> Recording {
    keep(scenario, brief, rules, store, |rig| rig.play(seed))
}

/// Plays a schedule and keeps everything; also returns the deviations, by their places, that came to nothing.
pub fn record_schedule<R: Rules, S: Store>(
    scenario: &Scenario,
    brief: &Brief,
    engine: (R, S),
    seed: u64,
    schedule: &Schedule,
) -> (Recording, Vec<usize>) {
    let (rules, store) = engine;
    let mut scripted = Scripted::new(&schedule.deviations);
    let recording = keep(scenario, brief, rules, store, |rig| rig.play_schedule(seed, schedule.workers, &mut scripted));
    let idle = idle(&recording.play, &scripted);
    (recording, idle)
}

fn keep<'s, R: Rules, S: Store>(
    scenario: &'s Scenario,
    brief: &'s Brief,
    rules: R,
    store: S,
    play: impl FnOnce(&mut Rig<'s, R, S, Recorder<Checkers<'s>>>) -> Play,
) -> Recording {
    let judge = Recorder { events: Vec::new(), witness: Checkers::new(brief) };
    let mut rig = Rig::new(scenario, brief, rules, store, judge);
    let play = play(&mut rig);
    kept(rig, play)
}

/// Returns all that a play has left behind.
pub(super) fn kept<'s, R: Rules, S: Store>(mut rig: Rig<'s, R, S, Recorder<Checkers<'s>>>, play: Play) -> Recording {
    let events = std::mem::take(&mut rig.world().trace.witness.events);
    let workers = rig.workers;
    let shelves = std::mem::take(&mut rig.world().shelves);
    let ledger = &rig.world().trace.witness.checkers().ledger;
    let named = |run, digest: Digest| events.contains(&Event::Published { run, digest: short(digest.0) });
    let published = shelves.files().filter(|(run, digest, _)| named(*run, *digest));
    let artifacts = published.map(|(run, _, bytes)| (ledger.run(run).spec, Bytes::clone(bytes))).collect();
    Recording { play, events, workers, artifacts }
}
