//! What is stored for good. The simulator reads it from storage again after a run's rows are pruned and at the end of a
//! simulation, because rows can change without a request of the engine that mentions them.

use truecount_engine::counts::Key;
use truecount_engine::hash::mix;
use truecount_engine::id::RunId;
use truecount_engine::index::ix;
use truecount_engine::notice::Letter;
use truecount_engine::rules::Rules;
use truecount_engine::run::Run;

use super::{Native, Store};
use crate::trace::{Event, EventSink, resolutions_digest};
use crate::world::World;

impl<R: Rules, S: Store> Native<R, S> {
    /// Reads everything that is stored for each run. The time is linear in the size of storage.
    pub(super) fn read_all<W: EventSink>(&self, world: &mut World<'_, W>) {
        let mut notices = vec![0_u32; self.rows().runs().len()];
        for Letter { run, .. } in self.rows().inbox() {
            if let Some(notices) = notices.get_mut(run.index()) {
                *notices += 1;
            }
        }
        for (index, notices) in notices.into_iter().enumerate() {
            let run = RunId(ix(index));
            self.read(world, run);
            self.on_notices(world, run, notices);
        }
    }

    /// Reads the row of a run again and, if the run is terminal, what was stored for it by then.
    pub(super) fn read<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId) {
        self.observe(world, run, None);
        let row = &self.rows().runs()[run.index()];
        if row.active() {
            return;
        }
        self.on_other_counts(world, run);
        let Run { outcome, cause, .. } = *row;
        world.trace.see(Event::OutcomeRead { run, outcome, cause });
        self.on_items(world, run);
        self.look_for_artifact(world, run);
        if !self.rows().tables().pruned[run.index()] {
            let units = self.rows().units(run);
            let digest = resolutions_digest(units.iter().map(|unit| unit.resolution));
            world.trace.see(Event::UnitsRead { run, units: ix(units.len()), digest });
        }
    }

    /// Emits the values of the keys that an observation omits.
    pub(super) fn on_other_counts<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId) {
        let counts = &self.rows().runs()[run.index()].counts;
        for key in [Key::Created, Key::Updated, Key::Deleted, Key::Items] {
            if let Some(value) = counts.get(key).filter(|value| u32::try_from(*value).is_ok()) {
                world.trace.see(Event::ObservedMore { run, key: key as u8, value });
            }
        }
    }

    /// Emits the items of a terminal run, as any reader could read them.
    pub(super) fn on_items<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId) {
        let items = self.store.items(run);
        let digest = items.iter().fold(0_u64, |digest, item| digest.wrapping_add(mix(1, u64::from(item.0))));
        let items = ix(items.len());
        world.trace.see(Event::ItemsRead { run, items, digest });
    }

    /// Emits the number of notices about a terminal run, as the inbox contains them.
    pub(super) fn on_notices<W: EventSink>(&self, world: &mut World<'_, W>, run: RunId, delivered: u32) {
        if !self.rows().runs()[run.index()].active() {
            let notices = if self.store.has_notices(run) { delivered } else { 0 };
            world.trace.see(Event::NoticesRead { run, notices });
        }
    }

    /// Returns the number of notices about a run that were delivered.
    pub(super) fn notices_about(&self, run: RunId) -> u32 {
        ix(self.rows().inbox().iter().filter(|letter| letter.run == run).count())
    }
}
