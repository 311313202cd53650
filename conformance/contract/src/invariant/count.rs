//! COUNT: one total, one step per unit.
//!
//! These clauses apply to counted families. Only COUNT-14 also applies to activity-only runs, and no clause here
//! applies to phased runs.

mod deliveries;
mod ends;
mod observations;
mod units;

use truecount_engine::id::{RunId, UnitIx};
use truecount_engine::mode::Mode;
use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::simulate::Ended;
use truecount_sim::trace::Event;

use super::{Checker, Found};
use crate::ledger::Ledger;

/// The checker for COUNT.
#[derive(Clone, Debug, Default)]
pub(crate) struct Count {
    /// The unit that the current commit has counted.
    counted_in_commit: Option<(RunId, UnitIx)>,
}

impl Checker for Count {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Observed { run, counts, status, .. } => {
                let note = ledger.run(run);
                let (unit, mode) = (self.counted_in_commit.take(), ledger.of(run).mode);
                if mode != Mode::Phased {
                    observations::count_14_at_observed(note, counts, found);
                }
                if mode == Mode::Counted {
                    observations::count_01_at_observed(note, counts, found);
                    observations::count_02_at_observed(ledger.of(run), counts, found);
                    observations::count_04_at_observed(note, counts, found);
                    observations::count_05_at_observed(note, counts, found);
                    observations::count_06_at_observed(note, counts, found);
                    observations::count_08_at_observed(note, counts, found);
                    observations::count_10_at_observed(note, counts, status, found);
                    observations::count_11_at_observed(note, counts, found);
                    observations::count_12_at_observed(unit, ledger, found);
                    observations::count_13_at_observed(note, counts, found);
                }
            }
            Event::ObservedMore { run, key, value } if ledger.of(run).mode != Mode::Phased => {
                observations::count_14_at_observed_more(ledger.run(run), key, value, found);
            }
            Event::UnitsRead { run, units, digest } if ledger.counted(run) => {
                ends::count_15_at_units_read(run, units, digest, ledger, found);
            }
            Event::Counted { run, unit, job, .. } if ledger.counted(run) => {
                self.counted_in_commit = Some((run, unit));
                let (note, job) = (ledger.unit(run, unit), ledger.job(job));
                units::count_06_at_counted(note, found);
                units::count_09_at_counted(note, job, ledger, found);
                units::count_16_at_counted(run, job, found);
            }
            Event::Resolved { run, unit, resolution, job, .. } if ledger.counted(run) => {
                if let Some(note) = ledger.unit(run, unit) {
                    units::count_11_at_resolved(note, resolution, found);
                    units::count_15_at_resolved(note, found);
                    units::count_17_at_resolved(run, unit, note, resolution, ledger, found);
                    units::count_20_at_resolved(note, resolution, ledger, found);
                }
                deliveries::count_21_at_resolved(job, resolution, ledger, found);
            }
            Event::Responded { run, unit, worker, weight, attempt, .. } => {
                deliveries::count_18_at_responded(run, unit, worker, ledger, found);
                if ledger.counted(run) {
                    units::count_19_at_responded(run, unit, weight, ledger, found);
                    units::count_21_at_responded(run, unit, attempt, ledger, found);
                }
            }
            Event::EffectDone { run, unit, .. } if ledger.counted(run) => {
                units::count_19_at_effect_done(run, unit, ledger, found);
            }
            Event::PlanResponded { run, attempt, .. } if ledger.counted(run) => {
                units::count_21_at_plan_responded(run, attempt, ledger, found);
            }
            Event::Staged { run, attempt, .. } | Event::Renamed { run, attempt, .. } => {
                units::count_21_at_staged(run, attempt, ledger, found);
            }
            Event::Acked { worker, job, .. } => {
                deliveries::count_09_at_acked(job, ledger, found);
                deliveries::count_16_at_acked(job, worker, ledger, found);
                deliveries::count_18_at_acked(worker, ledger, found);
            }
            Event::Leased { worker, .. } => deliveries::count_18_at_leased(worker, ledger, found),
            Event::Planned { run, units, digest, .. } if ledger.counted(run) => {
                ends::count_02_at_planned(run, units, digest, ledger, found);
            }
            Event::Completed { run, outcome, cause: None, .. } if ledger.counted(run) => {
                ends::count_07_at_completed(ledger.run(run), found);
                ends::count_13_at_completed(ledger.run(run), outcome, found);
            }
            Event::Shown { run, shown, .. } | Event::RunViewed { run, shown, .. } => {
                ends::count_13_at_shown(run, shown, ledger, found);
            }
            _ => {}
        }
    }

    fn end(&mut self, _: Ended, ledger: &Ledger<'_>, found: &mut Found) {
        self.counted_in_commit = None;
        for (run, note) in ledger.numbered() {
            let mode = ledger.of(run).mode;
            if mode == Mode::Counted {
                ends::count_07_at_end(note, found);
                ends::count_20_at_end(note, ledger.of(run), found);
            }
            if mode != Mode::Phased {
                ends::count_14_at_end(note, found);
            }
        }
        deliveries::count_18_at_end(ledger, found);
    }

    fn reset(&mut self) {
        self.counted_in_commit = None;
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { counted_in_commit } = self;
        fingerprinter.value(counted_in_commit);
    }
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<super::tests::Trace> {
    let files = [deliveries::traces, ends::traces, observations::traces, units::traces];
    files.into_iter().flat_map(|traces| traces()).collect()
}
