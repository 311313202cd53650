//! Named random streams: ChaCha8 with the key SHA-256(format, stream name, fixture key, seed).
//!
//! A new kind of fault draws from its own named stream, so it changes no other draw. The algorithm is specified and
//! pinned by a golden vector. A seed means the same on every machine and in every version that keeps the format.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Part of every key. It changes if streams change their meaning.
pub const FORMAT: &str = "truecount-streams/1";

/// A random stream.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// Returns the stream with this name for a fixture, given by its key, and a seed.
    pub fn new(name: &str, fixture: &str, seed: u64) -> Self {
        let mut key = Sha256::new();
        for part in [FORMAT, name, fixture] {
            // Lengths keep ("ab", "c") and ("a", "bc") apart.
            key.update((part.len() as u64).to_le_bytes());
            key.update(part.as_bytes());
        }
        key.update(seed.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key.finalize().into()))
    }

    /// Returns 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Returns a number below `bound`, or 0 if `bound` is 0. The number is scaled by multiplication, with a bias below
    /// 2^-32.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        scale(self.0.next_u32(), bound)
    }
}

/// Scales 32 random bits to a number below `bound`.
#[inline]
pub const fn scale(bits: u32, bound: u32) -> u32 {
    ((bits as u64 * bound as u64) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The golden vector: if it changes, every recorded seed changes its meaning.
    #[test]
    fn a_seed_never_changes_its_meaning() {
        let mut stream = Stream::new("schedule", "restore/mixed", 7);
        assert_eq!([stream.bits(), stream.bits()], GOLDEN);
    }

    const GOLDEN: [u64; 2] = [13_454_313_237_431_618_915, 11_632_288_486_557_119_122];

    #[test]
    fn streams_differ_if_any_part_of_their_name_differs() {
        let first = |name, scenario, seed| Stream::new(name, scenario, seed).bits();
        let all = [first("a", "bc", 1), first("ab", "c", 1), first("a", "bc", 2), first("b", "bc", 1)];
        for (i, one) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|other| other != one));
        }
    }

    #[test]
    fn a_number_is_below_its_bound() {
        let mut stream = Stream::new("x", "y", 0);
        assert!((0..1_000).all(|_| stream.below(3) < 3));
        assert_eq!((stream.below(0), scale(u32::MAX, 5)), (0, 4));
    }
}
