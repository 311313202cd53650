//! Every rule of the engine, as default methods of one trait: the seam through which a harness plants bugs.
//!
//! There is no switch for a bug anywhere else. An operation asks its rules and follows them; production runs
//! [`Standard`], which overrides nothing.

use std::fmt::Debug;
use std::hash::Hash;

use crate::artifact::Entry;
use crate::counts::{Counts, Key};
use crate::delivery::{Lease, RetryPolicy};
use crate::family::{Family, Pack};
use crate::id::{ActorId, RunId};
use crate::notice::Letter;
use crate::plan::{Input, Plan};
use crate::policy::Grant;
use crate::progress::{Progress, progress};
use crate::run::{Head, Outcome, Run, outcome};
use crate::storage::{Load, Loaded, Same, TotalWrite};
use crate::time::Millis;
use crate::unit::{Meaning, Resolution, Response, resolve};

/// Who checks whether a run may be completed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompletionTrigger {
    /// The delivery that counted what may be the last unit, or sealed a plan.
    Count,
    /// A delivery that found its work done.
    Redelivery,
    Sweep,
}

/// A delivery that comes to a unit.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'a> {
    /// The unit as loaded.
    pub loaded: &'a Loaded,
    /// The delivery's lease.
    pub lease: Lease,
    /// The number of the delivery, from 1.
    pub delivery: u16,
}

/// What happens to a unit that is already resolved and was not left alone. Standard rules leave every such unit alone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Again {
    /// Nothing is written.
    Nothing,
    /// It is counted once more, without a ledger row.
    Count,
    /// Its ledger row is written over, without a count.
    Overwrite,
}

/// The decisions of the engine.
pub trait Rules: Clone {
    /// What one worker remembers from one delivery to the next. Nothing, in production.
    type Memory: Clone + Hash + Default + Debug;

    /// Returns the plan of an input.
    fn plan(&self, family: &Family, input: &Input) -> Plan {
        family.plan(input)
    }

    /// Returns whether a run whose plan is sealed is planned once more.
    fn plans_again(&self, _run: &Run) -> bool {
        false
    }

    /// Returns what happens to `total` when the plan is made durable.
    fn total_with_plan(&self) -> TotalWrite {
        TotalWrite::Set
    }

    /// Returns whether the plan is sealed by the commit that makes its units and jobs.
    fn seals_with_jobs(&self) -> bool {
        true
    }

    /// Returns whether the run's one job continues at the first unresolved unit; otherwise it visits all of them.
    fn finds_unresolved(&self) -> bool {
        true
    }

    /// Returns whether a unit is left alone because it is already resolved.
    fn leaves_alone(&self, visit: &Visit<'_>, _memory: &Self::Memory) -> bool {
        visit.loaded.unit.resolution.is_some()
    }

    /// Returns what happens to a unit that is already resolved and was not left alone.
    fn again(&self, _before: Resolution, _now: Resolution) -> Again {
        Again::Count
    }

    /// Returns what a response means.
    fn resolve(&self, response: Response) -> Meaning {
        resolve(response)
    }

    /// Returns whether an attempt with a retryable response was the last one.
    fn gives_up(&self, attempt: u8, attempt_limit: u8) -> bool {
        attempt >= attempt_limit
    }

    /// Returns how long a job waits after an attempt, counted from 1, with a retryable response.
    fn waits(&self, policy: &RetryPolicy, attempt: u8) -> Millis {
        policy.back_off(attempt)
    }

    /// Returns whether a unit with this resolution is settled and counted at all.
    fn settles(&self, _resolution: Resolution) -> bool {
        true
    }

    /// Returns the outcome key to which a unit with this resolution adds.
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

    /// Returns what a retryable response adds to `processed`, if it is counted as a failure at all.
    fn books_attempts(&self) -> Option<u8> {
        None
    }

    /// Returns whether units that a poison job still carried are counted when they are ended.
    fn counts_abandoned(&self) -> bool {
        true
    }

    /// Returns whether a unit outside the plan is counted.
    fn counts_unplanned_units(&self) -> bool {
        false
    }

