//! For each clause of kind V, a function that violates it and a case that shows the violation. A vector that no faulty
//! function fails shows nothing.
//!
//! Faulty functions test the vectors in the same way as planted bugs test the checkers.

use std::collections::{BTreeMap, BTreeSet};

use truecount_engine::counts::{Counts, Key, Raw};
use truecount_engine::family::FamilyId;
use truecount_engine::id::ObjectId;
use truecount_engine::mode::Mode;
use truecount_engine::plan::Input;
use truecount_engine::progress::Progress;
use truecount_engine::run::{Outcome, Status};

use super::Engine;
use crate::clause::Clause;

const GOOD: Engine = Engine::STANDARD;

/// A set of functions, one of which is faulty.
#[derive(Debug, Clone, Copy)]
pub struct Faulty {
    /// The id, which is never reused.
    pub id: &'static str,
    /// The clause under which it must be killed.
    pub clause: Clause,
    /// The name of the faulty function in the code.
    pub name: &'static str,
    /// A description of the faulty behaviour.
    pub does: &'static str,
    /// A case that the faulty function fails.
    pub case: &'static str,
    /// The functions, including the faulty one.
    pub engine: Engine,
}

macro_rules! faulty {
    ($($id:literal $clause:ident $slot:ident $function:ident $case:literal $does:literal;)*) => {
        /// Every faulty function.
        pub const FAULTY: &[Faulty] = &[$(Faulty {
            id: $id,
            clause: Clause::$clause,
            name: stringify!($function),
            does: $does,
            case: $case,
            engine: Engine { $slot: $function, ..GOOD },
        },)*];
    };
}

faulty! {
    "F01" KEYS_01 normalise keeps_unknown "normalise/unknown-keys" "keeps a tenth key";
    "F02" KEYS_02 normalise truncates "normalise/fraction" "truncates 1.5 to 1";
    "F03" KEYS_02 normalise takes_text "normalise/string-of-digits" "accepts \"3\" as 3";
    "F04" KEYS_03 normalise stops_early "normalise/nested" "stops at the first entry that it rejects";
    "F05" KEYS_04 normalise fills_in_zero "normalise/total-absent" "stores 0 for an absent key";
    "F06" KEYS_04 progress absent_is_0 "progress/no-processed" "shows 0 for an absent key";
    "F07" COUNT_03 plan as_asked "plan/inventory-sorted" "keeps the request order where the plan must be sorted";
    "F08" COUNT_03 plan as_asked "plan/restore-first-place" "keeps duplicates";
    "F09" COUNT_03 plan sorts "plan/restore-request-order" "sorts where the plan must keep the request order";
    "F10" COUNT_03 plan invents "plan/restore-empty" "plans an object that was not requested";
    "F11" LIFE_04 outcome strict "outcome/one-each" "fails the run because of one failed unit";
    "F12" LIFE_04 outcome none_is_all "outcome/no-unit" "fails a run without units";
    "F13" PROG_01 progress counts_nothing "progress/empty-plan" "shows an empty plan as counted";
    "F14" PROG_02 progress borrows_tallies "progress/skipped-not-subtracted" "subtracts skipped units from the total";
    "F15" PROG_03 progress ignores_the_mode "progress/phased-with-counts" "shows every family as counted if both keys are stored";
    "F16" PROG_04 progress rounds_up "progress/percent-almost" "rounds the percent up";
    "F17" PROG_05 progress ignores_the_end "progress/terminal-succeeded" "still shows a terminal run as counted";
    "F18" PROG_06 progress clamps "progress/more-than-all" "clamps `processed` to `total`";
    "F19" BOUND_01 mode counts_deletes "families/counted" "shows deletes as counted";
    "F20" BOUND_02 mode counts_deletes "families/delete" "shows deletes as counted";
    "F21" BOUND_03 keys ten_keys "families/keys" "has a tenth key";
    "F22" BOUND_04 mode counts_by_prefix "families/unlisted-sibling" "shows a new family as counted because of its prefix";
}

