//! Determines which run and unit an event concerns, so that a trace can omit unrelated events.

use truecount_engine::id::{JobId, RunId, UnitIx};
use truecount_sim::fault::Target;
use truecount_sim::trace::Event;

/// The run, unit, job or actor that an event concerns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Concern {
    /// A unit of a run.
    Unit(RunId, UnitIx),
    /// A run as a whole.
    Run(RunId),
    /// The run and the unit for which a job was created; an earlier event states them.
    Job(JobId),
    /// The run and the unit of the job that the actor with this number holds.
    Actor(u32),
    /// No run in particular.
    All,
}

impl Concern {
    /// Returns the run and the unit, if the event itself names them.
    pub(super) const fn named(self) -> (Option<RunId>, Option<UnitIx>) {
        match self {
            Self::Unit(run, unit) => (Some(run), Some(unit)),
            Self::Run(run) => (Some(run), None),
            Self::Job(_) | Self::Actor(_) | Self::All => (None, None),
        }
    }
}

/// Returns the run, unit, job or actor that an event concerns.
pub(super) const fn concern(event: &Event) -> Concern {
    match *event {
        Event::Responded { run, unit, .. }
        | Event::LookedUp { run, unit, .. }
        | Event::EffectDone { run, unit, .. }
        | Event::Counted { run, unit, .. }
        | Event::Resolved { run, unit, .. }
        | Event::EntryStaged { run, unit, .. }
        | Event::FailureRecorded { run, unit, .. }
        | Event::Leased { run, unit: Some(unit), .. } => Concern::Unit(run, unit),
        Event::Leased { run, unit: None, .. }
        | Event::Observed { run, .. }
        | Event::Completed { run, .. }
        | Event::Planned { run, .. }
        | Event::Started { run, .. }
        | Event::PlanResponded { run, .. }
        | Event::Enqueued { run, .. }
        | Event::Pruned { run }
        | Event::Staged { run, .. }
        | Event::Renamed { run, .. }
        | Event::Published { run, .. }
        | Event::ArtifactRead { run, .. }
        | Event::Cleared { run, .. }
        | Event::ItemsRead { run, .. }
        | Event::OutcomeRead { run, .. }
        | Event::NoticesRead { run, .. }
        | Event::UnitsRead { run, .. }
        | Event::Shown { run, .. } => Concern::Run(run),
        Event::Acked { job, .. }
        | Event::HandedBack { job, .. }
        | Event::FencedOff { job, .. }
        | Event::Dead { job } => Concern::Job(job),
        Event::FaultInjected { fault, at } => match fault.target() {
            Target::Job => Concern::Job(JobId(at)),
            Target::Actor => Concern::Actor(at),
            Target::Unit | Target::Clock | Target::Worker | Target::Object | Target::Grant | Target::Request => {
                Concern::All
            }
        },
        // These events are part of every trace, even if they name a different run, because they take only a few lines.
        Event::Requested { .. }
        | Event::Accepted { .. }
        | Event::Deduplicated { .. }
        | Event::Denied { .. }
        | Event::JobCreated { .. }
        | Event::ObservedMore { .. }
        | Event::ViewBegan { .. }
        | Event::ViewRead { .. }
        | Event::ViewEnded { .. }
        | Event::Announced { .. }
        | Event::ToastShown { .. }
        | Event::Notified { .. }
        | Event::NoticeDropped { .. }
        | Event::RunAsked { .. }
        | Event::RunViewed { .. }
        | Event::ItemStored { .. }
        | Event::WorldChanged { .. }
        | Event::GrantChanged { .. }
        | Event::Advanced { .. }
        | Event::Healed => Concern::All,
    }
}
