//! Reads the strings, numbers and words of a document.
//!
//! This file handles the tokens of RFC 8259 and the usual mistakes in them. It does not depend on where a token is
//! allowed.

use super::cursor::{Cursor, in_word};
use super::words::quoted;
use super::{Fault, Value};

const ESCAPES: &str = r#"`\"`, `\\`, `\/`, `\b`, `\f`, `\n`, `\r`, `\t` or `\u` and four hexadecimal digits"#;

/// Reads the string at the cursor, which is at its opening quote.
pub(super) fn string(cursor: &mut Cursor<'_>) -> Result<String, Fault> {
    let start = cursor.position();
    cursor.eat(b'"');
    let mut string = String::new();
    loop {
        string.push_str(cursor.take_while(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')));
        let offset = cursor.position();
        match cursor.peek() {
            None | Some(b'\n' | b'\r') => return Err(unclosed(cursor, start)),
            Some(b'"') => {
                cursor.eat(b'"');
                return Ok(string);
            }
            Some(b'\\') => match escape(cursor)? {
                Some(character) => string.push(character),
                None => return Err(unclosed(cursor, start)),
            },
            Some(byte) => {
                cursor.advance();
                let span = cursor.span_from(offset);
                let code = format!("`\\u{byte:04x}`");
                let (name, code) = match byte {
                    b'\t' => ("tab".to_owned(), "`\\t`"),
                    _ => (format!("control character {byte:#04x}"), code.as_str()),
                };
                return Err(Fault::syntax(span, format!("raw {name} in a string")).help(format!("write it as {code}")));
            }
        }
    }
}

/// Returns the fault for a string that starts at `start` and is not closed on its line.
fn unclosed(cursor: &Cursor<'_>, start: usize) -> Fault {
    Fault::syntax(cursor.span_from(start), "the string is not closed on its line")
        .expected("a closing `\"`")
        .help("write a newline inside a string as `\\n`")
}

/// Reads the escape at the cursor; returns `None` if the line or the text ends after the backslash.
fn escape(cursor: &mut Cursor<'_>) -> Result<Option<char>, Fault> {
    let start = cursor.position();
    cursor.eat(b'\\');
    // The caller handles a newline, which means that the string is not closed.
    if matches!(cursor.peek(), None | Some(b'\n' | b'\r')) {
        return Ok(None);
    }
    let character = match cursor.advance() {
        None => return Ok(None),
        Some(character @ ('"' | '\\' | '/')) => character,
        Some('b') => '\u{8}',
        Some('f') => '\u{c}',
        Some('n') => '\n',
        Some('r') => '\r',
        Some('t') => '\t',
        Some('u') => unicode_escape(cursor, start)?,
        Some(_) => {
            let message = format!("unknown escape {}", quoted(cursor.text_from(start)));
            return Err(Fault::syntax(cursor.span_from(start), message)
                .expected(ESCAPES)
                .help("a backslash itself is written `\\\\`"));
        }
    };
    Ok(Some(character))
}

/// Reads the rest of an escape after `\u`, including a second escape if the first is half of a surrogate pair.
fn unicode_escape(cursor: &mut Cursor<'_>, start: usize) -> Result<char, Fault> {
    let first = four_digits(cursor, start)?;
    let first_end = cursor.span_from(start);
    let lone = |message: &str| {
        Err(Fault::syntax(first_end, message).help("write the character itself, or both halves of its surrogate pair"))
    };
    let code = match first {
        0xd800..=0xdbff => {
            let second_start = cursor.position();
            if !(cursor.eat(b'\\') && cursor.eat(b'u')) {
                return lone("high surrogate that is not followed by a low surrogate");
            }
            match four_digits(cursor, second_start)? {
                second @ 0xdc00..=0xdfff => 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00),
                _ => return lone("high surrogate that is not followed by a low surrogate"),
            }
        }
        0xdc00..=0xdfff => return lone("low surrogate without a high one before it"),
        code => code,
    };
    // The only four-digit codes that are not characters are surrogates, which were handled above.
    Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// Reads the four hexadecimal digits of the escape that starts at `start`.
fn four_digits(cursor: &mut Cursor<'_>, start: usize) -> Result<u32, Fault> {
    let mut code = 0;
    for _ in 0..4 {
        let digit = cursor.peek().and_then(|byte| char::from(byte).to_digit(16));
        let Some(digit) = digit else {
            let message = format!("incomplete escape {}", quoted(cursor.text_from(start)));
            return Err(Fault::syntax(cursor.span_from(start), message)
                .expected("four hexadecimal digits after `\\u`")
                .help("write the character itself, or all four digits of its code"));
        };
        cursor.advance();
        code = code * 16 + digit;
    }
    Ok(code)
}

/// Reads the number at the cursor, which is at its sign or first digit.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Box<str>, Fault> {
    let start = cursor.position();
    let digits = |cursor: &mut Cursor<'_>| cursor.take_while(|byte| byte.is_ascii_digit()).len();
    cursor.eat(b'-');
    if cursor.eat(b'0') {
        if digits(cursor) > 0 {
            return Err(malformed(cursor, start, "a number must not have leading zeros"));
        }
    } else if digits(cursor) == 0 {
        return Err(malformed(cursor, start, "a digit must follow the `-`"));
    }
    if cursor.eat(b'.') && digits(cursor) == 0 {
        return Err(malformed(cursor, start, "a digit must follow the `.`"));
    }
    if cursor.eat(b'e') || cursor.eat(b'E') {
        let _signed = cursor.eat(b'+') || cursor.eat(b'-');
        if digits(cursor) == 0 {
            return Err(malformed(cursor, start, "the exponent must have at least one digit"));
        }
    }
    if cursor.peek().is_some_and(in_word) {
        let help = "a number is written in decimal digits, without separators or units";
        return Err(malformed(cursor, start, help));
    }
    Ok(cursor.text_from(start).into())
}

/// Returns the fault for a malformed number, with a span up to its last character.
pub(super) fn malformed(cursor: &mut Cursor<'_>, start: usize, help: &str) -> Fault {
    cursor.take_while(in_word);
    let message = format!("malformed number {}", quoted(cursor.text_from(start)));
    Fault::syntax(cursor.span_from(start), message).help(help)
}

/// Reads the word at the cursor: `null`, `true` or `false`.
pub(super) fn word(cursor: &mut Cursor<'_>) -> Result<Value, Fault> {
    let start = cursor.position();
    let word = cursor.take_while(in_word);
    let help = match word {
        "null" => return Ok(Value::Null),
        "true" => return Ok(Value::Bool(true)),
        "false" => return Ok(Value::Bool(false)),
        "NaN" | "Infinity" | "inf" | "nan" => "JSON has no such number",
        "None" | "nil" | "undefined" | "Null" | "NULL" => "JSON spells it `null`",
        "True" | "TRUE" => "JSON spells it `true`",
        "False" | "FALSE" => "JSON spells it `false`",
        _ => "text is written in double quotes",
    };
    let message = format!("expected a value, found {}", quoted(word));
    Err(Fault::syntax(cursor.span_from(start), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::super::cursor::Cursor;
    use super::{number, string};

    /// Checks the value of a string literal or, if it is faulty, the byte range and the message of its fault.
    fn check(literal: &str, expected: Result<&str, (usize, usize, &str)>) {
        let actual = string(&mut Cursor::new(literal));
        let actual = actual.map_err(|fault| {
            let range = fault.span.range();
            (range.start, range.end, fault.message)
        });
        let expected = expected.map(str::to_owned).map_err(|(start, end, message)| (start, end, message.to_owned()));
        assert_eq!(actual, expected, "{literal}");
    }

    #[test]
    fn strings() {
        check(r#""""#, Ok(""));
        check(r#""é€""#, Ok("é€"));
        check(r#""\"\\\/\b\f\n\r\t""#, Ok("\"\\/\u{8}\u{c}\n\r\t"));
        check(r#""\u00e9\u00E9\u0000""#, Ok("éé\0"));
        check(r#""\ud83d\ude00\uffff""#, Ok("😀\u{ffff}"));
        check("\"\u{7f}\"", Ok("\u{7f}"));
        let high = "high surrogate that is not followed by a low surrogate";
        check(r#""a\ud83d""#, Err((2, 8, high)));
        check(r#""\ud83d\u0041""#, Err((1, 7, high)));
        check(r#""\ud83d\ud83d""#, Err((1, 7, high)));
        check(r#""\ud83d\n""#, Err((1, 7, high)));
        let low = "low surrogate without a high one before it";
        check(r#""\ude00\ud83d""#, Err((1, 7, low)));
        check(r#""\u00g0""#, Err((1, 5, "incomplete escape `\\u00`")));
        check(r#""\u+041""#, Err((1, 3, "incomplete escape `\\u`")));
        check(r#""\é""#, Err((1, 4, "unknown escape `\\é`")));
        check("\"a\u{1}b\"", Err((2, 3, "raw control character 0x01 in a string")));
        let unclosed = "the string is not closed on its line";
        check("\"ab", Err((0, 3, unclosed)));
        check("\"ab\\", Err((0, 4, unclosed)));
        check("\"ab\\\n", Err((0, 4, unclosed)));
        check("\"ab\n\"", Err((0, 3, unclosed)));
    }

    #[test]
    fn numbers_keep_their_literal() {
        for literal in ["0", "-0", "10", "-1.50", "1e3", "1E+03", "0.0e-0", "123456789012345678901"] {
            let read = number(&mut Cursor::new(literal)).expect(literal);
            assert_eq!(&*read, literal);
        }
        for literal in ["00", "-", "-a", "1.", "1.e3", "1e", "1e+", "0x1", "1_0", "1.2.3", "-01", "1-2"] {
            let fault = number(&mut Cursor::new(literal)).expect_err(literal);
            assert_eq!(fault.message, format!("malformed number `{literal}`"));
            assert_eq!(fault.span.range(), 0..literal.len());
        }
    }
}
