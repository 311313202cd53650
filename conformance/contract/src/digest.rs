//! The digest that is used to compare files, checkpoints and processes.
//!
//! Traces and seeds use a faster digest, `truecount_engine::hash`.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of `bytes`, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    digits(&Sha256::digest(bytes))
}

/// Returns the same digest of everything that a reader yields, or `None` if that is more than `limit` bytes.
///
/// # Errors
///
/// Returns the first error of the reader.
pub fn sha256_of(mut reader: impl Read, limit: u64) -> io::Result<Option<String>> {
    let (mut digest, mut left) = (Sha256::new(), limit);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return Ok(Some(digits(&digest.finalize()))),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let Some(rest) = left.checked_sub(count as u64) else { return Ok(None) };
        left = rest;
        digest.update(&buffer[..count]);
    }
}

fn digits(bytes: &[u8]) -> String {
    let digits = |byte: &u8| [byte >> 4, byte & 15].map(|half| char::from_digit(half.into(), 16).unwrap_or('?'));
    bytes.iter().flat_map(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_matches_the_standard() {
        // The one-block example of FIPS 180-4.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_reader_has_the_digest_of_its_bytes_up_to_the_limit() {
        let bytes = vec![7; 200_000];
        assert_eq!(sha256_of(&bytes[..], 200_000).expect("memory can be read"), Some(sha256(&bytes)));
        assert_eq!(sha256_of(&bytes[..], 199_999).expect("memory can be read"), None);
    }
}
