//! The clauses of the contract. Code refers to a clause by a constant. The text and the group of a clause come from
//! `spec/requirements.json`.
//!
//! This file also lists ids, kinds and origins, and a test compares them with the JSON file.

use truecount_engine::index::ix;

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

macro_rules! clauses {
    ($($constant:ident $id:literal $($kind:ident)+ $origin:literal $(, $hint:literal)?;)*) => {
        #[derive(Clone, Copy)]
        #[expect(non_camel_case_types, reason = "each variant gives a number to the constant of the same name")]
        enum Index { $($constant,)* }

        #[expect(missing_docs, reason = "the text of each clause is in spec/requirements.json")]
        impl Clause {
            $(pub const $constant: Self = Self(Index::$constant as u8);)*

            /// Every clause, in the contract's order.
            pub const ALL: &'static [Self] = &[$(Self::$constant,)*];

            /// Returns a hint for fixing a violation, or `None` if there is no typical way of violating the clause.
            pub const fn hint(self) -> Option<&'static str> {
                const HINTS: &[Option<&str>] = &[$(clauses!(@hint $($hint)?),)*];
                HINTS[self.0 as usize]
            }
        }

        /// The id, kinds and origins of each clause. They repeat `requirements.json`, so that a clause cannot vanish
        /// from that file unnoticed.
        #[cfg(test)]
        const LISTED: &[(&str, &[Kind], &str)] = &[$(($id, &[$(Kind::$kind),+], $origin),)*];
    };
    (@hint) => { None };
    (@hint $hint:literal) => { Some($hint) };
}

/// A clause of the contract.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause(u8);

