//! Reads the file with which a folder declares that it is a whole corpus.
//!
//! The gate judges a whole corpus more strictly than a selection of scenarios. A copy of the folder carries the file
//! with it, so how strictly the copy is judged does not depend on where it is or on how its path is written.

use std::path::Path;

use serde::Deserialize;

use super::version::check_format;
use truecount_json::problem::Problem;
use truecount_json::{Limits, read_document};

/// The name of the file, which is directly below the root.
pub(super) const DECLARATION: &str = "corpus.json";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The version of the format, which is checked before the other keys.
    #[serde(rename = "format")]
    _format: u64,
    /// Whether the folder is a whole corpus.
    whole: bool,
}

/// Returns whether the folder `root` declares that it is a whole corpus. A folder without the file does not.
///
/// # Errors
///
/// Returns the problems of a file that cannot be read.
pub fn is_whole(root: &Path) -> Result<bool, Vec<Problem>> {
    let path = root.join(DECLARATION);
    // A dangling link is reported as a missing file.
    if path.symlink_metadata().is_err() {
        return Ok(false);
    }
    let document = read_document(&path, &path.display().to_string(), &Limits::SCENARIO)?;
    check_format(&document).map_err(|problem| vec![problem])?;
    document.deserialize_all::<File>().map(|file| file.whole)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_is_whole_only_if_it_declares_so() {
        let root = tempfile::tempdir().expect("a temporary folder");
        assert_eq!(is_whole(root.path()), Ok(false));
        let declared = |text: &str| {
            fs::write(root.path().join(DECLARATION), text).expect("a file");
            is_whole(root.path()).map_err(|problems| problems.iter().map(|problem| problem.rule).collect::<Vec<_>>())
        };
        assert_eq!(declared("{\"format\": 1, \"whole\": true}"), Ok(true));
        assert_eq!(declared("{\"format\": 1, \"whole\": false}"), Ok(false));
        assert_eq!(declared("{\"format\": 2, \"hole\": true}"), Err(vec!["unknown-format"]));
        assert_eq!(declared("{\"format\": 1, \"hole\": true}"), Err(vec!["unknown-key"]));
        assert_eq!(declared("{\"format\": 1}"), Err(vec!["missing-key"]));
        assert_eq!(declared(""), Err(vec!["file-empty"]));
    }
}
