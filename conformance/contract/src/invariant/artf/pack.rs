//! Published packs: their content, and the runs through which they can be read.
//!
//! The comment on each function gives an execution that violates the clause, in numbered steps.

use std::collections::BTreeMap;

use truecount_engine::hash::mix;
use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::trace::resolution_code;

use super::Found;
use crate::clause::Clause;
use crate::ledger::Ledger;

/// A file as a reader found it.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    /// Whether the file is a pack that contains what its manifest lists.
    pub(super) whole: bool,
    /// The number of entries, not counting the manifest.
    pub(super) entries: u32,
    /// A digest over the manifest's lines.
    pub(super) held: u64,
    /// The first bytes of the file's own digest.
    pub(super) digest: u64,
}

/// The digest of a pack that was read, and everything that determines the bytes of the pack: its plan, contents and
/// resolutions.
#[derive(Clone, Copy, Hash, Debug)]
struct Made {
    plan: u64,
    held: u64,
    digest: u64,
}

/// The state of the checks on packs.
#[derive(Debug, Default)]
pub(super) struct Packs {
    /// The entry last staged for each unit, represented by the first bytes of the entry's digest.
    staged: BTreeMap<(RunId, UnitIx), u64>,
    /// The digests that terminal writes have named.
    published: Vec<(RunId, u64)>,
    /// The packs that were read.
    made: Vec<Made>,
}

pooled!(Packs { staged, published, made });

impl Packs {
    pub(super) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { staged, published, made } = self;
        fingerprinter.value(&(staged, published, made));
    }

    pub(super) fn reset(&mut self) {
        self.staged.clear();
        self.published.clear();
        self.made.clear();
    }

    pub(super) fn staged(&mut self, run: RunId, unit: UnitIx, content: u64) {
        self.staged.insert((run, unit), content);
    }

    pub(super) fn published(&mut self, run: RunId, digest: u64) {
        self.published.push((run, digest));
    }

    /// 1. A run fails, but its terminal write names a pack.
    ///
    /// Or:
    ///
    /// 1. A second terminal write for a run names a different pack.
    pub(super) fn artf_02_at_published(&self, run: RunId, ledger: &Ledger<'_>, found: &mut Found) {
        found.check(Clause::ARTF_02, self.named(run).is_none() && succeeded(run, ledger));
    }

    /// 1. A unit fails after its entry was staged.
    /// 2. The run completes, and its pack still contains the entry.
    /// 3. A reader reads the pack. (If the event has no view, the harness itself reads the pack after the run has
    ///    ended.)
    pub(super) fn artf_01_at_artifact_read(
        &mut self,
        run: RunId,
        view: Option<u16>,
        file: Option<File>,
        ledger: &Ledger<'_>,
        found: &mut Found,
    ) {
        if view.is_none() && ledger.of(run).publishes && succeeded(run, ledger) {
            found.check(Clause::ARTF_01, file.is_some());
        }
        let Some(file) = file else { return };
        if self.named(run).is_none() || !succeeded(run, ledger) {
            return;
        }
        let plan = ledger.of(run).digest;
        let same = self.made.iter().find(|made| (made.plan, made.held) == (plan, file.held));
        let equal = same.is_none_or(|made| made.digest == file.digest);
        let as_expected = (file.entries, file.held) == self.expected(run, ledger);
        found.check(Clause::ARTF_01, file.whole && as_expected && equal);
        if same.is_none() {
            self.made.push(Made { plan, held: file.held, digest: file.digest });
        }
    }

    /// 1. A worker renames the pack of a run to its final name and crashes.
    /// 2. A reader is given the file before a terminal write has named it.
    ///
    /// A reader that is given nothing also exercises the clause if no pack of the run is published.
    pub(super) fn artf_02_at_artifact_read(
        &self,
        run: RunId,
        file: Option<File>,
        ledger: &Ledger<'_>,
        found: &mut Found,
    ) {
        let named = self.named(run).filter(|_| succeeded(run, ledger));
        if let Some(file) = file {
            found.check(Clause::ARTF_02, named == Some(file.digest));
        } else if named.is_none() && ledger.runs.get(run.index()).is_some() && ledger.of(run).publishes {
            found.exercise(Clause::ARTF_02);
        }
    }

    fn named(&self, run: RunId) -> Option<u64> {
        self.published.iter().find(|(r, _)| *r == run).map(|(_, digest)| *digest)
    }

    /// Returns the number of entries that the pack of a run must contain, and the digest over the lines of its
    /// manifest. A line consists of a planned entry, its resolution and, if the unit succeeded, the content that was
    /// staged for it.
    fn expected(&self, run: RunId, ledger: &Ledger<'_>) -> (u32, u64) {
        let mut expected = (0, 0);
        for (unit, (object, note)) in (0..).map(UnitIx).zip(ledger.of(run).plan.iter().zip(ledger.units(run))) {
            let Some(resolution) = note.resolution else { continue };
            let content = if resolution == Resolution::Succeeded {
                expected.0 += 1;
                self.staged.get(&(run, unit)).copied().unwrap_or_default()
            } else {
                0
            };
            let words = [u64::from(object.0), u64::from(resolution_code(resolution)), content];
            expected.1 = words.into_iter().fold(expected.1, mix);
        }
        expected
    }
}

/// Returns whether a run is terminal and has not failed.
fn succeeded(run: RunId, ledger: &Ledger<'_>) -> bool {
    ledger.runs.get(run.index()).is_some_and(|note| {
        note.completed.is_some_and(|completed| {
            matches!(completed.outcome, Some(Outcome::Succeeded | Outcome::PartiallySucceeded))
        })
    })
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<crate::invariant::tests::Trace> {
    use truecount_sim::trace::Event;

    use crate::invariant::tests::tape::{PACK, RUN, failed, packed};

    let read = |found| {
        let (run, view, whole) = (RUN, None, found);
        Event::ArtifactRead { run, view, found, whole, entries: 0, held: 0, digest: 1 }
    };
    let published = Event::Published { run: RUN, digest: 1 };
    let ended = || packed().complete(0, Outcome::Succeeded, None);
    vec![
        ("artf_01_at_artifact_read", ended().and(published).and(read(false))),
        ("artf_01_at_artifact_read", ended().and(published).and(read(true))),
        ("artf_02_at_published", failed(PACK).and(published)),
        ("artf_02_at_published", ended().and(published).and(published)),
        ("artf_02_at_artifact_read", packed().and(read(true))),
    ]
}
