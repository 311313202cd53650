//! Commits. The guards are checked first, in the order fence, end of the run, version, ledger key. After these checks,
//! everything is written, and nothing is refused.

use std::sync::Arc;

use super::{Ledger, Memory, another};
use crate::counts::Key;
use crate::delivery::{Job, JobEvent, JobState, Lease};
use crate::id::{RunId, UnitIx};
use crate::index::ix;
use crate::notice::{Notice, NoticeKind};
use crate::refusal::Refusal;
use crate::run::{Run, Status};
use crate::storage::{Accept, Addition, Guard, Orphan, Reply, Seal, Settle, TotalWrite, Upkeep, WriteSet};
use crate::time::Millis;
use crate::unit::{UnitEvent, WorkUnit};

impl Memory {
    pub(super) fn accept(&mut self, accept: &Accept) -> Reply {
        let taken = |run: &Run| run.request == accept.request || run.active() && run.identity == accept.identity;
        if accept.guarded && self.runs.iter().any(taken) {
            return Reply::Refused(Refusal::IdentityTaken);
        }
        let id = RunId(ix(self.runs.len()));
        self.runs.push(Run::accepted(id, accept.request, accept.actor, accept.identity, accept.failure));
        self.inputs.push(Arc::clone(&accept.input));
        self.ledgers.push(Ledger::default());
        self.pruned.push(false);
        self.items.push(Vec::new());
        self.push_job(Job::new(id, None));
        let announcement = Notice { run: id, kind: NoticeKind::RunEnqueued };
        self.outbox.extend(std::iter::repeat_n(announcement, accept.announcements.into()));
        Reply::Accepted(id)
    }

    #[inline]
    fn check(&self, run: RunId, lease: Option<Lease>, guard: Guard) -> Result<(), Refusal> {
        if guard.fence
            && let Some(lease) = lease
            && !self.jobs[lease.job.index()].held_under(lease.fence)
        {
            return Err(Refusal::StaleLease);
        }
        if guard.active && !self.runs[run.index()].active() {
            return Err(Refusal::AlreadyCompleted);
        }
        match guard.version {
            Some(version) if version != self.runs[run.index()].head.version => Err(Refusal::Conflict),
            _ => Ok(()),
        }
    }

    /// Renews the lease of a commit, unless the lease has expired.
    #[inline]
    fn renew(&mut self, lease: Lease, now: Millis) {
        let row = &mut self.jobs[lease.job.index()];
        if row.fence == lease.fence
            && let JobState::Leased(until) = row.state
            && until > now
        {
            row.state = JobState::Leased(now + row.lease_ms);
        }
    }

    #[inline]
    pub(super) fn commit(&mut self, writes: &WriteSet, now: Millis) -> Result<Reply, Refusal> {
        let run = writes.run;
        self.check(run, writes.lease, writes.guard)?;
        if let Some(effect) = writes.effect
            && self.objects[effect.object.index()].version != effect.version
        {
            return Err(Refusal::Conflict);
        }
        if let Some(Upkeep::Relay { grant: Some((actor, tenant, grant)), .. }) = writes.upkeep
            && self.grant(actor, tenant) != grant
        {
            return Err(Refusal::Conflict);
        }
        if let Some(Upkeep::Enqueue { unit, guarded: true }) = writes.upkeep
            && self.orphan(run) != unit.map_or(Orphan::Run, Orphan::Unit)
        {
            return Err(Refusal::Conflict);
        }
        if let Some(retry) = writes.retry
            && self.attempts_used(run, retry.unit) != retry.attempts_used
        {
            return Err(Refusal::Conflict);
        }
        if let Some(settle) = writes.settle.filter(|settle| settle.once)
            // If a unit has no row, it was resolved and its row has since been pruned.
            && units(settle).any(|unit| self.units(run).get(unit.index()).is_none_or(|row| row.resolution.is_some()))
        {
            return Err(Refusal::AlreadyResolved);
        }
        // From here on, nothing is refused.
        if let Some(effect) = writes.effect {
            if let Some(becomes) = effect.becomes {
                self.write_object(effect.object, becomes);
            }
            if effect.stores {
                self.items[run.index()].push(effect.object);
            }
        }
        if let Some(settle) = writes.settle {
            for unit in units(settle) {
                self.resolve_unit(run, unit, settle);
            }
        }
        if let Some(addition) = writes.addition {
            self.write_run(run, |row| add(row, addition));
        }
        if let Some(write) = writes.status {
            self.write_run(run, |row| {
                row.head.status = write.status;
                row.head.phase = write.phase;
                row.head.attempts_used = 0;
                row.head.version = another(row.head.version);
                row.outcome = write.outcome;
                row.cause = write.cause;
                row.artifact = write.artifact;
                row.completed_at = (write.status == Status::Completed).then_some(now);
            });
        }
        if let Some(lease) = writes.lease {
            self.move_delivery(writes, lease, now);
        }
        self.outbox.extend(writes.outbox.iter().flatten());
        if let Some(upkeep) = writes.upkeep {
            self.keep_up(run, upkeep);
        }
        let row = &self.runs[run.index()];
        Ok(Reply::Committed { maybe_last: row.may_end() })
    }

