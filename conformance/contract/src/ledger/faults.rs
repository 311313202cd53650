//! How the ledger takes injected faults in.

use truecount_engine::id::{ObjectId, RunId};
use truecount_sim::fault::Fault;

use super::{Ledger, RunNote};

impl Ledger<'_> {
    /// A fault is injected into the run of a worker or of a job, the runs that plan an object, or all that are active.
    pub(super) fn injected(&mut self, fault: Fault, at: u32) {
        let active = |run: &&mut RunNote| run.completed.is_none();
        self.delayed_by_fault |=
            matches!(fault, Fault::CrashBefore | Fault::CrashAfter | Fault::Stall | Fault::ClockJump | Fault::LostJob);
        self.copied_by_queue |= matches!(fault, Fault::Redeliver | Fault::NewJobId);
        self.queue_creates_next_job = matches!(fault, Fault::NewJobId | Fault::UnplannedUnit);
        match fault {
            Fault::Archive | Fault::Remove | Fault::Restore => {
                let planned = |run: &&mut RunNote| self.reference.runs[run.spec].plan.contains(&ObjectId(at));
                self.runs.iter_mut().filter(active).filter(planned).for_each(|run| run.inject(fault));
            }
            Fault::ClockJump | Fault::ClockSkew | Fault::Reorder => {
                self.runs.iter_mut().filter(active).for_each(|run| run.inject(fault));
            }
            // Whose unit it is shows only with its job.
            Fault::UnplannedUnit => {}
            Fault::Redeliver | Fault::NewJobId | Fault::LostJob => {
                let job = self.jobs.get_mut(at as usize).and_then(Option::as_mut);
                let run = job.map(|job| {
                    job.may_come_early |= fault == Fault::Redeliver;
                    job.acked |= fault == Fault::LostJob;
                    job.run
                });
                self.inject(run, fault);
            }
            fault => {
                let run = self.workers.get_mut(at as usize).and_then(|worker| {
                    worker.crashed |= matches!(fault, Fault::CrashBefore | Fault::CrashAfter);
                    worker.run
                });
                self.inject(run, fault);
            }
        }
    }

    fn inject(&mut self, run: Option<RunId>, fault: Fault) {
        if let Some(run) = run.and_then(|run| self.runs.get_mut(run.index())) {
            run.inject(fault);
        }
    }
}
