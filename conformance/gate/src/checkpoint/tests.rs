//! A checkpoint is read back as it was written, and any other text is rejected.

use rstest::rstest;
use truecount_engine::family::FamilyId;
use truecount_sim::fault::Fault;

use super::*;
use crate::sums::{Named, ScenarioResult};
use truecount_contract::clause::Clause;
use truecount_contract::coverage::{Cell, Path};
use truecount_contract::sometimes::Sometimes;

fn identity() -> Identity {
    Identity {
        program: "0.1.0".to_owned(),
        executable: "aa".to_owned(),
        seed: u64::MAX,
        rule: "70 seeds".to_owned(),
        mutant: "none".to_owned(),
        audit: false,
    }
}

fn scenarios() -> Vec<Known> {
    let known = |id: &str| Known {
        id: id.to_owned(),
        simulated: format!("of {id}"),
        expected: format!("expected of {id}"),
        faults: Fault::ALL[..4].iter().copied().collect(),
    };
    ["a/one", "a/two"].map(known).to_vec()
}

/// Returns the sums of two rounds. The first scenario has failures and hits, and the second has three seeds.
fn swept() -> Swept {
    let mut first = ScenarioResult {
        seeds: 64,
        failures: 2,
        first: Some(u64::MAX),
        hash: 0xfeed_beef_dead_0001,
        steps: 707,
        events: 909,
        states: [1, 77, 1 << 21].into_iter().collect(),
        ..ScenarioResult::default()
    };
    first.exercised = [Clause::COUNT_06, Clause::KEYS_01].into_iter().collect();
    first.injected = [Fault::ALL[0], Fault::ALL[2]].into_iter().collect();
    first.first_violated.insert(Clause::COUNT_06, u64::MAX);
    first.named.insert(Clause::COUNT_06, Named { failures: 2, violated: first.first_violated.clone() });
    first.reach(Sometimes::ALL[0], 3);
    first.reach(Sometimes::ALL[Sometimes::ALL.len() - 1], 4);
    for (path, column, seed) in [(0, None, 5), (1, Some(Fault::ALL[2]), 2), (1, None, 9)] {
        first.cells.insert(Cell { family: FamilyId::ALL[1], path: Path::all()[path], column }, seed);
    }
    let second = ScenarioResult { seeds: 3, steps: 3, events: 3, ..ScenarioResult::default() };
    Swept { rounds: 2, quiet: 1, results: vec![first, second], ..Swept::nothing(0) }
}

const SHARES: [Share; 2] = [Share { seeds: 70, chunk: 32 }, Share { seeds: 3, chunk: 1 }];

fn parse(text: &str) -> Result<Swept, Problem> {
    parse_for(text, &scenarios())
}

