//! Every rule of the engine, as a default method of one trait. A harness plants bugs by overriding these methods.
//!
//! No other code has a switch for a bug. An operation consults its rules and follows them; production uses
//! [`Standard`], which overrides nothing.

use std::fmt::Debug;
use std::hash::Hash;

use crate::artifact::Entry;
use crate::counts::{Counts, Key};
use crate::delivery::{Lease, RetryPolicy};
use crate::family::{Family, Pack};
use crate::id::{ActorId, RunId, TenantId};
use crate::notice::Letter;
use crate::plan::{Input, Plan};
use crate::policy::Grant;
use crate::progress::{Progress, progress};
use crate::run::{Head, Outcome, Run, outcome};
use crate::storage::{Load, Loaded, Same, TotalWrite};
use crate::time::Millis;
use crate::unit::{Meaning, Resolution, Response, resolve};

/// The occasion on which completion is checked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompletionTrigger {
    /// A delivery has counted a unit that may be the last, or has sealed a plan.
    Count,
    /// A delivery has found that its work was already done.
    Redelivery,
    Sweep,
}

/// A visit of a delivery to a unit.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The unit as loaded.
    pub loaded: &'a Loaded,
    /// The delivery's lease.
    pub lease: Lease,
    /// The number of the delivery, from 1.
    pub delivery: u16,
}

/// The treatment of a unit that is already resolved but was not left alone. Standard rules leave every resolved unit
/// alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Again {
    /// Nothing is written.
    Nothing,
    /// The unit is counted once more, without a ledger row.
    Count,
    /// The ledger row of the unit is overwritten, but the unit is not counted again.
    Overwrite,
}

/// The rules of the engine.
pub trait Rules: Clone {
    /// The memory of one worker across deliveries; empty in production.
    type Memory: Clone + Hash + Default + Debug;

    /// Returns the plan for an input.
    fn plan(&self, family: &Family, input: &Input) -> Plan {
        family.plan(input)
    }

    /// Returns the digest that identifies the work of a request: the digest of the plan that the input alone gives.
    fn identifies(&self, family: &Family, input: &Input) -> u64 {
        family.plan(input).digest()
    }

    /// Returns whether a run is planned again although its plan is sealed.
    fn plans_again(&self, _run: &Run) -> bool {
        false
    }

    /// Returns what happens to `total` when the plan becomes durable.
    fn total_with_plan(&self) -> TotalWrite {
        TotalWrite::Set
    }

    /// Returns whether the commit that creates units and jobs also seals the plan.
    fn seals_with_jobs(&self) -> bool {
        true
    }

    /// Returns whether the run's one job continues with the first unresolved unit instead of visiting all units.
    fn finds_unresolved(&self) -> bool {
        true
    }

    /// Returns whether a unit is left alone because it is already resolved.
    fn leaves_alone(&self, visit: &Visit<'_>, _memory: &Self::Memory) -> bool {
        visit.loaded.unit.resolution.is_some()
    }

    /// Returns what happens to a unit that is already resolved but was not left alone.
    fn again(&self, _before: Resolution, _now: Resolution) -> Again {
        Again::Count
    }

    /// Returns the meaning of a response.
    fn resolve(&self, response: Response) -> Meaning {
        resolve(response)
    }

    /// Returns whether an attempt at a unit with a retryable response was the last one.
    fn gives_up(&self, attempt: u8, attempt_limit: u8) -> bool {
        attempt >= attempt_limit
    }

    /// Returns whether an attempt at planning, a phase or publishing that failed was the last one.
    fn gives_up_run(&self, attempt: u8, attempt_limit: u8) -> bool {
        attempt >= attempt_limit
    }

    /// Returns whether a delivery exceeds the delivery limit. Deliveries that were handed back are not included in
    /// `delivery`.
    fn is_poison(&self, delivery: u16, delivery_limit: u16, _lease: Lease) -> bool {
        delivery > delivery_limit
    }

