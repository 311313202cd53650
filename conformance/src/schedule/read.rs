//! A line as the deviation that it stands for: the other way round of `words.rs`.
//!
//! Spaces may be more than one; all else is as it is written there. Names are those of one scenario: a line that speaks
//! of what the scenario does not have is no deviation. Refuses to know whether what it says can happen.

use truecount_engine::id::{ActorId, ObjectId, TenantId};
use truecount_engine::index::narrow;
use truecount_engine::storage::ObjectState;
use truecount_engine::time::Millis;
use truecount_sim::fault::Fault;
use truecount_sim::schedule::{Act, Deviation, JobName, Moment, Point, RunName, Who};

use super::token::{Token, tokens};
use super::{Setting, Slip};
use truecount_json::{choice, nearest, quoted};

/// The most names that are listed as what would have been right.
const LISTED: usize = 16;

/// The most names that are searched for the one that was meant.
const SEARCHED: usize = 2_000;

/// What somebody who looks can do.
const LOOKS: [&str; 3] = ["views", "asks", "reads"];

/// Reads a line.
pub(super) fn line(setting: &Setting<'_>, line: &str) -> Result<Deviation, Slip> {
    let mut reader = Reader { setting, tokens: tokens(line), at: 0, end: line.len() };
    let moment = reader.moment()?;
    let occurrence = reader.occurrence()?;
    reader.words(":")?;
    let act = reader.act()?;
    match reader.tokens.get(reader.at) {
        Some(token) => Err(reader.slip(format!("{} is too much", quoted(token.text)), "the end of the line")),
        None => Ok(Deviation { moment, occurrence, act }),
    }
}

struct Reader<'s, 'l> {
    setting: &'s Setting<'s>,
    tokens: Vec<Token<'l>>,
    at: usize,
    end: usize,
}

