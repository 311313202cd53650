//! LIFE: lifecycle and ownership.

use truecount_engine::id::{Fence, JobId, RequestId, RunId};
use truecount_engine::index::ix;
use truecount_engine::mode::Mode;
use truecount_engine::run::{Cause, Outcome, Status};
use truecount_engine::time::Millis;
use truecount_engine::unit::Failure;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::heal::wait_ms;
use truecount_sim::pooled;
use truecount_sim::trace::{Event, Seen, Shown};

use super::Found;
use crate::clause::Clause;
use crate::ledger::{Completed, JobNote, Ledger, RunNote};

/// The checker of LIFE.
#[derive(Debug, Default)]
pub(crate) struct Life {
    /// Where each rendering began.
    views: Vec<(u16, u64)>,
}

pooled!(Life { views });

impl Life {
    pub(crate) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { views } = self;
        fingerprinter.word(views.len() as u64);
        for (view, began) in views {
            fingerprinter.view(*view);
            fingerprinter.place(*began);
        }
    }

    pub(crate) fn reset(&mut self) {
        self.views.clear();
    }

    #[inline]
    pub(crate) fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Observed { run, status, counts, .. } => observed(run, status, counts, ledger, found),
            Event::Counted { run, job, fence, .. } | Event::Resolved { run, job, fence, .. } => {
                written(run, Some((job, fence)), ledger, found);
            }
            Event::Planned { run, job, fence, .. } => written(run, Some((job, fence)), ledger, found),
            Event::Completed { run, outcome, cause, lease } => {
                if let Some((job, fence)) = lease {
                    fenced(job, fence, ledger, found);
                }
                completed(run, outcome, cause, ledger, found);
            }
            Event::FailureRecorded { reason, names, .. } => {
                let known = matches!(
                    reason,
                    Failure::NotFound
                        | Failure::Forbidden
                        | Failure::Rejected
                        | Failure::RetriesExhausted
                        | Failure::Abandoned
                );
                found.check(Clause::LIFE_12, known && names.is_none());
            }
            Event::JobCreated { run, unit, .. } if !ledger.queue_creates_next_job && !ledger.copied_by_queue => {
                // A repair makes a job for what no job carries: one that was there has been acknowledged, or was lost.
                let there = || ledger.jobs().filter(|job| job.run == run && (job.unit.is_none() || job.unit == unit));
                let gone = there().any(|job| job.unit == unit) && there().all(|job| job.acked);
                found.check(Clause::LIFE_18, gone);
            }
            Event::Leased { job, .. } => {
                // A delivery belongs to its worker for a whole lease after the last commit under it.
                if let Some(note) = ledger.job(job).filter(|note| note.fence > Fence(0) && !note.may_come_early) {
                    found.check(Clause::LIFE_17, ledger.now >= note.held_until);
                }
            }
            // Whoever hands a unit back does not ask about it again: not before its job is delivered again.
            Event::Answered { run, unit, worker, .. } if ledger.of(run).acts_outside => {
                found.check(Clause::LIFE_17, ledger.worker(worker).handed_back != Some((run, unit)));
            }
            Event::HandedBack { job, attempt, until } => handed_back(job, attempt, until, ledger, found),
            Event::Enqueued { run, request, .. } => enqueued(run, request, ledger, found),
            Event::Accepted { request, .. } | Event::Deduplicated { request, .. } => {
                let granted = ledger.requested[request.0 as usize].is_some_and(|requested| requested.granted);
                found.check(Clause::LIFE_06, granted);
                match *event {
                    Event::Deduplicated { run, .. } => deduplicated(run, request, ledger, found),
                    // A run of another request is none that was made for this one.
                    Event::Accepted { run, .. } => {
                        found.check(Clause::LIFE_06, ledger.run(run).spec == request.0 as usize);
                    }
                    _ => {}
                }
            }
            Event::Denied { request } => {
                found.check(
                    Clause::LIFE_06,
                    ledger.requested[request.0 as usize].is_some_and(|requested| requested.denied),
                );
            }
            Event::Pruned { run } => {
                let retention_ms = ledger.of(run).retention_ms;
                let kept = |completed: Completed| ledger.now.since(completed.when).0 >= retention_ms;
                found.check(Clause::LIFE_14, ledger.run(run).completed.is_some_and(kept));
            }
            Event::RunAsked { view, .. } | Event::ViewBegan { view, .. } => self.views.push((view, ledger.event)),
            Event::RunViewed { run, .. } if ledger.runs.get(run.index()).is_none() => {}
            Event::Shown { view, run, shown, .. } | Event::RunViewed { view, run, shown, .. } => {
                self.shown(view, run, shown, ledger, found);
            }
            Event::ViewEnded { view, .. } => self.views.retain(|(other, _)| *other != view),
            _ => {}
        }
    }

    /// A run that has failed is not shown as still going on.
    fn shown(&self, view: u16, run: RunId, shown: Shown, ledger: &Ledger<'_>, found: &mut Found) {
        let began = self.views.iter().find(|(other, _)| *other == view).map_or(0, |(_, at)| *at);
        let failed = ledger.run(run).completed.filter(|done| done.outcome == Some(Outcome::Failed) && done.at < began);
        if failed.is_some() {
            found.check(Clause::LIFE_09, matches!(shown, Shown::Terminal(_) | Shown::None));
        }
    }

    pub(crate) fn end(ledger: &Ledger<'_>, found: &mut Found) {
        for (place, note) in ledger.runs.iter().enumerate() {
            let run = RunId(ix(place));
            let brief = ledger.of(run);
            // Where all came to rest before faults were stopped, it did not even need them to.
            let in_time = |completed: Completed| {
                ledger
                    .healed
                    .is_none_or(|healed| completed.when.since(healed.max(note.enqueued_at)).0 <= brief.bound_ms)
            };
            found.check(Clause::LIFE_07, note.completed.is_some_and(in_time));
            if note.completed.is_some_and(|completed| completed.when.since(note.enqueued_at).0 > brief.retention_ms) {
                // It outlived what old rows are kept for; had one been pruned, the event would have said so.
                found.check(Clause::LIFE_14, true);
            }
            if let Some(units) = note.planned {
                let resolved = note.rows() >= units;
                if resolved {
                    found.check(Clause::LIFE_15, note.completed.is_some());
                } else {
                    found.check(Clause::LIFE_10, note.completed.is_some() || all_carried(run, ledger));
                }
            }
        }
        for job in ledger.jobs() {
            if job.fence > Fence(0) && ledger.run(job.run).completed.is_some() {
                found.check(Clause::LIFE_13, job.acked);
            }
        }
    }
}

