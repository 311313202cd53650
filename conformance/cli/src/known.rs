//! The known failures of a check, from a file, and the date on which they are judged.
//!
//! The date is the only part of a report that may depend on the wall clock, and `--today` replaces it.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::corpus::{Corpus, Root};
use super::{Exit, note, output};
use truecount_gate::report::Known;
use truecount_scenario::{Date, KnownFailure, read_known_failures};

/// The options for known failures.
#[derive(clap::Args, Debug)]
pub(super) struct Options {
    /// File of failures that are expected, each with a reason and a date of expiry. Any other failure fails the check,
    /// and so does an entry that has expired or no longer fails
    #[arg(long, value_name = "FILE")]
    known_failures: Option<PathBuf>,
    /// Date on which known failures are judged, such as 2026-12-31 [default: today, in UTC]
    #[arg(long, value_name = "DATE", requires = "known_failures")]
    today: Option<Date>,
}

/// The known failures of a check.
pub(super) struct KnownFailures {
    shown: String,
    failures: Vec<KnownFailure>,
    today: Date,
    ids: Vec<String>,
}

impl Options {
    /// Reads the file, if one is given.
    ///
    /// # Errors
    ///
    /// Returns the exit code of a file that is not valid, after printing its problems.
    pub(super) fn read(&self, root: &Root, corpus: &Corpus) -> Result<Option<KnownFailures>, Exit> {
        let Some(path) = &self.known_failures else { return Ok(None) };
        let below = truecount_scenario::find(root.path()).scenarios.into_iter().map(|(id, _)| id);
        // A scenario outside the root has an id as well.
        let named = corpus.entries.iter().map(|entry| entry.scenario.id.clone());
        let mut ids: Vec<String> = below.chain(named).collect();
        ids.sort_unstable();
        ids.dedup();
        let shown = output::shown(path);
        let all: Vec<&str> = ids.iter().map(String::as_str).collect();
        match read_known_failures(path, &shown, &all) {
            Ok(failures) => Ok(Some(KnownFailures { shown, failures, today: self.today.unwrap_or_else(today), ids })),
            Err(problems) => {
                for problem in problems {
                    note(&format!("{problem}\n"));
                }
                Err(Exit::Input)
            }
        }
    }
}

impl KnownFailures {
    /// Returns the known failures for the report of a check. `complete` states whether every selected scenario was
    /// simulated under at least the default number of seeds.
    pub(super) fn of_check(&self, explores: bool, complete: bool) -> Known<'_> {
        let Self { shown, failures, today, ids } = self;
        Known { file: shown, failures, today: *today, ids, explores, judged: complete }
    }
}

/// Returns the date of the wall clock, in UTC.
#[expect(clippy::disallowed_methods, reason = "known failures expire on a date of the wall clock")]
fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Date::from_days(since.as_secs() / (24 * 3_600))
}
