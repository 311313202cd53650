//! Faulty engines, one for each bug that a checker must kill.
//!
//! A bug overrides rules of [`Rules`], hooks of the store, or both. All bugs share one type, [`Planted`], so that the
//! engine is compiled only for that type and for the standard rules, not for each bug. This crate does not depend on
//! seeds or scenarios.

mod catalogue;
mod controls;
mod nondeterministic;
mod store;

use truecount_engine::artifact::Entry;
use truecount_engine::counts::{Counts, Key};
use truecount_engine::delivery::{Lease, RetryPolicy};
use truecount_engine::family::{Family, Pack};
use truecount_engine::id::{ActorId, RunId, TenantId, UnitIx};
use truecount_engine::notice::Letter;
use truecount_engine::plan::{Input, Plan};
use truecount_engine::policy::Grant;
use truecount_engine::progress::Progress;
use truecount_engine::rules::{Again, CompletionTrigger, Rules, Standard, Visit};
use truecount_engine::run::{Head, Outcome, Run};
use truecount_engine::storage::{Load, Loaded, Same, TotalWrite};
use truecount_engine::time::Millis;
use truecount_engine::unit::{Meaning, Resolution, Response};

use truecount_contract::clause::Clause;

pub use catalogue::CATALOGUE;
pub use controls::{CONTROLS, Control, Declaration};
pub use nondeterministic::NONDETERMINISTIC;
pub use store::{FaultyStore, StoreBug};

/// The units that a worker of a faulty engine has counted, each with its run. The worker keeps them between deliveries.
pub type Notebook = Vec<(RunId, UnitIx)>;

macro_rules! rules {
    ($(fn $name:ident(&self $(, $argument:ident: $type:ty)*) $(-> $returns:ty)?;)*) => {
        /// The rules of the engine, each of which can be overridden. The defaults are the standard rules.
        #[expect(missing_docs, reason = "each rule is documented in `Rules`")]
        pub trait Plant: Sync {
            $(fn $name(&self $(, $argument: $type)*) $(-> $returns)? {
                Rules::$name(&Standard $(, $argument)*)
            })*

            fn leaves_alone(&self, visit: &Visit<'_>, _: &Notebook) -> bool {
                Standard.leaves_alone(visit, &())
            }

            fn guards_end(&self, head: &Head) -> bool {
                self.leaves_terminal(head)
            }
        }

        impl Rules for Planted {
            type Memory = Notebook;

            $(fn $name(&self $(, $argument: $type)*) $(-> $returns)? {
                self.0.$name($($argument),*)
            })*

            fn leaves_alone(&self, visit: &Visit<'_>, memory: &Notebook) -> bool {
                self.0.leaves_alone(visit, memory)
            }

            fn guards_end(&self, head: &Head) -> bool {
                self.0.guards_end(head)
            }

            fn remember(&self, visit: &Visit<'_>, memory: &mut Notebook) {
                let Loaded { head, ix, .. } = visit.loaded;
                memory.push((head.run, *ix));
            }
        }
    };
}

/// An engine with a planted bug.
#[derive(Clone, Copy)]
pub struct Planted(pub &'static dyn Plant);

impl std::fmt::Debug for Planted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Planted")
    }
}

