//! Checkpoint files: the progress of a check, from which another process can resume.
//!
//! This module defines the format and determines to which check a file belongs. The caller decides when and where files
//! are written.

mod row;
mod sound;

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use truecount_sim::fault::FaultSet;

use crate::sums::{ScenarioResult, Swept};
use crate::tasks::{Part, ROUND, Share};
use truecount_contract::digest::sha256;
use truecount_json::problem::Problem;
use truecount_json::quoted;
use truecount_scenario::Scenario;

use row::Row;

/// The format of a checkpoint file.
pub const FORMAT: &str = "truecount-progress/1";

/// The maximum size of a checkpoint file in bytes. A file grows with the number of scenarios and of their possible
/// results, but not with the number of seeds.
pub const BYTES_MAX: u32 = 1 << 26;

/// The identity of the check to which a file belongs: everything that determines the number and the meaning of the
/// seeds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The version of the program.
    pub program: String,
    /// A digest of the executable. A few seeds cannot show whether another build simulates and judges in the same way,
    /// so the file of another build is refused.
    pub executable: String,
    /// The first seed of each scenario.
    pub seed: u64,
    /// The rule that ends the check.
    pub rule: String,
    /// The id of the planted bug, or `none`.
    pub mutant: String,
    /// Whether each seed is audited.
    pub audit: bool,
}

/// A scenario of the check. Its digests identify it. A new title, file or folder leaves them as they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// The id of the scenario, for messages.
    pub id: String,
    /// A digest of everything that is simulated.
    pub simulated: String,
    /// A digest of everything that is expected.
    pub expected: String,
    /// The kinds of fault that a seed may inject.
    pub faults: FaultSet,
}

impl Known {
    /// Returns what a file must state for a scenario, and what it may state.
    pub fn new(scenario: &Scenario) -> Self {
        let mut faults = scenario.fixture.faults.kinds();
        for shaped in &scenario.shapes {
            faults.extend(shaped.scenario.fixture.faults.kinds());
        }
        Self { id: scenario.id.clone(), simulated: scenario.simulated(), expected: scenario.expected(), faults }
    }
}

/// The check that reads a file.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    /// The identity that the file must state.
    pub identity: &'a Identity,
    /// The scenarios, in order.
    pub scenarios: &'a [Known],
    /// The seeds of each scenario, in the same order.
    pub shares: &'a [Share],
}

/// A checkpoint file. Its digest covers everything else in the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    sha256: String,
    check: Identity,
    rounds: u64,
    quiet: u64,
    /// The sums over the completed rounds.
    scenarios: Vec<Row>,
    /// The sums of further seeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Further>,
}

/// The sums of a task in a round that is not completed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Further {
    /// The index of the scenario in the file.
    scenario: u64,
    /// The first seed, as an offset from the first seed of the check.
    start: u64,
    sums: Row,
}

/// The maximum number of tasks whose sums are stored besides those of completed rounds. Further tasks are simulated
/// again.
const PARTS_MAX: usize = 4_096;

/// The part that is read from a file of any format. A scenario has all of these keys, too.
#[derive(Deserialize)]
struct Head {
    format: Option<serde_json::Value>,
    title: Option<IgnoredAny>,
    expect: Option<IgnoredAny>,
}

impl File {
    fn text(&self) -> String {
        serde_json::to_string(self).expect("a checkpoint is plain data") + "\n"
    }

    /// Returns the digest of everything except the digest itself.
    fn digest(&mut self) -> String {
        let stated = std::mem::take(&mut self.sha256);
        let digest = sha256(self.text().as_bytes());
        self.sha256 = stated;
        digest
    }
}

