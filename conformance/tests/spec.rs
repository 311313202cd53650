//! The contract, the vectors and the engine, held against each other: no clause of kind V without cases, no id twice,
//! no case failed, and what cannot be judged yet is known by name.
//!
//! Knows no single case: what each is after stands in its title.

use std::collections::{BTreeMap, BTreeSet};

use truecount::clause::{Clause, ClauseSet, Kind};
use truecount::contract::{prose, resolutions};
use truecount::vectors::{Case, Verdict, judge};

/// Fewer cases than this cannot hold the middle and both edges of a clause.
const CASES_MIN: usize = 3;

fn cases() -> Vec<Case> {
    judge().unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn each_clause_of_kind_v_is_named_by_cases_that_were_judged() {
    let mut judged: BTreeMap<Clause, usize> = BTreeMap::new();
    for case in cases().iter().filter(|case| !matches!(case.verdict, Verdict::NotEvaluable(_))) {
        for clause in &case.clauses {
            *judged.entry(*clause).or_default() += 1;
        }
    }
    let wanting: Vec<(Clause, usize)> = Clause::ALL
        .iter()
        .filter(|clause| clause.kinds().contains(&Kind::V))
        .map(|clause| (*clause, judged.get(clause).copied().unwrap_or(0)))
        .filter(|(_, cases)| *cases < CASES_MIN)
        .collect();
    assert_eq!(wanting, [], "write cases for these under conformance/vectors/");
}

#[test]
fn each_case_has_its_own_id_and_its_own_title() {
    let cases = cases();
    let ids: BTreeSet<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "an id that stands twice");
    let titles: BTreeSet<&str> = cases.iter().map(|case| case.title.as_str()).collect();
    assert_eq!(titles.len(), cases.len(), "a title that stands twice says nothing of at least one of its cases");
}

#[test]
fn no_case_fails() {
    let failed: Vec<Case> = cases().into_iter().filter(|case| matches!(case.verdict, Verdict::Failed { .. })).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

/// A case that cannot be judged must not pass for one that was. Our engine runs every family, so it leaves none open.
#[test]
fn our_engine_leaves_no_case_open() {
    for case in cases() {
        assert!(!matches!(case.verdict, Verdict::NotEvaluable(_)), "{}: {:?}", case.id, case.verdict);
    }
}

/// The contract with its sections and tables is for people; what the program reads is `requirements.json`. A clause that
/// is written in one and not, word for word, in the other is a clause that nobody can rely on.
#[test]
fn the_contract_for_people_and_the_one_for_programs_say_the_same() {
    let rows: Vec<[&str; 4]> = CONTRACT.lines().filter_map(clause_row).collect();
    assert_eq!(rows.len(), Clause::ALL.len());
    for (clause, [id, kinds, text, from]) in Clause::ALL.iter().zip(rows) {
        assert_eq!((clause.id(), clause.text()), (id, text));
        let letters: Vec<String> = clause.kinds().iter().map(|kind| format!("{kind:?}")).collect();
        assert_eq!((letters.concat().as_str(), clause.origin().join(" ").as_str()), (kinds, from), "{id}");
    }
}

/// Returns id, kinds, text and origin of a line that is a row of a table of clauses.
fn clause_row(line: &str) -> Option<[&str; 4]> {
    let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
    let [id, kinds, text, from] = cells.try_into().ok()?;
    let (group, number) = id.split_once('-')?;
    let is_id = group.bytes().all(|byte| byte.is_ascii_uppercase()) && number.bytes().all(|byte| byte.is_ascii_digit());
    is_id.then_some([id, kinds, text, from])
}

const CONTRACT: &str = include_str!("../spec/contract.md");

/// Returns a section of the contract, without its heading.
fn section(number: usize) -> &'static str {
    let head = format!("\n## {number}. ");
    let rest = CONTRACT.split(&head).nth(1).unwrap_or_else(|| panic!("the contract has no section {number}"));
    let rest = rest.split("\n## ").next().unwrap_or_default();
    rest.split_once('\n').unwrap_or_default().1
}

