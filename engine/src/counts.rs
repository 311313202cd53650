//! The summary counts of a run: nine keys, read from whatever was stored under them.
//!
//! Independent of JSON: it takes names and the texts of numbers. What a count means (that `processed` stays below
//! `total`, for instance) is the run's matter, not the map's.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::number;

/// The largest value of a count: the largest integer every JSON reader agrees on.
pub const VALUE_MAX: u64 = (1 << 53) - 1;

/// A summary key. Another one takes a new contract version (KEYS-01, BOUND-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// The number of planned units.
    Total,
    /// The planned units that have resolved.
    Processed,
    /// The units resolved as `succeeded`.
    Succeeded,
    /// The units resolved as `failed`.
    Failed,
    /// The units resolved as `skipped`.
    Skipped,
    /// Objects that the run created.
    Created,
    /// Objects that the run updated.
    Updated,
    /// Objects that the run deleted.
    Deleted,
    /// Objects that the run handled, in the unit in which its family counts them.
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

    /// Returns the key's name as stored.
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

    /// Returns the key of that exact name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The counts of one run: at most one value from 0 to [`VALUE_MAX`] for each key.
///
/// An absent key is unknown, which is not 0 (KEYS-04). No sequence of calls makes a map that
/// [`normalise`] would change (KEYS-05).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    present: u16,
    // An absent key holds 0 here, so that equal maps are equal field by field.
    values: [u64; Key::ALL.len()],
}

/// Hashes only what is known: most of the nine keys are absent, and a search hashes counts all the time.
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
    /// Returns the value of `key`, or `None` where it is unknown.
    pub const fn get(&self, key: Key) -> Option<u64> {
        if self.present & key.bit() == 0 { None } else { Some(self.values[key as usize]) }
    }

    /// Returns the value of `key`, with an absent one read as 0.
    ///
    /// Correct for tallies (COUNT-10), never for `total` and `processed` (KEYS-04).
    pub const fn or_zero(&self, key: Key) -> u64 {
        self.values[key as usize]
    }

    /// Returns which keys are known: bit n is set for the nth key of [`Key::ALL`].
    pub const fn presence(&self) -> u16 {
        self.present
    }

    /// Sets `key` to `value`. A value above [`VALUE_MAX`] leaves the key unknown.
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
    /// Sets each pair in turn: the last of a repeated key applies.
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
        // A derived implementation would print an unknown count as 0, the very mistake KEYS-04 forbids.
        f.debug_map().entries(self.iter()).finish()
    }
}

/// A stored value as the engine sees it, whatever format it was stored in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raw<'a> {
    /// A number, as the text of its JSON literal: a parsed double has lost digits already.
    Number(&'a str),
    /// Anything else: a string, a boolean, null, a list, an object.
    Other,
}

/// Returns the counts that `entries` mean, in the order written (KEYS-01 to 03).
///
/// Unknown names, and values that are not a count, are dropped. The last entry of a repeated key applies: if it is not
/// a count, the key is unknown, whatever came before.
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
