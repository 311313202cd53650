//! Artifacts: the files that a run produces in addition to its rows. This module defines their entries, their bytes,
//! and the digest that names those bytes.
//!
//! This module does not depend on file formats: a family decides how its entries are packed.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::unit::Resolution;

/// The bytes of an artifact.
pub type Bytes = Arc<[u8]>;

/// The SHA-256 of an artifact's bytes: the name under which the artifact is published.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Returns the digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A planned object, as returned by the artifact store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Source {
    pub name: String,
    /// The content staged for the object's unit, or `None` if nothing was staged.
    pub content: Option<Bytes>,
}

/// A planned entry to be packed into an artifact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Entry<'a> {
    /// The name of the entry's object.
    pub name: &'a str,
    /// The resolution of the object's unit.
    pub resolution: Resolution,
    /// The content to pack, or `None` if no content of this entry may appear in the artifact.
    pub content: Option<&'a [u8]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_sha_256_of_its_bytes() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