/// Returns the cells of a table's rows, without its head.
fn rows<'a>(text: &'a str, head: &str) -> Vec<Vec<&'a str>> {
    let lines =
        text.lines().skip_while(|line| !line.starts_with(head)).skip(2).take_while(|line| line.starts_with('|'));
    lines.map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect()).collect()
}

/// Returns the paragraphs of a text, each on one line.
fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_words_of_both_contracts_are_the_same() {
    let words: Vec<Vec<&str>> = prose::words().iter().map(|word| vec![&*word.word, &*word.meaning]).collect();
    assert_eq!(words, rows(section(1), "| word |"));
    assert!(!words.is_empty());
}

#[test]
fn the_groups_of_both_contracts_are_the_same_in_title_and_note() {
    for (place, group) in prose::groups().iter().enumerate() {
        let head = format!("\n## {}. {} – {}\n", place + 3, group.id, group.title);
        assert!(CONTRACT.contains(&head), "{head}");
        let before = section(place + 3).split("| id |").next().unwrap_or_default();
        assert_eq!(group.note, paragraphs(before).concat(), "{}", group.id);
    }
}

#[test]
fn the_resolutions_of_both_contracts_mean_the_same() {
    let said = rows(section(2), "| what the world says");
    let mut means: Vec<&str> = resolutions().iter().map(|row| &*row.means).collect();
    means.dedup();
    assert_eq!(means, said.iter().map(|row| row[0]).collect::<Vec<_>>());
    for row in resolutions() {
        let of = said.iter().find(|said| said[0] == row.means).expect("compared above");
        let [result, retried] = [of[1], of[2]];
        let resolution = row.resolution.as_ref().map_or_else(|| "none yet".to_owned(), |name| format!("`{name}`"));
        assert!(result.contains(&resolution), "{resolution} is not in {result}");
        assert!(result.contains(&row.note) || retried == row.note, "{}: {}", row.world, row.note);
    }
    assert!(paragraphs(section(2)).iter().any(|said| said == prose::resolutions_note()));
}

#[test]
fn the_rules_of_both_contracts_are_the_same() {
    let said: Vec<String> = prose::rules()
        .iter()
        .enumerate()
        // The first one is what the section itself is about, and stands below its heading.
        .map(|(place, rule)| if place == 0 { rule.text.clone() } else { format!("**{}.** {}", rule.title, rule.text) })
        .collect();
    let section: Vec<String> = paragraphs(section(11)).into_iter().filter(|said| !said.is_empty()).collect();
    assert_eq!(said, section);
    assert!(CONTRACT.contains(&format!("\n## 11. {}\n", prose::rules()[0].title)));
}

/// The rule names its order in words; a report follows the one in code.
#[test]
fn reports_name_the_primary_clause_as_the_rule_says() {
    let rule = prose::rules().iter().find(|rule| rule.title == "One primary clause").expect("the rule");
    let list = rule.text.split("COUNT-").nth(1).expect("the list").split(", then").next().expect("the list");
    let mut left: ClauseSet = Clause::ALL.iter().copied().collect();
    for number in list.split(", ") {
        let id = format!("COUNT-{number}");
        assert_eq!(left.primary().map(Clause::id), Some(id.as_str()));
        left = left.iter().filter(|clause| clause.id() != id).collect();
    }
    let rest = left.primary().expect("more clauses");
    assert!(rest.kinds().contains(&Kind::S), "S before L: {rest}");
}

#[test]
fn each_follow_up_that_the_contract_names_is_left_out_for_a_reason() {
    let named = |left: &prose::Excluded| match &left.number {
        Some(number) => format!("{} ({number})", left.title),
        None => left.title.clone(),
    };
    let list: Vec<String> = prose::excluded().iter().map(named).collect();
    let said = paragraphs(section(10)).into_iter().find(|said| said.starts_with("Named follow-ups")).expect("the list");
    assert!(said.ends_with(&format!(": {}.", list.join(", "))), "{said}\n{list:?}");
    for left in prose::excluded() {
        assert!(left.reason.split(' ').count() >= 5, "{}: {}", left.title, left.reason);
    }
}
