//! A file that one process at a time keeps up to date.
//!
//! The lock is on the content of the file, not on its name. It therefore ends with the process, however the process
//! ends, and no other file remains. A new content is written under a hidden name, locked, and renamed. The process that
//! holds the lock is the only one that may use the hidden name, so a file that is found there is the remainder of a
//! process that was killed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::{staged, writing};
use crate::problem::Problem;
use crate::text::text_of;

/// How often a file is opened again because another process has just replaced it.
const TRIES: u32 = 100;

/// A locked file.
#[derive(Debug)]
pub struct Locked {
    /// The path without links.
    path: PathBuf,
    shown: String,
    /// Holds the lock.
    file: File,
}

impl Locked {
    /// Opens and locks the file at `path`, or returns `None` if there is no such file. Problems show the path as
    /// `shown`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the file cannot be opened or is not a regular file, or if another process has locked it.
    pub fn open(path: &Path, shown: &str) -> Result<Option<Self>, Problem> {
        for _ in 0..TRIES {
            let path = match path.canonicalize() {
                Ok(path) => path,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Problem::unreadable(shown, &error)),
            };
            check_regular(&path, shown)?;
            let file = match File::open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                Err(error) => return Err(Problem::unreadable(shown, &error)),
            };
            lock(&file, shown)?;
            if is_at(&file, &path) {
                return Ok(Some(Self { path, shown: shown.to_owned(), file }));
            }
        }
        Err(in_use(shown))
    }

    /// Creates the file at `path`, which does not exist, and locks it. Problems show the path as `shown`.
    ///
    /// # Errors
    ///
    /// Returns a problem if the file cannot be written, or if another process is creating it.
    pub fn create(path: &Path, shown: &str, content: impl AsRef<[u8]>) -> Result<Self, Problem> {
        // A link to a file that does not exist would be replaced by the file.
        if path.is_symlink() {
            let message = "this is a link to a file that does not exist";
            return Err(Problem::in_file("file-missing", shown, message).help("remove the link, or name its target"));
        }
        let _writing = writing();
        let file = stage(&staged(path), shown)?;
        if path.exists() {
            let _ = fs::remove_file(staged(path));
            return Err(in_use(shown));
        }
        let mut created = Self { path: path.to_owned(), shown: shown.to_owned(), file };
        created.finish(content.as_ref())?;
        Ok(created)
    }

    /// Reads the text of the file, which must be UTF-8, at most `limit` bytes long, and not only white space.
    ///
    /// # Errors
    ///
    /// Returns a problem if the file cannot be read, is too large, is empty or is not UTF-8.
    pub fn read_text(&self, limit: u32) -> Result<String, Problem> {
        let length = self.file.metadata().map_err(|error| Problem::unreadable(&self.shown, &error))?.len();
        if length == 0 || length > u64::from(limit) {
            // A file of the kernel states no length, and reading it may wait for ever.
            return if length == 0 {
                Err(Problem::empty(&self.shown))
            } else {
                Err(Problem::too_large(&self.shown, limit))
            };
        }
        let mut bytes = Vec::new();
        let read = (&self.file).take(u64::from(limit) + 1).read_to_end(&mut bytes);
        read.map_err(|error| Problem::unreadable(&self.shown, &error))?;
        if bytes.len() > limit as usize {
            return Err(Problem::too_large(&self.shown, limit));
        }
        text_of(&self.shown, bytes)
    }

    /// Replaces the content, so that a reader finds either the complete old file or the complete new file. The
    /// permissions stay as they are.
    ///
    /// # Errors
    ///
    /// Returns a problem if the file cannot be written, or if another program has removed or replaced it. In that case,
    /// the file remains as it is.
    pub fn replace(&mut self, content: impl AsRef<[u8]>) -> Result<(), Problem> {
        let _writing = writing();
        if !is_at(&self.file, &self.path) {
            let message = "another program has removed or replaced the file";
            return Err(Problem::in_file("file-replaced", &self.shown, message)
                .help("name a file that no other program writes"));
        }
        let unwritable = |error| Problem::unwritable(&self.shown, &error);
        let permissions = self.file.metadata().map_err(unwritable)?.permissions();
        let file = stage(&staged(&self.path), &self.shown)?;
        if let Err(error) = file.set_permissions(permissions) {
            let _ = fs::remove_file(staged(&self.path));
            return Err(unwritable(error));
        }
        let old = std::mem::replace(&mut self.file, file);
        let finished = self.finish(content.as_ref());
        if finished.is_err() {
            self.file = old;
        }
        finished
    }

    /// Writes the content under the hidden name, and gives the file its final name.
    fn finish(&mut self, content: &[u8]) -> Result<(), Problem> {
        let staged = staged(&self.path);
        // Without `sync_all`, the new name could reach the disk before the content.
        let written = self.file.write_all(content).and_then(|()| self.file.sync_all());
        written.and_then(|()| fs::rename(&staged, &self.path)).map_err(|error| {
            let _ = fs::remove_file(&staged);
            Problem::unwritable(&self.shown, &error)
        })?;
        // The name reaches the disk with its folder. Not every file system can do this, and the file is complete.
        if let Some(folder) = self.path.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Creates the hidden file and locks it. No link is followed. A file that a killed process has left is removed.
fn stage(staged: &Path, shown: &str) -> Result<File, Problem> {
    let unwritable = |error| Problem::unwritable(shown, &error);
    for _ in 0..TRIES {
        let file = match OpenOptions::new().write(true).read(true).create_new(true).open(staged) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let is_file = staged.symlink_metadata().is_ok_and(|of| of.is_file());
                if is_file && let Ok(other) = File::open(staged) {
                    // Another process that is creating the file has locked it.
                    lock(&other, shown)?;
                    // The name may belong to another process by now.
                    if !is_at(&other, staged) {
                        continue;
                    }
                }
                match fs::remove_file(staged) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(unwritable(error)),
                    _ => continue,
                }
            }
            Err(error) => return Err(unwritable(error)),
        };
        lock(&file, shown)?;
        if is_at(&file, staged) {
            return Ok(file);
        }
    }
    Err(in_use(shown))
}

