//! Hands the parts of arrays, objects and enums to `serde`, one by one.
//!
//! This file finds the places of the parts. Independent of the types that are made of them.

use std::slice;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer as _, EnumAccess, Expected, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::key::Key;
use super::words::{plain, quoted};
use super::{Member, Misfit, Node, Span};

/// Reads what `seed` asks for from `node`, and settles the place of a misfit there.
fn fill<'de, S: DeserializeSeed<'de>>(seed: S, node: &'de Node) -> Result<S::Value, Misfit> {
    node.settle(seed.deserialize(node))
}

/// The elements of an array that are still unread.
pub(super) struct Elements<'de> {
    rest: slice::Iter<'de, Node>,
    length: usize,
}

impl<'de> Elements<'de> {
    pub(super) fn new(elements: &'de [Node]) -> Self {
        Self { rest: elements.iter(), length: elements.len() }
    }

    /// Refuses the array if its type took only some of the elements.
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

/// The members of an object that are still unread.
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

    /// Refuses the object if its type took only some of the members.
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
            None => Err(serde::de::Error::custom("a value was asked for before its key")),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// A variant of an enum: its name, and its content if there is any.
pub(super) struct Variant<'de> {
    name: &'de str,
    span: Span,
    content: Option<&'de Node>,
}

impl<'de> Variant<'de> {
    pub(super) fn new(name: &'de str, span: Span, content: Option<&'de Node>) -> Self {
        Self { name, span, content }
    }

    /// Returns the content, or the misfit of a variant without it.
    fn content(&self, expected: &dyn Expected) -> Result<&'de Node, Misfit> {
        self.content.ok_or_else(|| {
            let name = quoted(self.name);
            let message = format!("variant {name} lacks its value");
            let expected = plain(&expected.to_string());
            Misfit::at(self.span, "wrong-type", message)
                .expected(format!("an object with the one key {name}, and {expected} under it"))
        })
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Misfit;
    type Variant = Self;

    fn variant_seed<S>(self, seed: S) -> Result<(S::Value, Self), Misfit>
    where
        S: DeserializeSeed<'de>,
    {
        let variant = seed.deserialize(BorrowedStrDeserializer::new(self.name));
        let variant = variant.map_err(|misfit: Misfit| misfit.settled_at(self.span))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        match self.content {
            None => Ok(()),
            Some(content) => {
                let name = quoted(self.name);
                let message = format!("variant {name} takes no value");
                Err(Misfit::at(content.span, "wrong-type", message)
                    .help(format!("write the string \"{}\" alone", name.trim_matches('`'))))
            }
        }
    }

    fn newtype_variant_seed<S>(self, seed: S) -> Result<S::Value, Misfit>
    where
        S: DeserializeSeed<'de>,
    {
        fill(seed, self.content(&"a value")?)
    }

    fn tuple_variant<V>(self, length: usize, visitor: V) -> Result<V::Value, Misfit>
    where
        V: Visitor<'de>,
    {
        self.content(&"an array")?.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Misfit>
    where
        V: Visitor<'de>,
    {
        self.content(&"an object")?.deserialize_struct("", fields, visitor)
    }
}
