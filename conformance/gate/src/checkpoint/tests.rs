//! A checkpoint is read back as it was written, and any other text is rejected.

use rstest::rstest;
use truecount_engine::family::FamilyId;
use truecount_sim::fault::Fault;

use super::*;
use crate::sums::ScenarioResult;
use truecount_contract::clause::Clause;
use truecount_contract::coverage::{Cell, Path};
use truecount_contract::sometimes::Sometimes;

fn identity() -> Identity {
    Identity {
        program: "0.1.0".to_owned(),
        simulations: "aa".to_owned(),
        seed: u64::MAX,
        rule: "70 seeds".to_owned(),
        mutant: "none".to_owned(),
        audit: false,
    }
}

fn scenarios() -> Vec<Known> {
    ["a/one", "a/two"].map(|id| Known { id: id.to_owned(), sha256: format!("of {id}") }).to_vec()
}

/// Returns the sums of two rounds. The first scenario has failures and hits, and the second has three seeds.
fn swept() -> Swept {
    let mut first = ScenarioResult {
        seeds: 64,
        failures: 2,
        first: Some(u64::MAX),
        hash: 0xfeed_beef_dead_0001,
        steps: 7,
        events: 9,
        states: [1, 77, 1 << 21].into_iter().collect(),
        ..ScenarioResult::default()
    };
    first.exercised = [Clause::COUNT_06, Clause::KEYS_01].into_iter().collect();
    first.first_violated.insert(Clause::COUNT_06, u64::MAX);
    first.reach(Sometimes::ALL[0], 3);
    first.reach(Sometimes::ALL[Sometimes::ALL.len() - 1], 4);
    for (path, column, seed) in [(0, None, 5), (1, Some(Fault::ALL[2]), 2), (1, None, 9)] {
        first.cells.insert(Cell { family: FamilyId::ALL[1], path: Path::all()[path], column }, seed);
    }
    let second = ScenarioResult { seeds: 3, ..ScenarioResult::default() };
    Swept { rounds: 2, quiet: 1, results: vec![first, second], ..Swept::nothing(0) }
}

fn simulated(place: usize, rounds: u64) -> u64 {
    if place == 0 { rounds * 32 } else { 3 }
}

fn parse(text: &str) -> Result<Swept, Problem> {
    read("p.json", text, &identity(), &scenarios(), simulated)
}

#[test]
fn a_checkpoint_is_read_back_as_written() {
    let text = text(&identity(), &scenarios(), &swept());
    assert_eq!(parse(&text), Ok(swept()));
    assert_eq!(super::text(&identity(), &scenarios(), &parse(&text).expect("a good file")), text);
}

#[rstest]
#[case::malformed("\"rounds\":2", "\"rounds\":two", "json-syntax")]
#[case::another_format("truecount-progress/1", "truecount-progress/2", "unknown-format")]
#[case::an_unknown_key("\"quiet\"", "\"quite\"", "no-checkpoint")]
#[case::another_type("\"rounds\":2", "\"rounds\":\"2\"", "no-checkpoint")]
#[case::another_version("\"program\":\"0.1.0\"", "\"program\":\"0.0.9\"", "other-program")]
#[case::another_engine("\"simulations\":\"aa\"", "\"simulations\":\"ab\"", "other-program")]
#[case::another_seed("\"seed\":18446744073709551615", "\"seed\":0", "other-settings")]
#[case::other_seeds("70 seeds", "71 seeds", "other-settings")]
#[case::another_mutant("\"mutant\":\"none\"", "\"mutant\":\"M01\"", "other-settings")]
#[case::audited("\"audit\":false", "\"audit\":true", "other-settings")]
#[case::another_scenario("\"id\":\"a/two\"", "\"id\":\"a/three\"", "other-scenarios")]
#[case::a_scenario_that_changed("of a/two", "of a/2", "other-scenarios")]
#[case::an_extra_seed("\"seeds\":64", "\"seeds\":65", "digest-differs")]
#[case::one_failure_fewer("\"failures\":2", "\"failures\":1", "digest-differs")]
#[case::one_round_fewer("\"rounds\":2", "\"rounds\":1", "digest-differs")]
fn changed_files_are_rejected_with_position_and_help(#[case] from: &str, #[case] to: &str, #[case] rule: &str) {
    let text = text(&identity(), &scenarios(), &swept());
    assert!(text.contains(from), "{from} is not in {text}");
    let problem = parse(&text.replacen(from, to, 1)).expect_err("a file that was changed");
    assert_eq!(problem.rule, rule, "{problem}");
    let is_damaged = ["json-syntax", "no-checkpoint"].contains(&rule);
    assert_eq!(problem.line().is_some(), is_damaged, "{problem}");
    assert_eq!(problem.help.as_deref(), Some(if is_damaged { DAMAGED } else { NEW }), "{problem}");
}

