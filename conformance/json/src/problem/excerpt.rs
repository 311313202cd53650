//! The part of a line that a problem is about, as it is handed over to be drawn.
//!
//! This file removes what must not reach a terminal, and decides how much of a line is enough; `annotate-snippets`
//! aligns and cuts what is left. However long the line is, only the part near the place is read.

use std::ops::Range;

/// The most bytes before the place, and from its start: more than a line of the drawing holds.
const AROUND: usize = 200;
/// The most bytes that are marked: everything marked is drawn, and no character is wider than its number of bytes.
const MARKED: usize = 80;
/// The mark of a cut.
const CUT: &str = "...";

/// A part of a line, and which of its bytes are marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) shown: String,
    pub(super) marked: Range<usize>,
}

impl Excerpt {
    /// Returns the part of `line` around the bytes `place`, which split no character.
    pub(super) fn new(line: &str, place: Range<usize>) -> Self {
        let (before, after) = line.split_at(place.start.min(line.len()));
        let start = before.ceil_char_boundary(before.len().saturating_sub(AROUND));
        let end = after.floor_char_boundary(AROUND);
        let [cut_before, cut_after] = [start > 0, end < after.len()].map(|cut| if cut { CUT } else { "" });
        let (fault, rest) = after[..end].split_at(after.floor_char_boundary(place.len().min(MARKED)));
        let (before, fault) = (format!("{cut_before}{}", visible(&before[start..])), visible(fault));
        let marked = before.len()..before.len() + fault.len();
        Self { shown: format!("{before}{fault}{}{cut_after}", visible(rest)), marked }
    }
}

/// Returns `text` with a space for every tab and `?` for every other character that is invisible or would change the
/// direction of the text around it.
///
/// `annotate-snippets` keeps the control characters from U+0080 to U+009F, and those without a width; in a path, all of
/// them.
pub(super) fn visible(text: &str) -> String {
    let visible = |character: char| match character {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}' => '?',
        character if character.is_control() => '?',
        character => character,
    };
    text.chars().map(visible).collect()
}
