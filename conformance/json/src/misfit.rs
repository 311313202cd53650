//! The error that `serde` reports if a value does not fit a type.
//!
//! `serde` creates its errors without a location. A [`Misfit`] therefore records which part of a node it concerns. The
//! innermost node through which the misfit is returned determines the location. This file contains the wording of the
//! messages. It does not depend on how a tree is walked.

use std::error::Error;
use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::fault::DUPLICATE_KEY;
use super::nearest::nearest;
use super::plain::{NEGATIVE, is_plain};
use super::words::{choice, plain, quoted};
use super::{Fault, Node, Span, Value};

/// The error in deserializing a [`Node`]: a [`Fault`] whose location may not be settled yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Boxed, because misfits are returned in the `Err` of many results.
    fault: Box<Fault>,
    aim: Aim,
    mistake: Mistake,
}

/// The author's mistake, with the key, if any, that is needed to repair it and continue reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mistake {
    /// A value does not fit.
    Value,
    /// A key is missing.
    Missing(&'static str),
    /// A key is unknown. Contains the key that was probably meant, if any.
    Unknown(Option<&'static str>),
}

/// The part of the enclosing node that a misfit concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Aim {
    /// No part: the location is already settled.
    Settled,
    Whole,
    /// The opening bracket, because something is missing.
    Opening,
    /// The last key that was read.
    LastKey,
    /// The key with this name; the whole node if there is no such key.
    Key(Box<str>),
}

impl Misfit {
    /// Returns a misfit whose location is already known.
    pub(super) fn at(span: Span, rule: &'static str, message: impl Into<String>) -> Self {
        Self { fault: Box::new(Fault::new(rule, span, message)), aim: Aim::Settled, mistake: Mistake::Value }
    }

    /// Returns the misfit for a value of the wrong type.
    pub(super) fn wrong_type(node: &Node, expected: &dyn Expected) -> Self {
        let expected = plain(&expected.to_string());
        let message = format!("expected {expected}, found {}", node.kind());
        let misfit = Self::at(node.span, "wrong-type", message);
        let help = match &node.value {
            Value::String(text) => unquoted(text, &expected),
            Value::Number(literal) if expected == "a string" => Some(format!("put it in quotes: `\"{literal}\"`")),
            Value::Null => Some("write a value, or omit the key: `null` is not allowed here".to_owned()),
            Value::Array(_) if expected == "an object" => Some("an object is written `{\"key\": value}`".to_owned()),
            _ => None,
        };
        misfit.helped(help)
    }

    /// Adds the correct form.
    pub(super) fn expected(self, expected: impl Into<String>) -> Self {
        let fault = Box::new(self.fault.expected(expected));
        Self { fault, ..self }
    }

    /// Adds a hint on how to correct the mistake.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        let fault = Box::new(self.fault.help(help));
        Self { fault, ..self }
    }

    /// Adds a hint, if there is one.
    fn helped(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Returns the author's mistake.
    pub(super) fn mistake(&self) -> Mistake {
        self.mistake.clone()
    }

    /// Settles the location within `node`, unless an inner node has done so.
    pub(super) fn settled_in(mut self, node: &Node) -> Self {
        self.fault.span = match &self.aim {
            Aim::Settled => self.fault.span,
            Aim::Whole | Aim::LastKey => node.span,
            Aim::Opening => node.opening(),
            Aim::Key(key) => node.member(key).map_or(node.span, |member| member.key_span),
        };
        self.aim = Aim::Settled;
        self
    }

    /// Settles the location at `key`, unless it is already settled.
    pub(super) fn settled_at(self, key: Span) -> Self {
        match self.aim {
            Aim::Settled => self,
            _ => self.settled(key),
        }
    }

    /// Settles the location at `key` if the misfit concerns the last key that was read.
    pub(super) fn settled_at_last(self, key: Option<Span>) -> Self {
        match (&self.aim, key) {
            (Aim::LastKey, Some(key)) => self.settled(key),
            _ => self,
        }
    }

    /// Returns the fault with its location settled within `root`.
    pub(super) fn into_fault(self, root: &Node) -> Fault {
        *self.settled_in(root).fault
    }

    fn settled(self, span: Span) -> Self {
        Self { fault: Box::new(Fault { span, ..*self.fault }), aim: Aim::Settled, ..self }
    }

    /// Returns a misfit whose location is not settled yet.
    fn unsettled(aim: Aim, rule: &'static str, message: impl Into<String>) -> Self {
        Self { fault: Box::new(Fault::new(rule, Span::new(0, 0), message)), aim, mistake: Mistake::Value }
    }

    /// Adds the known names, and suggests the one closest to `name`.
    fn known(self, name: &str, known: &[&str]) -> Self {
        let misfit = match known {
            [] => self,
            _ => self.expected(choice(known)),
        };
        match nearest(name, known) {
            Some(known) => misfit.help(format!("did you mean {}?", quoted(known))),
            None => misfit,
        }
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fault.message)
    }
}

