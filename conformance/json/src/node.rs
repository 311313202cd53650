//! The tree of a document, and how to find a node in it.
//!
//! A tree has byte offsets only. [`Document`](super::Document) has lines, columns and file names.

use std::ops::Range;

/// A range of bytes in a document, from `start` up to but not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span of the bytes from `start` to `end`.
    ///
    /// Offsets that do not fit are capped. This does not happen in a document within its [`Limits`](super::Limits).
    pub(super) fn new(start: usize, end: usize) -> Self {
        let capped = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { start: capped(start), end: capped(end) }
    }

    /// Returns the span as a range for slicing the text.
    pub fn range(self) -> Range<usize> {
        let wide = |offset| usize::try_from(offset).unwrap_or(usize::MAX);
        wide(self.start)..wide(self.end)
    }
}

/// A value and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The location of the value, including brackets and quotes.
    pub span: Span,
    pub value: Value,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number: the literal as written, never rounded to a float.
    Number(Box<str>),
    /// A string with its escapes resolved.
    String(String),
    Array(Vec<Node>),
    /// An object with its members in the order of the file; keys are unique.
    Object(Vec<Member>),
    /// A part that could not be read. It fits every type. It never occurs in a document, only in a copy of the tree
    /// that is searched for further mistakes.
    Lost,
}

/// A key of an object and the value under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The key with its escapes resolved.
    pub key: String,
    /// The location of the key, including quotes.
    pub key_span: Span,
    /// The value under the key.
    pub value: Node,
}

/// One step on the path from a node to a node inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// A step to the value under a key of an object.
    Key(&'a str),
    /// A step to an element of an array. Indices start at 0.
    Index(usize),
}

impl Node {
    /// Returns the node at the end of `pointer`, or `None` if a step does not exist.
    pub fn at(&self, pointer: &[Step<'_>]) -> Option<&Self> {
        pointer.iter().try_fold(self, |node, step| match *step {
            Step::Key(key) => node.member(key).map(|member| &member.value),
            Step::Index(index) => match &node.value {
                Value::Array(elements) => elements.get(index),
                _ => None,
            },
        })
    }

    /// Returns the member under `key`, or `None` if the node is not an object or has no such key.
    pub fn member(&self, key: &str) -> Option<&Member> {
        match &self.value {
            Value::Object(members) => members.iter().find(|member| member.key == key),
            _ => None,
        }
    }

    /// Returns the span of the key at the end of `pointer`, including quotes. Returns `None` if a step does not exist
    /// or the last step is not a key.
    pub fn key_span(&self, pointer: &[Step<'_>]) -> Option<Span> {
        let (last, path) = pointer.split_last()?;
        match *last {
            Step::Key(key) => Some(self.at(path)?.member(key)?.key_span),
            Step::Index(_) => None,
        }
    }

    /// Returns the span of the opening bracket of an array or object, or the whole span of any other value.
    pub fn opening(&self) -> Span {
        match self.value {
            Value::Array(_) | Value::Object(_) => {
                Span { start: self.span.start, end: self.span.start.saturating_add(1).min(self.span.end) }
            }
            _ => self.span,
        }
    }

    /// Returns the span of a part of a string. `part` is a range of bytes in the value of the string. If the string
    /// contains an escape, or the node is not a string, returns the whole span.
    pub fn part(&self, part: &Range<usize>) -> Span {
        let Value::String(text) = &self.value else { return self.span };
        let Range { start, end } = self.span.range();
        if end - start != text.len() + 2 {
            return self.span;
        }
        Span::new(start + 1 + part.start.min(text.len()), start + 1 + part.end.min(text.len()))
    }

    /// Returns the kind of the node in the words of a message, such as `an object`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
            Value::Lost => "nothing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse_text};
    use super::Step::{self, Index, Key};

    #[test]
    fn parts_of_strings() {
        let root = parse_text(r#"["abc", "a\nc", 12]"#, &Limits::default()).expect("the text is JSON");
        let part = |index| root.at(&[Index(index)]).expect("the element exists").part(&(1..2)).range();
        assert_eq!([part(0), part(1), part(2)], [3..4, 8..14, 16..18]);
    }

    const TEXT: &str = r#"{"runs": [{"units": [1, 2, {"a": null}]}, "x"], "seed": 7}"#;

    /// Checks the text of the node at `pointer`, and the text of the key at its end.
    fn check(pointer: &[Step<'_>], value: Option<&str>, key: Option<&str>) {
        let root = parse_text(TEXT, &Limits::default()).expect("the text is JSON");
        let node = root.at(pointer).map(|node| &TEXT[node.span.range()]);
        assert_eq!(node, value, "{pointer:?}");
        let span = root.key_span(pointer).map(|span| &TEXT[span.range()]);
        assert_eq!(span, key, "{pointer:?}");
    }

    #[test]
    fn pointers_lead_to_values_and_keys() {
        check(&[], Some(TEXT), None);
        check(&[Key("seed")], Some("7"), Some("\"seed\""));
        check(&[Key("runs"), Index(1)], Some("\"x\""), None);
        let units = [Key("runs"), Index(0), Key("units")];
        check(&units, Some(r#"[1, 2, {"a": null}]"#), Some("\"units\""));
        let [runs, first, units] = units;
        check(&[runs, first, units, Index(1)], Some("2"), None);
        let a = [runs, first, units, Index(2), Key("a")];
        check(&a, Some("null"), Some("\"a\""));
        check(&[runs, first, units, Index(3)], None, None);
        check(&[Index(0)], None, None);
        check(&[Key("seed"), Key("seed")], None, None);
        check(&[Key("sedes")], None, None);
    }

    #[test]
    fn opening_covers_the_bracket_only() {
        let root = parse_text(TEXT, &Limits::default()).expect("the text is JSON");
        assert_eq!(root.opening().range(), 0..1);
        let seed = root.at(&[Key("seed")]).expect("the key exists");
        assert_eq!(seed.opening(), seed.span);
    }
}
