//! The hash function for every hash that must be the same on any machine: digests of plans, trace hashes, and random
//! draws from a seed.
//!
//! The function is fast, but not cryptographic. For file names, `artifact` uses SHA-256.

/// Returns a digest with one word mixed in. A multiplication by the golden ratio spreads the bits, and the shift moves
/// high bits down.
#[inline]
pub const fn mix(digest: u64, word: u64) -> u64 {
    let spread = (digest.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    spread ^ (spread >> 29)
}

/// Returns a digest with every byte mixed in.
pub fn mix_bytes(digest: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(digest, |digest, byte| mix(digest, u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded seeds and trace hashes are valid only as long as this test passes.
    #[test]
    fn the_mixer_never_changes() {
        assert_eq!(mix(0, 1), 0x9E37_79BD_8EF1_B1DE);
        assert_eq!(mix_bytes(7, b"ab"), mix(mix(7, 97), 98));
    }

    #[test]
    fn the_order_and_number_of_words_change_the_digest() {
        assert_ne!(mix(mix(0, 1), 2), mix(mix(0, 2), 1));
        assert_ne!(mix(1, 0), 1);
    }
}
