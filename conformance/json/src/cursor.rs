//! A position in the text of a document. The position only moves forward.
//!
//! The cursor recognises tokens, so that an error can show an unexpected token. It does not depend on the grammar.

use super::words::quoted;
use super::{Fault, Span};

/// A position in a text, always between two characters.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Cursor<'t> {
    /// Returns a cursor at the start of `text`.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, position: 0 }
    }

    /// Returns the offset of the next byte.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Returns the next byte, or `None` at the end.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    /// Moves past the next character and returns it.
    pub(super) fn advance(&mut self) -> Option<char> {
        let character = self.rest().chars().next()?;
        self.position += character.len_utf8();
        Some(character)
    }

    /// Moves past the next byte if it equals `byte`, and returns whether it did. `byte` must be ASCII.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = byte.is_ascii() && self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    /// Moves past all bytes that pass `test`, and returns them.
    ///
    /// `test` must give the same result for all bytes outside ASCII.
    pub(super) fn take_while(&mut self, test: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| test(*byte)).count();
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Moves past the white space of RFC 8259.
    pub(super) fn skip_space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// Moves past a comment in the syntax of another language, and returns whether there was a comment.
    pub(super) fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") || rest.starts_with('#') {
            rest.lines().next().unwrap_or_default().trim_end().len()
        } else {
            return false;
        };
        self.position += length;
        true
    }

    /// Returns the span from `start` to the cursor.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.position)
    }

    /// Returns the text from `start` to the cursor.
    pub(super) fn text_from(&self, start: usize) -> &'t str {
        self.text.get(start..self.position).unwrap_or_default()
    }

    /// Returns the 1-based line that contains `offset`.
    pub(super) fn line_of(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or_default();
        1 + before.matches('\n').count()
    }

    /// Returns the first pair of brackets whose lines are indented differently. Each pair is given by the offsets
    /// before the opening and after the closing bracket.
    pub(super) fn misindented(&self, pairs: &[(usize, usize)]) -> Option<(usize, usize)> {
        let newlines: Vec<usize> = self.text.match_indices('\n').map(|(at, _)| at).collect();
        let line = |offset: usize| newlines.partition_point(|at| *at < offset);
        let indent = |line: usize| {
            let start = line.checked_sub(1).and_then(|before| newlines.get(before)).map_or(0, |at| at + 1);
            let text = self.text.get(start..).unwrap_or_default();
            text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
        };
        pairs.iter().map(|&(start, end)| (start, end.saturating_sub(1))).find(|&(start, end)| {
            let (first, last) = (line(start), line(end));
            first != last && indent(first) != indent(last)
        })
    }

    /// Returns the fault for finding the current token where `wanted` should be.
    pub(super) fn unexpected(&self, wanted: &str) -> Fault {
        let fault = |length: usize, found: &str| {
            let span = Span::new(self.position, self.position + length);
            Fault::syntax(span, format!("expected {wanted}, found {found}"))
        };
        let Some(first) = self.rest().chars().next() else {
            // A missing token is reported at the end of the last token.
            let end = self.text.trim_end().len();
            let found = "the end of the file";
            let message = format!("expected {wanted}, found {found}");
            return Fault::syntax(Span::new(end, end), message);
        };
        let word = self.rest().bytes().take_while(|byte| in_word(*byte));
        match (first, word.count()) {
            ('"', _) => fault(1, "a string"),
            ('\'', _) => fault(1, "`'`").help("strings and keys are written in double quotes"),
            (_, 0) => fault(first.len_utf8(), &quoted(first.encode_utf8(&mut [0; 4]))),
            (_, length) => fault(length, &quoted(self.rest().get(..length).unwrap_or("?"))),
        }
    }

    /// Returns the text after the cursor.
    fn rest(&self) -> &'t str {
        self.text.get(self.position..).unwrap_or_default()
    }
}

/// Returns whether `byte` can be part of a word or a number.
pub(super) fn in_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-')
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    /// Checks the fault of `unexpected` for the text after `skip` characters.
    fn check(text: &str, skip: usize, covered: (u32, u32), message: &str) {
        let mut cursor = Cursor::new(text);
        for _ in 0..skip {
            cursor.advance();
        }
        let fault = cursor.unexpected("a value");
        assert_eq!((fault.span.start, fault.span.end), covered, "{text}");
        assert_eq!(fault.message, format!("expected a value, found {message}"));
    }

    #[test]
    fn an_unexpected_token_is_shown_in_full() {
        check("a 12.5e+3]", 2, (2, 9), "`12.5e+3`");
        check("\"abc\"", 0, (0, 1), "a string");
        check("é€", 1, (2, 5), "`€`");
        check("\u{7}", 0, (0, 1), "`\\u{7}`");
        check("[1  \n\n", 6, (2, 2), "the end of the file");
    }

    #[test]
    fn lines_are_counted_from_one() {
        let cursor = Cursor::new("a\nb\r\nc");
        assert_eq!([0, 1, 2, 5].map(|offset| cursor.line_of(offset)), [1, 1, 2, 3]);
    }
}
