//! Controls: engines that the contract allows, although they differ from our own. Each uses a freedom that a clause
//! leaves. A checker that is stricter than its clause reports a violation for one of them.
//!
//! A control overrides rules or hooks of the store, like a mutant, but it is not a bug: no command plants one, and no
//! list of mutants contains one. This module does not depend on seeds or scenarios.

use truecount_engine::artifact::Entry;
use truecount_engine::counts::Key;
use truecount_engine::delivery::{JobEvent, Lease, RetryPolicy};
use truecount_engine::family::{FailurePolicy, Pack};
use truecount_engine::id::{JobId, RunId};
use truecount_engine::index::ix;
use truecount_engine::rules::{Rules, Standard};
use truecount_engine::run::Run;
use truecount_engine::service;
use truecount_engine::storage::{Load, Reply, Request, Seal, Storage, WriteSet};
use truecount_engine::time::Millis;
use truecount_engine::unit::Resolution;

use truecount_contract::clause::Clause;
use truecount_contract::reference::RunReference;

use crate::catalogue::report_carried;
use crate::store::FaultyStore;
use crate::{Plant, StoreBug};

/// An engine that the contract allows.
#[derive(Clone, Copy)]
pub struct Control {
    /// The id, which begins with `C`.
    pub id: &'static str,
    pub name: &'static str,
    /// The clause whose freedom the engine uses.
    pub clause: Clause,
    /// A description of the behaviour, and of the freedom that it uses.
    pub does: &'static str,
    /// What a profile must declare for the engine; `None` if the profiles of this repository allow the engine.
    pub declares: Option<Declaration>,
    /// The rules that the engine overrides.
    pub plant: &'static dyn Plant,
    /// The hooks of its store, if the difference is in the store.
    pub store: Option<&'static dyn StoreBug>,
}

/// A declaration that differs from the reference profile.
#[derive(Clone, Copy)]
pub struct Declaration {
    /// The clause that the engine violates without the declaration.
    pub else_violates: Clause,
    /// Changes what is declared for a run.
    pub declare: fn(&mut RunReference),
}

/// The profile does not declare `prompt`.
const fn not_prompt(run: &mut RunReference) {
    run.prompt = false;
}

/// Another profile than the reference profile, without `prompt`.
const fn other_profile(run: &mut RunReference) {
    (run.reference_profile, run.prompt) = (false, false);
}

/// The profile declares no back-off.
const fn no_back_off(run: &mut RunReference) {
    (run.policy.back_off_ms, run.policy.back_off_max_ms) = (Millis(0), Millis(0));
}

/// Declares controls: id, name, clause and description, then the declaration, the overridden rules, and the store's
/// hooks, as far as the control has them.
macro_rules! controls {
    ($(
        $id:literal $name:literal $clause:ident $does:literal
        $(declares $declare:ident else $violates:ident)?
        $(rules { $($rule:item)* })?
        $(store { $($hook:item)* })?
    )*) => {
        /// Every control.
        pub const CONTROLS: &[Control] = &[$(Control {
            id: $id,
            name: $name,
            clause: Clause::$clause,
            does: $does,
            declares: controls!(@declares $($declare $violates)?),
            plant: {
                struct Engine;
                impl Plant for Engine { $($($rule)*)? }
                &Engine
            },
            store: controls!(@store $({ $($hook)* })?),
        },)*];
    };
    (@declares) => { None };
    (@declares $declare:ident $violates:ident) => {
        Some(Declaration { else_violates: Clause::$violates, declare: $declare })
    };
    (@store) => { None };
    (@store { $($hook:item)* }) => {{
        struct Other;
        impl StoreBug for Other { $($hook)* }
        Some(&Other)
    }};
}

