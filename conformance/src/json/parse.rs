//! A strict reader of RFC 8259.
//!
//! This file knows where each token may stand, and the mistakes that are made most often. It does
//! not know what the document is for, nor the name of its file.

use super::cursor::Cursor;
use super::fault::{DEPTH, DUPLICATE_KEY};
use super::literal::{malformed, number, string, word};
use super::words::quoted;
use super::{Duplicates, Fault, Limits, Member, Node, Span, Value};

/// Parses the bytes of a document.
///
/// # Errors
///
/// Returns the first fault: a broken limit, bytes that are not UTF-8, or text that is not JSON.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Node, Fault> {
    admit(bytes.len(), *limits)?;
    let text = str::from_utf8(bytes).map_err(|error| {
        let start = error.valid_up_to();
        let end = error.error_len().map_or(bytes.len(), |length| start + length);
        Fault::new("file-encoding", Span::new(start, end), "the text is not UTF-8")
    })?;
    parse_text(text, limits)
}

/// Parses the text of a document.
///
/// # Errors
///
/// Returns the first fault: a broken limit, or text that is not JSON.
pub fn parse_text(text: &str, limits: &Limits) -> Result<Node, Fault> {
    admit(text.len(), *limits)?;
    let mut parser = Parser { cursor: Cursor::new(text), open: Vec::new(), limits };
    if text.starts_with('\u{feff}') {
        let span = Span::new(0, '\u{feff}'.len_utf8());
        return Err(Fault::syntax(span, "the file starts with a byte order mark")
            .help("save the file as UTF-8 without a byte order mark (BOM)"));
    }
    let root = parser.value()?;
    parser.cursor.skip_space();
    if parser.cursor.peek().is_none() {
        return Ok(root);
    }
    let fault = parser.cursor.unexpected("the end of the file");
    Err(match fault.help {
        Some(_) => fault,
        None => fault.help("a file holds a single value"),
    })
}

/// Refuses a document that is longer than the limit.
fn admit(length: usize, limits: Limits) -> Result<(), Fault> {
    if limits.admit(length) {
        return Ok(());
    }
    let message = format!("the text is longer than {} bytes", limits.bytes);
    Err(Fault::new("file-too-large", Span::new(0, 0), message))
}

/// A document being parsed.
struct Parser<'t> {
    cursor: Cursor<'t>,
    /// The brackets that are open and their offsets, the outermost first.
    open: Vec<(char, usize)>,
    limits: &'t Limits,
}

