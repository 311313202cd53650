//! Any bytes in a file are read, or refused for a reason: nothing panics, hangs or grows without bound.
//!
//! Good files and bad ones are damaged as editors, merges and people do it; texts are drawn from tokens; files are
//! built that cost a careless reader most. Everything is drawn from one seed, so that a failure can be repeated:
//! `PROPTEST_CASES=200000 PROPTEST_RNG_SEED=7` draws more and others. `fuzz/` searches for what no such list has.

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

/// How many of each kind are drawn, unless the environment overrides it.
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
    fn damaged_files_are_read_or_refused(file in any::<Index>(), damages in prop::collection::vec(damage(), 1..5)) {
        let mut bytes = file.get(&FILES).clone();
        for damage in damages {
            damage.apply(&mut bytes);
        }
        holds::scenario(&bytes);
        holds::json(&bytes);
    }

    #[test]
    fn bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds::scenario(&bytes);
        holds::json(&bytes);
    }

    #[test]
    fn characters_are_read_or_refused(text in any::<String>(), quotes in any::<bool>()) {
        let text = if quotes { format!("{{\"format\": 1, \"title\": \"{text}\", \"{text}\": 0}}") } else { text };
        holds::scenario(text.as_bytes());
        holds::json(text.as_bytes());
    }

    #[test]
    fn tokens_are_read_or_refused(text in soup::soup()) {
        holds::scenario(text.as_bytes());
        holds::json(text.as_bytes());
    }

    #[test]
    fn scenarios_that_say_anything_are_read_or_refused(text in shaped::shaped()) {
        holds::scenario(text.as_bytes());
        holds::json(text.as_bytes());
    }
}

#[test]
fn every_file_holds_as_it_is() {
    assert!(FILES.len() > 120, "{} files", FILES.len());
    for file in FILES.iter() {
        holds::scenario(file);
        holds::json(file);
    }
}

/// If all files failed at the first check, nothing behind it would be tested.
#[test]
fn damage_leaves_good_files_and_violates_many_rules() {
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
    assert!(accepted > 0 && rules.len() > 25, "{accepted} accepted, the others refused by {rules:?}");
}

/// With the limit on bytes this bounds the memory of a tree: `0,` is the least that an element takes in a file.
#[test]
fn a_part_of_a_tree_is_small() {
    assert!(size_of::<Node>() <= 40, "{} bytes an element", size_of::<Node>());
    assert!(size_of::<Member>() <= 72, "{} bytes a member", size_of::<Member>());
}

/// No clock is read: a step that is quadratic in the file shows as minutes instead of seconds.
#[test]
fn hostile_files_are_refused_within_the_limits() {
    for (what, file) in hostile::files() {
        assert!(file.len() <= hostile::BYTES, "{what}: refused for its length alone");
        let problems = truecount_scenario::parse("a.json", "a", file.as_bytes()).expect_err(what);
        assert!(!problems.is_empty() && problems.len() <= 257, "{what}: {} problems", problems.len());
        let length: usize = problems.iter().map(|problem| problem.to_string().len()).sum();
        assert!(length < 257 * 1_000, "{what}: reported in {length} bytes");
    }
}

#[test]
fn the_last_byte_and_the_last_level_are_admitted_and_no_more() {
    let at = |length: usize| format!("[{}]", " ".repeat(length - 2));
    assert!(Document::parse("a.json", at(hostile::BYTES), &Limits::SCENARIO).is_ok());
    let problems =
        truecount_scenario::parse("a.json", "a", at(hostile::BYTES + 1).as_bytes()).expect_err("a byte too many");
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
        let problems = Document::parse("a.json", nested(hostile::LEVELS + 1), &Limits::SCENARIO).expect_err("a level");
        assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["json-depth"]);
    }
}
