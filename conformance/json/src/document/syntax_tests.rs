//! Tests of the problems that are reported for text that is not JSON.

use super::super::Limits;
use super::Document;

const LIMITS: Limits = Limits { depth: 4, ..Limits::SCENARIO };

/// Checks how the problems with `text` are shown.
fn check(text: &str, expected: &str) {
    let problems = Document::parse("a.json", text, &LIMITS).expect_err(text);
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(shown.join("\n"), expected);
}

#[test]
fn documents_without_a_value() {
    check(
        "",
        "error[file-empty]: the file is empty
 --> a.json:1:1
  |
1 |
  | ^",
    );
    check(
        " \n\t\n",
        "error[file-empty]: the file is empty
 --> a.json:1:1
  |
1 |
  | ^",
    );
    check(
        "\u{feff}{}",
        "error[json-syntax]: the file starts with a byte order mark
 --> a.json:1:1
  |
1 | ?{}
  | ^
  |
  = help: save the file as UTF-8 without a byte order mark (BOM)",
    );
}

#[test]
fn truncated_documents() {
    check(
        "{\n  \"seed\": 5,\n  \"runs\": [\n    \"stop\"\n\n",
        r#"error[json-syntax]: expected `,` or `]`, found the end of the file
 --> a.json:4:11
  |
4 |     "stop"
  |           ^
  |
  = help: the `[` on line 3 is never closed"#,
    );
    check(
        "{\n  \"a\": {\"b\": 1,\n  \"c\": {\n    \"d\": [\n    ]\n  }\n}\n",
        "error[json-syntax]: expected `,` or `}`, found the end of the file
 --> a.json:7:2
  |
7 | }
  |  ^
  |
  = help: the bracket on line 2 seems to lack its closing bracket: the closing bracket on line 7 is indented differently",
    );
    check(
        r#"{"seed":"#,
        r#"error[json-syntax]: expected a value, found the end of the file
 --> a.json:1:9
  |
1 | {"seed":
  |         ^
  |
  = help: the `{` on line 1 is never closed"#,
    );
}

#[test]
fn punctuation() {
    check(
        "{\n  \"seed\": 5,\n}",
        r#"error[json-syntax]: trailing `,` before `}`
 --> a.json:2:12
  |
2 |   "seed": 5,
  |            ^
  |
  = expected: no `,` after the last entry
  = help: remove the `,`"#,
    );
    check(
        "[1, 2, ]",
        "error[json-syntax]: trailing `,` before `]`
 --> a.json:1:6
  |
1 | [1, 2, ]
  |      ^
  |
  = expected: no `,` after the last entry
  = help: remove the `,`",
    );
    check(
        "{\n  \"seed\": 5\n  \"runs\": []\n}",
        r#"error[json-syntax]: expected `,` or `}`, found a string
 --> a.json:2:12
  |
2 |   "seed": 5
  |            ^
  |
  = help: add a `,` here"#,
    );
    check(
        r#"{"seed" 5}"#,
        r#"error[json-syntax]: expected `:` after the key, found `5`
 --> a.json:1:9
  |
1 | {"seed" 5}
  |         ^"#,
    );
    check(
        r#"{"seed": , "runs": []}"#,
        r#"error[json-syntax]: expected a value, found `,`
 --> a.json:1:10
  |
1 | {"seed": , "runs": []}
  |          ^"#,
    );
    check(
        "[1,, 2]",
        "error[json-syntax]: expected a value, found `,`
 --> a.json:1:4
  |
1 | [1,, 2]
  |    ^",
    );
    check(
        r#"{"runs": [1, 2}"#,
        r#"error[json-syntax]: expected `,` or `]`, found `}`
 --> a.json:1:15
  |
1 | {"runs": [1, 2}
  |               ^
  |
  = help: the `[` on line 1 is still open"#,
    );
    check(
        "[1]]",
        "error[json-syntax]: expected the end of the file, found `]`
 --> a.json:1:4
  |
1 | [1]]
  |    ^
  |
  = help: every bracket is already closed; remove this one",
    );
    check(
        "{}\n{}",
        "error[json-syntax]: expected the end of the file, found `{`
 --> a.json:2:1
  |
2 | {}
  | ^
  |
  = help: a file contains a single value; move the rest to another file",
    );
}

