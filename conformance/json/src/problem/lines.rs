//! The offsets of the newlines in a text, so that lines need not be counted again for each location.

use std::ops::Range;

/// The lines of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// The offsets of the newlines, in order.
    newlines: Vec<usize>,
    /// The number of bytes in the text.
    length: usize,
}

impl Lines {
    /// Returns the lines of `text`.
    pub fn of(text: &str) -> Self {
        Self { newlines: text.match_indices('\n').map(|(at, _)| at).collect(), length: text.len() }
    }

    /// Returns the number, counted from 0, of the line that contains `offset`, and the byte range of the line without
    /// the newline.
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
