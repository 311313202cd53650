//! Bugs that treat a lost reply as if it had arrived. They do not depend on seeds or scenarios.

use super::mutants;

mutants! { pub(super) ALL:
    "T88" "grant-not-asked-again" VIS_02
        "a reader whose reply was lost gets the pack without a grant"
    rules {
        fn asks_for_grant_again(&self) -> bool {
            false
        }
    }

    "T89" "lost-rename-believed" ARTF_01
        "a renaming whose reply was lost counts as done, even if the file is not complete"
    rules {
        fn believes_lost_renames(&self) -> bool {
            true
        }
    }
}
