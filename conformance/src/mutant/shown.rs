//! Bugs of what is shown and told: surfaces, notices, what a run makes.

use truecount_engine::counts::Key;
use truecount_engine::id::{ActorId, RunId};
use truecount_engine::notice::Letter;
use truecount_engine::policy::Grant;
use truecount_engine::run::Run;
use truecount_engine::unit::Resolution;

use super::Plant;

macro_rules! plant {
    ($($name:ident { $($decision:item)* })*) => {$(
        pub(super) struct $name;
        impl Plant for $name { $($decision)* }
    )*};
}

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
        fn strikes_off_with_letter(&self) -> bool {
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
}
