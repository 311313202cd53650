//! Lists the scenario files below a folder.
//!
//! This module does not read the files.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::declaration::DECLARATION;
use super::name::is_name;
use truecount_json::problem::Problem;

/// The files directly below the root that are stored with the scenarios but are not scenarios: the declaration of the
/// corpus, and the JSON schema that describes the format to editors.
const NOT_SCENARIOS: [&str; 2] = [DECLARATION, "schema.json"];

/// The maximum number of entries that are named as left out.
const SHOWN_MAX: usize = 20;

/// The contents of a folder of scenarios.
#[derive(Default, Debug)]
pub struct Listing {
    /// The id and the path of each scenario, sorted by id.
    pub scenarios: Vec<(String, PathBuf)>,
    /// A problem for each entry that cannot be read or whose name cannot be part of an id, sorted by path.
    pub problems: Vec<Problem>,
    /// The entries that could be taken for scenarios but are not, sorted by path.
    pub left_out: Vec<LeftOut>,
}

impl Listing {
    /// Returns a warning for each of the entries that are left out, up to [`SHOWN_MAX`], and one that counts the others.
    /// `is_meant` takes the path of an entry and returns whether the caller asked for the folder that contains it.
    pub fn warnings(&self, root: &Path, is_meant: impl Fn(&Path) -> bool) -> Vec<Problem> {
        let warning = |path: &Path, why: &str| {
            Problem::in_file("left-out", path.display().to_string(), why)
                .warning()
                .expected("folders, and files whose names end in `.json`")
                .help("rename or copy it to include it, or move it out of the folder")
        };
        let meant: Vec<&LeftOut> = self.left_out.iter().filter(|left_out| is_meant(&left_out.path)).collect();
        let mut warnings: Vec<Problem> =
            meant.iter().take(SHOWN_MAX).map(|LeftOut { path, why }| warning(path, why)).collect();
        let others = meant.len().saturating_sub(SHOWN_MAX);
        if others > 0 {
            let noun = if others == 1 { "entry is" } else { "entries are" };
            warnings.push(warning(root, &format!("{others} more {noun} left out")));
        }
        warnings
    }
}

/// An entry of a folder that could be taken for a scenario, or for a folder of scenarios.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LeftOut {
    /// The path of the entry.
    pub path: PathBuf,
    /// The reason why the entry is left out.
    pub why: &'static str,
}

/// Lists every scenario below `root`.
///
/// The id of a scenario is its path below the root, with `/` between its parts and without `.json`. Each part must be a
/// valid name. Files without `.json` and files whose names begin with a dot are not scenarios. Directly below the root,
/// neither are `schema.json` and the declaration of the corpus. A folder or a dangling link whose name ends in `.json`
/// is listed, and is reported as a problem when it is read. A folder that cannot be read and a scenario whose name is
/// not valid are problems, but the search continues.
///
/// Links to folders are not followed. These links are left out. So are pipes, sockets and devices that are named like
/// scenarios, and files whose names end in `.json` with capital letters.
pub fn find(root: &Path) -> Listing {
    let mut listing = Listing::default();
    let mut folders = vec![(String::new(), root.to_owned())];
    while let Some((prefix, folder)) = folders.pop() {
        let unreadable = |error| Problem::unreadable(folder.display().to_string(), &error);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                listing.problems.push(unreadable(error));
                continue;
            }
        };
        for entry in entries {
            match entry {
                Ok(entry) => folders.extend(listing.take(&prefix, &entry)),
                Err(error) => listing.problems.push(unreadable(error)),
            }
        }
    }
    // The order in which a folder lists its files is undefined.
    listing.scenarios.sort();
    listing.problems.sort_by(|one, other| one.path.cmp(&other.path));
    listing.left_out.sort();
    listing
}

impl Listing {
    /// Takes an entry of the folder whose ids begin with `prefix`. Returns a folder in which the search continues, with
    /// the prefix of its ids.
    fn take(&mut self, prefix: &str, entry: &fs::DirEntry) -> Option<(String, PathBuf)> {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_json = path.extension() == Some(OsStr::new("json"));
        let Some(name) = path.file_name().and_then(OsStr::to_str) else {
            // Only folders and scenarios need names in UTF-8.
            if is_folder || is_json {
                self.problems.push(bad_name(&path, "the name is not UTF-8"));
            }
            return None;
        };
        if name.starts_with('.') || prefix.is_empty() && NOT_SCENARIOS.contains(&name) {
            return None;
        }
        if let Some(why) = left_out(&path, is_folder) {
            self.left_out.push(LeftOut { path, why });
            return None;
        }
        if !is_folder && !is_json {
            return None;
        }
        let stem = name.strip_suffix(".json").unwrap_or(name);
        let id = format!("{prefix}{stem}");
        if !is_name(stem) {
            self.problems.push(bad_name(&path, "the name cannot be part of an id"));
        } else if is_json {
            // A folder or a dangling link is also listed, and is reported when it is read.
            self.scenarios.push((id, path));
        } else {
            return Some((id + "/", path));
        }
        None
    }
}

