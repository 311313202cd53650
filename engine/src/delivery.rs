//! Jobs, their leases and fencing tokens, and the retry policy.
//!
//! This module does not depend on clocks: storage has a clock and decides when a lease ends.

use std::hash::{Hash, Hasher};

use crate::id::{Fence, JobId, RunId, UnitIx};
use crate::refusal::Refusal;
use crate::time::Millis;

/// The right of one delivery to write, until the job is handed back or a newer lease of the job is granted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lease {
    pub job: JobId,
    /// The fencing token, which is higher than that of any earlier lease of the job.
    pub fence: Fence,
}

/// Hashes only the job. A fencing token is meaningful only relative to the token in its job's row, so a fingerprint
/// adds the distance between these two tokens.
impl Hash for Lease {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { job, fence: _ } = self;
        job.hash(state);
    }
}

/// The state of a job.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobState {
    /// The job may be delivered.
    Ready,
    /// The job was handed back, and may be delivered from this point in time.
    Waiting(Millis),
    /// A worker has the job until this point in time.
    Leased(Millis),
    /// The job was acknowledged.
    Acked,
}

/// A queued job.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Job {
    /// The run that the job belongs to.
    pub run: RunId,
    /// The one unit that the job carries. `None` if the job plans the run and carries every unit that has no job of its
    /// own.
    pub unit: Option<UnitIx>,
    /// The fencing token of the latest lease; 0 before the first lease.
    pub fence: Fence,
    /// The number of deliveries so far, except for those that were handed back for a retry. A crash uses up a delivery
    /// but no attempt; a retry uses up an attempt but no delivery.
    pub deliveries: u16,
    /// The length of a lease. A commit under the lease renews it for the same length of time.
    pub lease_ms: Millis,
    pub state: JobState,
    /// Whether the latest delivery was handed back. Its lease then no longer permits a write, not even after the
    /// back-off.
    pub handed_back: bool,
}

/// A change to a job.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobEvent {
    /// The job is delivered, and leased until this point in time.
    Lease(Millis),
    /// The lease has expired.
    Expire,
    /// The worker hands the job back for a retry, which is due at this point in time.
    HandBack(Millis),
    /// The back-off is over.
    Wake,
    /// The worker acknowledges the job.
    Ack,
}

impl Job {
    /// Returns a job that was never delivered.
    pub const fn new(run: RunId, unit: Option<UnitIx>) -> Self {
        let (fence, state) = (Fence(0), JobState::Ready);
        Self { run, unit, fence, deliveries: 0, lease_ms: Millis(0), state, handed_back: false }
    }

    /// Applies a change. Every change to a job passes through this function. A refusal leaves the job unchanged.
    ///
    /// A queue delivers at least once, so any job may be leased, even an acknowledged one. At most 65,535 deliveries are
    /// counted, which is far above every delivery limit.
    ///
    /// # Errors
    /// `StaleLease` if a worker acknowledges or hands back a job that it no longer holds. `OutOfOrder` if a timer no
    /// longer matches the state of the job.
    pub const fn apply(self, event: JobEvent) -> Result<Self, Refusal> {
        match (self.state, event) {
            (_, JobEvent::Lease(until)) => Ok(Self {
                fence: Fence(self.fence.0 + 1),
                deliveries: self.deliveries.saturating_add(1),
                state: JobState::Leased(until),
                handed_back: false,
                ..self
            }),
            (JobState::Leased(_), JobEvent::Expire) | (JobState::Waiting(_), JobEvent::Wake) => {
                Ok(Self { state: JobState::Ready, ..self })
            }
            // An expired lease remains valid until another is granted: the worker is late, but no other worker has the
            // job.
            (JobState::Leased(_) | JobState::Ready, JobEvent::HandBack(not_before)) => {
                let (deliveries, state) = (self.deliveries.saturating_sub(1), JobState::Waiting(not_before));
                Ok(Self { deliveries, state, handed_back: true, ..self })
            }
            // A late acknowledgement is valid as well, and a second acknowledgement changes nothing.
            (JobState::Leased(_) | JobState::Ready | JobState::Acked, JobEvent::Ack) => {
                Ok(Self { state: JobState::Acked, ..self })
            }
            (JobState::Waiting(_), JobEvent::HandBack(_) | JobEvent::Ack)
            | (JobState::Acked, JobEvent::HandBack(_)) => Err(Refusal::StaleLease),
            (JobState::Ready | JobState::Waiting(_) | JobState::Acked, JobEvent::Expire)
            | (JobState::Ready | JobState::Leased(_) | JobState::Acked, JobEvent::Wake) => Err(Refusal::OutOfOrder),
        }
    }

