//! The command line of this process, with some options removed and others added.
//!
//! This module works on the words as typed, not on parsed options, so it keeps every option that `Again` does not list.

use std::ffi::{OsStr, OsString};

use super::corpus::quoted;

/// The options to remove and the words to add.
#[derive(Clone, Debug, Default)]
pub(super) struct Again<'a> {
    /// The options to remove together with their values, such as `--seeds`.
    pub(super) without: &'a [&'a str],
    /// The options to remove that have no value.
    pub(super) without_flags: &'a [&'a str],
    /// The words to insert right after the command.
    pub(super) with: Vec<String>,
}

impl Again<'_> {
    /// Returns the arguments of this program, beginning with its command.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        self.of(std::env::args_os().skip(1))
    }

    /// Returns the command line, quoted for a shell.
    pub(super) fn line(&self) -> String {
        let words = self.arguments();
        let words = words.iter().map(|word| quoted(&word.to_string_lossy()));
        std::iter::once("truecount".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
    }

    fn of(&self, words: impl Iterator<Item = OsString>) -> Vec<OsString> {
        let mut words = words;
        let mut kept: Vec<OsString> = words.by_ref().take(1).collect();
        kept.extend(self.with.iter().map(OsString::from));
        while let Some(word) = words.next() {
            if word == "--" {
                // Everything that follows is a name, even if it looks like an option.
                kept.push(word);
                kept.extend(words);
                break;
            }
            if self.without_flags.iter().any(|flag| word == *flag) {
                continue;
            }
            if self.without.iter().any(|option| word == *option) {
                words.next();
                continue;
            }
            let has_value = |option: &&str| begins(&word, option);
            if !self.without.iter().any(has_value) {
                kept.push(word);
            }
        }
        kept
    }
}

/// Returns whether a word is this option with its value after `=`.
fn begins(word: &OsStr, option: &str) -> bool {
    word.to_string_lossy().strip_prefix(option).is_some_and(|rest| rest.starts_with('='))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing("check", "check --seed 64")]
    #[case::in_two_words("check restore --seeds 9 --coverage", "check --seed 64 restore --coverage")]
    #[case::in_one_word("check --seeds=9 --seed=3 restore", "check --seed 64 restore")]
    #[case::a_flag("check --until-stable", "check --seed 64")]
    #[case::a_longer_option("check --seeds-x 9", "check --seed 64 --seeds-x 9")]
    #[case::a_name_like_an_option("check -- --seeds 9", "check --seed 64 -- --seeds 9")]
    #[case::without_its_value("check --seeds", "check --seed 64")]
    fn options_are_removed_and_added(#[case] line: &str, #[case] expected: &str) {
        let again = Again {
            without: &["--seeds", "--seed"],
            without_flags: &["--until-stable"],
            with: ["--seed", "64"].map(str::to_owned).to_vec(),
        };
        let words = again.of(line.split(' ').map(OsString::from));
        let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
        assert_eq!(words.join(" "), expected);
    }
}
