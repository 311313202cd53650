//! Tests of the whole parser: depth, duplicates, and random trees and bytes.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::{Duplicates, Limits, Node, Value, parse, parse_text};

/// Returns `node` as `serde_json` would read it.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null | Value::Lost => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(literal) => number(literal),
        Value::String(value) => Json::String(value.clone()),
        Value::Array(elements) => elements.iter().map(json).collect(),
        Value::Object(members) => {
            let member = |member: &super::Member| (member.key.clone(), json(&member.value));
            Json::Object(members.iter().map(member).collect())
        }
    }
}

/// Returns the number that `serde_json` reads from `literal`. Our tree keeps the literal and rounds nothing.
fn number(literal: &str) -> Json {
    let integer = literal.parse::<u64>().map(Json::from);
    let integer = integer.or_else(|_| literal.parse::<i64>().map(Json::from));
    match integer {
        // Only floats keep the sign of zero.
        Ok(number) if literal != "-0" => number,
        // `serde_json` rejects every document with a number beyond the range of floats, so such a document is not
        // compared.
        _ => serde_json::from_str(literal).unwrap_or(Json::Null),
    }
}

/// Checks the value that is read from a text, or the message of its fault.
fn check(text: &str, duplicates: Duplicates, expected: Result<&str, &str>) {
    let limits = Limits { duplicates, ..Limits::default() };
    let read = parse_text(text, &limits).map(|node| json(&node).to_string());
    let read = read.map_err(|fault| fault.message);
    let expected = expected.map(str::to_owned).map_err(str::to_owned);
    assert_eq!(read, expected, "{text}");
}

