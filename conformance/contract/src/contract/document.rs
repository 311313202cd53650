//! The contract as a document: `spec/contract.md`, generated from `spec/requirements.json`.
//!
//! This module adds the headings, the tables and the names of their columns. It does not depend on the results of a
//! check.

use super::prose::{Group, Prose, prose};
use super::{FamilyRow, Profile, ResolutionRow, profiles, resolutions};
use crate::clause::{Row, rows};

/// The first line of the file, before the document.
pub(crate) const FIRST_LINE: &str =
    "<!-- Written by `truecount spec --contract` from requirements.json. Edit that file. -->";

/// The group whose section ends with the follow-ups.
const BOUNDARY: &str = "BOUND";

/// The maximum number of characters in a line of a paragraph that is made from a list.
const WIDTH: usize = 122;

/// Returns the document, with [`FIRST_LINE`] before it.
pub fn document() -> String {
    let prose = prose();
    let mut text = format!("{FIRST_LINE}\n# {}\n", prose.title);
    prose.introduction.iter().for_each(|lines| paragraph(&mut text, lines));
    terms(&mut text);
    profiles_and_resolutions(&mut text);
    for (index, group) in prose.groups.iter().enumerate() {
        section_of(&mut text, index + 3, group);
        if group.id == BOUNDARY {
            text.push('\n');
            fill(&mut text, &follow_ups(prose));
        }
    }
    let last = prose.groups.len() + 3;
    for (index, rule) in prose.rules.iter().enumerate() {
        if index == 0 {
            heading(&mut text, last, &rule.title);
            paragraph(&mut text, &rule.text);
        } else {
            let first = rule.text.first().map_or("", String::as_str);
            let lines = [&[format!("**{}.** {first}", rule.title)], rule.text.get(1..).unwrap_or_default()].concat();
            paragraph(&mut text, &lines);
        }
    }
    text
}

/// Writes section 1.
pub fn terms(text: &mut String) {
    heading(text, 1, "Terms");
    table(text, &["term", "meaning"], prose().terms.iter().map(|row| vec![row.term.clone(), row.meaning.clone()]));
}

/// Writes section 2.
pub fn profiles_and_resolutions(text: &mut String) {
    let prose = prose();
    heading(text, 2, "Profiles, families and resolutions");
    let declarations = &prose.declarations;
    subheading(text, &declarations.title);
    paragraph(text, &declarations.before);
    let rows = declarations.rows.iter().map(|row| vec![row.declaration.clone(), row.states.clone()]);
    table(text, &["declaration", "what it states"], rows);
    declarations.after.iter().for_each(|lines| paragraph(text, lines));
    for profile in profiles() {
        subheading(text, &profile.title);
        if !profile.before.is_empty() {
            paragraph(text, &profile.before);
        }
        let head = ["family", "unit", "plan is taken from", "mode", "jobs", "side effects"];
        table(text, &head, families(profile).into_iter());
    }
    subheading(text, "Resolutions");
    paragraph(text, &prose.resolutions_before);
    let head = ["provider response, or limit reached", "resolution", "retried first?"];
    table(text, &head, resolution_cells().into_iter());
    paragraph(text, &prose.resolutions_after);
}

/// Returns the table rows for the families of a profile. Adjacent families that differ only in name share a row.
fn families(profile: &Profile) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in &profile.families {
        let (name, cells) = (format!("`{}`", row.name), family_cells(row));
        match rows.last_mut().filter(|last| last[1..] == cells[..]) {
            Some(last) => last[0] = format!("{}, {name}", last[0]),
            None => rows.push([vec![name], cells].concat()),
        }
    }
    rows
}

fn family_cells(row: &FamilyRow) -> Vec<String> {
    let mode = match (row.mode.as_str(), row.mode_note.as_str()) {
        ("activity", "") => "activity only".to_owned(),
        ("activity", note) => format!("activity only: {note}"),
        (mode, _) => mode.to_owned(),
    };
    let jobs = if row.fan_out { "fan-out" } else { "single" };
    let side_effects = match row.side_effects.as_str() {
        "rows" => "own rows",
        "none" => "–",
        other => other,
    };
    [row.unit.as_str(), &row.plan, &mode, jobs, side_effects].map(str::to_owned).to_vec()
}

/// Returns the rows of the table of resolutions. Adjacent resolutions with the same meaning share a row.
fn resolution_cells() -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for row in resolutions() {
        let resolution = resolution_cell(row);
        match rows.last_mut().filter(|last| last[0] == row.means) {
            Some(last) if last[1] == resolution => {}
            Some(last) => last[1] = format!("{}, {resolution}", last[1]),
            None => rows.push(vec![row.means.clone(), resolution, row.retried_first.clone()]),
        }
    }
    rows
}

fn resolution_cell(row: &ResolutionRow) -> String {
    let resolution = row.resolution.as_ref().map_or_else(|| "none yet".to_owned(), |name| format!("`{name}`"));
    let space = if row.note.is_empty() || row.note.starts_with(':') { "" } else { " " };
    format!("{resolution}{space}{}", row.note)
}

fn section_of(text: &mut String, number: usize, group: &Group) {
    heading(text, number, &format!("{} – {}", group.id, group.title));
    if !group.note.is_empty() {
        paragraph(text, &group.note);
    }
    let letters = |row: &Row| row.kinds.iter().map(|kind| kind.letter()).collect::<String>();
    let cells = |row: &Row| vec![row.id.clone(), letters(row), row.text.clone(), row.from.join(" ")];
    let rows = rows().iter().filter(|row| row.id.split('-').next() == Some(&*group.id));
    table(text, &["id", "kind", "clause", "from"], rows.map(cells));
}

fn follow_ups(prose: &Prose) -> String {
    let named: Vec<String> = prose
        .excluded
        .iter()
        .map(|left| match &left.number {
            Some(number) => format!("{} ({number})", left.title),
            None => left.title.clone(),
        })
        .collect();
    format!("{} {}.", prose.excluded_before, named.join(", "))
}

fn heading(text: &mut String, number: usize, title: &str) {
    text.push_str(&format!("\n## {number}. {title}\n"));
}

fn subheading(text: &mut String, title: &str) {
    text.push_str(&format!("\n### {title}\n"));
}

fn paragraph(text: &mut String, lines: &[String]) {
    text.push_str(&format!("\n{}\n", lines.join("\n")));
}

/// Writes a text in lines of at most [`WIDTH`] characters.
fn fill(text: &mut String, long: &str) {
    let mut width = 0;
    for word in long.split_whitespace() {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            text.push('\n');
            width = 0;
        }
        let space = if width > 0 { " " } else { "" };
        text.push_str(space);
        text.push_str(word);
        width += space.len() + length;
    }
    text.push('\n');
}

fn table(text: &mut String, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let rule = vec!["---"; head.len()];
    text.push_str(&format!("\n| {} |\n| {} |\n", head.join(" | "), rule.join(" | ")));
    rows.for_each(|cells| text.push_str(&format!("| {} |\n", cells.join(" | "))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_wrapped_between_words_within_the_width() {
        let mut text = String::new();
        fill(&mut text, &"truth ".repeat(60));
        assert!(text.lines().all(|line| line.len() <= WIDTH && line.split(' ').all(|word| word == "truth")), "{text}");
        assert_eq!(text.split_whitespace().count(), 60);
    }
}
