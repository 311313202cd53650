//! Bugs of what is packed and published.

use truecount_engine::artifact::Entry;
use truecount_engine::delivery::Lease;
use truecount_engine::family::Pack;
use truecount_engine::run::Outcome;
use truecount_engine::unit::Resolution;

use super::{Plant, plant};

plant! {
    PacksFailures {
        fn packs(&self, _: Resolution) -> bool {
            true
        }
    }

    ListsSuccesses {
        fn packed(&self, pack: Pack, entries: &[Entry<'_>], _: Lease) -> Vec<u8> {
            let succeeded = |entry: &&Entry<'_>| entry.resolution == Resolution::Succeeded;
            pack(&entries.iter().filter(succeeded).copied().collect::<Vec<_>>())
        }
    }

    SignedByTheJob {
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

    RenamesBlindly {
        fn checks_staged(&self) -> bool {
            false
        }
    }

    NeverRenamed {
        fn renames_first(&self) -> bool {
            false
        }
    }

    PublishesFailed {
        fn publishes(&self, _: Outcome) -> bool {
            true
        }
    }

    ServesUnnamed {
        fn serves_unnamed(&self) -> bool {
            true
        }
    }

    ClearsEverything {
        fn keeps_named(&self) -> bool {
            false
        }
    }
}
