//! Determines which faults may be injected into a step. A fault that would exhaust a limit may be injected only if the
//! fixture allows this.

use truecount_engine::delivery::JobState;
use truecount_engine::family::{Effect, family};
use truecount_engine::id::{JobId, ObjectId, RunId};
use truecount_engine::mode::Mode;
use truecount_engine::rules::Rules;
use truecount_engine::storage::{ArtifactRequest, Ask, Load, Request};
use truecount_engine::unit::Response;

use super::{Native, Op, Store};
use crate::fault::Fault;
use crate::fixture::RunSpec;
use crate::trace::EventSink;
use crate::world::World;

/// An attempt whose response a fault could change.
struct Attempt<'f> {
    spec: &'f RunSpec,
    of: Of,
    number: u8,
    limit: u8,
}

enum Of {
    Planning,
    Phase(usize),
    Publishing,
    Unit(ObjectId),
}

impl Attempt<'_> {
    fn word(&self, attempt: u8) -> Option<Response> {
        match self.of {
            Of::Planning => self.spec.planning_scripted(attempt),
            Of::Publishing => self.spec.publishing_scripted(attempt),
            Of::Phase(phase) => self.spec.phase_scripted(phase, attempt),
            Of::Unit(object) => self.spec.scripted(object, attempt),
        }
    }

    /// Returns whether a later attempt within the limit will get a definite response.
    fn is_spare(&self) -> bool {
        (self.number + 1..=self.limit).any(|later| self.word(later).is_none_or(Response::definite))
    }
}

/// Returns whether a request to the artifact store is part of an attempt at publishing.
pub(super) const fn is_publishing(request: &ArtifactRequest) -> bool {
    matches!(request, ArtifactRequest::Sources { .. } | ArtifactRequest::Stage { .. } | ArtifactRequest::Publish { .. })
}

impl<R: Rules, S: Store> Native<R, S> {
    /// Returns whether a job can lose its current delivery without exceeding the delivery limit.
    pub(super) fn spares_delivery<W>(&self, world: &World<'_, W>, job: JobId) -> bool {
        let limit = family(self.head(self.job(job).run).family).retry.delivery_limit;
        world.fixture.exhaust || world.attempts.deliveries(job) < limit
    }

    pub(super) fn spec<'f, W>(&self, world: &World<'f, W>, run: RunId) -> &'f RunSpec {
        &world.fixture.runs[usize::from(self.spec_of[run.index()])]
    }

    fn attempt<'f, W>(&self, world: &World<'f, W>, request: &Request) -> Option<Attempt<'f>> {
        let (run, of, attempt) = match *request {
            Request::Ask(Ask { run, unit, .. }) => {
                if self.head(run).family.mode() == Mode::Phased {
                    (run, Of::Phase(unit.index()), world.attempts.at_stage(run))
                } else {
                    let object = self.rows().units(run).get(unit.index())?.object;
                    (run, Of::Unit(object), world.attempts.at_unit(run, unit))
                }
            }
            Request::Load(Load::Unit { run, which, .. }) => {
                let unit = self.rows().which(run, which);
                let row = self.rows().units(run).get(unit.index())?;
                let acts_on_rows = family(self.head(run).family).effect == Effect::Rows;
                let open = acts_on_rows && row.resolution.is_none();
                (run, Of::Unit(open.then_some(row.object)?), world.attempts.at_unit(run, unit))
            }
            Request::Load(Load::Input { run, .. }) => (run, Of::Planning, world.attempts.at_stage(run)),
            Request::Artifact(
                ArtifactRequest::Sources { run, .. }
                | ArtifactRequest::Stage { run, .. }
                | ArtifactRequest::Publish { run, .. },
            ) => (run, Of::Publishing, world.attempts.at_stage(run)),
            _ => return None,
        };
        let limit = family(self.head(run).family).retry.attempt_limit;
        Some(Attempt { spec: self.spec(world, run), of, number: attempt, limit })
    }

    /// Returns whether a fault can alter this request of this actor.
    pub(super) fn may_alter<W: EventSink>(
        &self,
        world: &World<'_, W>,
        actor: u16,
        request: &Request,
        fault: Fault,
    ) -> bool {
        if !world.may_inject(fault) {
            return false;
        }
        let work = match &self.actor(actor).op {
            Op::Work(work) => Some(work),
            _ => None,
        };
        let spares_attempt =
            || world.fixture.exhaust || self.attempt(world, request).is_none_or(|attempt| attempt.is_spare());
        match fault {
            Fault::CrashBefore | Fault::CrashAfter => {
                work.is_none_or(|work| self.spares_delivery(world, work.lease().job))
            }
            Fault::Stall => work.is_some_and(|work| {
                let job = self.job(work.lease().job);
                let held = matches!(job.state, JobState::Leased(_));
                held && job.fence == work.lease().fence && self.spares_delivery(world, work.lease().job)
            }),
            Fault::LostReply | Fault::LostRequest => match request {
                Request::Ask(_) => spares_attempt(),
                Request::Artifact(asked) => !is_publishing(asked) || spares_attempt(),
                _ => true,
            },
            Fault::PartialWrite | Fault::DiskFull => {
                matches!(request, Request::Artifact(ArtifactRequest::Stage { .. })) && spares_attempt()
            }
            Fault::Conflict => matches!(request, Request::Commit(_) | Request::Seal(_) | Request::Accept(_)),
            Fault::Throttled | Fault::TimedOut | Fault::Outage => {
                self.attempt(world, request).is_some() && spares_attempt()
            }
            Fault::Rejected | Fault::Forbidden | Fault::Unsupported => self
                .attempt(world, request)
                .is_some_and(|attempt| matches!(attempt.of, Of::Unit(_)) && attempt.word(attempt.number).is_none()),
            _ => false,
        }
    }
}
