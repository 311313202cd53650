//! Reads the bytes of a file, but never more than the limit allows.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::text::text_of;
use super::{Document, Limits};
use crate::problem::Problem;

/// Reads and parses the document at `path`. Problems show the path as `shown`.
///
/// # Errors
///
/// Returns at least one problem: the file cannot be read or is too large, or [`Document::parse`] rejects it.
pub fn read_document(path: &Path, shown: &str, limits: &Limits) -> Result<Document, Vec<Problem>> {
    let bytes = read_bytes(path, shown, limits.bytes).map_err(|problem| vec![problem])?;
    Document::parse(shown, bytes, limits)
}

/// Reads the text at `path`, which must be UTF-8, at most `limit` bytes long, and not only white space. Problems show
/// the path as `shown`.
///
/// # Errors
///
/// Returns a problem if the file cannot be read, is too large, is empty or is not UTF-8.
pub fn read_text(path: &Path, shown: &str, limit: u32) -> Result<String, Problem> {
    text_of(shown, read_bytes(path, shown, limit)?)
}

/// Reads the bytes at `path`, at most `limit`. Problems show the path as `shown`.
///
/// # Errors
///
/// Returns a problem if the file cannot be read, is too large or is not a regular file.
pub fn read_bytes(path: &Path, shown: &str, limit: u32) -> Result<Vec<u8>, Problem> {
    match bounded(path, limit) {
        Ok(Content::Bytes(bytes)) => Ok(bytes),
        Ok(Content::TooLong) => Err(Problem::too_large(shown, limit)),
        Ok(Content::Special) => Err(Problem::special(shown)),
        Err(_) if path.is_dir() => Err(Problem::directory(shown)),
        Err(error) => Err(Problem::unreadable(shown, &error)),
    }
}

/// The content of a file.
enum Content {
    Bytes(Vec<u8>),
    /// The file is longer than the limit.
    TooLong,
    /// The path names a pipe, a socket or a device.
    Special,
}

/// Returns whether a path names an open file of the process that reads it, such as its stdin. The path means something
/// else in another process.
pub fn is_own(path: &Path) -> bool {
    OWN.iter().any(|own| path.starts_with(own))
}

/// The folders and files through which a process names its own open files.
const OWN: [&str; 4] = ["/dev/stdin", "/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"];

fn bounded(path: &Path, limit: u32) -> io::Result<Content> {
    let metadata = path.metadata()?;
    if metadata.is_file() {
        // A large file is rejected by its length, without being read. A file of the kernel states no length, and
        // reading it may wait for ever.
        match metadata.len() {
            0 => return Ok(Content::Bytes(Vec::new())),
            length if length > u64::from(limit) => return Ok(Content::TooLong),
            _ => {}
        }
    } else if !metadata.is_dir() && !is_own(path) {
        // Opening a pipe would wait for a writer. A pipe that a shell has opened for this process has one.
        return Ok(Content::Special);
    }
    // A pipe has no length, so it is read up to the limit. So is a file that grows in the meantime.
    let mut bytes = Vec::new();
    File::open(path)?.take(u64::from(limit) + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 <= u64::from(limit) { Content::Bytes(bytes) } else { Content::TooLong })
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::super::{Duplicates, Limits};
    use super::read_document;

    const LIMITS: Limits = Limits { bytes: 16, depth: 4, duplicates: Duplicates::Refuse };

    /// Checks the result of reading `path`: the text, or how the problem is shown.
    fn check(path: &Path, expected: Result<&str, &str>) {
        let read = read_document(path, "a.json", &LIMITS);
        let read = read.map(|document| document.text().to_owned());
        let read = read.map_err(|problems| problems.iter().map(ToString::to_string).collect());
        let expected = expected.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(read, expected, "{}", path.display());
    }

    #[test]
    fn files() {
        let directory = tempfile::tempdir().expect("a temporary directory can be created");
        let file = |name: &str, content: &[u8]| {
            let path = directory.path().join(name);
            fs::write(&path, content).expect("the file can be written");
            path
        };
        check(&file("good", b"[1]\n"), Ok("[1]\n"));
        check(
            &file("full", b"[1234567890 123]"),
            Err(
                "error[json-syntax]: expected `,` or `]`, found `123`\n --> a.json:1:12\n  |\n1 | [1234567890 123]\n  |            ^\n  |\n  = help: add a `,` here",
            ),
        );
        let large = "error[file-too-large]: the file is longer than 16 bytes\n--> a.json";
        check(&file("large", b"[1234567890, 123]"), Err(large));
        let empty = "error[file-empty]: the file is empty\n --> a.json:1:1\n  |\n1 |\n  | ^";
        check(&file("empty", b""), Err(empty));
        check(&file("blank", b" \r\n\t\n"), Err(empty));
        let missing = "error[file-missing]: no such file\n--> a.json";
        check(&directory.path().join("missing"), Err(missing));
        let is_directory = "error[file-directory]: this is a directory, not a file\n--> a.json";
        check(directory.path(), Err(is_directory));
    }

    #[test]
    fn a_large_file_is_not_read() {
        let directory = tempfile::tempdir().expect("a temporary directory can be created");
        let path = directory.path().join("huge");
        let file = File::create(&path).expect("the file can be created");
        // The file is sparse: it occupies no space, but reading all of it would exhaust the memory.
        file.set_len(1 << 40).expect("a sparse file can be created");
        check(&path, Err("error[file-too-large]: the file is longer than 16 bytes\n--> a.json"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn files_without_an_end_are_rejected() {
        let special = concat!(
            "error[not-a-file]: this is a pipe, a socket or a device, not a regular file\n--> a.json\n",
            " |\n = help: copy its content to a file, or pass it as `/dev/stdin`"
        );
        let directory = tempfile::tempdir().expect("a temporary directory can be created");
        let pipe = directory.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("`mkfifo` can be started").success());
        for path in [Path::new("/dev/zero"), Path::new("/dev/null"), &pipe] {
            check(path, Err(special));
        }
        // Reading this file waits for messages of the kernel.
        check(Path::new("/proc/kmsg"), Err("error[file-empty]: the file is empty\n --> a.json:1:1\n  |\n1 |\n  | ^"));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_is_read_up_to_the_limit() {
        use std::io::Write;
        use std::os::fd::AsRawFd;

        let (reader, mut writer) = std::io::pipe().expect("a pipe can be created");
        writer.write_all(&[b' '; 17]).expect("the pipe is not full");
        // The writer is still open, so waiting for the end of the pipe would take for ever.
        check(
            Path::new(&format!("/proc/self/fd/{}", reader.as_raw_fd())),
            Err("error[file-too-large]: the file is longer than 16 bytes\n--> a.json"),
        );
    }

    #[cfg(unix)]
    #[test]
    fn an_unreadable_file_is_rejected() {
        use std::os::unix::fs::PermissionsExt;

        let directory = tempfile::tempdir().expect("a temporary directory can be created");
        let path = directory.path().join("secret");
        fs::write(&path, "[]").expect("the file can be written");
        let none = fs::Permissions::from_mode(0o000);
        fs::set_permissions(&path, none).expect("the file is ours");
        // The superuser may read every file, so there is nothing to test.
        if File::open(&path).is_err() {
            let expected = "error[file-unreadable]: no permission to read the file\n--> a.json";
            check(&path, Err(expected));
        }
    }
}