/// Whether each unresolved unit of a run has a job that was not acknowledged.
fn all_carried(run: RunId, ledger: &Ledger<'_>) -> bool {
    let live = |job: &&JobNote| job.run == run && !job.acked;
    ledger.units(run).iter().enumerate().filter(|(_, unit)| unit.resolution.is_none()).all(|(ix, _)| {
        let carries = |job: &JobNote| job.unit.is_none_or(|unit| unit.index() == ix);
        ledger.jobs().filter(live).any(carries)
    })
}

#[inline]
fn observed(run: RunId, status: Status, counts: Seen, ledger: &Ledger<'_>, found: &mut Found) {
    let note = ledger.run(run);
    if let Some(before) = note.status {
        let could_never_start = note.completed.is_some_and(|completed| completed.cause.is_some());
        let moves = match (before, status) {
            (Status::Queued, Status::Completed) => could_never_start,
            (before, after) => before <= after && !(before == Status::Completed && after != Status::Completed),
        };
        found.check(Clause::LIFE_01, moves);
    }
    let terminal = status == Status::Completed;
    if terminal && note.terminal_counts.is_none() {
        let known = |seen: Seen| (seen.total(), seen.processed());
        found.check(Clause::LIFE_08, known(counts) == known(note.counts));
    }
    if terminal && note.completed.is_some_and(|completed| completed.cause.is_some()) {
        let truth = counts.total().is_none_or(|total| counts.processed <= total);
        found.check(Clause::LIFE_09, truth && counts.processed <= note.rows());
    }
    if ledger.of(run).mode == Mode::Counted && (note.planned.is_some() || counts.total().is_some()) {
        found.check(Clause::LIFE_10, note.planned.is_some() && counts.total().is_some());
    }
}