controls! {
    "C01" "last-unit-unnoticed" LIFE_07
        "no worker notices that its unit was the last, so the sweeper completes the run, within the declared bound"
    declares not_prompt else LIFE_07
    store {
        fn replied(&self, _: &FaultyStore, _: Option<&WriteSet>, reply: &mut Reply) {
            if let Reply::Committed { maybe_last } = reply {
                *maybe_last = false;
            }
        }
    }

    "C02" "acks-before-work" LIFE_10
        "a job is acknowledged before its work, and repair creates a job for a unit that must be retried"
    declares not_prompt else LIFE_07
    rules {
        fn acks_first(&self) -> bool {
            true
        }
    }

    "C03" "last-job-by-repair" LIFE_10
        "sealing a plan creates no job for the last unit, so the delivery to come is created by repair"
    declares not_prompt else LIFE_07
    store {
        fn sealed(&self, store: &mut FaultyStore, seal: &Seal, _: &Run) {
            if seal.fan_out && !seal.keys.is_empty() {
                // The job never becomes visible, since it is acknowledged before the queue delivers it.
                let last = JobId(ix(store.rows.jobs().len() - 1));
                store.rows.move_job(last, JobEvent::Ack);
            }
        }
    }

    "C04" "repairs-what-is-carried" LIFE_18
        "the sweeper creates a job for work that a job already carries, which only the reference profile forbids"
    declares other_profile else LIFE_18
    rules {
        fn guards_repairs(&self) -> bool {
            false
        }
    }
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            report_carried(store, load, reply);
        }
    }

    "C05" "prunes-at-once" LIFE_14
        "the rows of a run are pruned as soon as the run is terminal, since the clause protects them only until then"
    rules {
        fn prunable(&self, from: RunId, _: Millis) -> Load {
            Load::NextExpired { from, retention: Millis(0) }
        }
    }

    "C06" "commits-what-it-read" COUNT_17
        "a unit resolves to the state in which its row was read, even if the row has changed before the commit"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let Some(effect) = &mut writes.effect {
                effect.version = store.rows.objects()[effect.object.index()].version;
            }
        }
    }

    "C07" "waits-longest" LIFE_17
        "each retry waits for the longest declared back-off, since a retry may come later than its own back-off"
    declares not_prompt else LIFE_07
    rules {
        fn waits(&self, policy: &RetryPolicy, _: u8) -> Millis {
            policy.back_off_max_ms
        }
    }

    "C08" "declares-no-back-off" LIFE_17
        "each retry is delivered at once, as declared"
    declares no_back_off else LIFE_17
    rules {
        fn waits(&self, _: &RetryPolicy, _: u8) -> Millis {
            Millis(0)
        }
    }

    "C09" "absent-until-counted" COUNT_05
        "processed is absent, not 0, until a unit is counted"
    store {
        fn sealed(&self, store: &mut FaultyStore, seal: &Seal, _: &Run) {
            if !seal.keys.is_empty() {
                // A value out of range makes the key unknown.
                store.rows.write_run(seal.run, |run| run.counts.set(Key::Processed, u64::MAX));
            }
        }
    }

    "C10" "outcomes-at-the-end" COUNT_10
        "succeeded, failed and skipped are written only by the terminal write, since the clause allows fewer before"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Run(_), Reply::Run(run)) = (load, reply) {
                add_outcomes(store, run);
            }
        }

        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let Some(addition) = &mut writes.addition
                && store.rows.runs()[writes.run.index()].failure == FailurePolicy::EveryUnit
            {
                addition.outcome = None;
            }
        }

        fn performed(&self, store: &mut FaultyStore, writes: &WriteSet, _: &Run) {
            if writes.status.is_some_and(|status| status.outcome.is_some()) {
                let mut run = store.rows.runs()[writes.run.index()];
                add_outcomes(store, &mut run);
                store.rows.write_run(writes.run, |row| row.counts = run.counts);
            }
        }
    }

    "C11" "marks-sent-afterwards" NOTE_02
        "a notice is marked as sent by a commit of its own, so it may be sent again, but its inbox holds it once"
    rules {
        fn marks_sent_with_letter(&self) -> bool {
            false
        }
    }

    "C12" "relays-every-other-time" NOTE_03
        "every other look at the outbox finds nothing, so notices arrive later"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, reply: &mut Reply) {
            if let (Load::Outbox, Reply::Outbox(notice)) = (load, reply) {
                store.renderings += 1;
                if store.renderings % 2 == 1 {
                    *notice = None;
                }
            }
        }
    }

    "C13" "pack-with-a-comment" ARTF_01
        "each pack ends with the same comment, so equal plans, contents and resolutions still give equal bytes"
    rules {
        fn packed(&self, pack: Pack, entries: &[Entry<'_>], _: Lease) -> Vec<u8> {
            let mut bytes = pack(entries);
            // A ZIP file ends with its comment. The two bytes before the comment hold its length, which is 0 if there
            // is no comment.
            bytes.truncate(bytes.len().saturating_sub(2));
            bytes.extend([4, 0]);
            bytes.extend(b"pack");
            bytes
        }
    }

    "C14" "renews-at-each-read" LIFE_17
        "a worker renews its lease whenever it reads a unit, so its job is redelivered later"
    store {
        fn loaded(&self, store: &mut FaultyStore, load: &Load, _: &mut Reply) {
            if let Load::Unit { run, lease, .. } = load {
                let now = store.now;
                store.rows.perform(&Request::Commit(service::touch(&Standard, *run, *lease)), now);
            }
        }
    }

    "C15" "asks-again-after-a-conflict" COUNT_21
        "the first count under each lease is refused, and the worker repeats the try under the same number"
    store {
        fn commits(&self, store: &FaultyStore, writes: &mut WriteSet) {
            if let (Some(_), Some(lease)) = (writes.settle, writes.lease)
                && store.counted.get(lease.job.index()).copied().flatten().is_none_or(|(fence, _)| fence != lease.fence)
            {
                let version = store.rows.runs()[writes.run.index()].head.version;
                writes.guard.version = Some(version.wrapping_add(1));
            }
        }

        fn refused(&self, store: &mut FaultyStore, writes: &WriteSet) {
            if let (Some(_), Some(lease)) = (writes.settle, writes.lease) {
                store.counts_under(lease, 1);
            }
        }
    }

    "C16" "visits-every-unit" LIFE_10
        "the run's one job goes through the whole sealed plan again, and leaves units alone that are resolved"
    rules {
        fn finds_unresolved(&self) -> bool {
            false
        }
    }
}

/// Sets the outcome keys of a run's row to the numbers of its units with these resolutions.
fn add_outcomes(store: &FaultyStore, run: &mut Run) {
    if run.failure != FailurePolicy::EveryUnit || !run.head.sealed {
        return;
    }
    let resolutions = || store.rows.units(run.head.run).iter().filter_map(|unit| unit.resolution);
    let of =
        |key| resolutions().filter(|resolution: &Resolution| Standard.outcome_key(*resolution) == Some(key)).count();
    for key in [Key::Succeeded, Key::Failed, Key::Skipped] {
        match of(key) {
            0 => {}
            units => run.counts.set(key, units as u64),
        }
    }
}
