//! Fingerprints: a state of the simulation as 128 bits, by which a search recognises the states it has visited.
//!
//! States with equal fingerprints must have the same future. So a fingerprint includes everything that the future can
//! depend on, and nothing that only ever grows. A point in time is added as its distance from the present time. A
//! fencing token is added as its distance from the token in its job's row. Positions in the trace are added as ranks
//! among the remembered positions, and numbers of renderings as ranks among the remembered numbers. Each implementation
//! destructures its type, so that code that omits a field does not compile.

use std::hash::{Hash, Hasher};

use truecount_engine::id::{Fence, JobId};
use truecount_engine::time::Millis;

/// A part of the state that belongs in a fingerprint. The memory of an event sink is such a part, since the meaning of
/// the next event depends on it.
pub trait Fingerprinted {
    /// Adds everything except what is remembered about individual workers.
    fn fingerprint(&self, fingerprinter: &mut Fingerprinter);

    /// Adds everything that is remembered about a worker. `job` is the job of the worker's current delivery, if any.
    /// Anything remembered about a worker without a delivery must be discarded at the worker's next delivery. Nothing
    /// may be remembered about earlier deliveries.
    fn fingerprint_worker(&self, worker: u16, job: Option<JobId>, fingerprinter: &mut Fingerprinter);
}

/// Computes fingerprints. One fingerprinter serves all states, so that its buffers are reused.
#[derive(Clone, Debug, Default)]
pub struct Fingerprinter {
    lanes: [u64; 2],
    /// A word that is not yet mixed in, because words are mixed in as pairs.
    half: Option<u64>,
    now: Millis,
    /// The fencing token in each job's row.
    fences: Vec<Fence>,
    /// Whether fencing tokens are added unchanged.
    plain_fences: bool,
    places: Vec<u64>,
    views: Vec<u64>,
    ranks: Vec<u64>,
}

impl Fingerprinter {
    /// Starts a new fingerprint, for a state at this time.
    pub fn start(&mut self, now: Millis) {
        (self.lanes, self.half) = (START, None);
        self.now = now;
        self.fences.clear();
        self.plain_fences = false;
        self.places.clear();
        self.views.clear();
    }

    /// Sets the fencing tokens of the jobs' rows, in order. Set `plain` if a token has become part of a key or of a
    /// file outside the engine. Tokens are then added unchanged.
    pub fn fences(&mut self, fences: impl Iterator<Item = Fence>, plain: bool) {
        self.fences.extend(fences);
        self.plain_fences = plain;
        self.word(u64::from(plain));
    }

    /// Adds a number.
    #[inline]
    pub const fn word(&mut self, word: u64) {
        let Some(before) = self.half.take() else {
            self.half = Some(word);
            return;
        };
        let [one, two] = self.lanes;
        self.lanes = [fold(one ^ before, word ^ FACTORS[0]), fold(two ^ word, before ^ FACTORS[1])];
    }

    /// Returns the lanes with an end mark that no sequence of words can produce.
    const fn ended(&mut self) -> [u64; 2] {
        let odd = self.half.is_some();
        if odd {
            self.word(!0);
        }
        let [one, two] = self.lanes;
        [one, two ^ odd as u64]
    }

    /// Adds a value that contains no time, no fencing token, no position in the trace and no number of a rendering.
    #[inline]
    pub fn value(&mut self, value: &impl Hash) {
        value.hash(self);
    }

