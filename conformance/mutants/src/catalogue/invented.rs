//! Bugs that are not in the published catalogue. They concern counts, surfaces, notices and packs, and do not depend on
//! seeds or scenarios.

use truecount_engine::artifact::Entry;
use truecount_engine::counts::{Counts, Key};
use truecount_engine::delivery::Lease;
use truecount_engine::family::Pack;
use truecount_engine::id::{ActorId, RunId};
use truecount_engine::notice::Letter;
use truecount_engine::policy::Grant;
use truecount_engine::progress::Progress;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::run::{Outcome, Run};
use truecount_engine::unit::{Meaning, Resolution, Response, resolve};

use super::mutants;

mutants! { pub(super) ALL:
    "T01" "resolves-without-asking" COUNT_17
        "every definite response resolves the unit as succeeded"
    rules {
        fn resolve(&self, response: Response) -> Meaning {
            match resolve(response) {
                Meaning::Resolved(_) => Meaning::Resolved(Resolution::Succeeded),
                Meaning::Retry => Meaning::Retry,
            }
        }
    }

    "T02" "failure-tallied-as-success" COUNT_10
        "every resolved unit adds to succeeded"
    rules {
        fn outcome_key(&self, _: Resolution) -> Option<Key> {
            Some(Key::Succeeded)
        }
    }

    "T03" "success-over-failure" LIFE_04
        "the outcome is succeeded even if a unit failed"
    rules {
        fn outcome(&self, _: &Counts) -> Outcome {
            Outcome::Succeeded
        }
    }

    "T04" "always-activity" PROG_07
        "a counted run is shown only as active"
    rules {
        fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
            match Standard.shows(run, phase) {
                Progress::Counted { .. } => Progress::Activity,
                other => other,
            }
        }
    }

    "T05" "acts-twice" COUNT_19
        "each delivery requests the side effect under its own key"
    rules {
        fn effect_salt(&self, lease: Lease, _: u32) -> u32 {
            lease.fence.0
        }
    }

    "T06" "no-deduplication" LIFE_06
        "a second request of the same identity starts a second run"
    rules {
        fn deduplicates(&self) -> bool {
            false
        }
    }

    "T07" "failure-names-people" LIFE_12
        "a failure record names the actor"
    rules {
        fn failure_detail(&self) -> Option<ActorId> {
            Some(ActorId(0))
        }
    }

    "T08" "diagnostics-on-surface" PROG_12
        "an item on a surface carries a reason code"
    rules {
        fn shows_diagnostics(&self) -> bool {
            true
        }
    }

    "T09" "failure-counts-twice" COUNT_06
        "a failed unit adds 2 to processed"
    rules {
        fn outcome_key(&self, resolution: Resolution) -> Option<Key> {
            match resolution {
                Resolution::Failed(_) => Some(Key::Processed),
                other => Standard.outcome_key(other),
            }
        }
    }

    "T10" "surface-of-all" VIS_01
        "a tenant's surface shows the runs of all tenants"
    rules {
        fn scopes_surfaces(&self) -> bool {
            false
        }
    }

    "T11" "grant-not-asked" VIS_02
        "a surface shows runs to an actor without a grant"
    rules {
        fn sees(&self, _: Grant) -> bool {
            true
        }
    }

    "T12" "forbidden-is-said" VIS_03
        "the reply for a run that the actor may not see differs from the reply for a missing run"
    rules {
        fn hides_existence(&self) -> bool {
            false
        }
    }

    "T13" "tenantless-shows-all" VIS_04
        "a surface with no tenant shows the runs of all tenants"
    rules {
        fn blanks_tenantless(&self) -> bool {
            false
        }
    }

    "T14" "shows-nothing" VIS_05
        "a surface shows no runs"
    rules {
        fn sees(&self, _: Grant) -> bool {
            false
        }
    }

    "T15" "announced-twice" NOTE_01
        "an accepted run is announced twice"
    rules {
        fn announcements(&self) -> u8 {
            2
        }
    }

    "T16" "toast-links-elsewhere" NOTE_04
        "the queued toast links to a different run"
    rules {
        fn toast_link(&self, run: RunId) -> RunId {
            RunId(run.0 + 1)
        }
    }

    "T17" "notice-says-successes" NOTE_05
        "a notice states the number of successes as processed"
    rules {
        fn letter(&self, run: &Run, to: ActorId) -> Letter {
            Letter { processed: run.counts.or_zero(Key::Succeeded), ..Letter::of(run, to) }
        }
    }

    "T18" "stores-failures" ARTF_03
        "an item is stored although its unit did not succeed"
    rules {
        fn stores(&self, family_stores: bool, _: Resolution) -> bool {
            family_stores
        }
    }

    "T19" "gives-up-at-once" COUNT_17
        "the first retryable response ends a unit"
    rules {
        fn gives_up(&self, _: u8, _: u8) -> bool {
            true
        }
    }

    "T20" "one-try-more" COUNT_21
        "one more attempt is made than the limit allows"
    rules {
        fn gives_up(&self, attempt: u8, attempt_limit: u8) -> bool {
            attempt > attempt_limit
        }

        fn gives_up_run(&self, attempt: u8, attempt_limit: u8) -> bool {
            attempt > attempt_limit
        }
    }

    "T21" "empty-fails" COUNT_13
        "a run without units fails"
    rules {
        fn outcome(&self, counts: &Counts) -> Outcome {
            if counts.get(Key::Total) == Some(0) { Outcome::Failed } else { Standard.outcome(counts) }
        }
    }

    "T22" "packs-failures" ARTF_01
        "the entry that was staged for a unit is packed although the unit failed later"
    rules {
        fn packs(&self, _: Resolution) -> bool {
            true
        }
    }

    "T23" "manifest-of-successes" ARTF_01
        "the manifest omits units that did not succeed"
    rules {
        fn packed(&self, pack: Pack, entries: &[Entry<'_>], _: Lease) -> Vec<u8> {
            let succeeded = |entry: &&Entry<'_>| entry.resolution == Resolution::Succeeded;
            pack(&entries.iter().filter(succeeded).copied().collect::<Vec<_>>())
        }
    }

    "T24" "signed-by-the-job" ARTF_01
        "the bytes of a pack depend on the job that packed it"
    rules {
        fn packed(&self, pack: Pack, entries: &[Entry<'_>], lease: Lease) -> Vec<u8> {
            let mut bytes = pack(entries);
            // A ZIP file ends with its comment. The two bytes before the comment hold its length, which is 0 if there
            // is no comment.
            let comment = lease.job.0.to_le_bytes();
            bytes.truncate(bytes.len().saturating_sub(2));
            bytes.extend([4, 0]);
            bytes.extend(comment);
            bytes
        }
    }

    "T25" "renames-blindly" ARTF_01
        "a file that was only partly written is published"
    rules {
        fn checks_staged(&self) -> bool {
            false
        }
    }

    "T26" "never-renamed" ARTF_01
        "the terminal write names a file that stays in the staging area"
    rules {
        fn renames_first(&self) -> bool {
            false
        }
    }

    "T27" "publishes-failed" ARTF_02
        "a failed run names a pack"
    rules {
        fn publishes(&self, _: Outcome) -> bool {
            true
        }
    }

    "T28" "serves-unnamed" ARTF_02
        "a reader is given a renamed file before the run is terminal"
    rules {
        fn serves_unnamed(&self) -> bool {
            true
        }
    }
}
