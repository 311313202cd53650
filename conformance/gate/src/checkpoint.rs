//! Checkpoint files: the progress of a check, from which another process can resume.
//!
//! This module defines the format and determines to which check a file belongs. The caller decides when and where files
//! are written.

mod row;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::sums::Swept;
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
    /// A digest of how the first seed of each scenario is simulated and judged. It changes if a build simulates or
    /// judges differently, even under the same version number.
    pub simulations: String,
    /// The first seed of each scenario.
    pub seed: u64,
    /// The rule that ends the check.
    pub rule: String,
    /// The id of the planted bug, or `none`.
    pub mutant: String,
    /// Whether each seed is audited.
    pub audit: bool,
}

/// A scenario of the check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// The id of the scenario.
    pub id: String,
    /// A digest of everything that the scenario states.
    pub sha256: String,
}

impl Known {
    /// Returns the id and the digest that a file must state for a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        Self { id: scenario.id.clone(), sha256: scenario.sha256() }
    }
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
    scenarios: Vec<Row>,
}

/// The part that is read from a file of any format.
#[derive(Deserialize)]
struct Head {
    format: String,
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
    let mut file = File {
        format: FORMAT.to_owned(),
        sha256: String::new(),
        check: check.clone(),
        rounds: swept.rounds,
        quiet: swept.quiet,
        scenarios: rows,
    };
    file.sha256 = file.digest();
    file.text()
}

/// Parses the text of a checkpoint file. `shown` is the name of the file in messages. `simulated` takes the index of a
/// scenario and a number of rounds, and returns the number of seeds that these rounds simulate.
///
/// # Errors
///
/// Returns the problem of a file that has a different format, belongs to another check, or was changed.
pub fn read(
    shown: &str,
    text: &str,
    check: &Identity,
    scenarios: &[Known],
    simulated: impl Fn(usize, u64) -> u64,
) -> Result<Swept, Problem> {
    let problem = |rule, message: String| Problem::in_file(rule, shown, message).help(NEW);
    // The format comes first, because a different format may have different fields.
    if let Ok(Head { format }) = serde_json::from_str(text)
        && format != FORMAT
    {
        let message = format!("the format {} is unknown", quoted(&format));
        return Err(problem("unknown-format", message).expected(quoted(FORMAT)));
    }
    let mut file: File = serde_json::from_str(text).map_err(|error| damaged(shown, text, &error))?;
    same_check(&file, check, scenarios).map_err(|(rule, message, expected)| {
        let problem = problem(rule, message);
        if let Some(expected) = expected { problem.expected(expected) } else { problem }
    })?;
    let digest = file.digest();
    if digest != file.sha256 {
        let message = "the file was changed after it was written".to_owned();
        return Err(problem("digest-differs", message).expected(format!("`{digest}`")));
    }
    let mut swept = Swept { rounds: file.rounds, quiet: file.quiet, ..Swept::nothing(0) };
    for (place, row) in file.scenarios.into_iter().enumerate() {
        let wanted = simulated(place, swept.rounds);
        if row.seeds != wanted {
            let message = format!("`{}`: `seeds` is {}, which does not fit {} rounds", row.id, row.seeds, swept.rounds);
            return Err(problem("seeds-against-rounds", message).expected(format!("`seeds` to be {wanted}")));
        }
        let id = row.id.clone();
        let unknown = |name: String| problem("unknown-name", format!("`{id}`: the name {} is unknown", quoted(&name)));
        swept.results.push(row.result().map_err(unknown)?);
    }
    Ok(swept)
}

/// A diagnostic rule, a message and the expected value, if any.
type Difference = (&'static str, String, Option<String>);

/// Checks that a file belongs to this check.
fn same_check(file: &File, check: &Identity, scenarios: &[Known]) -> Result<(), Difference> {
    let settings: [(&str, &str, &str, &str); 5] = [
        ("program", "other-program", &file.check.program, &check.program),
        ("seed", "other-settings", &file.check.seed.to_string(), &check.seed.to_string()),
        ("rule", "other-settings", &file.check.rule, &check.rule),
        ("mutant", "other-settings", &file.check.mutant, &check.mutant),
        ("audit", "other-settings", &file.check.audit.to_string(), &check.audit.to_string()),
    ];
    for (key, rule, stated, here) in settings {
        if stated != here {
            let message = format!("the file belongs to another check: `{key}` is {}", quoted(stated));
            return Err((rule, message, Some(quoted(here))));
        }
    }
    for (place, row) in file.scenarios.iter().enumerate() {
        let id = quoted(&row.id);
        let message = match scenarios.get(place) {
            Some(here) if here.id != row.id => format!("the file has the scenario {id} at position {}", place + 1),
            Some(here) if here.sha256 != row.sha256 => format!("{id} has changed since the file was written"),
            None => {
                return Err((
                    "other-scenarios",
                    format!("the file has a scenario that this check does not have, {id}"),
                    None,
                ));
            }
            Some(_) => continue,
        };
        let here = &scenarios[place];
        return Err(("other-scenarios", message, Some(format!("`{}`, {}", here.id, here.sha256))));
    }
    if let Some(missing) = scenarios.get(file.scenarios.len()) {
        return Err(("other-scenarios", format!("the file has no scenario `{}`", missing.id), None));
    }
    // This comparison comes last. Different scenarios also change the simulations, but the messages above are more
    // precise.
    if file.check.simulations != check.simulations {
        let message =
            "the engine, simulator or checkers have changed since the file was written, so the simulations differ";
        return Err(("other-program", message.to_owned(), Some(format!("`{}`", check.simulations))));
    }
    Ok(())
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
        Category::Data => ("no-checkpoint", message),
    };
    // The column counts bytes.
    let before = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let at = before + column.saturating_sub(1);
    Problem::in_text(rule, shown, message, text, at..at + 1).help(DAMAGED)
}

/// The maximum number of characters shown of a message from `serde_json`.
const MESSAGE_MAX: usize = 200;

/// The help for a file that belongs to another check.
const NEW: &str = "resume with the same program, scenarios and options, or name a file that does not exist yet";

const DAMAGED: &str = "restore the original file, or name a file that does not exist yet";

#[cfg(test)]
mod tests;
