//! Tests of the counts that normalisation keeps: first the cases that other implementations got wrong, then general
//! properties.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rstest::rstest;

use super::{Counts, Key, Raw, VALUE_MAX, normalise};

fn number(text: &str) -> Option<u64> {
    normalise([("total", Raw::Number(text))]).get(Key::Total)
}

#[test]
fn every_name_reads_back_as_its_key() {
    for key in Key::ALL {
        assert_eq!(Key::from_name(key.name()), Some(key));
    }
}

#[rstest]
fn a_name_that_is_not_a_key_is_dropped(
    #[values("", "Total", "TOTAL", " total", "total ", "totals", "percent", "t\u{43e}tal")] name: &str,
) {
    assert_eq!(normalise([(name, Raw::Number("1"))]), Counts::default());
}

#[rstest]
#[case::largest("9007199254740991", Some(VALUE_MAX))]
#[case::largest_with_a_point("9007199254740991.0", Some(VALUE_MAX))]
#[case::one_too_many("9007199254740992", None)]
#[case::slightly_too_many("9007199254740991.00000000000000001", None)]
#[case::far_too_many("1e400", None)]
#[case::not_a_number("three", None)]
fn only_a_whole_number_in_range_is_kept(#[case] text: &str, #[case] expected: Option<u64>) {
    assert_eq!(number(text), expected);
}

#[rstest]
#[case::later_value(&[Raw::Number("1"), Raw::Number("2")], Some(2))]
#[case::later_non_number(&[Raw::Number("1"), Raw::Other], None)]
#[case::corrected_later(&[Raw::Other, Raw::Number("2")], Some(2))]
#[case::later_fraction(&[Raw::Number("1"), Raw::Number("0.5")], None)]
fn the_last_entry_of_a_repeated_key_applies(#[case] raws: &[Raw<'_>], #[case] expected: Option<u64>) {
    let counts = normalise(raws.iter().map(|&raw| ("processed", raw)));
    assert_eq!(counts.get(Key::Processed), expected);
}

#[test]
fn an_unknown_count_is_not_zero() {
    let unknown = Counts::default();
    let zero = Counts::from_iter([(Key::Processed, 0)]);
    assert_eq!(unknown.get(Key::Processed), None);
    assert_eq!(zero.get(Key::Processed), Some(0));
    assert_ne!(unknown, zero);
    assert_eq!(unknown.or_zero(Key::Processed), zero.or_zero(Key::Processed));
}

#[test]
fn a_value_above_the_maximum_makes_the_key_unknown() {
    let mut counts = Counts::from_iter([(Key::Items, 7)]);
    counts.set(Key::Items, VALUE_MAX + 1);
    assert_eq!(counts, Counts::default());
}

#[rstest]
#[case::from_unknown(None, 2, 2)]
#[case::from_known(Some(3), 2, 5)]
#[case::adding_zero_makes_it_known(None, 0, 0)]
#[case::at_the_maximum(Some(VALUE_MAX), 1, VALUE_MAX)]
#[case::beyond_a_u64(Some(1), u64::MAX, VALUE_MAX)]
fn adding_stops_at_the_maximum(#[case] before: Option<u64>, #[case] amount: u64, #[case] after: u64) {
    let mut counts = Counts::from_iter(before.map(|value| (Key::Failed, value)));
    counts.add(Key::Failed, amount);
    assert_eq!(counts.get(Key::Failed), Some(after));
}

#[test]
fn debug_output_shows_only_known_counts() {
    let counts = Counts::from_iter([(Key::Items, 4), (Key::Total, 3)]);
    assert_eq!(format!("{counts:?}"), "{Total: 3, Items: 4}");
}

/// Strategy for a stored name and value; the value is `None` for anything but a number.
fn stored() -> impl Strategy<Value = (String, Option<String>)> {
    let name = prop_oneof![
        8 => prop::sample::select(&Key::ALL[..]).prop_map(|key| key.name().to_owned()),
        1 => any::<String>(),
    ];
    let text = prop_oneof![
        any::<u64>().prop_map(|value| value.to_string()),
        (0..200_u64).prop_map(|value| format!("{value}.0")),
        "-?[0-9]{1,18}(\\.[0-9]{1,3})?(e-?[0-9]{1,2})?",
        any::<String>(),
    ];
    (name, prop::option::of(text))
}

fn normalised(entries: &[(String, Option<String>)]) -> Counts {
    normalise(entries.iter().map(|(name, text)| {
        let raw = text.as_deref().map_or(Raw::Other, Raw::Number);
        (name.as_str(), raw)
    }))
}

/// Returns the entries that apply: the last entry with each name.
fn last_of_each(entries: &[(String, Option<String>)]) -> Vec<(String, Option<String>)> {
    let last: BTreeMap<_, _> = entries.iter().cloned().collect();
    last.into_iter().collect()
}

proptest! {
    #[test]
    fn normalising_again_changes_nothing(entries in prop::collection::vec(stored(), 0..20)) {
        let once = normalised(&entries);
        let texts: Vec<_> = once.iter().map(|(key, value)| (key, value.to_string())).collect();
        let twice = normalise(texts.iter().map(|(key, text)| (key.name(), Raw::Number(text))));
        prop_assert_eq!(once, twice);
        prop_assert!(once.iter().all(|(_, value)| value <= VALUE_MAX));
    }

    #[test]
    fn the_order_of_entries_that_apply_does_not_matter(
        (entries, shuffled) in prop::collection::vec(stored(), 0..20).prop_flat_map(|entries| {
            let standing = last_of_each(&entries);
            (Just(entries), Just(standing).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(normalised(&entries), normalised(&shuffled));
    }

    #[test]
    fn values_are_read_as_they_were_set(
        pairs in prop::collection::btree_map(
            prop::sample::select(&Key::ALL[..]),
            0..=VALUE_MAX,
            0..=Key::ALL.len(),
        ),
    ) {
        let counts: Counts = pairs.iter().map(|(&key, &value)| (key, value)).collect();
        for key in Key::ALL {
            prop_assert_eq!(counts.get(key), pairs.get(&key).copied());
            prop_assert_eq!(counts.or_zero(key), pairs.get(&key).copied().unwrap_or(0));
        }
        prop_assert!(counts.iter().eq(pairs));
    }
}
