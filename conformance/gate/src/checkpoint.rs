//! What a check has done so far, as a file, so that another process can go on where this one ends.
//!
//! Knows the format, and which check a file belongs to. Not when it is written, nor where.

mod row;

use serde::{Deserialize, Serialize};

use crate::sums::Swept;
use truecount_contract::digest::sha256;
use truecount_json::problem::Problem;
use truecount_json::{Document, Duplicates, Limits, Step, from_node};
use truecount_scenario::Scenario;

use row::Row;

/// The format of a progress file.
pub const FORMAT: &str = "truecount-progress/1";

/// The limits on a progress file. It grows with the scenarios and with what can be met in them, not with seeds.
pub const LIMITS: Limits = Limits { bytes: 1 << 26, depth: 8, duplicates: Duplicates::Refuse };

/// Which check a file belongs to: all that decides what its seeds mean, and how many there are.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The version of the program.
    pub program: String,
    /// A digest of how engine, simulator and checkers simulate the first seed of each scenario: versions of the program
    /// that simulate alike are one, and a change that nobody gave a number is none.
    pub simulations: String,
    /// The first seed of each scenario.
    pub seed: u64,
    /// What ends the check.
    pub rule: String,
    /// The bug that is planted, or `none`.
    pub mutant: String,
    /// Whether each seed is audited.
    pub audit: bool,
}

/// A scenario of the check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// The id of the scenario.
    pub id: String,
    /// A digest of all that it says.
    pub sha256: String,
}

impl Known {
    /// Returns what a file must say of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        Self { id: scenario.id.clone(), sha256: scenario.sha256() }
    }
}

/// A file, whose digest covers everything else in it.
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

impl File {
    /// Writes it, a line for each scenario.
    fn text(&self) -> String {
        let plain = |value: Result<String, serde_json::Error>| value.expect("a progress file is plain data");
        let rows: Vec<String> = self.scenarios.iter().map(|row| plain(serde_json::to_string(row))).collect();
        format!(
            "{{\n\"format\": \"{}\",\n\"sha256\": \"{}\",\n\"check\": {},\n\"rounds\": {},\n\"quiet\": {},\n\"scenarios\": [\n{}\n]\n}}\n",
            self.format,
            self.sha256,
            plain(serde_json::to_string(&self.check)),
            self.rounds,
            self.quiet,
            rows.join(",\n")
        )
    }

    /// Returns the digest of everything but the digest.
    fn digest(&mut self) -> String {
        let stated = std::mem::take(&mut self.sha256);
        let digest = sha256(self.text().as_bytes());
        self.sha256 = stated;
        digest
    }
}

/// Returns the text of a file.
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

/// Reads a file back. `simulated` says how many seeds of a scenario, by its place, are simulated in so many rounds.
///
/// # Errors
///
/// Returns the problem of a file that is not of this format, belongs to another check, or is not as it was written.
pub fn read(
    document: &Document,
    check: &Identity,
    scenarios: &[Known],
    simulated: impl Fn(usize, u64) -> u64,
) -> Result<Swept, Problem> {
    let at = |way: &[Step<'_>]| document.root().at(way).unwrap_or_else(|| document.root()).span;
    // Before the fields: another format may well have others.
    if let Some(node) = document.root().at(&[Step::Key("format")])
        && let Ok(format) = from_node::<String>(node)
        && format != FORMAT
    {
        let problem = document.problem_at(node.span, "unknown-format", format!("the format `{format}` is not known"));
        return Err(problem.expected(format!("`{FORMAT}`")).help(NEW));
    }
    let mut file: File = document.deserialize()?;
    let settings: [(&str, &str, String, String); 5] = [
        ("program", "other-program", file.check.program.clone(), check.program.clone()),
        ("seed", "other-settings", file.check.seed.to_string(), check.seed.to_string()),
        ("rule", "other-settings", file.check.rule.clone(), check.rule.clone()),
        ("mutant", "other-settings", file.check.mutant.clone(), check.mutant.clone()),
        ("audit", "other-settings", file.check.audit.to_string(), check.audit.to_string()),
    ];
    let differs = |(key, rule, stated, here): &(&str, &'static str, String, String)| {
        let way = [Step::Key("check"), Step::Key(key)];
        let message = format!("the file belongs to another check: `{key}` is `{stated}`");
        document.problem_at(at(&way), rule, message).expected(format!("`{here}`")).help(NEW)
    };
    if let Some(other) = settings.iter().find(|(_, _, stated, here)| stated != here) {
        return Err(differs(other));
    }
    let ids = |(place, row): (usize, &Row)| {
        let here = scenarios.get(place);
        let of = |key| at(&[Step::Key("scenarios"), Step::Index(place), Step::Key(key)]);
        let (span, message) = match here {
            Some(here) if here.id != row.id => (of("id"), format!("the file has the scenario `{}` here", row.id)),
            Some(here) if here.sha256 != row.sha256 => (of("sha256"), format!("`{}` has changed since", row.id)),
            None => (of("id"), format!("the file has one more scenario, `{}`", row.id)),
            _ => return None,
        };
        let problem = document.problem_at(span, "other-scenarios", message).help(NEW);
        Some(here.map_or(problem.clone(), |here| problem.expected(format!("`{}`, {}", here.id, here.sha256))))
    };
    if let Some(problem) = file.scenarios.iter().enumerate().find_map(ids) {
        return Err(problem);
    }
    if let Some(missing) = scenarios.get(file.scenarios.len()) {
        let message = format!("the file has no scenario `{}`", missing.id);
        return Err(document.problem_at(at(&[Step::Key("scenarios")]), "other-scenarios", message).help(NEW));
    }
    // Last of these: with other scenarios the simulations differ as well, and that is the better complaint.
    if file.check.simulations != check.simulations {
        let message = "engine, simulator or checkers have changed since: the first seeds simulate otherwise";
        let problem =
            document.problem_at(at(&[Step::Key("check"), Step::Key("simulations")]), "other-program", message);
        return Err(problem.expected(format!("`{}`", check.simulations)).help(NEW));
    }
    let digest = file.digest();
    if digest != file.sha256 {
        let message = "the file is not as it was written";
        let problem = document.problem_at(at(&[Step::Key("sha256")]), "digest-differs", message);
        return Err(problem.expected(format!("`{digest}`")).help(NEW));
    }
    let mut swept = Swept { rounds: file.rounds, quiet: file.quiet, ..Swept::nothing(0) };
    for (place, row) in file.scenarios.into_iter().enumerate() {
        let span = at(&[Step::Key("scenarios"), Step::Index(place)]);
        let problem = |rule, message: String| document.problem_at(span, rule, message).help(NEW);
        let wanted = simulated(place, swept.rounds);
        if row.seeds != wanted {
            let message = format!("`{}` has {} seeds after {} rounds", row.id, row.seeds, swept.rounds);
            return Err(problem("seeds-against-rounds", message).expected(wanted.to_string()));
        }
        let id = row.id.clone();
        let result = row.result().map_err(|word| problem("unknown-name", format!("`{id}`: `{word}` is not known")))?;
        swept.results.push(result);
    }
    Ok(swept)
}

/// What whoever cannot go on can do.
const NEW: &str = "go on with the same program, scenarios and options, or name a file that is not there yet";

#[cfg(test)]
mod tests;