    /// Returns how long a job waits after a retryable response to this attempt. Attempts are counted from 1.
    fn waits(&self, policy: &RetryPolicy, attempt: u8) -> Millis {
        policy.back_off(attempt)
    }

    /// Returns whether a unit with this resolution is settled and counted at all.
    fn settles(&self, _resolution: Resolution) -> bool {
        true
    }

    /// Returns the outcome key to which a unit with this resolution adds 1.
    fn outcome_key(&self, resolution: Resolution) -> Option<Key> {
        Some(match resolution {
            Resolution::Succeeded => Key::Succeeded,
            Resolution::Skipped(_) => Key::Skipped,
            Resolution::Failed(_) => Key::Failed,
        })
    }

    /// Returns whether a unit with this resolution becomes an item of the run's artifact, if its family stores items.
    fn stores(&self, family_stores: bool, resolution: Resolution) -> bool {
        family_stores && resolution == Resolution::Succeeded
    }

    /// Returns how much a retryable response adds to `processed`, or `None` if such responses are not counted.
    fn books_attempts(&self) -> Option<u8> {
        None
    }

    /// Returns whether units that were abandoned with a poison job are counted.
    fn counts_abandoned(&self) -> bool {
        true
    }

    /// Returns whether a unit outside the plan is counted.
    fn counts_unplanned_units(&self) -> bool {
        false
    }

