//! Where the lines of a text begin, so that a place in it is found without counting them each time.
//!
//! Independent of what is wrong with a line.

use std::ops::Range;

/// The lines of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The offsets of the newlines, in order.
    newlines: Vec<usize>,
    /// How many bytes the text has.
    length: usize,
}

impl Lines {
    /// Returns the lines of `text`.
    pub fn of(text: &str) -> Self {
        Self { newlines: text.match_indices('\n').map(|(at, _)| at).collect(), length: text.len() }
    }

    /// Returns the number, from 0, of the line that `offset` is in, and its bytes without the newline.
    pub(super) fn around(&self, offset: usize) -> (usize, Range<usize>) {
        let number = self.newlines.partition_point(|at| *at < offset);
        let start = number.checked_sub(1).and_then(|before| self.newlines.get(before)).map_or(0, |at| at + 1);
        (number, start..self.newlines.get(number).copied().unwrap_or(self.length))
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn a_newline_belongs_to_the_line_it_ends() {
        let lines = Lines::of("a\n\nbc\n");
        let check = |offset, number, range| assert_eq!(lines.around(offset), (number, range), "{offset}");
        check(0, 0, 0..1);
        check(1, 0, 0..1);
        check(2, 1, 2..2);
        check(3, 2, 3..5);
        check(5, 2, 3..5);
        check(6, 3, 6..6);
        assert_eq!(Lines::of("").around(0), (0, 0..0));
    }
}
