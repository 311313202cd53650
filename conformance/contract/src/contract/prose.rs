//! The terms, notes and rules of the contract as data, from `spec/requirements.json`.
//!
//! Independent of what a program does with them: they are for readers. A paragraph is a list of lines, split as it is
//! printed.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::clause::REQUIREMENTS;
use crate::digest::sha256;

/// A paragraph, line by line.
pub type Paragraph = Vec<String>;

/// A term and its meaning in the contract (section 1).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Term {
    pub term: String,
    pub meaning: String,
}

/// A group of clauses; each is a section of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Group {
    /// The id, with which the ids of its clauses begin.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What holds for the whole group; empty if there is nothing to say.
    #[serde(default)]
    pub note: Paragraph,
}

/// What an implementation declares in its profile (section 2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Declarations {
    /// The heading.
    pub title: String,
    /// The paragraph before the table.
    pub before: Paragraph,
    /// The table.
    pub rows: Vec<Declaration>,
    /// The paragraphs after the table.
    pub after: Vec<Paragraph>,
}

/// One declaration of a profile.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Declaration {
    /// Its name.
    pub declaration: String,
    /// What it states for each family.
    pub states: String,
}

/// A rule for those who judge (section 11).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Rule {
    /// What it is about.
    pub title: String,
    /// The rule.
    pub text: Paragraph,
}

/// A named follow-up that this version of the contract leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Excluded {
    /// What it is.
    pub title: String,
    /// Its number in the rollout, if it has one.
    pub number: Option<String>,
    /// Why it is left out.
    pub reason: String,
}

/// All prose of the contract.
#[derive(Debug, Deserialize)]
pub struct Prose {
    /// The version of the contract.
    pub contract: u32,
    pub title: String,
    /// The paragraphs before section 1.
    pub introduction: Vec<Paragraph>,
    /// The terms, in the contract's order.
    pub terms: Vec<Term>,
    /// The groups of clauses, in the contract's order.
    pub groups: Vec<Group>,
    /// What a profile declares.
    pub declarations: Declarations,
    /// What the table of resolutions is for.
    pub resolutions_before: Paragraph,
    /// What holds for the whole table of resolutions.
    pub resolutions_after: Paragraph,
    /// The rules for those who judge.
    pub rules: Vec<Rule>,
    /// The sentence that introduces the follow-ups.
    pub excluded_before: String,
    /// The follow-ups that are left out.
    pub excluded: Vec<Excluded>,
}

static PROSE: LazyLock<Prose> =
    LazyLock::new(|| serde_json::from_str(REQUIREMENTS).expect("the spec is part of the program; a test reads it"));

/// Returns the prose of the contract.
pub fn prose() -> &'static Prose {
    &PROSE
}

/// Returns a paragraph on one line.
pub fn on_one_line(paragraph: &[String]) -> String {
    paragraph.join(" ")
}

/// Returns the SHA-256 of `requirements.json`, in hexadecimal: it identifies the text that a run was judged by.
pub fn digest() -> String {
    sha256(REQUIREMENTS.as_bytes())
}
