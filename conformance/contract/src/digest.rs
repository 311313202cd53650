//! The digest that is used to compare files, checkpoints and processes.
//!
//! Traces and seeds use a faster digest, `truecount_engine::hash`.

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of `bytes`, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('?'));
    Sha256::digest(bytes).iter().flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn the_digest_matches_the_standard() {
        // The one-block example of FIPS 180-4.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
