//! Finds the known name that an unknown one was probably meant to be.
//!
//! This file knows distances between words, not what the words are for.

/// The fewest characters that are taken for the beginning of a name.
const BEGINNING: usize = 4;

/// The longest word, in bytes, that is taken for a slip: twice the longest name.
const LONGEST: usize = 128;

/// Returns the candidate that `word` is most likely a slip of, or `None` if none is close.
///
/// Close means that at most a third of the characters differ, rounded up, but not all of them. Of
/// equally close candidates the first is returned. Where none is close, the word may be the beginning of one.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // The cost is the product of the lengths, and a broken file may hold words of any length.
    if word.len() > LONGEST {
        return None;
    }
    let word = folded(word);
    let mut best = None;
    for candidate in candidates.iter().filter(|candidate| candidate.len() <= LONGEST) {
        let name = folded(candidate);
        let longer = word.len().max(name.len());
        let allowed = longer.div_ceil(3);
        if word.len().abs_diff(name.len()) > allowed {
            continue;
        }
        let apart = distance(&word, &name);
        if apart <= allowed && apart < longer && best.is_none_or(|(least, _)| apart < least) {
            best = Some((apart, *candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or_else(|| {
        let begins = |candidate: &&&str| word.len() >= BEGINNING && folded(candidate).starts_with(&word);
        candidates.iter().filter(|candidate| candidate.len() <= LONGEST).find(begins).copied()
    })
}

/// Returns the characters of `word` in lower case, with `-` as `_`: what differs in these only is
/// the same word to an author.
fn folded(word: &str) -> Vec<char> {
    let lower = word.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == '-' { '_' } else { c }).collect()
}

/// Returns how many insertions, removals, replacements and swaps of neighbours turn `from` into
/// `to`, no character being edited twice (the restricted Damerau-Levenshtein distance).
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, a) in from.iter().enumerate() {
        let mut line = Vec::with_capacity(to.len() + 1);
        line.push(row + 1);
        for (column, b) in to.iter().enumerate() {
            let replaced = last[column] + usize::from(a != b);
            let mut fewest = replaced.min(last[column + 1] + 1).min(line[column] + 1);
            if row > 0 && column > 0 && *a == to[column - 1] && from[row - 1] == *b {
                fewest = fewest.min(before[column - 1] + 1);
            }
            line.push(fewest);
        }
        before = std::mem::replace(&mut last, line);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn distances() {
        let check = |from: &str, to: &str, expected: usize| {
            let [from, to]: [Vec<char>; 2] = [from, to].map(|word| word.chars().collect());
            assert_eq!(distance(&from, &to), expected, "{from:?} {to:?}");
            assert_eq!(distance(&to, &from), expected, "{to:?} {from:?}");
        };
        check("", "", 0);
        check("", "seed", 4);
        check("seed", "sede", 1);
        check("seed", "sedes", 2);
        check("kitten", "sitting", 3);
        check("ca", "abc", 3);
    }

    #[test]
    fn suggestions() {
        let names = ["seed", "runs", "objects", "max_depth"];
        let check = |word: &str, expected: Option<&str>| {
            assert_eq!(nearest(word, &names), expected, "{word}");
        };
        check("sed", Some("seed"));
        check("sedes", Some("seed"));
        check("SEED", Some("seed"));
        check("run", Some("runs"));
        check("objetcs", Some("objects"));
        check("max-depth", Some("max_depth"));
        check("obje", Some("objects"));
        check("max_", Some("max_depth"));
        check("max", None);
        check("xyz", None);
        check("", None);
        assert_eq!(nearest("x", &["y"]), None);
        check(&"seed".repeat(100_000), None);
        assert_eq!(nearest("seed", &[]), None);
    }
}