clauses! {
    KEYS_01 "KEYS-01" V "T007";
    KEYS_02 "KEYS-02" V "T007";
    KEYS_03 "KEYS-03" V "T007";
    KEYS_04 "KEYS-04" V "T005";
    KEYS_05 "KEYS-05" S "T002";
    COUNT_01 "COUNT-01" S "T008 T016",
        "a planner that runs again must read the stored total, not write a new one";
    COUNT_02 "COUNT-02" S "T009 T013 T014",
        "derive the plan from input and rows alone, without duplicates, and seal it once";
    COUNT_03 "COUNT-03" V "T008 T011";
    COUNT_04 "COUNT-04" S "T008",
        "make the plan, the total and the jobs durable together, before any unit can finish";
    COUNT_05 "COUNT-05" S "T008",
        "add to the count in storage; never write back a value that was read earlier";
    COUNT_06 "COUNT-06" S "T009 T018 T020",
        "let the ledger row, one for each (run, unit), decide whether this unit counts";
    COUNT_07 "COUNT-07" S L "T016 T020",
        "settle the unit on every path, including failure and skip";
    COUNT_08 "COUNT-08" S "T008";
    COUNT_09 "COUNT-09" S "T020",
        "count only units of the sealed plan";
    COUNT_10 "COUNT-10" S "T008 T010",
        "add each resolution to exactly one of succeeded, failed, skipped";
    COUNT_11 "COUNT-11" S "T014 +",
        "commit the ledger row and the count together, and add to the count in storage instead of writing back a value that was read";
    COUNT_12 "COUNT-12" S "T020",
        "an attempt is not a unit: count when the unit resolves, not when an attempt fails";
    COUNT_13 "COUNT-13" S "T008 T011 T016";
    COUNT_14 "COUNT-14" S "T010 T015";
    COUNT_15 "COUNT-15" S "T020",
        "refuse a second resolution and keep the first";
    COUNT_16 "COUNT-16" S "+";
    COUNT_17 "COUNT-17" S "T020",
        "resolve the unit to what the provider responded, not to what was expected";
    COUNT_18 "COUNT-18" S "T009 T013",
        "settle the unit on every path, including failure and skip";
    COUNT_19 "COUNT-19" S "+",
        "key the side effect by (run, unit), not by delivery or attempt";
    COUNT_20 "COUNT-20" S "+",
        "keep clocks, scheduling order and chance out of results";
    COUNT_21 "COUNT-21" S "T020",
        "keep the attempt's number across a crash; abandon a job past its delivery limit, even if it could still succeed";
    LIFE_01 "LIFE-01" S "P";
    LIFE_02 "LIFE-02" S "T020",
        "guard the terminal write with the version that was read";
    LIFE_03 "LIFE-03" A "P T022";
    LIFE_04 "LIFE-04" V S "T008",
        "derive the outcome from the ledger, in the order that the clause gives";
    LIFE_05 "LIFE-05" S "T016 T018",
        "complete only when the plan is sealed and all its units are resolved";
    LIFE_06 "LIFE-06" S "P",
        "enforce one active run per identity with a storage constraint, not with a read before the write";
    LIFE_07 "LIFE-07" L "T020",
        "make sure that something completes a run that has no units or whose last worker crashed";
    LIFE_08 "LIFE-08" S "T010";
    LIFE_09 "LIFE-09" S "T015";
    LIFE_10 "LIFE-10" S L "T018 T020",
        "acknowledge last, or let the sweeper find orphaned units";
    LIFE_11 "LIFE-11" S "+",
        "check the fencing token inside the commit, not before it";
    LIFE_12 "LIFE-12" S "P",
        "record reason codes; keep names and secrets out";
    LIFE_13 "LIFE-13" S "T020";
    LIFE_14 "LIFE-14" S "+",
        "start the retention of a row when its run ends, not when the row is created";
    LIFE_15 "LIFE-15" L "T020",
        "check again for completion on redelivery and in a sweep";
    LIFE_16 "LIFE-16" S "T015",
        "fail a run as a whole only for a cause that the trace shows";
    LIFE_17 "LIFE-17" S "+",
        "hand the job back and set its back-off in one commit, then stop working on it";
    LIFE_18 "LIFE-18" S "T020",
        "let storage refuse a job for work that another job already carries";
    LIFE_19 "LIFE-19" S "+",
        "key runs by request, and keep that key after the run has ended";
    PROG_01 "PROG-01" V "T005 T006";
    PROG_02 "PROG-02" V "T007 T021";
    PROG_03 "PROG-03" V "T005 T021";
    PROG_04 "PROG-04" V "T015";
    PROG_05 "PROG-05" V "T011 T015";
    PROG_06 "PROG-06" V "T006 T015";
    PROG_07 "PROG-07" S "P T012 T022",
        "call the shared progress function on a single read of the row";
    PROG_08 "PROG-08" S "+";
    PROG_09 "PROG-09" S "T006";
    PROG_10 "PROG-10" S "+",
        "call the shared progress function on a single read of the row";
    PROG_11 "PROG-11" A "P";
    PROG_12 "PROG-12" S "T026",
        "show only what the run is, its progress and its link";
    VIS_01 "VIS-01" S "P";
    VIS_02 "VIS-02" S "P";
    VIS_03 "VIS-03" S "P";
    VIS_04 "VIS-04" S "P";
    VIS_05 "VIS-05" S "T006";
    NOTE_01 "NOTE-01" S "P T027";
    NOTE_02 "NOTE-02" S "P";
    NOTE_03 "NOTE-03" L "P";
    NOTE_04 "NOTE-04" S "P";
    NOTE_05 "NOTE-05" S "T015";
    ARTF_01 "ARTF-01" S "T013";
    ARTF_02 "ARTF-02" S "T015";
    ARTF_03 "ARTF-03" S "T014";
    BOUND_01 "BOUND-01" V "T004 T019";
    BOUND_02 "BOUND-02" V "T004 T017 T021";
    BOUND_03 "BOUND-03" V "P T022";
    BOUND_04 "BOUND-04" V "T021";
}

/// How a clause can be checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize)]
pub enum Kind {
    /// A pure function, checked by vectors.
    V,
    /// Safety, checked at each event of a trace.
    S,
    /// Liveness, checked once faults have stopped.
    L,
    /// Architecture: source-level checks of this repository.
    A,
}

