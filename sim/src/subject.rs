//! What can be driven: our own engine here; a process of another make later.

pub mod native;

use crate::choice::{Choice, Open};
use crate::fingerprint::{Fingerprinted, Fingerprinter};
use crate::schedule::{Action, Moment};
use crate::trace::EventSink;
use crate::world::World;

/// Something that runs jobs and can be driven one choice at a time.
pub trait Subject {
    /// Starts over from a fixture, with so many workers.
    fn reset<W: EventSink>(&mut self, world: &mut World<'_, W>, workers: u16);

    /// Returns what is open to choose from.
    fn open<W: EventSink>(&self, world: &mut World<'_, W>) -> Open<'_>;

    /// Applies a choice; returns `false` if it does not apply here and now, and then nothing has changed.
    fn apply<W: EventSink>(&mut self, world: &mut World<'_, W>, choice: Choice) -> bool;

    /// Stops everything that faults still hold back: sleepers wake.
    fn heal<W: EventSink>(&mut self, world: &mut World<'_, W>);

    /// Emits every run's durable row once more. Called when nothing is left to do, so that a change without a commit
    /// shows at the latest now.
    fn look_again<W: EventSink>(&mut self, world: &mut World<'_, W>);

    /// Returns the moment at which a choice without a fault would be taken, in terms that do not depend on what came
    /// before.
    fn moment(&self, default: Choice) -> Moment;

    /// Returns a choice in such terms.
    fn action(&self, choice: Choice) -> Action;

    /// Returns the choice that an action means here and now; none if it does not apply.
    fn choice(&self, action: Action) -> Option<Choice>;

    /// Returns a digest of the whole durable state, comparable within one process.
    fn digest(&self) -> u64;
}

/// What may happen at any moment of an exploration, beside the work itself and the faults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acts {
    /// Nothing: upkeep runs at its own times, and no surface is viewed.
    None,
    /// Surfaces are viewed; the sweeper, the relay and the retention job run before their time, one of each at once.
    Single,
    /// The same, and a second relay beside the first.
    All,
}

/// Something that can be driven, copied at any moment, and distinguished from what it was before: it can be explored.
pub trait Fork: Subject + Clone {
    /// Lists every open choice: whose turn it may be and, as long as they may be injected, the faults. Actions from
    /// outside (viewing a surface, running the sweeper before its time) are listed as far as `acts` allows.
    fn choices<W: EventSink>(&self, world: &mut World<'_, W>, acts: Acts, choices: &mut Vec<Choice>);

    /// Returns the process that takes a choice without a fault, as a small number that stays the same if two workers
    /// are exchanged.
    fn process(&self, choice: Choice) -> u8;

    /// Adds the state of subject, environment and event sink to a fingerprint. If `interchangeable`, workers that can be
    /// exchanged are.
    fn fingerprint<W: EventSink + Fingerprinted>(
        &self,
        world: &World<'_, W>,
        interchangeable: bool,
        fingerprinter: &mut Fingerprinter,
    ) -> u128;
}
