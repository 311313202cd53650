//! Any bytes are either read or rejected with a reason. The readers never panic, hang or use unbounded memory.
//!
//! Valid and invalid files are damaged as editors, merges and people damage them. Other texts are drawn from tokens, or
//! built to be as expensive as possible for a careless reader. Everything is drawn from one seed, so that a failure can
//! be reproduced. `PROPTEST_CASES=200000 PROPTEST_RNG_SEED=7` draws more cases from a different seed. The targets in
//! `fuzz/` search for further inputs with libFuzzer.

mod damage;
mod holds;
mod hostile;
mod shaped;
mod soup;

use std::collections::BTreeSet;
use std::env;

use insta::assert_snapshot;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use truecount_json::{Document, Limits, Member, Node};

use damage::{FILES, damage};

/// The number of cases of each kind, unless the environment overrides it.
const CASES: u32 = 700;
/// The seed, unless the environment overrides it.
const SEED: u64 = 1;

fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    let cases = env::var("PROPTEST_CASES").map_or(CASES, |_| given.cases);
    let rng_seed = match given.rng_seed {
        RngSeed::Random => RngSeed::Fixed(SEED),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..given }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn damaged_files_are_read_or_rejected(file in any::<Index>(), damages in prop::collection::vec(damage(), 1..5)) {
        let mut bytes = file.get(&FILES).clone();
        for damage in damages {
            damage.apply(&mut bytes);
        }
        holds::scenario(&bytes);
        holds::json(&bytes);
    }

    #[test]
    fn bytes_are_read_or_rejected(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds::scenario(&bytes);
        holds::json(&bytes);
    }

    #[test]
    fn characters_are_read_or_rejected(text in any::<String>(), quotes in any::<bool>()) {
        let text = if quotes { format!("{{\"format\": 1, \"title\": \"{text}\", \"{text}\": 0}}") } else { text };
        holds::scenario(text.as_bytes());
        holds::json(text.as_bytes());
    }

    #[test]
    fn tokens_are_read_or_rejected(text in soup::soup()) {
        holds::scenario(text.as_bytes());
        holds::json(text.as_bytes());
    }

    #[test]
    fn scenarios_with_any_values_are_read_or_rejected(text in shaped::shaped()) {
        holds::scenario(text.as_bytes());
        holds::json(text.as_bytes());
    }
}

#[test]
fn every_undamaged_file_passes_the_checks() {
    assert!(FILES.len() > 120, "{} files", FILES.len());
    for file in FILES.iter() {
        holds::scenario(file);
        holds::json(file);
    }
}

/// If all files failed at the first check, the later checks would not be tested.
#[test]
fn damaged_files_violate_many_rules_and_some_stay_valid() {
    let damaged = (any::<Index>(), damage()).prop_map(|(file, damage)| {
        let mut bytes = file.get(&FILES).clone();
        damage.apply(&mut bytes);
        bytes
    });
    let (mut runner, mut accepted, mut rules) = (TestRunner::new(config()), 0, BTreeSet::new());
    for _ in 0..CASES {
        let bytes = damaged.new_tree(&mut runner).expect("nothing is filtered out").current();
        match truecount_scenario::parse("a.json", "a", &bytes) {
            Ok(_) => accepted += 1,
            Err(problems) => rules.extend(problems.iter().map(|problem| problem.rule)),
        }
    }
    assert!(accepted > 0 && rules.len() > 25, "accepted files: {accepted}; violated rules: {rules:?}");
}

/// The size of a node and the limit on bytes together bound the memory of a tree. An element takes at least two bytes
/// in a file, as in `0,`.
#[test]
fn the_nodes_of_a_tree_are_small() {
    assert!(size_of::<Node>() <= 40, "{} bytes per element", size_of::<Node>());
    assert!(size_of::<Member>() <= 72, "{} bytes per member", size_of::<Member>());
}

/// The test has no time limit, but a reader that is quadratic in the size of the file would take minutes instead of
/// seconds.
#[test]
fn hostile_files_are_rejected_within_the_limits() {
    for (what, file) in hostile::files() {
        assert!(file.len() <= hostile::BYTES, "{what}: the file is too long");
        let problems = truecount_scenario::parse("a.json", "a", file.as_bytes()).expect_err(what);
        assert!(!problems.is_empty() && problems.len() <= 257, "{what}: {} problems", problems.len());
        let length: usize = problems.iter().map(|problem| problem.to_string().len()).sum();
        assert!(length < 257 * 1_000, "{what}: the report has {length} bytes");
    }
}

#[test]
fn limits_on_size_and_depth_are_inclusive() {
    let at = |length: usize| format!("[{}]", " ".repeat(length - 2));
    assert!(Document::parse("a.json", at(hostile::BYTES), &Limits::SCENARIO).is_ok());
    let problems =
        truecount_scenario::parse("a.json", "a", at(hostile::BYTES + 1).as_bytes()).expect_err("one byte too many");
    assert_snapshot!(problems[0], @r"
    error[file-too-large]: the file is longer than 1048576 bytes
    --> a.json
     |
     = expected: at most 1048576 bytes
     = help: write many objects as a range, such as `set-{1..256}`
    ");
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(Document::parse("a.json", nested(hostile::LEVELS), &Limits::SCENARIO).is_ok());
        let problems =
            Document::parse("a.json", nested(hostile::LEVELS + 1), &Limits::SCENARIO).expect_err("one level too many");
        assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["json-depth"]);
    }
}
