//! The limits beyond which a document is rejected.
//!
//! The widths of the fields ensure that no setting can overflow a span or exhaust the stack. This module does not
//! enforce the limits.

/// The treatment of a repeated key in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duplicates {
    /// Reject the document: in a hand-written file, the second key is a mistake.
    Refuse,
    /// Keep the last occurrence, as most JSON readers do. This is for vectors that test repeated keys.
    KeepLast,
}

/// The limits on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The maximum number of bytes in a document. This is a `u32` so that every [`Span`](super::Span) fits.
    pub bytes: u32,
    /// The maximum number of arrays and objects that may be open at once. This is a `u8` because the parser and all
    /// code that walks the tree are recursive.
    pub depth: u8,
    /// The treatment of a repeated key in an object.
    pub duplicates: Duplicates,
}

impl Limits {
    /// The limits on a hand-written scenario: 1 MiB, 64 levels, every key once.
    pub const SCENARIO: Self = Self { bytes: 1 << 20, depth: 64, duplicates: Duplicates::Refuse };

    /// The limits on a file of test vectors: those of a scenario, except that the last of two equal keys is kept.
    pub const VECTORS: Self = Self { duplicates: Duplicates::KeepLast, ..Self::SCENARIO };

    /// Returns whether a document of `length` bytes is within the limit.
    pub(super) fn admit(self, length: usize) -> bool {
        u32::try_from(length).is_ok_and(|length| length <= self.bytes)
    }
}

impl Default for Limits {
    /// Returns the strictest limits, those of a scenario.
    fn default() -> Self {
        Self::SCENARIO
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;

    #[test]
    fn the_limit_is_inclusive() {
        let limits = Limits { bytes: 3, ..Limits::default() };
        let check = |length, admitted| assert_eq!(limits.admit(length), admitted, "{length}");
        check(0, true);
        check(3, true);
        check(4, false);
        check(usize::MAX, false);
    }
}
