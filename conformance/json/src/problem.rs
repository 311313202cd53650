//! A problem with a file, shown as `rustc` would show it.
//!
//! ```text
//! error[unknown-key]: unknown key `sedes`
//!  --> scenarios/backup/first.json:4:3
//!   |
//! 4 |   "sedes": 5,
//!   |   ^^^^^^^
//!   |
//!   = expected: one of `seed`, `runs`, `objects`
//!   = help: did you mean `seed`?
//! ```
//!
//! This module renders messages and their locations. It does not depend on formats. The reader of a format supplies the
//! message.

mod excerpt;
mod file;
mod lines;

use std::error::Error;
use std::fmt;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use excerpt::{Excerpt, visible};
pub use lines::Lines;

/// The maximum number of columns in the rendered problem, including line numbers.
const WIDTH: usize = 100;

/// How severe a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is wrong, and is not used.
    Error,
    /// The file can be used, but a part of it has no effect or shows nothing.
    Warning,
}

impl Severity {
    /// Returns the name, as shown at the start of a message and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A problem with a file as a whole, or with a location in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Whether the problem is an error or a warning.
    pub severity: Severity,
    /// The short code of the violated rule, such as `json-syntax` or `unknown-key`.
    pub rule: &'static str,
    /// The path of the file as shown to the reader.
    pub path: Box<str>,
    /// The message, a sentence fragment in the style of `rustc`.
    pub message: String,
    /// The expected content, if the message does not state it.
    pub expected: Option<String>,
    /// A hint on how to fix the problem.
    pub help: Option<String>,
    /// Boxed, because problems are returned in the `Err` of many results.
    location: Option<Box<Location>>,
}

/// A location in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Location {
    line: u32,
    column: u32,
    /// The text around the location, if there is any.
    excerpt: Option<Excerpt>,
}

impl Problem {
    /// Returns a problem with a file as a whole. It is an error unless [`warning`](Self::warning) follows.
    pub fn in_file(rule: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        let (path, message) = (path.into().into_boxed_str(), message.into());
        Self { severity: Severity::Error, rule, path, message, expected: None, help: None, location: None }
    }

    /// Returns a problem with the bytes `range` of `text`, the content of the file.
    ///
    /// If the range spans several lines, only the first line is shown. A bound that is outside the text or inside a
    /// character is moved back to the nearest valid offset.
    pub fn in_text(
        rule: &'static str,
        path: impl Into<String>,
        message: impl Into<String>,
        text: &str,
        range: Range<usize>,
    ) -> Self {
        Self::in_lines(rule, path, message, text, &Lines::of(text), range)
    }

    /// Like [`in_text`](Self::in_text), but the caller supplies the lines of `text`. Use this function if one text has
    /// many problems.
    pub(crate) fn in_lines(
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
        let location = Location {
            line: one_based(number),
            column: one_based(line[..fault.start].chars().count()),
            excerpt: Some(Excerpt::new(line.trim_end_matches('\r'), fault)),
        };
        Self::in_file(rule, path, message).located(location)
    }

    /// Turns the problem into a warning.
    #[must_use]
    pub fn warning(self) -> Self {
        Self { severity: Severity::Warning, ..self }
    }

    /// Returns whether the problem is an error, so that its file cannot be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Adds the expected content.
    #[must_use]
    pub fn expected(self, expected: impl Into<String>) -> Self {
        Self { expected: Some(expected.into()), ..self }
    }

    /// Adds a hint on how to fix the problem.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Returns the line of the location, counted from 1; `None` if the problem has no location.
    pub fn line(&self) -> Option<u32> {
        self.location.as_ref().map(|location| location.line)
    }

    /// Returns the column of the location, counted in characters from 1; `None` if the problem has no location.
    pub fn column(&self) -> Option<u32> {
        self.location.as_ref().map(|location| location.column)
    }

    fn located(self, location: Location) -> Self {
        Self { location: Some(Box::new(location)), ..self }
    }
}