rules! {
    fn plan(&self, family: &Family, input: &Input) -> Plan;
    fn identifies(&self, family: &Family, input: &Input) -> u64;
    fn plans_again(&self, run: &Run) -> bool;
    fn total_with_plan(&self) -> TotalWrite;
    fn seals_with_jobs(&self) -> bool;
    fn finds_unresolved(&self) -> bool;
    fn resolve(&self, response: Response) -> Meaning;
    fn gives_up(&self, attempt: u8, attempt_limit: u8) -> bool;
    fn gives_up_run(&self, attempt: u8, attempt_limit: u8) -> bool;
    fn is_poison(&self, delivery: u16, delivery_limit: u16, lease: Lease) -> bool;
    fn waits(&self, policy: &RetryPolicy, attempt: u8) -> Millis;
    fn settles(&self, resolution: Resolution) -> bool;
    fn outcome_key(&self, resolution: Resolution) -> Option<Key>;
    fn books_attempts(&self) -> Option<u8>;
    fn counts_abandoned(&self) -> bool;
    fn again(&self, before: Resolution, now: Resolution) -> Again;
    fn counts_unplanned_units(&self) -> bool;
    fn fences(&self) -> bool;
    fn guards_completion(&self, swept: bool) -> bool;
    fn leaves_terminal(&self, head: &Head) -> bool;
    fn acks_first(&self) -> bool;
    fn effect_salt(&self, lease: Lease, version: u32) -> u32;
    fn confirms_hand_backs(&self) -> bool;
    fn checks_completion(&self, trigger: CompletionTrigger, planned: Option<u32>) -> bool;
    fn may_complete(&self, run: &Run) -> bool;
    fn fails_fast(&self, run: &Run) -> bool;
    fn outcome(&self, counts: &Counts) -> Outcome;
    fn packs(&self, resolution: Resolution) -> bool;
    fn packed(&self, pack: Pack, entries: &[Entry<'_>], lease: Lease) -> Vec<u8>;
    fn publishes(&self, outcome: Outcome) -> bool;
    fn checks_staged(&self) -> bool;
    fn renames_first(&self) -> bool;
    fn believes_lost_renames(&self) -> bool;
    fn asks_for_grant_again(&self) -> bool;
    fn serves_unnamed(&self) -> bool;
    fn reader_tenant(&self, run: &Run) -> TenantId;
    fn keeps_named(&self) -> bool;
    fn is_own(&self, same: Same) -> bool;
    fn repairs(&self) -> bool;
    fn guards_repairs(&self) -> bool;
    fn prunable(&self, from: RunId, retention: Millis) -> Load;
    fn deduplicates(&self) -> bool;
    fn failure_detail(&self) -> Option<ActorId>;
    fn stores(&self, family_stores: bool, resolution: Resolution) -> bool;
    fn announcements(&self) -> u8;
    fn toast_link(&self, run: RunId) -> RunId;
    fn notifies(&self) -> bool;
    fn letter(&self, run: &Run, to: ActorId) -> Letter;
    fn marks_sent_with_letter(&self) -> bool;
    fn keys_letters(&self) -> bool;
    fn scopes_surfaces(&self) -> bool;
    fn blanks_tenantless(&self) -> bool;
    fn hides_existence(&self) -> bool;
    fn sees(&self, grant: Grant) -> bool;
    fn notifies_holder(&self, grant: Grant) -> bool;
    fn notes_views(&self) -> bool;
    fn shows_diagnostics(&self) -> bool;
    fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress;
}

/// A bug, and the clause that it violates.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// The id in the bug catalogue. Ids that begin with `M` denote bugs of real engines. Ids that begin with `T` denote
    /// bugs that were invented for this project.
    pub id: &'static str,
    pub name: &'static str,
    /// A description of the faulty behaviour.
    pub does: &'static str,
    /// The clause under which the mutant must be killed.
    pub clause: Clause,
    /// The public bug reports with the same root cause, such as `restic/restic#3232`.
    pub known_from: &'static [&'static str],
    /// The rules that the mutant overrides.
    pub plant: &'static dyn Plant,
    /// The hooks of its faulty store, if the bug is in the store.
    pub store: Option<&'static dyn StoreBug>,
}

impl Mutant {
    /// Returns the mutant with this id, ignoring case.
    pub fn from_id(id: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|mutant| mutant.id.eq_ignore_ascii_case(id))
    }

    /// Returns the mutant or the nondeterministic engine with this id, ignoring case.
    pub fn or_nondeterministic(id: &str) -> Option<&'static Self> {
        Self::from_id(id).or_else(|| NONDETERMINISTIC.iter().find(|mutant| mutant.id.eq_ignore_ascii_case(id)))
    }
}

/// Bugs in the catalogue that this version cannot express: id, name, reason.
pub const NOT_EXPRESSIBLE: &[(&str, &str, &str)] = &[
    ("M14", "cancel-not-counted", "needs cancellation, which version 1 does not have"),
    ("M35", "cancel-race", "needs cancellation, which version 1 does not have"),
    ("M22", "re-open-without-count", "needs a plan that grows, but a sealed plan never changes"),
    (
        "M24",
        "count-not-distinct",
        "needs a second count in addition to the ledger's; see the model K02 in the matrix, which has such a count",
    ),
];
