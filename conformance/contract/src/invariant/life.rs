//! LIFE: lifecycle and ownership.

mod ends;
mod leases;
mod requests;
mod status;

use truecount_sim::fingerprint::Fingerprinter;
use truecount_sim::pooled;
use truecount_sim::simulate::Ended;
use truecount_sim::trace::Event;

use super::{Checker, Found};
use crate::ledger::Ledger;

/// The checker for LIFE.
#[derive(Debug, Default)]
pub(crate) struct Life {
    /// The event at which each view began, by view number.
    views: Vec<(u16, u64)>,
}

pooled!(Life { views });

impl Checker for Life {
    #[inline]
    fn see(&mut self, event: &Event, ledger: &Ledger<'_>, found: &mut Found) {
        match *event {
            Event::Observed { run, status, counts, .. } => {
                let note = ledger.run(run);
                status::life_01_at_observed(note, status, found);
                status::life_08_at_observed(note, status, counts, found);
                status::life_09_at_observed(note, status, counts, found);
                status::life_10_at_observed(run, counts, ledger, found);
            }
            Event::Counted { run, job, fence, .. }
            | Event::Resolved { run, job, fence, .. }
            | Event::Planned { run, job, fence, .. } => {
                leases::life_11_at_written(job, fence, ledger, found);
                leases::life_13_at_written(run, ledger, found);
                leases::life_17_at_written(job, fence, ledger, found);
            }
            Event::Completed { run, outcome, cause, lease } => {
                if let Some((job, fence)) = lease {
                    leases::life_11_at_written(job, fence, ledger, found);
                    leases::life_17_at_written(job, fence, ledger, found);
                }
                let note = ledger.run(run);
                ends::life_02_at_completed(note, found);
                if note.completed.is_none() {
                    ends::life_04_at_completed(note, outcome, cause, found);
                    ends::life_05_at_completed(run, cause, ledger, found);
                    ends::life_07_at_completed(run, ledger, found);
                    ends::life_16_at_completed(run, cause, ledger, found);
                }
            }
            Event::FailureRecorded { reason, names, .. } => status::life_12_at_failure_recorded(reason, names, found),
            Event::JobCreated { run, unit, .. } => leases::life_18_at_job_created(run, unit, ledger, found),
            Event::Leased { job, .. } => leases::life_17_at_leased(job, ledger, found),
            Event::Responded { run, worker, .. } => leases::life_17_at_responded(run, worker, ledger, found),
            Event::Acked { job, fence, .. } | Event::Started { lease: Some((job, fence)), .. } => {
                leases::life_11_at_written(job, fence, ledger, found);
                leases::life_17_at_written(job, fence, ledger, found);
            }
            Event::HandedBack { job, fence, .. } => {
                leases::life_11_at_written(job, fence, ledger, found);
                leases::life_13_at_handed_back(job, ledger, found);
                leases::life_17_at_written(job, fence, ledger, found);
            }
            Event::ItemStored { run, .. } => leases::life_13_at_item_stored(run, ledger, found),
            Event::Enqueued { request, .. } => {
                requests::life_06_at_enqueued(request, ledger, found);
                requests::life_19_at_enqueued(request, ledger, found);
            }
            Event::Accepted { request, run } => requests::life_06_at_accepted(request, run, ledger, found),
            Event::Deduplicated { request, run } => {
                requests::life_06_at_deduplicated(request, run, ledger, found);
                requests::life_19_at_deduplicated(request, run, ledger, found);
            }
            Event::Denied { request } => requests::life_06_at_denied(request, ledger, found),
            Event::OutcomeRead { run, outcome, cause } => {
                ends::life_02_at_outcome_read(ledger.run(run), outcome, found);
                ends::life_16_at_outcome_read(ledger.run(run), cause, found);
            }
            Event::Pruned { run } => ends::life_14_at_pruned(run, ledger, found),
            Event::RunAsked { view, .. } | Event::ViewBegan { view, .. } => self.views.push((view, ledger.event)),
            Event::Shown { view, run, shown, .. } | Event::RunViewed { view, run, shown, .. } => {
                let began = self.views.iter().find(|(other, _)| *other == view).map_or(0, |(_, at)| *at);
                status::life_09_at_shown(run, shown, began, ledger, found);
            }
            Event::ViewEnded { view, .. } => self.views.retain(|(other, _)| *other != view),
            _ => {}
        }
    }

    fn end(&mut self, ended: Ended, ledger: &Ledger<'_>, found: &mut Found) {
        ends::life_07_at_end(ended, ledger, found);
        for (run, note) in ledger.numbered() {
            leases::life_10_at_end(run, note, ledger, found);
            ends::life_14_at_end(run, note, ledger, found);
            ends::life_15_at_end(note, found);
        }
        leases::life_13_at_end(ledger, found);
    }

    fn reset(&mut self) {
        self.views.clear();
    }

    fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { views } = self;
        fingerprinter.word(views.len() as u64);
        for (view, began) in views {
            fingerprinter.view(*view);
            fingerprinter.place(*began);
        }
    }
}

/// For each function, a trace that it detects.
#[cfg(test)]
pub(super) fn traces() -> Vec<super::tests::Trace> {
    let files = [ends::traces, leases::traces, requests::traces, status::traces];
    files.into_iter().flat_map(|traces| traces()).collect()
}