/// Returns the number, counted from 1, of the item that follows `before` other items.
fn one_based(before: usize) -> u32 {
    u32::try_from(before).map_or(u32::MAX, |before| before.saturating_add(1))
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let excerpt = self.location.as_ref().and_then(|location| Some((location.line, location.excerpt.as_ref()?)));
        let snippet = excerpt.map(|(line, excerpt)| {
            let location = AnnotationKind::Primary.span(excerpt.marked.clone());
            Snippet::source(&*excerpt.shown).line_start(line as usize).annotation(location)
        });
        let note =
            |level: Level<'static>, text: &Option<String>| text.as_ref().map(|text| level.message(visible(text)));
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let group = Group::with_title(level.primary_title(visible(&self.message)).id(self.rule))
            .elements(snippet)
            .elements(note(Level::NOTE.with_name("expected"), &self.expected))
            .elements(note(Level::HELP, &self.help));
        let drawn = Renderer::plain().decor_style(DecorStyle::Ascii).term_width(WIDTH).render(&[group]);
        // We write the file and the location ourselves. The snippet is only a part of a line, so its columns would be
        // counted from the start of that part.
        let (title, rest) = drawn.split_once('\n').unwrap_or((&drawn, ""));
        let gutter = excerpt.map_or(0, |(line, _)| line.to_string().len());
        write!(f, "{title}\n{:gutter$}--> {}", "", visible(&self.path))?;
        if let Some(location) = &self.location {
            write!(f, ":{}:{}", location.line, location.column)?;
        }
        if rest.is_empty() { Ok(()) } else { write!(f, "\n{rest}") }
    }
}

impl Error for Problem {}

impl Serialize for Problem {
    /// Serialises the problem without the excerpt, since a program can read that part of the file itself.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Problem", 8)?;
        object.serialize_field("severity", self.severity.name())?;
        object.serialize_field("rule", self.rule)?;
        object.serialize_field("file", &*self.path)?;
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

    use proptest::prelude::*;

    use super::{Problem, WIDTH};

