//! Texts made of the tokens of scenario files, in any order: closer to a scenario than bytes, further than a damaged
//! file.
//!
//! Independent of where tokens are allowed.

use proptest::prelude::*;
use proptest::sample::select;

/// What a text is made of: punctuation, and what only looks like it.
const MARKS: &[&str] = &[
    "{", "}", "[", "]", ",", ":", "\n", " ", "\t", "\r\n", "\"", "'", "\\", "//", "/*", "*/", "#", "\u{feff}", "\u{0}",
];
/// Values, well and badly written.
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

/// Draws a text of tokens that need not fit together.
pub(crate) fn soup() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        select(MARKS).prop_map(str::to_owned),
        select(VALUES).prop_map(str::to_owned),
        select(KEYS).prop_map(|key| format!("\"{key}\":")),
    ];
    prop::collection::vec(token, 0..120).prop_map(|tokens| tokens.concat())
}
