//! Schedules as data: the decisions in which a simulation differs from the default. By default, no fault is injected,
//! and the oldest job and the actor that has waited longest go first.
//!
//! A decision states a moment, in terms of jobs, leases and requests, and the action taken before the default choice or
//! instead of it. Moments are not identified by counting steps, so the other decisions keep their meaning if a decision
//! is removed. Units are given by their index in the plan of their run, not by name.

use std::collections::BTreeMap;

use truecount_engine::id::ObjectId;
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;

use crate::choice::Choice;
use crate::fault::Fault;

/// A run: the index of its request in the fixture, and its index, from 0, among the runs created for that request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RunName {
    /// The index of the request.
    pub request: u16,
    /// The index of the run among those for this request.
    pub nth: u16,
}

/// A job: its run, its unit, and its index, from 0, among the jobs created for this run and unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JobName {
    pub run: RunName,
    /// The unit by its index in the plan; `None` if the job carries every unit that has no job of its own.
    pub unit: Option<u32>,
    /// The index of the job among those for this unit.
    pub nth: u16,
}

/// An actor that makes requests and waits for replies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Who {
    /// A worker under a lease of a job. The leases of a job are numbered from 1.
    Lease(JobName, u32),
    /// The sender of a request, given by the index of the request.
    Sender(u16),
    /// The sender of a request that was sent again while it was still under way.
    SecondSender(u16),
    Sweep,
    /// A second sweeper, started while the first is still active.
    SecondSweep,
    Relay,
    /// A second relay, started while the first is still active.
    SecondRelay,
    /// The retention job.
    Prune,
    /// A second retention job, started while the first is still active.
    SecondPrune,
    /// The viewer of a surface. The viewer views the surface or one run, or reads an artifact.
    Viewer,
}

macro_rules! points {
    ($($variant:ident $name:literal;)*) => {
        /// The next action of an actor.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "the names are self-explanatory")]
        pub enum Point { $($variant,)* }

        impl Point {
            /// Every point.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns the words used in schedules.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

points! {
    LoadRun "load run";
    LoadUnit "load unit";
    LoadUnits "load units";
    LoadInput "load input";
    LoadSame "load same";
    LoadGrant "load grant";
    Look "look";
    Ask "ask";
    Settle "settle";
    Abandon "abandon";
    Retry "retry";
    Ack "acknowledge";
    Phase "enter phase";
    Complete "complete";
    Upkeep "upkeep";
    Touch "touch";
    Accept "accept";
    Seal "seal";
    Sources "read sources";
    Stage "stage";
    Rename "rename";
    Clear "clear";
    Read "read";
    Idle "idle";
}

/// A moment in a simulation, identified by its default choice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Moment {
    /// The next request is sent.
    Send,
    /// The oldest ready job is delivered.
    Deliver(JobName),
    /// An actor continues.
    Step(Who, Point),
    /// Time passes.
    Jump,
}

/// An action that is taken before the default choice or instead of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The next request is sent.
    Send,
    /// This job, the oldest ready job, is delivered.
    Deliver(JobName),
    /// A job that is not the oldest is delivered.
    Reorder(JobName),
    /// An actor continues, even out of turn.
    Step(Who),
    /// Time passes.
    Jump,
    /// A fault is injected into an actor's step.
    Inject(Who, Fault),
    /// A job is delivered again.
    Redeliver(JobName),
    /// A job is copied under a new id.
    NewJobId(JobName),
    /// The queue loses a job that waits to be redelivered.
    LostJob(JobName),
    /// A job appears for a unit outside the plan.
    UnplannedUnit(RunName),
    /// A request is sent again while it is still under way.
    Resend(u16),
    /// An object changes.
    Change(ObjectId, ObjectState),
    /// The clock jumps ahead.
    ClockJump(Millis),
    /// A worker's clock is off by this many milliseconds.
    ClockSkew(u16, i32),
    /// The sweeper runs.
    Sweep,
    /// The relay runs.
    Relay,
    /// The retention job runs.
    Prune,
    /// A surface is rendered.
    Observe(u16),
    /// A run is viewed; `None` stands for a run that does not exist.
    View(u16, Option<RunName>),
    /// The published artifact of a run is read; `None` stands for a run that does not exist.
    Fetch(u16, Option<RunName>),
    /// A grant is granted again (`true`) or revoked (`false`).
    Regrant(u16, bool),
    /// A grant to operate becomes a grant to view.
    Lower(u16),
    /// Faults stop.
    Heal,
}

impl Action {
    /// Returns whether the action changes only the order of events, and is neither a fault nor a change of the
    /// environment.
    pub const fn is_order(self) -> bool {
        matches!(self, Self::Send | Self::Deliver(_) | Self::Step(_) | Self::Jump)
    }

    /// Returns the kind of fault that the action injects, or `None` if it injects no fault.
    pub const fn fault(self) -> Option<Fault> {
        match self {
            Self::Inject(_, fault) => Some(fault),
            Self::Redeliver(_) => Some(Fault::Redeliver),
            Self::NewJobId(_) => Some(Fault::NewJobId),
            Self::LostJob(_) => Some(Fault::LostJob),
            Self::Reorder(_) => Some(Fault::Reorder),
            Self::UnplannedUnit(_) => Some(Fault::UnplannedUnit),
            Self::Change(_, ObjectState::Archived) => Some(Fault::Archive),
            Self::Change(_, ObjectState::Absent) => Some(Fault::Remove),
            Self::Change(_, ObjectState::Active) => Some(Fault::Restore),
            Self::ClockJump(_) => Some(Fault::ClockJump),
            Self::ClockSkew(..) => Some(Fault::ClockSkew),
            Self::Regrant(_, true) => Some(Fault::Regrant),
            Self::Regrant(_, false) => Some(Fault::Revoke),
            Self::Lower(_) => Some(Fault::Lower),
            Self::Resend(_) => Some(Fault::Resend),
            _ => None,
        }
    }
}

/// One difference from the default simulation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Decision {
    /// The moment at which the decision applies.
    pub moment: Moment,
    /// The occurrence of this moment, counted from 1. The count does not change if other actors go first.
    pub occurrence: u32,
    /// The action, taken before the default choice or instead of it. Several actions at one moment are taken in the
    /// order of the schedule.
    pub action: Action,
}

/// A schedule: its decisions, in the order in which they were made.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Schedule {
    pub workers: u16,
    pub decisions: Vec<Decision>,
}

/// A moment, and the choice made at that moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    pub moment: Moment,
    /// The default choice at this moment.
    pub default: Choice,
    /// The choice that was made.
    pub choice: Choice,
    /// The choice that was made, as an action; `None` if it is the default choice.
    pub action: Option<Action>,
}

/// The number of times each moment has passed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Moments(BTreeMap<Moment, u32>);

impl Moments {
    /// Returns the number of the current occurrence of a moment, counted from 1.
    pub fn occurrence(&self, moment: Moment) -> u32 {
        self.0.get(&moment).copied().unwrap_or(0) + 1
    }

    /// Records that the choice at a moment was applied. The moment has passed if the choice was the default, with or
    /// without a fault.
    pub fn applied(&mut self, due: Due) {
        let Due { moment, default, choice, .. } = due;
        let injected = matches!((default, choice), (Choice::Step(due), Choice::Inject(actor, _)) if due == actor);
        if choice == default || injected {
            *self.0.entry(moment).or_insert(0) += 1;
        }
    }
}
