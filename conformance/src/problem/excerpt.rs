//! The line of a file that a problem is about, cut to what a terminal shows.
//!
//! This file knows characters and widths, not where the line comes from. It counts a character as
//! one column, wide ones included.

use std::fmt;

/// The most characters of a line that are shown, the marks of a cut included.
const WIDEST: usize = 100;
/// The characters shown before the place if the line is cut there.
const LEAD: usize = 30;
/// The mark of a cut.
const CUT: &str = "...";

/// A part of a line, and which of its characters are at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    shown: String,
    indent: usize,
    width: usize,
}

impl Excerpt {
    /// Returns the part of `line` around its `width` characters after the first `before`.
    pub(super) fn new(line: &str, before: usize, width: usize) -> Self {
        let length = line.chars().count();
        let inner = WIDEST - 2 * CUT.len();
        let (start, end) = if length <= WIDEST {
            (0, length)
        } else if before + width <= inner {
            (0, inner)
        } else {
            let start = before.saturating_sub(LEAD).min(length - inner);
            (start, start + inner)
        };
        let head = if start > 0 { CUT } else { "" };
        let tail = if end < length { CUT } else { "" };
        let part: String = line.chars().skip(start).take(end - start).collect();
        let indent = before - start;
        Self {
            shown: format!("{head}{}{tail}", visible(&part)),
            indent: head.len() + indent,
            width: width.min(end.saturating_sub(before)).max(1),
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

/// Returns `text` with a space for every tab and `?` for whatever else is no visible character or
/// would change the direction of the text around it.
pub(super) fn visible(text: &str) -> String {
    let shown = |character: char| match character {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}' => '?',
        character if character.is_control() => '?',
        character => character,
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    /// Checks the shown part, and the part of it over the carets.
    fn check(line: &str, before: usize, width: usize, shown: &str, carets: &str) {
        let excerpt = Excerpt::new(line, before, width);
        assert_eq!(excerpt.shown, shown);
        let over: String = shown.chars().skip(excerpt.indent).take(excerpt.width).collect();
        assert_eq!(over, carets, "{line}");
        assert!(shown.chars().count() <= 100);
    }

    #[test]
    fn lines_are_cut_around_the_place() {
        check("abc", 1, 1, "abc", "b");
        check("abc", 3, 0, "abc", "");
        check("a\tb\u{7}", 2, 2, "a b?", "b?");
        let (a, b) = ("a".repeat(200), "b".repeat(200));
        check(&a[..100], 99, 1, &a[..100], "a");
        check(&format!("x{a}"), 0, 1, &format!("x{}...", &a[..93]), "x");
        let middle = format!("{a}xyz{b}");
        let shown = format!("...{}xyz{}...", &a[..30], &b[..61]);
        check(&middle, 200, 3, &shown, "xyz");
        check(&format!("{a}x"), 200, 1, &format!("...{}x", &a[..93]), "x");
        check(&format!("{a}x"), 201, 0, &format!("...{}x", &a[..93]), "");
        let long = format!("xy{a}");
        check(&long, 1, 201, &format!("xy{}...", &a[..92]), &format!("y{}", &a[..92]));
    }
}
