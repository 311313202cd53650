//! Subjects of a simulation. At present, the only subject is our own engine. A different engine could be driven as a
//! separate process.

pub mod native;

use crate::choice::{Choice, Open};
use crate::fingerprint::{Fingerprinted, Fingerprinter};
use crate::schedule::{Action, Moment};
use crate::trace::EventSink;
use crate::world::World;

/// An engine that runs jobs and can be driven one choice at a time.
pub trait Subject {
    /// Starts over from the fixture, with this many workers.
    fn reset<W: EventSink>(&mut self, world: &mut World<'_, W>, workers: u16);

    /// Returns the choices that are open.
    fn open<W: EventSink>(&self, world: &mut World<'_, W>) -> Open<'_>;

    /// Applies a choice. If the choice does not apply, returns `false` and changes nothing.
    fn apply<W: EventSink>(&mut self, world: &mut World<'_, W>, choice: Choice) -> bool;

    /// Ends the lasting effects of injected faults, such as stalls and clock skew.
    fn heal<W: EventSink>(&mut self, world: &mut World<'_, W>);

    /// Emits every run's durable row once more. Called when nothing is left to do, so that a change made without a
    /// commit is also observed.
    fn look_again<W: EventSink>(&mut self, world: &mut World<'_, W>);

    /// Returns the moment of a default choice, in terms that do not depend on earlier steps.
    fn moment(&self, default: Choice) -> Moment;

    /// Returns a choice as an action, in terms that do not depend on earlier steps.
    fn action(&self, choice: Choice) -> Action;

    /// Returns the choice that an action stands for at this moment, or `None` if the action does not apply.
    fn choice(&self, action: Action) -> Option<Choice>;

    /// Returns a digest of the whole durable state, comparable only within one process.
    fn digest(&self) -> u64;
}

/// The actions that may happen at any moment of an exploration, in addition to the work itself and the faults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Acts {
    /// No such actions: upkeep runs at its own times, and no surface is viewed.
    None,
    /// Surfaces are viewed, and the sweeper, the relay and the retention job run early. Only one of each is active at a
    /// time.
    Single,
    /// The actions of `Single`, and a second relay while the first is active.
    SecondRelay,
    /// The actions of `Single`, and a second sweeper while the first is active.
    SecondSweeper,
    /// The actions of `Single`, and a second retention job while the first is active.
    SecondRetentionJob,
    /// The actions of `Single`, and a second relay, sweeper and retention job while the first is active.
    All,
}

/// A subject that can be explored: it can be copied at any moment, and its states can be distinguished.
pub trait Fork: Subject + Clone {
    /// Lists every open choice: the steps of all actors, and the faults that may still be injected. Actions from
    /// outside, such as viewing a surface or running the sweeper early, are listed as far as `acts` allows.
    fn choices<W: EventSink>(&self, world: &mut World<'_, W>, acts: Acts, choices: &mut Vec<Choice>);

    /// Returns a number that identifies the process which takes the step of a choice without a fault. A worker is
    /// identified by its job, so exchanging two workers does not change the number.
    fn process(&self, choice: Choice) -> u8;

    /// Returns a fingerprint of the subject, the environment and the event sink. If `interchangeable`, states that
    /// differ only by an exchange of workers have the same fingerprint.
    fn fingerprint<W: EventSink + Fingerprinted>(
        &self,
        world: &World<'_, W>,
        interchangeable: bool,
        fingerprinter: &mut Fingerprinter,
    ) -> u128;
}