    /// Records that this worker counts a unit.
    fn remember(&self, _visit: &Visit<'_>, _memory: &mut Self::Memory) {}

    /// Returns whether a commit under a superseded lease is refused.
    fn fences(&self) -> bool {
        true
    }

    /// Returns whether a completion is refused if the run has changed since it was read. `_swept` states whether the
    /// sweeper completes the run.
    fn guards_completion(&self, _swept: bool) -> bool {
        true
    }

    /// Returns whether a delivery leaves a terminal run unchanged.
    fn leaves_terminal(&self, _head: &Head) -> bool {
        true
    }

    /// Returns whether a commit that resolves a unit or hands a job back is refused if the run has ended since it was
    /// loaded.
    fn guards_end(&self, head: &Head) -> bool {
        self.leaves_terminal(head)
    }

    /// Returns whether a delivery is acknowledged before its work instead of afterwards.
    fn acks_first(&self) -> bool {
        false
    }

    /// Returns the salt that the idempotency key contains in addition to (run, unit). Standard rules return 0, so
    /// nothing is added.
    fn effect_salt(&self, _lease: Lease, _version: u32) -> u32 {
        0
    }

    /// Returns whether a worker that lost the reply to its hand-back confirms that it still holds the job before it
    /// continues.
    fn confirms_hand_backs(&self) -> bool {
        true
    }

    /// Returns whether completion is checked on this occasion. `planned` is the number of units, or `None` if no plan
    /// is sealed.
    fn checks_completion(&self, _trigger: CompletionTrigger, _planned: Option<u32>) -> bool {
        true
    }

    /// Returns whether a run may be completed.
    fn may_complete(&self, run: &Run) -> bool {
        run.may_end()
    }

    /// Returns whether a failed unit ends a run now, in which case the run fails as a whole.
    fn fails_fast(&self, run: &Run) -> bool {
        run.fails_fast()
    }

    /// Returns the outcome of a run that does not fail as a whole.
    fn outcome(&self, counts: &Counts) -> Outcome {
        let [succeeded, failed, skipped] = [Key::Succeeded, Key::Failed, Key::Skipped].map(|key| counts.or_zero(key));
        outcome(false, succeeded, failed, skipped)
    }

    /// Returns whether the content of an entry is packed if its unit has this resolution.
    fn packs(&self, resolution: Resolution) -> bool {
        resolution == Resolution::Succeeded
    }

    /// Returns the bytes of an artifact with these entries.
    fn packed(&self, pack: Pack, entries: &[Entry<'_>], _lease: Lease) -> Vec<u8> {
        pack(entries)
    }

    /// Returns whether a run with this outcome publishes its artifact.
    fn publishes(&self, outcome: Outcome) -> bool {
        outcome != Outcome::Failed
    }

    /// Returns whether renaming a staged file requires that the file contains what was written.
    fn checks_staged(&self) -> bool {
        true
    }

    /// Returns whether a staged file is renamed before a terminal write names it.
    fn renames_first(&self) -> bool {
        true
    }

    /// Returns whether a renaming that got no reply counts as done.
    fn believes_lost_renames(&self) -> bool {
        false
    }

    /// Returns whether a reader whose reply was lost asks for the actor's grant again.
    fn asks_for_grant_again(&self) -> bool {
        true
    }

    /// Returns whether a reader gets a file that no terminal run names.
    fn serves_unnamed(&self) -> bool {
        false
    }

    /// Returns the tenant whose policy decides whether a reader gets the artifact of a run.
    fn reader_tenant(&self, run: &Run) -> TenantId {
        run.identity.tenant
    }

    /// Returns whether clearing the staging area of a run keeps the artifact named in the run's row.
    fn keeps_named(&self) -> bool {
        true
    }

    /// Returns whether the sweeper creates jobs for work that no job carries, and clears staged files to which no
    /// worker will return.
    fn repairs(&self) -> bool {
        true
    }

    /// Returns whether a repair is refused if the work is no longer orphaned when the repair commits.
    fn guards_repairs(&self) -> bool {
        true
    }

    /// Returns the request for the next run whose rows may be pruned.
    fn prunable(&self, from: RunId, retention: Millis) -> Load {
        Load::NextExpired { from, retention }
    }

    /// Returns whether the run found for a request was created by that request.
    fn is_own(&self, same: Same) -> bool {
        same.own
    }

    /// Returns whether a request gets the active run with the same identity, if there is one.
    fn deduplicates(&self) -> bool {
        true
    }

    /// Returns the actor named in a failure record; `None` under standard rules.
    fn failure_detail(&self) -> Option<ActorId> {
        None
    }

    /// Returns the number of `run-enqueued` events that are committed with an accepted run.
    fn announcements(&self) -> u8 {
        1
    }

    /// Returns the run to which the toast of an accepted request links.
    fn toast_link(&self, run: RunId) -> RunId {
        run
    }

    /// Returns whether the terminal write adds an outbox entry.
    fn notifies(&self) -> bool {
        true
    }

    /// Returns the letter that notifies an actor of a terminal run.
    fn letter(&self, run: &Run, to: ActorId) -> Letter {
        Letter::of(run, to)
    }

    /// Returns whether the commit that delivers a letter also marks its outbox entry as sent.
    fn marks_sent_with_letter(&self) -> bool {
        true
    }

    /// Returns whether an inbox accepts at most one letter for each run.
    fn keys_letters(&self) -> bool {
        true
    }

    /// Returns whether a surface shows only runs of its own tenant.
    fn scopes_surfaces(&self) -> bool {
        true
    }

    /// Returns whether a surface without a tenant shows no runs.
    fn blanks_tenantless(&self) -> bool {
        true
    }

    /// Returns whether the replies are the same for a run that the actor may not see and for a run that does not exist.
    fn hides_existence(&self) -> bool {
        true
    }

    /// Returns whether an actor with this grant may see a tenant's runs.
    fn sees(&self, grant: Grant) -> bool {
        grant.sees()
    }

    /// Returns whether an actor with this grant is notified of a terminal run.
    fn notifies_holder(&self, grant: Grant) -> bool {
        grant.sees()
    }

    /// Returns whether a rendering commits a write for each run that it shows.
    fn notes_views(&self) -> bool {
        false
    }

    /// Returns whether an item of a surface carries diagnostics.
    fn shows_diagnostics(&self) -> bool {
        false
    }

    /// Returns what a surface shows for a run.
    fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
        progress(run.head.family.mode(), run.head.status, run.outcome, phase, &run.counts)
    }
}

/// The rules of the engine in production.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Standard;

impl Rules for Standard {
    type Memory = ();
}
