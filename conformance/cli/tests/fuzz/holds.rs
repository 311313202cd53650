//! Checks the guarantees that the readers give for any bytes.
//!
//! The bytes may come from anywhere. The tests in this folder pass in damaged files, and the targets in `fuzz/` pass in
//! inputs from libFuzzer.

use truecount_json::problem::Problem;
use truecount_json::{Document, Limits, Node, Span, Value, parse_text};

/// The file name in the problems.
const SHOWN: &str = "fuzz.json";
/// The maximum number of problems for a file: 256, and a final problem that states how many more there are.
const PROBLEMS_MAX: usize = 257;
/// An upper bound on the number of characters in a problem.
const CHARACTERS_MAX: usize = 4_000;
/// The rules that concern a whole file.
const PLACELESS: &[&str] = &["file-too-large", "too-many-problems"];

/// Reads `data` as a scenario and checks what must hold for any bytes.
///
/// A rejected file has at least one problem and at most [`PROBLEMS_MAX`]. Each problem has a rule, a help text and a
/// position within the text. It is shown without control characters and is not too long. Reading the same bytes again
/// gives the same scenario, or the same problems.
///
/// # Panics
///
/// Panics if one of these guarantees is violated. The reader then has a bug, and `data` reproduces it.
pub(crate) fn scenario(data: &[u8]) {
    let read = truecount_scenario::parse(SHOWN, "fuzz", data);
    if let Err(problems) = &read {
        check_problems(problems, data);
        for problem in problems {
            assert!(problem.help.is_some(), "no help: {problem:?}");
        }
    }
    assert!(truecount_scenario::parse(SHOWN, "fuzz", data) == read, "the same bytes are read differently");
}

/// Reads `data` as JSON, under the limits of scenarios and of vectors, and checks what must hold for any bytes.
///
/// Problems are checked as in [`scenario`]. In addition, a tree has no more nodes than the bytes can contain and is no
/// deeper than the limit. Every part of a tree lies within its parent. Parsing the text of a key or of a scalar value
/// gives the key or the value again.
///
/// # Panics
///
/// Panics if one of these guarantees is violated. The reader then has a bug, and `data` reproduces it.
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
    assert!(!problems.is_empty(), "a rejected file has no problem");
    assert!(problems.len() <= PROBLEMS_MAX, "{} problems are too many to read", problems.len());
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.split('\n').collect();
    for problem in problems {
        let of_rule = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(!problem.rule.is_empty() && problem.rule.bytes().all(of_rule), "not a rule name: {problem:?}");
        assert!(!problem.message.is_empty(), "no message: {problem:?}");
        if PLACELESS.contains(&problem.rule) {
            assert_eq!(problem.line(), None, "a problem of the whole file has a position: {problem:?}");
        } else {
            let (line, column) = (problem.line().unwrap_or(0), problem.column().unwrap_or(0));
            let number = usize::try_from(line).unwrap_or(usize::MAX);
            let line = number.checked_sub(1).and_then(|line| lines.get(line));
            let columns = line.map_or(0, |line| line.chars().count() + 1);
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            assert!((1..=columns).contains(&column), "the position is outside the text: {problem:?}");
        }
        let shown = problem.to_string();
        assert!(shown.chars().count() <= CHARACTERS_MAX, "the problem is too long: {problem:?}");
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'), "a control character is shown: {problem:?}");
    }
}

/// Checks a node and its descendants, and returns their number.
fn check_tree(node: &Node, text: &str, limits: Limits, depth: u8) -> usize {
    let written = text.get(node.span.range()).unwrap_or_default();
    assert!(!written.is_empty(), "the value has no text: {node:?}");
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
    assert_eq!(read.as_ref(), Ok(value), "the text {written} is read differently");
}
