//! What `serde` reports when a value does not fit a type.
//!
//! `serde` creates its errors without a place. So a [`Misfit`] remembers what it is about, and the innermost node that
//! it passes on its way out settles the place. This file words the messages. Independent of how a tree is walked.

use std::error::Error;
use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::fault::DUPLICATE_KEY;
use super::nearest::nearest;
use super::plain::{NEGATIVE, is_plain};
use super::words::{choice, plain, quoted};
use super::{Fault, Node, Span, Value};

/// The error of deserializing a [`Node`]: a [`Fault`] whose place may still have to be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Boxed, because misfits travel in the `Err` of many results.
    fault: Box<Fault>,
    aim: Aim,
    mistake: Mistake,
}

/// What the author did, as far as it can be undone to continue reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mistake {
    /// A value was written that does not fit.
    Value,
    /// A key was left out.
    Missing(&'static str),
    /// An unknown key; perhaps this one was meant.
    Unknown(Option<&'static str>),
}

/// Which part of the enclosing node a misfit is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Aim {
    /// None: the place is settled.
    Settled,
    Whole,
    /// Its opening bracket: something is missing.
    Opening,
    /// The key that was read last.
    LastKey,
    /// The key of this name, or all of it if there is none.
    Key(Box<str>),
}

impl Misfit {
    /// Returns a misfit whose place is known already.
    pub(super) fn at(span: Span, rule: &'static str, message: impl Into<String>) -> Self {
        Self { fault: Box::new(Fault::new(rule, span, message)), aim: Aim::Settled, mistake: Mistake::Value }
    }

    /// Returns the misfit of a value of the wrong type.
    pub(super) fn wrong_type(node: &Node, expected: &dyn Expected) -> Self {
        let expected = plain(&expected.to_string());
        let message = format!("expected {expected}, found {}", node.kind());
        let misfit = Self::at(node.span, "wrong-type", message);
        let help = match &node.value {
            Value::String(text) => unquoted(text, &expected),
            Value::Number(literal) if expected == "a string" => Some(format!("put it in quotes: `\"{literal}\"`")),
            Value::Null => Some("write a value, or omit the key: `null` is not a value here".to_owned()),
            Value::Array(_) if expected == "an object" => Some("an object is written `{\"key\": value}`".to_owned()),
            _ => None,
        };
        misfit.helped(help)
    }

    /// Adds what would have been right.
    pub(super) fn expected(self, expected: impl Into<String>) -> Self {
        let fault = Box::new(self.fault.expected(expected));
        Self { fault, ..self }
    }

    /// Adds what the author could do about it.
    pub(super) fn help(self, help: impl Into<String>) -> Self {
        let fault = Box::new(self.fault.help(help));
        Self { fault, ..self }
    }

    /// Adds what the author could do about it, if that is known.
    fn helped(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Takes what the author did.
    pub(super) fn mistake(&self) -> Mistake {
        self.mistake.clone()
    }

    /// Settles the place within `node`, unless an inner node has done so.
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

    /// Settles the place at `key`, unless that is done, whatever the misfit is about.
    pub(super) fn settled_at(self, key: Span) -> Self {
        match self.aim {
            Aim::Settled => self,
            _ => self.settled(key),
        }
    }

    /// Settles the place at `key` if the misfit is about the key that was read last.
    pub(super) fn settled_at_last(self, key: Option<Span>) -> Self {
        match (&self.aim, key) {
            (Aim::LastKey, Some(key)) => self.settled(key),
            _ => self,
        }
    }

    /// Returns the fault with its place settled within `root`.
    pub(super) fn into_fault(self, root: &Node) -> Fault {
        *self.settled_in(root).fault
    }

    fn settled(self, span: Span) -> Self {
        Self { fault: Box::new(Fault { span, ..*self.fault }), aim: Aim::Settled, ..self }
    }

    /// Returns a misfit whose place is to be settled.
    fn unsettled(aim: Aim, rule: &'static str, message: impl Into<String>) -> Self {
        Self { fault: Box::new(Fault::new(rule, Span::new(0, 0), message)), aim, mistake: Mistake::Value }
    }

    /// Adds the known names, and the one that `name` is closest to.
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
        Self::unsettled(Aim::LastKey, DUPLICATE_KEY, message).help("the same key is also given under another name")
    }
}

/// Returns how a string is written as what is expected instead, if quotes or brackets are all that is wrong.
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

/// Returns what `found` is, as an author would call it.
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

    /// Checks the place that `misfit` finds in the text, and its message.
    fn check(misfit: Misfit, place: &str, message: &str) {
        let root = parse_text(TEXT, &Limits::default()).expect("the text is JSON");
        let fault = misfit.into_fault(&root);
        assert_eq!(&TEXT[fault.span.range()], place, "{message}");
        assert_eq!(fault.message, message);
    }

    #[test]
    fn each_misfit_finds_its_place() {
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
    fn the_innermost_place_stays() {
        let root = parse_text(TEXT, &Limits::default()).expect("the text is JSON");
        let misfit = Misfit::custom("odd").settled_at(super::Span::new(10, 11));
        check(misfit.settled_in(&root), "1", "odd");
    }
}
