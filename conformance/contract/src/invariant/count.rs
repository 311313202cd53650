//! COUNT: one total, one step per unit.
//!
//! Binds the counted families; of an activity-only run only COUNT-14 is asked.

use truecount_engine::id::{JobId, RunId, UnitIx};
use truecount_engine::index::ix;
use truecount_engine::run::{Outcome, Status};
use truecount_engine::unit::{Answer, Failure, Resolution};
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::trace::{Event, Seen, Shown, Weight};

use super::Found;
use crate::clause::Clause;
use crate::ledger::{Ledger, RunNote, UnitNote};

/// The checker of COUNT.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    /// The unit counted by the commit under way.
    fresh: Option<(RunId, UnitIx)>,
}

impl Count {
    pub(crate) fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { fresh } = self;
        fingerprinter.value(fresh);
    }

    pub(crate) fn reset(&mut self) {
        self.fresh = None;
    }

    #[inline]
    pub(crate) fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Observed { run, counts, status, .. } => self.observed(run, status, counts, ledger, found),
            Event::Counted { run, unit, job, .. } if ledger.counted(run) => {
                self.fresh = Some((run, unit));
                counted(run, unit, job, ledger, found);
            }
            Event::Resolved { run, unit, resolution, job, .. } if ledger.counted(run) => {
                resolved(run, unit, resolution, ledger, found);
                if ledger.job(job).is_some_and(|job| job.dead) {
                    // The limit was reached, so the limit decides, not the luck of one more delivery.
                    found.check(Clause::COUNT_21, resolution == Resolution::Failed(Failure::Abandoned));
                }
            }
            Event::Answered { run, unit, worker, weight, attempt, .. } if ledger.counted(run) => {
                // No attempt has a number above the family's limit.
                found.check(Clause::COUNT_21, attempt <= ledger.of(run).policy.attempt_limit);
                // An answer at the commit belongs to the unit in hand; any other is to a new question.
                if let Some((_, other)) = ledger.worker(worker).finished.filter(|&own| own != (run, unit)) {
                    finished_is_counted(run, other, ledger, found);
                }
                if ledger.unit(run, unit).is_some_and(|note| note.effect && weight == Weight::Definite) {
                    // Asked again after the effect. Had the key not found it, it would have been done again, and seen.
                    found.check(Clause::COUNT_19, true);
                }
            }
            Event::Acked { worker, job, .. } => {
                // It carried a unit outside the plan, and is done with it: had it counted, it would have been seen.
                if let Some(job) = ledger.job(job)
                    && job.unit.is_some_and(|unit| ledger.unit(job.run, unit).is_none())
                {
                    found.check(Clause::COUNT_09, true);
                }
                if let Some((run, unit)) = ledger.worker(worker).finished {
                    finished_is_counted(run, unit, ledger, found);
                }
                if let Some(job) = ledger.job(job).filter(|job| ledger.run(job.run).completed.is_none())
                    && let Some(unit) = job.unit
                {
                    not_blocked(job.run, unit, ledger, found);
                }
            }
            Event::EffectDone { run, unit, .. } if ledger.counted(run) => {
                found.check(Clause::COUNT_19, ledger.unit(run, unit).is_none_or(|note| !note.effect));
            }
            Event::Planned { run, units, digest, .. } if ledger.counted(run) => {
                let brief = ledger.of(run);
                let right = units as usize == brief.plan.len() && digest == brief.digest;
                found.check(Clause::COUNT_02, right);
            }
            Event::Completed { run, outcome, cause: None, .. } if ledger.counted(run) => {
                // With a lag of 0 there is nothing to wait for.
                found.check(Clause::COUNT_07, once_each(ledger.run(run)));
                if ledger.run(run).planned == Some(0) {
                    found.check(Clause::COUNT_13, outcome == Some(Outcome::Succeeded));
                }
            }
            Event::Shown { run, shown, .. } if ledger.run(run).planned == Some(0) => {
                found.check(Clause::COUNT_13, !matches!(shown, Shown::Counted { .. }));
            }
            _ => {}
        }
    }

    #[inline]
    fn observed(&mut self, run: RunId, status: Status, counts: Seen, ledger: &Ledger<'_>, found: &mut Found) {
        let note = ledger.run(run);
        if let Some(terminal) = note.terminal_counts {
            found.check(Clause::COUNT_14, counts == terminal);
        }
        let fresh = self.fresh.take();
        if !ledger.counted(run) {
            return;
        }
        let (total, processed) = (counts.total(), counts.processed);
        if note.total.is_some() {
            found.check(Clause::COUNT_01, total == note.total);
        }
        if let (Some(units), Some(total)) = (note.planned, total) {
            found.check(Clause::COUNT_02, total == units);
        }
        if processed > 0 {
            found.check(Clause::COUNT_04, note.planned.is_some() && total.is_some());
        }
        found.check(
            Clause::COUNT_05,
            if note.observations == 0 { processed == 0 } else { processed >= note.counts.processed },
        );
        if let (Some(total), Some(processed)) = (total, counts.processed()) {
            found.check(Clause::COUNT_08, processed <= total);
        }
        let outcomes = u64::from(counts.succeeded) + u64::from(counts.skipped) + u64::from(counts.failed);
        found.check(Clause::COUNT_10, outcomes <= u64::from(processed));
        if status == Status::Completed {
            found.check(Clause::COUNT_10, [counts.succeeded, counts.skipped, counts.failed] == note.tallies);
        }
        if processed > note.counts.processed {
            found.check(Clause::COUNT_06, processed <= note.upper_bound);
        }
        // The row is the count: not more than the rows, and with a lag of 0 not fewer.
        found.check(Clause::COUNT_11, processed == note.rows());
        if let Some((run, unit)) = fresh
            && let Some(unit) = ledger.unit(run, unit)
            && unit.attempts_lost > 0
        {
            found.check(Clause::COUNT_12, unit.resolution.is_some() || !unit.retriable);
        }
        if note.planned == Some(0) {
            found.check(Clause::COUNT_13, (total, counts.processed()) == (Some(0), Some(0)));
        }
    }

    pub(crate) fn end(&mut self, ledger: &Ledger<'_>, found: &mut Found) {
        self.fresh = None;
        for (place, note) in ledger.runs.iter().enumerate() {
            let run = RunId(ix(place));
            let whole = note.completed.is_some_and(|completed| completed.cause.is_none());
            if ledger.counted(run) && whole && note.planned.is_some() {
                found.check(Clause::COUNT_07, once_each(note));
            }
            if let Some(terminal) = note.terminal_counts {
                found.check(Clause::COUNT_14, terminal == note.counts);
            }
        }
    }
}