    /// Adds up to 64 flags, as one number.
    #[inline]
    pub fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        const { assert!(N <= 64, "more than 64 flags") };
        self.word(flags.iter().rev().fold(0, |bits, flag| bits << 1 | u64::from(*flag)));
    }

    /// Adds a point in time, by its distance from the present. Points that are at least `matters` old are not
    /// distinguished.
    #[inline]
    pub fn time(&mut self, at: Millis, matters: Millis) {
        self.word(if at >= self.now {
            at.since(self.now).0 << 1
        } else {
            self.now.since(at).0.min(matters.0) << 1 | 1
        });
    }

    /// Adds a fencing token of a job.
    #[inline]
    pub fn fence(&mut self, job: JobId, fence: Fence) {
        let row = self.fences.get(job.index()).map_or(0, |row| row.0);
        // The distance alone does not show whether any lease was ever granted.
        let never = u64::from(fence.0 == 0);
        self.word(if self.plain_fences {
            u64::from(fence.0)
        } else {
            u64::from(row.wrapping_sub(fence.0)) << 1 | never
        });
    }

    /// Adds a position in the trace. Positions are only compared with each other.
    #[inline]
    pub fn place(&mut self, at: u64) {
        self.places.push(at);
    }

    /// Adds the number of a rendering.
    #[inline]
    pub fn view(&mut self, number: u16) {
        self.views.push(u64::from(number));
    }

    /// Adds the members of a group. Their order is significant only if `ordered` is set. No member may add a position
    /// or the number of a rendering.
    pub fn group<T>(&mut self, members: impl Iterator<Item = T>, ordered: bool, mut member: impl FnMut(&mut Self, T)) {
        let outer = (self.lanes, self.half);
        let (mut sum, mut count) = ([0_u64; 2], 0);
        for thing in members {
            (self.lanes, self.half) = (START, None);
            if ordered {
                self.word(count);
            }
            member(self, thing);
            let [one, two] = self.ended();
            // A sum does not depend on the order.
            sum = [sum[0].wrapping_add(one), sum[1].wrapping_add(two)];
            count += 1;
        }
        (self.lanes, self.half) = outer;
        for word in [sum[0], sum[1], count] {
            self.word(word);
        }
    }

    /// Returns the fingerprint.
    pub fn finish128(&mut self) -> u128 {
        for list in 0..2 {
            let mut places = std::mem::take(if list == 0 { &mut self.places } else { &mut self.views });
            let mut ranks = std::mem::take(&mut self.ranks);
            ranks.clone_from(&places);
            ranks.sort_unstable();
            ranks.dedup();
            self.word(places.len() as u64);
            for place in places.drain(..) {
                self.word(ranks.partition_point(|other| *other < place) as u64);
            }
            self.ranks = ranks;
            *(if list == 0 { &mut self.places } else { &mut self.views }) = places;
        }
        let [one, two] = self.ended();
        u128::from(fold(one, two | 1)) << 64 | u128::from(fold(two ^ one.rotate_left(32), FACTORS[0]))
    }
}

const START: [u64; 2] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344];
const FACTORS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93];

/// Folds the two halves of a product into one word.
#[inline]
const fn fold(one: u64, two: u64) -> u64 {
    let product = (one as u128).wrapping_mul(two as u128);
    #[expect(clippy::cast_possible_truncation, reason = "the low half and the high half are folded")]
    let folded = product as u64 ^ (product >> 64) as u64;
    folded.wrapping_add(one.rotate_left(17))
}

/// Adds values that consist of plain words only.
impl Hasher for Fingerprinter {
    fn finish(&self) -> u64 {
        self.lanes[0]
    }

    fn write(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        let (whole, rest) = bytes.as_chunks();
        for word in whole {
            self.word(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            self.word(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    #[inline]
    fn write_u8(&mut self, word: u8) {
        self.word(word.into());
    }

    #[inline]
    fn write_u16(&mut self, word: u16) {
        self.word(word.into());
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.word(word.into());
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.word(word);
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.word(word as u64);
    }

    #[inline]
    fn write_isize(&mut self, word: isize) {
        self.word(word.cast_unsigned() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(of: impl FnOnce(&mut Fingerprinter)) -> u128 {
        let mut fingerprinter = Fingerprinter::default();
        fingerprinter.start(Millis(1_000));
        of(&mut fingerprinter);
        fingerprinter.finish128()
    }

    #[test]
    fn growing_numbers_are_added_by_rank_or_distance() {
        let places = |[a, b, c]: [u64; 3]| fingerprint(|p| [a, b, c].into_iter().for_each(|at| p.place(at)));
        assert_eq!(places([3, 9, 9]), places([100, 2_000, 2_000]));
        assert_ne!(places([3, 9, 9]), places([3, 9, 10]));
        assert_ne!(places([3, 9, 9]), places([9, 3, 3]));
        let fence = |row, fence| {
            fingerprint(|p| {
                p.fences([Fence(row)].into_iter(), false);
                p.fence(JobId(0), Fence(fence));
            })
        };
        assert_eq!(fence(3, 2), fence(7, 6));
        assert_ne!(fence(3, 2), fence(3, 3));
        assert_ne!(fence(1, 0), fence(2, 1), "no lease and the second-latest lease have equal fingerprints");
        let time = |at| fingerprint(|p| p.time(Millis(at), Millis(100)));
        assert_eq!(time(900), time(5), "times older than `matters` are distinguished");
        assert_ne!(time(1_001), time(999));
        assert_ne!(time(1_000), time(999));
    }

    #[test]
    fn the_order_of_a_group_matters_only_if_ordered() {
        let group =
            |members: [u64; 2], ordered| fingerprint(|p| p.group(members.into_iter(), ordered, Fingerprinter::word));
        assert_eq!(group([1, 2], false), group([2, 1], false));
        assert_ne!(group([1, 2], true), group([2, 1], true));
        assert_ne!(group([1, 1], false), group([2, 2], false));
    }

    #[test]
    fn many_pairs_of_small_numbers_have_distinct_fingerprints() {
        let mut seen = std::collections::BTreeSet::new();
        for one in 0..300 {
            for two in 0..300 {
                assert!(seen.insert(fingerprint(|p| {
                    p.word(one);
                    p.word(two);
                })));
            }
        }
    }
}
