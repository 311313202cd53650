//! SHA-256 digests. The simulator computes them itself, because digests computed by the engine would share the engine's
//! bugs.

use sha2::{Digest as _, Sha256};

/// Returns the SHA-256 of these bytes.
pub fn sha_256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Returns the first eight bytes of a digest as a number, for traces.
pub fn short(digest: [u8; 32]) -> u64 {
    digest[..8].iter().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Returns a digest in lower-case hexadecimal.
pub(crate) fn hex(digest: [u8; 32]) -> String {
    digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_sha_256_of_its_bytes() {
        let digest = sha_256(b"abc");
        assert_eq!(hex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(short(digest), 0xba78_16bf_8f01_cfea);
    }
}