    /// Returns whether a write under this fencing token comes from the job's holder.
    pub const fn held_under(&self, fence: Fence) -> bool {
        self.fence.0 == fence.0 && !self.handed_back
    }

    /// Returns whether the job has yet to be acknowledged.
    pub const fn live(&self) -> bool {
        !matches!(self.state, JobState::Acked)
    }
}

/// A family's limits on attempts and deliveries, and its waiting times.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RetryPolicy {
    /// The maximum number of attempts at a unit, at least 1.
    pub attempt_limit: u8,
    /// The maximum number of deliveries of a job, at least 1. A delivery beyond this limit abandons the units that the
    /// job still carries.
    pub delivery_limit: u16,
    /// The wait after the first retryable response. It doubles with each further retryable response.
    pub back_off_ms: Millis,
    /// The maximum wait.
    pub back_off_max_ms: Millis,
    /// The length of a lease. Every commit under the lease renews it.
    pub lease_ms: Millis,
}

impl RetryPolicy {
    /// Returns the wait after the `attempt`th attempt, counted from 1, if its response was retryable.
    ///
    /// # Panics
    /// If `attempt` is 0.
    pub fn back_off(&self, attempt: u8) -> Millis {
        assert!(attempt > 0, "attempts are counted from 1, not from 0");
        let times = 1_u64.checked_shl(u32::from(attempt) - 1).unwrap_or(u64::MAX);
        Millis(self.back_off_ms.0.saturating_mul(times)).min(self.back_off_max_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(events: &[JobEvent]) -> Result<Job, Refusal> {
        events.iter().try_fold(Job::new(RunId(0), None), |job, &event| job.apply(event))
    }

    const LEASE: JobEvent = JobEvent::Lease(Millis(60_000));
    const BACK: JobEvent = JobEvent::HandBack(Millis(1_000));

    #[test]
    fn a_crash_uses_up_a_delivery_and_a_retry_does_not() {
        let retried = job(&[LEASE, BACK, JobEvent::Wake, LEASE]).expect("a retried job");
        assert_eq!((retried.deliveries, retried.fence), (1, Fence(2)));
        let late = job(&[LEASE, JobEvent::Expire, BACK, JobEvent::Wake, LEASE]).expect("a job that was retried late");
        assert_eq!((late.deliveries, late.fence), (1, Fence(2)));
        let crashed = job(&[LEASE, JobEvent::Expire, LEASE]).expect("a crashed job");
        assert_eq!((crashed.deliveries, crashed.fence), (2, Fence(2)));
    }

    #[test]
    fn a_worker_that_handed_its_job_back_no_longer_holds_it() {
        let waiting = job(&[LEASE, BACK]).expect("handed back");
        assert_eq!(waiting.apply(JobEvent::Ack), Err(Refusal::StaleLease));
        let due = waiting.apply(JobEvent::Wake).expect("due");
        let lost = due.apply(JobEvent::Ack).expect("lost by the queue");
        for job in [waiting, due, lost] {
            assert!(!job.held_under(Fence(1)), "{job:?}");
        }
        assert!(due.apply(LEASE).expect("delivered again").held_under(Fence(2)));
    }

    #[test]
    fn a_late_worker_holds_its_job_until_the_job_is_leased_again() {
        let late = job(&[LEASE, JobEvent::Expire]).expect("expired");
        assert!(late.held_under(Fence(1)));
        let taken = late.apply(LEASE).expect("leased again");
        assert!(!taken.held_under(Fence(1)) && taken.held_under(Fence(2)));
    }

    #[test]
    fn an_acknowledged_job_may_be_delivered_again() {
        let again = job(&[LEASE, JobEvent::Ack, LEASE]).expect("at least once");
        assert_eq!(again.fence, Fence(2));
    }

    #[test]
    fn back_off_doubles_up_to_the_maximum() {
        let policy = RetryPolicy {
            attempt_limit: 4,
            delivery_limit: 5,
            back_off_ms: Millis(1_000),
            back_off_max_ms: Millis(3_000),
            lease_ms: Millis(60_000),
        };
        assert_eq!([1, 2, 3, 255].map(|attempt| policy.back_off(attempt).0), [1_000, 2_000, 3_000, 3_000]);
    }
}
