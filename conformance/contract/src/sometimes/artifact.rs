//! Sometimes assertions about artifacts, from staging to reading.

use truecount_engine::unit::Response;
use truecount_sim::fault::Fault;
use truecount_sim::trace::Event;

use super::Sometimes;
use super::hits::Hits;
use crate::ledger::Ledger;

impl Hits {
    #[cold]
    pub(super) fn see_artifact(&mut self, event: &Event, ledger: &Ledger<'_>) {
        let fault = self.injected.map(|(fault, _)| fault);
        if matches!(event, Event::Staged { .. } | Event::Renamed { .. }) {
            // The step with the fault has ended.
            self.injected = None;
        }
        match *event {
            Event::Staged { response: Response::Done, .. } => {
                self.reach(Sometimes::CrashedAfterStage, fault == Some(Fault::CrashAfter));
            }
            Event::Staged { run, .. } => self.memo(run).disk_was_full |= fault == Some(Fault::DiskFull),
            Event::Renamed { torn: true, .. } => self.sometimes.insert(Sometimes::TornFile),
            Event::Renamed { run, response: Response::Done, .. } => {
                let before = std::mem::replace(&mut self.memo(run).renamed, true);
                self.reach(Sometimes::RenamedTwice, before);
                self.reach(Sometimes::LostReplyOfRename, fault == Some(Fault::LostReply));
                self.reach(Sometimes::CrashedAfterRename, fault == Some(Fault::CrashAfter));
            }
            Event::Published { run, .. } => {
                let full = self.memo(run).disk_was_full;
                self.reach(Sometimes::DiskFull, full);
            }
            Event::ArtifactRead { run, view: None, found, .. } => {
                let pruned = self.memo(run).pruned;
                self.reach(Sometimes::PackReadAfterPruning, found && pruned);
            }
            Event::ArtifactRead { run, view: Some(_), found, .. } => {
                let active = ledger.runs.get(run.index()).is_some_and(|note| note.completed.is_none());
                self.reach(Sometimes::ArtifactTooEarly, !found && active);
                self.reach(Sometimes::ArtifactRead, found);
            }
            Event::ItemsRead { run, items, .. } => {
                let pruned = self.memo(run).pruned;
                self.reach(Sometimes::ItemsReadAfterPruning, items > 0 && pruned);
            }
            Event::Cleared { swept, .. } => self.reach(Sometimes::StagingSwept, swept),
            _ => {}
        }
    }
}
