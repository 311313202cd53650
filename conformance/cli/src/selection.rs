//! Resolves the names on a command line to scenario files.
//!
//! This module reads no scenario. Each name is looked up in sorted lists, so that naming many files stays quick.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use truecount_json::{escaped, nearest};
use truecount_scenario::shape::split;

/// The message about a name that refers to no scenario, or to several.
#[derive(Debug)]
pub(super) struct Unknown(pub String);

/// A file and the id of its scenario.
pub(super) type Found = (String, PathBuf);

/// A requested scenario.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wanted {
    /// The id of the scenario in the file.
    pub id: String,
    /// The name of the requested shape, if any.
    pub shape: Option<String>,
    /// The file.
    pub path: PathBuf,
}

impl Wanted {
    fn whole((id, path): Found) -> Self {
        Self { id, shape: None, path }
    }
}

/// The scenario files below the root.
pub(super) struct Files {
    /// Sorted by id.
    found: Vec<Found>,
    /// The canonical path of each file with its index in `found`, sorted by path.
    canonical: OnceCell<Vec<(PathBuf, usize)>>,
}

impl Files {
    /// Returns the files. They must be sorted by id.
    pub(super) fn new(found: Vec<Found>) -> Self {
        Self { found, canonical: OnceCell::new() }
    }

    /// Returns whether a scenario below the root has this id.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    /// Returns whether every scenario below the root is selected, and none only in one of its shapes.
    pub(super) fn are_all_in(&self, wanted: &[Wanted]) -> bool {
        let is_whole = |wanted: &&Wanted| wanted.shape.is_none() && self.contains(&wanted.id);
        wanted.iter().filter(is_whole).count() == self.found.len()
    }

    /// Returns the scenarios to which the names refer, without repetitions. Without names, returns all scenarios.
    pub(super) fn select(&self, names: &[String]) -> Result<Vec<Wanted>, Unknown> {
        if names.is_empty() {
            return Ok(self.found.iter().cloned().map(Wanted::whole).collect());
        }
        let mut wanted: Vec<Wanted> = Vec::new();
        for name in names {
            wanted.extend(self.named(name)?);
        }
        wanted.sort();
        wanted.dedup();
        let same = |two: &&[Wanted]| two[0].id == two[1].id && two[0].path != two[1].path;
        if let Some(two) = wanted.windows(2).find(same) {
            let [one, other] = [&two[0].path, &two[1].path].map(|path| escaped(&path.to_string_lossy()));
            let message = format!("`{one}` and `{other}` have the same id `{}`", two[0].id);
            return Err(Unknown(format!("{message}\n  = help: pass them to separate commands")));
        }
        Ok(wanted)
    }

    /// Returns the scenarios to which a name refers. The name is an id, with or without a shape, a group of ids, a file
    /// or a folder.
    fn named(&self, name: &str) -> Result<Vec<Wanted>, Unknown> {
        let shaped = split(name).and_then(|(id, shape)| Some((self.find(id)?, shape)));
        if let Some(((id, path), shape)) = shaped {
            return Ok(vec![Wanted { id: id.clone(), shape: Some(shape.to_owned()), path: path.clone() }]);
        }
        let id = name.trim_end_matches('/');
        let mut found: Vec<&Found> = self.find(id).into_iter().collect();
        found.extend(&self.found[self.group(id)]);
        if found.is_empty() {
            found = self.below(Path::new(name));
        }
        if found.is_empty() {
            return Ok(vec![Wanted::whole(self.outside(name)?)]);
        }
        Ok(found.into_iter().cloned().map(Wanted::whole).collect())
    }

    /// Returns the scenario with this id.
    fn find(&self, id: &str) -> Option<&Found> {
        let place = self.found.binary_search_by(|(other, _)| other.as_str().cmp(id)).ok()?;
        self.found.get(place)
    }

    /// Returns the places of the scenarios whose ids are in this group.
    fn group(&self, id: &str) -> Range<usize> {
        let start = format!("{id}/");
        // The ids that begin with the same text are adjacent.
        let first = self.found.partition_point(|(other, _)| *other < start);
        let count = self.found[first..].partition_point(|(other, _)| other.starts_with(&start));
        first..first + count
    }

    /// Returns the files at or below a path, however the path is written.
    fn below(&self, path: &Path) -> Vec<&Found> {
        let Ok(path) = path.canonicalize() else { return Vec::new() };
        let canonical = self.canonical.get_or_init(|| {
            let paths = self.found.iter().enumerate();
            let mut paths: Vec<_> =
                paths.filter_map(|(place, (_, path))| Some((path.canonicalize().ok()?, place))).collect();
            paths.sort();
            paths
        });
        // Paths are compared part by part, so the paths below a folder are adjacent.
        let first = canonical.partition_point(|(other, _)| *other < path);
        let below = canonical[first..].iter().take_while(|(other, _)| other.starts_with(&path));
        below.map(|(_, place)| &self.found[*place]).collect()
    }