/// Locks a file until it is closed.
fn lock(file: &File, shown: &str) -> Result<(), Problem> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(in_use(shown)),
        Err(TryLockError::Error(error)) => {
            Err(Problem::in_file("file-unlockable", shown, format!("the file cannot be locked: {error}"))
                .help("name a file on a file system that supports locks"))
        }
    }
}

fn in_use(shown: &str) -> Problem {
    Problem::in_file("file-in-use", shown, "another process is using this file")
        .help("wait until that process has ended, or name another file")
}

/// Checks that a path is a regular file. Opening a pipe would wait for a writer, and a device cannot be replaced.
fn check_regular(path: &Path, shown: &str) -> Result<(), Problem> {
    match path.metadata() {
        Ok(of) if of.is_dir() => Err(Problem::directory(shown)),
        Ok(of) if !of.is_file() => {
            Err(Problem::special(shown).expected("a regular file, because it is saved by replacing it"))
        }
        _ => Ok(()),
    }
}

/// Returns whether a path still names an open file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let name = |of: fs::Metadata| (of.dev(), of.ino());
    let [open, named] = [file.metadata().ok(), path.symlink_metadata().ok()].map(|of| of.map(name));
    open.is_some() && open == named
}

/// Returns whether a path still names a file. A system of this kind does not replace a file that is open.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(path: &Path) -> String {
        fs::read_to_string(path).expect("the file exists")
    }

    fn rule<T: std::fmt::Debug>(result: Result<T, Problem>) -> &'static str {
        let problem = result.expect_err("a problem");
        assert!(problem.help.is_some(), "{problem}");
        problem.rule
    }

    #[test]
    fn a_locked_file_is_refused_until_it_is_dropped() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.json");
        assert!(Locked::open(&path, "a.json").expect("no file is no problem").is_none());
        let mut first = Locked::create(&path, "a.json", "one").expect("the folder is writable");
        assert_eq!(rule(Locked::open(&path, "a.json")), "file-in-use");
        first.replace("two").expect("the folder is writable");
        // The lock moves to the new content.
        assert_eq!(rule(Locked::open(&path, "a.json")), "file-in-use");
        assert_eq!(rule(Locked::create(&path, "a.json", "other")), "file-in-use");
        assert_eq!(text(&path), "two");
        drop(first);
        let again = Locked::open(&path, "a.json").expect("the lock is released").expect("the file exists");
        assert_eq!(again.read_text(8), Ok("two".to_owned()));
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn the_remainder_of_a_killed_process_is_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.json");
        fs::write(staged(&path), "half").expect("the folder is writable");
        let mut file = Locked::create(&path, "a.json", "one").expect("the remainder is not locked");
        fs::write(staged(&path), "half").expect("the folder is writable");
        file.replace("two").expect("the remainder is not locked");
        assert_eq!(text(&path), "two");
        assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1);
    }

    #[test]
    fn a_file_that_another_process_is_creating_is_refused() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.json");
        let other = stage(&staged(&path), "a.json").expect("the folder is writable");
        assert_eq!(rule(Locked::create(&path, "a.json", "one")), "file-in-use");
        drop(other);
        Locked::create(&path, "a.json", "one").expect("the lock is released");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_are_kept_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().expect("a temporary folder");
        let [path, other] = ["a.json", "other"].map(|name| folder.path().join(name));
        drop(Locked::create(&path, "a.json", "one").expect("the folder is writable"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("the file is ours");
        fs::write(&other, "theirs").expect("the folder is writable");
        symlink(&other, staged(&path)).expect("a link can be created");
        let mut file = Locked::open(&path, "a.json").expect("the file is not locked").expect("the file exists");
        file.replace("two").expect("the folder is writable");
        assert_eq!((text(&path), text(&other)), ("two".to_owned(), "theirs".to_owned()));
        assert_eq!(path.metadata().expect("the file exists").permissions().mode() & 0o777, 0o600);
        drop(file);
        // A link to the file itself is followed, and stays a link.
        let link = folder.path().join("link");
        symlink(&path, &link).expect("a link can be created");
        let mut file = Locked::open(&link, "link").expect("the file is not locked").expect("the file exists");
        file.replace("three").expect("the folder is writable");
        assert!(link.is_symlink() && text(&path) == "three");
        let dangling = folder.path().join("dangling");
        symlink(folder.path().join("none"), &dangling).expect("a link can be created");
        assert!(Locked::open(&dangling, "dangling").expect("no file").is_none());
        assert_eq!(rule(Locked::create(&dangling, "dangling", "x")), "file-missing");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_replaced_by_another_program_stays_as_it_is() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.json");
        let mut file = Locked::create(&path, "a.json", "one").expect("the folder is writable");
        fs::remove_file(&path).expect("the file exists");
        fs::write(&path, "theirs").expect("the folder is writable");
        assert_eq!(rule(file.replace("two")), "file-replaced");
        assert_eq!(text(&path), "theirs");
    }
}
