//! Suggests the known name that an unknown name probably misspells.
//!
//! This file sets the maximum distance for a suggestion. The crate `strsim` measures the distances.

use strsim::osa_distance;

/// The minimum length, in characters, of a word that may be completed to a name.
const BEGINNING: usize = 4;

/// The maximum length, in bytes, of a word for which there is a suggestion. This is twice the length of the longest
/// name.
const LONGEST: usize = 128;

/// Returns the candidate that `word` most likely misspells, or `None` if there is none.
///
/// A candidate is close if at most a third of the characters, rounded up, differ. It is not close if all characters
/// differ. The closest candidate is returned; of several equally close candidates, the first. If no candidate is close,
/// the first candidate that begins with `word` is returned.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    // The cost of a comparison is the product of the two lengths, and an invalid file may contain words of any length.
    if word.len() > LONGEST {
        return None;
    }
    let word = folded(word);
    let length = word.chars().count();
    let mut best = None;
    for candidate in candidates.iter().filter(|candidate| candidate.len() <= LONGEST) {
        let name = folded(candidate);
        let longer = length.max(name.chars().count());
        let allowed = longer.div_ceil(3);
        let apart = osa_distance(&word, &name);
        if apart <= allowed && apart < longer && best.is_none_or(|(least, _)| apart < least) {
            best = Some((apart, *candidate));
        }
    }
    best.map(|(_, candidate)| candidate).or_else(|| {
        let begins = |candidate: &&&str| length >= BEGINNING && folded(candidate).starts_with(&word);
        candidates.iter().filter(|candidate| candidate.len() <= LONGEST).find(begins).copied()
    })
}

/// Returns `word` in lower case, with `-` replaced by `_`. To an author, words that differ only in these respects are
/// the same.
fn folded(word: &str) -> String {
    let lower = word.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == '-' { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

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
