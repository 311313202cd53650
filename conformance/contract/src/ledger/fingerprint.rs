//! The ledger's part of a fingerprint.

use truecount_engine::id::{Fence, JobId};
use truecount_engine::index::ix;
use truecount_engine::time::Millis;
use truecount_sim::fingerprint::Fingerprinter;

use super::note::{Completed, JobNote, Past, Requested, RunNote, UnitNote};
use super::{Ledger, WorkerNote};

impl Ledger<'_> {
    /// Adds everything except the notes on individual workers.
    pub(crate) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self {
            reference,
            runs,
            units,
            jobs,
            workers: _,
            pasts,
            responses,
            denied,
            requested,
            grants,
            surfaces,
            // All other times and positions are relative to these.
            now,
            healed,
            event: _,
            delayed_by_fault,
            queue_creates_next_job,
        } = self;
        fingerprinter.flags([*delayed_by_fault, *queue_creates_next_job, healed.is_some()]);
        let longest = reference.runs.iter().map(|run| run.bound_ms).fold(0, u64::saturating_add);
        let matters = Millis(longest.saturating_add(1));
        fingerprinter.word(runs.len() as u64);
        for run in runs {
            fingerprint_run(run, *healed, matters, fingerprinter);
            // As long as no fault has delayed an actor, a run may take no longer than the back-offs of its retries.
            // Lateness is capped at `matters`. Without the cap, a run that never ends would reach a new state at every
            // step.
            if !delayed_by_fault && run.completed.is_none() {
                let took = now.since(run.enqueued_at).0;
                fingerprinter.word(if took > run.waited_ms {
                    (took - run.waited_ms).min(matters.0) << 1 | 1
                } else {
                    (run.waited_ms - took) << 1
                });
            }
        }
        let used = units.iter().rposition(|units| !units.is_empty()).map_or(0, |last| last + 1);
        fingerprinter.value(&(responses, denied, grants));
        for of_run in &units[..used] {
            fingerprinter.word(of_run.len() as u64);
            for unit in of_run {
                fingerprint_unit(*unit, fingerprinter);
            }
        }
        for (job, note) in jobs.iter().enumerate() {
            // The worker of the latest delivery is added by `fingerprint_worker`.
            let Some(note) = note else {
                fingerprinter.word(!0);
                continue;
            };
            let JobNote {
                run,
                unit,
                fence,
                deliveries,
                dead,
                acked,
                handed_back,
                may_come_early,
                late,
                worker: _,
                held_until,
            } = note;
            // Once a late delivery is acknowledged, no clause depends on its lateness.
            let (leased, late) = (*fence > Fence(0), *late && !acked);
            fingerprinter.flags([*dead, *acked, *handed_back, *may_come_early, late, leased, unit.is_some()]);
            fingerprinter.value(&(run, unit.unwrap_or_default(), deliveries));
            // If the job may be delivered again at any time, the end of its lease does not matter.
            fingerprinter.word(if *may_come_early { 0 } else { held_until.since(*now).0 + 1 });
            fingerprinter.fence(JobId(ix(job)), *fence);
        }
        for past in pasts {
            fingerprinter.word(past.len() as u64);
            for Past { from, state, by } in past {
                fingerprinter.place(*from);
                fingerprinter.value(&(state, by));
            }
        }
        for requested in requested {
            fingerprinter.value(&requested.is_some());
            // Whether the request was sent again affects only coverage.
            if let Some(Requested { at, granted, denied, resent: _ }) = requested {
                fingerprinter.place(*at);
                fingerprinter.value(&(granted, denied));
            }
        }
        fingerprinter.word(surfaces.len() as u64);
        for view in surfaces {
            fingerprinter.view(*view);
        }
        if let Some(healed) = healed {
            fingerprinter.time(*healed, matters);
        }
    }

    /// Adds the notes on one worker.
    pub(crate) fn fingerprint_worker(&self, worker: u16, job: Option<JobId>, fingerprinter: &mut Fingerprinter) {
        let WorkerNote { run, finished, handed_back, looked_up, gives_up, crashed } = self.worker(worker);
        // The worker's run only determines to which run an injected fault is attributed. No clause depends on it.
        let _ = run;
        // A job that is given up no longer matters once its worker has crashed.
        let gives_up = if crashed { None } else { gives_up };
        // Whether the worker has the latest delivery of its current job. If the job is handed back, the hand-back is
        // attributed to the worker of the latest delivery.
        let own = job.and_then(|job| self.job(job)).map(|note| note.worker == worker);
        fingerprinter.flags([
            finished.is_some(),
            handed_back,
            looked_up.is_some(),
            gives_up.is_some(),
            own.is_some(),
            own.unwrap_or_default(),
        ]);
        for unit in [finished, looked_up].into_iter().flatten() {
            fingerprinter.value(&unit);
        }
        fingerprinter.value(&gives_up);
    }
}

fn fingerprint_unit(note: UnitNote, fingerprinter: &mut Fingerprinter) {
    let UnitNote {
        counted,
        effect,
        resolution,
        first_definite,
        retryable,
        handed_back,
        attempts_lost,
        given_up,
        in_upper_bound,
    } = note;
    fingerprinter.flags([counted, effect, retryable, given_up, in_upper_bound]);
    fingerprinter.value(&(resolution, first_definite, handed_back, attempts_lost));
}

fn fingerprint_run(note: &RunNote, healed: Option<Millis>, matters: Millis, fingerprinter: &mut Fingerprinter) {
    let RunNote {
        // In place of these two fields, `fingerprint` adds the difference between elapsed time and waiting time.
        enqueued_at,
        waited_ms: _,
        enqueued_event,
        spec,
        planned,
        planned_at,
        status,
        counts,
        total,
        completed,
        terminal_counts,
        observed_again,
        tallies,
        counted,
        counted_since,
        upper_bound,
        handed_back,
        attempt_failed,
        plan_attempts_lost,
        publish_attempts_lost,
        planner_lost,
        phases,
        // The injected faults matter for coverage only; no clause depends on them.
        injected: _,
        other_values,
    } = note;
    fingerprinter.place(*enqueued_event);
    // A run that is requested after faults have stopped has a bound of its own.
    if healed.is_some_and(|healed| *enqueued_at > healed) {
        fingerprinter.time(*enqueued_at, matters);
    }
    fingerprinter.place(*planned_at);
    fingerprinter.value(&(spec, planned, status, counts, total));
    fingerprinter.value(&(terminal_counts, tallies, counted, counted_since, upper_bound, other_values));
    fingerprinter.value(&(handed_back, attempt_failed, plan_attempts_lost, publish_attempts_lost, planner_lost));
    fingerprinter.value(phases);
    fingerprinter.value(&(completed.is_some(), observed_again));
    if let Some(Completed { outcome, cause, when, at }) = completed {
        fingerprinter.value(&(outcome, cause));
        fingerprinter.place(*at);
        // The time to completion from the end of faults or from the request, whichever is later.
        fingerprinter.value(&healed.map(|healed| when.since(healed.max(*enqueued_at)).0.min(matters.0)));
    }
}