/// Returns the text of a checkpoint file.
pub fn text(check: &Identity, scenarios: &[Known], swept: &Swept) -> String {
    let rows = scenarios.iter().zip(&swept.results).map(|(known, result)| Row::new(known, result)).collect();
    let further = |(part, result): (&Part, &ScenarioResult)| Further {
        scenario: part.place as u64,
        start: part.start,
        sums: Row::new(&scenarios[part.place], result),
    };
    let mut file = File {
        format: FORMAT.to_owned(),
        sha256: String::new(),
        check: check.clone(),
        rounds: swept.rounds,
        quiet: swept.quiet,
        scenarios: rows,
        parts: swept.parts.iter().take(PARTS_MAX).map(further).collect(),
    };
    file.sha256 = file.digest();
    let text = file.text();
    if text.len() <= BYTES_MAX as usize || file.parts.is_empty() {
        return text;
    }
    // A longer file could not be read again.
    file.parts.clear();
    file.sha256 = file.digest();
    file.text()
}

/// Parses the text of a checkpoint file. `shown` is the name of the file in messages.
///
/// # Errors
///
/// Returns the problem of a file that has a different format, belongs to another check, or was changed.
pub fn read(shown: &str, text: &str, check: Check<'_>) -> Result<Swept, Problem> {
    let problem = |rule, message: String, expected: Option<String>| {
        let problem = Problem::in_file(rule, shown, message).help(NEW);
        if let Some(expected) = expected { problem.expected(expected) } else { problem }
    };
    // The format comes first, because a different format may have different fields.
    if let Ok(head) = serde_json::from_str(text) {
        same_format(shown, text, &head)?;
    }
    let mut file: File = serde_json::from_str(text).map_err(|error| damaged(shown, text, &error))?;
    same_settings(&file.check, check.identity)
        .map_err(|(rule, message, expected)| problem(rule, message, Some(expected)))?;
    let digest = file.digest();
    if digest != file.sha256 {
        let message = "the file was changed after it was written".to_owned();
        return Err(problem("digest-differs", message, Some(format!("`{digest}`"))));
    }
    let rows = in_order(file.scenarios, check.scenarios)
        .map_err(|(message, expected)| problem("other-scenarios", message, expected))?;
    let mut swept = Swept { rounds: file.rounds, quiet: file.quiet, ..Swept::nothing(0) };
    let sums = |row: Row| {
        let id = row.id.clone();
        let unknown =
            |name: String| problem("unknown-name", format!("`{id}`: the name {} is unknown", quoted(&name)), None);
        row.result().map_err(unknown)
    };
    let mut places = BTreeMap::new();
    for (place, (stated, row)) in rows.into_iter().enumerate() {
        places.insert(stated, place);
        swept.results.push(sums(row)?);
    }
    for Further { scenario, start, sums: row } in file.parts {
        let Some(place) = places.get(&scenario).copied() else {
            let message = format!("`parts` names the scenario {scenario}, which is not in the file");
            return Err(problem("implausible-sums", message, None));
        };
        swept.parts.insert(Part { round: start / ROUND, place, start }, sums(row)?);
    }
    sound::check(&swept, check).map_err(|message| problem("implausible-sums", message, None))?;
    Ok(swept)
}

/// Checks that a file that can be read as JSON is a checkpoint file of this format.
fn same_format(shown: &str, text: &str, head: &Head) -> Result<(), Problem> {
    let stated = head.format.as_ref().and_then(serde_json::Value::as_str);
    match stated {
        Some(FORMAT) => Ok(()),
        Some(other) => {
            Err(Problem::in_file("unknown-format", shown, format!("the format {} is unknown", quoted(other)))
                .expected(quoted(FORMAT))
                .help(NEW))
        }
        None => {
            let is_scenario = head.title.is_some() && head.expect.is_some();
            let what =
                if is_scenario { "this is a scenario, not a checkpoint file" } else { "this is not a checkpoint file" };
            let help = if is_scenario {
                "name scenarios before the options, and a file that does not exist yet after --resume"
            } else {
                "name a file that does not exist yet"
            };
            Err(Problem::in_text("no-checkpoint", shown, what, text, 0..1).help(help))
        }
    }
}

