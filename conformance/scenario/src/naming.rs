//! Findings about names.

use super::finding::{At, Finding, Findings};
use super::name::{Flaw, NAMES_MAX, Spelling};
use super::rule;
use truecount_json::{Span, is_active, quoted};

/// Reads a name or a range. Adds a finding and returns `None` if the text is neither.
pub(super) fn spelled<'a>(span: Span, text: &'a str, findings: &mut Findings) -> Option<Spelling<'a>> {
    match Spelling::read(text) {
        Ok(spelling) => return Some(spelling),
        Err(Flaw::Name) => {
            bad_name(span, text, findings);
        }
        Err(Flaw::Range(why)) => {
            let finding = findings.add(span, rule::BAD_RANGE, format!("{} is not a valid range: {why}", quoted(text)));
            finding.expected("a range such as `set-{1..256}` or `set-{001..256}`");
            if let Some(meant) = Spelling::meant(text) {
                finding.help(format!("did you mean {}?", quoted(&meant)));
            }
        }
    }
    None
}

/// Adds a finding for a text that is not a valid name.
pub(super) fn bad_name<'a>(span: Span, name: &str, findings: &'a mut Findings) -> &'a mut Finding {
    let finding = findings.add(span, rule::BAD_NAME, format!("{} is not a valid name", quoted(name)));
    finding.expected("1 to 64 letters, digits, `-`, `_` and `.`, starting with a letter or a digit");
    if let Some(meant) = Spelling::meant(name) {
        finding.help(format!("did you mean {}?", quoted(&meant)));
    }
    finding
}

/// Checks that a text for readers contains no character that a terminal would interpret or not show.
pub(super) fn check_text(text: &str, at: At<'_>, noun: &str, findings: &mut Findings) {
    if let Some((place, character)) = text.char_indices().find(|(_, character)| is_active(*character)) {
        let span = at.part(&(place..place + character.len_utf8()));
        findings
            .add(
                span,
                rule::ACTIVE_CHARACTER,
                format!("the {noun} contains the character U+{:04X}", u32::from(character)),
            )
            .expected("text on one line, without control characters, invisible characters or changes of direction")
            .help("remove the character: a terminal would interpret it or not show it");
    }
}

/// Adds a finding for a name that is given twice.
pub(super) fn duplicate(span: Span, noun: &str, name: &str, findings: &mut Findings) {
    findings
        .add(span, rule::DUPLICATE_NAME, format!("the {noun} {} is given twice", quoted(name)))
        .help("remove one of the two");
}

/// Adds a finding for ranges that expand to too many names.
pub(super) fn too_many_names(span: Span, findings: &mut Findings) {
    findings
        .add(span, rule::TOO_MANY, format!("the ranges expand to more than {NAMES_MAX} names"))
        .expected(format!("at most {NAMES_MAX} names in all ranges under this key together, over all runs"));
}
