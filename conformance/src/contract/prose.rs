//! The words, notes and rules of the contract as data, verbatim from `spec/contract.md`; a test compares the two.
//!
//! Refuses to know what a program does with them: they are for readers.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::clause::REQUIREMENTS;
use crate::digest::sha256;

/// A word and what the contract means by it (section 1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Word {
    /// The word.
    pub word: String,
    /// What it means.
    pub meaning: String,
}

/// A group of clauses; each is a section of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Group {
    /// The id, with which the ids of its clauses begin.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What holds of the whole group; empty if there is nothing to say.
    #[serde(default)]
    pub note: String,
}

/// A rule for those who judge (section 11).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Rule {
    /// What it is about.
    pub title: String,
    /// The rule.
    pub text: String,
}

/// A named follow-up that this version of the contract leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Excluded {
    /// What it is.
    pub title: String,
    /// Its number in the rollout; none if it has none.
    pub number: Option<String>,
    /// Why it is left out.
    pub reason: String,
}

#[derive(Deserialize)]
struct Prose {
    contract: u32,
    words: Vec<Word>,
    groups: Vec<Group>,
    resolutions_note: String,
    rules: Vec<Rule>,
    excluded: Vec<Excluded>,
}

static PROSE: LazyLock<Prose> =
    LazyLock::new(|| serde_json::from_str(REQUIREMENTS).expect("the spec is part of the program; a test reads it"));

/// Returns the version of the contract.
pub fn version() -> u32 {
    PROSE.contract
}

/// Returns the words, in the contract's order.
pub fn words() -> &'static [Word] {
    &PROSE.words
}

/// Returns the groups, in the contract's order.
pub fn groups() -> &'static [Group] {
    &PROSE.groups
}

/// Returns what holds of the whole resolution table.
pub fn resolutions_note() -> &'static str {
    &PROSE.resolutions_note
}

/// Returns the rules for those who judge.
pub fn rules() -> &'static [Rule] {
    &PROSE.rules
}

/// Returns the follow-ups that are left out.
pub fn excluded() -> &'static [Excluded] {
    &PROSE.excluded
}

/// Returns the SHA-256 of `requirements.json`, in hexadecimal: which words exactly somebody was judged by.
pub fn digest() -> String {
    sha256(REQUIREMENTS.as_bytes())
}
