//! How the ledger records injected faults.

use truecount_engine::id::{ObjectId, RunId};
use truecount_sim::fault::Fault;

use super::{Ledger, RunNote};

impl Ledger<'_> {
    /// Records an injected fault for each run that it affects. A fault of a worker or a job affects the run of that
    /// worker or job. A fault of an object affects the active runs that plan the object. A fault of a grant affects the
    /// active runs that the grant allows. A fault of a request affects the run that the request creates. A fault of the clock or of the order of deliveries affects all active runs.
    pub(super) fn injected(&mut self, fault: Fault, at: u32) {
        let active = |run: &&mut RunNote| run.completed.is_none();
        self.delayed_by_fault |=
            matches!(fault, Fault::CrashBefore | Fault::CrashAfter | Fault::Stall | Fault::ClockJump | Fault::LostJob);
        self.queue_creates_next_job = matches!(fault, Fault::NewJobId | Fault::UnplannedUnit);
        match fault {
            Fault::Archive | Fault::Remove | Fault::Restore => {
                let planned = |run: &&mut RunNote| self.reference.runs[run.spec].unit(ObjectId(at)).is_some();
                self.runs.iter_mut().filter(active).filter(planned).for_each(|run| run.inject(fault));
            }
            Fault::ClockJump | Fault::ClockSkew | Fault::Reorder => {
                self.runs.iter_mut().filter(active).for_each(|run| run.inject(fault));
            }
            Fault::Revoke | Fault::Regrant | Fault::Lower => {
                let granted = self.reference.grants.get(at as usize).map(|(actor, tenant, _)| (Some(*actor), *tenant));
                let under = |run: &&mut RunNote| {
                    let reference = &self.reference.runs[run.spec];
                    granted == Some((reference.actor, reference.tenant))
                };
                self.runs.iter_mut().filter(active).filter(under).for_each(|run| run.inject(fault));
            }
            // The request may not have created its run yet.
            Fault::Resend => {
                if let Some(Some(requested)) = self.requested.get_mut(at as usize) {
                    requested.resent = true;
                }
                let created = |run: &&mut RunNote| run.spec == at as usize;
                self.runs.iter_mut().filter(active).filter(created).for_each(|run| run.inject(fault));
            }
            // The affected run is known only once the unit's job appears.
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use truecount_engine::family::FamilyId;
    use truecount_engine::id::{ActorId, RequestId, TenantId};
    use truecount_engine::object::ObjectState;
    use truecount_engine::policy::Grant;
    use truecount_sim::fixture::{Fixture, ResponseTable, RunSpec};
    use truecount_sim::trace::Event;

    use super::*;
    use crate::reference::Reference;

    /// A revocation affects the runs that its grant allows, even if a worker has the same number as the grant.
    #[test]
    fn a_revoked_grant_affects_only_the_runs_that_it_allows() {
        let family = FamilyId::InventorySync;
        let mut fixture = Fixture::of_one_run("two", family, vec![ObjectState::Active], ResponseTable::nothing());
        let second = RunSpec { tenant: TenantId(1), actor: Some(ActorId(1)), ..fixture.runs[0].clone() };
        fixture.runs.push(RunSpec { input: Arc::clone(&second.input), ..second });
        fixture.grants.push((ActorId(1), TenantId(1), Grant::Operate));
        let reference = Reference::new(&fixture);
        let mut ledger = Ledger::new(&reference);
        for run in 0..2 {
            let (tenant, actor) = (TenantId(run), Some(ActorId(run)));
            let (request, run) = (RequestId(run.into()), RunId(run.into()));
            ledger.take(&Event::Requested { request, actor, tenant, family, granted: true });
            ledger.take(&Event::Enqueued { request, run, tenant, family });
        }
        ledger.take(&Event::FaultInjected { fault: Fault::Revoke, at: 1 });
        let noted = [0, 1].map(|run: usize| ledger.runs[run].injected);
        assert_eq!(noted, [0, 1 << Fault::Revoke as u8]);
    }
}
