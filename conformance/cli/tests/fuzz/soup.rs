//! Texts made of the tokens of scenario files, in any order. They resemble a scenario more than random bytes do, but
//! less than a damaged file does.

use proptest::prelude::*;
use proptest::sample::select;

/// Punctuation, and characters that only look like it.
const MARKS: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\n", " ", "\t", "\r\n", "\"", "'", "\\", "//", "/*", "*/", "#", "\u{feff}", "\u{0}",
];
/// Valid and invalid values.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "None",
    "NaN",
    "0",
    "1",
    "-1",
    "2.0",
    "1e400",
    "007",
    ".5",
    "+1",
    "99999999999999999999",
    "\"\"",
    "\"acme\"",
    "\"ada\"",
    "\"set-1\"",
    "\"set-{1..9}\"",
    "\"set-{1..1048577}\"",
    "\"\\ud83d\"",
    "\"\u{1f4e6}\"",
    "\"backup_set.restore\"",
    "\"throttled\"",
    "\"succeeded\"",
    "\"COUNT-06\"",
    "\"operate\"",
    "\"archived\"",
    "[]",
    "{}",
];
/// Keys of every part of a scenario.
const KEYS: &[&str] = &[
    "format",
    "title",
    "clauses",
    "tenants",
    "actors",
    "grants",
    "objects",
    "workers",
    "runs",
    "faults",
    "exhaust_limits",
    "surfaces",
    "expect",
    "actor",
    "tenant",
    "may",
    "least",
    "most",
    "name",
    "family",
    "request",
    "after",
    "responses",
    "planning",
    "phases",
    "outcome",
    "cause",
    "counts",
    "units",
    "same_as",
    "refused",
    "total",
    "restore",
    "titel",
];

/// Draws a text of arbitrary tokens.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        select(MARKS).prop_map(str::to_owned),
        select(VALUES).prop_map(str::to_owned),
        select(KEYS).prop_map(|key| format!("\"{key}\":")),
    ];
    prop::collection::vec(token, 0..120).prop_map(|tokens| tokens.concat())
}
