//! Sentences for events, with names instead of numbers.

use std::collections::BTreeSet;

use truecount_engine::id::{ActorId, Fence, JobId, ObjectId, RunId, TenantId, UnitIx};
use truecount_engine::policy::Grant;
use truecount_engine::run::{Outcome, Status};
use truecount_engine::unit::Response;
use truecount_sim::fault::{Fault, Target};
use truecount_sim::trace::{Event, Shown, Weight};

use super::Line;
use super::concern::{Concern, concern};
use super::row::Rows;
use truecount_contract::reference::Reference;
use truecount_scenario::Scenario;

/// The state from which names are resolved and sentences are built.
pub(super) struct Narrator<'a> {
    scenario: &'a Scenario,
    pub(super) reference: &'a Reference,
    now_ms: u64,
    /// The index of the request that created each run.
    pub(super) specs: Vec<usize>,
    /// The run and the unit of each job.
    jobs: Vec<Option<(RunId, Option<UnitIx>)>>,
    /// The job that each worker leased last.
    at: Vec<Option<JobId>>,
    /// The units that have been counted.
    counted: BTreeSet<(RunId, UnitIx)>,
    /// The runs that were observed as completed.
    ended: BTreeSet<RunId>,
    /// The rows that earlier lines have shown.
    pub(super) rows: Rows,
    /// Every lease so far, as job, fencing token and worker.
    leases: Vec<(JobId, Fence, u16)>,
}

