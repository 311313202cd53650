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

    /// Applies a choice; returns `false` where it means nothing here and now, and then nothing has changed.
    fn apply<W: EventSink>(&mut self, world: &mut World<'_, W>, choice: Choice) -> bool;

    /// Stops everything that faults still hold back: sleepers wake.
    fn heal<W: EventSink>(&mut self, world: &mut World<'_, W>);

    /// Shows every run's durable row once more. Called when nothing is left to do: what changed behind everybody's back
    /// shows now, if it did not before.
    fn look_again<W: EventSink>(&mut self, world: &mut World<'_, W>);

    /// Returns the moment at which a choice that bends nothing would be taken, in terms that outlive a change of what
    /// came before.
    fn moment(&self, default: Choice) -> Moment;

    /// Returns a choice in such terms.
    fn action(&self, choice: Choice) -> Action;

    /// Returns the choice that an act means here and now; none where it means nothing.
    fn choice(&self, action: Action) -> Option<Choice>;

    /// Returns a digest of the whole durable state, comparable within one process.
    fn digest(&self) -> u64;
}

/// What somebody may do at any moment of an exploration, beside the work itself and the faults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acts {
    /// Nothing: upkeep runs at its own times, and nobody looks.
    None,
    /// Somebody looks; the sweep, the relay and the pruning run before their time, one of each at once.
    Single,
    /// The same, and a second relay beside the first.
    All,
}

/// Something that can be driven, copied at any moment, and distinguished from what it was before: it can be explored.
pub trait Fork: Subject + Clone {
    /// Lists every choice that is open: whose turn it may be, and, as long as they may still strike, the faults. Acts
    /// from outside (a look at a surface, the sweep before its time) are listed as far as `acts` says.
    fn choices<W: EventSink>(&self, world: &mut World<'_, W>, acts: Acts, choices: &mut Vec<Choice>);

    /// Returns who takes a choice that bends nothing, as a small number that outlives the exchange of two workers.
    fn process(&self, choice: Choice) -> u8;

    /// Prints the state of subject, world and witness. Where they are `alike`, workers that could be exchanged are.
    fn fingerprint<W: EventSink + Fingerprinted>(
        &self,
        world: &World<'_, W>,
        alike: bool,
        fingerprinter: &mut Fingerprinter,
    ) -> u128;
}
