//! Tests of seeds: the forms in which people write them, and the form in which they are printed.

use rstest::rstest;

use super::run::{check_in, check_line, folder};

const HASH: &str = "00000000000051ed00000000000000000000aaaa";

#[rstest]
#[case::decimal("7", 7)]
#[case::zero("0", 0)]
#[case::hexadecimal("0x51ed", 0x51ed)]
#[case::the_largest("18446744073709551615", u64::MAX)]
#[case::the_largest_in_hexadecimal("0xffffffffffffffff", u64::MAX)]
#[case::a_git_hash(HASH, 0x51ed)]
#[case::a_git_hash_of_high_digits("ffffffffffffffff0000000000000000000000ab", u64::MAX)]
fn a_seed_is_read_and_printed(#[case] written: &str, #[case] seed: u64) {
    let check = check_line(&format!("check restore/duplicate-ids --seeds 2 --seed {written}"));
    assert_eq!(check.code, 0, "{check:?}");
    assert!(check.stdout.contains(&format!("2 simulations from seed {seed},")), "{}", check.stdout);
    let json = check_line(&format!("check restore/duplicate-ids --seeds 2 --seed {written} --format json"));
    assert_eq!(json.json()["seed"], seed.to_string());
    let replay = check_line(&format!("replay restore/duplicate-ids --seed {written}"));
    assert_eq!(replay.code, 0, "{replay:?}");
    assert!(replay.stdout.contains(&format!("  seed      {seed} ({seed:#x})\n")), "{}", replay.stdout);
    assert!(replay.stdout.contains(&format!("--seed {seed}\n")), "{}", replay.stdout);
}

#[test]
fn the_same_seed_written_differently_gives_the_same_simulation() {
    let simulations = ["20973", "0x51ed", "0x51ED", HASH]
        .map(|seed| check_line(&format!("check restore/delivered-twice --seeds 8 --format json --seed {seed}")).stdout);
    assert!(simulations.iter().all(|simulation| *simulation == simulations[0]));
    let other = check_line("check restore/delivered-twice --seeds 8 --format json --seed 20974").stdout;
    assert_ne!(other, simulations[0], "a different seed gave the same simulations");
}

/// What a seed does depends on what is simulated, not on the file that states it.
#[test]
fn a_copied_renamed_and_retitled_scenario_gives_the_same_simulations() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/restore/delivered-twice.json");
    let text = std::fs::read_to_string(file).expect("the scenario exists");
    let edit = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let same = [
        edit("A set that is delivered twice", "Any set that is delivered twice"),
        edit("\"COUNT-14\", ", ""),
        edit("\"skipped\": 1}", "\"skipped\": [1, 2]}"),
        edit("\"format\": 1,", "\"format\": 1, \"exhaust_limits\": false,"),
        edit("\"name\": \"restore\"", "\"name\": \"other\"").replace("    \"restore\": {", "    \"other\": {"),
    ];
    let other = [edit("\"reorder\": 4", "\"reorder\": 4, \"stall\": 1"), edit("\"max\": 3", "\"max\": 2")];
    let hash = |report: &serde_json::Value| report["scenarios"][0]["hash"].as_str().expect("a hash").to_owned();
    let original = hash(&check_line("check restore/delivered-twice --seeds 8 --no-explore --format json").json());
    let of = |text: &str| {
        let folder = folder(&[("moved.json", text.as_bytes())]);
        hash(&check_in(folder.path(), "check moved --seeds 8 --no-explore --format json").json())
    };
    for text in same.iter().chain([&text]) {
        assert_eq!(of(text), original, "{text}");
    }
    for text in &other {
        assert_ne!(of(text), original, "{text}");
    }
}

#[rstest]
#[case::a_word("x")]
#[case::nothing_after_0x("0x")]
#[case::too_many_digits("0x10000000000000000")]
#[case::too_large("18446744073709551616")]
#[case::negative("-1")]
#[case::a_sign("+1")]
#[case::a_fraction("1.5")]
#[case::a_short_hash("deadbeef")]
#[case::a_hash_of_39_digits("a00000000000000000000000000000000000000")]
#[case::a_hash_with_an_invalid_letter("g00000000000000000000000000000000000000a")]
#[case::nothing("")]
fn an_invalid_seed_is_a_usage_error_with_an_example(#[case] written: &str) {
    for command in ["check", "replay restore/duplicate-ids"] {
        let run = check_line(&format!("{command} --seed={written}"));
        assert_eq!(run.code, 64, "{run:?}");
        assert!(run.stderr.contains("--seed"), "{}", run.stderr);
        assert_eq!(run.stdout, "");
    }
    if !written.is_empty() {
        assert!(check_line(&format!("check --seed={written}")).stderr.contains("a git hash of 40 digits"));
    }
}