impl Error for Misfit {}

impl de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::unsettled(Aim::Whole, "wrong-value", message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = plain(&expected.to_string());
        let message = format!("expected {expected}, found {}", kind(&found));
        let help = match found {
            Unexpected::Str(text) => unquoted(text, &expected),
            _ => None,
        };
        Self::unsettled(Aim::Whole, "wrong-type", message).helped(help)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = plain(&expected.to_string());
        let negative = matches!(found, Unexpected::Signed(..0)) && expected.starts_with("an integer");
        let found = match found {
            Unexpected::Bool(found) => quoted(&found.to_string()),
            Unexpected::Unsigned(found) => quoted(&found.to_string()),
            Unexpected::Signed(found) => quoted(&found.to_string()),
            Unexpected::Char(found) => quoted(&found.to_string()),
            Unexpected::Str(found) => quoted(found),
            other => kind(&other),
        };
        let message = format!("expected {expected}, found {found}");
        let help = negative.then(|| NEGATIVE.to_owned());
        Self::unsettled(Aim::Whole, "wrong-value", message).helped(help)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let expected = plain(&expected.to_string());
        let message = format!("expected {expected}, found {length}");
        Self::unsettled(Aim::Opening, "wrong-length", message)
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        let message = format!("unknown variant {}", quoted(variant));
        Self::unsettled(Aim::Whole, "unknown-variant", message).known(variant, known)
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        let message = format!("unknown key {}", quoted(field));
        let misfit = Self::unsettled(Aim::Key(field.into()), "unknown-key", message).known(field, known);
        Self { mistake: Mistake::Unknown(nearest(field, known)), ..misfit }
    }

    fn missing_field(field: &'static str) -> Self {
        let message = format!("missing key {}", quoted(field));
        Self { mistake: Mistake::Missing(field), ..Self::unsettled(Aim::Opening, "missing-key", message) }
    }

    fn duplicate_field(field: &'static str) -> Self {
        let message = format!("duplicate key {}", quoted(field));
        Self::unsettled(Aim::LastKey, DUPLICATE_KEY, message)
            .help("the same key is also given under another name; remove one of the two")
    }
}

/// Returns a hint on how to write a string as the expected value, if removing its quotes or adding brackets is enough.
fn unquoted(text: &str, expected: &str) -> Option<String> {
    let written = quoted(text);
    let number = expected.starts_with("an integer") && is_plain(text);
    let truth = expected == "`true` or `false`" && matches!(text, "true" | "false");
    if number || truth {
        Some(format!("write it without quotes: {written}"))
    } else if expected == "an array" {
        Some(format!("put it in brackets: `[\"{}\"]`", written.trim_matches('`')))
    } else {
        None
    }
}

/// Returns the kind of `found` in plain words.
fn kind(found: &Unexpected<'_>) -> String {
    let kind = match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) | Unexpected::Bytes(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "null",
        Unexpected::NewtypeStruct => "a value",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        Unexpected::Enum | Unexpected::UnitVariant => "a name",
        Unexpected::NewtypeVariant | Unexpected::TupleVariant | Unexpected::StructVariant => "an object with one key",
        Unexpected::Other(other) => other,
    };
    kind.to_owned()
}

#[cfg(test)]
mod tests {
    use serde::de::{Error as _, Unexpected};

    use super::super::{Limits, parse_text};
    use super::Misfit;

    const TEXT: &str = r#"{"sedes": 1}"#;

    /// Checks the location of `misfit` in the text, and its message.
    fn check(misfit: Misfit, covered: &str, message: &str) {
        let root = parse_text(TEXT, &Limits::default()).expect("the text is JSON");
        let fault = misfit.into_fault(&root);
        assert_eq!(&TEXT[fault.span.range()], covered, "{message}");
        assert_eq!(fault.message, message);
    }

    #[test]
    fn each_misfit_is_located() {
        check(Misfit::custom("odd"), TEXT, "odd");
        check(Misfit::unknown_field("sedes", &["seed"]), "\"sedes\"", "unknown key `sedes`");
        check(Misfit::missing_field("seed"), "{", "missing key `seed`");
        check(Misfit::invalid_type(Unexpected::Map, &"a string"), TEXT, "expected a string, found an object");
        check(
            Misfit::invalid_value(Unexpected::Signed(-7), &"u8"),
            TEXT,
            "expected an integer from 0 to 255, found `-7`",
        );
        check(Misfit::invalid_length(1, &"a tuple of size 2"), "{", "expected an array of 2 elements, found 1");
    }

    #[test]
    fn the_innermost_location_is_kept() {
        let root = parse_text(TEXT, &Limits::default()).expect("the text is JSON");
        let misfit = Misfit::custom("odd").settled_at(super::Span::new(10, 11));
        check(misfit.settled_in(&root), "1", "odd");
    }
}
