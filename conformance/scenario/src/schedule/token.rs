//! Splits a line of a schedule into words and marks.

use std::ops::Range;

/// The marks, none of which occurs in a name.
const MARKS: [char; 4] = [':', ',', '(', ')'];

/// A word or a mark, with its position.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Token<'l> {
    pub(super) text: &'l str,
    pub(super) range: Range<usize>,
}

/// Returns the words and marks of a line, in order.
pub(super) fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut end_word = |start: usize, end: usize, mark: Option<usize>| {
        for range in [start..end, end..mark.unwrap_or(end)] {
            if !range.is_empty() {
                tokens.push(Token { text: &line[range.clone()], range });
            }
        }
    };
    for (at, character) in line.char_indices() {
        let after = at + character.len_utf8();
        if character.is_whitespace() {
            end_word(start, at, None);
            start = after;
        } else if MARKS.contains(&character) {
            end_word(start, at, Some(after));
            start = after;
        }
    }
    end_word(start, line.len(), None);
    tokens
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn lines_are_split_into_words_and_marks() {
        let texts = |line| tokens(line).iter().map(|token| token.text).collect::<Vec<_>>();
        assert_eq!(
            texts("the job of a.b (run 2), ask: x"),
            "the job of a.b ( run 2 ) , ask : x".split(' ').collect::<Vec<_>>()
        );
        assert_eq!(texts(" \t "), Vec::<&str>::new());
        assert_eq!(texts("é::"), ["é", ":", ":"]);
        for token in tokens("é (2): über") {
            assert_eq!(&"é (2): über"[token.range.clone()], token.text);
        }
    }
}
