//! Names for jobs, leases and moments. The names do not depend on earlier steps, and none contains the number of a
//! step.

use truecount_engine::delivery::Job;
use truecount_engine::id::{JobId, RunId, UnitIx};
use truecount_engine::index::{ix, narrow};
use truecount_engine::rules::Rules;
use truecount_engine::storage::{ArtifactRequest, Load, Request, WriteSet};

use super::{
    Native, OBSERVER, Op, PRUNE, RELAY, REQUESTS, SECOND_PRUNE, SECOND_RELAY, SECOND_SENDER, SECOND_SWEEP, SWEEP, Store,
};
use crate::choice::Choice;
use crate::schedule::{Action, JobName, Moment, Point, RunName, Who};

impl<R: Rules, S: Store> Native<R, S> {
    pub(super) fn moment_of(&self, default: Choice) -> Moment {
        match default {
            Choice::Deliver => self.ready.front().map_or(Moment::Jump, |job| Moment::Deliver(self.job_name(*job))),
            Choice::Step(actor) => Moment::Step(self.who(actor), self.point(actor)),
            Choice::Submit => Moment::Send,
            _ => Moment::Jump,
        }
    }

    pub(super) fn action_of(&self, choice: Choice) -> Action {
        let run = |run: RunId| (run.index() < self.rows().runs().len()).then(|| self.run_name(run));
        match choice {
            Choice::Submit => Action::Send,
            Choice::Deliver => match self.moment_of(choice) {
                Moment::Deliver(job) => Action::Deliver(job),
                _ => Action::Jump,
            },
            Choice::Reorder(place) => match self.ready.get(place as usize) {
                Some(job) => Action::Reorder(self.job_name(*job)),
                None => Action::Jump,
            },
            Choice::Step(actor) => Action::Step(self.who(actor)),
            Choice::Inject(actor, fault) => Action::Inject(self.who(actor), fault),
            Choice::Jump => Action::Jump,
            Choice::Redeliver(job) => Action::Redeliver(self.job_name(job)),
            Choice::NewJobId(job) => Action::NewJobId(self.job_name(job)),
            Choice::LostJob(job) => Action::LostJob(self.job_name(job)),
            Choice::UnplannedUnit(id) => Action::UnplannedUnit(self.run_name(id)),
            Choice::Change(object, state) => Action::Change(object, state),
            Choice::ClockJump(by) => Action::ClockJump(by),
            Choice::ClockSkew(worker, by) => Action::ClockSkew(worker, by),
            Choice::Sweep => Action::Sweep,
            Choice::Relay => Action::Relay,
            Choice::Prune => Action::Prune,
            Choice::Observe(surface) => Action::Observe(surface),
            Choice::View(surface, id) => Action::View(surface, run(id)),
            Choice::Fetch(surface, id) => Action::Fetch(surface, run(id)),
            Choice::Regrant(grant, gives) => Action::Regrant(grant, gives),
            Choice::Lower(grant) => Action::Lower(grant),
            Choice::Resend(actor) => match self.who(actor) {
                Who::Sender(request) | Who::SecondSender(request) => Action::Resend(request),
                who => Action::Step(who),
            },
        }
    }

    pub(super) fn choice_of(&self, action: Action) -> Option<Choice> {
        let beyond = || RunId(ix(self.rows().runs().len()));
        let run = |name: Option<RunName>| name.map_or_else(|| Some(beyond()), |name| self.find_run(name));
        Some(match action {
            Action::Send => Choice::Submit,
            Action::Deliver(name) => {
                let job = self.find_job(name)?;
                if self.idle.is_empty() || self.ready.front() != Some(&job) {
                    return None;
                }
                Choice::Deliver
            }
            Action::Reorder(name) => {
                let job = self.find_job(name)?;
                if self.idle.is_empty() {
                    return None;
                }
                let place = self.ready.iter().skip(1).position(|ready| *ready == job)?;
                Choice::Reorder(ix(place + 1))
            }
            Action::Step(who) => Choice::Step(self.find_actor(who)?),
            Action::Inject(who, fault) => Choice::Inject(self.find_actor(who)?, fault),
            Action::Jump => Choice::Jump,
            Action::Redeliver(name) => Choice::Redeliver(self.find_job(name)?),
            Action::NewJobId(name) => Choice::NewJobId(self.find_job(name)?),
            Action::LostJob(name) => Choice::LostJob(self.find_job(name)?),
            Action::UnplannedUnit(name) => Choice::UnplannedUnit(self.find_run(name)?),
            Action::Change(object, state) => Choice::Change(object, state),
            Action::ClockJump(by) => Choice::ClockJump(by),
            Action::ClockSkew(worker, by) => Choice::ClockSkew(worker, by),
            Action::Sweep => Choice::Sweep,
            Action::Relay => Choice::Relay,
            Action::Prune => Choice::Prune,
            Action::Observe(surface) => Choice::Observe(surface),
            Action::View(surface, name) => Choice::View(surface, run(name)?),
            Action::Fetch(surface, name) => Choice::Fetch(surface, run(name)?),
            Action::Regrant(grant, gives) => Choice::Regrant(grant, gives),
            Action::Lower(grant) => Choice::Lower(grant),
            Action::Resend(request) => Choice::Resend(self.find_actor(Who::Sender(request))?),
            Action::Heal => return None,
        })
    }