    /// Returns a file that is not below the root. Its id is its file stem.
    fn outside(&self, name: &str) -> Result<Found, Unknown> {
        let path = Path::new(name);
        if path.exists() || path.extension().is_some_and(|extension| extension == "json") {
            let stem = path.file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned());
            return Ok((stem, path.to_owned()));
        }
        let ids: Vec<&str> = self.found.iter().map(|(id, _)| id.as_str()).collect();
        let hint = nearest(name, &ids).map_or_else(
            || "`truecount list` lists all scenarios".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Err(Unknown(format!("there is no scenario `{}`\n  = help: {hint}", escaped(name))))
    }
}

/// The groups and folders to which names may refer.
pub(super) struct Folders {
    names: BTreeSet<PathBuf>,
    /// The names that are paths, in canonical form.
    canonical: BTreeSet<PathBuf>,
}

impl Folders {
    /// Returns the groups and folders to which these names may refer.
    pub(super) fn new(names: &[String]) -> Self {
        Self {
            names: names.iter().map(PathBuf::from).collect(),
            canonical: names.iter().filter_map(|name| Path::new(name).canonicalize().ok()).collect(),
        }
    }

    /// Returns whether an entry below the root is in one of the groups and folders. Without names, every entry is.
    pub(super) fn contain(&self, root: &Path, entry: &Path) -> bool {
        let Some(folder) = entry.parent() else { return self.names.is_empty() };
        let group = folder.strip_prefix(root).unwrap_or(folder);
        let is_below = |path: &Path, of: &BTreeSet<PathBuf>| path.ancestors().any(|part| of.contains(part));
        self.names.is_empty()
            || is_below(group, &self.names)
            || !self.canonical.is_empty()
                && folder.canonicalize().is_ok_and(|folder| is_below(&folder, &self.canonical))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, Instant};

    use super::*;

    /// Returns the ids of the selected scenarios below a folder with these files.
    fn selected(files: &[&str], names: impl Fn(&Path) -> Vec<String>) -> Vec<String> {
        let root = tempfile::tempdir().expect("a temporary folder");
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, "").expect("a file");
        }
        let files = Files::new(truecount_scenario::find(root.path()).scenarios);
        let wanted = files.select(&names(root.path())).expect("each name refers to a scenario");
        wanted.into_iter().map(|wanted| wanted.id).collect()
    }

    #[test]
    fn a_name_is_an_id_a_group_a_file_or_a_folder() {
        let files = ["a.json", "a/x.json", "a/y/z.json", "a-b.json", "b/x.json"];
        let of = |name: &str| selected(&files, |_| vec![name.to_owned()]);
        assert_eq!(of("a"), ["a", "a/x", "a/y/z"]);
        assert_eq!(of("a/"), ["a", "a/x", "a/y/z"]);
        assert_eq!(of("a/y"), ["a/y/z"]);
        assert_eq!(of("b/x"), ["b/x"]);
        let below = |part: &str| selected(&files, |root| vec![format!("{}/{part}", root.display())]);
        assert_eq!(below("a"), ["a/x", "a/y/z"]);
        assert_eq!(below("b/../a/x.json"), ["a/x"]);
        assert_eq!(below("."), ["a", "a-b", "a/x", "a/y/z", "b/x"]);
        assert_eq!(selected(&files, |_| Vec::new()), ["a", "a-b", "a/x", "a/y/z", "b/x"]);
        let twice = |root: &Path| vec!["b".to_owned(), "b/x".to_owned(), format!("{}/b/x.json", root.display())];
        assert_eq!(selected(&files, twice), ["b/x"]);
    }

    #[test]
    fn a_selection_knows_whether_it_is_complete() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let files = Files::new(["a", "b/x"].map(|id| (id.to_owned(), root.path().join(id))).to_vec());
        for (names, all) in [("a", false), ("a b#empty", false), ("b a", true), ("", true), ("a b other.json", true)] {
            let names: Vec<String> = names.split_whitespace().map(str::to_owned).collect();
            let wanted = files.select(&names).unwrap_or_default();
            assert_eq!(files.are_all_in(&wanted), all, "{names:?}");
        }
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test limits the time that the selection takes")]
    fn naming_thousands_of_files_takes_seconds() {
        let files: Vec<String> = (0..3_000).map(|number| format!("g/s-{number:04}.json")).collect();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let began = Instant::now();
        let ids = selected(&files, |root| files.iter().map(|file| format!("{}/{file}", root.display())).collect());
        assert_eq!(ids.len(), files.len());
        // Comparing each name with each file takes a minute.
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
