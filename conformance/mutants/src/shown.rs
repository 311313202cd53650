//! Bugs of what is shown and told: surfaces, notices, what a run makes.

use truecount_engine::counts::Key;
use truecount_engine::id::{ActorId, RunId};
use truecount_engine::notice::Letter;
use truecount_engine::policy::Grant;
use truecount_engine::progress::{Progress, progress};
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::run::{Outcome, Run, Status};
use truecount_engine::unit::Resolution;

use super::{Plant, plant};

plant! {
    SurfaceOfAll {
        fn scopes_surfaces(&self) -> bool {
            false
        }
    }

    GrantNotAsked {
        fn sees(&self, _: Grant) -> bool {
            true
        }
    }

    ForbiddenIsSaid {
        fn hides_existence(&self) -> bool {
            false
        }
    }

    TenantlessShowsAll {
        fn blanks_tenantless(&self) -> bool {
            false
        }
    }

    ShowsNothing {
        fn sees(&self, _: Grant) -> bool {
            false
        }
    }

    AnnouncedTwice {
        fn announcements(&self) -> u8 {
            2
        }
    }

    ToastLinksElsewhere {
        fn toast_link(&self, run: RunId) -> RunId {
            RunId(run.0 + 1)
        }
    }

    NotifiedTwice {
        fn marks_sent_with_letter(&self) -> bool {
            false
        }

        fn keys_letters(&self) -> bool {
            false
        }
    }

    NotifyLost {
        fn notifies(&self) -> bool {
            false
        }
    }

    NoticeSaysAllDone {
        fn letter(&self, run: &Run, to: ActorId) -> Letter {
            Letter { processed: run.counts.or_zero(Key::Succeeded), ..Letter::of(run, to) }
        }
    }

    StoresFailures {
        fn stores(&self, family_stores: bool, _: Resolution) -> bool {
            family_stores
        }
    }

    FailedStillProgressing {
        fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
            if run.outcome == Some(Outcome::Failed) {
                progress(run.head.family.mode(), Status::Running, None, phase, &run.counts)
            } else {
                Standard.shows(run, phase)
            }
        }
    }

    ViewsAreNoted {
        fn notes_views(&self) -> bool {
            true
        }
    }
}