    fn run_name(&self, run: RunId) -> RunName {
        let request = self.spec_of[run.index()];
        let before = self.spec_of[..run.index()].iter().filter(|other| **other == request).count();
        RunName { request, nth: narrow(before) }
    }

    fn find_run(&self, name: RunName) -> Option<RunId> {
        let mut of_request = self.spec_of.iter().enumerate().filter(|(_, request)| **request == name.request);
        let (place, _) = of_request.nth(usize::from(name.nth))?;
        Some(RunId(ix(place)))
    }

    fn job_name(&self, job: JobId) -> JobName {
        let row = self.job(job);
        let same = |other: &&Job| (other.run, other.unit) == (row.run, row.unit);
        let before = self.rows().jobs()[..job.index()].iter().filter(same).count();
        let unit = row.unit.map(|unit| unit.0);
        JobName { run: self.run_name(row.run), unit, nth: narrow(before) }
    }

    fn find_job(&self, name: JobName) -> Option<JobId> {
        let (run, unit) = (self.find_run(name.run)?, name.unit.map(UnitIx));
        let jobs = self.rows().jobs().iter().enumerate();
        let (place, _) = jobs.filter(|(_, job)| (job.run, job.unit) == (run, unit)).nth(usize::from(name.nth))?;
        Some(JobId(ix(place)))
    }

    fn who(&self, actor: u16) -> Who {
        if let Op::Work(work) = &self.actor(actor).op {
            return Who::Lease(self.job_name(work.lease().job), work.lease().fence.0);
        }
        match actor.saturating_sub(self.workers) {
            SWEEP => Who::Sweep,
            SECOND_SWEEP => Who::SecondSweep,
            RELAY => Who::Relay,
            SECOND_RELAY => Who::SecondRelay,
            PRUNE => Who::Prune,
            SECOND_PRUNE => Who::SecondPrune,
            OBSERVER => Who::Viewer,
            SECOND_SENDER => match self.actor(actor).op {
                Op::Request(_, place) => Who::SecondSender(place),
                _ => Who::SecondSender(u16::MAX),
            },
            place => Who::Sender(place - REQUESTS),
        }
    }

    fn find_actor(&self, who: Who) -> Option<u16> {
        self.busy.iter().copied().find(|actor| self.who(*actor) == who)
    }

    fn point(&self, actor: u16) -> Point {
        match &self.actor(actor).pending {
            None => Point::Idle,
            Some(Request::Load(load)) => match load {
                Load::Run(_) => Point::LoadRun,
                Load::Unit { .. } => Point::LoadUnit,
                Load::Units(_) => Point::LoadUnits,
                Load::Input { .. } => Point::LoadInput,
                Load::Same { .. } => Point::LoadSame,
                Load::Grant { .. } => Point::LoadGrant,
                Load::NextActive { .. } | Load::NextExpired { .. } | Load::Orphan { .. } | Load::Outbox => Point::Look,
            },
            Some(Request::Ask(_)) => Point::Ask,
            Some(Request::Commit(writes)) => commit_point(writes),
            Some(Request::Accept(_)) => Point::Accept,
            Some(Request::Seal(_)) => Point::Seal,
            Some(Request::Artifact(asked)) => match asked {
                ArtifactRequest::Sources { .. } => Point::Sources,
                ArtifactRequest::Stage { .. } => Point::Stage,
                ArtifactRequest::Publish { .. } => Point::Rename,
                ArtifactRequest::Discard { .. } => Point::Clear,
                ArtifactRequest::NextStaged { .. } => Point::Look,
                ArtifactRequest::Read { .. } => Point::Read,
            },
        }
    }
}

fn commit_point(writes: &WriteSet) -> Point {
    match writes {
        WriteSet { upkeep: Some(_), .. } => Point::Upkeep,
        WriteSet { status: Some(status), .. } if status.outcome.is_some() => Point::Complete,
        WriteSet { status: Some(_), .. } => Point::Phase,
        WriteSet { retry: Some(_), .. } => Point::Retry,
        WriteSet { ack: true, .. } => Point::Ack,
        WriteSet { settle: Some(settle), .. } if settle.units > 1 => Point::Abandon,
        WriteSet { addition: Some(_), .. } | WriteSet { settle: Some(_), .. } => Point::Settle,
        _ => Point::Touch,
    }
}
