//! The numbers of attempts and deliveries, counted from leases and durable commits.
//!
//! Scripts and limits on faults depend on these numbers alone. If they depended on the counters of an engine, an engine
//! that counts wrongly would receive the responses that match its wrong numbers.

use truecount_engine::id::{JobId, RunId, UnitIx};

use crate::fingerprint::Fingerprinter;

/// The numbers of attempts and deliveries.
#[derive(Debug, Default)]
pub struct Attempts {
    /// For each job, how often it was leased, less how often it was handed back.
    deliveries: Vec<u16>,
    /// For each run, the attempts at its current stage.
    runs: Vec<Stage>,
    /// For each unit of each run, how often it was handed back. A unit that was never handed back may have no entry.
    units: Vec<Vec<u8>>,
}

/// The stage of a run: planning, a phase, or publishing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
struct Stage {
    /// The number of attempts that failed and were handed back.
    handed_back: u8,
    /// Whether an attempt has failed since the last hand-back.
    failed: bool,
}

pooled!(Attempts { deliveries, runs, units });

impl Attempts {
    /// Forgets all attempts and deliveries; keeps the buffers.
    pub fn reset(&mut self) {
        self.deliveries.clear();
        self.runs.clear();
        self.units.iter_mut().for_each(Vec::clear);
    }

    /// Adds all numbers to a fingerprint.
    pub fn fingerprint(&self, fingerprinter: &mut Fingerprinter) {
        let Self { deliveries, runs, units } = self;
        fingerprinter.value(&(deliveries, runs));
        // Buffers left over from another seed are empty.
        let used = units.iter().rposition(|units| !units.is_empty()).map_or(0, |last| last + 1);
        fingerprinter.value(&units[..used].as_ref());
    }

    /// Records that a job is leased, and returns the number of this delivery.
    pub fn leased(&mut self, job: JobId) -> u16 {
        let deliveries = at(&mut self.deliveries, job.index());
        *deliveries = deliveries.saturating_add(1);
        *deliveries
    }

    /// Records that a job is handed back. Its latest delivery then no longer counts.
    pub fn handed_back(&mut self, job: JobId) {
        let deliveries = at(&mut self.deliveries, job.index());
        *deliveries = deliveries.saturating_sub(1);
    }

    /// Records that an attempt at a unit is over and will be repeated.
    pub fn used_up(&mut self, run: RunId, unit: UnitIx) {
        if self.units.len() <= run.index() {
            self.units.resize_with(run.index() + 1, Vec::new);
        }
        let attempts = at(&mut self.units[run.index()], unit.index());
        *attempts = attempts.saturating_add(1);
    }

    /// Records that an attempt at the current stage of a run has failed.
    pub fn stage_failed(&mut self, run: RunId) {
        at(&mut self.runs, run.index()).failed = true;
    }

    /// Records that the own job of a run is handed back. If no attempt has failed at the current stage, the hand-back
    /// belongs to an earlier stage.
    pub fn stage_used_up(&mut self, run: RunId) {
        let stage = at(&mut self.runs, run.index());
        stage.handed_back = stage.handed_back.saturating_add(stage.failed.into());
        stage.failed = false;
    }

    /// Records that a plan is sealed or a phase is entered.
    pub fn enters_stage(&mut self, run: RunId) {
        *at(&mut self.runs, run.index()) = Stage::default();
    }

    /// Returns the number of deliveries of a job.
    #[inline]
    pub fn deliveries(&self, job: JobId) -> u16 {
        self.deliveries.get(job.index()).copied().unwrap_or_default()
    }

    /// Returns the number of the current attempt at a unit, from 1.
    #[inline]
    pub fn at_unit(&self, run: RunId, unit: UnitIx) -> u8 {
        let units = self.units.get(run.index()).map_or(&[][..], |units| units);
        units.get(unit.index()).copied().unwrap_or_default().saturating_add(1)
    }

    /// Returns the number of the current attempt at the current stage of a run, from 1.
    pub fn at_stage(&self, run: RunId) -> u8 {
        self.runs.get(run.index()).copied().unwrap_or_default().handed_back.saturating_add(1)
    }
}

/// Returns the entry at `index`, after creating it if it does not exist.
fn at<T: Clone + Default>(entries: &mut Vec<T>, index: usize) -> &mut T {
    if entries.len() <= index {
        entries.resize(index + 1, T::default());
    }
    &mut entries[index]
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: RunId = RunId(1);

    #[test]
    fn a_lease_counts_until_it_is_handed_back() {
        let (mut attempts, job) = (Attempts::default(), JobId(2));
        assert_eq!([attempts.leased(job), attempts.leased(job)], [1, 2]);
        attempts.handed_back(job);
        assert_eq!([attempts.deliveries(job), attempts.leased(job)], [1, 2]);
        assert_eq!(attempts.deliveries(JobId(9)), 0);
    }

    #[test]
    fn only_a_hand_back_uses_up_an_attempt() {
        let (mut attempts, unit) = (Attempts::default(), UnitIx(3));
        attempts.leased(JobId(0));
        attempts.leased(JobId(0));
        assert_eq!(attempts.at_unit(RUN, unit), 1);
        attempts.used_up(RUN, unit);
        assert_eq!([attempts.at_unit(RUN, unit), attempts.at_unit(RUN, UnitIx(0)), attempts.at_stage(RUN)], [2, 1, 1]);
    }

    #[test]
    fn each_stage_of_a_run_starts_at_attempt_1() {
        let mut attempts = Attempts::default();
        attempts.stage_failed(RUN);
        attempts.stage_used_up(RUN);
        assert_eq!(attempts.at_stage(RUN), 2);
        attempts.stage_failed(RUN);
        attempts.enters_stage(RUN);
        assert_eq!(attempts.at_stage(RUN), 1);
    }

    #[test]
    fn a_hand_back_after_an_earlier_stage_uses_up_no_attempt() {
        let mut attempts = Attempts::default();
        attempts.stage_failed(RUN);
        attempts.enters_stage(RUN);
        attempts.stage_used_up(RUN);
        assert_eq!(attempts.at_stage(RUN), 1);
    }
}