/// Whether each planned unit has its row and added exactly 1.
fn once_each(note: &RunNote) -> bool {
    note.planned.is_some_and(|units| [note.counted, note.rows(), note.counts.processed] == [units; 3])
}

/// A job is done with its unit: it was not dropped because another run has resolved the same object.
fn not_blocked(run: RunId, unit: UnitIx, ledger: &Ledger<'_>, found: &mut Found) {
    let resolved = |note: &UnitNote| note.resolution.is_some();
    let Some(object) = ledger.of(run).plan.get(unit.index()).filter(|_| !ledger.unit(run, unit).is_some_and(resolved))
    else {
        return;
    };
    let others = (0..ix(ledger.runs.len())).map(RunId).filter(|other| *other != run);
    let done = |other: RunId| {
        let units = ledger.of(other).plan.iter().zip(ledger.units(other));
        units.filter(|(key, _)| *key == object).any(|(_, note)| resolved(note))
    };
    found.check(Clause::COUNT_16, !others.into_iter().any(done));
}

fn counted(run: RunId, unit: UnitIx, job: JobId, ledger: &Ledger<'_>, found: &mut Found) {
    match ledger.unit(run, unit) {
        Some(note) => found.check(Clause::COUNT_06, !note.counted),
        // No unit of the plan that the input gives, whether the engine has sealed one or not.
        None => found.check(Clause::COUNT_09, false),
    }
    if let Some(job) = ledger.job(job) {
        let own = job.run == run && job.unit.is_none_or(|carried| carried == unit);
        found.check(Clause::COUNT_16, own);
        if job.unit.is_some_and(|carried| ledger.unit(job.run, carried).is_none()) {
            found.check(Clause::COUNT_09, false);
        }
    }
}

fn resolved(run: RunId, unit: UnitIx, resolution: Resolution, ledger: &Ledger<'_>, found: &mut Found) {
    let Some(note) = ledger.unit(run, unit) else {
        found.check(Clause::COUNT_09, false);
        return;
    };
    found.check(Clause::COUNT_15, note.resolution.is_none());
    let means = |answer: Answer| ledger.brief.resolutions.of(answer) == Some(resolution);
    let limit = match resolution {
        Resolution::Failed(Failure::RetriesExhausted) => {
            Some(note.attempts_lost >= ledger.of(run).policy.attempt_limit)
        }
        Resolution::Failed(Failure::Abandoned) => Some(note.given_up),
        _ => None,
    };
    if let Some(reached) = limit {
        found.check(Clause::COUNT_17, reached);
        return;
    }
    found.check(Clause::COUNT_17, ledger.world_could_say(run, unit, means));
    if let Some(first) = note.first_definite {
        found.check(Clause::COUNT_20, means(first));
    }
    if resolution == Resolution::Succeeded {
        found.check(Clause::COUNT_11, note.effect);
    }
}

/// A worker goes on: what it has finished must be counted, by it or by anybody.
#[inline]
fn finished_is_counted(run: RunId, unit: UnitIx, ledger: &Ledger<'_>, found: &mut Found) {
    if ledger.counted(run) && ledger.run(run).completed.is_none() {
        let counted = ledger.unit(run, unit).is_none_or(|note| note.resolution.is_some() && note.counted);
        found.check(Clause::COUNT_18, counted);
    }
}
