//! Bugs that only two requests, two tenants, two grants or two components together reveal.
//!
//! This module does not depend on seeds or scenarios.

use truecount_engine::family::Family;
use truecount_engine::id::TenantId;
use truecount_engine::plan::{Input, Plan};
use truecount_engine::run::Run;
use truecount_engine::storage::{Accept, Load, Reply};

use super::mutants;
use crate::store::FaultyStore;

mutants! { pub(super) ALL:
    "T60" "options-not-identified" LIFE_06
        "two requests of the same objects have the same identity although their options differ"
    rules {
        fn identifies(&self, family: &Family, input: &Input) -> u64 {
            family.plan(&Input::of(input.objects.clone())).digest()
        }
    }

    "T61" "order-not-identified" LIFE_06
        "two requests of the same objects have the same identity although they plan them in different orders"
    rules {
        fn identifies(&self, family: &Family, input: &Input) -> u64 {
            Plan::sorted(family.plan(input).keys()).digest()
        }
    }

    "T62" "system-not-deduplicated" LIFE_06
        "a request does not find an active run that the system has started"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Same { .. }, Reply::Found(found)) = (load, reply) {
                *found = found.filter(|same| same.own || store.rows.runs()[same.run.index()].actor.is_some());
            }
        }

        fn accepts(&self, store: &FaultyStore, accept: &Accept) -> Option<Accept> {
            let active = |run: &Run| run.active() && run.identity == accept.identity && run.actor.is_some();
            let own = |run: &Run| run.request == accept.request;
            let mut changed = accept.clone();
            changed.guarded = store.rows.runs().iter().any(|run| own(run) || active(run));
            Some(changed)
        }
    }

    "T63" "reader-of-the-first-tenant" VIS_02
        "the policy of the first tenant decides whether a reader gets a pack, whichever tenant the pack belongs to"
    rules {
        fn reader_tenant(&self, _: &Run) -> TenantId {
            TenantId(0)
        }
    }
}