    fn attempts_used(&self, run: RunId, unit: Option<UnitIx>) -> u8 {
        match unit {
            Some(unit) => self.units(run).get(unit.index()).map_or(0, |row| row.attempts_used),
            None => self.runs[run.index()].head.attempts_used,
        }
    }

    #[inline]
    fn move_delivery(&mut self, writes: &WriteSet, lease: Lease, now: Millis) {
        if let Some(retry) = writes.retry {
            match retry.unit {
                Some(unit) => self.move_unit(writes.run, unit, UnitEvent::Retry),
                None => self.write_run(writes.run, |row| {
                    assert!(row.head.attempts_used < u8::MAX, "a run cannot use up more than 255 attempts");
                    row.head.attempts_used += 1;
                }),
            }
            self.move_job(lease.job, JobEvent::HandBack(now + retry.wait));
        } else if writes.ack {
            self.move_job(lease.job, JobEvent::Ack);
        } else {
            self.renew(lease, now);
        }
    }

    fn keep_up(&mut self, run: RunId, upkeep: Upkeep) {
        match upkeep {
            Upkeep::Enqueue { unit, .. } => {
                self.push_job(Job::new(run, unit));
            }
            Upkeep::Relay { notice, letter, mark_sent, keyed, .. } => {
                if let Some(letter) = letter
                    && !(keyed && self.inbox.iter().any(|other| other.run == letter.run))
                {
                    self.inbox.push(letter);
                }
                if mark_sent && self.outbox.get(self.relayed) == Some(&notice) {
                    self.relayed += 1;
                }
            }
            Upkeep::Prune => {
                self.ledgers[run.index()] = Ledger::default();
                self.pruned[run.index()] = true;
            }
        }
    }

    pub(super) fn seal(&mut self, seal: &Seal, now: Millis) -> Result<Reply, Refusal> {
        self.check(seal.run, Some(seal.lease), seal.guard)?;
        if seal.once && self.runs[seal.run.index()].head.sealed {
            return Err(Refusal::AlreadySealed);
        }
        let count = ix(seal.keys.len());
        let first = self.ledgers[seal.run.index()].rows.len();
        if first == 0 {
            self.ledgers[seal.run.index()].rows.extend(seal.keys.iter().map(|&key| WorkUnit::planned(key)));
            if seal.fan_out {
                self.jobs.reserve(seal.keys.len());
                for ix in 0..count {
                    self.push_job(Job::new(seal.run, Some(UnitIx(ix))));
                }
            }
        }
        self.write_run(seal.run, |row| {
            row.head.status = seal.status;
            row.head.sealed |= seal.seals;
            row.head.fan_out = seal.fan_out;
            row.head.units = count;
            row.head.attempts_used = 0;
            row.head.version = another(row.head.version);
            match seal.total {
                TotalWrite::Set => row.counts.set(Key::Total, u64::from(count)),
                TotalWrite::Add => row.counts.add(Key::Total, u64::from(count)),
                TotalWrite::Leave => {}
            }
            row.counts.add(Key::Processed, 0);
        });
        self.renew(seal.lease, now);
        Ok(Reply::Committed { maybe_last: self.runs[seal.run.index()].may_end() })
    }
}

fn units(settle: Settle) -> impl Iterator<Item = UnitIx> {
    (settle.unit.0..settle.unit.0.saturating_add(settle.units)).map(UnitIx)
}

#[inline]
fn add(row: &mut Run, addition: Addition) {
    let units = u64::from(addition.units);
    row.counts.add(Key::Processed, u64::from(addition.processed) * units);
    for key in [addition.outcome, addition.also].into_iter().flatten() {
        row.counts.add(key, units);
    }
}

#[cfg(test)]
mod tests;