/// A valid file with inconsistent sums, as if a seed were lost or simulated twice.
#[rstest]
#[case::lost(63)]
#[case::twice(65)]
fn sums_that_contradict_the_rounds_are_rejected(#[case] seeds: u64) {
    let mut wrong = swept();
    wrong.results[0].seeds = seeds;
    let problem = parse(&text(&identity(), &scenarios(), &wrong)).expect_err("sums of other rounds");
    assert_eq!(
        (problem.rule, problem.expected.as_deref()),
        ("seeds-against-rounds", Some("`seeds` to be 64")),
        "{problem}"
    );
}

#[test]
fn a_file_with_more_or_fewer_scenarios_is_rejected() {
    let both = text(&identity(), &scenarios(), &swept());
    let problem = read("p.json", &both, &identity(), &scenarios()[..1], simulated).expect_err("one more");
    assert!(problem.message.contains("a scenario that this check does not have, `a/two`"), "{problem}");
    let one = text(&identity(), &scenarios()[..1], &swept());
    let problem = parse(&one).expect_err("one fewer");
    assert!(problem.message.contains("no scenario `a/two`"), "{problem}");
}

#[test]
fn truncated_files_are_rejected() {
    let text = text(&identity(), &scenarios(), &swept());
    for length in 0..text.trim_end().len() {
        assert!(parse(&text[..length]).is_err(), "cut to {length} bytes");
    }
}

#[test]
fn damaged_files_are_rejected_or_keep_their_meaning() {
    let text = text(&identity(), &scenarios(), &swept());
    for at in 0..text.len() {
        for damage in ["", "\"", "{", "]", ",", ":", "-", ".5", "e9", "0", "\\", "\u{0}", "\u{1b}", "\u{e9}", " ", "\n"]
        {
            let damaged = [&text[..at], damage, &text[at + 1..]].concat();
            if let Ok(read) = parse(&damaged) {
                assert_eq!(read, swept(), "{damaged}");
            }
        }
    }
}

/// Quoted parts of a file are short, and deep nesting does not overflow the stack.
#[rstest]
#[case::cut_off("{\"format\": \"truecount-progress/1\",\n".to_owned(), "json-syntax", (2, 1))]
#[case::deep("[".repeat(1 << 20), "no-checkpoint", (1, 1))]
#[case::deep_under_an_unknown_key("{\"x\":".repeat(1 << 20), "no-checkpoint", (1, 4))]
#[case::a_long_key(format!("{{\n\"{}\": 1}}", "x".repeat(1 << 20)), "no-checkpoint", (2, 1_048_578))]
#[case::an_array("[]".to_owned(), "no-checkpoint", (1, 2))]
fn other_files_are_rejected_with_a_short_message_and_position(
    #[case] text: String,
    #[case] rule: &str,
    #[case] place: (u32, u32),
) {
    let problem = parse(&text).expect_err("not a checkpoint");
    let found = (problem.line().unwrap_or(0), problem.column().unwrap_or(0));
    assert_eq!((problem.rule, found), (rule, place), "{problem}");
    assert!(problem.to_string().len() < 800, "{problem}");
}
