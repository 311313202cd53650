//! Words for messages.
//!
//! This file turns foreign text and the terms of `serde` into words for the author of a file.

use std::fmt::Display;

/// The maximum number of characters of a foreign text that a message quotes.
const LONGEST: usize = 40;

/// Returns whether a terminal would interpret a character or not show it: control characters, characters that change the
/// direction of text, line separators, and characters without a width.
pub fn is_active(character: char) -> bool {
    match character {
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        character => character.is_control(),
    }
}

/// Returns `text` with each active character escaped, as in `\n` or `\u{202e}`. The result is one line.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_active(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns `text` in backquotes. Invisible characters are escaped, and a long text is cut.
pub fn quoted(text: &str) -> String {
    let mut shown = String::from("`");
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push_str("...");
            break;
        }
        match character {
            // These characters are readable, although `escape_debug` would escape them.
            '"' | '\'' | '\\' => shown.push(character),
            _ if is_active(character) => shown.extend(character.escape_default()),
            _ => shown.extend(character.escape_debug()),
        }
    }
    shown.push('`');
    shown
}

/// Returns a list of names as a choice, such as `one of `a`, `b`, `c``.
pub fn choice(names: &[&str]) -> String {
    match names {
        [] => "nothing".to_owned(),
        [name] => quoted(name),
        [one, other] => format!("{} or {}", quoted(one), quoted(other)),
        _ => {
            let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
            format!("one of {}", names.join(", "))
        }
    }
}

/// Returns the description of an integer from `low` to `high`. If `high` is `u64::MAX`, it is omitted.
pub(super) fn between(low: &impl Display, high: &impl Display) -> String {
    let high = high.to_string();
    if high == u64::MAX.to_string() {
        format!("an integer, {low} or more")
    } else {
        format!("an integer from {low} to {high}")
    }
}

/// Returns the expectation of a `serde` visitor in plain words.
///
/// The patterns below are phrases used by `serde` and by the code that it derives. Any other text is returned
/// unchanged, because it is already written for a reader.
pub(super) fn plain(expected: &str) -> String {
    if let Some(integer) = expected.strip_prefix("a nonzero ") {
        return format!("{}, but not 0", plain(integer));
    }
    let (word, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    let plain = match expected {
        "a boolean" => "`true` or `false`",
        "a string" | "string" | "str" | "a borrowed string" => "a string",
        "unit" => "null",
        "option" => "a value or null",
        "a map" | "map" => "an object",
        "a sequence" => "an array",
        "a character" => "a string of one character",
        "variant identifier" | "field identifier" => "a name",
        "u8" => return between(&0, &u8::MAX),
        "u16" => return between(&0, &u16::MAX),
        "u32" => return between(&0, &u32::MAX),
        "u64" => return between(&0, &u64::MAX),
        "usize" => return between(&0, &usize::MAX),
        "i8" => return between(&i8::MIN, &i8::MAX),
        "i16" => return between(&i16::MIN, &i16::MAX),
        "i32" => return between(&i32::MIN, &i32::MAX),
        "i64" => return between(&i64::MIN, &i64::MAX),
        "isize" => return between(&isize::MIN, &isize::MAX),
        _ => match word {
            "enum" => "a name, or an object with one key",
            "unit" if rest.starts_with("struct ") => "null",
            "struct" if !expected.contains(" with ") => "an object",
            "struct" | "tuple" => return array_of(expected),
            "a" if rest.starts_with("tuple of size ") => return array_of(expected),
            "an" if rest.starts_with("array of length ") => return array_of(expected),
            "an" if rest == "empty array" => "an empty array",
            _ => expected,
        },
    };
    plain.to_owned()
}

/// Returns the description of an array, with its length if `expected` contains a number.
fn array_of(expected: &str) -> String {
    let mut words = expected.rsplit(' ');
    match words.find_map(|word| word.parse::<usize>().ok()) {
        Some(1) => "an array of 1 element".to_owned(),
        Some(length) => format!("an array of {length} elements"),
        None => "an array".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{choice, escaped, is_active, plain, quoted};

    #[test]
    fn foreign_text_is_made_harmless() {
        let check = |text: &str, shown: &str| assert_eq!(quoted(text), shown);
        check("seed", "`seed`");
        check("a\"b'c\\é", "`a\"b'c\\é`");
        check("a\n\u{1b}[0m\u{202e}", "`a\\n\\u{1b}[0m\\u{202e}`");
        check(&"x".repeat(41), &format!("`{}...`", "x".repeat(40)));
    }

    #[test]
    fn active_characters_are_escaped_and_all_others_stay() {
        for character in
            ['\0', '\n', '\t', '\r', '\u{1b}', '\u{7f}', '\u{9b}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}']
        {
            assert!(is_active(character), "{character:?}");
        }
        for character in
            ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}').chain(['\u{2028}', '\u{2029}', '\u{feff}'])
        {
            assert!(is_active(character), "{character:?}");
            assert!(!quoted(&character.to_string()).contains(character), "{character:?}");
        }
        assert_eq!(escaped("a \"é\" 漢 👍 '\\'"), "a \"é\" 漢 👍 '\\'");
        assert_eq!(escaped("x\u{1b}[2J\nFAIL \u{202e}"), "x\\u{1b}[2J\\nFAIL \\u{202e}");
    }

    #[test]
    fn lists_become_choices() {
        let check = |names: &[&str], shown: &str| assert_eq!(choice(names), shown);
        check(&[], "nothing");
        check(&["a"], "`a`");
        check(&["a", "b"], "`a` or `b`");
        check(&["a", "b", "c"], "one of `a`, `b`, `c`");
    }

    #[test]
    fn terms_of_serde_become_plain_words() {
        let check = |term: &str, shown: &str| assert_eq!(plain(term), shown);
        check("u8", "an integer from 0 to 255");
        check("i16", "an integer from -32768 to 32767");
        check("a nonzero u8", "an integer from 0 to 255, but not 0");
        check("struct Run", "an object");
        check("struct Run with 3 elements", "an array of 3 elements");
        check("tuple struct Pair with 2 elements", "an array of 2 elements");
        check("tuple struct Pair", "an array");
        check("a tuple of size 1", "an array of 1 element");
        check("an array of length 4", "an array of 4 elements");
        check("unit struct Mark", "null");
        check("enum Unit", "a name, or an object with one key");
        check("a path below the root", "a path below the root");
    }
}
