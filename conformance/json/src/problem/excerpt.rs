//! The part of a line that a problem concerns, prepared for drawing.
//!
//! This file replaces characters that must not reach a terminal, and limits how much of a line is shown.
//! `annotate-snippets` then aligns and cuts the excerpt. However long the line is, only the part near the location is
//! read.

use std::ops::Range;

/// The maximum number of bytes on each side of the start of the location. This is more than a line of the drawing can
/// show.
const AROUND: usize = 200;
/// The maximum number of bytes that are marked. All marked bytes are drawn, and no character takes more columns than it
/// has bytes.
const MARKED: usize = 80;
/// The text shown in place of a part that was cut off.
const CUT: &str = "...";

/// A part of a line, and the range of its bytes that is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) shown: String,
    pub(super) marked: Range<usize>,
}

impl Excerpt {
    /// Returns the part of `line` around the bytes `range`, whose bounds must not be inside a character.
    pub(super) fn new(line: &str, range: Range<usize>) -> Self {
        let (before, after) = line.split_at(range.start.min(line.len()));
        let start = before.ceil_char_boundary(before.len().saturating_sub(AROUND));
        let end = after.floor_char_boundary(AROUND);
        let [cut_before, cut_after] = [start > 0, end < after.len()].map(|cut| if cut { CUT } else { "" });
        let (fault, rest) = after[..end].split_at(after.floor_char_boundary(range.len().min(MARKED)));
        let (before, fault) = (format!("{cut_before}{}", visible(&before[start..])), visible(fault));
        let marked = before.len()..before.len() + fault.len();
        Self { shown: format!("{before}{fault}{}{cut_after}", visible(rest)), marked }
    }
}

/// Returns `text` with each tab replaced by a space. Every other character that is invisible or changes the direction
/// of the text around it is replaced by `?`.
///
/// `annotate-snippets` does not replace the control characters from U+0080 to U+009F, nor characters without a width.
/// In a path, it replaces no control characters at all.
pub(super) fn visible(text: &str) -> String {
    let visible = |character: char| match character {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fffd}' => '?',
        character if character.is_control() => '?',
        character => character,
    };
    text.chars().map(visible).collect()
}