#[test]
fn duplicate_keys_are_rejected_or_the_last_is_kept() {
    let last = |text, expected| check(text, Duplicates::KeepLast, Ok(expected));
    last(r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#);
    last(r#"{"a":1,"\u0061":[],"a":{"a":1,"a":2}}"#, r#"{"a":{"a":2}}"#);
    let refused = |text, key| {
        let message = format!("duplicate key `{key}`");
        check(text, Duplicates::Refuse, Err(&message));
    };
    refused(r#"{"a":1,"b":2,"a":3}"#, "a");
    refused(r#"{"a":1,"\u0061":2}"#, "a");
    refused(r#"{"b":1,"a":1,"b":2,"a":2}"#, "b");
    refused(r#"[{"x":{"":1,"":2}}]"#, "");
    check(r#"{"a":1,"A":{"a":2}}"#, Duplicates::Refuse, Ok(r#"{"A":{"a":2},"a":1}"#));
}

#[test]
fn the_last_of_two_equal_keys_keeps_its_span() {
    let text = r#"{"a":1,"b":2,"a":3}"#;
    let node = parse_text(text, &Limits::VECTORS).expect("the text is JSON");
    let member = node.member("a").expect("the key exists");
    assert_eq!(member.key_span.range(), 13..16);
    assert_eq!(member.value.span.range(), 17..18);
}

#[test]
fn many_keys_are_read_quickly() {
    let member = |index: u32| format!("\"{}\":0", index % 90_000);
    let members: Vec<_> = (0..90_001).map(member).collect();
    let text = format!("{{{}}}", members.join(","));
    check(&text, Duplicates::Refuse, Err("duplicate key `0`"));
}

#[test]
fn excessive_depth_is_located_at_the_first_bracket_beyond_the_limit() {
    let nested = |bracket: &str, levels: usize| bracket.repeat(levels);
    let fits = nested("[", 64) + &nested("]", 64);
    assert!(parse_text(&fits, &Limits::default()).is_ok());
    for text in [
        nested("[", 65) + &nested("]", 65),
        nested("[", 200_000),
        nested("[", 200_000) + &nested("]", 200_000),
        nested("{\"a\":", 200_000),
        nested("[{\"a\":", 100_000),
    ] {
        let fault = parse_text(&text, &Limits::default()).expect_err("too deep");
        assert_eq!(fault.rule, "json-depth");
        let before = &text[..fault.span.range().start];
        assert_eq!(before.matches(['[', '{']).count(), 64);
        assert_eq!(fault.span.range().len(), 1);
    }
    let deepest = Limits { depth: u8::MAX, ..Limits::default() };
    let fits = nested("[", 255) + &nested("]", 255);
    assert!(parse_text(&fits, &deepest).is_ok());
    assert!(parse_text(&nested("[", 200_000), &deepest).is_err());
    let flat = Limits { depth: 0, ..Limits::default() };
    assert!(parse_text("1", &flat).is_ok());
    assert!(parse_text("[]", &flat).is_err());
}

#[test]
fn size_and_encoding_are_checked_before_parsing() {
    let limits = Limits { bytes: 4, ..Limits::default() };
    assert!(parse(b"[12]", &limits).is_ok());
    for bytes in [&b"[123]"[..], b"\xff\xff\xff\xff\xff"] {
        let fault = parse(bytes, &limits).expect_err("too large");
        assert_eq!(fault.rule, "file-too-large");
    }
    let fault = parse(b"[\"\xe2\x82\"]", &Limits::default()).expect_err("not UTF-8");
    assert_eq!((fault.rule, fault.span.range()), ("file-encoding", 2..4));
}

/// Returns trees with every kind of value, a few levels deep.
fn trees() -> impl Strategy<Value = Json> {
    let floats = any::<f64>().prop_filter("JSON has finite numbers only", |float| float.is_finite());
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        floats.prop_map(Json::from),
        any::<String>().prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let objects = btree_map(any::<String>(), inner.clone(), 0..8);
        prop_oneof![
            vec(inner, 0..8).prop_map(Json::from),
            objects.prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// Returns texts, mostly malformed, that consist of pieces of JSON.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "dc00", "-", "0", "1", ".", "e", "+", "true", "nul",
        " ", "\n", "\r", "\t", "\u{e9}", "\u{feff}", "/", "'", "\"a\"", "\"a\":",
    ]);
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// If the bytes are rejected, checks that the fault lies within them. Otherwise, checks that the span of the root
/// covers the whole value, and that `serde_json` reads the same value.
fn check_any(bytes: &[u8]) {
    let node = match parse(bytes, &Limits::VECTORS) {
        Ok(node) => node,
        Err(fault) => {
            let range = fault.span.range();
            assert!(range.start <= range.end && range.end <= bytes.len(), "{fault:?}");
            return;
        }
    };
    let again = parse(&bytes[node.span.range()], &Limits::VECTORS).expect("a node is a document of its own");
    assert_eq!(json(&again), json(&node));
    // The only documents that are accepted here but rejected by `serde_json` contain a number beyond the range of
    // floats.
    if let Ok(expected) = serde_json::from_slice::<Json>(bytes) {
        assert_eq!(json(&node), expected);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_rejected(bytes in vec(any::<u8>(), 0..64)) {
        check_any(&bytes);
    }

    #[test]
    fn pieces_of_json_are_read_or_rejected(text in pieces()) {
        check_any(text.as_bytes());
        match parse_text(&text, &Limits::VECTORS) {
            Ok(_) => prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok()),
            Err(_) => prop_assert!(serde_json::from_str::<Json>(&text).is_err()),
        }
    }

    #[test]
    fn printed_trees_are_read_back(tree in trees()) {
        let compact = serde_json::to_string(&tree).expect("a tree serialises to JSON");
        let pretty = serde_json::to_string_pretty(&tree).expect("a tree serialises to JSON");
        for text in [compact, pretty] {
            let node = parse_text(&text, &Limits::default()).expect("printed trees are JSON");
            // The expected tree is also read back, because `serde_json` rounds the last digit of a float.
            prop_assert_eq!(json(&node), serde_json::from_str::<Json>(&text).expect("printed trees are JSON"));
        }
    }

    #[test]
    fn damaged_trees_are_read_or_rejected(tree in trees(), at in any::<usize>(), byte: u8) {
        let mut bytes = serde_json::to_vec(&tree).expect("a tree serialises to JSON");
        let at = at % bytes.len();
        bytes[at] = byte;
        check_any(&bytes);
        bytes.truncate(at);
        check_any(&bytes);
    }
}
