//! Nondeterministic engines, to see the audit go red. They violate no clause: each of their simulations is good.
//!
//! They are planted by name alone, as any other bug, and are in no list: there is nothing to search for, and no switch
//! that production could reach.

use std::sync::atomic::{AtomicU64, Ordering};

use truecount_engine::artifact::Entry;
use truecount_engine::delivery::Lease;
use truecount_engine::family::Pack;
use truecount_engine::rules::CompletionTrigger;

use crate::catalogue::mutants;

// The nearest clause: the schedule alone decides.
mutants! { pub NONDETERMINISTIC:
    "N01" "remembers-other-simulations" COUNT_20
        "every second time that the last unit is counted, completion is left to the sweep, whatever simulation it is"
    rules {
        fn checks_completion(&self, trigger: CompletionTrigger, _: Option<u32>) -> bool {
            static COUNTS: AtomicU64 = AtomicU64::new(0);
            trigger != CompletionTrigger::Count || COUNTS.fetch_add(1, Ordering::Relaxed).is_multiple_of(2)
        }
    }

    "N02" "signed-by-the-process" COUNT_20
        "a pack holds the number of the process that packed it"
    rules {
        fn packed(&self, pack: Pack, entries: &[Entry<'_>], _: Lease) -> Vec<u8> {
            let mut bytes = pack(entries);
            // The comment of a ZIP is at its end, after its length in two bytes, which are zero if there is none.
            bytes.truncate(bytes.len().saturating_sub(2));
            bytes.extend([4, 0]);
            bytes.extend(std::process::id().to_le_bytes());
            bytes
        }
    }
}
