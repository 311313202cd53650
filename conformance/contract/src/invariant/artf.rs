//! ARTF: the artifacts of a run, which are snapshots of stored items (ARTF-03) and published packs (ARTF-01, ARTF-02).
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

mod pack;

use truecount_engine::hash::mix;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::run::Outcome;
use truecount_engine::unit::{Resolution, Response};
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::Event;

use super::{Checker, Found};
use crate::clause::Clause;
use crate::ledger::{Ledger, RunNote};

/// The checker for ARTF.
#[derive(Debug, Default)]
pub(crate) struct Artf {
    /// For each run, by index, whether the object of each unit was stored as an item.
    stored: Vec<Vec<bool>>,
    packs: pack::Packs,
}

pooled!(Artf { stored, packs });

impl Checker for Artf {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::ItemStored { run, unit } => {
                let before = std::mem::replace(self.stored(run, unit), true);
                artf_03_at_item_stored(before, found);
            }
            Event::ItemsRead { run, items, digest } if ledger.of(run).stores => {
                artf_03_at_items_read(run, items, digest, ledger, found);
            }
            Event::EntryStaged { run, unit, content } => self.packs.staged(run, unit, content),
            Event::Staged { run, response: Response::Done, .. }
            | Event::Renamed { run, response: Response::Done, torn: false, .. } => {
                artf_01_at_staged(ledger.run(run), found);
            }
            Event::Published { run, digest } => {
                self.packs.artf_02_at_published(run, ledger, found);
                self.packs.published(run, digest);
            }
            Event::ArtifactRead { run, view, found: exists, whole, entries, held, digest } => {
                let file = exists.then_some(pack::File { whole, entries, held, digest });
                self.packs.artf_01_at_artifact_read(run, view, file, ledger, found);
                self.packs.artf_02_at_artifact_read(run, file, ledger, found);
            }
            _ => {}
        }
    }

    fn reset(&mut self) {
        self.stored.iter_mut().for_each(Vec::clear);
        self.packs.reset();
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { stored, packs } = self;
        let used = stored.iter().rposition(|units| !units.is_empty()).map_or(0, |last| last + 1);
        fingerprinter.value(&&stored[..used]);
        packs.fingerprint(fingerprinter);
    }
}

impl Artf {
    fn stored(&mut self, run: RunId, unit: UnitIx) -> &mut bool {
        if self.stored.len() <= run.index() {
            self.stored.resize_with(run.index() + 1, Vec::new);
        }
        let units = &mut self.stored[run.index()];
        if units.len() <= unit.index() {
            units.resize(unit.index() + 1, false);
        }
        &mut units[unit.index()]
    }
}

/// 1. A plan of two units is sealed, and one unit is resolved.
/// 2. A worker writes or renames the pack, whose manifest cannot contain the second unit's resolution.
fn artf_01_at_staged(note: &RunNote, found: &mut Found) {
    found.check(Clause::ARTF_01, note.planned == Some(note.rows()));
}

/// 1. Worker 1 stores the item of a unit and crashes before it acknowledges.
/// 2. Worker 2 takes the job and stores the item again.
fn artf_03_at_item_stored(before: bool, found: &mut Found) {
    found.check(Clause::ARTF_03, !before);
}

/// 1. The provider rejects one of two units.
/// 2. The run completes, and its snapshot contains the items of both units.
fn artf_03_at_items_read(run: RunId, items: u32, digest: u64, ledger: &Ledger<'_>, found: &mut Found) {
    // A run that failed as a whole has no snapshot.
    let Some(completed) = ledger.run(run).completed.filter(|completed| completed.cause.is_none()) else { return };
    let plan = &ledger.of(run).plan;
    let mut expected = (0_u32, 0_u64);
    for (object, unit) in plan.iter().zip(ledger.units(run)) {
        if unit.resolution == Some(Resolution::Succeeded) {
            expected = (expected.0 + 1, expected.1.wrapping_add(mix(1, u64::from(object.0))));
        }
    }
    let empty_if_failed = completed.outcome != Some(Outcome::Failed) || items == 0;
    found.check(Clause::ARTF_03, (items, digest) == expected && empty_if_failed);
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use crate::invariant::tests::tape::{OWN, PACK, RUN, SNAPSHOT, requested};

    let stored = Event::ItemStored { run: RUN, unit: UnitIx(0) };
    let sealed = || requested(&[PACK]).lease(OWN, 0).seal(0);
    let done = Response::Done;
    let both = requested(&[SNAPSHOT]).lease(OWN, 0).seal(0).done(0, 0, 1).done(0, 1, 2);
    let both = both.complete(0, Outcome::Succeeded, None);
    let own = vec![
        ("artf_01_at_staged", sealed().and(Event::Staged { run: RUN, attempt: 1, response: done })),
        ("artf_01_at_staged", sealed().and(Event::Renamed { run: RUN, attempt: 1, response: done, torn: false })),
        ("artf_03_at_item_stored", requested(&[SNAPSHOT]).and(stored).and(stored)),
        ("artf_03_at_items_read", both.and(Event::ItemsRead { run: RUN, items: 3, digest: 0 })),
    ];
    own.into_iter().chain(pack::traces()).collect()
}