/// Checks that a file belongs to a check with these settings. The error is a diagnostic rule, a message and the expected
/// value.
fn same_settings(stated: &Identity, here: &Identity) -> Result<(), (&'static str, String, String)> {
    let settings: [(&str, &str, &str, &str); 6] = [
        ("program", "other-program", &stated.program, &here.program),
        ("executable", "other-program", &stated.executable, &here.executable),
        ("seed", "other-settings", &stated.seed.to_string(), &here.seed.to_string()),
        ("rule", "other-settings", &stated.rule, &here.rule),
        ("mutant", "other-settings", &stated.mutant, &here.mutant),
        ("audit", "other-settings", &stated.audit.to_string(), &here.audit.to_string()),
    ];
    for (key, rule, stated, here) in settings {
        if stated != here {
            let whose = if rule == "other-program" { "another build of the program" } else { "another check" };
            let message = format!("the file belongs to {whose}: `{key}` is {}", quoted(stated));
            return Err((rule, message, quoted(here)));
        }
    }
    Ok(())
}

/// A row, and its index in the file.
type Placed = (u64, Row);

/// Returns the rows of a file in the order of the scenarios of this check. The error is a message and the expected
/// value, if any.
fn in_order(rows: Vec<Row>, scenarios: &[Known]) -> Result<Vec<Placed>, (String, Option<String>)> {
    let mut known: BTreeMap<(String, String), Vec<Placed>> = BTreeMap::new();
    for (row, place) in rows.into_iter().zip(0_u64..).collect::<Vec<_>>().into_iter().rev() {
        known.entry((row.simulated.clone(), row.expected.clone())).or_default().push((place, row));
    }
    let mut ordered = Vec::new();
    for Known { id, simulated, expected, .. } in scenarios {
        if let Some(row) = known.get_mut(&(simulated.clone(), expected.clone())).and_then(Vec::pop) {
            ordered.push(row);
            continue;
        }
        let same_id = known.values().flatten().map(|(_, row)| row).find(|row| row.id == *id);
        return Err(match same_id {
            Some(row) if row.simulated != *simulated => {
                (format!("what `{id}` simulates has changed since the file was written"), Some(quoted(simulated)))
            }
            Some(_) => {
                (format!("the expectations of `{id}` have changed since the file was written"), Some(quoted(expected)))
            }
            None => (format!("the file has no scenario `{id}`"), None),
        });
    }
    match known.into_values().flatten().next() {
        Some((_, row)) => {
            Err((format!("the file has a scenario that this check does not have, {}", quoted(&row.id)), None))
        }
        None => Ok(ordered),
    }
}

/// Returns the problem of a text that is not JSON or not a checkpoint.
fn damaged(shown: &str, text: &str, error: &serde_json::Error) -> Problem {
    let (line, column) = (error.line(), error.column());
    let whole = error.to_string();
    let message = whole.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&whole);
    // The message may repeat a key of any length.
    let message: String = message.chars().take(MESSAGE_MAX).collect();
    let (rule, message) = match error.classify() {
        Category::Eof => ("json-syntax", format!("the file is cut off: {message}")),
        Category::Io | Category::Syntax => ("json-syntax", message),
        Category::Data => ("no-checkpoint", format!("the file is not a valid checkpoint file: {message}")),
    };
    // The column counts bytes.
    let before = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let at = before + column.saturating_sub(1);
    Problem::in_text(rule, shown, message, text, at..at + 1).help(DAMAGED)
}

/// The maximum number of characters shown of a message from `serde_json`.
const MESSAGE_MAX: usize = 200;

/// The help for a file that belongs to another check.
const NEW: &str = "resume with the same executable, scenarios and options, or name a file that does not exist yet";

/// The help for a file that is not a checkpoint file.
pub const DAMAGED: &str = "restore the original file, or name a file that does not exist yet";

#[cfg(test)]
mod tests;
