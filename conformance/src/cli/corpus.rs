//! Which scenarios a command works on: all below the root, some by name, some by path.

use std::path::{Path, PathBuf};

use crate::brief::Brief;
use crate::problem::Problem;
use crate::scenario::{self, Scenario};

/// Scenarios that were read, and problems of those that could not be.
pub(super) struct Corpus {
    /// In the order of their ids.
    pub scenarios: Vec<(Scenario, Brief)>,
    /// What is wrong with the others.
    pub problems: Vec<Problem>,
    /// Whether nothing was left out: the whole corpus below the root.
    pub whole: bool,
}

/// A name that is neither a scenario nor a file.
#[derive(Debug)]
pub(super) struct Unknown(pub String);

impl Corpus {
    /// Reads the named scenarios, or all below the root.
    pub(super) fn read(root: &Path, names: &[String]) -> Result<Self, Unknown> {
        let mut corpus = Self { scenarios: Vec::new(), problems: Vec::new(), whole: names.is_empty() };
        let found = match scenario::find(root) {
            Ok(found) => found,
            Err(problem) if names.is_empty() => {
                corpus.problems.push(problem.help(format!(
                    "run from the root of a checkout, or name the folder: --scenarios DIR (now `{}`)",
                    root.display()
                )));
                return Ok(corpus);
            }
            Err(_) => Vec::new(),
        };
        let mut wanted: Vec<(String, PathBuf)> = Vec::new();
        if names.is_empty() {
            wanted.clone_from(&found);
        }
        for name in names {
            let id = name.trim_end_matches('/');
            let under = |(other, _): &&(String, PathBuf)| {
                other == id || other.strip_prefix(id).is_some_and(|rest| rest.starts_with('/'))
            };
            let path = Path::new(name);
            let of_path = |(_, other): &&(String, PathBuf)| same_file(other, path);
            let matching: Vec<_> = found.iter().filter(under).cloned().collect();
            if !matching.is_empty() {
                wanted.extend(matching);
            } else if let Some(known) = found.iter().find(of_path) {
                wanted.push(known.clone());
            } else if path.extension().is_some_and(|extension| extension == "json") || path.exists() {
                let stem = path.file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
                wanted.push((stem, path.to_owned()));
            } else {
                let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
                let hint = crate::json::nearest(name, &ids).map_or_else(
                    || "`truecount list` shows them all".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(Unknown(format!("there is no scenario `{name}`\n  = help: {hint}")));
            }
        }
        wanted.sort();
        wanted.dedup();
        for (id, path) in wanted {
            match scenario::read(&path, &path.to_string_lossy(), &id) {
                Ok(scenario) => {
                    let brief = Brief::new(&scenario.fixture);
                    corpus.scenarios.push((scenario, brief));
                }
                Err(problems) => corpus.problems.extend(problems),
            }
        }
        Ok(corpus)
    }

    /// Returns the scenarios as the gate takes them.
    pub(super) fn pairs(&self) -> Vec<(&Scenario, &Brief)> {
        self.scenarios.iter().map(|(scenario, brief)| (scenario, brief)).collect()
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}