/// Checks that the name of a scenario file that is not below a root can be its id. The id is the name without the
/// extension.
///
/// # Errors
///
/// Returns the problem of a file with another name.
pub fn check_name(path: &Path, id: &str) -> Result<(), Problem> {
    if is_name(id) { Ok(()) } else { Err(bad_name(path, "the name cannot be an id")) }
}

/// Returns the problem of a file or a folder whose name cannot be part of an id.
fn bad_name(path: &Path, message: &str) -> Problem {
    Problem::in_file("file-name", path.display().to_string(), message)
        .expected("at most 64 letters, digits, `-`, `_` and `.`, beginning with a letter or a digit")
        .help("the name is part of the scenario's id; rename the file or the folder")
}

/// Returns why an entry that could be taken for scenarios is left out, if it is.
fn left_out(path: &Path, is_folder: bool) -> Option<&'static str> {
    let extension = path.extension().unwrap_or_default();
    let is_json = extension == "json";
    if is_folder {
        None
    } else if extension.eq_ignore_ascii_case("json") && is_special(path) {
        Some("a pipe, a socket or a device is not a scenario")
    } else if extension.eq_ignore_ascii_case("json") && !is_json {
        Some("a name that does not end in `.json` in lower case is not a scenario")
    } else if path.is_dir() && !is_json {
        Some("a link to a folder is not followed")
    } else {
        None
    }
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
        for file in ["b/two.json", "b/one.json", "a/deep/x.json", "a-b.json", "README.md", ".git/y.json", "b/.z.json"] {
            fs::write(root.path().join(file), "{}").expect("a file");
        }
        // These names are reserved only directly below the root.
        for file in ["schema.json", "corpus.json", "b/schema.json", "b/corpus.json"] {
            fs::write(root.path().join(file), "{}").expect("a file");
        }
        let Listing { scenarios, problems, left_out } = find(root.path());
        assert_eq!((problems, left_out), (vec![], vec![]));
        let ids: Vec<&str> = scenarios.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["a-b", "a/deep/x", "b/corpus", "b/one", "b/schema", "b/two", "empty"]);
        assert!(scenarios.iter().all(|(id, path)| path.is_file() == (id != "empty")));
    }

    #[test]
    fn a_missing_folder_is_a_problem() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let Listing { scenarios, problems, .. } = find(&root.path().join("none"));
        assert_eq!((scenarios, problems.len(), problems[0].rule), (vec![], 1, "file-missing"));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_cannot_be_part_of_an_id_is_a_problem() {
        use std::os::unix::ffi::OsStrExt;

        let root = tempfile::tempdir().expect("a temporary folder");
        let names: [&[u8]; 5] = [b"x\x1b[31m.json", b"a b.json", b"\xff.json", b"x\nPASS.json", b"-x.json"];
        for name in names {
            fs::write(root.path().join(OsStr::from_bytes(name)), "{}").expect("a file");
        }
        fs::create_dir(root.path().join("g\u{202e}")).expect("a folder");
        // Other files may have any name.
        fs::write(root.path().join("a note.md"), "").expect("a file");
        let Listing { scenarios, problems, left_out } = find(root.path());
        assert_eq!((scenarios, left_out), (vec![], vec![]));
        assert_eq!(problems.len(), 6, "{problems:#?}");
        assert!(problems.iter().all(|problem| problem.rule == "file-name"), "{problems:#?}");
    }

    #[cfg(unix)]
    #[test]
    fn what_could_be_taken_for_a_scenario_is_listed_as_left_out() {
        let (root, other) = (tempfile::tempdir(), tempfile::tempdir());
        let (root, other) = (root.expect("a temporary folder"), other.expect("a temporary folder"));
        fs::write(other.path().join("x.json"), "{}").expect("a file");
        fs::write(root.path().join("y.JSON"), "{}").expect("a file");
        fs::create_dir(root.path().join("g")).expect("a folder");
        std::os::unix::fs::symlink(other.path(), root.path().join("g/link")).expect("a link");
        std::os::unix::fs::symlink(other.path().join("x.json"), root.path().join("x.json")).expect("a link");
        std::os::unix::net::UnixListener::bind(root.path().join("socket.json")).expect("a socket");
        let Listing { scenarios, problems, left_out } = find(root.path());
        assert_eq!(problems, []);
        assert_eq!(scenarios, [("x".to_owned(), root.path().join("x.json"))]);
        let shown: Vec<_> = left_out.iter().map(|LeftOut { path, why }| (path.strip_prefix(&root), *why)).collect();
        let expected = [
            ("g/link", "a link to a folder is not followed"),
            ("socket.json", "a pipe, a socket or a device is not a scenario"),
            ("y.JSON", "a name that does not end in `.json` in lower case is not a scenario"),
        ];
        assert_eq!(shown, expected.map(|(path, why)| (Ok(Path::new(path)), why)));
    }
}
