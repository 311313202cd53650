//! Tests of the progress function against the contract: one table row for each possible mistake, then the properties.

use proptest::prelude::*;
use rstest::rstest;

use super::{Mode, Progress, percent, progress};
use crate::counts::{Counts, Key, VALUE_MAX};
use crate::run::{Outcome, Status};

const MODES: [Mode; 3] = [Mode::Counted, Mode::Phased, Mode::Activity];

fn of(processed: u64, total: u64) -> Counts {
    Counts::from_iter([(Key::Processed, processed), (Key::Total, total)])
}

fn running(mode: Mode, phase: Option<&'static str>, counts: &Counts) -> Progress {
    progress(mode, Status::Running, None, phase, counts)
}

#[rstest]
#[case::nothing_yet(0, 3, 0)]
#[case::rounded_down(2, 3, 66)]
#[case::all_but_one_is_not_all(199, 200, 99)]
#[case::exact_where_a_double_is_not(29, 100, 29)]
#[case::all(3, 3, 100)]
#[case::doubles_round_up_to_all(VALUE_MAX - 2, VALUE_MAX - 1, 99)]
#[case::all_of_the_maximum(VALUE_MAX, VALUE_MAX, 100)]
fn a_running_run_in_counted_mode_shows_its_counts(#[case] processed: u64, #[case] total: u64, #[case] percent: u8) {
    let shown = running(Mode::Counted, None, &of(processed, total));
    assert_eq!(shown, Progress::Counted { processed, total, percent });
}

#[rstest]
#[case::no_counts(Counts::default())]
#[case::no_total(Counts::from_iter([(Key::Processed, 1)]))]
#[case::no_processed(Counts::from_iter([(Key::Total, 3)]))]
#[case::empty_plan(of(0, 0))]
#[case::more_than_all(of(4, 3))]
#[case::one_of_none(of(1, 0))]
#[case::a_tally_is_not_processed(Counts::from_iter([(Key::Total, 3), (Key::Succeeded, 2)]))]
#[case::items_are_not_a_total(Counts::from_iter([(Key::Items, 3), (Key::Processed, 2)]))]
fn invalid_counts_are_shown_as_activity(
    #[case] counts: Counts,
    #[values(None, Some("capture"))] phase: Option<&'static str>,
) {
    assert_eq!(running(Mode::Counted, phase, &counts), Progress::Activity);
}

#[rstest]
#[case::phased(Mode::Phased, Some("capture"), Progress::Phased("capture"))]
#[case::phased_without_label(Mode::Phased, None, Progress::Activity)]
#[case::activity(Mode::Activity, None, Progress::Activity)]
#[case::activity_with_label(Mode::Activity, Some("capture"), Progress::Activity)]
fn valid_counts_do_not_make_other_modes_counted(
    #[case] mode: Mode,
    #[case] phase: Option<&'static str>,
    #[case] expected: Progress,
) {
    assert_eq!(running(mode, phase, &of(1, 3)), expected);
}

#[rstest]
fn a_run_that_waits_or_has_ended_shows_no_counts(
    #[values(Mode::Counted, Mode::Phased, Mode::Activity)] mode: Mode,
    #[values(Outcome::Succeeded, Outcome::PartiallySucceeded, Outcome::Failed)] outcome: Outcome,
) {
    let shown = |status| progress(mode, status, Some(outcome), Some("capture"), &of(1, 3));
    assert_eq!(shown(Status::Queued), Progress::Queued);
    assert_eq!(shown(Status::Completed), Progress::Terminal(outcome));
}

#[rstest]
fn a_missing_outcome_is_not_invented(#[values(Mode::Counted, Mode::Phased, Mode::Activity)] mode: Mode) {
    let shown = progress(mode, Status::Completed, None, Some("capture"), &of(3, 3));
    assert_eq!(shown, Progress::Activity);
}

fn any_counts() -> impl Strategy<Value = Counts> {
    let pair = (prop::sample::select(&Key::ALL[..]), prop_oneof![0..5_u64, 0..=VALUE_MAX]);
    prop::collection::vec(pair, 0..12).prop_map(Counts::from_iter)
}

fn any_row() -> impl Strategy<Value = (Mode, Status, Option<Outcome>, Option<&'static str>)> {
    (
        prop::sample::select(&MODES[..]),
        prop::sample::select(&Status::ALL[..]),
        prop::option::of(prop::sample::select(&Outcome::ALL[..])),
        prop::option::of(Just("capture")),
    )
}

proptest! {
    #[test]
    fn only_processed_and_total_matter(
        (mode, status, outcome, phase) in any_row(),
        counts in any_counts(),
        key in prop::sample::select(&Key::ALL[2..]),
        value in 0..=VALUE_MAX,
    ) {
        let mut changed = counts;
        changed.set(key, value);
        prop_assert_eq!(
            progress(mode, status, outcome, phase, &counts),
            progress(mode, status, outcome, phase, &changed)
        );
    }

    #[test]
    fn counts_are_shown_if_and_only_if_the_contract_allows_it(
        (mode, status, outcome, phase) in any_row(),
        counts in any_counts(),
    ) {
        let trusted = matches!(
            (counts.get(Key::Processed), counts.get(Key::Total)),
            (Some(processed), Some(total)) if total >= 1 && processed <= total
        );
        let due = mode == Mode::Counted && status == Status::Running && trusted;
        let shown = progress(mode, status, outcome, phase, &counts);
        prop_assert_eq!(matches!(shown, Progress::Counted { .. }), due);
    }

    #[test]
    fn progress_is_none_only_without_a_run(
        (mode, status, outcome, phase) in any_row(),
        counts in any_counts(),
    ) {
        prop_assert_ne!(progress(mode, status, outcome, phase, &counts), Progress::None);
    }

    #[test]
    fn percent_is_rounded_down(one: u64, other in 1..=u64::MAX) {
        let (processed, total) = (one.min(other), one.max(other));
        let share = u128::from(percent(processed, total).expect("a share"));
        let (processed, total) = (u128::from(processed), u128::from(total));
        prop_assert!(share * total <= 100 * processed);
        prop_assert!((share + 1) * total > 100 * processed);
        prop_assert_eq!(share == 100, processed == total);
    }

    #[test]
    fn percent_never_decreases_as_units_resolve(total in 2..=u64::MAX, part: u64) {
        let processed = part % total;
        prop_assert!(percent(processed, total) <= percent(processed + 1, total));
    }

    #[test]
    fn invalid_counts_have_no_percent(total in 0..u64::MAX, excess in 1..=u64::MAX) {
        prop_assert_eq!(percent(total.saturating_add(excess), total), None);
        prop_assert_eq!(percent(excess, 0), None);
        prop_assert_eq!(percent(0, 0), None);
    }
}
