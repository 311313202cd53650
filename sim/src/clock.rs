//! Simulated time, and the deadlines that advance it. Time stands still while any actor can take a step.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use truecount_engine::id::{Fence, JobId};
use truecount_engine::time::Millis;

use crate::fingerprint::Fingerprinter;

/// The point in time at which a lease or a back-off of a job may end, with the job and its fencing token.
pub type Deadline = (Millis, JobId, Fence);

/// The clock of a simulated environment.
#[derive(Debug, Default)]
pub struct Clock {
    /// The current time.
    pub now: Millis,
    /// Deadlines that were added in order. Most are ends of leases, since most leases have the same length.
    leases: VecDeque<Deadline>,
    /// All other deadlines.
    others: BinaryHeap<Reverse<Deadline>>,
}

pooled!(Clock { now, leases, others });

impl Clock {
    /// Resets the time and removes all deadlines; keeps the buffers.
    pub fn reset(&mut self) {
        self.now = Millis(0);
        self.leases.clear();
        self.others.clear();
    }

    /// Adds a deadline. If several deadlines are due at the same time, the deadline of the oldest job comes first. The
    /// order in which deadlines were added has no effect, since fingerprints do not include this order.
    #[inline]
    pub fn due(&mut self, deadline: Deadline) {
        if self.leases.back().is_none_or(|last| *last <= deadline) {
            self.leases.push_back(deadline);
        } else {
            self.others.push(Reverse(deadline));
        }
    }

    /// Returns the next deadline that still matters, and drops earlier deadlines that do not.
    pub fn next(&mut self, interests: impl Fn(&Deadline) -> bool) -> Option<Millis> {
        while self.leases.front().is_some_and(|deadline| !interests(deadline)) {
            self.leases.pop_front();
        }
        while self.others.peek().is_some_and(|Reverse(deadline)| !interests(deadline)) {
            self.others.pop();
        }
        let ends = [self.leases.front().map(|deadline| deadline.0), self.others.peek().map(|deadline| deadline.0.0)];
        ends.into_iter().flatten().min()
    }

    /// Adds to a fingerprint the deadlines that may still matter.
    pub fn fingerprint(&self, interests: impl Fn(&Deadline) -> bool, fingerprinter: &mut Fingerprinter) {
        // The current time is omitted, since all other times are added relative to it.
        let Self { now: _, leases, others } = self;
        let others = others.iter().map(|Reverse(deadline)| deadline);
        let open = leases.iter().chain(others).filter(|deadline| interests(deadline));
        fingerprinter.group(open, false, |fingerprinter, (at, job, fence)| {
            fingerprinter.time(*at, Millis(0));
            fingerprinter.word(job.0.into());
            fingerprinter.fence(*job, *fence);
        });
    }

    /// Removes and returns the earliest deadline that has passed.
    pub fn take_due(&mut self) -> Option<Deadline> {
        let [lease, other] = [self.leases.front().copied(), self.others.peek().map(|deadline| deadline.0)];
        let earliest = [lease, other].into_iter().flatten().min()?;
        if earliest.0 > self.now {
            return None;
        }
        if lease == Some(earliest) { self.leases.pop_front() } else { self.others.pop().map(|deadline| deadline.0) }
    }
}

#[cfg(test)]
mod tests {
    use truecount_engine::index::ix;

    use super::*;

    #[test]
    fn deadlines_come_due_in_order_of_time() {
        let mut clock = Clock::default();
        for at in [5, 9, 3, 9, 7, 4] {
            clock.due((Millis(at), JobId(0), Fence(1)));
        }
        assert_eq!(clock.next(|deadline| deadline.0 > Millis(3)), Some(Millis(4)), "an irrelevant deadline was kept");
        clock.now = Millis(8);
        let due: Vec<u64> = std::iter::from_fn(|| clock.take_due()).map(|deadline| deadline.0.0).collect();
        assert_eq!(due, [4, 5, 7]);
        assert_eq!(clock.next(|_| true), Some(Millis(9)));
    }

    #[test]
    fn the_order_of_adding_deadlines_does_not_matter() {
        let mut stream = crate::stream::Stream::new("clock", "ties", 0);
        for _ in 0..200 {
            let mut deadlines: Vec<Deadline> =
                (0..8).map(|job| (Millis(u64::from(stream.below(3))), JobId(job), Fence(1))).collect();
            let mut orders = Vec::new();
            for _ in 0..2 {
                let mut clock = Clock::default();
                for last in (0..deadlines.len()).rev() {
                    deadlines.swap(last, stream.below(ix(last) + 1) as usize);
                }
                for deadline in &deadlines {
                    clock.due(*deadline);
                }
                let mut fingerprinter = Fingerprinter::default();
                fingerprinter.start(clock.now);
                clock.fingerprint(|_| true, &mut fingerprinter);
                clock.now = Millis(3);
                orders.push((fingerprinter.finish128(), std::iter::from_fn(|| clock.take_due()).collect::<Vec<_>>()));
            }
            assert_eq!(orders[0], orders[1]);
        }
    }
}
