//! The clauses of the contract: their ids, words and kinds, from the one source `spec/requirements.json`.
//!
//! Code names a clause by a constant; that constants and file agree is a test. Knows no check.

use truecount_engine::index::ix;

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

macro_rules! clauses {
    ($($constant:ident)*) => {
        #[derive(Clone, Copy)]
        #[expect(non_camel_case_types, reason = "a counter that the constants are made from")]
        enum Place { $($constant,)* }

        #[expect(missing_docs, reason = "the words of each clause stand in spec/requirements.json")]
        impl Clause {
            $(pub const $constant: Self = Self(Place::$constant as u8);)*

            /// Every clause, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$constant,)*];
        }
    };
}

/// A clause of the contract.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause(u8);

clauses! {
    KEYS_01 KEYS_02 KEYS_03 KEYS_04 KEYS_05
    COUNT_01 COUNT_02 COUNT_03 COUNT_04 COUNT_05 COUNT_06 COUNT_07 COUNT_08 COUNT_09 COUNT_10
    COUNT_11 COUNT_12 COUNT_13 COUNT_14 COUNT_15 COUNT_16 COUNT_17 COUNT_18 COUNT_19 COUNT_20
    LIFE_01 LIFE_02 LIFE_03 LIFE_04 LIFE_05 LIFE_06 LIFE_07 LIFE_08 LIFE_09 LIFE_10
    LIFE_11 LIFE_12 LIFE_13 LIFE_14 LIFE_15 LIFE_16
    PROG_01 PROG_02 PROG_03 PROG_04 PROG_05 PROG_06 PROG_07 PROG_08 PROG_09 PROG_10 PROG_11 PROG_12
    VIS_01 VIS_02 VIS_03 VIS_04 VIS_05
    NOTE_01 NOTE_02 NOTE_03 NOTE_04 NOTE_05
    ARTF_01 ARTF_02 ARTF_03
    BOUND_01 BOUND_02 BOUND_03 BOUND_04
}

/// How a clause can be checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
pub enum Kind {
    /// A pure function, by vectors.
    V,
    /// Safety, at each event of a trace.
    S,
    /// Liveness, once faults have stopped.
    L,
    /// Architecture, on our own sources.
    A,
}

impl Kind {
    /// Returns what the kind means, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::V => "a pure function, checked by vectors",
            Self::S => "safety, checked at each event",
            Self::L => "liveness, checked once faults have stopped",
            Self::A => "architecture, checked on our own sources",
        }
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    kinds: Vec<Kind>,
    text: String,
    from: Vec<String>,
}

#[derive(Deserialize)]
struct Group {
    id: String,
    title: String,
}

#[derive(Deserialize)]
struct Requirements {
    groups: Vec<Group>,
    clauses: Vec<Row>,
}

/// The text of the source.
pub const REQUIREMENTS: &str = include_str!("../spec/requirements.json");

static SPEC: LazyLock<Requirements> =
    LazyLock::new(|| serde_json::from_str(REQUIREMENTS).expect("the spec is part of the program; a test reads it"));

impl Clause {
    fn row(self) -> &'static Row {
        &SPEC.clauses[usize::from(self.0)]
    }

    /// Returns the id, such as `COUNT-06`.
    pub fn id(self) -> &'static str {
        &self.row().id
    }

    /// Returns the clause's words.
    pub fn text(self) -> &'static str {
        &self.row().text
    }

    /// Returns how it can be checked.
    pub fn kinds(self) -> &'static [Kind] {
        &self.row().kinds
    }

    /// Returns where it comes from: tasks of the rollout that the contract grew from, `P` for its prose, `+` for what
    /// goes beyond it.
    pub fn origin(self) -> &'static [String] {
        &self.row().from
    }

    /// Returns the group, such as `COUNT`.
    pub fn group(self) -> &'static str {
        self.id().split('-').next().unwrap_or_default()
    }

    /// Returns what the group is about.
    pub fn group_title(self) -> &'static str {
        SPEC.groups.iter().find(|group| group.id == self.group()).map_or("", |group| &group.title)
    }

    /// Returns the clause of that id, in any case.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|clause| clause.id().eq_ignore_ascii_case(id))
    }

    /// Returns the place in a report that names one clause of several: the cause before the symptom, safety before
    /// liveness (contract, section 11).
    pub fn rank(self) -> u32 {
        const FIRST: [Clause; 8] = [
            Clause::COUNT_09,
            Clause::COUNT_16,
            Clause::COUNT_12,
            Clause::COUNT_17,
            Clause::COUNT_11,
            Clause::COUNT_06,
            Clause::COUNT_08,
            Clause::COUNT_10,
        ];
        let place = u32::from(self.0);
        match FIRST.iter().position(|first| *first == self) {
            Some(rank) => ix(rank),
            None if self.kinds().contains(&Kind::S) => 100 + place,
            None => 200 + place,
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A set of clauses.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ClauseSet(u128);

impl ClauseSet {
    /// Adds a clause.
    #[inline]
    pub const fn insert(&mut self, clause: Clause) {
        self.0 |= 1 << clause.0;
    }

    /// Adds the clauses of another set.
    #[inline]
    pub const fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Returns whether it holds a clause.
    #[inline]
    pub const fn contains(self, clause: Clause) -> bool {
        self.0 & (1 << clause.0) != 0
    }

    /// Returns whether it is empty.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns its clauses in the contract's order.
    pub fn iter(self) -> impl Iterator<Item = Clause> {
        Clause::ALL.iter().copied().filter(move |clause| self.contains(*clause))
    }

    /// Returns the one that a report names: the cause before the symptom.
    pub fn primary(self) -> Option<Clause> {
        self.iter().min_by_key(|clause| clause.rank())
    }
}

impl FromIterator<Clause> for ClauseSet {
    fn from_iter<I: IntoIterator<Item = Clause>>(clauses: I) -> Self {
        let mut set = Self::default();
        for clause in clauses {
            set.insert(clause);
        }
        set
    }
}

impl fmt::Debug for ClauseSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_spec_agree() {
        let spec: Vec<String> = SPEC.clauses.iter().map(|row| row.id.replace('-', "_")).collect();
        let names = stringify_all();
        assert_eq!((spec.len(), spec), (70, names));
    }

    fn stringify_all() -> Vec<String> {
        // The macro's own list, read back from this file: the constants have no names at run time.
        let source = include_str!("clause.rs");
        let list = source.split("\nclauses! {").nth(1).and_then(|rest| rest.split('}').next()).expect("the list");
        list.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn each_clause_has_words_a_kind_and_an_origin() {
        for clause in Clause::ALL {
            assert!(
                clause.text().ends_with('.') && !clause.kinds().is_empty() && !clause.origin().is_empty(),
                "{clause}"
            );
            assert!(!clause.group_title().is_empty(), "{clause}");
            assert_eq!(Clause::from_id(&clause.id().to_lowercase()), Some(*clause));
        }
    }

    #[test]
    fn a_report_names_the_cause_before_the_symptom() {
        let all: ClauseSet = [Clause::LIFE_07, Clause::COUNT_05, Clause::COUNT_10, Clause::COUNT_06, Clause::COUNT_11]
            .into_iter()
            .collect();
        assert_eq!(all.primary(), Some(Clause::COUNT_11));
        let rest: ClauseSet = [Clause::COUNT_07, Clause::LIFE_10].into_iter().collect();
        assert_eq!(rest.primary(), Some(Clause::LIFE_10), "safety before liveness");
    }
}
