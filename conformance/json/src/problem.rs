//! What is wrong with a file, shown as `rustc` would show it.
//!
//! ```text
//! error[unknown-key]: unknown key `sedes`
//!   --> scenarios/backup/first.json:4:3
//!    |
//!  4 |   "sedes": 5,
//!    |   ^^^^^^^
//!    = expected: one of `seed`, `runs`, `objects`
//!    = help: did you mean `seed`?
//! ```
//!
//! This file knows texts and places, not formats: whoever reads a format says what is wrong in it.

mod excerpt;
mod file;
mod lines;

use std::error::Error;
use std::fmt;
use std::ops::Range;

use serde::ser::{Serialize, SerializeStruct, Serializer};

use excerpt::{Excerpt, visible};
pub use lines::Lines;

/// Something wrong with a file, at a place in it if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The short code of the broken rule, such as `json-syntax` or `unknown-key`.
    pub rule: &'static str,
    /// The path of the file, as the reader is to see it.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What would have been right, if the message does not say so already.
    pub expected: Option<String>,
    /// What the reader could do about it.
    pub help: Option<String>,
    /// Boxed, because problems travel in the `Err` of many results.
    place: Option<Box<Place>>,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    line: u32,
    column: u32,
    /// The text around the place, if there is any.
    excerpt: Option<Excerpt>,
}

impl Problem {
    /// Returns a problem with a file as a whole.
    pub fn in_file(rule: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { rule, path: path.into(), message: message.into(), expected: None, help: None, place: None }
    }

    /// Returns a problem with the bytes `range` of `text`, the content of the file.
    ///
    /// Of a range over several lines the first is shown. A range that is not in the text, or that
    /// splits a character, is moved back to the nearest place that does not.
    pub fn in_text(
        rule: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        text: &str,
        range: Range<usize>,
    ) -> Self {
        Self::in_lines(rule, path, message, text, &Lines::of(text), range)
    }

    /// As [`in_text`](Self::in_text), with the lines of `text`: for whoever has many problems with one text.
    pub fn in_lines(
        rule: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        text: &str,
        lines: &Lines,
        range: Range<usize>,
    ) -> Self {
        let start = text.floor_char_boundary(range.start);
        let end = text.floor_char_boundary(range.end).max(start);
        let (number, bounds) = lines.around(start);
        let line = &text[bounds.clone()];
        let fault = start - bounds.start..end.min(bounds.end).max(start) - bounds.start;
        let place = Place {
            line: one_based(number),
            column: one_based(line[..fault.start].chars().count()),
            excerpt: Some(Excerpt::new(line.trim_end_matches('\r'), fault)),
        };
        Self::in_file(rule, path, message).placed(place)
    }

    /// Adds what would have been right.
    #[must_use]
    pub fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    /// Adds what the reader could do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Returns the line of the place, counted from 1, if there is a place.
    pub fn line(&self) -> Option<u32> {
        self.place.as_ref().map(|place| place.line)
    }

    /// Returns the column of the place, counted in characters from 1, if there is a place.
    pub fn column(&self) -> Option<u32> {
        self.place.as_ref().map(|place| place.column)
    }

    fn placed(self, place: Place) -> Self {
        Self { place: Some(Box::new(place)), ..self }
    }
}

/// Returns the 1-based number of what has `before` others before it.
fn one_based(before: usize) -> u32 {
    u32::try_from(before).map_or(u32::MAX, |before| before.saturating_add(1))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = visible(&self.path);
        writeln!(f, "error[{}]: {}", self.rule, visible(&self.message))?;
        let mut gutter = 2;
        match &self.place {
            None => write!(f, "{:gutter$}--> {path}", "")?,
            Some(place) => {
                let Place { line, column, .. } = **place;
                gutter = line.to_string().len() + 1;
                write!(f, "{:gutter$}--> {path}:{line}:{column}", "")?;
                if let Some(excerpt) = &place.excerpt {
                    excerpt.write(f, line, gutter)?;
                }
            }
        }
        if let Some(expected) = &self.expected {
            write!(f, "\n{:gutter$} = expected: {}", "", visible(expected))?;
        }
        if let Some(help) = &self.help {
            write!(f, "\n{:gutter$} = help: {}", "", visible(help))?;
        }
        Ok(())
    }
}

impl Error for Problem {}

impl Serialize for Problem {
    /// Writes the problem for programs: without the excerpt, which they can cut out themselves.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Problem", 7)?;
        object.serialize_field("rule", self.rule)?;
        object.serialize_field("file", &self.path)?;
        object.serialize_field("line", &self.line())?;
        object.serialize_field("column", &self.column())?;
        object.serialize_field("message", &self.message)?;
        object.serialize_field("expected", &self.expected)?;
        object.serialize_field("help", &self.help)?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::Problem;

    /// Checks the lines under the message of a problem with `range` of `text`.
    fn check(text: &str, range: Range<usize>, expected: &[&str]) {
        let shown = Problem::in_text("rule", "a.json", "odd", text, range).to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "error[rule]: odd");
        assert_eq!(&lines[1..], expected, "{text:?}");
    }

    #[test]
    fn the_example_of_the_manual() {
        let text = "{\n\n\n  \"sedes\": 5,\n}\n";
        let path = "scenarios/backup/first.json";
        let problem = Problem::in_text("unknown-key", path, "unknown key `sedes`", text, 6..13)
            .expected("one of `seed`, `runs`, `objects`")
            .help("did you mean `seed`?");
        let expected = r#"error[unknown-key]: unknown key `sedes`
  --> scenarios/backup/first.json:4:3
   |
 4 |   "sedes": 5,
   |   ^^^^^^^
   = expected: one of `seed`, `runs`, `objects`
   = help: did you mean `seed`?"#;
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn places() {
        check("a\nb\r\nc", 2..3, &["  --> a.json:2:1", "   |", " 2 | b", "   | ^"]);
        check("\u{e9}\u{e9}x", 4..5, &["  --> a.json:1:3", "   |", " 1 | \u{e9}\u{e9}x", "   |   ^"]);
        check("[\n1]", 0..4, &["  --> a.json:1:1", "   |", " 1 | [", "   | ^"]);
        check("ab", 2..2, &["  --> a.json:1:3", "   |", " 1 | ab", "   |   ^"]);
        check("", 7..9, &["  --> a.json:1:1", "   |", " 1 |", "   | ^"]);
        let tenth = "\n".repeat(9) + "x";
        check(&tenth, 9..10, &["   --> a.json:10:1", "    |", " 10 | x", "    | ^"]);
        check("\u{e9}", 1..2, &["  --> a.json:1:1", "   |", " 1 | \u{e9}", "   | ^"]);
    }

    #[test]
    fn foreign_text_cannot_steer_the_terminal() {
        let problem = Problem::in_text("rule", "a\u{1b}", "b\nc", "\td\u{202e}\0", 1..2);
        let expected = "error[rule]: b?c\n  --> a?:1:2\n   |\n 1 |  d??\n   |  ^";
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn programs_get_every_field() {
        let problem = Problem::in_text("rule", "a.json", "odd", "x", 0..1).help("even");
        let json = serde_json::to_string(&problem).expect("a problem is plain data");
        let expected = concat!(
            r#"{"rule":"rule","file":"a.json","line":1,"column":1,"#,
            r#""message":"odd","expected":null,"help":"even"}"#
        );
        assert_eq!(json, expected);
    }
}