    /// Notes a unit that this worker counts.
    fn remember(&self, _visit: &Visit<'_>, _memory: &mut Self::Memory) {}

    /// Returns whether a commit is refused if its lease is superseded.
    fn fences(&self) -> bool {
        true
    }

    /// Returns whether a completion, by a delivery or by the sweeper, is refused if the run has changed since it was
    /// read.
    fn guards_completion(&self, _swept: bool) -> bool {
        true
    }

    /// Returns whether a delivery leaves a terminal run as it is.
    fn leaves_terminal(&self, _head: &Head) -> bool {
        true
    }

    /// Returns whether a delivery is acknowledged before its work instead of after.
    fn acks_first(&self) -> bool {
        false
    }

    /// Returns what the idempotency key holds besides (run, unit), given the lease and the version of the object's row.
    /// Standard is 0, which is nothing.
    fn effect_salt(&self, _lease: Lease, _version: u32) -> u32 {
        0
    }

    /// Returns whether a worker remembers a retry that it committed and whose reply was lost.
    fn remembers_hand_backs(&self) -> bool {
        true
    }

    /// Returns whether completion is checked there; a phased run has no plan.
    fn checks_completion(&self, _trigger: CompletionTrigger, _planned: Option<u32>) -> bool {
        true
    }

    /// Returns whether a run may be completed.
    fn may_complete(&self, run: &Run) -> bool {
        run.all_counted()
    }

    /// Returns the outcome of a run that completes without a run-level failure.
    fn outcome(&self, counts: &Counts) -> Outcome {
        let [succeeded, failed, skipped] = [Key::Succeeded, Key::Failed, Key::Skipped].map(|key| counts.or_zero(key));
        outcome(false, succeeded, failed, skipped)
    }

    /// Returns whether an entry whose unit has this resolution goes into an artifact.
    fn packs(&self, resolution: Resolution) -> bool {
        resolution == Resolution::Succeeded
    }

    /// Returns the bytes of an artifact of these entries.
    fn packed(&self, pack: Pack, entries: &[Entry<'_>], _lease: Lease) -> Vec<u8> {
        pack(entries)
    }

    /// Returns whether a run with this outcome publishes what it has made.
    fn publishes(&self, outcome: Outcome) -> bool {
        outcome != Outcome::Failed
    }

    /// Returns whether a staged file must hold what was written before it is renamed.
    fn checks_staged(&self) -> bool {
        true
    }

    /// Returns whether a staged file is renamed before a terminal write names it.
    fn renames_first(&self) -> bool {
        true
    }

    /// Returns whether a reader gets a file that no terminal run names.
    fn serves_unnamed(&self) -> bool {
        false
    }

    /// Returns whether clearing the staging area of a run keeps the artifact that its row names.
    fn keeps_named(&self) -> bool {
        true
    }

    /// Returns whether the sweeper repairs work that no job carries, and clears staged files to which no worker
    /// returns.
    fn repairs(&self) -> bool {
        true
    }

    /// Returns where to look for rows that may go.
    fn prunable(&self, from: RunId, retention: Millis) -> Load {
        Load::NextExpired { from, retention }
    }

    /// Returns whether the run found for a request is the one that the request made.
    fn is_own(&self, same: Same) -> bool {
        same.own
    }

    /// Returns whether an active run of the same identity is returned for a request.
    fn deduplicates(&self) -> bool {
        true
    }

    /// Returns the actor that a failure record names; under standard rules none.
    fn failure_detail(&self) -> Option<ActorId> {
        None
    }

    /// Returns how many `run-enqueued` events an accepted run commits.
    fn announcements(&self) -> u8 {
        1
    }

    /// Returns the run that the queued toast links to.
    fn toast_link(&self, run: RunId) -> RunId {
        run
    }

    /// Returns whether the terminal write leaves an outbox entry.
    fn notifies(&self) -> bool {
        true
    }

    /// Returns the letter that notifies an actor of a terminal run.
    fn letter(&self, run: &Run, to: ActorId) -> Letter {
        Letter::of(run, to)
    }

    /// Returns whether an outbox entry is marked as sent by the commit that delivers its letter.
    fn marks_sent_with_letter(&self) -> bool {
        true
    }

    /// Returns whether an inbox takes one letter for a run and no second.
    fn keys_letters(&self) -> bool {
        true
    }

    /// Returns whether a surface shows only its own tenant's runs.
    fn scopes_surfaces(&self) -> bool {
        true
    }

    /// Returns whether a surface with no tenant shows no runs.
    fn blanks_tenantless(&self) -> bool {
        true
    }

    /// Returns whether a request for a run that the actor may not see gets the same reply as one for a run that does
    /// not exist.
    fn hides_existence(&self) -> bool {
        true
    }

    /// Returns whether an actor with this grant sees a tenant's runs.
    fn sees(&self, grant: Grant) -> bool {
        grant.sees()
    }

    /// Returns whether a rendering writes to a run's row that it was viewed.
    fn notes_views(&self) -> bool {
        false
    }

    /// Returns whether an item of a surface carries diagnostics.
    fn shows_diagnostics(&self) -> bool {
        false
    }

    /// Returns what a surface shows of a run.
    fn shows(&self, run: &Run, phase: Option<&'static str>) -> Progress {
        progress(run.head.family.mode(), run.head.status, run.outcome, phase, &run.counts)
    }
}

/// The engine as it ships.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Standard;

impl Rules for Standard {
    type Memory = ();
}
