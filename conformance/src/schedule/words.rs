//! A deviation as a line.
//!
//! `read.rs` reads back what stands here; a word that changes here changes there.

use truecount_engine::id::ObjectId;
use truecount_sim::schedule::{Act, Deviation, JobName, Moment, RunName, Who};

use super::Setting;

/// Returns a deviation as a line.
pub(super) fn line(setting: &Setting<'_>, deviation: &Deviation) -> String {
    let again = if deviation.occurrence == 1 { String::new() } else { format!(" ({})", deviation.occurrence) };
    format!("{}{again}: {}", setting.moment(deviation.moment), setting.act(deviation.act))
}

impl Setting<'_> {
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
            Act::LostJob(job) => format!("lost_job: {} is lost", self.job(job)),
            Act::UnplannedUnit(run) => format!("unplanned_unit in {}", self.run(run)),
            Act::Change(object, state) => format!("{} becomes {}", self.object(object), state.name()),
            Act::ClockJump(by) => format!("clock_jump of {} ms", by.0),
            Act::ClockSkew(worker, by) => format!("clock_skew of worker {} by {by} ms", u32::from(worker) + 1),
            Act::Sweep => "the sweeper runs".to_owned(),
            Act::Relay => "the relay runs".to_owned(),
            Act::Prune => "the retention job runs".to_owned(),
            Act::Observe(surface) => format!("{} views the surface", self.viewer(surface)),
            Act::View(surface, run) => format!("{} asks for {}", self.viewer(surface), self.run_or_none(run)),
            Act::Fetch(surface, run) => format!("{} reads the pack of {}", self.viewer(surface), self.run_or_none(run)),
            Act::Regrant(grant, gives) => {
                format!("the grant of {} is {}", self.grant(grant), if gives { "granted again" } else { "revoked" })
            }
            Act::Heal => "faults stop".to_owned(),
        }
    }

    /// Returns who looks, and where: a person may look at several tenants.
    fn viewer(&self, surface: u16) -> String {
        let Some(surface) = self.fixture.surfaces.get(usize::from(surface)) else { return "somebody".to_owned() };
        let actor = name(&self.names.actors, surface.actor.index(), "somebody");
        match surface.tenant {
            Some(tenant) => format!("{actor} in {}", name(&self.names.tenants, tenant.index(), "a tenant")),
            None => format!("{actor} in no tenant"),
        }
    }

    fn grant(&self, grant: u16) -> String {
        let Some((actor, tenant, _)) = self.fixture.grants.get(usize::from(grant)) else { return "nobody".to_owned() };
        let actor = name(&self.names.actors, actor.index(), "somebody");
        format!("{actor} in {}", name(&self.names.tenants, tenant.index(), "a tenant"))
    }

    fn object(&self, object: ObjectId) -> &str {
        name(&self.names.objects, object.index(), "an object")
    }

    fn run_or_none(&self, run: Option<RunName>) -> String {
        run.map_or_else(|| "a run that is not there".to_owned(), |run| self.run(run))
    }

    fn run(&self, run: RunName) -> String {
        let name = self.request(run.request);
        if run.nth == 0 { name.to_owned() } else { format!("{name} (run {})", u32::from(run.nth) + 1) }
    }

    fn request(&self, place: u16) -> &str {
        name(&self.names.runs, usize::from(place), "a run")
    }

    fn job(&self, job: JobName) -> String {
        let what = match job.unit {
            None => self.run(job.run),
            Some(unit) => format!("{} of {}", self.unit(job.run, unit), self.run(job.run)),
        };
        if job.nth == 0 { format!("the job of {what}") } else { format!("job {} of {what}", u32::from(job.nth) + 1) }
    }

    fn unit(&self, run: RunName, unit: u32) -> String {
        let plan = self.brief.runs.get(usize::from(run.request)).map(|run| &run.plan);
        match plan.and_then(|plan| plan.get(unit as usize)) {
            Some(object) => self.object(*object).to_owned(),
            None => format!("unit {} outside the plan", u64::from(unit) + 1),
        }
    }

    fn who(&self, who: Who) -> String {
        match who {
            Who::Lease(job, 1) => self.job(job),
            Who::Lease(job, lease) => format!("{}, lease {lease}", self.job(job)),
            Who::Sender(place) => format!("the request for {}", self.request(place)),
            Who::Sweep => "the sweeper".to_owned(),
            Who::Relay => "the relay".to_owned(),
            Who::SecondRelay => "the second relay".to_owned(),
            Who::Prune => "the retention job".to_owned(),
            Who::Viewer => "the viewer".to_owned(),
        }
    }
}

fn name<'n>(names: &'n [String], place: usize, otherwise: &'n str) -> &'n str {
    names.get(place).map_or(otherwise, String::as_str)
}
