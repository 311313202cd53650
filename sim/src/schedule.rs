//! Schedules as data: what differs from a simulation without faults in which the oldest goes first.
//!
//! A decision states where, in terms of jobs, leases and requests, and what happens there instead. It never counts
//! steps: if one is removed, the others keep their meaning. Independent of names: a unit is its place in its run's
//! plan.

use std::collections::BTreeMap;

use truecount_engine::id::ObjectId;
use truecount_engine::object::ObjectState;
use truecount_engine::time::Millis;

use crate::choice::Choice;
use crate::fault::Fault;

/// A run: the place of its request in the fixture, and which of the runs made for it, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RunName {
    /// The place of the request.
    pub request: u16,
    /// Which run of it.
    pub nth: u16,
}

/// A job: its run, its unit, and which of the jobs made for them, from 0.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JobName {
    pub run: RunName,
    /// The unit by its place in the plan; none if the job carries every unit that has no job of its own.
    pub unit: Option<u32>,
    /// Which job of it.
    pub nth: u16,
}

/// An actor that makes requests and waits for replies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Who {
    /// A worker under a lease of a job, numbered from 1.
    Lease(JobName, u32),
    /// The sender of a request, by its place.
    Sender(u16),
    Sweep,
    Relay,
    /// A relay that starts while the other is still active.
    SecondRelay,
    /// The retention job.
    Prune,
    /// The viewer of a surface: it views the surface or one run, or reads an artifact.
    Viewer,
}

macro_rules! points {
    ($($variant:ident $name:literal;)*) => {
        /// What an actor is about to do.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[expect(missing_docs, reason = "the names say it")]
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

/// A moment: what would happen next without a decision.
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

/// What happens instead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// The next request is sent.
    Send,
    /// The oldest ready job is delivered; this one, if it is the oldest.
    Deliver(JobName),
    /// A job is delivered that is not the oldest.
    Reorder(JobName),
    /// An actor continues, though it may not be its turn.
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
    /// An object changes.
    Change(ObjectId, ObjectState),
    /// The clock jumps ahead.
    ClockJump(Millis),
    /// A worker's clock is off.
    ClockSkew(u16, i32),
    /// The sweep runs.
    Sweep,
    /// The relay runs.
    Relay,
    /// The retention job runs.
    Prune,
    /// A surface is rendered.
    Observe(u16),
    /// A run is viewed; none is one that does not exist.
    View(u16, Option<RunName>),
    /// What a run has published is read.
    Fetch(u16, Option<RunName>),
    /// A grant is taken back or given again.
    Regrant(u16, bool),
    /// Faults stop.
    Heal,
}

impl Action {
    /// Returns whether it only changes the order: no fault, no change from outside.
    pub const fn is_order(self) -> bool {
        matches!(self, Self::Send | Self::Deliver(_) | Self::Step(_) | Self::Jump)
    }

    /// Returns the kind of fault that it injects, if it is one.
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
            _ => None,
        }
    }
}

/// One difference from a simulation without faults in which the oldest goes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Decision {
    /// When.
    pub moment: Moment,
    /// Which occurrence of this moment it is, from 1. It stays the same moment if other actors go first.
    pub occurrence: u32,
    /// What happens first, or instead. Several at one moment happen in the order of the schedule.
    pub action: Action,
}

/// A schedule: its decisions, in the order in which they were taken.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Schedule {
    pub workers: u16,
    pub decisions: Vec<Decision>,
}

/// A moment, and the choice that was made at it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    pub moment: Moment,
    /// The choice that is due.
    pub default: Choice,
    /// The choice that was made.
    pub choice: Choice,
    /// That choice as an action, if it is not the default.
    pub action: Option<Action>,
}

/// Counts how often each moment is over.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Moments(BTreeMap<Moment, u32>);

impl Moments {
    /// Returns which occurrence of these moments is at hand.
    pub fn occurrence(&self, moment: Moment) -> u32 {
        self.0.get(&moment).copied().unwrap_or(0) + 1
    }

    /// Notes that the choice at a moment was applied. The moment is over if the default was applied, with or without a
    /// fault.
    pub fn applied(&mut self, due: Due) {
        let Due { moment, default, choice, .. } = due;
        let injected = matches!((default, choice), (Choice::Step(due), Choice::Inject(actor, _)) if due == actor);
        if choice == default || injected {
            *self.0.entry(moment).or_insert(0) += 1;
        }
    }
}
