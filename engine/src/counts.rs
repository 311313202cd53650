//! The summary counts of a run: at most one value for each of nine keys, normalised from stored entries.
//!
//! This module does not depend on JSON: it receives key names and the text of each number. It attaches no meaning to a
//! count. For example, it does not keep `processed` below `total`.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::number;

/// The largest value of a count, which is the largest integer that all JSON readers represent exactly.
pub const VALUE_MAX: u64 = (1 << 53) - 1;

/// A summary key. A further key requires a new contract version (KEYS-01, BOUND-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The number of planned units.
    Total,
    /// The number of planned units that have been resolved.
    Processed,
    /// The number of units resolved as `succeeded`.
    Succeeded,
    /// The number of units resolved as `failed`.
    Failed,
    /// The number of units resolved as `skipped`.
    Skipped,
    /// The number of objects that the run created.
    Created,
    /// The number of objects that the run updated.
    Updated,
    /// The number of objects that the run deleted.
    Deleted,
    /// The number of objects that the run handled, in the family's own unit of measure.
    Items,
}

impl Key {
    /// Every key, in the contract's order.
    pub const ALL: [Self; 9] = [
        Self::Total,
        Self::Processed,
        Self::Succeeded,
        Self::Failed,
        Self::Skipped,
        Self::Created,
        Self::Updated,
        Self::Deleted,
        Self::Items,
    ];

    /// Returns the name under which the key is stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Processed => "processed",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Items => "items",
        }
    }

    /// Returns the key with exactly this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The counts of one run: at most one value from 0 to [`VALUE_MAX`] for each key.
///
/// An absent key is unknown, which is different from 0 (KEYS-04). No sequence of calls creates a map that [`normalise`]
/// would change (KEYS-05).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    present: u16,
    // An absent key has the value 0 here, so that equal maps are equal field by field.
    values: [u64; Key::ALL.len()],
}

/// Hashes only the known counts: most of the nine keys are absent, and an exploration hashes counts very often.
impl Hash for Counts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u16(self.present);
        let mut left = self.present;
        while left != 0 {
            state.write_u64(self.values[left.trailing_zeros() as usize]);
            left &= left - 1;
        }
    }
}

impl Counts {
    /// Returns the value of `key`, or `None` if it is unknown.
    pub const fn get(&self, key: Key) -> Option<u64> {
        if self.present & key.bit() == 0 { None } else { Some(self.values[key as usize]) }
    }

    /// Returns the value of `key`, or 0 if the key is absent.
    ///
    /// This is correct for tallies (COUNT-10), but never for `total` and `processed` (KEYS-04).
    pub const fn or_zero(&self, key: Key) -> u64 {
        self.values[key as usize]
    }

    /// Returns a bit set of the known keys: bit `n` stands for the key at index `n` of [`Key::ALL`].
    pub const fn presence(&self) -> u16 {
        self.present
    }

    /// Sets `key` to `value`. A value above [`VALUE_MAX`] makes the key unknown.
    pub fn set(&mut self, key: Key, value: u64) {
        self.replace(key, (value <= VALUE_MAX).then_some(value));
    }

    /// Adds `amount` to `key`. An absent key counts as 0, and the sum stops at [`VALUE_MAX`].
    pub fn add(&mut self, key: Key, amount: u64) {
        self.set(key, self.or_zero(key).saturating_add(amount).min(VALUE_MAX));
    }

    /// Returns the known counts in the order of [`Key::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Key, u64)> {
        Key::ALL.into_iter().filter_map(|key| Some((key, self.get(key)?)))
    }

    fn replace(&mut self, key: Key, value: Option<u64>) {
        match value {
            Some(_) => self.present |= key.bit(),
            None => self.present &= !key.bit(),
        }
        self.values[key as usize] = value.unwrap_or(0);
    }
}

impl FromIterator<(Key, u64)> for Counts {
    /// Sets each pair in turn, so the last pair with a given key applies.
    fn from_iter<I: IntoIterator<Item = (Key, u64)>>(pairs: I) -> Self {
        let mut counts = Self::default();
        for (key, value) in pairs {
            counts.set(key, value);
        }
        counts
    }
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A derived implementation would show an unknown count as 0, which is exactly the mistake that KEYS-04 forbids.
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A stored value as the engine receives it, whatever its storage format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw<'a> {
    /// A number, as the text of its JSON literal: a parsed double may already have lost digits.
    Number(&'a str),
    /// Anything else: a string, a boolean, null, a list or an object.
    Other,
}

/// Returns the counts in `entries`, which are in the order in which they were written (KEYS-01 to 03).
///
/// Entries with unknown names are dropped, and so are invalid values. If a key is repeated, its last entry applies. If
/// the value of that entry is invalid, the key is unknown, whatever the earlier entries were.
pub fn normalise<'a>(entries: impl IntoIterator<Item = (&'a str, Raw<'a>)>) -> Counts {
    let mut counts = Counts::default();
    for (name, raw) in entries {
        let Some(key) = Key::from_name(name) else {
            continue;
        };
        let value = match raw {
            Raw::Number(text) => number::whole(text).filter(|&value| value <= VALUE_MAX),
            Raw::Other => None,
        };
        counts.replace(key, value);
    }
    counts
}

#[cfg(test)]
mod tests;
