//! The kinds of damage that editors, merges and people cause to files. Pieces are changed, lost, repeated or mixed up.
//!
//! This module treats a file as bytes, words and numbers, without regard to its format.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The files that are damaged.
pub(crate) static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    collect(&here.join("../../scenarios"), &mut paths);
    collect(&here.join("tests/diagnostics"), &mut paths);
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a file that was just found")).collect()
});

/// Adds every file whose name ends in `.json` below a folder.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the checkout") {
        let path = entry.expect("an entry of a folder").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
}

/// A kind of damage to a file.
#[derive(Debug, Clone)]
pub(crate) enum Damage {
    /// Bits of a byte are flipped.
    Flip(Index, u8),
    /// A piece is lost.
    Cut(Index, usize),
    /// A piece is copied to another position.
    Copy(Index, Index, usize),
    /// A piece is repeated in place.
    Repeat(Index, usize, usize),
    /// A piece of another file is inserted.
    Merge(Index, Index, Index, usize),
    /// A number is replaced by a different value.
    Number(Index, &'static str),
    /// A word in quotes is replaced by another word from the same file.
    Word(Index, Index),
    /// A word in quotes is replaced by an unexpected word.
    Odd(Index, &'static str),
    /// Brackets are opened, and perhaps closed.
    Nest(Index, &'static str, &'static str, usize),
    /// The file ends early.
    End(Index),
}

const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "3.0",
    "1e3",
    "64",
    "65",
    "1001",
    "1048576",
    "18446744073709551615",
    "18446744073709551616",
    "-0",
    "007",
    "1e999999",
    "\"2\"",
    "null",
    "[]",
    "[1, 2]",
    "{}",
];
const WORDS: &[&str] = &[
    "",
    " ",
    "set-{1..1048576}",
    "set-{1..1048577}",
    "set-{3..1}",
    "set-{001..999}",
    "{",
    "}",
    "a{..}",
    "{1..2}{3..4}",
    "\u{6a21}\u{578b}",
    "\u{1f4e6}",
    "e\u{301}",
    "\u{202e}",
    "\\u0000",
    "\\ud83d",
    "system",
    "COUNT-06",
    "succeeded",
    "failed(not_found)",
    "backup_set.delete",
    "baseline.compare",
    "review_pack.generate",
    "not_found",
    "throttled",
];

/// Draws a kind of damage.
pub(crate) fn damage() -> impl Strategy<Value = Damage> {
    let any = any::<Index>;
    prop_oneof![
        (any(), 1..=255_u8).prop_map(|(at, bits)| Damage::Flip(at, bits)),
        (any(), 1..60_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (any(), any(), 1..200_usize).prop_map(|(from, to, length)| Damage::Copy(from, to, length)),
        (any(), 1..40_usize, 2..300_usize).prop_map(|(at, length, times)| Damage::Repeat(at, length, times)),
        (any(), any(), any(), 1..300_usize).prop_map(|(file, from, to, length)| Damage::Merge(file, from, to, length)),
        (any(), select(NUMBERS)).prop_map(|(which, number)| Damage::Number(which, number)),
        (any(), any()).prop_map(|(which, with)| Damage::Word(which, with)),
        (any(), select(WORDS)).prop_map(|(which, word)| Damage::Odd(which, word)),
        (any(), select(&[("[", "]"), ("{\"a\":", "}"), ("[", ""), ("{\"a\":", "")][..]), 1..200_usize)
            .prop_map(|(at, (open, close), levels)| Damage::Nest(at, open, close, levels)),
        any().prop_map(Damage::End),
    ]
}

/// Returns the ranges of a text that look like words in quotes, without the quotes.
fn words(bytes: &[u8]) -> Vec<Range<usize>> {
    let quotes: Vec<usize> = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'"').map(|(at, _)| at).collect();
    quotes.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect()
}

/// Returns the runs of digits in a text.
fn numbers(bytes: &[u8]) -> Vec<Range<usize>> {
    let starts =
        (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit() && !(*at > 0 && bytes[at - 1].is_ascii_digit()));
    starts.map(|at| at..at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count()).collect()
}

/// Replaces one of these ranges, if there are any.
fn replace(bytes: &mut Vec<u8>, places: &[Range<usize>], which: Index, with: &[u8]) {
    if !places.is_empty() {
        bytes.splice(which.get(places).clone(), with.iter().copied());
    }
}

impl Damage {
    /// Applies the damage. A file that contains nothing to damage in this way is left unchanged.
    pub(crate) fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let length = bytes.len();
        let piece = |at: &Index, size: usize| at.index(length)..(at.index(length) + size).min(length);
        match self {
            Self::Flip(at, bits) => bytes[at.index(length)] ^= bits,
            Self::Cut(at, size) => drop(bytes.drain(piece(at, *size))),
            Self::Copy(from, to, size) => {
                let copied = bytes[piece(from, *size)].to_vec();
                let to = to.index(length);
                bytes.splice(to..to, copied);
            }
            Self::Repeat(at, size, times) => {
                let range = piece(at, *size);
                let repeated = bytes[range.clone()].repeat(*times);
                bytes.splice(range, repeated);
            }
            Self::Merge(file, from, to, size) => {
                let other = file.get(&FILES);
                if other.is_empty() {
                    return;
                }
                let from = from.index(other.len());
                let to = to.index(length);
                bytes.splice(to..to, other[from..(from + size).min(other.len())].iter().copied());
            }
            Self::Number(which, number) => replace(bytes, &numbers(bytes), *which, number.as_bytes()),
            Self::Word(which, with) => {
                let places = words(bytes);
                if !places.is_empty() {
                    let word = bytes[with.get(&places).clone()].to_vec();
                    replace(bytes, &places, *which, &word);
                }
            }
            Self::Odd(which, word) => replace(bytes, &words(bytes), *which, word.as_bytes()),
            Self::Nest(at, open, close, levels) => {
                let at = at.index(length);
                let nest = format!("{}1{}", open.repeat(*levels), close.repeat(*levels));
                bytes.splice(at..at, nest.into_bytes());
            }
            Self::End(at) => bytes.truncate(at.index(length)),
        }
    }
}
