//! The artifact store: a staging area for entries and files, and the published files.
//!
//! The store does not validate files, so it keeps a partly written file like any other file. [`read`] is an independent
//! reader that returns the content of a published file.

mod digest;
mod read;

use std::collections::BTreeMap;

use truecount_engine::artifact::{Bytes, Digest};
use truecount_engine::delivery::Lease;
use truecount_engine::id::{RunId, UnitIx};

pub(crate) use digest::hex;
pub use digest::{sha_256, short};
pub use read::{Held, read};

use crate::fingerprint::Fingerprinter;

/// Staged entries, staged files and published files.
#[derive(Debug, Default)]
pub struct ArtifactStore {
    /// The content staged for each unit.
    entries: BTreeMap<(RunId, UnitIx), Bytes>,
    /// Files staged by deliveries.
    staged: Vec<(RunId, Lease, Bytes)>,
    /// Published files with the digests that name them.
    published: Vec<(RunId, Digest, Bytes)>,
}

pooled!(ArtifactStore { entries, staged, published });

impl ArtifactStore {
    /// Removes all entries and files, but keeps their buffers.
    pub fn reset(&mut self) {
        self.entries.clear();
        self.staged.clear();
        self.published.clear();
    }

    /// Adds the whole store to a fingerprint.
    pub fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { entries, staged, published } = self;
        fingerprinter.value(entries);
        fingerprinter.word(staged.len() as u64);
        for (run, lease, bytes) in staged {
            fingerprinter.value(&(run, lease.job, bytes));
            fingerprinter.fence(lease.job, lease.fence);
        }
        fingerprinter.value(published);
    }

    /// Returns whether the store has neither entries nor files.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.staged.is_empty() && self.published.is_empty()
    }

    /// Stages the content made by a unit, replacing any earlier content.
    pub fn stage_entry(&mut self, run: RunId, unit: UnitIx, content: Bytes) {
        self.entries.insert((run, unit), content);
    }

    /// Returns the content staged for a unit.
    pub fn entry(&self, run: RunId, unit: UnitIx) -> Option<&Bytes> {
        self.entries.get(&(run, unit))
    }

    /// Stages a file, replacing any file that the same delivery staged before.
    pub fn stage(&mut self, run: RunId, lease: Lease, bytes: Bytes) {
        self.staged.retain(|(r, l, _)| (*r, *l) != (run, lease));
        self.staged.push((run, lease, bytes));
    }

    /// Renames a staged file to its published name. Returns `false` if no such file is staged, or if `checked` is set
    /// and the digest of the file is not `digest`.
    pub fn publish(&mut self, run: RunId, lease: Lease, digest: Digest, checked: bool) -> bool {
        let Some(at) = self.staged.iter().position(|(r, l, _)| (*r, *l) == (run, lease)) else { return false };
        if checked && sha_256(&self.staged[at].2) != digest.0 {
            return false;
        }
        let (.., bytes) = self.staged.swap_remove(at);
        self.published.retain(|(r, d, _)| (*r, *d) != (run, digest));
        self.published.push((run, digest, bytes));
        true
    }

    /// Removes everything staged for a run, and every file published for it except `keep`. Returns whether anything was
    /// staged.
    pub fn discard(&mut self, run: RunId, keep: Option<Digest>) -> bool {
        let before = self.entries.len() + self.staged.len();
        self.entries.retain(|(r, _), _| *r != run);
        self.staged.retain(|(r, ..)| *r != run);
        self.published.retain(|(r, digest, _)| *r != run || Some(*digest) == keep);
        self.entries.len() + self.staged.len() < before
    }

    /// Returns the first run, starting at `from`, that has anything staged.
    pub fn next_staged(&self, from: RunId) -> Option<RunId> {
        let runs = self.entries.keys().map(|(run, _)| *run).chain(self.staged.iter().map(|(run, ..)| *run));
        runs.filter(|run| *run >= from).min()
    }

    /// Returns the published file with this digest, or any published file of the run if `digest` is `None`.
    pub fn file(&self, run: RunId, digest: Option<Digest>) -> Option<&Bytes> {
        let wanted = |(r, d, _): &&(RunId, Digest, Bytes)| *r == run && digest.is_none_or(|digest| digest == *d);
        self.published.iter().find(wanted).map(|(.., bytes)| bytes)
    }

    /// Returns every published file with its run and the digest that names it, in the order of publication.
    pub fn files(&self) -> impl Iterator<Item = (RunId, Digest, &Bytes)> {
        self.published.iter().map(|(run, digest, bytes)| (*run, *digest, bytes))
    }
}

#[cfg(test)]
mod tests {
    use truecount_engine::id::{Fence, JobId};

    use super::*;

    const RUN: RunId = RunId(3);

    fn lease(fence: u32) -> Lease {
        Lease { job: JobId(0), fence: Fence(fence) }
    }

    #[test]
    fn a_checked_rename_of_a_torn_file_fails() {
        let mut artifact_store = ArtifactStore::default();
        let digest = Digest::of(b"whole");
        artifact_store.stage(RUN, lease(1), Bytes::from(*b"who"));
        assert!(!artifact_store.publish(RUN, lease(1), digest, true));
        assert!(artifact_store.file(RUN, Some(digest)).is_none());
        artifact_store.stage(RUN, lease(1), Bytes::from(*b"whole"));
        assert!(!artifact_store.publish(RUN, lease(2), digest, true), "the file of another delivery was published");
        assert!(artifact_store.publish(RUN, lease(1), digest, true));
        assert_eq!(artifact_store.file(RUN, Some(digest)).map(|bytes| &bytes[..]), Some(&b"whole"[..]));
        artifact_store.stage(RUN, lease(2), Bytes::from(*b"who"));
        assert!(artifact_store.publish(RUN, lease(2), digest, false), "an unchecked rename failed");
    }

    #[test]
    fn discarding_a_run_keeps_its_named_file_and_the_files_of_other_runs() {
        let mut artifact_store = ArtifactStore::default();
        for run in [RUN, RunId(4)] {
            artifact_store.stage_entry(run, UnitIx(0), Bytes::from(*b"entry"));
            artifact_store.stage(run, lease(1), Bytes::from(*b"one"));
            assert!(artifact_store.publish(run, lease(1), Digest::of(b"one"), true));
            artifact_store.stage(run, lease(2), Bytes::from(*b"two"));
        }
        assert_eq!(artifact_store.next_staged(RunId(0)), Some(RUN));
        assert!(artifact_store.discard(RUN, Some(Digest::of(b"one"))));
        assert!(!artifact_store.discard(RUN, Some(Digest::of(b"one"))), "staged content was left after a discard");
        assert_eq!(
            (artifact_store.next_staged(RunId(0)), artifact_store.entry(RUN, UnitIx(0))),
            (Some(RunId(4)), None)
        );
        assert_eq!(artifact_store.files().count(), 2);
        artifact_store.discard(RUN, None);
        assert_eq!(artifact_store.files().map(|(run, ..)| run).collect::<Vec<_>>(), [RunId(4)]);
    }
}
