//! How names are written: a single name, or a range such as `set-{001..256}`.

use std::borrow::Cow;

/// The maximum number of names to which the ranges in one part of a file may expand. This is also the maximum number of
/// units in a run.
pub(super) const NAMES_MAX: usize = truecount_engine::plan::UNITS_MAX;

/// The maximum length of a name, in characters.
const LONGEST: usize = 64;
/// The maximum number of digits in a bound. This is enough for [`NAMES_MAX`] names and cannot overflow.
const DIGITS_MAX: usize = 9;

/// A name or a range of names, as an author writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spelling<'a> {
    /// A single name.
    One(&'a str),
    /// A name for each number from `first` to `last`.
    Range {
        /// The part before the number.
        head: &'a str,
        /// The part after the number.
        tail: &'a str,
        /// The first number.
        first: usize,
        /// The last number.
        last: usize,
        /// The number of digits to which a number is padded with zeros.
        width: usize,
    },
}

/// The reason why a text is not a valid name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flaw {
    /// The name is empty, too long or contains an invalid character.
    Name,
    /// The braces do not contain a valid range.
    Range(&'static str),
}

/// Returns whether `text` is a name: letters, digits, `-`, `_` and `.`, starting with a letter or a digit.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST && text.starts_with(|first: char| first.is_ascii_alphanumeric()) && is_part(text)
}

/// Returns whether `text` is the id of a scenario in a group: names separated by `/`.
pub fn is_id(text: &str) -> bool {
    text.contains('/') && text.split('/').all(is_name)
}

fn is_part(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

impl<'a> Spelling<'a> {
    /// Reads a name or a range.
    pub(super) fn read(text: &'a str) -> Result<Self, Flaw> {
        let Some((head, rest)) = text.split_once('{') else {
            return if is_name(text) { Ok(Self::One(text)) } else { Err(Flaw::Name) };
        };
        let (range, tail) = rest.split_once('}').ok_or(Flaw::Range("the brace is not closed"))?;
        let (first, last) =
            range.split_once("..").ok_or(Flaw::Range("the braces must contain two numbers separated by `..`"))?;
        if last.starts_with('.') {
            return Err(Flaw::Range("there must be exactly two dots between the numbers"));
        }
        let (from, to) = (number(first)?, number(last)?);
        if from > to {
            return Err(Flaw::Range("the first number is greater than the last"));
        }
        let padded = |digits: &str| digits.len() > 1 && digits.starts_with('0');
        let width = match padded(first) || padded(last) {
            true if first.len() != last.len() => {
                return Err(Flaw::Range("numbers with leading zeros must have the same number of digits"));
            }
            true => first.len(),
            false => 0,
        };
        // If the longest name of the range is valid, all its names are.
        if is_name(&format!("{head}{last}{tail}")) {
            Ok(Self::Range { head, tail, first: from, last: to, width })
        } else {
            Err(Flaw::Name)
        }
    }

    /// Returns the name or range that an invalid name was probably meant to be. In the result, the bounds of a range
    /// are in order, and each invalid character of a name is replaced by a dash.
    pub(super) fn meant(text: &str) -> Option<String> {
        if text.len() > 2 * LONGEST {
            return None;
        }
        let range = text.split_once(['{', '[', '(']).and_then(|(head, rest)| {
            let (first, rest) = rest.split_at(digits_of(rest));
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_punctuation() || c == ' ');
            let (last, tail) = rest.split_at(digits_of(rest));
            let tail = tail.trim_start_matches(['}', ']', ')', ' ']);
            let backwards = first.parse::<u32>().ok()? > last.parse::<u32>().ok()?;
            let (first, last) = if backwards { (last, first) } else { (first, last) };
            let width = if first.starts_with('0') { last.len() } else { 0 };
            Some(format!("{head}{{{first:0>width$}..{last}}}{tail}"))
        });
        let dash = |c: char| if is_part(c.encode_utf8(&mut [0; 4])) { c } else { '-' };
        let dashed = || text.chars().map(dash).collect::<String>().trim_matches('-').to_owned();
        let meant = if text.contains(['{', '[', '(']) { range } else { Some(dashed()) };
        meant.filter(|meant| Spelling::read(meant).is_ok())
    }

    /// Returns the number of names.
    pub(super) fn len(self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Range { first, last, .. } => last - first + 1,
        }
    }

    /// Returns the names, in order.
    pub(super) fn names(self) -> impl Iterator<Item = Cow<'a, str>> {
        let (first, last) = match self {
            Self::One(_) => (0, 0),
            Self::Range { first, last, .. } => (first, last),
        };
        (first..=last).map(move |number| match self {
            Self::One(name) => Cow::Borrowed(name),
            Self::Range { head, tail, width, .. } => Cow::Owned(format!("{head}{number:0width$}{tail}")),
        })
    }
}

/// Returns the number of digits at the start of a text.
fn digits_of(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn number(digits: &str) -> Result<usize, Flaw> {
    let plain = digits.len() <= DIGITS_MAX && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if plain { digits.parse().ok() } else { None };
    number.ok_or(Flaw::Range("a bound must be a number of at most 9 digits"))
}

#[cfg(test)]
mod tests {
    use super::{Flaw, Spelling};

    /// Checks that `text` expands to `expected`, in which spaces separate the names.
    fn check(text: &str, expected: &str) {
        let spelling = Spelling::read(text).expect("a name or a range");
        let names: Vec<_> = spelling.names().collect();
        assert_eq!(names.join(" "), expected);
        assert_eq!(names.len(), spelling.len(), "{text}");
    }

    #[test]
    fn names_and_ranges_expand() {
        check("set-1", "set-1");
        check("Device.Configuration_2", "Device.Configuration_2");
        check("set-{9..11}", "set-9 set-10 set-11");
        check("set-{09..11}", "set-09 set-10 set-11");
        check("{0..2}a", "0a 1a 2a");
        check("a{7..7}", "a7");
    }

    #[test]
    fn near_misses_have_a_suggestion() {
        let check = |text: &str, meant: Option<&str>| assert_eq!(Spelling::meant(text).as_deref(), meant, "{text}");
        check("set-{3..1}", Some("set-{1..3}"));
        check("set-{4-6}", Some("set-{4..6}"));
        check("set-{7...9}x", Some("set-{7..9}x"));
        check("set-{01..100}", Some("set-{001..100}"));
        check("set-[10..12]", Some("set-{10..12}"));
        check("set-{1..2", Some("set-{1..2}"));
        check("a b", Some("a-b"));
        check("-a", Some("a"));
        for text in ["", "--", "set-{}", "é", "{1..9999999999}", &"a b".repeat(100)] {
            check(text, None);
        }
    }

    #[test]
    fn invalid_names_and_ranges_are_rejected() {
        for text in ["", "-a", "a b", "a\n", "é", "a}", "a/b", &"a".repeat(65), "é{1..2}", "{1..2}{1..2}"] {
            assert_eq!(Spelling::read(text), Err(Flaw::Name), "{text}");
        }
        for text in ["a{1..2", "a{}", "a{1}", "a{1-2}", "a{..}", "a{2..1}", "a{1..010}", "a{01..2}", "a{1..1000000000}"]
        {
            assert!(matches!(Spelling::read(text), Err(Flaw::Range(_))), "{text}");
        }
    }
}
