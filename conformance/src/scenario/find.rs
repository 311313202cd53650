//! Finds the scenario files below a folder.
//!
//! This file knows folders and names of files, not what is in them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// The file beside the scenarios that describes their format to editors.
const SCHEMA: &str = "schema.json";

/// Returns the id and the path of every scenario below `root`, in the order of the ids.
///
/// The id is the path below the root, with `/` between its parts and without `.json`. Files whose names begin with a
/// dot, `schema.json` and whatever does not end in `.json` are no scenarios. Links to folders are not followed.
///
/// # Errors
///
/// Returns the problem of a folder that cannot be read, or of a name that is not UTF-8.
pub fn find(root: &Path) -> Result<Vec<(String, PathBuf)>, Problem> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let unreadable = |error| Problem::unreadable(folder.display().to_string(), &error);
        for entry in fs::read_dir(&folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                let shown = path.display().to_string();
                return Err(Problem::in_file("file-name", shown, "the name of the file is not UTF-8")
                    .help("the name is the scenario's id; use letters, digits and dashes"));
            };
            if name.starts_with('.') {
                continue;
            }
            if entry.file_type().map_err(unreadable)?.is_dir() {
                folders.push((format!("{prefix}{name}/"), path));
            } else if let Some(stem) = name.strip_suffix(".json")
                && name != SCHEMA
                && path.is_file()
            {
                found.push((format!("{prefix}{stem}"), path));
            }
        }
    }
    // The order in which a folder lists its files is anybody's guess.
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_found_in_the_order_of_their_ids() {
        let root = tempfile::tempdir().expect("a temporary folder");
        for folder in ["b", "a/deep", "empty.json", ".git"] {
            fs::create_dir_all(root.path().join(folder)).expect("a folder");
        }
        for file in ["b/two.json", "b/one.json", "a/deep/x.json", "a-b.json", "schema.json", "README.md", ".git/y.json"]
        {
            fs::write(root.path().join(file), "{}").expect("a file");
        }
        let found = find(root.path()).expect("the folder can be read");
        let ids: Vec<&str> = found.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a-b", "a/deep/x", "b/one", "b/two"]);
        assert!(found.iter().all(|(_, path)| path.is_file()));
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_problem() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let problem = find(&root.path().join("none")).expect_err("no such folder");
        assert_eq!(problem.rule, "file-missing");
    }
}
