//! The slots of a phrase: jobs, runs, names and numbers of one scenario. This module prints and reads them.
//!
//! A line is rejected if it contains a name that the scenario does not list.

use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;
use truecount_sim::fault::Fault;
use truecount_sim::schedule::{JobName, Point, RunName};

use super::read::Reader;
use super::{Mistake, Setting};
use truecount_json::{choice, nearest, quoted};

fn name<'n>(names: &'n [String], place: usize, otherwise: &'n str) -> &'n str {
    names.get(place).map_or(otherwise, String::as_str)
}

fn small(place: usize) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Numbers and fixed words.
#[expect(clippy::unused_self, reason = "the phrase tables print every slot in the same way")]
impl Setting<'_> {
    pub(super) fn point(&self, point: Point) -> String {
        point.name().to_owned()
    }

    pub(super) fn fault(&self, fault: Fault) -> String {
        fault.name().to_owned()
    }

    pub(super) fn state(&self, state: ObjectState) -> String {
        state.name().to_owned()
    }

    pub(super) fn lease(&self, lease: u32) -> String {
        lease.to_string()
    }

    pub(super) fn duration(&self, duration: Millis) -> String {
        duration.0.to_string()
    }

    pub(super) fn offset(&self, offset: i32) -> String {
        offset.to_string()
    }

    pub(super) fn worker(&self, worker: u16) -> String {
        (u32::from(worker) + 1).to_string()
    }
}

impl Reader<'_, '_> {
    pub(super) fn point(&mut self) -> Result<Point, Mistake> {
        // If the name of one point begins with the name of another, the longer name is meant.
        let mut points = Point::ALL.to_vec();
        points.sort_by_key(|point| std::cmp::Reverse(point.name().len()));
        if let Some(point) = points.into_iter().find(|point| self.takes(point.name())) {
            return Ok(point);
        }
        let names: Vec<&str> = Point::ALL.iter().map(|point| point.name()).collect();
        let words: Vec<&str> = (0..2).map(|place| self.peek(place)).filter(|word| *word != ":").collect();
        let near = nearest(&words.join(" "), &names).or_else(|| nearest(self.peek(0), &names));
        let help = near.map(|near| format!("did you mean {}?", quoted(near)));
        Err(Mistake { help, ..self.misfit(&choice(&names)) })
    }

    pub(super) fn fault(&mut self) -> Result<Fault, Mistake> {
        let injector = Fault::ALL.iter().filter(|fault| fault.alters_step());
        let found = Fault::from_name(self.peek(0)).filter(|fault| fault.alters_step());
        self.known("fault", found, Fault::Stall, injector.map(|fault| fault.name()))
    }

    pub(super) fn state(&mut self) -> Result<ObjectState, Mistake> {
        let found = ObjectState::from_name(self.peek(0));
        self.known("state", found, ObjectState::Absent, ObjectState::ALL.iter().map(|state| state.name()))
    }

    pub(super) fn lease(&mut self) -> Result<u32, Mistake> {
        let lease = self.number(0, u64::from(u32::MAX), "a lease number")?;
        Ok(u32::try_from(lease).unwrap_or(u32::MAX))
    }

    pub(super) fn duration(&mut self) -> Result<Millis, Mistake> {
        self.number(0, u64::MAX, "a number of milliseconds").map(Millis)
    }

    pub(super) fn offset(&mut self) -> Result<i32, Mistake> {
        let Ok(offset) = self.peek(0).parse() else {
            return Err(self.misfit("a number of milliseconds, such as `-500`"));
        };
        self.pass();
        Ok(offset)
    }

    pub(super) fn worker(&mut self) -> Result<u16, Mistake> {
        self.nth("a worker number")
    }

    /// Consumes the number of a worker, a run or a job, counted from 1, and returns its index.
    fn nth(&mut self, what: &str) -> Result<u16, Mistake> {
        let number = self.number(1, u64::from(u16::MAX) + 1, what)?;
        Ok(u16::try_from(number).unwrap_or(u16::MAX))
    }

    pub(super) fn occurrence(&mut self) -> Result<u32, Mistake> {
        if !self.takes("(") {
            return Ok(1);
        }
        let number = self.number(1, u64::from(u32::MAX), "an occurrence number")?;
        self.words(")")?;
        Ok(u32::try_from(number + 1).unwrap_or(u32::MAX))
    }
}

/// Actors and their tenants.
impl Setting<'_> {
    /// Returns the viewer of a surface and the tenant of the surface, since one actor may view surfaces of several
    /// tenants.
    pub(super) fn viewer(&self, surface: u16) -> String {
        match self.fixture.surfaces.get(usize::from(surface)) {
            Some(surface) => self.person(surface.actor, surface.tenant),
            None => "an actor".to_owned(),
        }
    }

    pub(super) fn grant(&self, grant: u16) -> String {
        match self.fixture.grants.get(usize::from(grant)) {
            Some((actor, tenant, _)) => self.person(*actor, Some(*tenant)),
            None => "an actor".to_owned(),
        }
    }

    fn person(&self, actor: ActorId, tenant: Option<TenantId>) -> String {
        let actor = name(&self.names.actors, actor.index(), "an actor");
        match tenant {
            Some(tenant) => format!("{actor} in {}", name(&self.names.tenants, tenant.index(), "a tenant")),
            None => format!("{actor} in no tenant"),
        }
    }
}

impl Reader<'_, '_> {
    pub(super) fn viewer(&mut self) -> Result<u16, Mistake> {
        let surfaces = &self.setting.fixture.surfaces;
        self.place("does not view this surface", "an actor and a tenant listed in `surfaces`", |actor, tenant| {
            surfaces.iter().position(|surface| (surface.actor, surface.tenant) == (actor, tenant))
        })
    }