impl Parser<'_> {
    /// Parses the next value, and the white space before it.
    fn value(&mut self) -> Result<Node, Fault> {
        self.cursor.skip_space();
        let start = self.cursor.position();
        let value = match self.cursor.peek() {
            Some(b'{') => self.nested('{', Self::object)?,
            Some(b'[') => self.nested('[', Self::array)?,
            Some(b'"') => Value::String(string(&mut self.cursor)?),
            Some(b'-' | b'0'..=b'9') => Value::Number(number(&mut self.cursor)?),
            Some(b'+' | b'.') => {
                let help = "a number starts with a digit, or with `-` and a digit";
                return Err(malformed(&mut self.cursor, start, help));
            }
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => word(&mut self.cursor)?,
            _ => return Err(self.unexpected("a value")),
        };
        let span = self.cursor.span_from(start);
        Ok(Node { span, value })
    }

    /// Parses what `bracket` opens by `parse`, unless too many brackets are open already.
    fn nested(&mut self, bracket: char, parse: impl FnOnce(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        let start = self.cursor.position();
        self.cursor.advance();
        if self.open.len() >= usize::from(self.limits.depth) {
            let message = format!("nested deeper than {} levels", self.limits.depth);
            return Err(Fault::new(DEPTH, self.cursor.span_from(start), message));
        }
        self.open.push((bracket, start));
        let value = parse(self)?;
        self.open.pop();
        Ok(value)
    }

    /// Parses what follows the `[` of an array.
    fn array(&mut self) -> Result<Value, Fault> {
        let mut elements = Vec::new();
        self.cursor.skip_space();
        if self.cursor.eat(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            if self.closes(b']', "`,` or `]`")? {
                return Ok(Value::Array(elements));
            }
        }
    }

    /// Parses what follows the `{` of an object.
    fn object(&mut self) -> Result<Value, Fault> {
        let mut members = Vec::new();
        self.cursor.skip_space();
        if self.cursor.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            members.push(self.member()?);
            if self.closes(b'}', "`,` or `}`")? {
                return Ok(Value::Object(self.settle_duplicates(members)?));
            }
        }
    }

    /// Parses a key and the value under it.
    fn member(&mut self) -> Result<Member, Fault> {
        self.cursor.skip_space();
        let start = self.cursor.position();
        match self.cursor.peek() {
            Some(b'"') => {}
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9') => {
                return Err(self.unexpected("a key").help("keys are written in double quotes"));
            }
            _ => return Err(self.unexpected("a key")),
        }
        let key = string(&mut self.cursor)?;
        let key_span = self.cursor.span_from(start);
        self.cursor.skip_space();
        if !self.cursor.eat(b':') {
            return Err(self.unexpected("`:` after the key"));
        }
        let value = self.value()?;
        Ok(Member { key, key_span, value })
    }

    /// Moves past the comma or the closing bracket after an element; returns whether it was the
    /// bracket.
    fn closes(&mut self, bracket: u8, wanted: &str) -> Result<bool, Fault> {
        self.cursor.skip_space();
        if self.cursor.eat(bracket) {
            return Ok(true);
        }
        let comma = self.cursor.position();
        if !self.cursor.eat(b',') {
            let fault = self.unexpected(wanted);
            let starts_value = |byte: u8| byte.is_ascii_alphanumeric() || b"\"{[-".contains(&byte);
            return Err(if self.cursor.peek().is_some_and(starts_value) {
                fault.help("a `,` is missing before it")
            } else {
                fault
            });
        }
        let span = self.cursor.span_from(comma);
        self.cursor.skip_space();
        if self.cursor.peek() == Some(bracket) {
            let message = format!("trailing `,` before `{}`", char::from(bracket));
            return Err(Fault::syntax(span, message).help("remove the `,`"));
        }
        Ok(false)
    }

    /// Returns the members with every key once, or the fault of the first key that is repeated.
    fn settle_duplicates(&self, mut members: Vec<Member>) -> Result<Vec<Member>, Fault> {
        // Sorting keeps this fast for an object of a million keys, and repeats none of them.
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by_key(|index| (&members[*index].key, *index));
        let equal = |pair: &[usize]| members[pair[0]].key == members[pair[1]].key;
        let repeated: Vec<(usize, usize)> =
            order.windows(2).filter(|pair| equal(pair)).map(|pair| (pair[1], pair[0])).collect();
        match (repeated.iter().min(), self.limits.duplicates) {
            (None, _) => Ok(members),
            (Some(&(second, first)), Duplicates::Refuse) => {
                let place = members[first].key_span.range().start;
                let line = self.cursor.line_of(place);
                let Member { key, key_span, .. } = &members[second];
                let message = format!("duplicate key {}", quoted(key));
                Err(Fault::new(DUPLICATE_KEY, *key_span, message).help(format!("the first one is on line {line}")))
            }
            (Some(_), Duplicates::KeepLast) => {
                let mut replaced = vec![false; members.len()];
                for (_, first) in repeated {
                    replaced[first] = true;
                }
                let mut replaced = replaced.into_iter();
                members.retain(|_| !replaced.next().unwrap_or(false));
                Ok(members)
            }
        }
    }

    /// Returns the fault of the token at hand; at the end of the file, with the bracket that is
    /// still open.
    fn unexpected(&self, wanted: &str) -> Fault {
        let fault = self.cursor.unexpected(wanted);
        match (self.cursor.peek(), self.open.last()) {
            (None, Some((bracket, start))) => {
                let line = self.cursor.line_of(*start);
                fault.help(format!("the `{bracket}` on line {line} is never closed"))
            }
            _ => fault,
        }
    }
}

#[cfg(test)]
mod tests;
