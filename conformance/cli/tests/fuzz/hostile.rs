//! Files that would make a careless reader overflow its stack, exhaust its memory or run for minutes.
//!
//! The files are at or beyond the limits in `Limits::SCENARIO` and `scenarios/README.md`.

use truecount_json::Limits;

/// The maximum number of bytes in a file.
pub(crate) const BYTES: usize = Limits::SCENARIO.bytes as usize;
/// The maximum number of levels in a file.
pub(crate) const LEVELS: usize = Limits::SCENARIO.depth as usize;

/// Returns a file that consists of `head`, as many repetitions of `piece` as fit, and `tail`.
pub(crate) fn filled(head: &str, piece: &str, tail: &str) -> String {
    let times = (BYTES - head.len() - tail.len()) / piece.len();
    format!("{head}{}{tail}", piece.repeat(times))
}

/// Returns a file that consists of `head`, as many numbered pieces as fit, and `tail`.
fn numbered(head: &str, piece: impl Fn(usize) -> String, tail: &str) -> String {
    let mut text = head.to_owned();
    for number in 0.. {
        let piece = piece(number);
        if text.len() + piece.len() + tail.len() > BYTES {
            break;
        }
        text.push_str(&piece);
    }
    text + tail
}

/// Returns the files, each with a description.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    const HEAD: &str =
        "{\"format\": 1, \"title\": \"t\", \"tenants\": [\"a\"], \"clauses\": [\"COUNT-06\"], \"expect\": {}, ";
    let head = |key: &str| format!("{HEAD}\"{key}\": ");
    vec![
        ("open arrays", filled("", "[", "")),
        ("open objects", filled("", "{\"a\":", "")),
        ("closing brackets", filled("[]", "]", "")),
        ("numbers in one array", filled("[0", ",0", "]")),
        ("missing commas", filled("[0", " 0", "]")),
        ("commas only", filled("[", ",", "]")),
        ("comments", filled("", "#\n", "1")),
        ("an unterminated comment", filled("/*", "*", "")),
        ("empty lines", filled("", "\n", "x")),
        ("one string", filled("\"", "a", "\"")),
        ("one unterminated string", filled("\"", "\\\"", "")),
        ("escapes", filled("\"", "\\u0000", "\"")),
        ("one number", filled("", "9", "")),
        ("one key a hundred thousand times", filled("{\"a\":0", ",\"a\":0", "}")),
        ("unknown keys", numbered("{\"format\": 1", |number| format!(",\"k{number}\":0"), "}")),
        ("brackets indented by half a file", filled(&" ".repeat(BYTES / 2), "[\n],", "")),
        ("a long title", filled("{\"format\": 1, \"title\": \"", "a", "\"}")),
        (
            "unknown clauses",
            filled(
                "{\"format\": 1, \"title\": \"t\", \"tenants\": [], \"runs\": [], \"expect\": {}, \"clauses\": [\"\"",
                ",\"X\"",
                "]}",
            ),
        ),
        ("runs that are not objects", filled(&format!("{}[0", head("runs")), ",0", "]}")),
        ("runs without keys", filled(&format!("{}[{{}}", head("runs")), ",{}", "]}")),
        (
            "requests for unknown objects",
            filled(
                &format!(
                    "{}[{{\"name\":\"r\",\"tenant\":\"a\",\"actor\":\"system\",\"family\":\"inventory.sync\",\"request\":[\"x\"",
                    head("runs")
                ),
                ",\"x\"",
                "]}]}",
            ),
        ),
        (
            "objects with invalid names",
            numbered(
                &format!("{}[], \"objects\": {{\"a\": \"active\"", head("runs")),
                |number| format!(",\"{number} \":\"\""),
                "}}",
            ),
        ),
        (
            "ranges of a million objects",
            numbered(
                &format!("{}[], \"objects\": {{\"a\": \"active\"", head("runs")),
                |number| format!(",\"{number}-{{1..1048576}}\":\"active\""),
                "}}",
            ),
        ),
        (
            "unknown faults",
            numbered(
                &format!("{}[], \"faults\": {{\"stall\": 1", head("runs")),
                |number| format!(",\"stall{number}\":0"),
                "}}",
            ),
        ),
        (
            "grants to unknown actors",
            filled(
                &format!("{}[], \"grants\": [{{\"actor\":\"x\",\"tenant\":\"y\",\"may\":\"z\"}}", head("runs")),
                ",{\"actor\":\"x\",\"tenant\":\"y\",\"may\":\"z\"}",
                "]}",
            ),
        ),
    ]
}
