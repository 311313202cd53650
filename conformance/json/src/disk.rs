//! Writes files whole or not at all: under a hidden name first, which is then renamed.
//!
//! Independent of their content.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::problem::Problem;

/// Writes a file so that a reader sees either the old one or the new one, whole.
///
/// # Errors
///
/// Returns the problem of a file that cannot be written; then the old one stays as it was.
pub fn replace(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    match fs::metadata(path) {
        Ok(of) if of.is_dir() => return Err(Problem::directory(path.display().to_string())),
        // A pipe or a device is not a file that another can replace.
        Ok(of) if !of.is_file() => {
            return fs::write(path, content).map_err(|error| Problem::unwritable(path.display().to_string(), &error));
        }
        _ => {}
    }
    // Where a link leads, not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    // With the process id: two processes that write one file do not write into each other's.
    let own = hidden(&path, &format!(".{}", std::process::id()));
    stage_as(&own, &path, content)?;
    rename(&own, &path)
}

/// Writes a file if none exists. An existing one stays as it is.
///
/// # Errors
///
/// Returns the problem of a file that exists, or cannot be written; then nothing of it is left.
pub fn create(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    let shown = || path.display().to_string();
    let mut file = fs::File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Problem::in_file("file-exists", shown(), "the file exists already")
            .expected("a name that is free")
            .help("choose another name, or remove the file"),
        _ => Problem::unwritable(shown(), &error),
    })?;
    let written = file.write_all(content.as_ref()).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = fs::remove_file(path);
        Problem::unwritable(shown(), &error)
    })
}

/// Returns the name under which a file is written before it is renamed: in the same folder, and hidden.
pub fn staged(path: &Path) -> PathBuf {
    hidden(path, "")
}

fn hidden(path: &Path, of: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{of}.partial"))
}

/// Writes a file under its hidden name, which is returned.
///
/// # Errors
///
/// Returns the problem of a file that cannot be written; nothing of it is left.
pub fn stage(path: &Path, content: impl AsRef<[u8]>) -> Result<PathBuf, Problem> {
    let staged = staged(path);
    stage_as(&staged, path, content)?;
    Ok(staged)
}

fn stage_as(staged: &Path, path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    let write = || {
        let mut file = fs::File::create(staged)?;
        file.write_all(content.as_ref())?;
        // Otherwise the name could reach the disk before the bytes.
        file.sync_all()
    };
    write().map_err(|error| {
        let _ = fs::remove_file(staged);
        Problem::unwritable(path.display().to_string(), &error)
    })
}

/// Gives a file that was written under its hidden name its own.
///
/// # Errors
///
/// Returns the problem of a file that cannot be renamed; nothing of it is left.
pub fn rename(staged: &Path, path: &Path) -> Result<(), Problem> {
    fs::rename(staged, path).map_err(|error| {
        let _ = fs::remove_file(staged);
        Problem::unwritable(path.display().to_string(), &error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.txt");
        for text in ["one, and longer", "two"] {
            replace(&path, text).expect("a folder that can be written to");
            assert_eq!(fs::read_to_string(&path).expect("the file"), text);
        }
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn what_another_process_is_about_to_rename_stays_its_own() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.txt");
        let others = [staged(&path), hidden(&path, ".1")];
        for other in &others {
            fs::write(other, "half").expect("a folder that can be written to");
        }
        replace(&path, "whole").expect("a folder that can be written to");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "whole");
        for other in &others {
            assert_eq!(fs::read_to_string(other).expect("it is still there"), "half");
        }
    }

    #[test]
    fn what_is_there_is_not_written_over() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.txt");
        create(&path, "one").expect("nothing is there");
        assert_eq!(create(&path, "two").map_err(|problem| problem.rule), Err("file-exists"));
        assert_eq!(fs::read_to_string(&path).expect("the file"), "one");
        assert_eq!(create(&path.join("b"), "x").map_err(|problem| problem.rule), Err("file-unwritable"));
    }

    #[test]
    fn what_cannot_be_written_is_a_problem_with_its_path() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let problem = replace(&folder.path().join("none/a.txt"), "x").expect_err("there is no such folder");
        assert_eq!(problem.rule, "file-unwritable");
        assert!(problem.path.ends_with("none/a.txt"), "{problem}");
        assert_eq!(replace(folder.path(), "x").map_err(|problem| problem.rule), Err("file-directory"));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
    }
}