fn parse_for(text: &str, scenarios: &[Known]) -> Result<Swept, Problem> {
    read("p.json", text, Check { identity: &identity(), scenarios, shares: &SHARES[..scenarios.len()] })
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
#[case::another_engine("\"executable\":\"aa\"", "\"executable\":\"ab\"", "other-program")]
#[case::another_seed("\"seed\":18446744073709551615", "\"seed\":0", "other-settings")]
#[case::other_seeds("70 seeds", "71 seeds", "other-settings")]
#[case::another_mutant("\"mutant\":\"none\"", "\"mutant\":\"M01\"", "other-settings")]
#[case::audited("\"audit\":false", "\"audit\":true", "other-settings")]
#[case::another_id("\"id\":\"a/two\"", "\"id\":\"a/three\"", "digest-differs")]
#[case::a_scenario_that_changed("\"of a/two", "\"of a/2", "digest-differs")]
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

type Change = fn(&mut Known);

/// A title, a file and a folder do not identify a scenario, and neither does its position.
#[test]
fn scenarios_are_identified_by_what_they_simulate_and_expect() {
    let text = text(&identity(), &scenarios(), &swept());
    let renamed: Vec<Known> =
        scenarios().into_iter().map(|known| Known { id: format!("b/{}", known.id), ..known }).collect();
    assert_eq!(parse_for(&text, &renamed), Ok(swept()));
    let reversed: Vec<Known> = scenarios().into_iter().rev().collect();
    let check = Check { identity: &identity(), scenarios: &reversed, shares: &[SHARES[1], SHARES[0]] };
    let results: Vec<ScenarioResult> = swept().results.into_iter().rev().collect();
    assert_eq!(read("p.json", &text, check).map(|swept| swept.results), Ok(results));
    let changes: [(Change, &str); 3] = [
        (|known| known.simulated = "other".to_owned(), "what `a/two` simulates has changed"),
        (|known| known.expected = "other".to_owned(), "the expectations of `a/two` have changed"),
        (
            |known| {
                *known =
                    Known { id: "c".to_owned(), simulated: "other".into(), expected: "other".into(), ..known.clone() }
            },
            "the file has no scenario `c`",
        ),
    ];
    for (change, message) in changes {
        let mut other = scenarios();
        change(&mut other[1]);
        let problem = parse_for(&text, &other).expect_err(message);
        assert!(problem.rule == "other-scenarios" && problem.message.contains(message), "{problem}");
        assert_eq!(problem.help.as_deref(), Some(NEW));
    }
}

/// A valid file whose sums no check could have written, for example because a seed were lost or simulated twice.
#[rstest]
#[case::a_seed_lost(|swept: &mut Swept| swept.results[0].seeds = 63, "`seeds` is 63, but 2 rounds have 64 seeds")]
#[case::a_seed_twice(|swept: &mut Swept| swept.results[0].seeds = 65, "`seeds` is 65, but 2 rounds have 64 seeds")]
#[case::too_many_rounds(|swept: &mut Swept| swept.rounds = 4, "the check needs only 3")]
#[case::endless_rounds(|swept: &mut Swept| swept.rounds = u64::MAX, "the check needs only 3")]
#[case::stable_for_too_long(|swept: &mut Swept| swept.quiet = 3, "`quiet` is 3")]
#[case::stable_from_the_start(|swept: &mut Swept| swept.quiet = 2, "`quiet` is 2")]
#[case::too_many_failures(|swept: &mut Swept| swept.results[0].failures = 65, "`failures` is 65")]
#[case::failures_without_a_seed(|swept: &mut Swept| swept.results[0].first = None, "contradict each other")]
#[case::a_seed_without_failures(|swept: &mut Swept| swept.results[0].failures = 0, "contradict each other")]
#[case::a_failure_without_a_clause(|swept: &mut Swept| swept.results[0].first_violated.clear(), "contradict each other")]
#[case::another_first_failure(|swept: &mut Swept| swept.results[0].first = Some(4), "contradict each other")]
#[case::more_failing_seeds_than_failures(
    |swept: &mut Swept| {
        swept.results[0].failures = 1;
        swept.results[0].first_violated.insert(Clause::LIFE_07, 3);
    },
    "contradict each other"
)]
#[case::failures_without_a_name(|swept: &mut Swept| swept.results[0].named.clear(), "and `named` contradict each other")]
#[case::another_name(
    |swept: &mut Swept| {
        let named = swept.results[0].named.remove(&Clause::COUNT_06).unwrap_or_default();
        swept.results[0].named.insert(Clause::LIFE_07, named);
    },
    "and `named` contradict each other"
)]
#[case::too_few_steps(|swept: &mut Swept| swept.results[0].steps = 63, "`steps` and `events` are 63")]
#[case::too_few_events(|swept: &mut Swept| swept.results[0].events = 0, "`steps` and `events` are 707 and 0")]
#[case::steps_that_overflow(|swept: &mut Swept| swept.results.iter_mut().for_each(|result| result.steps = u64::MAX), "larger than")]
#[case::events_that_overflow(|swept: &mut Swept| swept.results[1].events = u64::MAX, "larger than")]
#[case::a_fault_that_is_not_allowed(|swept: &mut Swept| swept.results[1].injected.insert(Fault::ALL[4]), "which the scenario does not allow")]
#[case::a_cell_of_no_fault(|swept: &mut Swept| swept.results[0].injected = FaultSet::default(), "but `injected` does not")]
#[case::a_seed_that_was_not_simulated(|swept: &mut Swept| swept.results[0].reach(Sometimes::ALL[0], 63), "the seed 63 is listed")]
fn implausible_sums_are_rejected(#[case] change: fn(&mut Swept), #[case] message: &str) {
    let mut wrong = swept();
    change(&mut wrong);
    let problem = parse(&text(&identity(), &scenarios(), &wrong)).expect_err(message);
    assert_eq!((problem.rule, problem.help.as_deref()), ("implausible-sums", Some(NEW)), "{problem}");
    assert!(problem.message.contains(message), "{problem}");
}

