//! Draws faults and other actions at the rates of a seed's swarm. The scheduler decides which actor's turn it is.

use truecount_engine::id::{JobId, ObjectId, RunId};
use truecount_engine::index::{ix, narrow};
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;

use crate::choice::{CLOCK_JUMPS_MS, CLOCK_SPREAD_MS, Choice, Open};
use crate::fault::Fault;
use crate::fixture::Fixture;
use crate::stream::Stream;
use crate::swarm::{Kind, Swarm, Upkeep};

/// The random stream of a seed, and the kinds and rates of its faults.
#[derive(Clone, Debug)]
pub(super) struct Injector {
    pub(super) stream: Stream,
    swarm: Swarm,
    objects: u32,
    surfaces: u32,
    grants: u32,
    /// Whether any run publishes an artifact.
    publishes: bool,
}

impl Injector {
    pub(super) fn new(stream: Stream, swarm: Swarm, fixture: &Fixture) -> Self {
        Self {
            stream,
            swarm,
            objects: ix(fixture.objects.len()),
            surfaces: ix(fixture.surfaces.len()),
            grants: ix(fixture.grants.len()),
            publishes: fixture.publishes(),
        }
    }

    /// Returns random bits for other uses, and the choice that replaces the regular choice, or `None` if the regular
    /// choice remains. A fault that alters a step is injected into the step of the actor whose turn it is. If there is
    /// no such actor, a busy actor is drawn.
    #[inline]
    pub(super) fn inject(&mut self, turn: Option<u16>, open: &Open<'_>) -> (u32, Option<Choice>) {
        let bits = self.stream.bits();
        #[expect(clippy::cast_possible_truncation, reason = "the low half decides whether to inject anything")]
        let low = bits as u32;
        let high = (bits >> 32) as u32;
        if low < self.swarm.total { (high, self.decide(low, turn, open)) } else { (high, None) }
    }

    #[cold]
    fn decide(&mut self, bits: u32, turn: Option<u16>, open: &Open<'_>) -> Option<Choice> {
        let fault = match self.swarm.pick(bits)? {
            Kind::Upkeep(Upkeep::Observe) => {
                let surface = self.below_u16(self.surfaces);
                // Occasionally, one run is viewed or its artifact is read instead. The run need not exist.
                return Some(match self.stream.below(4) {
                    1 if self.publishes => Choice::Fetch(surface, RunId(self.stream.below(open.runs + 1))),
                    0 => Choice::View(surface, RunId(self.stream.below(open.runs + 1))),
                    _ => Choice::Observe(surface),
                });
            }
            Kind::Upkeep(Upkeep::Sweep) => return Some(Choice::Sweep),
            Kind::Upkeep(Upkeep::Relay) => return Some(Choice::Relay),
            Kind::Upkeep(Upkeep::Prune) => return Some(Choice::Prune),
            Kind::Fault(fault) => fault,
        };
        let change = |injector: &mut Self, state| {
            (injector.objects > 0).then(|| Choice::Change(ObjectId(injector.stream.below(injector.objects)), state))
        };
        match fault {
            Fault::Redeliver => (open.jobs > 0).then(|| Choice::Redeliver(JobId(self.stream.below(open.jobs)))),
            Fault::NewJobId => (open.jobs > 0).then(|| Choice::NewJobId(JobId(self.stream.below(open.jobs)))),
            Fault::LostJob => (open.jobs > 0).then(|| Choice::LostJob(JobId(self.stream.below(open.jobs)))),
            Fault::UnplannedUnit => (open.runs > 0).then(|| Choice::UnplannedUnit(RunId(self.stream.below(open.runs)))),
            Fault::Reorder => {
                (open.deliver() && open.ready > 1).then(|| Choice::Reorder(1 + self.stream.below(open.ready - 1)))
            }
            Fault::Archive => change(self, ObjectState::Archived),
            Fault::Remove => change(self, ObjectState::Absent),
            Fault::Restore => change(self, ObjectState::Active),
            Fault::Revoke | Fault::Regrant => {
                let grant = self.below_u16(self.grants);
                (self.grants > 0).then_some(Choice::Regrant(grant, fault == Fault::Regrant))
            }
            Fault::Lower => {
                let grant = self.below_u16(self.grants);
                (self.grants > 0).then_some(Choice::Lower(grant))
            }
            Fault::Resend => {
                let any = |injector: &mut Self| open.busy[injector.stream.below(len(open.busy)) as usize];
                (!open.busy.is_empty()).then(|| Choice::Resend(turn.unwrap_or_else(|| any(self))))
            }
            Fault::ClockJump => Some(Choice::ClockJump(Millis(CLOCK_JUMPS_MS[self.stream.below(4) as usize]))),
            Fault::ClockSkew => {
                let offset = i64::from(self.stream.below(2 * CLOCK_SPREAD_MS)) - i64::from(CLOCK_SPREAD_MS);
                let worker = self.below_u16(u32::from(open.workers));
                Some(Choice::ClockSkew(worker, narrow(offset)))
            }
            fault => {
                let any = |injector: &mut Self| open.busy[injector.stream.below(len(open.busy)) as usize];
                (!open.busy.is_empty()).then(|| Choice::Inject(turn.unwrap_or_else(|| any(self)), fault))
            }
        }
    }

    fn below_u16(&mut self, bound: u32) -> u16 {
        narrow(self.stream.below(bound))
    }
}

/// Returns the number of busy actors.
#[inline]
pub(super) fn len(busy: &[u16]) -> u32 {
    ix(busy.len())
}
