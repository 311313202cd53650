//! Tests of types that are filled from JSON, and of the locations and messages of misfits.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::super::{Limits, parse_text};
use super::from_node;

/// Checks that a type is read from `text` as `expected`.
fn check<T: DeserializeOwned + PartialEq + Debug>(text: &str, expected: &T) {
    let root = parse_text(text, &Limits::default()).expect("the text is JSON");
    assert_eq!(from_node::<T>(&root).as_ref(), Ok(expected), "{text}");
}

/// Checks the rule, the covered text and the message of the fault for a type that cannot be read from `text`.
fn refuse<T: DeserializeOwned + Debug>(text: &str, rule: &str, covered: &str, message: &str) {
    let root = parse_text(text, &Limits::default()).expect("the text is JSON");
    let fault = from_node::<T>(&root).expect_err(text);
    let found = (fault.rule, &text[fault.span.range()], &*fault.message);
    assert_eq!(found, (rule, covered, message), "{text}");
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(alias = "random")]
    seed: u64,
    note: Option<String>,
    #[serde(default)]
    units: Vec<Unit>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
enum Unit {
    Stop,
    Wait(u8),
    Move(i8, i8),
    Write { path: String },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum Tagged {
    Read { path: String },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(try_from = "u8")]
struct Even(u8);

impl TryFrom<u8> for Even {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Self, Self::Error> {
        let even = number.is_multiple_of(2);
        even.then_some(Self(number)).ok_or("an even number is needed")
    }
}

#[derive(Debug, PartialEq, Deserialize)]
struct Name(String);

#[derive(Debug, PartialEq, Deserialize)]
struct Mark;

#[test]
fn every_kind_of_type_is_filled() {
    let run = |seed, note: Option<&str>, units| Run { seed, note: note.map(str::to_owned), units };
    check(r#"{"seed": 5}"#, &run(5, None, vec![]));
    check(r#"{"note": null, "random": 0}"#, &run(0, None, vec![]));
    let path = "a".to_owned();
    check(
        r#"{"seed": 18446744073709551615, "note": "x",
            "units": ["stop", {"wait": 3}, {"move": [-1, 2]}, {"write": {"path": "a"}}]}"#,
        &run(u64::MAX, Some("x"), vec![Unit::Stop, Unit::Wait(3), Unit::Move(-1, 2), Unit::Write { path }]),
    );
    check("4", &Even(4));
    check("\"n\"", &Name("n".to_owned()));
    check("null", &Mark);
    check("null", &());
    check("[1, true, \"c\"]", &(1_i64, true, 'c'));
    check("[1, 2]", &[1_u16, 2]);
    check("[null, 1]", &vec![None, Some(1_u128)]);
    check(r#"{"a": 1, "b": 2}"#, &BTreeMap::from([("a".to_owned(), 1_i8), ("b".to_owned(), 2)]));
    check(r#"{"-7": "x"}"#, &BTreeMap::from([(-7_i32, Name("x".to_owned()))]));
    check(r#"{"kind": "read", "path": "a"}"#, &Tagged::Read { path: "a".to_owned() });
    check("[1.5e300, {}]", &IgnoredAny);
}

#[test]
fn strings_can_be_borrowed() {
    let root = parse_text(r#"["a\n", "b"]"#, &Limits::default()).expect("the text is JSON");
    assert_eq!(from_node::<Vec<&str>>(&root), Ok(vec!["a\n", "b"]));
}

#[test]
fn wrong_keys_are_located() {
    refuse::<Run>(r#"{"seed": 1, "sedes": 5}"#, "unknown-key", "\"sedes\"", "unknown key `sedes`");
    refuse::<Run>(r#" {"note": "x"}"#, "missing-key", "{", "missing key `seed`");
    refuse::<Run>(r#"{"seed": 1, "random": 2}"#, "duplicate-key", "\"random\"", "duplicate key `seed`");
    refuse::<Vec<Unit>>(
        r#"["stop", {"write": {"path": "", "pat": 1}}]"#,
        "unknown-key",
        "\"pat\"",
        "unknown key `pat`",
    );
    refuse::<BTreeMap<u8, u8>>(
        r#"{"1": 1, "x": 1}"#,
        "wrong-value",
        "\"x\"",
        "expected a plain decimal integer, found `x`",
    );
    refuse::<Tagged>(r#"{"kind": "read", "path": "", "pat": 1}"#, "unknown-key", "\"pat\"", "unknown key `pat`");
    refuse::<Tagged>(r#"{"path": ""}"#, "missing-key", "{", "missing key `kind`");
}

#[test]
fn types_have_plain_names_in_messages() {
    let check = |text, covered, message| refuse::<Run>(text, "wrong-type", covered, message);
    check("[1]", "[1]", "expected an object, found an array");
    check(r#"{"seed": "5"}"#, "\"5\"", "expected an integer, 0 or more, found a string");
    check(r#"{"seed": 5, "note": 7}"#, "7", "expected a string, found a number");
    check(r#"{"seed": 5, "units": {}}"#, "{}", "expected an array, found an object");
    check(r#"{"seed": 5, "units": ["stop", null]}"#, "null", "expected a name, or an object with one key, found null");
    check(r#"{"seed": 5, "units": ["wait"]}"#, "\"wait\"", "variant `wait` is missing its value");
    check(r#"{"seed": 5, "units": [{"stop": 1}]}"#, "1", "variant `stop` takes no value");
    refuse::<bool>("0", "wrong-type", "0", "expected `true` or `false`, found a number");
    refuse::<Mark>("0", "wrong-type", "0", "expected null, found a number");
    refuse::<f64>("0.5", "wrong-type", "0.5", "numbers with a fraction are not supported");
}

#[test]
fn wrong_values_are_located() {
    let check = |text, covered, message| refuse::<Run>(text, "wrong-value", covered, message);
    check(r#"{"seed": -5}"#, "-5", "negative number `-5` is not allowed here");
    check(r#"{"seed": 1e3}"#, "1e3", "expected a plain decimal integer, found `1e3`");
    check(r#"{"seed": 3.0}"#, "3.0", "expected a plain decimal integer, found `3.0`");
    check(r#"{"seed": 18446744073709551616}"#, "18446744073709551616", "number `18446744073709551616` is out of range");
    check(r#"{"seed": 5, "units": [{"wait": 256}]}"#, "256", "number `256` is out of range");
    refuse::<Vec<Even>>("[2, 3]", "wrong-value", "3", "an even number is needed");
    refuse::<char>("\"ab\"", "wrong-value", "\"ab\"", "expected a string of one character, found `ab`");
    let unknown = "unknown variant `halt`";
    refuse::<Vec<Unit>>(r#"["halt"]"#, "unknown-variant", "\"halt\"", unknown);
    refuse::<Unit>(r#"{"halt": 1}"#, "unknown-variant", "\"halt\"", unknown);
    refuse::<Tagged>(r#"{"kind": "halt"}"#, "unknown-variant", "\"halt\"", unknown);
}

#[test]
fn wrong_lengths_are_located() {
    let check = |text, covered, message| refuse::<Vec<Unit>>(text, "wrong-length", covered, message);
    check(r#"[{"move": [1]}]"#, "[", "expected an array of 2 elements, found 1");
    check(r#"[{"move": [1, 2, 3]}]"#, "3", "expected an array of 2 elements, found 3");
    check("[{}]", "{", "expected an object with one key, found 0 keys");
    check(r#"[{"stop": 1, "wait": 2}]"#, "{", "expected an object with one key, found 2 keys");
    refuse::<[u8; 2]>("[1]", "wrong-length", "[", "expected an array of 2 elements, found 1");
}
