//! Bugs that only two requests, two tenants, two grants or two components together reveal.
//!
//! This module does not depend on seeds or scenarios.

use truecount_engine::counts::Key;
use truecount_engine::delivery::{Job, JobState};
use truecount_engine::family::Family;
use truecount_engine::id::{RunId, TenantId};
use truecount_engine::index::ix;
use truecount_engine::plan::{Input, Plan};
use truecount_engine::policy::Grant;
use truecount_engine::run::Run;
use truecount_engine::storage::{Accept, Load, Orphan, Reply, Upkeep, WriteSet};

use super::mutants;
use crate::store::{FaultyStore, at};

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

    "T64" "letters-to-operators-only" NOTE_03
        "an initiator who may see the run but no longer start runs gets no notice"
    store {
        fn commits(&self, _: &FaultyStore, writes: &mut WriteSet) {
            if let Some(Upkeep::Relay { letter, grant: Some((.., Grant::View)), .. }) = &mut writes.upkeep {
                *letter = None;
            }
        }
    }

    "T65" "request-not-keyed" LIFE_19
        "a request that looked for its run before that run existed creates another once that run is terminal"
    store {
        fn accepts(&self, store: &FaultyStore, accept: &Accept) -> Option<Accept> {
            let active = |run: &Run| run.active() && run.identity == accept.identity;
            let mut changed = accept.clone();
            changed.guarded = store.rows.runs().iter().any(active);
            Some(changed)
        }
    }

    "T66" "repairs-twice" LIFE_18
        "a repair is refused only if the work has been done since, not if another repair has created a job for it"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            let run = &store.rows.runs()[writes.run.index()];
            if let Some(Upkeep::Enqueue { unit: Some(unit), guarded }) = &mut writes.upkeep {
                let row = store.rows.units(writes.run).get(unit.index());
                *guarded = !run.active() || row.is_none_or(|row| row.resolution.is_some());
            } else if let Some(Upkeep::Enqueue { unit: None, guarded }) = &mut writes.upkeep {
                *guarded = !run.active();
            }
        }
    }

    "T67" "letters-not-keyed" NOTE_02
        "two relays that read the same outbox entry both deliver its notice"
    rules {
        fn keys_letters(&self) -> bool {
            false
        }
    }

    "T68" "prunes-the-next" LIFE_14
        "the retention job removes the oldest rows, so if two have chosen the same run, the second removes those of the next"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            let pruned = store.rows.tables().pruned;
            if writes.upkeep == Some(Upkeep::Prune)
                && pruned[writes.run.index()]
                && let Some(next) = pruned.iter().position(|pruned| !pruned)
            {
                writes.run = RunId(ix(next));
            }
        }
    }

    "T69" "percent-flashes-back" PROG_08
        "a surface that has shown the count of a run shows 0 while a later delivery has not yet counted a unit"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            let (Load::NextActive { tenant: Some(_), .. }, Reply::Run(run)) = (load, reply) else { return };
            let mut jobs = store.rows.jobs().iter().enumerate();
            let continues = |(place, job): (usize, &Job)| {
                let counted = store.counted.get(place).copied().flatten();
                let leased = matches!(job.state, JobState::Leased(_));
                job.run == run.head.run && leased && counted.is_some_and(|(fence, _)| fence < job.fence)
            };
            let (flashes, rendered) = (jobs.any(continues), at(&mut store.rendered, run.head.run.index()));
            if flashes && rendered.is_some() {
                run.counts.set(Key::Processed, 0);
            } else if run.counts.or_zero(Key::Processed) > 0 {
                *rendered = Some(());
            }
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if let (Some(addition), Some(lease)) = (writes.addition, writes.lease) {
                store.counts_under(lease, addition.units);
            }
        }
    }

    "T70" "counts-what-was-pruned" LIFE_13
        "a unit whose row has been pruned is counted again by a worker that read the row before"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            let Some(settle) = &mut writes.settle else { return };
            // Either guard alone refuses the commit.
            let pruned = store.rows.units(writes.run).get(settle.unit.index()).is_none();
            (settle.once, writes.guard.active) = (settle.once && !pruned, writes.guard.active && !pruned);
        }
    }

    "T71" "handed-back-is-held" LIFE_17
        "a worker that has handed its job back still holds it until the job is leased again"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let Some(lease) = writes.lease {
                let job = store.rows.jobs()[lease.job.index()];
                writes.guard.fence &= !(job.handed_back && job.fence == lease.fence);
            }
        }
    }

    "T87" "hidden-by-another-run" LIFE_07
        "the sweeper does not repair a run as long as another run has a job"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Orphan { run }, Reply::Orphan(orphan)) = (load, reply)
                && store.rows.jobs().iter().any(|job| job.run != *run && job.live())
            {
                *orphan = Orphan::None;
            }
        }
    }
}
