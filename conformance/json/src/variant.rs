//! Passes an enum to `serde`: the name of the variant, then its content.
//!
//! This file attaches source positions to the name and to the content. The name may be a string or the key of an
//! object. The two forms are handled alike.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer as _, EnumAccess, Expected, VariantAccess, Visitor};

use super::words::{plain, quoted};
use super::{Misfit, Node, Span};

/// Reads the value for `seed` from `node`. A misfit that has no location yet gets its location from `node`.
pub(super) fn fill<'de, S: DeserializeSeed<'de>>(seed: S, node: &'de Node) -> Result<S::Value, Misfit> {
    node.settle(seed.deserialize(node))
}

/// A variant of an enum: its name and its content, if any.
pub(super) struct Variant<'de> {
    name: &'de str,
    span: Span,
    content: Option<&'de Node>,
}

impl<'de> Variant<'de> {
    pub(super) fn new(name: &'de str, span: Span, content: Option<&'de Node>) -> Self {
        Self { name, span, content }
    }

    /// Returns the content, or the misfit for a variant without content.
    fn content(&self, expected: &dyn Expected) -> Result<&'de Node, Misfit> {
        self.content.ok_or_else(|| {
            let name = quoted(self.name);
            let message = format!("variant {name} is missing its value");
            let expected = plain(&expected.to_string());
            Misfit::at(self.span, "wrong-type", message)
                .expected(format!("an object with the single key {name} and {expected} under it"))
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
