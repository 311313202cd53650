//! What the readers guarantee for any bytes.
//!
//! Independent of what a good file is, and of where the bytes come from: the tests beside it pass in damaged files, the
//! targets in `fuzz/` what libFuzzer finds.

use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, Node, Span, Value, parse_text};

/// The name under which the bytes are shown.
const SHOWN: &str = "fuzz.json";
/// The most problems that are reported for a file: 256, and the number of the rest.
const PROBLEMS_MAX: usize = 257;
/// More characters than any problem has.
const CHARACTERS_MAX: usize = 4_000;
/// The rules that are about a file and not about a place in it.
const PLACELESS: &[&str] = &["file-too-large", "too-many-problems"];

/// Reads `data` as a scenario and checks what must hold for any bytes.
///
/// A refused file has at least one problem, and no more than a reader could use. Each problem has a rule and what to do.
/// Its place lies within the text. It is shown in few lines, without a control character. Reading the same bytes again
/// gives the same scenario, or the same problems.
///
/// # Panics
///
/// If any of that does not hold: the reader has a bug, and `data` shows it.
pub(crate) fn scenario(data: &[u8]) {
    let read = truecount_scenario::parse(SHOWN, "fuzz", data);
    if let Err(problems) = &read {
        check_problems(problems, data);
        for problem in problems {
            assert!(problem.help.is_some(), "nothing to do about it: {problem:?}");
        }
    }
    assert!(truecount_scenario::parse(SHOWN, "fuzz", data) == read, "the same bytes are read as the same");
}

/// Reads `data` as JSON, under the limits of scenarios and of vectors, and checks what holds of any bytes.
///
/// Beside what [`scenario`] checks of problems, a tree has no more nodes than the bytes can hold and is no deeper than
/// the limit; every part of it lies within the part that holds it, and what is written where a value stands is that
/// value.
///
/// # Panics
///
/// If any of that does not hold: the reader has a bug, and `data` shows it.
pub(crate) fn json(data: &[u8]) {
    for limits in [Limits::SCENARIO, Limits::VECTORS] {
        match Document::parse(SHOWN, data, &limits) {
            Err(problems) => check_problems(&problems, data),
            Ok(document) => {
                let nodes = check_tree(document.root(), document.text(), limits, 0);
                // Two elements have a comma between them, so a tree takes memory in proportion to its bytes.
                assert!(nodes <= data.len() / 2 + 1, "{nodes} nodes in {} bytes", data.len());
            }
        }
    }
}

fn check_problems(problems: &[Problem], data: &[u8]) {
    assert!(!problems.is_empty(), "a refusal has a reason");
    assert!(problems.len() <= PROBLEMS_MAX, "{} problems are too many to read", problems.len());
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.split('\n').collect();
    for problem in problems {
        let of_rule = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(!problem.rule.is_empty() && problem.rule.bytes().all(of_rule), "no rule: {problem:?}");
        assert!(!problem.message.is_empty(), "no message: {problem:?}");
        if PLACELESS.contains(&problem.rule) {
            assert_eq!(problem.line(), None, "the place of a whole file: {problem:?}");
        } else {
            let (line, column) = (problem.line().unwrap_or(0), problem.column().unwrap_or(0));
            let number = usize::try_from(line).unwrap_or(usize::MAX);
            let line = number.checked_sub(1).and_then(|line| lines.get(line));
            let columns = line.map_or(0, |line| line.chars().count() + 1);
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            assert!((1..=columns).contains(&column), "the place is not in the text: {problem:?}");
        }
        let shown = problem.to_string();
        assert!(shown.chars().count() <= CHARACTERS_MAX, "too long to be read: {problem:?}");
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "a terminal would obey: {problem:?}");
    }
}

/// Checks a node and everything in it, and returns how many nodes that is.
fn check_tree(node: &Node, text: &str, limits: Limits, depth: u8) -> usize {
    let written = text.get(node.span.range()).unwrap_or_default();
    assert!(!written.is_empty(), "a value is written somewhere: {node:?}");
    let within = |inner: Span| {
        assert!(node.span.start < inner.start && inner.end < node.span.end, "{inner:?} is not within {:?}", node.span);
    };
    let mut nodes = 1;
    match &node.value {
        Value::Array(elements) => {
            assert!(depth < limits.depth, "deeper than {} levels", limits.depth);
            for element in elements {
                within(element.span);
                nodes += check_tree(element, text, limits, depth + 1);
            }
        }
        Value::Object(members) => {
            assert!(depth < limits.depth, "deeper than {} levels", limits.depth);
            for member in members {
                within(member.key_span);
                within(member.value.span);
                check_written(&text[member.key_span.range()], &Value::String(member.key.clone()), limits);
                nodes += check_tree(&member.value, text, limits, depth + 1);
            }
        }
        value => check_written(written, value, limits),
    }
    nodes
}

fn check_written(written: &str, value: &Value, limits: Limits) {
    let read = parse_text(written, &limits).map(|node| node.value);
    assert_eq!(read.as_ref(), Ok(value), "{written} is written there");
}
