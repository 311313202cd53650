//! The terms, notes and rules of the contract as data, from `spec/requirements.json`.
//!
//! The text is for readers; no check depends on its content. A paragraph is a list of lines, split as in the generated
//! document.

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

/// A group of clauses, which is one section of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Group {
    /// The id of the group, which is also the prefix of the ids of its clauses.
    pub id: String,
    /// The title of the group's section.
    pub title: String,
    /// A note on the whole group; may be empty.
    #[serde(default)]
    pub note: Paragraph,
}

/// The part of section 2 that describes the declarations in a profile.
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
    /// The name of the declaration.
    pub declaration: String,
    /// The statement that a profile makes about each family.
    pub states: String,
}

/// A rule for judging (section 11).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Rule {
    /// The heading of the rule.
    pub title: String,
    /// The rule.
    pub text: Paragraph,
}

/// A named follow-up that this version of the contract leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Excluded {
    /// The name of the follow-up.
    pub title: String,
    /// Its number in the rollout, if it has one.
    pub number: Option<String>,
    /// The reason for leaving it out.
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
    /// The declarations in a profile.
    pub declarations: Declarations,
    /// The paragraph before the table of resolutions.
    pub resolutions_before: Paragraph,
    /// The paragraph after the table of resolutions.
    pub resolutions_after: Paragraph,
    /// The rules for judging.
    pub rules: Vec<Rule>,
    /// The sentence that introduces the follow-ups.
    pub excluded_before: String,
    /// The follow-ups that are left out.
    pub excluded: Vec<Excluded>,
}

static PROSE: LazyLock<Prose> =
    LazyLock::new(|| serde_json::from_str(REQUIREMENTS).expect("the embedded spec must parse; a test reads it"));

/// Returns the prose of the contract.
pub fn prose() -> &'static Prose {
    &PROSE
}

/// Returns a paragraph on one line.
pub fn on_one_line(paragraph: &[String]) -> String {
    paragraph.join(" ")
}

/// Returns the SHA-256 of `requirements.json`, in hexadecimal. It identifies the text against which a run was judged.
pub fn digest() -> String {
    sha256(REQUIREMENTS.as_bytes())
}
