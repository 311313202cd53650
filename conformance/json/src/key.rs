//! Reads the keys of objects for `serde`.
//!
//! A key is a name. If a map has integer keys, a key is read as a plain integer. This file does not depend on the
//! values under the keys.

use serde::de::{Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::variant::Variant;
use super::whole::integer;
use super::{Misfit, Span};

/// The key of an object: a name, or an integer if the map has integer keys.
#[derive(Clone, Copy)]
pub(super) struct Key<'de> {
    pub(super) name: &'de str,
    /// The location of the key.
    pub(super) span: Span,
}

/// Defines the methods that read a key as an integer of a known type.
macro_rules! integer_keys {
    ($($method:ident $visit:ident $type:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            visitor.$visit(integer(self.name, self.span, &($type::MIN..=$type::MAX))?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_borrowed_str(self.name)
    }

    integer_keys! {
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

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        visitor.visit_enum(Variant::new(self.name, self.span, None))
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::super::Span;
    use super::Key;

    #[derive(Debug, PartialEq, Deserialize)]
    enum Side {
        Left,
    }

    /// Checks the value read from the key `name`, or the message if the key does not fit the type.
    fn check<T>(name: &str, expected: Result<T, &str>)
    where
        T: DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        let span = Span::new(0, 0);
        let read = T::deserialize(Key { name, span }).map_err(|misfit| misfit.to_string());
        assert_eq!(read, expected.map_err(str::to_owned), "{name}");
    }

    #[test]
    fn keys_are_names_or_integers() {
        check("a", Ok("a".to_owned()));
        check("a", Ok('a'));
        check("a", Ok(Some("a".to_owned())));
        check("7", Ok(7_u8));
        check("-7", Ok(-7_i64));
        check("Left", Ok(Side::Left));
        check::<u8>("-7", Err("negative number `-7` is not allowed here"));
        check::<u8>("07", Err("expected a plain decimal integer, found `07`"));
        check::<Side>("Top", Err("unknown variant `Top`"));
        check::<bool>("true", Err("expected `true` or `false`, found a string"));
    }
}
