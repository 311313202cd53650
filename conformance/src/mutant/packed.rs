//! Bugs of what is packed and published.

use truecount_engine::artifact::Entry;
use truecount_engine::delivery::Lease;
use truecount_engine::family::Pack;
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;

use super::Plant;

pub(super) struct PacksFailures;

impl Plant for PacksFailures {
    fn packs(&self, _: Resolution) -> bool {
        true
    }
}

pub(super) struct ListsSuccesses;

impl Plant for ListsSuccesses {
    fn packed(&self, pack: Pack, entries: &[Entry<'_>], _: Lease) -> Vec<u8> {
        let succeeded = |entry: &&Entry<'_>| entry.resolution == Resolution::Succeeded;
        pack(&entries.iter().filter(succeeded).copied().collect::<Vec<_>>())
    }
}

pub(super) struct SignedByTheJob;

impl Plant for SignedByTheJob {
    fn packed(&self, pack: Pack, entries: &[Entry<'_>], lease: Lease) -> Vec<u8> {
        let mut bytes = pack(entries);
        // The comment of a ZIP stands at its end, after its length in two bytes, which are zero as long as there is none.
        let comment = lease.job.0.to_le_bytes();
        bytes.truncate(bytes.len().saturating_sub(2));
        bytes.extend([4, 0]);
        bytes.extend(comment);
        bytes
    }
}

pub(super) struct RenamesBlindly;

impl Plant for RenamesBlindly {
    fn checks_staged(&self) -> bool {
        false
    }
}

pub(super) struct NeverRenamed;

impl Plant for NeverRenamed {
    fn renames_first(&self) -> bool {
        false
    }
}

pub(super) struct PublishesFailed;

impl Plant for PublishesFailed {
    fn publishes(&self, _: Outcome) -> bool {
        true
    }
}

pub(super) struct ServesUnnamed;

impl Plant for ServesUnnamed {
    fn serves_unnamed(&self) -> bool {
        true
    }
}
