//! Nondeterministic engines, which the audit must report. They violate no clause: each of their simulations passes.
//!
//! They are planted by name, like any other bug, but are not listed, because there is no violation to search for.
//! Production code has no switch for them.

use std::sync::atomic::{AtomicU64, Ordering};

use truecount_engine::artifact::Entry;
use truecount_engine::delivery::Lease;
use truecount_engine::family::Pack;
use truecount_engine::rules::CompletionTrigger;

use crate::catalogue::mutants;

// COUNT-20 is the closest clause: it limits what may affect the result.
mutants! { pub NONDETERMINISTIC:
    "N01" "remembers-other-simulations" COUNT_20
        "every second completion check, counted over all simulations, is left to the sweeper"
    rules {
        fn checks_completion(&self, trigger: CompletionTrigger, _: Option<u32>) -> bool {
            static COUNTS: AtomicU64 = AtomicU64::new(0);
            trigger != CompletionTrigger::Count || COUNTS.fetch_add(1, Ordering::Relaxed).is_multiple_of(2)
        }
    }

    "N02" "signed-by-the-process" COUNT_20
        "a pack contains the id of the process that packed it"
    rules {
        fn packed(&self, pack: Pack, entries: &[Entry<'_>], _: Lease) -> Vec<u8> {
            let mut bytes = pack(entries);
            // A ZIP file ends with its comment. The two bytes before the comment hold its length, which is 0 if there
            // is no comment.
            bytes.truncate(bytes.len().saturating_sub(2));
            bytes.extend([4, 0]);
            bytes.extend(std::process::id().to_le_bytes());
            bytes
        }
    }
}