/// Maps each entry to the value that a careless implementation keeps.
fn kept(entries: &[(&str, Raw<'_>)], keep: fn(&str, Raw<'_>) -> Option<u64>) -> BTreeMap<String, u64> {
    entries.iter().filter_map(|&(name, raw)| Some((name.to_owned(), keep(name, raw)?))).collect()
}

fn standard(name: &str, raw: Raw<'_>) -> Option<u64> {
    (GOOD.normalise)(&[(name, raw)]).into_values().next()
}

fn keeps_unknown(entries: &[(&str, Raw<'_>)]) -> BTreeMap<String, u64> {
    kept(entries, |_, raw| standard(Key::Total.name(), raw))
}

fn truncates(entries: &[(&str, Raw<'_>)]) -> BTreeMap<String, u64> {
    kept(entries, |name, raw| match raw {
        Raw::Number(text) => standard(name, Raw::Number(text.split('.').next().unwrap_or(text))),
        Raw::Other => None,
    })
}

fn takes_text(entries: &[(&str, Raw<'_>)]) -> BTreeMap<String, u64> {
    // The value of the string is not available here. Accepting a string at all is the mistake.
    kept(entries, |name, raw| standard(name, if raw == Raw::Other { Raw::Number("3") } else { raw }))
}

fn stops_early(entries: &[(&str, Raw<'_>)]) -> BTreeMap<String, u64> {
    let good = entries.iter().position(|&(name, raw)| standard(name, raw).is_none()).unwrap_or(entries.len());
    (GOOD.normalise)(&entries[..good])
}

fn fills_in_zero(entries: &[(&str, Raw<'_>)]) -> BTreeMap<String, u64> {
    let mut counts = (GOOD.normalise)(entries);
    for key in [Key::Total, Key::Processed] {
        counts.entry(key.name().to_owned()).or_insert(0);
    }
    counts
}

fn of(processed: u64, total: u64) -> Counts {
    Counts::from_iter([(Key::Processed, processed), (Key::Total, total)])
}

type Label = Option<&'static str>;

fn absent_is_0(family: FamilyId, status: Status, end: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    let counts = of(counts.or_zero(Key::Processed), counts.or_zero(Key::Total));
    (GOOD.progress)(family, status, end, label, &counts)
}

fn counts_nothing(family: FamilyId, status: Status, end: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    if (status, *counts) == (Status::Running, of(0, 0)) {
        return Progress::Counted { processed: 0, total: 0, percent: 0 };
    }
    (GOOD.progress)(family, status, end, label, counts)
}

fn borrows_tallies(family: FamilyId, status: Status, end: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    let mut less = *counts;
    if let Some(total) = counts.get(Key::Total) {
        less.set(Key::Total, total.saturating_sub(counts.or_zero(Key::Skipped)));
    }
    (GOOD.progress)(family, status, end, label, &less)
}

fn ignores_the_mode(_: FamilyId, status: Status, end: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    (GOOD.progress)(FamilyId::InventorySync, status, end, label, counts)
}

fn rounds_up(family: FamilyId, status: Status, end: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    match (GOOD.progress)(family, status, end, label, counts) {
        Progress::Counted { processed, total, percent } => {
            let whole = u128::from(processed) * 100 == u128::from(percent) * u128::from(total);
            Progress::Counted { processed, total, percent: percent + u8::from(!whole) }
        }
        other => other,
    }
}

fn ignores_the_end(family: FamilyId, _: Status, _: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    (GOOD.progress)(family, Status::Running, None, label, counts)
}

fn clamps(family: FamilyId, status: Status, end: Option<Outcome>, label: Label, counts: &Counts) -> Progress {
    let clamped = match (counts.get(Key::Processed), counts.get(Key::Total)) {
        (Some(processed), Some(total)) => of(processed.min(total), total),
        _ => *counts,
    };
    (GOOD.progress)(family, status, end, label, &clamped)
}

#[expect(clippy::unnecessary_wraps, reason = "the type allows for a family that the engine does not run")]
fn as_asked(_: FamilyId, input: &Input) -> Option<Vec<ObjectId>> {
    Some(input.objects.clone())
}

#[expect(clippy::unnecessary_wraps, reason = "the type allows for a family that the engine does not run")]
fn sorts(_: FamilyId, input: &Input) -> Option<Vec<ObjectId>> {
    Some(input.objects.iter().copied().collect::<BTreeSet<_>>().into_iter().collect())
}

fn invents(family: FamilyId, input: &Input) -> Option<Vec<ObjectId>> {
    let mut keys = (GOOD.plan)(family, input)?;
    keys.push(ObjectId(u32::MAX));
    Some(keys)
}

fn strict(run_failed: bool, _: u64, failed: u64, _: u64) -> Outcome {
    if run_failed || failed > 0 { Outcome::Failed } else { Outcome::Succeeded }
}

fn none_is_all(run_failed: bool, succeeded: u64, failed: u64, skipped: u64) -> Outcome {
    if succeeded + skipped == 0 { Outcome::Failed } else { (GOOD.outcome)(run_failed, succeeded, failed, skipped) }
}

fn counts_deletes(name: &str) -> Option<Mode> {
    let mode = (GOOD.mode)(name)?;
    Some(if mode == Mode::Activity { Mode::Counted } else { mode })
}

fn counts_by_prefix(name: &str) -> Option<Mode> {
    (GOOD.mode)(name).or_else(|| name.starts_with("backup_set.").then_some(Mode::Counted))
}

fn ten_keys() -> Vec<&'static str> {
    [(GOOD.keys)(), vec!["remaining"]].concat()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::{Case, CaseResult, judge, judge_with};
    use super::*;
    use crate::clause::Kind;

    #[test]
    fn each_faulty_function_fails_a_case_of_its_clause() {
        for Faulty { id: of, clause, does, case: id, engine, .. } in FAULTY {
            let cases = judge_with(engine).expect("the vector files are valid");
            let case = cases.iter().find(|case| case.id == *id).unwrap_or_else(|| panic!("no case has the id {id}"));
            assert!(case.clauses.contains(clause), "{id} does not test {clause}");
            assert!(
                case.failed(),
                "{of} {clause} ({does}): {id} should have failed, but the result is {:?}",
                case.result
            );
            assert!(cases.iter().any(|case| case.result == CaseResult::Passed), "{does}: no case passes");
        }
    }

    #[test]
    fn every_clause_of_kind_v_has_a_faulty_function() {
        let faulty: BTreeSet<Clause> = FAULTY.iter().map(|faulty| faulty.clause).collect();
        let checkable = Clause::ALL.iter().copied().filter(|clause| clause.kinds().contains(&Kind::V));
        assert_eq!(faulty, checkable.collect());
    }

    #[rstest]
    #[case::both_results_are_shown(
        Engine { outcome: strict, ..GOOD }, "outcome/one-each", r#""partially_succeeded""#, r#""failed""#
    )]
    #[case::results_are_written_as_in_the_file(
        Engine { progress: rounds_up, ..GOOD },
        "progress/percent-cut",
        r#"{"counted":{"processed":2,"total":3,"percent":66}}"#,
        r#"{"counted":{"processed":2,"total":3,"percent":67}}"#
    )]
    #[case::an_object_that_was_not_requested_is_marked(
        Engine { plan: invents, ..GOOD }, "plan/restore-empty", "[]", r#"["(not requested)"]"#
    )]
    fn a_failed_case(#[case] engine: Engine, #[case] id: &str, #[case] expected: &str, #[case] actual: &str) {
        let cases = judge_with(&engine).expect("the vector files are valid");
        let case = cases.iter().find(|case| case.id == id).expect("the case exists");
        let (expected, actual) = (expected.to_owned(), actual.to_owned());
        assert_eq!(case.result, CaseResult::Failed { expected, actual });
    }

    #[test]
    fn a_family_that_is_not_run_is_not_evaluable() {
        let cases = judge_with(&Engine { plan: |_, _| None, ..GOOD }).expect("the vector files are valid");
        for case in cases {
            let open = matches!(case.result, CaseResult::NotEvaluable(_));
            assert_eq!(open, case.id.starts_with("plan/"), "{}: {:?}", case.id, case.result);
        }
    }

    #[test]
    fn our_functions_fail_no_case() {
        let cases = judge().expect("the vector files are valid");
        assert_eq!(cases.iter().filter(|case| case.failed()).collect::<Vec<_>>(), [] as [&Case; 0]);
    }
}