impl<'l> Reader<'_, 'l> {
    /// The word that many further on; nothing behind the last.
    fn peek(&self, further: usize) -> &'l str {
        self.tokens.get(self.at + further).map_or("", |token| token.text)
    }

    fn begins(&self, words: &str) -> bool {
        words.split(' ').enumerate().all(|(place, word)| self.peek(place) == word)
    }

    /// Takes these words, each of which must be there.
    fn words(&mut self, words: &str) -> Result<(), Slip> {
        for (place, word) in words.split(' ').enumerate() {
            if self.peek(0) != word {
                let rest: Vec<&str> = words.split(' ').skip(place).collect();
                return Err(self.misfit(&quoted(&rest.join(" "))));
            }
            self.at += 1;
        }
        Ok(())
    }

    /// Takes these words if all of them are there.
    fn takes(&mut self, words: &str) -> bool {
        let there = self.begins(words);
        if there {
            self.at += words.split(' ').count();
        }
        there
    }

    /// A slip at the next word.
    fn slip(&self, message: impl Into<String>, expected: impl Into<String>) -> Slip {
        let range = self.tokens.get(self.at).map_or(self.end..self.end, |token| token.range.clone());
        Slip { range, message: message.into(), expected: expected.into(), help: None }
    }

    /// The slip of a word that cannot stand where it does.
    fn misfit(&self, expected: &str) -> Slip {
        match self.peek(0) {
            "" => self.slip("the line ends too soon", expected),
            word => self.slip(format!("{} makes no sense here", quoted(word)), expected),
        }
    }

    /// Takes a number, counted from `first`, as one counted from 0.
    fn number(&mut self, first: u64, most: u64, what: &str) -> Result<u64, Slip> {
        let expected = || format!("{what}: a number from {first} to {most}");
        let word = self.peek(0);
        if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.misfit(&expected()));
        }
        let number = word.parse().ok().filter(|number| (first..=most).contains(number));
        let number = number.ok_or_else(|| self.slip(format!("{} is out of range", quoted(word)), expected()))?;
        self.at += 1;
        Ok(number - first)
    }

    /// Takes the number of one of several of a kind, the first of which is not numbered.
    fn nth(&mut self, what: &str) -> Result<u16, Slip> {
        let number = self.number(1, u64::from(u16::MAX) + 1, what)?;
        Ok(narrow(number))
    }

    /// Takes a name, by its place among those that are known.
    fn name(&mut self, noun: &str, known: &[String]) -> Result<usize, Slip> {
        let word = self.peek(0);
        if word.is_empty() || word.contains([':', ',', '(', ')']) {
            return Err(self.misfit(&format!("the name of the {noun}")));
        }
        let found = known.iter().position(|name| name == word);
        let place = found.ok_or_else(|| self.unknown(noun, known.iter().map(String::as_str)))?;
        self.at += 1;
        Ok(place)
    }

    fn unknown<'k>(&self, noun: &str, known: impl Iterator<Item = &'k str>) -> Slip {
        let (word, known) = (self.peek(0), known.take(SEARCHED).collect::<Vec<_>>());
        let expected = if known.len() <= LISTED { choice(&known) } else { format!("a {noun} of this scenario") };
        let help = nearest(word, &known).map(|near| format!("did you mean {}?", quoted(near)));
        Slip { help, ..self.slip(format!("unknown {noun} {}", quoted(word)), expected) }
    }

    fn occurrence(&mut self) -> Result<u32, Slip> {
        if !self.takes("(") {
            return Ok(1);
        }
        let number = self.number(1, u64::from(u32::MAX), "the how manieth of these moments")?;
        self.words(")")?;
        Ok(narrow(number + 1))
    }

    fn moment(&mut self) -> Result<Moment, Slip> {
        if self.takes("before the next") {
            return self.words("request is sent").map(|()| Moment::Send);
        }
        if self.takes("before time") {
            return self.words("passes").map(|()| Moment::Jump);
        }
        if self.takes("before") {
            let job = self.job()?;
            return self.words("is delivered").map(|()| Moment::Deliver(job));
        }
        let who = self.who()?;
        self.words(",")?;
        // Of two points one of which begins with the other, the longer is meant.
        let said = Point::ALL.iter().filter(|point| self.begins(point.name()));
        let Some(point) = said.max_by_key(|point| point.name().len()) else {
            let names: Vec<&str> = Point::ALL.iter().map(|point| point.name()).collect();
            let said: Vec<&str> = (0..2).map(|place| self.peek(place)).filter(|word| *word != ":").collect();
            let near = nearest(&said.join(" "), &names).or_else(|| nearest(self.peek(0), &names));
            let help = near.map(|near| format!("did you mean {}?", quoted(near)));
            return Err(Slip { help, ..self.misfit(&choice(&names)) });
        };
        self.words(point.name())?;
        Ok(Moment::Step(who, *point))
    }

    fn act(&mut self) -> Result<Act, Slip> {
        if self.peek(1) == "becomes" {
            return self.change();
        }
        let verb = if self.peek(2) == "no" && self.peek(3) == "tenant" { 4 } else { 3 };
        if self.peek(1) == "in" && (self.peek(0) != "unplanned_unit" || LOOKS.contains(&self.peek(verb))) {
            return self.look();
        }
        for (words, act) in [
            ("the next request is sent first", Act::Send),
            ("time passes first", Act::Jump),
            ("the sweeper runs", Act::Sweep),
            ("the relay runs", Act::Relay),
            ("the retention job runs", Act::Prune),
            ("faults stop", Act::Heal),
        ] {
            if self.takes(words) {
                return Ok(act);
            }
        }
        match self.peek(0) {
            "reorder" => {
                self.words("reorder :")?;
                let job = self.job()?;
                self.words("is delivered before older ones").map(|()| Act::Reorder(job))
            }
            "redeliver" => {
                self.at += 1;
                self.job().map(Act::Redeliver)
            }
            "new_job_id" => self.words("new_job_id for").and_then(|()| self.job()).map(Act::NewJobId),
            "lost_job" => {
                self.words("lost_job :")?;
                let job = self.job()?;
                self.words("is lost").map(|()| Act::LostJob(job))
            }
            "unplanned_unit" => self.words("unplanned_unit in").and_then(|()| self.run()).map(Act::UnplannedUnit),
            "clock_jump" => {
                self.words("clock_jump of")?;
                let by = self.number(0, u64::MAX, "the milliseconds by which the clock jumps")?;
                self.words("ms").map(|()| Act::ClockJump(Millis(by)))
            }
            "clock_skew" => self.clock_skew(),
            "the" if self.peek(1) == "grant" => self.regrant(),
            _ if self.peek(1) == "of" && self.peek(0) != "job" => self.bend(),
            "the" | "job" => self.turn(),
            _ => Err(self.misfit("what happens there instead, such as `crash_after of the job of ...`")),
        }
    }

    fn change(&mut self) -> Result<Act, Slip> {
        let object = self.object()?;
        self.words("becomes")?;
        let Some(state) = ObjectState::from_name(self.peek(0)) else {
            return Err(self.unknown("state", ObjectState::ALL.iter().map(|state| state.name())));
        };
        self.at += 1;
        Ok(Act::Change(object, state))
    }

    fn look(&mut self) -> Result<Act, Slip> {
        let start = self.at;
        let (actor, tenant) = self.person()?;
        let surfaces = &self.setting.fixture.surfaces;
        let looks = surfaces.iter().position(|surface| (surface.actor, surface.tenant) == (actor, tenant));
        let Some(surface) = looks.and_then(|place| u16::try_from(place).ok()) else {
            self.at = start;
            let message = format!("{} views no surface there", quoted(self.peek(0)));
            return Err(self.slip(message, "an actor and a tenant of one of `surfaces`"));
        };
        match self.peek(0) {
            "views" => self.words("views the surface").map(|()| Act::Observe(surface)),
            "asks" => {
                self.words("asks for")?;
                Ok(Act::View(surface, self.run_or_none()?))
            }
            "reads" => {
                self.words("reads the pack of")?;
                Ok(Act::Fetch(surface, self.run_or_none()?))
            }
            _ => Err(self.misfit("`views the surface`, `asks for` or `reads the pack of`")),
        }
    }

    fn clock_skew(&mut self) -> Result<Act, Slip> {
        self.words("clock_skew of worker")?;
        let worker = self.nth("a worker")?;
        self.words("by")?;
        let word = self.peek(0);
        let Ok(by) = word.parse::<i32>() else {
            return Err(self.misfit("by how many milliseconds the clock is off, such as `-500`"));
        };
        self.at += 1;
        self.words("ms").map(|()| Act::ClockSkew(worker, by))
    }

    fn regrant(&mut self) -> Result<Act, Slip> {
        self.words("the grant of")?;
        let start = self.at;
        let (actor, tenant) = self.person()?;
        let same = |(of, at, _): &(ActorId, TenantId, _)| *of == actor && Some(*at) == tenant;
        let found = self.setting.fixture.grants.iter().position(same);
        let Some(grant) = found.and_then(|place| u16::try_from(place).ok()) else {
            self.at = start;
            let message = format!("{} has no grant there", quoted(self.peek(0)));
            return Err(self.slip(message, "an actor and a tenant of one of `grants`"));
        };
        self.words("is")?;
        match self.peek(0) {
            "granted" => self.words("granted again").map(|()| Act::Regrant(grant, true)),
            "revoked" => self.words("revoked").map(|()| Act::Regrant(grant, false)),
            _ => Err(self.misfit("`granted again` or `revoked`")),
        }
    }

    fn bend(&mut self) -> Result<Act, Slip> {
        let bends = || Fault::ALL.iter().filter(|fault| fault.bends()).map(|fault| fault.name());
        let fault = Fault::from_name(self.peek(0)).filter(|fault| fault.bends());
        let Some(fault) = fault else { return Err(self.unknown("fault", bends())) };
        self.at += 1;
        self.words("of")?;
        self.who().map(|who| Act::Bend(who, fault))
    }

    /// Somebody, or a job, comes first.
    fn turn(&mut self) -> Result<Act, Slip> {
        match self.who()? {
            Who::Lease(job, 1) if self.peek(0) == "is" => self.words("is delivered first").map(|()| Act::Deliver(job)),
            who => self.words("goes first").map(|()| Act::Step(who)),
        }
    }

    /// Takes an actor and where; no tenant is a place, too.
    fn person(&mut self) -> Result<(ActorId, Option<TenantId>), Slip> {
        let actor = self.name("actor", &self.setting.names.actors)?;
        let actor = ActorId(narrow(actor));
        self.words("in")?;
        if self.takes("no tenant") {
            return Ok((actor, None));
        }
        let tenant = self.name("tenant", &self.setting.names.tenants)?;
        Ok((actor, Some(TenantId(narrow(tenant)))))
    }

    fn who(&mut self) -> Result<Who, Slip> {
        for (words, who) in [
            ("the sweeper", Who::Sweep),
            ("the relay", Who::Relay),
            ("the second relay", Who::SecondRelay),
            ("the retention job", Who::Prune),
            ("the viewer", Who::Viewer),
        ] {
            if self.takes(words) {
                return Ok(who);
            }
        }
        if self.takes("the request for") {
            return self.request().map(Who::Sender);
        }
        let job = self.job()?;
        if self.takes(", lease") {
            let lease = self.number(0, u64::from(u32::MAX), "the number of a lease")?;
            return Ok(Who::Lease(job, narrow(lease)));
        }
        Ok(Who::Lease(job, 1))
    }

    fn job(&mut self) -> Result<JobName, Slip> {
        let nth = if self.takes("job") {
            self.nth("which of the jobs")?
        } else if self.takes("the job") {
            0
        } else {
            return Err(self.misfit("`the job of ...`, or somebody else who acts"));
        };
        self.words("of")?;
        let outside = self.peek(0) == "unit" && self.peek(1).bytes().any(|byte| byte.is_ascii_digit());
        if outside && self.peek(2) == "outside" {
            self.at += 1;
            let unit = self.number(1, u64::from(u32::MAX) + 1, "a unit")?;
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
        let plan = self.setting.brief.runs.get(usize::from(run.request)).map(|run| &run.plan[..]).unwrap_or_default();
        let Some(unit) = plan.iter().position(|planned| *planned == object) else {
            self.at = start;
            let known = plan.iter().filter_map(|planned| self.setting.names.objects.get(planned.index()));
            let unknown = self.unknown("unit", known.map(String::as_str));
            return Err(Slip { message: format!("no unit for {} is planned", quoted(self.peek(0))), ..unknown });
        };
        Ok(JobName { run, unit: u32::try_from(unit).ok(), nth })
    }

    fn object(&mut self) -> Result<ObjectId, Slip> {
        // Their names are in order, and may be a million.
        if let Some(object) = self.setting.names.object(self.peek(0)) {
            self.at += 1;
            return Ok(object);
        }
        Err(self.unknown("object", self.setting.names.objects.iter().map(String::as_str)))
    }

    fn run_or_none(&mut self) -> Result<Option<RunName>, Slip> {
        if self.takes("a run that is not there") { Ok(None) } else { self.run().map(Some) }
    }

    fn run(&mut self) -> Result<RunName, Slip> {
        let request = self.request()?;
        if self.peek(0) != "(" || self.peek(1) != "run" {
            return Ok(RunName { request, nth: 0 });
        }
        self.at += 2;
        let nth = self.nth("which of the runs")?;
        self.words(")")?;
        Ok(RunName { request, nth })
    }

    fn request(&mut self) -> Result<u16, Slip> {
        let place = self.name("run", &self.setting.names.runs)?;
        Ok(narrow(place))
    }
}
