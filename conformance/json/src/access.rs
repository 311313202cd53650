//! Passes the parts of arrays and objects to `serde`, one by one.
//!
//! This file attaches source positions to misfits in the parts. It does not depend on the types that are built from the
//! parts.

use std::slice;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess};

use super::key::Key;
use super::variant::fill;
use super::words::quoted;
use super::{Member, Misfit, Node, Span};

/// The elements of an array that have not been read yet.
pub(super) struct Elements<'de> {
    rest: slice::Iter<'de, Node>,
    length: usize,
}

impl<'de> Elements<'de> {
    pub(super) fn new(elements: &'de [Node]) -> Self {
        Self { rest: elements.iter(), length: elements.len() }
    }

    /// Rejects the array if the target type has not read all of its elements.
    pub(super) fn finish(self) -> Result<(), Misfit> {
        let taken = self.length - self.rest.len();
        match self.rest.as_slice() {
            [] => Ok(()),
            [surplus, ..] => {
                let elements = if taken == 1 { "element" } else { "elements" };
                let length = self.length;
                let message = format!("expected an array of {taken} {elements}, found {length}");
                Err(Misfit::at(surplus.span, "wrong-length", message))
            }
        }
    }
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Misfit;

    fn next_element_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit>
    where
        S: DeserializeSeed<'de>,
    {
        let element = self.rest.next();
        element.map(|element| fill(seed, element)).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The members of an object that have not been read yet.
pub(super) struct Members<'de> {
    rest: slice::Iter<'de, Member>,
    last: Option<&'de Member>,
}

impl<'de> Members<'de> {
    pub(super) fn new(members: &'de [Member]) -> Self {
        Self { rest: members.iter(), last: None }
    }

    /// Returns the span of the key that was read last.
    pub(super) fn last_key(&self) -> Option<Span> {
        self.last.map(|member| member.key_span)
    }

    /// Rejects the object if the target type has not read all of its members.
    pub(super) fn finish(self) -> Result<(), Misfit> {
        match self.rest.as_slice() {
            [] => Ok(()),
            [Member { key, key_span, .. }, ..] => {
                let message = format!("unknown key {}", quoted(key));
                Err(Misfit::at(*key_span, "unknown-key", message))
            }
        }
    }
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = Misfit;

    fn next_key_seed<S>(&mut self, seed: S) -> Result<Option<S::Value>, Misfit>
    where
        S: DeserializeSeed<'de>,
    {
        let Some(member) = self.rest.next() else {
            return Ok(None);
        };
        self.last = Some(member);
        let (name, span) = (member.key.as_str(), member.key_span);
        let key = seed.deserialize(Key { name, span });
        key.map(Some).map_err(|misfit| misfit.settled_at(span))
    }

    fn next_value_seed<S>(&mut self, seed: S) -> Result<S::Value, Misfit>
    where
        S: DeserializeSeed<'de>,
    {
        match self.last {
            Some(member) => fill(seed, &member.value),
            None => Err(serde::de::Error::custom("a value was requested before its key")),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