impl Kind {
    /// Returns the letter that stands for the kind in the contract's tables.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::V => "V",
            Self::S => "S",
            Self::L => "L",
            Self::A => "A",
        }
    }

    /// Returns the meaning of the kind, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::V => "a pure function, checked by vectors",
            Self::S => "safety, checked at each event",
            Self::L => "liveness, checked once faults have stopped",
            Self::A => "architecture, covered by source-level checks of this repository",
        }
    }
}

/// A clause as `requirements.json` states it.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) text: String,
    pub(crate) from: Vec<String>,
}

/// Returns every clause in the file, including those that this module does not list yet.
pub(crate) fn rows() -> &'static [Row] {
    &SPEC.clauses
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

/// The text of `spec/requirements.json`.
pub const REQUIREMENTS: &str = include_str!("../../spec/requirements.json");

static SPEC: LazyLock<Requirements> =
    LazyLock::new(|| serde_json::from_str(REQUIREMENTS).expect("the embedded spec is valid JSON, as a test checks"));

impl Clause {
    fn row(self) -> &'static Row {
        &SPEC.clauses[usize::from(self.0)]
    }

    /// Returns the id, such as `COUNT-06`.
    pub fn id(self) -> &'static str {
        &self.row().id
    }

    /// Returns the text of the clause.
    pub fn text(self) -> &'static str {
        &self.row().text
    }

    /// Returns how the clause can be checked.
    pub fn kinds(self) -> &'static [Kind] {
        &self.row().kinds
    }

    /// Returns the origins. An origin is a task of the first rollout, `P` for the prose of the rollout document, or `+`
    /// for an addition to that document.
    pub fn origin(self) -> &'static [String] {
        &self.row().from
    }

    /// Returns the group, such as `COUNT`.
    pub fn group(self) -> &'static str {
        self.id().split('-').next().unwrap_or_default()
    }

    /// Returns the title of the group.
    pub fn group_title(self) -> &'static str {
        SPEC.groups.iter().find(|group| group.id == self.group()).map_or("", |group| &group.title)
    }

    /// Returns the clause with this id, ignoring case.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|clause| clause.id().eq_ignore_ascii_case(id))
    }

    /// Returns the rank by which a report chooses one of several violated clauses. The cause comes before the symptom,
    /// and safety before liveness (contract, section 11).
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
        let index = u32::from(self.0);
        match FIRST.iter().position(|first| *first == self) {
            Some(rank) => ix(rank),
            None if self.kinds().contains(&Kind::S) => 100 + index,
            None => 200 + index,
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

    /// Returns whether the set contains a clause.
    #[inline]
    pub const fn contains(self, clause: Clause) -> bool {
        self.0 & (1 << clause.0) != 0
    }

    /// Returns whether the set is empty.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns the clauses in the contract's order.
    pub fn iter(self) -> impl Iterator<Item = Clause> {
        Clause::ALL.iter().copied().filter(move |clause| self.contains(*clause))
    }

    /// Returns the clause that a report names, or `None` if the set is empty. The report names the cause rather than
    /// the symptom.
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
    fn the_listed_ids_kinds_and_origins_match_the_spec() {
        let spec: Vec<(&str, &[Kind], String)> =
            Clause::ALL.iter().map(|clause| (clause.id(), clause.kinds(), clause.origin().join(" "))).collect();
        let listed: Vec<(&str, &[Kind], String)> =
            LISTED.iter().map(|(id, kinds, origin)| (*id, *kinds, (*origin).to_owned())).collect();
        assert_eq!(spec, listed);
        assert_eq!(SPEC.clauses.len(), LISTED.len(), "requirements.json has a clause that is not listed here");
    }

    #[test]
    fn each_clause_has_a_text_a_kind_and_an_origin() {
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
        let rest: ClauseSet = [Clause::LIFE_15, Clause::LIFE_16].into_iter().collect();
        assert_eq!(rest.primary(), Some(Clause::LIFE_16), "a liveness clause was named before a safety clause");
    }
}
