//! A strict reader of JSON as defined in RFC 8259.
//!
//! This file contains the grammar and handles the most frequent mistakes. It does not depend on the purpose of a
//! document or on the name of its file.

use super::cursor::Cursor;
use super::fault::{DEPTH, DUPLICATE_KEY};
use super::literal::{malformed, number, string, word};
use super::words::quoted;
use super::{Duplicates, Fault, Limits, Member, Node, Span, Value};

/// Parses the bytes of a document.
///
/// # Errors
///
/// Returns the first fault: an exceeded limit, bytes that are not UTF-8, or text that is not JSON.
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
/// Returns the first fault: an exceeded limit, or text that is not JSON.
pub fn parse_text(text: &str, limits: &Limits) -> Result<Node, Fault> {
    parse_all(text, *limits).map_err(|mut faults| faults.swap_remove(0))
}

/// Parses the text of a document, and continues after faults that it can repair: a missing or trailing comma, a
/// comment, a repeated key.
///
/// # Errors
///
/// Returns at least one fault. The faults are in the order of the text.
pub(super) fn parse_all(text: &str, limits: Limits) -> Result<Node, Vec<Fault>> {
    let mut parser =
        Parser { cursor: Cursor::new(text), open: Vec::new(), closed: Vec::new(), faults: Vec::new(), limits };
    let root = parser.document(text);
    let mut faults = parser.faults;
    match root {
        Ok(root) if faults.is_empty() => return Ok(root),
        Ok(_) => {}
        Err(fault) => faults.push(fault),
    }
    // A repeated key is found only when its object is closed.
    faults.sort_by_key(|fault| fault.span.start);
    Err(faults)
}

/// Rejects a document that is longer than the limit.
fn admit(length: usize, limits: Limits) -> Result<(), Fault> {
    if limits.admit(length) {
        return Ok(());
    }
    let message = format!("the text is longer than {} bytes", limits.bytes);
    Err(Fault::new("file-too-large", Span::new(0, 0), message))
}

/// The maximum number of faults that are reported.
const FAULTS_MAX: usize = 64;

/// A document being parsed.
struct Parser<'t> {
    cursor: Cursor<'t>,
    /// The faults found so far. Parsing continued after each of them.
    faults: Vec<Fault>,
    /// The open brackets and their offsets, outermost first.
    open: Vec<(char, usize)>,
    /// The offsets before and after each closed pair of brackets, in the order in which the pairs were closed.
    closed: Vec<(usize, usize)>,
    limits: Limits,
}

