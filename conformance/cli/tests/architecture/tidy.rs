//! Checks of every file, including tests. A file states its purpose, is short enough to read in one sitting, and
//! contains no unfinished work.

use proc_macro2::TokenStream;

use crate::source::{Finding, Source, tokens};

/// The maximum number of lines in a file.
const LINES_MAX: usize = 450;

/// A file begins with a comment that states its purpose.
pub(crate) fn header(sources: &[Source]) -> Vec<Finding> {
    let bare = sources.iter().filter(|source| !source.text.starts_with("//! "));
    bare.map(|source| source.finding(1, "the file has no header; state its purpose in a `//!` comment")).collect()
}

/// A file is short enough to be read in one sitting.
pub(crate) fn length(sources: &[Source]) -> Vec<Finding> {
    let long =
        sources.iter().map(|source| (source, source.text.lines().count())).filter(|(_, lines)| *lines > LINES_MAX);
    long.map(|(source, lines)| {
        source.finding(
            LINES_MAX + 1,
            format!("the file has {lines} lines, but at most {LINES_MAX} are allowed; split it by topic"),
        )
    })
    .collect()
}

// Each note is written in two pieces, so that this file does not violate its own rule.
const NOTES: [&str; 2] = [concat!("FIX", "ME"), concat!("XX", "X")];

/// The code contains no placeholder panic, no note and no ignored test, because unfinished work belongs in a plan.
pub(crate) fn left_over(sources: &[Source]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources {
        for (place, line) in source.text.lines().enumerate() {
            if let Some(note) = NOTES.into_iter().find(|note| line.contains(note)) {
                findings.push(source.finding(place + 1, format!("`{note}`: fix it, or describe the limitation")));
            }
        }
        // These tokens include tests, because the rule applies to tests as well.
        let stream: TokenStream = source.text.parse().unwrap_or_default();
        for three in tokens(stream).windows(3) {
            let message = match [&*three[0].text, &*three[1].text, &*three[2].text] {
                [name @ ("todo" | "unimplemented"), "!", _] => {
                    format!("`{name}!`: implement it, or return an error")
                }
                ["#", "[", "ignore"] => "an ignored test: fix it, or remove it".to_owned(),
                _ => continue,
            };
            findings.push(source.finding(three[0].line, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn lines(rule: fn(&[Source]) -> Vec<Finding>, text: &str) -> Vec<String> {
        rule(&[Source::new("sim/src/clock.rs", text)]).iter().map(ToString::to_string).collect()
    }

    #[rstest]
    #[case::none("fn f() {}\n", 1)]
    #[case::plain_comment("// A clock.\n", 1)]
    #[case::late("\n//! A clock.\n", 1)]
    #[case::empty("//!\n", 1)]
    #[case::good("//! A clock.\n", 0)]
    fn headers(#[case] text: &str, #[case] findings: usize) {
        assert_eq!(lines(header, text).len(), findings, "{text}");
    }

    #[rstest]
    #[case::at_the_limit(LINES_MAX, 0)]
    #[case::one_more(LINES_MAX + 1, 1)]
    fn lengths(#[case] count: usize, #[case] findings: usize) {
        assert_eq!(lines(length, &"// x\n".repeat(count)).len(), findings);
    }

    #[rstest]
    #[case::panic("fn f() { todo!() }")]
    #[case::panic_with_words("fn f() { unimplemented!(\"later\") }")]
    #[case::panic_in_a_test("#[cfg(test)] mod tests { fn f() { todo!() } }")]
    #[case::idle_test("#[test]\n#[ignore = \"slow\"]\nfn f() {}")]
    #[case::note(concat!("// FIX", "ME: later"))]
    #[case::mark(concat!("/* XX", "X */"))]
    fn unfinished_work_is_found(#[case] text: &str) {
        assert_eq!(lines(left_over, text).len(), 1, "{text}");
    }

    #[rstest]
    #[case::words("// Nothing to do; ignore the rest.\nfn todo() { ignore(\"todo!()\") }")]
    #[case::other_attribute("#[must_use] fn f() {}")]
    fn finished_work_is_not_found(#[case] text: &str) {
        assert_eq!(lines(left_over, text), [] as [&str; 0]);
    }

    #[test]
    fn a_finding_has_a_position_and_a_suggestion() {
        let findings = lines(left_over, "//! A clock.\n\nfn f() {\n    todo!()\n}\n");
        assert_eq!(findings, ["sim/src/clock.rs:4: `todo!`: implement it, or return an error"]);
    }
}