    /// Checks the lines below the message of a problem with `range` of `text`.
    fn check(text: &str, range: Range<usize>, expected: &[&str]) {
        let shown = Problem::in_text("rule", "a.json", "odd", text, range).to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "error[rule]: odd");
        assert_eq!(&lines[1..], expected, "{text:?}");
    }

    #[test]
    fn the_example_in_the_documentation() {
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
  |
  = expected: one of `seed`, `runs`, `objects`
  = help: did you mean `seed`?"#;
        assert_eq!(problem.to_string(), expected);
    }

    #[test]
    fn locations() {
        check("a\nb\r\nc", 2..3, &[" --> a.json:2:1", "  |", "2 | b", "  | ^"]);
        check("\u{e9}\u{e9}x", 4..5, &[" --> a.json:1:3", "  |", "1 | \u{e9}\u{e9}x", "  |   ^"]);
        check("[\n1]", 0..4, &[" --> a.json:1:1", "  |", "1 | [", "  | ^"]);
        check("ab", 2..2, &[" --> a.json:1:3", "  |", "1 | ab", "  |   ^"]);
        check("", 7..9, &[" --> a.json:1:1", "  |", "1 |", "  | ^"]);
        let tenth = "\n".repeat(9) + "x";
        check(&tenth, 9..10, &["  --> a.json:10:1", "   |", "10 | x", "   | ^"]);
        check("\u{e9}", 1..2, &[" --> a.json:1:1", "  |", "1 | \u{e9}", "  | ^"]);
    }

    #[test]
    fn a_warning_is_drawn_like_an_error_under_its_own_name() {
        let problem = Problem::in_text("rule", "a.json", "odd", "x", 0..1).warning();
        assert_eq!(problem.to_string(), "warning[rule]: odd\n --> a.json:1:1\n  |\n1 | x\n  | ^");
        assert!(!problem.is_error());
        let json = serde_json::to_value(&problem).expect("a problem serialises to JSON");
        assert_eq!(json["severity"], "warning");
    }

    #[test]
    fn foreign_text_cannot_control_the_terminal() {
        let problem = Problem::in_text("rule", "a\u{1b}", "b\nc", "\td\u{202e}\0", 1..2);
        let expected = "error[rule]: b?c\n --> a?:1:2\n  |\n1 |  d??\n  |  ^";
        assert_eq!(problem.to_string(), expected);
    }

    /// Checks how a line is cut around a location.
    #[track_caller]
    fn check_cut(line: &str, location: Range<usize>, shown: &str, carets: &str) {
        let drawn = Problem::in_text("rule", "a", "odd", line, location).to_string();
        let lines: Vec<&str> = drawn.lines().skip(3).collect();
        assert_eq!(lines, [format!("1 | {shown}"), format!("  | {carets}")], "{drawn}");
    }

    #[test]
    fn long_lines_are_cut_around_the_location() {
        let (a, b) = ("a".repeat(200), "b".repeat(200));
        check_cut(&a[..90], 89..90, &a[..90], &format!("{:89}^", ""));
        check_cut(&format!("x{a}"), 0..1, &format!("x{}...", &a[..92]), "^");
        let shown = format!("...{}xyz{}...", &a[..43], &b[..44]);
        check_cut(&format!("{a}xyz{b}"), 200..203, &shown, &format!("{:46}^^^", ""));
        check_cut(&a, 0..200, &format!("{}...", &a[..93]), &"^".repeat(80));
    }

    #[test]
    fn wide_characters_take_two_columns_and_accents_none() {
        check_cut("\u{6a21}\u{578b} x", 7..8, "\u{6a21}\u{578b} x", "     ^");
        check_cut("\u{1f600}x", 0..4, "\u{1f600}x", "^^");
        check_cut("e\u{301}x", 3..4, "e\u{301}x", " ^");
        check_cut("\t\tx", 2..3, "  x", "  ^");
    }

    #[test]
    fn the_rendered_part_of_a_long_line_is_short() {
        for character in ["\u{301}", "a", "\u{6a21}", "\u{1f600}", "\t", "\u{9b}"] {
            let many = character.repeat(1 << 20);
            for range in [
                0..1,
                0..many.len(),
                many.len() / 2..many.len() / 2 + 9,
                many.len() / 2..many.len(),
                many.len()..many.len() + 1,
            ] {
                let drawn = Problem::in_text("rule", "a", "odd", &format!("{many}x{many}"), range).to_string();
                let widest = drawn.lines().map(|line| line.chars().count()).max();
                assert!(widest <= Some(if character == "\u{301}" { 300 } else { WIDTH }), "{drawn}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn only_visible_text_is_rendered(
            text in "[a\\t\\r\\n \\PC\\p{Cc}\\p{Cf}\u{6a21}]{0,300}",
            start in 0..1000_usize,
            length in 0..1000_usize,
        ) {
            let problem = Problem::in_text("rule", &*text, &*text, &text, start..start + length);
            let drawn = problem.expected(&*text).help(&*text).to_string();
            let bare = |character: &char| *character != '\n' && (character.is_control() || "\u{200b}\u{202e}\u{2066}\u{feff}".contains(*character));
            prop_assert_eq!(drawn.chars().find(bare), None, "{:?}", drawn);
            let lines: Vec<&str> = drawn.lines().collect();
            prop_assert!(lines.len() == 8 && lines[4].ends_with('^'), "{}", drawn);
        }
    }

    #[test]
    fn every_field_is_serialised() {
        let problem = Problem::in_text("rule", "a.json", "odd", "x", 0..1).help("even");
        let json = serde_json::to_string(&problem).expect("a problem serialises to JSON");
        let expected = concat!(
            r#"{"severity":"error","rule":"rule","file":"a.json","line":1,"column":1,"#,
            r#""message":"odd","expected":null,"help":"even"}"#
        );
        assert_eq!(json, expected);
    }
}