    pub(super) fn grant(&mut self) -> Result<u16, Mistake> {
        let grants = &self.setting.fixture.grants;
        self.place("has no grant in this tenant", "an actor and a tenant listed in `grants`", |actor, tenant| {
            grants.iter().position(|(of, at, _)| *of == actor && Some(*at) == tenant)
        })
    }

    /// Consumes an actor and a tenant, and returns the index that `find` gives for them.
    fn place(
        &mut self,
        wrong: &str,
        expected: &str,
        find: impl Fn(ActorId, Option<TenantId>) -> Option<usize>,
    ) -> Result<u16, Mistake> {
        let start = self.at;
        let (actor, tenant) = self.person()?;
        find(actor, tenant).map(small).ok_or_else(|| {
            self.at = start;
            self.mistake(format!("{} {wrong}", quoted(self.peek(0))), expected)
        })
    }

    /// Consumes an actor and a tenant, or an actor and `no tenant`.
    fn person(&mut self) -> Result<(ActorId, Option<TenantId>), Mistake> {
        let actor = ActorId(small(self.name("actor", &self.setting.names.actors)?));
        self.words("in")?;
        if self.takes("no tenant") {
            return Ok((actor, None));
        }
        let tenant = self.name("tenant", &self.setting.names.tenants)?;
        Ok((actor, Some(TenantId(small(tenant)))))
    }

    /// Consumes a name, and returns its index among the known names.
    fn name(&mut self, noun: &str, known: &[String]) -> Result<usize, Mistake> {
        let found = known.iter().position(|name| name == self.peek(0));
        self.known(noun, found, usize::MAX, known.iter().map(String::as_str))
    }
}

/// Objects, runs and jobs.
impl Setting<'_> {
    pub(super) fn object(&self, object: ObjectId) -> String {
        name(&self.names.objects, object.index(), "an object").to_owned()
    }

    pub(super) fn request(&self, place: u16) -> String {
        name(&self.names.runs, usize::from(place), "a run").to_owned()
    }

    pub(super) fn any_run(&self, run: Option<RunName>) -> String {
        run.map_or_else(|| "a run that is not there".to_owned(), |run| self.run(run))
    }

    pub(super) fn run(&self, run: RunName) -> String {
        let name = self.request(run.request);
        if run.nth == 0 { name } else { format!("{name} (run {})", u32::from(run.nth) + 1) }
    }

    pub(super) fn job(&self, job: JobName) -> String {
        let what = match job.unit {
            None => self.run(job.run),
            Some(unit) => format!("{} of {}", self.unit(job.run, unit), self.run(job.run)),
        };
        if job.nth == 0 { format!("the job of {what}") } else { format!("job {} of {what}", u32::from(job.nth) + 1) }
    }

    fn unit(&self, run: RunName, unit: u32) -> String {
        match self.plan(run).get(unit as usize) {
            Some(object) => self.object(*object),
            None => format!("unit {} outside the plan", u64::from(unit) + 1),
        }
    }

    fn plan(&self, run: RunName) -> &[ObjectId] {
        self.reference.runs.get(usize::from(run.request)).map_or(&[], |run| &run.plan)
    }
}

impl Reader<'_, '_> {
    pub(super) fn object(&mut self) -> Result<ObjectId, Mistake> {
        // There may be a million names, so a binary search in the sorted list is used.
        let found = self.setting.names.object(self.peek(0));
        self.known("object", found, ObjectId(u32::MAX), self.setting.names.objects.iter().map(String::as_str))
    }

    pub(super) fn request(&mut self) -> Result<u16, Mistake> {
        self.name("run", &self.setting.names.runs).map(small)
    }

    pub(super) fn any_run(&mut self) -> Result<Option<RunName>, Mistake> {
        if self.takes("a run that is not there") { Ok(None) } else { self.run().map(Some) }
    }

    pub(super) fn run(&mut self) -> Result<RunName, Mistake> {
        let request = self.request()?;
        if !self.takes("(run") {
            return Ok(RunName { request, nth: 0 });
        }
        let nth = self.nth("a run number")?;
        self.words(")")?;
        Ok(RunName { request, nth })
    }

    pub(super) fn job(&mut self) -> Result<JobName, Mistake> {
        let nth = match self.peek(0) {
            "job" => {
                self.pass();
                let nth = self.nth("a job number")?;
                self.words("of")?;
                nth
            }
            "the" => self.words("the job of").map(|()| 0)?,
            _ => return Err(self.misfit("`the job of ...`")),
        };
        let outside = self.peek(0) == "unit" && self.peek(1).bytes().any(|byte| byte.is_ascii_digit());
        if outside && self.peek(2) == "outside" {
            self.pass();
            let unit = self.number(1, u64::from(u32::MAX) + 1, "a unit number")?;
            self.words("outside the plan of")?;
            let unit = u32::try_from(unit).ok();
            return Ok(JobName { run: self.run()?, unit, nth });
        }
        if self.peek(1) != "of" {
            return Ok(JobName { run: self.run()?, unit: None, nth });
        }
        let start = self.at;
        let object = self.object()?;
        self.words("of")?;
        let run = self.run()?;
        let setting = self.setting;
        let reference = setting.reference.runs.get(usize::from(run.request));
        let Some(unit) = reference.and_then(|reference| reference.unit(object)) else {
            self.at = start;
            let known = setting.plan(run).iter().filter_map(|planned| setting.names.objects.get(planned.index()));
            let unknown = self.unknown("unit", known.map(String::as_str));
            return Err(Mistake { message: format!("the run plans no unit for {}", quoted(self.peek(0))), ..unknown });
        };
        Ok(JobName { run, unit: Some(unit.0), nth })
    }
}
