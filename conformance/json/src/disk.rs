//! Writes files completely or not at all. A file is first written under a hidden name and then renamed.
//!
//! This module does not depend on the content of the files.

mod locked;

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{RwLock, RwLockReadGuard};
use std::time::Duration;

use crate::problem::Problem;

pub use locked::Locked;

/// Locked for reading while a file is written, and for writing once no further file may be written.
static WRITES: RwLock<()> = RwLock::new(());

/// How often [`finish`] tries whether all files are complete, and how long it waits in between.
const TRIES: (u32, Duration) = (100, Duration::from_millis(10));

/// Waits until every file that another thread is writing is complete, so that the process can end without leaving a
/// partial file. From then on, no file is written. If a device does not respond within a second, the wait ends.
pub fn finish() {
    for _ in 0..TRIES.0 {
        if let Ok(guard) = WRITES.try_write() {
            std::mem::forget(guard);
            return;
        }
        std::thread::sleep(TRIES.1);
    }
}

fn writing() -> Option<RwLockReadGuard<'static, ()>> {
    // A panic in another thread leaves nothing behind that matters here.
    WRITES.read().ok()
}

/// Writes a file so that a reader finds either the complete old file or the complete new file.
///
/// # Errors
///
/// Returns a problem if the file cannot be written. In that case, the old file remains unchanged.
pub fn replace(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    match fs::metadata(path) {
        Ok(of) if of.is_dir() => return Err(Problem::directory(path.display().to_string())),
        // A pipe or a device cannot be replaced by a file.
        Ok(of) if !of.is_file() => {
            return fs::write(path, content).map_err(|error| Problem::unwritable(path.display().to_string(), &error));
        }
        _ => {}
    }
    // If the path is a link, its target is replaced, not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let _writing = writing();
    // The name contains the process id, so that two processes that write the same file do not interfere.
    let own = hidden(&path, &format!(".{}", std::process::id()));
    stage_as(&own, &path, content)?;
    rename(&own, &path)
}

/// Writes a new file. An existing file stays as it is.
///
/// # Errors
///
/// Returns a problem if the file exists or cannot be written. In the latter case, no partial file remains.
pub fn create(path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    let shown = || path.display().to_string();
    let _writing = writing();
    let mut file = fs::File::create_new(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Problem::in_file("file-exists", shown(), "the file already exists")
            .expected("a name that is not in use")
            .help("choose another name, or remove the file"),
        _ => Problem::unwritable(shown(), &error),
    })?;
    let written = file.write_all(content.as_ref()).and_then(|()| file.sync_all());
    written.map_err(|error| {
        let _ = fs::remove_file(path);
        Problem::unwritable(shown(), &error)
    })
}

/// Returns the hidden name, in the same folder, under which a file is written before it is renamed.
pub fn staged(path: &Path) -> PathBuf {
    hidden(path, "")
}

fn hidden(path: &Path, of: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}{of}.partial"))
}

/// Writes a file under its hidden name and returns that name.
///
/// # Errors
///
/// Returns a problem if the file cannot be written. In that case, no partial file remains.
pub fn stage(path: &Path, content: impl AsRef<[u8]>) -> Result<PathBuf, Problem> {
    let staged = staged(path);
    stage_as(&staged, path, content)?;
    Ok(staged)
}

fn stage_as(staged: &Path, path: &Path, content: impl AsRef<[u8]>) -> Result<(), Problem> {
    let write = || {
        let mut file = fs::File::create(staged)?;
        file.write_all(content.as_ref())?;
        // Without this call, the new name could reach the disk before the content.
        file.sync_all()
    };
    write().map_err(|error| {
        let _ = fs::remove_file(staged);
        Problem::unwritable(path.display().to_string(), &error)
    })
}

/// Renames a file from its hidden name to its final name.
///
/// # Errors
///
/// Returns a problem if the file cannot be renamed. In that case, the hidden file is removed.
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
    fn a_file_is_replaced_and_no_other_file_remains() {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        let path = folder.path().join("a.txt");
        for text in ["one, and longer", "two"] {
            replace(&path, text).expect("the folder is writable");
            assert_eq!(fs::read_to_string(&path).expect("the file exists"), text);
        }
        assert_eq!(fs::read_dir(folder.path()).expect("the folder exists").count(), 1);
    }

    #[test]
    fn hidden_files_of_other_processes_are_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        let path = folder.path().join("a.txt");
        let others = [staged(&path), hidden(&path, ".1")];
        for other in &others {
            fs::write(other, "half").expect("the folder is writable");
        }
        replace(&path, "whole").expect("the folder is writable");
        assert_eq!(fs::read_to_string(&path).expect("the file exists"), "whole");
        for other in &others {
            assert_eq!(fs::read_to_string(other).expect("the file still exists"), "half");
        }
    }

    #[test]
    fn an_existing_file_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        let path = folder.path().join("a.txt");
        create(&path, "one").expect("the name is not in use");
        assert_eq!(create(&path, "two").map_err(|problem| problem.rule), Err("file-exists"));
        assert_eq!(fs::read_to_string(&path).expect("the file exists"), "one");
        assert_eq!(create(&path.join("b"), "x").map_err(|problem| problem.rule), Err("file-unwritable"));
    }

    #[test]
    fn an_unwritable_file_is_reported_with_its_path() {
        let folder = tempfile::tempdir().expect("a temporary folder can be created");
        let problem = replace(&folder.path().join("none/a.txt"), "x").expect_err("the folder does not exist");
        assert_eq!(problem.rule, "file-unwritable");
        assert!(problem.path.ends_with("none/a.txt"), "{problem}");
        assert_eq!(replace(folder.path(), "x").map_err(|problem| problem.rule), Err("file-directory"));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder exists").count(), 0);
    }
}
