//! Fills `serde` types from a tree of nodes.
//!
//! This file matches types with kinds of nodes, and keeps the innermost location of an error. Most messages are worded
//! in other files. For types that `serde` buffers (internally tagged and untagged enums, flattened fields), only the
//! location of the buffered object is known.

use serde::Deserialize;
use serde::de::{Deserializer, IntoDeserializer, Visitor};

use super::access::{Elements, Members};
use super::salvage::LostFields;
use super::variant::Variant;
use super::whole::integer;
use super::{Fault, Misfit, Node, Value};

/// Returns the value of `node`.
///
/// # Errors
///
/// Returns the fault of the innermost node that does not fit the type.
pub fn from_node<'de, T: Deserialize<'de>>(node: &'de Node) -> Result<T, Fault> {
    T::deserialize(node).map_err(|misfit| misfit.into_fault(node))
}

impl Node {
    /// Returns `value`. A misfit whose location is not settled yet is located in this node.
    pub(super) fn settle<T>(&self, value: Result<T, Misfit>) -> Result<T, Misfit> {
        value.map_err(|misfit| misfit.settled_in(self))
    }

    fn visit_elements<'de, V>(&'de self, visitor: V) -> Result<V::Value, Misfit>
    where
        V: Visitor<'de>,
    {
        let Value::Array(elements) = &self.value else {
            return match self.value {
                Value::Lost => self.settle(visitor.visit_seq(Elements::new(&[]))),
                _ => Err(Misfit::wrong_type(self, &visitor)),
            };
        };
        let mut access = Elements::new(elements);
        let value = self.settle(visitor.visit_seq(&mut access))?;
        access.finish()?;
        Ok(value)
    }

    fn visit_members<'de, V>(&'de self, visitor: V) -> Result<V::Value, Misfit>
    where
        V: Visitor<'de>,
    {
        let Value::Object(members) = &self.value else {
            return match self.value {
                Value::Lost => self.settle(visitor.visit_map(Members::new(&[]))),
                _ => Err(Misfit::wrong_type(self, &visitor)),
            };
        };
        let mut access = Members::new(members);
        let value = visitor.visit_map(&mut access);
        let value = value.map_err(|misfit| misfit.settled_at_last(access.last_key()));
        let value = self.settle(value)?;
        access.finish()?;
        Ok(value)
    }

    /// Visits a number for a visitor that does not state the number's type in advance.
    fn visit_number<'de, V>(&'de self, literal: &str, visitor: V) -> Result<V::Value, Misfit>
    where
        V: Visitor<'de>,
    {
        if literal.starts_with('-') {
            visitor.visit_i64(integer(literal, self.span, &(i64::MIN..=i64::MAX))?)
        } else {
            visitor.visit_u64(integer(literal, self.span, &(u64::MIN..=u64::MAX))?)
        }
    }

    /// Returns the misfit for a type that contains floats.
    fn no_floats(&self) -> Misfit {
        let message = "numbers with a fraction are not supported";
        Misfit::at(self.span, "wrong-type", message).help("use an integer")
    }
}

/// Defines the methods that read an integer of a known type.
macro_rules! integers {
    ($($method:ident $visit:ident $type:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match &self.value {
                Value::Number(literal) => {
                    let number = integer(literal, self.span, &($type::MIN..=$type::MAX))?;
                    self.settle(visitor.$visit(number))
                }
                Value::Lost => self.settle(visitor.$visit(0)),
                _ => Err(Misfit::wrong_type(self, &visitor)),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match &self.value {
            Value::Null => self.settle(visitor.visit_unit()),
            Value::Bool(value) => self.settle(visitor.visit_bool(*value)),
            Value::Number(literal) => self.settle(self.visit_number(literal, visitor)),
            Value::String(value) => self.settle(visitor.visit_borrowed_str(value)),
            Value::Array(_) | Value::Lost => self.visit_elements(visitor),
            Value::Object(_) => self.visit_members(visitor),
        }
    }

    integers! {
        deserialize_u8 visit_u8 u8
        deserialize_u16 visit_u16 u16
        deserialize_u32 visit_u32 u32
        deserialize_u64 visit_u64 u64
        deserialize_u128 visit_u128 u128
        deserialize_i8 visit_i8 i8
        deserialize_i16 visit_i16 i16
        deserialize_i32 visit_i32 i32
        deserialize_i64 visit_i64 i64
        deserialize_i128 visit_i128 i128
    }

    fn deserialize_f32<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(self.no_floats())
    }

    fn deserialize_f64<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(self.no_floats())
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match &self.value {
            Value::Bool(value) => self.settle(visitor.visit_bool(*value)),
            Value::Lost => self.settle(visitor.visit_bool(false)),
            _ => Err(Misfit::wrong_type(self, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match &self.value {
            Value::String(value) => self.settle(visitor.visit_borrowed_str(value)),
            Value::Lost => self.settle(visitor.visit_borrowed_str("")),
            _ => Err(Misfit::wrong_type(self, &visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match &self.value {
            Value::String(value) => self.settle(visitor.visit_borrowed_bytes(value.as_bytes())),
            _ => self.visit_elements(visitor),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.settle(match self.value {
            Value::Null | Value::Lost => visitor.visit_none(),
            _ => visitor.visit_some(self),
        })
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Null | Value::Lost => self.settle(visitor.visit_unit()),
            _ => Err(Misfit::wrong_type(self, &visitor)),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        self.settle(visitor.visit_newtype_struct(self))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.visit_elements(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.visit_elements(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.visit_elements(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.visit_members(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.value {
            Value::Lost => self.settle(visitor.visit_map(LostFields::new(fields))),
            _ => self.visit_members(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let variant = match &self.value {
            Value::String(name) => Variant::new(name, self.span, None),
            Value::Object(members) => {
                let [member] = members.as_slice() else {
                    let count = members.len();
                    let message = format!("expected an object with one key, found {count} keys");
                    return Err(Misfit::at(self.opening(), "wrong-length", message));
                };
                Variant::new(&member.key, member.key_span, Some(&member.value))
            }
            Value::Lost => Variant::new(variants.first().copied().unwrap_or_default(), self.span, None),
            _ => return Err(Misfit::wrong_type(self, &visitor)),
        };
        self.settle(visitor.visit_enum(variant))
    }

    /// Ignores the node, whatever it is. Even floats are allowed.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_unit()
    }
}

impl<'de> IntoDeserializer<'de, Misfit> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests;