/// An open-ended check has no number of seeds, but no check simulates for years.
#[test]
fn an_open_ended_check_has_a_plausible_number_of_rounds() {
    let mut endless = swept();
    (endless.rounds, endless.quiet) = (1 << 59, 0);
    for result in &mut endless.results {
        (result.seeds, result.steps, result.events) = (u64::MAX, u64::MAX, u64::MAX);
    }
    let check =
        Check { identity: &identity(), scenarios: &scenarios(), shares: &[Share { seeds: u64::MAX, chunk: 32 }; 2] };
    let problem = read("p.json", &text(&identity(), &scenarios(), &endless), check).expect_err("years of rounds");
    assert_eq!(problem.rule, "implausible-sums", "{problem}");
}

/// Returns the sums of one round, and of tasks beyond it.
fn unfinished() -> Swept {
    let of = |seeds| ScenarioResult { seeds, steps: 2 * seeds, events: 3 * seeds, ..ScenarioResult::default() };
    let mut swept = Swept { rounds: 1, results: vec![of(32), of(3)], ..Swept::nothing(0) };
    let mut failing = of(6);
    (failing.failures, failing.first) = (1, Some(u64::MAX.wrapping_add(66)));
    failing.first_violated.insert(Clause::COUNT_06, u64::MAX.wrapping_add(66));
    let named = Named { failures: 1, violated: failing.first_violated.clone() };
    failing.named.insert(Clause::COUNT_06, named);
    swept.parts.insert(Part { round: 2, place: 0, start: 64 }, failing);
    swept
}

#[test]
fn completed_tasks_of_an_unfinished_round_are_read_back() {
    let text = text(&identity(), &scenarios(), &unfinished());
    assert_eq!(parse(&text), Ok(unfinished()));
    let reversed: Vec<Known> = scenarios().into_iter().rev().collect();
    let check = Check { identity: &identity(), scenarios: &reversed, shares: &[SHARES[1], SHARES[0]] };
    let parts = read("p.json", &text, check).expect("the order does not matter").parts;
    assert_eq!(parts.keys().map(|part| part.place).collect::<Vec<_>>(), [1]);
}

/// Moves the sums of the only part to another task.
fn moved(swept: &mut Swept, place: usize, start: u64) {
    let (_, sums) = swept.parts.pop_first().expect("a part");
    swept.parts.insert(Part { round: start / ROUND, place, start }, sums);
}

#[rstest]
#[case::of_a_completed_round(|swept: &mut Swept| moved(swept, 0, 0), "no task of `a/one` simulates 6 seeds from 0")]
#[case::between_two_tasks(|swept: &mut Swept| moved(swept, 0, 65), "no task of `a/one` simulates 6 seeds from 65")]
#[case::beyond_the_seeds(|swept: &mut Swept| moved(swept, 0, 96), "no task of `a/one` simulates 6 seeds from 96")]
#[case::of_another_scenario(|swept: &mut Swept| moved(swept, 1, 64), "no task of `a/two` simulates 6 seeds from 64")]
#[case::a_seed_of_another_task(
    |swept: &mut Swept| {
        let part = swept.parts.values_mut().next().expect("a part");
        (part.first, part.first_violated) = (Some(3), [(Clause::COUNT_06, 3)].into_iter().collect());
        part.named = [(Clause::COUNT_06, Named { failures: 1, violated: part.first_violated.clone() })].into();
    },
    "the seed 3 is listed"
)]
fn implausible_parts_are_rejected(#[case] change: fn(&mut Swept), #[case] message: &str) {
    let mut wrong = unfinished();
    change(&mut wrong);
    let problem = parse(&text(&identity(), &scenarios(), &wrong)).expect_err(message);
    assert_eq!(problem.rule, "implausible-sums", "{problem}");
    assert!(problem.message.contains(message), "{problem}");
}

#[test]
fn a_scenario_is_not_a_checkpoint() {
    let scenario = "{\n  \"format\": 1,\n  \"title\": \"A set\",\n  \"expect\": {}\n}";
    let problem = parse(scenario).expect_err("a scenario");
    assert_eq!((problem.rule, &*problem.message), ("no-checkpoint", "this is a scenario, not a checkpoint file"));
    assert!(problem.help.is_some_and(|help| help.contains("--resume")));
}

#[test]
fn a_file_with_more_or_fewer_scenarios_is_rejected() {
    let both = text(&identity(), &scenarios(), &swept());
    let problem = parse_for(&both, &scenarios()[..1]).expect_err("one more");
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
#[case::a_long_key(format!("{{\"format\": \"{FORMAT}\",\n\"{}\": 1}}", "x".repeat(1 << 20)), "no-checkpoint", (2, 1_048_578))]
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