impl Parser<'_> {
    /// Parses all of `text`.
    fn document(&mut self, text: &str) -> Result<Node, Fault> {
        admit(text.len(), self.limits)?;
        if text.starts_with('\u{feff}') {
            let span = Span::new(0, '\u{feff}'.len_utf8());
            return Err(Fault::syntax(span, "the file starts with a byte order mark")
                .help("save the file as UTF-8 without a byte order mark (BOM)"));
        }
        let root = self.value()?;
        self.space()?;
        if self.cursor.peek().is_none() {
            return Ok(root);
        }
        let fault = self.cursor.unexpected("the end of the file");
        let closes = matches!(self.cursor.peek(), Some(b']' | b'}'));
        Err(match fault.help {
            Some(_) => fault,
            None if closes => fault.help("every bracket is already closed; remove this one"),
            None => fault.help("a file contains a single value; move the rest to another file"),
        })
    }

    /// Records a fault and continues, unless there are too many faults.
    fn pass_over(&mut self, fault: Fault) -> Result<(), Fault> {
        if self.faults.len() + 1 >= FAULTS_MAX {
            return Err(fault);
        }
        self.faults.push(fault);
        Ok(())
    }

    /// Moves past white space and comments. Each comment is a fault.
    fn space(&mut self) -> Result<(), Fault> {
        loop {
            self.cursor.skip_space();
            let start = self.cursor.position();
            if !self.cursor.skip_comment() {
                return Ok(());
            }
            let fault = Fault::syntax(self.cursor.span_from(start), "expected JSON, found a comment");
            self.pass_over(fault.help("JSON has no comments; remove this one"))?;
        }
    }

    /// Parses the next value, including the white space before it.
    fn value(&mut self) -> Result<Node, Fault> {
        self.space()?;
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

    /// Parses the content after an opening `bracket` with `parse`. Returns a fault if too many brackets are open.
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
        self.closed.push((start, self.cursor.position()));
        Ok(value)
    }

    /// Parses the rest of an array, after its `[`.
    fn array(&mut self) -> Result<Value, Fault> {
        let mut elements = Vec::new();
        self.space()?;
        if self.cursor.eat(b']') {
            return Ok(Value::Array(elements));
        }
        loop {
            elements.push(self.value()?);
            if self.closes(b']', "`,` or `]`", |byte| byte.is_ascii_alphanumeric() || b"\"{[-".contains(&byte))? {
                return Ok(Value::Array(elements));
            }
        }
    }

    /// Parses the rest of an object, after its `{`.
    fn object(&mut self) -> Result<Value, Fault> {
        let mut members = Vec::new();
        self.space()?;
        if self.cursor.eat(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            members.push(self.member()?);
            if self.closes(b'}', "`,` or `}`", |byte| byte == b'"')? {
                return Ok(Value::Object(self.settle_duplicates(members)?));
            }
        }
    }

    /// Parses a key and the value under it.
    fn member(&mut self) -> Result<Member, Fault> {
        self.space()?;
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
        self.space()?;
        if !self.cursor.eat(b':') {
            return Err(self.unexpected("`:` after the key"));
        }
        let value = self.value()?;
        Ok(Member { key, key_span, value })
    }

    /// Moves past the comma or the closing bracket after an element, and returns whether it was the bracket.
    ///
    /// If the next byte passes `starts`, it begins another element, and only the comma is missing.
    fn closes(&mut self, bracket: u8, wanted: &str, starts: impl Fn(u8) -> bool) -> Result<bool, Fault> {
        let end = self.cursor.position();
        self.space()?;
        if self.cursor.eat(bracket) {
            return Ok(true);
        }
        let comma = self.cursor.position();
        if !self.cursor.eat(b',') {
            let fault = self.unexpected(wanted);
            if !self.cursor.peek().is_some_and(starts) {
                return Err(fault);
            }
            // The fault is located where the comma is missing. The next token may be some lines below.
            let fault = Fault { span: Span::new(end, end), ..fault };
            self.pass_over(fault.help("add a `,` here"))?;
            return Ok(false);
        }
        let span = self.cursor.span_from(comma);
        self.space()?;
        if self.cursor.eat(bracket) {
            let message = format!("trailing `,` before `{}`", char::from(bracket));
            let fault = Fault::syntax(span, message).expected("no `,` after the last entry");
            self.pass_over(fault.help("remove the `,`"))?;
            return Ok(true);
        }
        Ok(false)
    }

    /// Returns the members with unique keys, keeping the last member with each key. A repeated key is a fault, unless
    /// the limits allow repeated keys.
    fn settle_duplicates(&mut self, mut members: Vec<Member>) -> Result<Vec<Member>, Fault> {
        // Sorting keeps this fast for an object with a million keys.
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by_key(|index| (&members[*index].key, *index));
        let equal = |pair: &[usize]| members[pair[0]].key == members[pair[1]].key;
        let mut repeated: Vec<(usize, usize)> =
            order.windows(2).filter(|pair| equal(pair)).map(|pair| (pair[1], pair[0])).collect();
        repeated.sort_unstable();
        if self.limits.duplicates == Duplicates::Refuse {
            for &(second, first) in &repeated {
                let offset = members[first].key_span.range().start;
                let line = self.cursor.line_of(offset);
                let Member { key, key_span, .. } = &members[second];
                let message = format!("duplicate key {}", quoted(key));
                let fault = Fault::new(DUPLICATE_KEY, *key_span, message);
                self.pass_over(fault.help(format!("the first one is on line {line}; remove one of the two")))?;
            }
        }
        if !repeated.is_empty() {
            let mut replaced = vec![false; members.len()];
            for (_, first) in repeated {
                replaced[first] = true;
            }
            let mut replaced = replaced.into_iter();
            members.retain(|_| !replaced.next().unwrap_or(false));
        }
        Ok(members)
    }

    /// Returns the fault for the current token. At the end of the file, the fault names the bracket that is still open.
    fn unexpected(&self, wanted: &str) -> Fault {
        let fault = self.cursor.unexpected(wanted);
        match (self.cursor.peek(), self.open.last()) {
            (None, Some((bracket, start))) => {
                let line = |offset| self.cursor.line_of(offset);
                fault.help(match self.cursor.misindented(&self.closed) {
                    Some((start, end)) => format!(
                        "the bracket on line {} seems to lack its closing bracket: the closing \
                         bracket on line {} is indented differently",
                        line(start),
                        line(end)
                    ),
                    None => format!("the `{bracket}` on line {} is never closed", line(*start)),
                })
            }
            // Either the closing bracket is a mistake, or it closes an enclosing array or object.
            (Some(b']' | b'}'), Some((bracket, start))) => {
                let line = self.cursor.line_of(*start);
                fault.help(format!("the `{bracket}` on line {line} is still open"))
            }
            _ => fault,
        }
    }
}

#[cfg(test)]
mod tests;