#[test]
fn syntax_of_other_languages() {
    check(
        "{\n  // the seed\n  \"seed\": 5\n}",
        "error[json-syntax]: expected JSON, found a comment
 --> a.json:2:3
  |
2 |   // the seed
  |   ^^^^^^^^^^^
  |
  = help: JSON has no comments; remove this one",
    );
    check(
        "{'seed': 5}",
        "error[json-syntax]: expected a key, found `'`
 --> a.json:1:2
  |
1 | {'seed': 5}
  |  ^
  |
  = help: strings and keys are written in double quotes",
    );
    check(
        "{seed: 5}",
        "error[json-syntax]: expected a key, found `seed`
 --> a.json:1:2
  |
1 | {seed: 5}
  |  ^^^^
  |
  = help: keys are written in double quotes",
    );
    check(
        r#"{"runs": [stop]}"#,
        r#"error[json-syntax]: expected a value, found `stop`
 --> a.json:1:11
  |
1 | {"runs": [stop]}
  |           ^^^^
  |
  = help: text is written in double quotes"#,
    );
    check(
        r#"{"quiet": True}"#,
        r#"error[json-syntax]: expected a value, found `True`
 --> a.json:1:11
  |
1 | {"quiet": True}
  |           ^^^^
  |
  = help: JSON spells it `true`"#,
    );
    check(
        "[NaN]",
        "error[json-syntax]: expected a value, found `NaN`
 --> a.json:1:2
  |
1 | [NaN]
  |  ^^^
  |
  = help: JSON has no such number",
    );
}

#[test]
fn numbers() {
    check(
        r#"{"seed": 007}"#,
        r#"error[json-syntax]: malformed number `007`
 --> a.json:1:10
  |
1 | {"seed": 007}
  |          ^^^
  |
  = help: a number must not have leading zeros"#,
    );
    check(
        r#"{"seed": 0xff}"#,
        r#"error[json-syntax]: malformed number `0xff`
 --> a.json:1:10
  |
1 | {"seed": 0xff}
  |          ^^^^
  |
  = help: a number is written in decimal digits, without separators or units"#,
    );
    check(
        "[+1]",
        "error[json-syntax]: malformed number `+1`
 --> a.json:1:2
  |
1 | [+1]
  |  ^^
  |
  = help: a number starts with a digit, or with `-` and a digit",
    );
}

#[test]
fn strings() {
    check(
        "{\n  \"seed: 5,\n  \"runs\": []\n}",
        r#"error[json-syntax]: the string is not closed on its line
 --> a.json:2:3
  |
2 |   "seed: 5,
  |   ^^^^^^^^^
  |
  = expected: a closing `"`
  = help: write a newline inside a string as `\n`"#,
    );
    check(
        "[\"a\tb\"]",
        r#"error[json-syntax]: raw tab in a string
 --> a.json:1:4
  |
1 | ["a b"]
  |    ^
  |
  = help: write it as `\t`"#,
    );
    check(
        r#"["C:\path"]"#,
        r#"error[json-syntax]: unknown escape `\p`
 --> a.json:1:5
  |
1 | ["C:\path"]
  |     ^^
  |
  = expected: `\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t` or `\u` and four hexadecimal digits
  = help: a backslash itself is written `\\`"#,
    );
    check(
        r#"["\ud83d!"]"#,
        r#"error[json-syntax]: high surrogate that is not followed by a low surrogate
 --> a.json:1:3
  |
1 | ["\ud83d!"]
  |   ^^^^^^
  |
  = help: write the character itself, or both halves of its surrogate pair"#,
    );
}

#[test]
fn limits() {
    check(
        "[[[[[1]]]]]",
        "error[json-depth]: nested deeper than 4 levels
 --> a.json:1:5
  |
1 | [[[[[1]]]]]
  |     ^",
    );
    check(
        "{\n  \"seed\": 5,\n  \"runs\": [],\n  \"seed\": 6\n}",
        r#"error[duplicate-key]: duplicate key `seed`
 --> a.json:4:3
  |
4 |   "seed": 6
  |   ^^^^^^
  |
  = help: the first one is on line 2; remove one of the two"#,
    );
}

#[test]
fn characters_that_cannot_be_shown() {
    check(
        "{\"seed\": \u{200b}5}",
        r#"error[json-syntax]: expected a value, found `\u{200b}`
 --> a.json:1:10
  |
1 | {"seed": ?5}
  |          ^"#,
    );
    check(
        &format!("{{\"note\": \"{}\", \"seed\": x, \"runs\": [\"{}\"]}}", "a".repeat(120), "b".repeat(120)),
        r#"error[json-syntax]: expected a value, found `x`
 --> a.json:1:142
  |
1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "seed": x, "runs": ["bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...
  |                                                ^
  |
  = help: text is written in double quotes"#,
    );
}
