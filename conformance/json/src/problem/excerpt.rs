//! The line of a file that a problem is about, cut to what a terminal shows.
//!
//! This file knows characters and how wide a terminal shows them, not where the line comes from. However long the line
//! is, only what is near the place is looked at.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// The most columns of a line that are shown, the marks of a cut included.
const WIDEST: usize = 100;
/// The columns shown before the place if the line is cut there.
const LEAD: usize = 30;
/// The mark of a cut.
const CUT: &str = "...";
/// The most bytes of a character.
const BYTES_MAX: usize = 4;

/// A part of a line, and which of its columns are at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    shown: String,
    indent: usize,
    width: usize,
}

impl Excerpt {
    /// Returns the part of `line` around the bytes `place`, which split no character.
    pub(super) fn new(line: &str, place: Range<usize>) -> Self {
        let (before, after) = line.split_at(place.start.min(line.len()));
        let fault = &after[..place.len().min(after.len())];
        let inner = WIDEST - 2 * CUT.len();
        let (head, tail) = if fits(line, WIDEST) {
            (before, after)
        } else if fits(before, inner) && fits(&line[..before.len() + fault.len()], inner) {
            (before, start_of(after, inner - room(before)))
        } else {
            let tail = start_of(after, inner - LEAD);
            let head = end_of(before, inner - room(tail));
            // With all of the head, there may be room for more of the tail.
            (head, if head.len() < before.len() { tail } else { start_of(after, inner - room(head)) })
        };
        let [cut_before, cut_after] =
            [head.len() < before.len(), tail.len() < after.len()].map(|cut| if cut { CUT } else { "" });
        let (head, tail, fault) = (visible(head), visible(tail), visible(&tail[..fault.len().min(tail.len())]));
        Self {
            indent: cut_before.len() + width(&head),
            width: width(&fault).max(1),
            shown: format!("{cut_before}{head}{tail}{cut_after}"),
        }
    }

    /// Writes the lines of the excerpt, each after a line break.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, line: u32, gutter: usize) -> fmt::Result {
        let text = self.shown.trim_end();
        let space = if text.is_empty() { "" } else { " " };
        let (indent, carets) = (self.indent, "^".repeat(self.width));
        write!(f, "\n{:gutter$} |", "")?;
        write!(f, "\n{line:>gutter$} |{space}{text}")?;
        write!(f, "\n{:gutter$} | {:indent$}{carets}", "", "")
    }
}

/// Returns how many columns a text takes that is visible.
fn width(text: &str) -> usize {
    text.chars().map(|character| character.width().unwrap_or(1)).sum()
}

/// Returns how many columns are set aside for a text: one at least for each character, so that no number of characters
/// without a width is taken for short.
fn room(text: &str) -> usize {
    text.chars().map(room_of).sum()
}

fn room_of(character: char) -> usize {
    visible_one(character).width().unwrap_or(1).max(1)
}

fn fits(text: &str, columns: usize) -> bool {
    text.len() <= columns * BYTES_MAX && room(text) <= columns
}

/// Returns as much of a text's start as fits.
fn start_of(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let cut = text.char_indices().find(|(_, character)| match left.checked_sub(room_of(*character)) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    cut.map_or(text, |(at, _)| &text[..at])
}

/// Returns as much of a text's end as fits.
fn end_of(text: &str, columns: usize) -> &str {
    let mut left = columns;
    let cut = text.char_indices().rev().find(|(_, character)| match left.checked_sub(room_of(*character)) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    cut.map_or(text, |(at, character)| &text[at + character.len_utf8()..])
}

/// Returns `text` with a space for every tab and `?` for whatever else is no visible character or
/// would change the direction of the text around it.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(visible_one).collect()
}

fn visible_one(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}' => '?',
        character if character.is_control() => '?',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::{CUT, Excerpt, width};

    /// Checks the shown part, and the columns of it over the carets.
    fn check(line: &str, place: std::ops::Range<usize>, shown: &str, carets: (usize, usize)) {
        let excerpt = Excerpt::new(line, place);
        assert_eq!(excerpt.shown, shown);
        assert_eq!((excerpt.indent, excerpt.width), carets, "{line}");
        assert!(width(shown) <= 100);
    }

    #[test]
    fn lines_are_cut_around_the_place() {
        check("abc", 1..2, "abc", (1, 1));
        check("abc", 3..3, "abc", (3, 1));
        check("a\tb\u{7}", 2..4, "a b?", (2, 2));
        let (a, b) = ("a".repeat(200), "b".repeat(200));
        check(&a[..100], 99..100, &a[..100], (99, 1));
        check(&format!("x{a}"), 0..1, &format!("x{}...", &a[..93]), (0, 1));
        let middle = format!("{a}xyz{b}");
        let shown = format!("...{}xyz{}...", &a[..30], &b[..61]);
        check(&middle, 200..203, &shown, (33, 3));
        check(&format!("{a}x"), 200..201, &format!("...{}x", &a[..93]), (96, 1));
        check(&format!("{a}x"), 201..201, &format!("...{}x", &a[..93]), (97, 1));
        let long = format!("xy{a}");
        check(&long, 1..202, &format!("xy{}...", &a[..92]), (1, 93));
        check(&format!("{}x{b}", &a[..60]), 60..61, &format!("{}x{}...", &a[..60], &b[..33]), (60, 1));
    }

    #[test]
    fn wide_characters_take_two_columns_and_accents_none() {
        check("\u{6a21}\u{578b} x", 7..8, "\u{6a21}\u{578b} x", (5, 1));
        check("\u{1f600}x", 0..4, "\u{1f600}x", (0, 2));
        check("e\u{301}x", 3..4, "e\u{301}x", (1, 1));
        let wide = "\u{6a21}".repeat(200);
        let shown = format!("...{}x{}...", "\u{6a21}".repeat(15), "\u{6a21}".repeat(31));
        check(&format!("{wide}x{wide}"), 600..601, &shown, (33, 1));
    }

    #[test]
    fn however_long_a_line_is_the_excerpt_is_short() {
        let accents = "\u{301}".repeat(100_000);
        let excerpt = Excerpt::new(&format!("{accents}x"), accents.len()..accents.len() + 1);
        assert!(excerpt.shown.chars().count() <= 100 + CUT.len(), "{}", excerpt.shown.len());
    }
}
