//! Schedules in words: a line for each deviation, with the scenario's names in place of numbers.
//!
//! Knows how a schedule reads, not how it came about.

use truecount_sim::schedule::{Act, Deviation, JobName, Moment, RunName, Schedule, Who};

use crate::brief::Brief;
use crate::scenario::Scenario;

/// Returns a schedule as lines: `where: what happens instead`.
pub fn lines(schedule: &Schedule, scenario: &Scenario, brief: &Brief) -> Vec<String> {
    let namer = Namer { scenario, brief };
    schedule.deviations.iter().map(|deviation| namer.deviation(deviation)).collect()
}

struct Namer<'a> {
    scenario: &'a Scenario,
    brief: &'a Brief,
}

impl Namer<'_> {
    fn deviation(&self, deviation: &Deviation) -> String {
        let again = if deviation.occurrence > 1 { format!(" ({})", deviation.occurrence) } else { String::new() };
        format!("{}{again}: {}", self.moment(deviation.moment), self.act(deviation.act))
    }

    fn moment(&self, moment: Moment) -> String {
        match moment {
            Moment::Send => "before the next request is sent".to_owned(),
            Moment::Deliver(job) => format!("before {} is delivered", self.job(job)),
            Moment::Step(who, point) => format!("{}, {}", self.who(who), point.name()),
            Moment::Jump => "before time passes".to_owned(),
        }
    }

    fn act(&self, act: Act) -> String {
        match act {
            Act::Send => "the next request is sent first".to_owned(),
            Act::Deliver(job) => format!("{} is delivered first", self.job(job)),
            Act::Reorder(job) => format!("reorder: {} is delivered before older ones", self.job(job)),
            Act::Step(who) => format!("{} goes first", self.who(who)),
            Act::Jump => "time passes first".to_owned(),
            Act::Bend(who, fault) => format!("{} of {}", fault.name(), self.who(who)),
            Act::Redeliver(job) => format!("redeliver {}", self.job(job)),
            Act::NewJobId(job) => format!("new_job_id for {}", self.job(job)),
            Act::Stranger(run) => format!("stranger in {}", self.run(run)),
            Act::Change(object, state) => {
                let name = self.scenario.names.objects.get(object.index()).map_or("an object", String::as_str);
                format!("{name} becomes {}", state.name())
            }
            Act::Leap(by) => format!("leap of {} ms", by.0),
            Act::Skew(worker, by) => format!("skew of worker {} by {by} ms", worker + 1),
            Act::Sweep => "the sweep runs".to_owned(),
            Act::Relay => "the relay runs".to_owned(),
            Act::Prune => "the pruning runs".to_owned(),
            Act::Observe(surface) => format!("{} looks at the surface", self.viewer(surface)),
            Act::View(surface, run) => format!("{} asks for {}", self.viewer(surface), self.run_or_none(run)),
            Act::Fetch(surface, run) => format!("{} reads the pack of {}", self.viewer(surface), self.run_or_none(run)),
            Act::Regrant(grant, gives) => {
                format!("grant {} is {}", grant + 1, if gives { "given again" } else { "taken back" })
            }
            Act::Heal => "faults stop".to_owned(),
        }
    }

    fn viewer(&self, surface: u16) -> &str {
        let surface = self.scenario.fixture.surfaces.get(usize::from(surface));
        let actor = surface.and_then(|surface| self.scenario.names.actors.get(surface.actor.index()));
        actor.map_or("somebody", String::as_str)
    }

    fn run_or_none(&self, run: Option<RunName>) -> String {
        run.map_or_else(|| "a run that is not there".to_owned(), |run| self.run(run))
    }

    fn run(&self, run: RunName) -> String {
        let name = self.scenario.names.runs.get(usize::from(run.request)).map_or("a run", String::as_str);
        if run.nth == 0 { name.to_owned() } else { format!("{name} (run {})", run.nth + 1) }
    }

    fn job(&self, job: JobName) -> String {
        let what = match job.unit {
            None => self.run(job.run),
            Some(unit) => format!("{} of {}", self.unit(job.run, unit), self.run(job.run)),
        };
        if job.nth == 0 { format!("the job of {what}") } else { format!("job {} of {what}", job.nth + 1) }
    }

    fn unit(&self, run: RunName, unit: u32) -> String {
        let plan = self.brief.runs.get(usize::from(run.request)).map(|run| &run.plan);
        let object = plan.and_then(|plan| plan.get(unit as usize));
        let name = object.and_then(|object| self.scenario.names.objects.get(object.index()));
        name.cloned().unwrap_or_else(|| format!("unit {} outside the plan", unit + 1))
    }

    fn who(&self, who: Who) -> String {
        match who {
            Who::Lease(job, 1) => self.job(job),
            Who::Lease(job, lease) => format!("{}, lease {lease}", self.job(job)),
            Who::Sender(place) => {
                let name = self.scenario.names.runs.get(usize::from(place)).map_or("a run", String::as_str);
                format!("the request for {name}")
            }
            Who::Sweep => "the sweep".to_owned(),
            Who::Relay => "the relay".to_owned(),
            Who::Prune => "the pruning".to_owned(),
            Who::Viewer => "whoever looks".to_owned(),
        }
    }
}