impl<'a> Narrator<'a> {
    pub(super) fn new(scenario: &'a Scenario, reference: &'a Reference, workers: u16) -> Self {
        let at = vec![None; usize::from(workers)];
        let (specs, jobs, leases) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            scenario,
            reference,
            now_ms: 0,
            specs,
            jobs,
            at,
            counted: BTreeSet::new(),
            ended: BTreeSet::new(),
            rows: Rows::default(),
            leases,
        }
    }

    /// Records the parts of an event that later sentences need.
    pub(super) fn take(&mut self, event: &Event) {
        self.rows.take(event);
        match *event {
            Event::Advanced { to } => self.now_ms = to.0,
            Event::Enqueued { request, .. } => self.specs.push(request.0 as usize),
            Event::Leased { job, run, unit, fence, worker, .. } => {
                self.leases.push((job, fence, worker));
                if let Some(at) = self.at.get_mut(usize::from(worker)) {
                    *at = Some(job);
                }
                self.job(job, run, unit);
            }
            Event::JobCreated { job, run, unit } => self.job(job, run, unit),
            Event::Counted { run, unit, .. } => {
                self.counted.insert((run, unit));
            }
            Event::Observed { run, status: Status::Completed, .. } => {
                self.ended.insert(run);
            }
            _ => {}
        }
    }

    fn job(&mut self, job: JobId, run: RunId, unit: Option<UnitIx>) {
        if self.jobs.len() <= job.index() {
            self.jobs.resize(job.index() + 1, None);
        }
        self.jobs[job.index()] = Some((run, unit));
    }

    pub(super) fn run(&self, run: RunId) -> &'a str {
        self.specs.get(run.index()).and_then(|&spec| self.scenario.names.runs.get(spec)).map_or("a run", String::as_str)
    }

    pub(super) fn unit(&self, run: RunId, unit: UnitIx) -> String {
        let plan = self.specs.get(run.index()).map(|&spec| &self.reference.runs[spec].plan);
        match plan.and_then(|plan| plan.get(unit.index())) {
            Some(object) => self.scenario.names.objects[object.index()].clone(),
            None => format!("a unit outside the plan (number {})", unit.0 + 1),
        }
    }

    fn job_name(&self, job: JobId) -> String {
        match self.jobs.get(job.index()).copied().flatten() {
            Some((run, Some(unit))) => format!("the job of {}", self.unit(run, unit)),
            Some((run, None)) => format!("the job of {}", self.run(run)),
            None => "a job".to_owned(),
        }
    }

    pub(super) fn actor(&self, actor: Option<ActorId>) -> &'a str {
        actor
            .map_or("the system", |actor| self.scenario.names.actors.get(actor.index()).map_or("an actor", |name| name))
    }

    fn tenant(&self, tenant: TenantId) -> &'a str {
        self.scenario.names.tenants.get(tenant.index()).map_or("a tenant", |name| name)
    }

    /// Returns the name of an actor. Workers have the first numbers, followed by the services and the clients.
    pub(super) fn worker(&self, actor: u16) -> String {
        const SERVICES: [&str; 8] = [
            "the sweeper",
            "the outbox relay",
            "the retention job",
            "the viewer",
            "the second outbox relay",
            "the second sweeper",
            "the second retention job",
            "the client whose request was sent again",
        ];
        let Some(service) = usize::from(actor).checked_sub(self.at.len()) else {
            return format!("worker {}", actor + 1);
        };
        let request = |place| self.scenario.names.runs.get(place).map_or("a run", String::as_str);
        match SERVICES.get(service) {
            Some(service) => (*service).to_owned(),
            None => format!("the client of {}", request(service - SERVICES.len())),
        }
    }

    /// Returns the worker that held the lease with this fencing token on a job, and a phrase for the sentence. The
    /// phrase is empty unless the job has a newer lease.
    fn holder(&self, job: JobId, fence: Fence) -> Option<(u16, String)> {
        let mut of_job = self.leases.iter().filter(|(other, ..)| *other == job);
        let (.., worker) = *of_job.clone().rfind(|(_, other, _)| *other == fence)?;
        let (_, latest, now) = *of_job.next_back()?;
        let lost =
            if latest > fence { format!(", although worker {} has a newer lease,", now + 1) } else { String::new() };
        Some((worker, lost))
    }

    /// Returns the run and the unit that an event concerns; for a job, the run and the unit for which it was created.
    fn concern(&self, event: &Event) -> (Option<RunId>, Option<UnitIx>) {
        let job = match concern(event) {
            Concern::Unit(run, unit) => return (Some(run), Some(unit)),
            Concern::Run(run) => return (Some(run), None),
            Concern::All => return (None, None),
            Concern::Job(job) => Some(job),
            Concern::Actor(actor) => self.at.get(actor as usize).copied().flatten(),
        };
        let found = job.and_then(|job| self.jobs.get(job.index()).copied().flatten());
        found.map_or((None, None), |(run, unit)| (Some(run), unit))
    }

    /// Returns the line for an event, or `None` if a trace omits it. `next` holds the events that follow.
    pub(super) fn line(&self, event: &Event, next: &[Event]) -> Option<Line> {
        Some(self.worded(event, self.sentence(event, next)?))
    }

    /// Returns the line for an event with this sentence.
    pub(super) fn worded(&self, event: &Event, text: String) -> Line {
        let (run, unit) = self.concern(event);
        let every_run = matches!(event, Event::FaultInjected { .. }) && run.is_none();
        let always = every_run || matches!(event, Event::Healed | Event::WorldChanged { by: None, .. });
        let counts = matches!(event, Event::Counted { .. });
        Line { event: 0, at_ms: self.now_ms, text, run, unit, counts, always }
    }

    /// Returns whether a run was observed as completed.
    pub(super) fn has_ended(&self, run: RunId) -> bool {
        self.ended.contains(&run)
    }

    /// Returns the name of an object.
    pub(super) fn object(&self, object: ObjectId) -> &'a str {
        &self.scenario.names.objects[object.index()]
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm for each event, so that a new event does not compile without a sentence"
    )]
    fn sentence(&self, event: &Event, next: &[Event]) -> Option<String> {
        Some(match *event {
            Event::Requested { request, actor, tenant, family, .. } => {
                let objects = self.scenario.fixture.runs[request.0 as usize].input.objects.len();
                let (who, place, family) = (self.actor(actor), self.tenant(tenant), family.name());
                let name = &self.scenario.names.runs[request.0 as usize];
                let noun = if objects == 1 { "object" } else { "objects" };
                format!("{who} requests {name}: {family} of {objects} {noun} in {place}")
            }
            Event::Enqueued { run, .. } => format!("{} is accepted", self.name_of_new(run, event)),
            Event::Deduplicated { run, .. } => {
                format!("the request is deduplicated: {} is already active", self.run(run))
            }
            Event::Denied { .. } => "the request is refused: no grant allows it".to_owned(),
            Event::Started { run, phase: Some(phase), .. } => {
                format!("{} enters the phase {}", self.run(run), self.phase(run, phase))
            }
            Event::PlanResponded { run, phase, attempt, response } if !response.definite() => {
                self.plan_responded(run, phase, attempt, response)
            }
            Event::Planned { run, units, job, fence, .. } => {
                let (name, now) = (self.run(run), self.rows.now(run, next));
                match self.holder(job, fence) {
                    Some((worker, lost)) => {
                        format!("{}{lost} seals the plan of {name}: total {units}{now}", self.worker(worker))
                    }
                    None => format!("the plan of {name} is sealed: total {units}{now}"),
                }
            }
            Event::JobCreated { job, run, unit } => {
                let what = unit.map_or_else(|| self.run(run).to_owned(), |unit| self.unit(run, unit));
                format!("job {} is created for {what}", job.0)
            }
            Event::Leased { run, unit, delivery, worker, .. } => {
                let what = unit.map_or_else(|| self.run(run).to_owned(), |unit| self.unit(run, unit));
                let what = format!("the job of {what}");
                let again = if delivery > 1 { format!(", redelivered (delivery {delivery})") } else { String::new() };
                format!("worker {} leases {what}{again}", worker + 1)
            }
            Event::Dead { job } => format!("{} exceeds its delivery limit", self.job_name(job)),
            Event::HandedBack { job, until, .. } => {
                format!("{} is handed back until {} ms", self.job_name(job), until.0)
            }
            Event::FencedOff { job, worker } => {
                format!("{} is fenced off: {} has a newer lease", self.worker(worker), self.job_name(job))
            }
            Event::Responded { run, unit, worker, attempt, response, weight } => {
                if weight == Weight::Definite
                    && matches!(next.first(), Some(Event::Counted { .. } | Event::EffectDone { .. }))
                {
                    // The response was already shown when the row was read; the commit follows.
                    return None;
                }
                self.responded((run, unit), worker, attempt, response, weight)
            }
            Event::LookedUp { run, unit, other, worker } => {
                let (worker, unit) = (self.worker(worker), self.unit(run, unit));
                format!("{worker} reads the row of {unit} in run {}", other.0 + 1)
            }
            Event::EffectDone { run, unit, worker } => {
                format!("{} performs the side effect on {}", self.worker(worker), self.unit(run, unit))
            }
            Event::Counted { run, unit, job, fence, worker } => {
                let lost = self.holder(job, fence).map_or_else(String::new, |(_, lost)| lost);
                self.counting((run, unit), &format!("{}{lost}", self.worker(worker)), next)
            }
            Event::Acked { job, worker, .. } => {
                format!("{} acknowledges {}", self.worker(worker), self.job_name(job))
            }
            Event::Completed { run, outcome, cause, .. } => {
                let outcome = outcome.map_or("missing", Outcome::name);
                let cause = cause.map_or(String::new(), |cause| format!(" ({})", cause.name()));
                format!("the outcome of {} is {outcome}{cause}", self.run(run))
            }
            Event::Observed { status: Status::Completed, .. } => return self.completion(event, next),
            Event::Observed { .. } => return self.observation(event, next),
            Event::Resolved { run, unit, resolution, worker, .. } if !self.rows.counts(run, unit) => {
                let (worker, name, resolution) = (self.worker(worker), self.unit(run, unit), resolution.name());
                let now = self.rows.now(run, next);
                format!("{worker} writes the ledger row of {name}, counting nothing: {resolution}{now}")
            }
            Event::Shown { run, shown, .. } => format!("a surface shows {}: {}", self.run(run), shown_words(shown)),
            Event::Pruned { run } => format!("old rows of {} are pruned", self.run(run)),
            Event::WorldChanged { object, state, by: None } => {
                format!("{} becomes {}", self.object(object), state.name())
            }
            Event::FaultInjected { fault, at } => return self.injected(fault, at),
            Event::Healed => "faults stop".to_owned(),
            Event::RunAsked { actor, run, .. } => {
                format!("{} requests the page of run {}", self.actor(Some(actor)), run.0 + 1)
            }
            Event::RunViewed { actor, run, shown, disclosed, .. } => {
                let more = match (shown, disclosed) {
                    (_, 0) => "",
                    (Shown::None, _) => ", but its existence is disclosed",
                    _ => ", including diagnostics",
                };
                let shown = if shown == Shown::None { "nothing is shown".to_owned() } else { shown_words(shown) };
                format!("{} views run {}: {shown}{more}", self.actor(Some(actor)), run.0 + 1)
            }
            Event::ViewBegan { actor, tenant, .. } => {
                let place = tenant
                    .map_or_else(|| "outside any tenant".to_owned(), |tenant| format!("of {}", self.tenant(tenant)));
                format!("{} views the surface {place}", self.actor(Some(actor)))
            }
            Event::GrantChanged { actor, tenant, grant } => {
                format!("{} {} in {}", self.actor(Some(actor)), grant_words(grant), self.tenant(tenant))
            }
            Event::ItemStored { run, unit } => {
                format!("{} is stored as an item of {}", self.unit(run, unit), self.run(run))
            }
            Event::EntryStaged { run, unit, .. } => {
                format!("{} is staged for the pack of {}", self.unit(run, unit), self.run(run))
            }
            Event::Staged { run, response: Response::Done, .. } => format!("the pack of {} is staged", self.run(run)),
            Event::Staged { run, attempt, response } => {
                format!("staging the pack of {}, attempt {attempt}: {}", self.run(run), response.name())
            }
            Event::Renamed { run, torn: true, .. } => {
                format!("the staged pack of {} differs from the bytes that were written", self.run(run))
            }
            Event::Renamed { run, response: Response::Done, .. } => format!("the pack of {} is renamed", self.run(run)),
            Event::Renamed { run, attempt, response, .. } => {
                format!("renaming the pack of {}, attempt {attempt}: {}", self.run(run), response.name())
            }
            Event::Published { run, .. } => format!("the terminal write of {} records its pack", self.run(run)),
            Event::ArtifactRead { run, found, whole, entries, .. } => match (found, whole) {
                (false, _) => format!("a reader finds no pack for {}", self.run(run)),
                (true, true) => {
                    let noun = if entries == 1 { "entry" } else { "entries" };
                    let name = self.run(run);
                    format!("a reader finds a complete pack for {name} ({entries} {noun})")
                }
                (true, false) => format!("a reader finds an incomplete pack for {}", self.run(run)),
            },
            Event::Cleared { run, swept } => {
                let who = if swept { "the sweeper" } else { "a job of the run" };
                format!("{who} removes the staged content of {}", self.run(run))
            }
            Event::NoticeDropped { run } => format!("no notification is due for {}", self.run(run)),
            Event::Notified { run, .. } => format!("notification sent: {} completed", self.run(run)),
            // The reply that follows names the run. A link to another run would remain invisible.
            Event::ToastShown { link, .. } if matches!(next.first(), Some(Event::Accepted { run, .. }) if *run != link) =>
            {
                format!("a toast links to run {}, which is not the accepted run", link.0 + 1)
            }
            // These events are omitted because a later event shows the same facts or a reader does not need them.
            Event::Accepted { .. }
            | Event::Started { phase: None, .. }
            | Event::PlanResponded { .. }
            | Event::Resolved { .. }
            | Event::FailureRecorded { .. }
            | Event::ObservedMore { .. }
            | Event::ViewRead { .. }
            | Event::ViewEnded { .. }
            | Event::Announced { .. }
            | Event::ToastShown { .. }
            | Event::ItemsRead { .. }
            | Event::OutcomeRead { .. }
            | Event::NoticesRead { .. }
            | Event::UnitsRead { .. }
            | Event::WorldChanged { by: Some(_), .. }
            | Event::Advanced { .. } => return None,
        })
    }

    pub(super) fn responded(
        &self,
        (run, unit): (RunId, UnitIx),
        worker: u16,
        attempt: u8,
        response: Response,
        weight: Weight,
    ) -> String {
        let attempt = if attempt > 1 { format!(", attempt {attempt}") } else { String::new() };
        let verb = match weight {
            Weight::Transient => "requests the side effect on",
            Weight::Read => "reads the row of",
            Weight::Definite => "receives the response for",
        };
        // A response that was read from a row has no effect before the commit.
        let word = if weight == Weight::Read && response == Response::Done {
            "the operation can proceed"
        } else {
            response.name()
        };
        format!("{} {verb} {}{attempt}: {word}", self.worker(worker), self.unit(run, unit))
    }

    /// Returns the sentence for an event in which `who` counts a unit. `next` begins with the other events of the same
    /// commit.
    fn counting(&self, (run, unit): (RunId, UnitIx), who: &str, next: &[Event]) -> String {
        // One commit counts a batch unit by unit and then resolves it unit by unit.
        let of_commit = |event: &&Event| {
            matches!(event, Event::Counted { .. } | Event::Resolved { .. } | Event::FailureRecorded { .. })
        };
        let resolution = next.iter().take_while(of_commit).find_map(|event| match event {
            Event::Resolved { run: of, unit: other, resolution, .. } if (*of, *other) == (run, unit) => {
                Some(*resolution)
            }
            _ => None,
        });
        let how = resolution
            .map_or_else(|| ", writing no ledger row".to_owned(), |resolution| format!(": {}", resolution.name()));
        let now = self.rows.now(run, next);
        let again = if self.counted.contains(&(run, unit)) { " again" } else { "" };
        format!("{who} counts {}{again}{how}{now}", self.unit(run, unit))
    }

    /// Returns the sentence for an injected fault, or `None` if a separate event shows the effect of the fault.
    fn injected(&self, fault: Fault, at: u32) -> Option<String> {
        let target = match fault.target() {
            Target::Actor => u16::try_from(at).map_or_else(|_| Target::Actor.noun().to_owned(), |at| self.worker(at)),
            Target::Job => self.job_name(JobId(at)),
            Target::Unit => Target::Unit.noun().to_owned(),
            Target::Request => {
                let name = self.scenario.names.runs.get(at as usize).map_or("a run", String::as_str);
                format!("the request for {name}")
            }
            Target::Clock => format!("{at} ms"),
            Target::Worker => format!("worker {}", at + 1),
            Target::Object | Target::Grant => return None,
        };
        Some(fault.phrase(&target))
    }

    /// Returns the name of a run at the event that creates it.
    fn name_of_new(&self, run: RunId, event: &Event) -> &'a str {
        match event {
            Event::Enqueued { request, .. } => &self.scenario.names.runs[request.0 as usize],
            _ => self.run(run),
        }
    }
}

fn grant_words(grant: Grant) -> &'static str {
    match grant {
        Grant::None => "can no longer see runs",
        Grant::View => "can see but not start runs",
        Grant::Operate => "can see and start runs",
    }
}

fn shown_words(shown: Shown) -> String {
    match shown {
        Shown::Queued => "queued".to_owned(),
        Shown::Activity => "activity".to_owned(),
        Shown::Phased(phase) => format!("phase {}", phase + 1),
        Shown::Counted { processed, total, percent } => format!("{processed} of {total}, {percent} %"),
        Shown::Terminal(outcome) => outcome.name().to_owned(),
        Shown::None => "nothing".to_owned(),
    }
}
