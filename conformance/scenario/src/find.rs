//! Finds the scenario files below a folder.
//!
//! This module does not read the files.

use std::fs;
use std::path::{Path, PathBuf};

use truecount_json::problem::Problem;

/// The JSON schema that describes the format to editors. It is stored with the scenarios.
const SCHEMA: &str = "schema.json";

/// Returns the id and the path of every scenario below `root`, sorted by id. Also returns a problem for each entry that
/// cannot be read.
///
/// The id is the path below the root, with `/` between its parts and without `.json`. `schema.json`, files without
/// `.json` and files whose names begin with a dot are not scenarios. Links to folders are not followed. A folder or a
/// dangling link whose name ends in `.json` is listed, and is reported as a problem when it is read. A folder that
/// cannot be read and a scenario whose name is not UTF-8 are problems, but the search continues.
pub fn find(root: &Path) -> (Vec<(String, PathBuf)>, Vec<Problem>) {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let unreadable = |error| Problem::unreadable(folder.display().to_string(), &error);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                problems.push(unreadable(error));
                continue;
            }
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    problems.push(unreadable(error));
                    continue;
                }
            };
            let path = entry.path();
            // Only folders and scenarios need names in UTF-8.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let is_json = path.extension().is_some_and(|extension| extension == "json");
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                if is_folder || is_json {
                    problems.push(
                        Problem::in_file("file-name", path.display().to_string(), "the name is not UTF-8")
                            .help("the name is part of the scenario's id; use letters, digits and dashes"),
                    );
                }
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            if let Some(stem) = name.strip_suffix(".json") {
                // A folder or a dangling link is also listed, and is reported when it is read.
                if name != SCHEMA && !is_special(&path) {
                    found.push((format!("{prefix}{stem}"), path));
                }
            } else if is_folder {
                folders.push((format!("{prefix}{name}/"), path));
            }
        }
    }
    // The order in which a folder lists its files is undefined.
    found.sort();
    problems.sort_by(|one, other| one.path.cmp(&other.path));
    (found, problems)
}

/// Returns whether the path is a pipe, a socket or a device. Reading such a file could block for ever.
fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|of| !of.is_file() && !of.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_sorted_by_id() {
        let root = tempfile::tempdir().expect("a temporary folder");
        for folder in ["b", "a/deep", "empty.json", ".git"] {
            fs::create_dir_all(root.path().join(folder)).expect("a folder");
        }
        for file in ["b/two.json", "b/one.json", "a/deep/x.json", "a-b.json", "schema.json", "README.md", ".git/y.json"]
        {
            fs::write(root.path().join(file), "{}").expect("a file");
        }
        let (found, problems) = find(root.path());
        assert_eq!(problems, []);
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a-b", "a/deep/x", "b/one", "b/two", "empty"]);
        assert!(found.iter().all(|(id, path)| path.is_file() == (id != "empty")));
    }

    #[test]
    fn a_missing_folder_is_a_problem() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let (found, problems) = find(&root.path().join("none"));
        assert_eq!((found, problems.len(), problems[0].rule), (vec![], 1, "file-missing"));
    }
}