/// A write under a lease: not superseded, and not to a terminal run.
#[inline]
fn written(run: RunId, lease: Option<(JobId, Fence)>, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some((job, fence)) = lease {
        fenced(job, fence, ledger, found);
    }
    found.check(Clause::LIFE_13, ledger.run(run).completed.is_none());
}

#[inline]
fn fenced(job: JobId, fence: Fence, ledger: &Ledger<'_>, found: &mut Found) {
    if let Some(job) = ledger.job(job) {
        found.check(Clause::LIFE_11, fence >= job.fence);
    }
}

/// A job is delivered again no earlier than its declared back-off.
fn handed_back(job: JobId, attempt: u8, until: Millis, ledger: &Ledger<'_>, found: &mut Found) {
    // A late worker cannot hand back what the queue has lost meanwhile.
    let Some(job) = ledger.job(job).filter(|job| !job.acked) else { return };
    let wait = wait_ms(&ledger.of(job.run).policy, attempt);
    found.check(Clause::LIFE_17, until >= ledger.now + Millis(wait));
}

fn completed(run: RunId, ended: Option<Outcome>, cause: Option<Cause>, ledger: &Ledger<'_>, found: &mut Found) {
    let (note, brief) = (ledger.run(run), ledger.of(run));
    found.check(Clause::LIFE_02, note.completed.is_none());
    if note.completed.is_some() {
        return;
    }
    if brief.prompt && !ledger.delayed_by_fault {
        // Nobody died or slept, and no clock jumped: no time passes but what retries have to wait.
        found.check(Clause::LIFE_07, ledger.now.since(note.enqueued_at).0 <= note.waited_ms);
    }
    found.check(Clause::LIFE_04, ended == Some(outcome(cause.is_some(), note.tallies)));
    match cause {
        None if brief.mode == Mode::Phased => {
            found.check(Clause::LIFE_05, note.phase == brief.phases.checked_sub(1));
        }
        None => found.check(Clause::LIFE_05, note.planned.is_some_and(|units| note.rows() == units)),
        Some(Cause::PlanningFailed) => {
            found.check(
                Clause::LIFE_16,
                note.planned.is_none() && note.plan_attempts_lost >= brief.policy.attempt_limit,
            );
        }
        Some(Cause::PlannerLost) => found.check(Clause::LIFE_16, note.planned.is_none() && note.planner_lost),
        Some(Cause::PublishingFailed) => {
            let all = note.planned.is_some_and(|units| note.rows() == units);
            let lost = note.publish_attempts_lost >= brief.policy.attempt_limit || note.planner_lost;
            found.check(Clause::LIFE_16, brief.publishes && all && lost);
        }
    }
}

/// The outcome that the clause gives for units that succeeded, were skipped, failed: the first that fits.
fn outcome(run_failed: bool, [succeeded, skipped, failed]: [u32; 3]) -> Outcome {
    match (run_failed, failed, succeeded + skipped) {
        (true, ..) => Outcome::Failed,
        (false, 0, _) => Outcome::Succeeded,
        (false, _, 0) => Outcome::Failed,
        (false, ..) => Outcome::PartiallySucceeded,
    }
}

fn enqueued(_: RunId, request: RequestId, ledger: &Ledger<'_>, found: &mut Found) {
    let identity = ledger.brief.runs[request.0 as usize].identity;
    let same = |note: &&RunNote| ledger.brief.runs[note.spec].identity == identity;
    let active = ledger.runs.iter().filter(same).any(|note| note.completed.is_none());
    found.check(Clause::LIFE_06, !active);
    // Sent again, a request returns the run that it made, also once that has ended.
    found.check(Clause::LIFE_19, !ledger.runs.iter().any(|note| note.spec == request.0 as usize));
}

fn deduplicated(run: RunId, request: RequestId, ledger: &Ledger<'_>, found: &mut Found) {
    let since = ledger.requested[request.0 as usize].map_or(0, |requested| requested.at);
    let note = ledger.run(run);
    let same = ledger.brief.runs[note.spec].identity == ledger.brief.runs[request.0 as usize].identity;
    let active = note.completed.is_none_or(|completed| completed.at >= since);
    found.check(Clause::LIFE_06, same && active);
}
